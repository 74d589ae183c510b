// SPDX-License-Identifier: MIT
// solve and decide, with certificates. Long work runs outside the interpreter's lock (python/watched.hpp).
#include <algorithm>

#include "atlas/lifted_assignment.hpp"
#include "python/instances.hpp"
#include "python/refuted.hpp"
#include "python/watched.hpp"
#include "python/word.hpp"
#include "reductions/listable.hpp"
#include "reductions/pipeline.hpp"
#include "support/errors.hpp"
#include "support/version.hpp"
#include "support/write_file.hpp"
#include "verify/attention_balls.hpp"
#include "verify/attention_counts.hpp"
#include "verify/certified.hpp"
#include "verify/checkpoint.hpp"
#include "verify/decide_method.hpp"
#include "verify/decision_bytes.hpp"
#include "verify/orthogonal_tuples.hpp"
#include "verify/recover_bits.hpp"
#include "verify/sat_oracle.hpp"

namespace gapwright::python {
namespace {

using namespace py::literals;

std::string answer_text(Answer answer) { return answer == Answer::yes ? "yes" : answer == Answer::no ? "no" : "undecided"; }

/// Throws Refuted when the instance says that it has the other answer.
void check_expected(std::optional<bool> expected, const std::string& verdict) {
  if (expected && verdict == (*expected ? "no" : "yes"))
    throw Refuted("the verdict is " + verdict + ", the instance expects " + (*expected ? "yes" : "no"));
}

/// What solve found, from the attention input alone; the solver's answer beside it.
struct Solution {
  std::optional<bool> satisfiable;
  std::optional<Literals> assignment;
  Verdict verdict;
  AttentionTerms terms;
  std::optional<bool> oracle;
};

Solution solve(const std::shared_ptr<Formula>& formula, std::size_t order, bool oracle,
               const std::optional<std::filesystem::path>& certificate, double max_tuples, const py::object& memory_limit,
               unsigned threads, std::optional<double> timeout) {
  const Cnf& cnf = formula->instance;
  check_order(order);
  check_listable(cnf, order);
  const Limits limits = limits_of(memory_limit, max_tuples);
  return watched({threads, timeout, limits}, [&](const RunControl& control) {
    const SatToAttention rule(cnf, order);
    const DirectEmbedding& e = rule.embedding();
    check_memory(limits, "deciding the formula", decision_bytes(e));
    check_tuples(limits, "the formula", e.main_tuples * e.query_rows, e.vector_dimension);
    Solution s;
    const BitAttention attention = rule.target(0, control);
    s.terms = attention.terms;
    Recording recording;
    s.verdict = decide_by_counts(attention, CountMethod::verdict, control, {}, certificate ? &recording : nullptr);
    if (s.verdict.answer != Answer::undecided) s.satisfiable = s.verdict.answer == Answer::yes;
    std::optional<Cnf::Witness> assignment;
    if (s.verdict.witness) {
      assignment = rule.pull(0, *s.verdict.witness);
      if (!accepts(cnf, *assignment))
        throw std::runtime_error("the assignment found does not satisfy the formula; please report this formula");
      s.assignment = literals_of(*assignment);
    }
    if (certificate) {
      if (!s.satisfiable) throw LimitReached("undecided: there is nothing to certify; leave out certificate");
      const CertificateContext about{{text_hash(*formula)}, "solve -k " + std::to_string(order), s.verdict.method};
      write_file(*certificate, formula_certificate(about, attention, s.verdict, recording, assignment, control));
    }
    if (oracle) {
      s.oracle = ask_cryptominisat(cnf, control).satisfiable;
      if (s.oracle && s.satisfiable && *s.oracle != *s.satisfiable)
        throw std::runtime_error("CryptoMiniSat contradicts the attention verdict; please report this formula");
    }
    return s;
  });
}

/// What decide records on the way, and where its certificate goes.
struct CertifyOptions {
  std::optional<std::filesystem::path> certificate, checkpoint;
  std::shared_ptr<Formula> formula;

