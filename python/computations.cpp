// solve, decide, attend and gradients. Long work runs outside the interpreter's lock (python/watched.hpp).
#include <algorithm>

#include "attention/polynomial_gradient.hpp"
#include "cli/bindings.hpp"
#include "instances/errors.hpp"
#include "python/instances.hpp"
#include "python/watched.hpp"
#include "reductions/pipeline.hpp"
#include "verify/attention_balls.hpp"
#include "verify/attention_counts.hpp"
#include "verify/gap_max_ip.hpp"
#include "verify/orthogonal_tuples.hpp"
#include "verify/sat_oracle.hpp"

namespace gapwright::python {
namespace {

using namespace py::literals;

std::string answer_text(Answer answer) { return answer == Answer::yes ? "yes" : answer == Answer::no ? "no" : "undecided"; }

/// What solve found, from the attention input alone; the solver's answer beside it.
struct Solution {
  std::optional<bool> satisfiable;
  std::optional<Literals> assignment;
  Verdict verdict;
  AttentionTerms terms;
  std::optional<bool> oracle;
};

Solution solve(const std::shared_ptr<Formula>& formula, std::size_t order, bool oracle, double max_tuples, unsigned threads,
               std::optional<double> timeout) {
  const Cnf& cnf = formula->instance;
  if (order < 2 || order > 24) throw std::invalid_argument("order " + std::to_string(order) + ": the order is 2 to 24");
  const std::size_t group = (cnf.variables + order - 1) / order;
  if (group >= 48)
    throw LimitReached("the first set would have 2^" + std::to_string(group) +
                       " vectors; take a larger order or a smaller formula");
  return watched({threads, timeout}, [&](const RunControl& control) {
    const SatToAttention rule(cnf, order);
    const DirectEmbedding& e = rule.embedding();
    check_memory("deciding the formula", (rule.guarantee().target_bits / 64 / 8 + 4096) << (order + 1));
    check_tuples("the formula", e.main_tuples * e.query_rows, max_tuples);
    Solution s;
    const BitAttention attention = rule.target(0);
    s.terms = attention.terms;
    s.verdict = decide_by_counts(attention, CountMethod::verdict, control);
    if (s.verdict.answer != Answer::undecided) s.satisfiable = s.verdict.answer == Answer::yes;
    if (s.verdict.witness) {
      const Cnf::Witness assignment = rule.pull(0, *s.verdict.witness);
      if (!accepts(cnf, assignment))
        throw std::runtime_error("the assignment found does not satisfy the formula; please report this formula");
      s.assignment = literals_of(assignment);
    }
    if (oracle) {
      s.oracle = ask_cryptominisat(cnf, control).satisfiable;
      if (s.oracle && s.satisfiable && *s.oracle != *s.satisfiable)
        throw std::runtime_error("CryptoMiniSat contradicts the attention verdict; please report this formula");
    }
    return s;
  });
}

Verdict decide_attention(const std::shared_ptr<Attention>& a, const std::string& method, long precision, double max_tuples,
                         unsigned threads, std::optional<double> timeout) {
  if (method != "verdict" && method != "histogram" && method != "balls")
    throw std::invalid_argument("method='" + method + "': give 'verdict', 'histogram' or 'balls'");
  mpz_class tuples = a->q.rows;
  for (const Matrix& keys : a->keys) tuples *= keys.rows;
  check_tuples("the input", tuples, max_tuples);
  const Precision bits{std::min<long>(64, precision), precision};
  return watched({threads, timeout}, [&](const RunControl& control) {
    std::string reason;
    if (method != "balls") {
      const RecoveredBits recovered = recover_bits(*a);
      if (recovered.bits)
        return decide_by_counts(*recovered.bits, method == "verdict" ? CountMethod::verdict : CountMethod::histogram, control,
                                bits);
      reason = "the entries are not bits times B (" + recovered.reason + "): plain softmax in balls instead";
    }
    Verdict verdict = decide_by_balls(*a, control, bits);
    if (verdict.reason.empty()) verdict.reason = reason;
    return verdict;
  });
}

/// The answer of problems decided on integers, in the shape of a verdict.
struct IntegerVerdict {
  std::string verdict;
  std::optional<Tuple> witness;
};

struct Attended {
  Matrix out;
  std::optional<std::vector<double>> row_error;
  double error = 0;
  std::optional<std::size_t> degree, features;
};

struct Gradients {
  Matrix out;
  AttentionGradient gradient;
  std::optional<GradientError> error;
};

PolynomialOptions polynomial_options(double error, std::size_t most_features) {
  PolynomialOptions options;
  options.error = error;
  options.most_features = most_features;
  options.prove = cli::polynomial_prover();
  options.prove_remainder = cli::remainder_prover();
  return options;
}

Arithmetic arithmetic_of(const std::string& dtype) {
  if (dtype == "f64") return Arithmetic::f64;
  if (dtype == "f32") return Arithmetic::f32;
  throw std::invalid_argument("dtype='" + dtype + "': give 'f64' or 'f32'");
}

void check_method(const std::string& method) {
  if (method != "exact" && method != "polynomial")
    throw std::invalid_argument("method='" + method + "': give 'exact' or 'polynomial'");
}

Attended attend(const std::shared_ptr<Attention>& a, const std::string& method, const std::string& dtype, double error,
                std::size_t most_features, unsigned threads, std::optional<double> timeout) {
  check_method(method);
  const Arithmetic arithmetic = arithmetic_of(dtype);
  return watched({threads, timeout}, [&](const RunControl& control) {
    Attended answer;
    if (method == "exact") {
      ExactAttention exact = exact_attention(*a, arithmetic, control);
      answer.error = largest_error(exact);
      answer.row_error = std::move(exact.row_error);
      answer.out = std::move(exact.out);
    } else {
      PolynomialAttention polynomial = polynomial_attention(*a, polynomial_options(error, most_features), control);
      answer.error = polynomial.plan.error();
      answer.degree = polynomial.plan.degree;
      answer.features = polynomial.plan.features;
      answer.out = std::move(polynomial.out);
    }
    return answer;
  });
}

Gradients gradients(const std::shared_ptr<Attention>& a, const py::array& upstream, const std::string& method,
                    const std::string& dtype, double error, std::size_t most_features, unsigned threads,
                    std::optional<double> timeout) {
  check_method(method);
  const Arithmetic arithmetic = arithmetic_of(dtype);
  const Matrix g = matrix_of(upstream, "upstream");
  return watched({threads, timeout}, [&](const RunControl& control) {
    if (method == "exact") {
      ExactGradient exact = exact_gradient(*a, g, arithmetic, control);
      return Gradients{std::move(exact.forward.out), std::move(exact.gradient), {}};
    }
    PolynomialGradient polynomial = polynomial_gradient(*a, g, polynomial_options(error, most_features), control);
    return Gradients{std::move(polynomial.out), std::move(polynomial.gradient), polynomial.error};
  });
}

/// Arrays look into the result, which they keep alive.
py::array look(const Matrix& m, const py::object& owner) {
  return py::array_t<double>({static_cast<py::ssize_t>(m.rows), static_cast<py::ssize_t>(m.columns)}, m.entries.data(), owner);
}
py::tuple look(const std::vector<Matrix>& all, const py::object& owner) {
  py::tuple views(all.size());
  for (std::size_t u = 0; u < all.size(); ++u) views[u] = look(all[u], owner);
  return views;
}

void bind_answers(py::module_& module) {
  py::class_<Verdict>(module, "Verdict", "A certified answer about an attention input.")
      .def_property_readonly(
          "verdict", [](const Verdict& v) { return answer_text(v.answer); }, "'yes', 'no' or 'undecided'.")
      .def_readonly("witness", &Verdict::witness, "For yes: the row, then one key of each key matrix.")
      .def_readonly("row", &Verdict::row, "The deciding row: the first yes row, else the one of the largest upper bound.")
      .def_property_readonly(
          "enclosure", [](const Verdict& v) { return py::make_tuple(fraction_of(v.lo), fraction_of(v.hi)); },
          "(lo, hi) as Fractions: out[row, 0] lies in between, proved.")
      .def_property_readonly(
          "compared_with", [](const Verdict& v) { return fraction_of(v.between); }, "The middle of the gap, a Fraction.")
      .def_readonly("precision", &Verdict::precision, "Bits used for the deciding row.")
      .def_readonly("method", &Verdict::method)
      .def_readonly("reason", &Verdict::reason, "Why undecided, or why another method was taken; else ''.")
      .def("__repr__", [](const Verdict& v) {
        return "<gapwright.Verdict: " + answer_text(v.answer) + ", row " + std::to_string(v.row) + ">";
      });
  py::class_<IntegerVerdict>(module, "IntegerVerdict", "An answer decided on integers.")
      .def_readonly("verdict", &IntegerVerdict::verdict, "'yes', 'no', 'undecided' or 'outside-promise'.")
      .def_readonly("witness", &IntegerVerdict::witness, "For yes: one index per set; else None.")
      .def("__repr__", [](const IntegerVerdict& v) { return "<gapwright.IntegerVerdict: " + v.verdict + ">"; });
  py::class_<Solution>(module, "Solution", "What solve found out about a formula.")
      .def_readonly("satisfiable", &Solution::satisfiable, "True, False, or None when undecided.")
      .def_readonly("assignment", &Solution::assignment,
                    "Literals of a model, checked against the formula; None unless satisfiable.")
      .def_readonly("verdict", &Solution::verdict, "The Verdict of the attention input.")
      .def_readonly("oracle", &Solution::oracle, "CryptoMiniSat's answer; None when it was not asked.")
      .def_property_readonly(
          "entry_bound", [](const Solution& s) { return s.terms.entry_bound; }, "B of the attention input.")
      .def_property_readonly("yes_at_least", [](const Solution& s) { return fraction_of(s.terms.yes_at_least); })
      .def_property_readonly("no_at_most", [](const Solution& s) { return fraction_of(s.terms.no_at_most); })
      .def("__repr__", [](const Solution& s) {
        return std::string("<gapwright.Solution: ") +
               (!s.satisfiable   ? "undecided"
                : *s.satisfiable ? "satisfiable"
                                 : "unsatisfiable") +
               ">";
      });
  py::class_<Attended>(module, "Attended", "Outputs of attention with their error.")
      .def_property_readonly(
          "out", [](const py::object& self) { return look(self.cast<const Attended&>().out, self); }, "(n_0, d_v) float64.")
      .def_readonly("error", &Attended::error,
                    "|out - exact| of every entry is at most this: certified (polynomial), an a-posteriori bound (exact).")
      .def_property_readonly(
          "row_error",
          [](const Attended& a) -> py::object {
            if (!a.row_error) return py::none();
            return owning(*a.row_error, {static_cast<py::ssize_t>(a.row_error->size())});
          },
          "(n_0,) the bound of each row; None for the polynomial method.")
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
          [](const Gradients& g) -> py::object {
            if (!g.error) return py::none();
            return py::dict("q"_a = g.error->q, "keys"_a = g.error->keys, "values"_a = g.error->values);
          },
          "Certified bounds {'q', 'keys', 'values'} for the polynomial method, None for exact.");
}

}  // namespace

