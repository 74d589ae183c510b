// SPDX-License-Identifier: MIT
// decide, with certificates. Long work runs outside the interpreter's lock (python/watched.hpp).
#include "atlas/decide.hpp"

#include <algorithm>
#include <iterator>

#include "python/any_instance.hpp"
#include "python/instances.hpp"
#include "python/refuted.hpp"
#include "python/watched.hpp"
#include "python/word.hpp"

namespace gapwright::python {
namespace {

using namespace py::literals;

std::string answer_text(Answer answer) { return std::string(word_of(answer)); }

/// The answer of problems decided on inner products alone, in the shape of a verdict.
struct IntegerVerdict {
  std::string verdict;
  std::optional<WitnessNumbers> witness;
  std::optional<std::size_t> row = {};
  std::optional<double> largest = {}, error = {};
};

IntegerVerdict shown(const DecideResult& result) {
  const auto* gap = std::get_if<GapVerdict>(&result.detail);
  if (!gap) return {result.verdict(), result.witness};
  return {result.verdict(), result.witness, gap->row, gap->largest, gap->error};
}

RecordRequest record_request(const std::optional<FilePath>& certificate, const std::optional<FilePath>& checkpoint,
                             const std::shared_ptr<Formula>& formula, const std::vector<ReadFile>& files) {
  RecordRequest record{certificate ? certificate->string() : "", checkpoint ? checkpoint->string() : ""};
  record.files = hashes_of(files);
  record.reads = paths_of(files);
  if (formula) std::ranges::copy(paths_of(formula->files), std::back_inserter(record.reads));
  if (formula) {
    const auto& sources = formula->instance.made_by.sources;
    record.formula_name = sources.empty() ? "-" : sources[0].name;
    record.formula = [formula] {
      return SourceFormula{std::shared_ptr<const Cnf>(formula, &formula->instance), "formula", text_hash(*formula)};
    };
  }
  return record;
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
      [](const std::shared_ptr<Source>& source, const std::optional<FilePath>& certificate,
         const std::optional<FilePath>& checkpoint, const std::shared_ptr<Formula>& formula, double max_tuples,
         const py::object& memory_limit, unsigned threads, std::optional<double> timeout) {
        DecideRequest request;
        request.record = record_request(certificate, checkpoint, formula, source->files);
        return shown(decided({threads, timeout, limits_of(memory_limit, max_tuples)},
                             [&](const Work& work) { return decide_source(*source, request, work); }));
      },
      "instance"_a, py::kw_only(), "certificate"_a = py::none(), "checkpoint"_a = py::none(), "formula"_a = py::none(),
      "max_tuples"_a = 1e18, "memory_limit"_a = py::none(), "threads"_a = 0, "timeout"_a = py::none());
}

/// The answer through gradients alone, in the shape of a verdict.
struct GradientVerdict {
  std::string verdict;
  GradientDecision found;
};

py::object shown_attention(const DecideResult& result) {
  if (const auto* found = std::get_if<GradientDecision>(&result.detail))
    return py::cast(GradientVerdict{result.verdict(), *found});
  return py::cast(std::get<Verdict>(result.detail));
}

py::object decide_attention(const std::shared_ptr<AttentionInput>& a, const std::string& method, std::optional<long> precision,
                            const std::optional<FilePath>& certificate, const std::optional<FilePath>& checkpoint,
                            const std::shared_ptr<Formula>& formula, double max_tuples, const py::object& memory_limit,
                            unsigned threads, std::optional<double> timeout) {
  DecideRequest request;
  request.method = value_of<DecideMethod>("method", method);
  request.precision = precision;
  request.record = record_request(certificate, checkpoint, formula, a->files);
  return shown_attention(decided({threads, timeout, limits_of(memory_limit, max_tuples)},
                                 [&](const Work& work) { return gapwright::decide(*a, request, work); }));
}

void bind_answers(py::module_& module) {
  py::class_<Verdict>(module, "Verdict", "A certified answer about an attention input.")
      .def_property_readonly(
          "verdict", [](const Verdict& v) { return answer_text(v.answer); }, "'yes', 'no' or 'undecided'.")
      .def_readonly("witness", &Verdict::witness, "For yes: the row, then one key of each key matrix.")
      .def_readonly("row", &Verdict::row,
                    "The deciding row: of a yes the first with a witness, else the first high one; of a no the one of the "
                    "largest upper bound.")
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
      .def_readonly("witness", &IntegerVerdict::witness, "For yes: one index per set, or the literals of a model; else None.")
      .def_readonly("row", &IntegerVerdict::row, "Gap-k-MaxIP: the first yes row, else the first of the largest inner product.")
      .def_readonly("largest", &IntegerVerdict::largest, "Gap-k-MaxIP: the largest inner product of that row.")
      .def_readonly("error", &IntegerVerdict::error, "`largest` is this near to the true one: 0 but for real vectors.")
      .def("__repr__", [](const IntegerVerdict& v) { return "<gapwright.IntegerVerdict: " + v.verdict + ">"; });
  py::class_<GradientVerdict>(module, "GradientVerdict",
                              "An answer about an attention input through gradients alone, in float64.")
      .def_readonly("verdict", &GradientVerdict::verdict, "'yes', 'no' or 'undecided'.")
      .def_property_readonly(
          "loss", [](const GradientVerdict& v) { return v.found.loss; }, "Of column 0, found by integrating gradients.")
      .def_property_readonly(
          "error", [](const GradientVerdict& v) { return v.found.error; }, "`loss` is this near to the true one.")
      .def_property_readonly(
          "yes_at_least", [](const GradientVerdict& v) { return v.found.yes_at_least; }, "A yes has at least this loss.")
      .def_property_readonly(
          "no_at_most", [](const GradientVerdict& v) { return v.found.no_at_most; }, "A no has at most this loss.")
      .def_property_readonly(
          "oracle_calls", [](const GradientVerdict& v) { return v.found.calls; }, "Gradients that were computed.")
      .def("__repr__", [](const GradientVerdict& v) { return "<gapwright.GradientVerdict: " + v.verdict + ">"; });
}

}  // namespace