  bool recording() const { return certificate || checkpoint; }
};

CertifyOptions certify_options(const std::optional<std::filesystem::path>& certificate,
                               const std::optional<std::filesystem::path>& checkpoint, const std::shared_ptr<Formula>& formula) {
  if (formula && !certificate)
    throw std::invalid_argument("formula goes with certificate, whose assignment is one of the formula");
  return {certificate, checkpoint, formula};
}

/// Runs work(context, lift, recording), which gives a Certified answer, and writes its certificate.
template <class Work>
auto certified(const CertifyOptions& options, const std::vector<std::string>& files, const std::string& method, Work work) {
  if (files.empty())
    throw std::invalid_argument(
        "certificates and checkpoints are about a file: write the instance, read it back and decide that");
  const CertificateContext about{files, "decide" + (method.empty() ? "" : " --method " + method), ""};
  const std::string path = options.checkpoint ? options.checkpoint->string() : options.certificate->string() + ".checkpoint";
  std::string task = std::string(version()) + " python " + about.command;
  for (const std::string& hash : files) task += " " + hash;
  constexpr double kSeconds = 60;  // between checkpoints
  Checkpoint checkpoint(path, task, kSeconds);
  Recording recording;
  checkpoint.resume(recording);
  recording.kept = [&] { checkpoint.keep(recording); };
  const Lift lift = [&](const std::optional<Tuple>& witness) -> std::optional<LiftedAssignment> {
    if (!options.formula) return std::nullopt;
    return lifted_assignment(options.formula->instance, "formula", text_hash(*options.formula), witness);
  };
  const auto result = work(about, lift, recording);
  if (options.certificate && !result.certificate)
    throw LimitReached("undecided: there is nothing to certify; leave out certificate");
  if (options.certificate) write_file(*options.certificate, result.certificate());
  checkpoint.remove();
  return result.answer;
}

Verdict decide_attention(const std::shared_ptr<AttentionInput>& a, const std::string& method_word, long precision,
                         const CertifyOptions& certify_options, const Limits& limits, unsigned threads,
                         std::optional<double> timeout) {
  const auto method = value_of<DecideMethod>(
      "method", method_word, words_for<DecideMethod>({DecideMethod::verdict, DecideMethod::histogram, DecideMethod::balls}));
  if (method == DecideMethod::balls && certify_options.recording())
    throw std::invalid_argument("method='balls' has no certificate and no checkpoint; leave it out");
  if (precision < 2) throw std::invalid_argument("precision " + std::to_string(precision) + ": give 2 bits or more");
  check_tuples(limits, "the input", tuples_of(*a), a->q.columns);
  check_memory(limits, "the input",
               method == DecideMethod::balls ? ball_bytes(*a, precision, threads) : decision_bytes_by_counts(*a));
  const Precision bits{std::min<long>(64, precision), precision};
  const CountMethod counting = method == DecideMethod::verdict ? CountMethod::verdict : CountMethod::histogram;
  return watched({threads, timeout, limits}, [&](const RunControl& control) {
    if (certify_options.recording())
      return certified(certify_options, a->files, method == DecideMethod::verdict ? "" : method_word,
                       [&](const CertificateContext& about, const Lift& lift, Recording& recording) {
                         return certify(*a, counting, bits, about, lift, control, recording);
                       });
    std::string reason;
    if (method != DecideMethod::balls) {
      const RecoveredBits recovered = recover_bits(*a);
      if (recovered.bits) return decide_by_counts(*recovered.bits, counting, control, bits);
      reason = recovered.reason + ": plain softmax in balls instead";
    }
    Verdict verdict = decide_by_balls(*a, control, bits);
    if (verdict.reason.empty()) verdict.reason = reason;
    return verdict;
  });
}

/// The answer of problems decided on inner products alone, in the shape of a verdict.
struct IntegerVerdict {
  std::string verdict;
  std::optional<Tuple> witness;
  std::optional<std::size_t> row = {};
  std::optional<double> largest = {}, error = {};
};

IntegerVerdict shown(const GapVerdict& v) {
  return {v.side == GapSide::yes  ? "yes"
          : v.side == GapSide::no ? "no"
                                  : "outside-promise",
          v.witness, v.row, v.largest, v.error};
}

void check_sizes(const Limits& limits, const auto& sets, std::size_t columns, const mpz_class& bytes) {
  check_tuples(limits, "the instance", tuples_of(sets), columns);
  check_memory(limits, "the instance", bytes);
}
void check_work(const Vectors& v, const Limits& limits) {
  check_sizes(limits, v.instance.sets, v.instance.dimension, decision_bytes(v.instance.sets));
}
void check_work(const Gap01& g, const Limits& limits) {
  check_sizes(limits, g.instance.sets, g.instance.dimension, decision_bytes(g.instance));
}
void check_work(const RealGap& g, const Limits& limits) {
  check_sizes(limits, g.instance.sets, g.instance.weights.size(), decision_bytes(g.instance));
}
void check_work(const FactoredGap& g, const Limits& limits) {
  check_sizes(limits, *g.instance.sets, g.instance.coins, decision_bytes(g.instance));
}

IntegerVerdict decide_vectors(const std::shared_ptr<Vectors>& v, const CertifyOptions& options, const RunControl& control) {
  const auto tuple = options.recording()
                         ? certified(options, v->files, "",
                                     [&](const CertificateContext& about, const Lift& lift, Recording& recording) {
                                       return certify(v->instance, about, lift, control, recording);
                                     })
                         : first_orthogonal_tuple(v->instance, control);
  return {tuple ? "yes" : "no", tuple};
}

template <class Gap>
IntegerVerdict decide_form(const std::shared_ptr<Gap>& g, const CertifyOptions& options, const RunControl& control) {
  if (!options.recording()) {
    if constexpr (std::is_same_v<Gap, RealGap>)
      return shown(decide_gap(g->instance, g->rounding, control));
    else
      return shown(decide_gap(g->instance, control));
  }
  return shown(certified(options, g->files, "", [&](const CertificateContext& about, const Lift& lift, Recording& recording) {
    if constexpr (std::is_same_v<Gap, RealGap>)
      return certify(g->instance, g->rounding, about, lift, control, recording);
    else
      return certify(g->instance, about, lift, control, recording);
  }));
}

template <class Source>
void bind_decide(py::module_& module,
                 IntegerVerdict (*decide)(const std::shared_ptr<Source>&, const CertifyOptions&, const RunControl&)) {
  module.def(
      "decide",
      [decide](const std::shared_ptr<Source>& source, const std::optional<std::filesystem::path>& certificate,
               const std::optional<std::filesystem::path>& checkpoint, const std::shared_ptr<Formula>& formula, double max_tuples,
               const py::object& memory_limit, unsigned threads, std::optional<double> timeout) {
        const CertifyOptions options = certify_options(certificate, checkpoint, formula);
        const Limits limits = limits_of(memory_limit, max_tuples);
        check_work(*source, limits);
        const IntegerVerdict found =
            watched({threads, timeout, limits}, [&](const RunControl& control) { return decide(source, options, control); });
        check_expected(source->expected, found.verdict);
        return found;
      },
      "instance"_a, py::kw_only(), "certificate"_a = py::none(), "checkpoint"_a = py::none(), "formula"_a = py::none(),
      "max_tuples"_a = 1e18, "memory_limit"_a = py::none(), "threads"_a = 0, "timeout"_a = py::none());
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
  py::class_<IntegerVerdict>(module, "IntegerVerdict", "An answer decided on inner products.")
      .def_readonly("verdict", &IntegerVerdict::verdict, "'yes', 'no', 'undecided' or 'outside-promise'.")
      .def_readonly("witness", &IntegerVerdict::witness, "For yes: one index per set; else None.")
      .def_readonly("row", &IntegerVerdict::row, "Gap-k-MaxIP: the first yes row, else the first of the largest inner product.")
      .def_readonly("largest", &IntegerVerdict::largest, "Gap-k-MaxIP: the largest inner product of that row.")
      .def_readonly("error", &IntegerVerdict::error, "`largest` is this near to the true one: 0 but for real vectors.")
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
}

}  // namespace

void bind_decisions(py::module_& module) {
  bind_answers(module);
  module.def(
      "solve", &solve, "formula"_a, py::kw_only(), "order"_a = 3, "oracle"_a = true, "certificate"_a = py::none(),
      "max_tuples"_a = 1e18, "memory_limit"_a = py::none(), "threads"_a = 0, "timeout"_a = py::none(),
      "Decides a formula through exact attention of order k (direct embedding), with a certified enclosure and a checked "
      "model.\n\n"
      "oracle: also ask CryptoMiniSat; a contradiction raises RuntimeError. certificate: a file for gapwright-check, about\n"
      "the file that the formula was read from, or else about what write() writes. threads: 0 is all cores. timeout: seconds.");
  module.def(
      "decide",
      [](const std::shared_ptr<AttentionInput>& a, const std::string& method, long precision,
         const std::optional<std::filesystem::path>& certificate, const std::optional<std::filesystem::path>& checkpoint,
         const std::shared_ptr<Formula>& formula, double max_tuples, const py::object& memory_limit, unsigned threads,
         std::optional<double> timeout) {
        const Verdict found = decide_attention(a, method, precision, certify_options(certificate, checkpoint, formula),
                                               limits_of(memory_limit, max_tuples), threads, timeout);
        check_expected(a->terms.expected, answer_text(found.answer));
        return found;
      },
      "instance"_a, py::kw_only(), "method"_a = "verdict", "precision"_a = 4096, "certificate"_a = py::none(),
      "checkpoint"_a = py::none(), "formula"_a = py::none(), "max_tuples"_a = 1e18, "memory_limit"_a = py::none(),
      "threads"_a = 0, "timeout"_a = py::none(),
      "Decides an instance. Attention (thresholds needed): is some out[i, 0] at least yes_at_least? method: 'verdict' counts "
      "the\n"
      "decisive tuples, 'histogram' all, 'balls' is plain softmax in ball arithmetic. precision: bits at which to give up.\n"
      "OrthogonalVectors, GapMaxIp, FactoredGapMaxIp: exactly, on integers; RealGapMaxIp in float64 with an error bound.\n"
      "Formula: CryptoMiniSat.\n\n"
      "Of an instance that was read from a file: certificate is a file to write, from which gapwright-check computes the answer\n"
      "again; formula the one it was reduced from, whose assignment a yes then holds; checkpoint a file to go on from when a "
      "run\n"
      "was stopped (certificate + '.checkpoint' unless given), written every minute, deleted at the end.");
  bind_decide<Vectors>(module, &decide_vectors);
  bind_decide<Gap01>(module, &decide_form<Gap01>);
  bind_decide<RealGap>(module, &decide_form<RealGap>);
  bind_decide<FactoredGap>(module, &decide_form<FactoredGap>);
  module.def(
      "decide",
      [](const std::shared_ptr<Formula>& f, const py::object& memory_limit, std::optional<double> timeout) {
        const Limits limits = limits_of(memory_limit);
        constexpr std::size_t kSolverBytesPerVariable = 300;
        check_memory(limits, "the formula, given to CryptoMiniSat,", mpz_class(f->instance.variables) * kSolverBytesPerVariable);
        const SatAnswer a =
            watched({0, timeout, limits}, [&](const RunControl& control) { return ask_cryptominisat(f->instance, control); });
        const IntegerVerdict found{!a.satisfiable ? "undecided" : *a.satisfiable ? "yes" : "no", {}};
        check_expected(f->expected, found.verdict);
        return found;
      },
      "instance"_a, py::kw_only(), "memory_limit"_a = py::none(), "timeout"_a = py::none());
}

}  // namespace gapwright::python
