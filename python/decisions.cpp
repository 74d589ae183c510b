// SPDX-License-Identifier: MIT
// decide, with certificates. Long work runs outside the interpreter's lock (python/watched.hpp).
#include "atlas/decide.hpp"
#include "atlas/problems/sets.hpp"
#include "python/instances.hpp"
#include "python/refuted.hpp"
#include "python/watched.hpp"
#include "python/word.hpp"
#include "support/errors.hpp"

namespace gapwright::python {
namespace {

using namespace py::literals;

std::string answer_text(Answer answer) { return std::string(word_of(answer)); }

/// The answer of problems decided on inner products alone, in the shape of a verdict.
struct IntegerVerdict {
  std::string verdict;
  std::optional<Tuple> witness;
  std::optional<std::size_t> row = {};
  std::optional<double> largest = {}, error = {};
};

IntegerVerdict shown(const DecideResult& result) {
  IntegerVerdict shown{result.verdict(), {}};
  if (const auto* gap = std::get_if<GapVerdict>(&result.detail))
    return {result.verdict(), gap->witness, gap->row, gap->largest, gap->error};
  if (result.witness) shown.witness = gapwright::tuple_of(*result.witness);
  return shown;
}

RecordRequest record_request(const std::optional<std::filesystem::path>& certificate,
                             const std::optional<std::filesystem::path>& checkpoint, const std::shared_ptr<Formula>& formula,
                             const std::vector<std::string>& files) {
  RecordRequest record{certificate ? certificate->string() : "", checkpoint ? checkpoint->string() : ""};
  record.files = files;
  record.command = "decide";
  if (formula)
    record.formula = [formula] {
      return SourceFormula{std::shared_ptr<const Cnf>(formula, &formula->instance), "formula", text_hash(*formula)};
    };
  return record;
}

/// How long a decision may take, and what it may hold.
DecideResult decided(const Pace& pace, const DecideRequest& request, const std::function<DecideResult(const Work&)>& decide) {
  const DecideResult result = watched(pace, [&](const RunControl& control) { return decide(work_of(pace.limits, control)); });
  if (!request.record.certificate.empty() && result.answer == Answer::undecided)
    throw LimitReached("undecided: there is nothing to certify; leave out certificate");
  check_expected(result);
  return result;
}

DecideResult decide_source(const Vectors& v, const DecideRequest& request, const Work& work) {
  return gapwright::decide(v.instance, v.expected, request, work);
}
DecideResult decide_source(const Gap01& g, const DecideRequest& request, const Work& work) {
  return gapwright::decide(g.instance, g.expected, request, work);
}
DecideResult decide_source(const RealGap& g, const DecideRequest& request, const Work& work) {
  return gapwright::decide(g.instance, g.rounding, g.expected, request, work);
}
DecideResult decide_source(const FactoredGap& g, const DecideRequest& request, const Work& work) {
  return gapwright::decide(g.instance, g.expected, request, work);
}

template <class Source>
void bind_decide(py::module_& module) {
  module.def(
      "decide",
      [](const std::shared_ptr<Source>& source, const std::optional<std::filesystem::path>& certificate,
         const std::optional<std::filesystem::path>& checkpoint, const std::shared_ptr<Formula>& formula, double max_tuples,
         const py::object& memory_limit, unsigned threads, std::optional<double> timeout) {
        DecideRequest request;
        request.record = record_request(certificate, checkpoint, formula, source->files);
        return shown(decided({threads, timeout, limits_of(memory_limit, max_tuples)}, request,
                             [&](const Work& work) { return decide_source(*source, request, work); }));
      },
      "instance"_a, py::kw_only(), "certificate"_a = py::none(), "checkpoint"_a = py::none(), "formula"_a = py::none(),
      "max_tuples"_a = 1e18, "memory_limit"_a = py::none(), "threads"_a = 0, "timeout"_a = py::none());
}

Verdict decide_attention(const std::shared_ptr<AttentionInput>& a, const std::string& method, long precision,
                         const std::optional<std::filesystem::path>& certificate,
                         const std::optional<std::filesystem::path>& checkpoint, const std::shared_ptr<Formula>& formula,
                         double max_tuples, const py::object& memory_limit, unsigned threads, std::optional<double> timeout) {
  DecideRequest request;
  request.method = value_of<DecideMethod>(
      "method", method, words_for<DecideMethod>({DecideMethod::verdict, DecideMethod::histogram, DecideMethod::balls}));
  request.precision = precision;
  request.record = record_request(certificate, checkpoint, formula, a->files);
  if (request.method != DecideMethod::verdict) request.record.command += " --method " + method;
  const DecideResult result = decided({threads, timeout, limits_of(memory_limit, max_tuples)}, request,
                                      [&](const Work& work) { return gapwright::decide(*a, request, work); });
  return std::get<Verdict>(result.detail);
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
}

}  // namespace

void bind_decisions(py::module_& module) {
  bind_answers(module);
  module.def(
      "decide", &decide_attention, "instance"_a, py::kw_only(), "method"_a = "verdict", "precision"_a = 4096,
      "certificate"_a = py::none(), "checkpoint"_a = py::none(), "formula"_a = py::none(), "max_tuples"_a = 1e18,
      "memory_limit"_a = py::none(), "threads"_a = 0, "timeout"_a = py::none(),
      "Decides an instance. Attention (thresholds needed): is some out[i, 0] at least yes_at_least? method: 'verdict' counts "
      "the\n"
      "decisive tuples, 'histogram' all, 'balls' is plain softmax in ball arithmetic. precision: bits at which to give up.\n"
      "OrthogonalVectors, GapMaxIp, FactoredGapMaxIp: exactly, on integers; RealGapMaxIp in float64 with an error bound.\n"
      "Formula: CryptoMiniSat.\n\n"
      "Of an instance that was read from a file: certificate is a file to write, from which gapwright-check computes the answer\n"
      "again; formula the one it was reduced from, whose assignment a yes then holds; checkpoint a file to go on from when a "
      "run\n"
      "was stopped (certificate + '.checkpoint' unless given), written every minute, deleted at the end.");
  bind_decide<Vectors>(module);
  bind_decide<Gap01>(module);
  bind_decide<RealGap>(module);
  bind_decide<FactoredGap>(module);
  module.def(
      "decide",
      [](const std::shared_ptr<Formula>& f, const py::object& memory_limit, std::optional<double> timeout) {
        return IntegerVerdict{decided({0, timeout, limits_of(memory_limit)}, {},
                                      [&](const Work& work) { return gapwright::decide(f->instance, f->expected, {}, work); })
                                  .verdict(),
                              {}};
      },
      "instance"_a, py::kw_only(), "memory_limit"_a = py::none(), "timeout"_a = py::none());
}

}  // namespace gapwright::python