void bind_computations(py::module_& module) {
  bind_answers(module);
  module.def("solve", &solve, "formula"_a, py::kw_only(), "order"_a = 3, "oracle"_a = true, "max_tuples"_a = 1e18,
             "threads"_a = 0, "timeout"_a = py::none(),
             "Decides a formula through exact attention of order k (direct embedding), with a certified enclosure and a checked "
             "model.\n\n"
             "oracle: also ask CryptoMiniSat; a contradiction raises RuntimeError. threads: 0 is all cores. timeout: seconds.");
  module.def(
      "decide", &decide_attention, "instance"_a, py::kw_only(), "method"_a = "verdict", "precision"_a = 4096,
      "max_tuples"_a = 1e18, "threads"_a = 0, "timeout"_a = py::none(),
      "Decides an instance. Attention (thresholds needed): is some out[i, 0] at least yes_at_least? method: 'verdict' counts "
      "the\n"
      "decisive tuples, 'histogram' all, 'balls' is plain softmax in ball arithmetic. precision: bits at which to give up.\n"
      "OrthogonalVectors, GapMaxIp: exactly, on integers. Formula: CryptoMiniSat.");
  module.def(
      "decide",
      [](const std::shared_ptr<Vectors>& v, unsigned threads, std::optional<double> timeout) {
        const auto tuple =
            watched({threads, timeout}, [&](const RunControl& control) { return first_orthogonal_tuple(v->instance, control); });
        return IntegerVerdict{tuple ? "yes" : "no", tuple};
      },
      "instance"_a, py::kw_only(), "threads"_a = 0, "timeout"_a = py::none());
  module.def(
      "decide",
      [](const std::shared_ptr<Gap01>& g, unsigned threads, std::optional<double> timeout) {
        const GapVerdict v =
            watched({threads, timeout}, [&](const RunControl& control) { return decide_gap(g->instance, control); });
        return IntegerVerdict{v.side == GapSide::yes ? "yes" : v.side == GapSide::no ? "no" : "outside-promise", v.witness};
      },
      "instance"_a, py::kw_only(), "threads"_a = 0, "timeout"_a = py::none());
  module.def(
      "decide",
      [](const std::shared_ptr<Formula>& f, std::optional<double> timeout) {
        const SatAnswer a =
            watched({0, timeout}, [&](const RunControl& control) { return ask_cryptominisat(f->instance, control); });
        return IntegerVerdict{!a.satisfiable ? "undecided" : *a.satisfiable ? "yes" : "no", {}};
      },
      "instance"_a, py::kw_only(), "timeout"_a = py::none());
  module.def(
      "attend", &attend, "attention"_a, py::kw_only(), "method"_a = "exact", "dtype"_a = "f64", "error"_a = 1e-3,
      "most_features"_a = PolynomialOptions{}.most_features, "threads"_a = 0, "timeout"_a = py::none(),
      "Attention of any order. method 'exact': all tuples, in dtype 'f64' or 'f32', with an a-posteriori bound per row.\n"
      "'polynomial': near-linear in the rows for small entries, |out - exact| <= error certified; raises LimitReached when the\n"
      "entries are too large for most_features monomials.");
  module.def("gradients", &gradients, "attention"_a, "upstream"_a, py::kw_only(), "method"_a = "exact", "dtype"_a = "f64",
             "error"_a = 1e-3, "most_features"_a = PolynomialOptions{}.most_features, "threads"_a = 0, "timeout"_a = py::none(),
             "dLoss/dq, dLoss/dk_u, dLoss/dv_u for upstream = dLoss/dout, (n_0, d_v). Methods as in attend.");
}

}  // namespace gapwright::python