void bind_decisions(py::module_& module) {
  bind_answers(module);
  module.def(
      "decide", &decide_attention, "instance"_a, py::kw_only(), "method"_a = "verdict", "precision"_a = py::none(),
      "certificate"_a = py::none(), "checkpoint"_a = py::none(), "formula"_a = py::none(), "max_tuples"_a = 1e18,
      "memory_limit"_a = py::none(), "threads"_a = 0, "timeout"_a = py::none(),
      "Decides an instance. Attention (thresholds needed): is some out[i, 0] at least yes_at_least? method: 'verdict' counts "
      "the\n"
      "decisive tuples, 'histogram' all, 'balls' is plain softmax in ball arithmetic; 'gradient' looks at gradients alone, in\n"
      "float64, and gives a GradientVerdict. precision: bits at which to give up, 4096 unless given; not of 'gradient'.\n"
      "OrthogonalVectors, GapMaxIp, FactoredGapMaxIp: exactly, on integers; RealGapMaxIp in float64 with an error bound.\n"
      "Formula: CryptoMiniSat. Instance: as its problem says.\n\n"
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
        return shown(decided({0, timeout, limits_of(memory_limit)},
                             [&](const Work& work) { return gapwright::decide(f->instance, f->expected, {}, work); }));
      },
      "instance"_a, py::kw_only(), "memory_limit"_a = py::none(), "timeout"_a = py::none());
  module.def(
      "decide",
      [](const std::shared_ptr<RowInstance>& row, double max_tuples, const py::object& memory_limit,
         std::optional<double> timeout) { return shown(decided(*row, max_tuples, memory_limit, timeout)); },
      "instance"_a, py::kw_only(), "max_tuples"_a = 1e18, "memory_limit"_a = py::none(), "timeout"_a = py::none());
}

}  // namespace gapwright::python
