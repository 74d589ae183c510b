// SPDX-License-Identifier: MIT
// attend and gradients. Long work runs outside the interpreter's lock (python/watched.hpp).
#include <cmath>
#include <limits>

#include "atlas/bindings.hpp"
#include "attention/method.hpp"
#include "attention/polynomial_gradient.hpp"
#include "python/instances.hpp"
#include "python/watched.hpp"
#include "python/word.hpp"
#include "support/errors.hpp"
#include "verify/attention_balls.hpp"
#include "verify/decision_bytes.hpp"

namespace gapwright::python {
namespace {

using namespace py::literals;

struct Attended {
  Matrix out;
  std::optional<Matrix> lo, hi;
  std::optional<std::vector<double>> row_error;
  double error = 0;
  std::optional<std::size_t> degree, features;
};

struct Gradients {
  Matrix out;
  AttentionGradient gradient;
  GradientError error;
};

PolynomialOptions polynomial_options(std::optional<double> error, std::optional<std::size_t> most_features) {
  PolynomialOptions options;
  options.error = error.value_or(1e-3);
  if (most_features) options.most_features = *most_features;
  options.prove = polynomial_prover();
  options.prove_remainder = remainder_prover();
  return options;
}

void check_features(AttendMethod method, std::optional<std::size_t> most_features) {
  if (most_features && method != AttendMethod::polynomial)
    throw std::invalid_argument("most_features goes with method='polynomial'");
}

void check_error(std::optional<double> error) {
  if (error && !(*error > 0 && std::isfinite(*error))) throw std::invalid_argument("error is a number above 0");
}

Attended attend(const std::shared_ptr<AttentionInput>& a, const std::string& method_word, const std::string& dtype,
                std::optional<double> error, std::optional<std::size_t> most_features, double max_tuples,
                const py::object& memory_limit, unsigned threads, std::optional<double> timeout) {
  const auto method = value_of<AttendMethod>("method", method_word);
  const Arithmetic arithmetic = value_of<Arithmetic>("dtype", dtype);
  if (arithmetic == Arithmetic::f32 && method != AttendMethod::exact)
    throw std::invalid_argument("dtype='f32' goes with method='exact'");
  check_error(error);
  check_features(method, most_features);
  constexpr long kBallBits = 4096;  // the highest precision of certified outputs
  const Limits limits = limits_of(memory_limit, max_tuples);
  if (method != AttendMethod::polynomial) check_tuples(limits, "the input", tuples_of(*a), a->q.columns);
  check_memory(limits, "the input",
               method == AttendMethod::certified ? ball_bytes(*a, kBallBits, threads) : exact_bytes(*a, false));
  Attended answer = watched({threads, timeout, limits}, [&](const RunControl& control) {
    Attended found;
    if (method == AttendMethod::exact) {
      ExactAttention exact = exact_attention(*a, arithmetic, control);
      found.error = largest_error(exact);
      found.row_error = std::move(exact.row_error);
      found.out = std::move(exact.out);
    } else if (method == AttendMethod::certified) {
      CertifiedAttention certified = certified_attention(*a, error.value_or(std::numeric_limits<double>::epsilon()), control);
      found.error = certified.error;
      found.out = std::move(certified.out);
      found.lo = std::move(certified.lo);
      found.hi = std::move(certified.hi);
    } else {
      PolynomialAttention polynomial = polynomial_attention(*a, polynomial_options(error, most_features), control);
      found.error = polynomial.plan.error();
      found.degree = polynomial.plan.degree;
      found.features = polynomial.plan.features;
      found.out = std::move(polynomial.out);
    }
    return found;
  });
  if (error && answer.error > *error)
    throw LimitReached("the error bound is " + std::string(py::str(py::float_(answer.error))) +
                       ", more than the error asked for; use dtype='f64', or method='certified'");
  return answer;
}

Gradients gradients(const std::shared_ptr<AttentionInput>& a, const py::object& upstream, const std::string& method_word,
                    const std::string& dtype, std::optional<double> error, std::optional<std::size_t> most_features,
                    double max_tuples, const py::object& memory_limit, unsigned threads, std::optional<double> timeout) {
  const auto method =
      value_of<AttendMethod>("method", method_word, words_for<AttendMethod>({AttendMethod::exact, AttendMethod::polynomial}));
  check_error(error);
  check_features(method, most_features);
  if (error && method == AttendMethod::exact)
    throw std::invalid_argument("error goes with method='polynomial'; exact gradients come without a bound");
  const Arithmetic arithmetic = value_of<Arithmetic>("dtype", dtype);
  if (arithmetic == Arithmetic::f32 && method != AttendMethod::exact)
    throw std::invalid_argument("dtype='f32' goes with method='exact'");
  const Matrix g = matrix_of(upstream, "upstream");
  const Limits limits = limits_of(memory_limit, max_tuples);
  if (method != AttendMethod::polynomial) check_tuples(limits, "the input", tuples_of(*a), a->q.columns);
  check_memory(limits, "the input", exact_bytes(*a, true));
  return watched({threads, timeout, limits}, [&](const RunControl& control) {
    if (method == AttendMethod::exact) {
      ExactGradient exact = exact_gradient(*a, g, arithmetic, control);
      return Gradients{std::move(exact.forward.out), std::move(exact.gradient), std::move(exact.error)};
    }
    PolynomialGradient polynomial = polynomial_gradient(*a, g, polynomial_options(error, most_features), control);
    return Gradients{std::move(polynomial.out), std::move(polynomial.gradient), polynomial.error};
  });
}

/// Arrays look into the result, which they keep alive.
py::array look(const Matrix& m, const py::object& owner) {
  return py::array_t<double>({static_cast<py::ssize_t>(m.rows), static_cast<py::ssize_t>(m.columns)}, m.entries.data(), owner);
}
py::object look(const std::optional<Matrix>& m, const py::object& owner) { return m ? look(*m, owner) : py::object(py::none()); }
py::tuple look(const std::vector<Matrix>& all, const py::object& owner) {
  return tuple_of(all, [&](const Matrix& m) { return look(m, owner); });
}

}  // namespace

void bind_attention(py::module_& module) {
  py::class_<Attended>(module, "Attended", "Outputs of attention with their error.")
      .def_property_readonly(
          "out", [](const py::object& self) { return look(self.cast<const Attended&>().out, self); }, "(n_0, d_v) float64.")
      .def_property_readonly(
          "lo", [](const py::object& self) { return look(self.cast<const Attended&>().lo, self); },
          "Certified: (n_0, d_v) float64, at most the exact output; else None.")
      .def_property_readonly(
          "hi", [](const py::object& self) { return look(self.cast<const Attended&>().hi, self); },
          "Certified: (n_0, d_v) float64, at least the exact output; else None.")
      .def_readonly(
          "error", &Attended::error,
          "|out - exact| of every entry is at most this: certified (certified, polynomial), an a-posteriori bound (exact).")
      .def_property_readonly(
          "row_error",
          [](const Attended& a) -> py::object {
            if (!a.row_error) return py::none();
            return owning(*a.row_error, {static_cast<py::ssize_t>(a.row_error->size())});
          },
          "(n_0,) the bound of each row; None for the other methods.")
      .def_readonly("degree", &Attended::degree, "g of the polynomial, or None.")
      .def_readonly("features", &Attended::features, "r = C(d + g, g), or None.");
  py::class_<Gradients>(module, "Gradients", "Gradients of a loss with dLoss/dout = upstream.")
      .def_property_readonly(
          "out", [](const py::object& self) { return look(self.cast<const Gradients&>().out, self); }, "(n_0, d_v)")
      .def_property_readonly(
          "q", [](const py::object& self) { return look(self.cast<const Gradients&>().gradient.q, self); }, "dLoss/dq, (n_0, d)")
      .def_property_readonly(
          "keys", [](const py::object& self) { return look(self.cast<const Gradients&>().gradient.keys, self); },
          "dLoss/dk_u, (n_u, d) each")
      .def_property_readonly(
          "values", [](const py::object& self) { return look(self.cast<const Gradients&>().gradient.values, self); },
          "dLoss/dv_u, (n_u, d_v) each")
      .def_property_readonly(
          "error",
          [](const Gradients& g) {
            return py::dict("q"_a = g.error.q, "keys"_a = g.error.largest_keys(), "values"_a = g.error.largest_values());
          },
          "Proved bounds {'q', 'keys', 'values'} of every entry of the tensors, the largest over u.");
  module.def(
      "attend", &attend, "attention"_a, py::kw_only(), "method"_a = "exact", "dtype"_a = "f64", "error"_a = py::none(),
      "most_features"_a = py::none(), "max_tuples"_a = 1e18, "memory_limit"_a = py::none(), "threads"_a = 0,
      "timeout"_a = py::none(),
      "Attention of any order. method 'exact': all tuples, in dtype 'f64' or 'f32', with an a-posteriori bound per row.\n"
      "'polynomial': near-linear in the rows for small entries, |out - exact| <= error certified; raises LimitReached when the\n"
      "entries are too large for most_features monomials (400,000 unless given). 'certified': all tuples in ball arithmetic, "
      "slow; arrays lo and hi\n"
      "enclose the exact output.\n"
      "error: largest absolute error of any entry, 1e-3 for polynomial and 2^-52 for certified unless given; a bound above it\n"
      "raises LimitReached.");
  module.def("gradients", &gradients, "attention"_a, "upstream"_a, py::kw_only(), "method"_a = "exact", "dtype"_a = "f64",
             "error"_a = py::none(), "most_features"_a = py::none(), "max_tuples"_a = 1e18, "memory_limit"_a = py::none(),
             "threads"_a = 0, "timeout"_a = py::none(),
             "dLoss/dq, dLoss/dk_u, dLoss/dv_u for upstream = dLoss/dout, (n_0, d_v). Methods as in attend, but for certified.");
}

}  // namespace gapwright::python
