// SPDX-License-Identifier: MIT
// attend and gradients: keywords become a request (atlas/attend.hpp), which is computed outside the interpreter's lock (python/watched.hpp).
#include "atlas/attend.hpp"

#include "python/instances.hpp"
#include "python/watched.hpp"
#include "python/word.hpp"

namespace gapwright::python {
namespace {

using namespace py::literals;

/// What attend computes where an upstream gradient is given.
struct Gradients {
  AttendResult result;
  const AttentionGradient& gradient() const { return *result.gradient; }
  const GradientError& error() const { return result.gradient_error; }
};

AttendRequest request_of(const std::string& method, const std::string& dtype, std::optional<double> error,
                         std::optional<std::size_t> most_features) {
  AttendRequest request;
  request.method = value_of<AttendMethod>("method", method);
  request.dtype = value_of<Arithmetic>("dtype", dtype);
  request.error = error;
  request.most_features = most_features;
  check_request(request);
  return request;
}

AttendResult attended(const Pace& pace, const AttentionInput& a, const AttendRequest& request) {
  return watched_work(pace, [&](const Work& work) { return gapwright::attend(a, request, work); });
}

AttendResult attend(const std::shared_ptr<AttentionInput>& a, const std::string& method, const std::string& dtype,
                    std::optional<double> error, std::optional<std::size_t> most_features, double max_tuples,
                    const py::object& memory_limit, unsigned threads, std::optional<double> timeout) {
  const AttendRequest request = request_of(method, dtype, error, most_features);
  return attended({threads, timeout, limits_of(memory_limit, max_tuples)}, *a, request);
}

Gradients gradients(const std::shared_ptr<AttentionInput>& a, const py::object& upstream, const std::string& method,
                    const std::string& dtype, std::optional<double> error, std::optional<std::size_t> most_features,
                    double max_tuples, const py::object& memory_limit, unsigned threads, std::optional<double> timeout) {
  AttendRequest request = request_of(method, dtype, error, most_features);
  request.upstream = matrix_of(upstream, "upstream");
  return {attended({threads, timeout, limits_of(memory_limit, max_tuples)}, *a, request)};
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
  py::class_<AttendResult>(module, "Attended", "Outputs of attention with their error.")
      .def_property_readonly(
          "out", [](const py::object& self) { return look(self.cast<const AttendResult&>().out, self); }, "(n_0, d_v) float64.")
      .def_property_readonly(
          "lo", [](const py::object& self) { return look(self.cast<const AttendResult&>().lo, self); },
          "Certified: (n_0, d_v) float64, at most the exact output; else None.")
      .def_property_readonly(
          "hi", [](const py::object& self) { return look(self.cast<const AttendResult&>().hi, self); },
          "Certified: (n_0, d_v) float64, at least the exact output; else None.")
      .def_readonly(
          "error", &AttendResult::error,
          "|out - exact| of every entry is at most this: certified (certified, polynomial), an a-posteriori bound (exact).")
      .def_property_readonly(
          "row_error",
          [](const AttendResult& a) -> py::object {
            if (!a.row_error) return py::none();
            return owning(*a.row_error, {static_cast<py::ssize_t>(a.row_error->size())});
          },
          "(n_0,) the bound of each row; None for the other methods.")
      .def_property_readonly(
          "degree", [](const AttendResult& a) { return a.plan ? std::optional(a.plan->degree) : std::nullopt; },
          "g of the polynomial, or None.")
      .def_property_readonly(
          "features", [](const AttendResult& a) { return a.plan ? std::optional(a.plan->features) : std::nullopt; },
          "r = C(d + g, g), or None.");
  py::class_<Gradients>(module, "Gradients", "Gradients of a loss with dLoss/dout = upstream.")
      .def_property_readonly(
          "out", [](const py::object& self) { return look(self.cast<const Gradients&>().result.out, self); }, "(n_0, d_v)")
      .def_property_readonly(
          "q", [](const py::object& self) { return look(self.cast<const Gradients&>().gradient().q, self); },
          "dLoss/dq, (n_0, d)")
      .def_property_readonly(
          "keys", [](const py::object& self) { return look(self.cast<const Gradients&>().gradient().keys, self); },
          "dLoss/dk_u, (n_u, d) each")
      .def_property_readonly(
          "values", [](const py::object& self) { return look(self.cast<const Gradients&>().gradient().values, self); },
          "dLoss/dv_u, (n_u, d_v) each")
      .def_property_readonly(
          "error",
          [](const Gradients& g) {
            return py::dict("out"_a = g.result.error, "q"_a = g.error().q, "keys"_a = g.error().largest_keys(),
                            "values"_a = g.error().largest_values());
          },
          "Proved bounds {'out', 'q', 'keys', 'values'} of every entry of the tensors, the largest over u.");
  module.def(
      "attend", &attend, "attention"_a, py::kw_only(), "method"_a = "exact", "dtype"_a = "f64", "error"_a = py::none(),
      "most_features"_a = py::none(), "max_tuples"_a = 1e18, "memory_limit"_a = py::none(), "threads"_a = 0,
      "timeout"_a = py::none(),
      "Attention of any order. method 'exact': all tuples, computed in dtype, with an a-posteriori bound per row.\n"
      "'polynomial': near-linear in the rows for small entries, |out - exact| <= error certified; raises LimitReached when the\n"
      "entries are too large for most_features monomials (400,000 unless given). 'certified': all tuples in ball arithmetic, "
      "slow; arrays lo and hi\n"
      "enclose the exact output.\n"
      "dtype: 'f64', or 'f32': out is then rounded to numbers of f32, whatever the method, and the rounding counts in the "
      "errors.\n"
      "error: largest absolute error of any entry, 1e-3 for polynomial and 2^-52 for certified unless given; a bound above it\n"
      "raises LimitReached.");
  module.def("gradients", &gradients, "attention"_a, "upstream"_a, py::kw_only(), "method"_a = "exact", "dtype"_a = "f64",
             "error"_a = py::none(), "most_features"_a = py::none(), "max_tuples"_a = 1e18, "memory_limit"_a = py::none(),
             "threads"_a = 0, "timeout"_a = py::none(),
             "dLoss/dq, dLoss/dk_u, dLoss/dv_u for upstream = dLoss/dout, (n_0, d_v). Methods as in attend, but for certified.");
}

}  // namespace gapwright::python
