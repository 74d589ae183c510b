// SPDX-License-Identifier: MIT
// reduce and what it returns, for Python.
#include "atlas/problems/sets.hpp"
#include "atlas/witness_numbers.hpp"
#include "instances/files/narrow.hpp"
#include "python/code_words.hpp"
#include "python/reduce.hpp"
#include "python/watched.hpp"
#include "python/word.hpp"
#include "reductions/protocol_choice.hpp"

namespace gapwright::python {
namespace {

using namespace py::literals;

std::size_t order_of(const Formula&, std::optional<std::size_t> asked, const Problem& target) {
  if (asked) check_order(*asked);
  return order_between({}, asked, target);
}
std::size_t checked_order(std::size_t order, std::optional<std::size_t> asked) {
  if (asked && *asked != order)
    throw std::invalid_argument("order=" + std::to_string(*asked) + ": the source has order " + std::to_string(order));
  return order;
}
std::size_t order_of(const RowInstance& source, std::optional<std::size_t> asked, const Problem&) {
  return checked_order(source.instance.problem().sizes(source.instance).order, asked);
}
template <class Source>
std::size_t order_of(const Source& source, std::optional<std::size_t> asked, const Problem&) {
  std::size_t order = 0;
  if constexpr (std::is_same_v<Source, FactoredGap>)
    order = source.instance.sets->size();
  else
    order = source.instance.sets.size();
  return checked_order(order, asked);
}

const Problem& problem_of_source(const RowInstance& row) { return row.instance.problem(); }
const Problem& problem_of_source(const Formula&) { return problem_row(word_of(FileKind::cnf)); }
const Problem& problem_of_source(const Vectors&) { return problem_row(word_of(FileKind::orthogonal_vectors)); }
template <class Gap>
const Problem& problem_of_source(const Gap&) {
  return problem_row(word_of(FileKind::gap_max_ip));
}

/// The answer of a formula; other instances hold theirs.
template <class Source>
std::optional<bool> known_answer(const Source&) {
  return std::nullopt;
}
std::optional<bool> known_answer(const Formula& formula) { return formula.expected; }

/// Where a formula's planted model went.
template <class Source>
void lead_planted(const Source&, Reduction&) {}
void lead_planted(const Formula& formula, Reduction& made) {
  const auto* vectors = std::get_if<std::shared_ptr<Vectors>>(&made.target);
  if (vectors && formula.planted) (*vectors)->planted = gapwright::tuple_of(made.push(literals_of(*formula.planted)));
}

template <class Source>
void bind_reduce(py::module_& module, const char* doc) {
  module.def(
      "reduce",
      [](const std::shared_ptr<Source>& source, const std::string& to, std::optional<std::size_t> order, const std::string& route,
         bool square, bool causal, bool centred, const std::string& entry_dtype, const std::string& gadget,
         const std::string& form, const std::string& embedding, const py::object& mu, const py::object& message,
         std::optional<std::size_t> field, std::optional<std::size_t> blocks, std::optional<std::size_t> block_length,
         std::optional<std::size_t> level, const py::object& delta, bool expect, double max_tuples,
         const py::object& memory_limit, std::optional<double> timeout) {
        ReduceRequest request;
        request.family = family_of_route(route);
        check_word("to", to, target_words());
        request.to = to;
        request.order = order_of(*source, order, problem_row(to));
        request.direct.square = square;
        request.direct.causal = causal;
        request.direct.centred = centred;
        request.entry_dtype = value_of<Dtype>("entry_dtype", entry_dtype);
        request.delta = rational_of(delta, "delta");
        request.expect = expect;
        request.known = known_answer(*source);
        request.code =
            code_request(advice_from(message, "message"), {gadget, form, embedding, mu, field, blocks, block_length, level});
        const Limits limits = limits_of(memory_limit, max_tuples);
        const Problem& problem = problem_of_source(*source);
        check_request(request, problem);
        AnyInstance copy = source_of(*source, limits);
        Reduction made =
            watched_work({0, timeout, limits}, [&](const Work& work) { return reduced(std::move(copy), request, work); });
        lead_planted(*source, made);
        return made;
      },
      doc, "source"_a, "to"_a = "attention", py::kw_only(), "order"_a = py::none(), "route"_a = "direct", "square"_a = false,
      "causal"_a = false, "centred"_a = false, "entry_dtype"_a = "f64", "gadget"_a = "boxes", "form"_a = "",
      "embedding"_a = "sharp", "mu"_a = 0.0, "message"_a = py::none(), "field"_a = py::none(), "blocks"_a = py::none(),
      "block_length"_a = py::none(), "level"_a = py::none(), "delta"_a = py::none(), "expect"_a = false, "max_tuples"_a = 1e18,
      "memory_limit"_a = py::none(), "timeout"_a = py::none());
}

/// A tuple of the source's vectors.
WitnessNumbers source_tuple(const Reduction& r, const py::object& witness) {
  const auto tuple = tuple_from(witness);
  bool holds = tuple && tuple->size() == r.sizes.size();
  for (std::size_t u = 0; holds && u < tuple->size(); ++u) holds = (*tuple)[u] < r.sizes[u];
  if (!holds) throw std::invalid_argument("a witness has one index for each of the source's sets, in range");
  return numbers_of(*tuple);
}

/// Any integers; the lift table says which of them are indices.
WitnessNumbers numbers_from(const py::object& witness) {
  const auto numbers = witness_from(witness);
  if (!numbers) throw std::invalid_argument("a number of the witness is beyond 64 bits, and no index is");
  return *numbers;
}

}  // namespace

void bind_reductions(py::module_& module) {
  py::class_<Reduction>(
      module, "Reduction",
      "An instance reduced, with the maps of witnesses. Witnesses: a list of literals for a formula, else a list of indices.")
      .def_property_readonly(
          "target", [](const Reduction& r) { return std::visit([](const auto& t) { return py::cast(t); }, r.target); },
          "OrthogonalVectors, GapMaxIp, RealGapMaxIp, FactoredGapMaxIp, Attention, or Instance of another problem.")
      .def_property_readonly(
          "steps",
          [](const Reduction& r) {
            py::list steps;
            for (const Promise& s : r.steps)
              steps.append(py::dict(
                  "rule"_a = s.rule, "theorem"_a = s.guarantee.theorem, "targets"_a = integer_of(s.guarantee.targets),
                  "target_bits"_a = integer_of(s.guarantee.target_bits), "yes_at_least"_a = fraction_of(s.guarantee.yes_at_least),
                  "no_at_most"_a = fraction_of(s.guarantee.no_at_most)));
            return steps;
          },
          "What each rule's theorem promised before anything was built: rule, theorem, targets, target_bits, yes_at_least, "
          "no_at_most (Fraction).")
      .def_property_readonly(
          "message", [](const Reduction& r) { return r.message ? integer_of(*r.message) : py::object(py::none()); },
          "The number of Merlin's message; None without a code.")
      .def(
          "push",
          [](const Reduction& r, const py::object& witness) {
            if (!r.variables) return r.push(source_tuple(r, witness));
            return r.push(literals_of(assignment_of(numbers_from(witness), *r.variables)));
          },
          "witness"_a,
          "A witness of the source as a witness of the target. Through a code it is one only for the honest message.")
      .def(
          "pull", [](const Reduction& r, const py::object& witness) { return lift(r.lift, numbers_from(witness)); }, "witness"_a,
          "A witness of the target as a witness of the source. ValueError for an index that stands for no vector.");

  bind_reduce<Formula>(
      module,
      ("Writes an instance as one of another problem, by rules whose theorems are proved in docs/reductions.md.\n\n"
       "source: Formula, OrthogonalVectors, or Gap-k-MaxIP in any form. to: " +
       listed(target_words(), "or", "'") +
       ".\n"
       "order: k, for formulas (3 unless given, or the one that the target has). route: 'direct', or through a code: " +
       quoted_families() +
       ".\n"
       "Direct: square (equal numbers of rows), causal (the same answer under a causal mask), entry_dtype (B is rounded up so\n"
       "that entries survive conversion to 'f32', 'f16', 'bf16').\n"
       "Codes: message is the number of Merlin's message, or 'honest' or 'best': the reply to a witness, or to the tuple of "
       "least\n"
       "inner product; by default honest where a witness is found (of a formula within a minute), else best. field, blocks, "
       "block_length, level fix the code; gadget 'boxes' gives 0/1 vectors (GapMaxIp; form\n"
       "'pruned' or 'explicit') or the field symbols (form 'factored': FactoredGapMaxIp), 'characters' real ones "
       "(RealGapMaxIp);\n"
       "embedding 'sharp' or 'paper'; mu: weight per copy of a coordinate of characters, the mean weight unless given.\n"
       "centred: order 2, keys B and -B, for B smaller by the square root of 2. expect: find the answer first, the target "
       "expects it.\n"
       "delta: NO outputs stay below it, at most 1/4, by default 1/16; to decide through gradients at most 1/(4 sqrt(rows of "
       "q)).")
          .c_str());
  bind_reduce<Vectors>(module, "");
  bind_reduce<RowInstance>(module, "");
  bind_reduce<Gap01>(module, "");
  bind_reduce<RealGap>(module, "");
  bind_reduce<FactoredGap>(module, "");
}

}  // namespace gapwright::python
