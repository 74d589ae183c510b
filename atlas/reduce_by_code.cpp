// SPDX-License-Identifier: MIT
// k-OV to one Gap-k-MaxIP instance (one message of Merlin), as field symbols or as vectors, and these embedded into attention.
#include "atlas/reduce_by_code.hpp"

#include <fmt/format.h>

#include "atlas/problems/instance_data.hpp"
#include "atlas/problems/sets.hpp"
#include "atlas/recorded_command.hpp"
#include "atlas/witness_numbers.hpp"
#include "reductions/gap_max_ip_forms.hpp"
#include "reductions/gap_max_ip_to_attention.hpp"
#include "reductions/written_sizes.hpp"
#include "support/errors.hpp"
#include "support/message.hpp"
#include "verify/decision_bytes.hpp"
#include "verify/gap_max_ip.hpp"
#include "verify/verdict.hpp"

namespace gapwright {
namespace {

template <class Instance>
AnyInstance any_gap(Instance instance, std::optional<bool> expected, Form form) {
  return {problem_row("gap-max-ip"), GapMaxIpFile{std::move(instance), expected, form}};
}

/// The protocol's part of the record.
void note_protocol(Journey& j, const ProtocolShape& shape, const OrthogonalVectorsToGapMaxIp& rule,
                   const FactoredGapMaxIp& target) {
  const Guarantee promised = rule.guarantee();
  j.made.promised.push_back({"orthogonal-vectors -> gap-max-ip", promised});
  j.made.path.push_back({"orthogonal-vectors -> gap-max-ip",
                         promised.theorem,
                         {{"route", shape.family->name},
                          {"field", std::to_string(shape.field_size)},
                          {"level", std::to_string(shape.level)},
                          {"length", std::to_string(shape.coins)},
                          {"degree", std::to_string(shape.degree)},
                          {"block_length", std::to_string(shape.block_length)},
                          {"blocks", std::to_string(shape.blocks)},
                          {"message", j.made.message->get_str()}},
                         {{"targets", promised.targets.get_str()},
                          {"target_bits", promised.target_bits.get_str()},
                          {"yes_at_least", promised.yes_at_least.get_str()},
                          {"no_at_most", promised.no_at_most.get_str()}},
                         {{"target_bits", symbol_bits(target).get_str()},
                          {"yes_at_least", std::to_string(target.gap.yes_at_least)},
                          {"no_at_most", std::to_string(target.gap.no_at_most)}}});
  for (const LiftStep& step : rule.lift()) j.made.lift.push_back(step);
}

/// The gadget's: the dimension by its law, counted without building it, and the one built. Indices stay.
void note_gadget(Journey& j, Form form, const FactoredGapMaxIp& source, std::size_t dimension) {
  if (!j.request.recorded) return;
  const GadgetSizes predicted = gadget_sizes(source, form, gadget_dimension(source, form)),
                    built = gadget_sizes(source, form, dimension);
  j.made.path.push_back({"gap-max-ip -> gap-max-ip",
                         "the gadget keeps all inner products (docs/reductions.md, 5)",
                         {{"form", std::string(word_of(form))}},
                         {{"dimension", predicted.dimension.get_str()}, {"target_bits", predicted.bits.get_str()}},
                         {{"dimension", built.dimension.get_str()}, {"target_bits", built.bits.get_str()}}});
}

/// The embedding's delta, where it is not the usual one.
void note_delta(Journey& j) {
  const mpq_class delta = j.request.embedding_delta();
  if (delta != forward_delta()) j.made.path.back().parameters.emplace_back("delta", delta.get_str());
}

void arrive(Journey& j, AttentionData target, const AttentionWitness& witness) {
  std::visit([&](auto& a) { a.terms.expected = j.made.expected; }, target);
  j.made.made_by = std::visit([](const auto& a) { return a.terms.made_by; }, target);
  j.made.witness = witness;
  j.made.form.reset();
  note_delta(j);
  j.made.target = {problem_row("attention"), std::move(target)};
}

void embed(Journey& j, const GapMaxIp& vectors) {
  if (j.request.code.mu != 0) throw std::invalid_argument("`mu` goes with real vectors, and these are not");
  const AnyInstance source = j.made.target;  // stays alive with the rule
  const auto rule = std::make_shared<const GapMaxIpToAttention>(vectors, j.request.code.embedding, j.request.direct.centred,
                                                                j.request.embedding_delta());
  const Guarantee promised = rule->guarantee();
  j.check_room("the attention input", tensor_bytes(promised.target_bits));
  check_memory(j.work.limits, "the attention input, held as bits,", packed_bytes(promised.target_bits));
  BitAttention attention = rule->target(0, j.work.control("building"));
  j.made.promised.push_back({"gap-max-ip -> attention", promised});
  for (const LiftStep& step : rule->lift()) j.made.lift.push_back(step);
  j.made.path.push_back(
      {"gap-max-ip -> attention",
       promised.theorem,
       {{"embedding", attention.terms.embedding}, {"entry_bound", fmt::format("{:.17g}", attention.terms.entry_bound)}},
       {{"targets", promised.targets.get_str()}, {"target_bits", promised.target_bits.get_str()}},
       {{"target_bits", tensor_bits(attention).get_str()}}});
  j.then([source, rule](const WitnessNumbers& w) { return numbers_of(rule->push(tuple_of(w)).second); });
  arrive(j, std::move(attention), {1, vectors.gap.yes_at_least});
}

void embed(Journey& j, const RealGapMaxIp& real) {
  if (j.request.code.embedding == Embedding::paper) throw std::invalid_argument("real vectors come with the sharp embedding");
  if (j.request.direct.centred) throw std::invalid_argument("`centred` goes with 0/1 vectors, and these are real");
  RealAttention made =
      real_attention(real, j.request.code.mu, most_bits(j.work.limits), j.request.embedding_delta(), j.work.control(""));
  AttentionTerms& terms = made.attention.terms;
  const mpz_class bits = balanced_bits(real, made.mu);
  j.check_room("the attention input", tensor_bytes(bits));
  const char* theorem = "sharp embedding, balanced by repetition (docs/reductions.md, 6)";
  j.made.promised.push_back(
      {"gap-max-ip -> attention", {theorem, 1, bits, terms.yes_at_least.value(), terms.no_at_most.value()}});
  j.made.lift.push_back(identity_lift("gap-max-ip -> attention", rows_of(real.sets)));
  j.made.path.push_back({"gap-max-ip -> attention",
                         theorem,
                         {{"embedding", terms.embedding},
                          {"mu", fmt::format("{:.17g}", made.mu)},
                          {"entry_bound", fmt::format("{:.17g}", terms.entry_bound)}},
                         {{"targets", "1"}, {"target_bits", bits.get_str()}},
                         {{"target_bits", entry_bits(made.attention).get_str()}}});
  const AttentionWitness witness{made.mu, real.gap.yes_at_least};
  arrive(j, std::move(made.attention), witness);
}

/// The field symbols as vectors, where the form asks for these, and as attention.
void expand(Journey& j, const FactoredGapMaxIp& factored) {
  const Form form = written_form(j.request);
  const bool embedded = j.request.to_attention();
  j.made.form = form;
  if (form == Form::factored) {
    j.check_room("the factored instance", tensor_bytes(symbol_bits(factored)));
    return;
  }
  const RunControl control = j.work.control(embedded ? "vectors" : "writing");
  if (form == Form::characters) {
    RealGapMaxIp real = characters(factored, most_bits(j.work.limits), control);
    note_gadget(j, form, factored, real.weights.size());
    if (!embedded) j.check_room("the instance", file_bytes(real));
    j.made.target = any_gap(std::move(real), j.made.expected, form);
    if (embedded) embed(j, *j.made.target.as<GapMaxIpFile>().real());
    return;
  }
  GapMaxIp vectors = boxes(factored, form == Form::pruned, most_bits(j.work.limits), control);
  note_gadget(j, form, factored, vectors.dimension);
  if (!embedded) j.check_room("the instance", file_bytes(vectors));
  j.made.target = any_gap(std::move(vectors), j.made.expected, form);
  if (embedded) embed(j, *j.made.target.as<GapMaxIpFile>().vectors());
}

/// One instance, one message.
Advice one_message(const Journey& j, const OrthogonalVectors& ov, const OrthogonalVectorsToGapMaxIp& rule,
                   const Witnesses& honest) {
  const std::optional<AskedAdvice>& asked = j.request.code.advice;
  if (asked && (asked->kind == AdviceKind::all || asked->kind == AdviceKind::sample))
    throw std::invalid_argument("`message` " + advice_text(*asked) +
                                ": a file holds the instance of one message; give honest, best or a message index");
  if (!asked || asked->kind == AdviceKind::honest) {
    if (const auto tuple = honest()) return honest_advice(rule, *tuple);
    if (asked)
      throw std::invalid_argument(
          "`message` honest needs a model or an orthogonal tuple, and none is found; give best or a message index");
    return best_advice(ov, rule, j.work);
  }
  constexpr std::uint64_t kNothingDrawn = 0;
  return advice_for(j.request.code, ov, rule, honest, kNothingDrawn, j.work);
}

std::vector<mpz_class> sizes_of(const OrthogonalVectors& ov, const std::string& what) {
  std::vector<mpz_class> sizes;
  for (const BitMatrix& set : ov.sets) {
    if (set.rows == 0) throw BadInstance(what + ": a set is empty, so the answer is no before any reduction");
    sizes.emplace_back(set.rows);
  }
  return sizes;
}

}  // namespace

void Journey::take_answer(std::optional<bool> answer) {
  if (!answer) return;
  const auto word = [](bool yes) { return word_of(yes ? Answer::yes : Answer::no); };
  if (made.expected && *made.expected != *answer)
    throw BadInstance(fmt::format("{}: the answer is {}, and it expects {}; correct or remove what it expects", what,
                                  word(*answer), word(*made.expected)));
  made.expected = answer;
}

Form written_form(const ReduceRequest& request) {
  const CodeRequest& code = request.code;
  if (code.embedding == Embedding::paper && !request.to_attention())
    throw std::invalid_argument("`embedding` goes with `to=attention`: the vectors come before it");
  if (code.mu != 0 && !request.to_attention())
    throw std::invalid_argument("`mu` goes with `to=attention`: it repeats coordinates there");
  if (code.gadget == Gadget::characters) {
    if (code.form.value_or(Form::full) != Form::full)
      throw std::invalid_argument("`gadget=characters` has one form; leave out `form=" + std::string(word_of(*code.form)) + "`");
    if (code.embedding == Embedding::paper) throw std::invalid_argument("`gadget=characters` comes with the sharp embedding");
    return Form::characters;
  }
  if (code.form == Form::factored && request.to_attention())
    throw std::invalid_argument(
        "`form=factored` has no tensors q, k, v; write `to=gap-max-ip`, or take `form=explicit` or pruned");
  if (code.mu != 0) throw std::invalid_argument("`mu` goes with `gadget=characters`");
  return code.form.value_or(Form::pruned);
}

void reduce_by_code(Journey& j, const Witnesses& honest) {
  const AnyInstance source = j.made.target;  // stays alive with the rule
  const OrthogonalVectors& ov = source.as<OrthogonalVectorsFile>().vectors;
  const CodeRequest& code = j.request.code;
  const Form form = written_form(j.request);
  const std::vector<mpz_class> sizes = sizes_of(ov, j.what);
  const ProtocolShape shape = j.request.family ? shape_for(*j.request.family, code, form, sizes, ov.dimension)
                                               : cheapest_shape(code, form, sizes, ov.dimension);
  check_memory(j.work.limits, j.what, protocol_bytes(sizes, shape));
  const auto rule = std::make_shared<const OrthogonalVectorsToGapMaxIp>(
      ov, std::make_shared<const MerlinArthur>(build_protocol(shape, sizes.size(), j.work.control("code"), j.work.limits)),
      watched_progress(j.work.control("encoding")));
  if (j.request.expect) check_tuples(j.work.limits, "`expect`: " + j.what, tuples_of(ov.sets), shape.coins);
  const Advice advice = one_message(j, ov, *rule, honest);
  j.made.message = advice.messages.front();
  FactoredGapMaxIp factored = rule->target(*j.made.message);
  factored.made_by = ov.made_by;
  std::optional<bool> answer = advice.answer;
  if (advice.honest) answer = true;  // Merlin's tuple reaches t under its own message (Theorem R7)
  if (answer) j.take_answer(answer);
  if (j.request.expect && !answer) {
    answer = decide_gap(factored, j.work.control("expected answer")).side == GapSide::yes;
    if (*answer) j.take_answer(answer);  // a yes of any message is one of the vectors (Theorem R7), a no says nothing of them
  }
  j.made.expected = answer;  // of this message
  factored.made_by.command += recorded_code(code, shape, form, *j.made.message, answer && !j.request.expect);
  j.made.made_by = factored.made_by;
  j.work.say(code_text(shape) + fmt::format(", T = {}", shape.blocks));
  note_protocol(j, shape, *rule, factored);
  j.then([source, rule](const WitnessNumbers& w) { return numbers_of(rule->push(tuple_of(w)).second); });
  j.made.target = any_gap(std::move(factored), j.made.expected, Form::factored);
  const AnyInstance symbols = j.made.target;
  expand(j, *symbols.as<GapMaxIpFile>().factored());
}

void reduce_gap(Journey& j) {
  const AnyInstance source = j.made.target;
  const GapMaxIpFile& file = source.as<GapMaxIpFile>();
  if (const FactoredGapMaxIp* factored = file.factored()) {
    if (!j.request.to_attention() && written_form(j.request) == Form::factored)
      throw std::invalid_argument("this is the factored form already; take `form=explicit|pruned` or `gadget=characters`");
    j.made.made_by = factored->made_by;
    if (!j.request.to_attention()) j.made.lift.push_back(identity_lift("gap-max-ip", rows_of(*factored->sets)));
    expand(j, *factored);
    return;
  }
  if (!j.request.to_attention())
    throw std::invalid_argument("`to=" + j.request.to + "`: a Gap-k-MaxIP instance is reduced to attention");
  if (j.request.code.form || j.request.code.gadget != Gadget::boxes)
    throw std::invalid_argument("these are vectors already; `form` and `gadget` go with the factored form");
  if (file.vectors()) return embed(j, *file.vectors());
  j.made.target = any_gap(unit_columns(*file.real(), j.work.control("")), file.expected,
                          Form::characters);  // as read, weights lie in the entries
  embed(j, *j.made.target.as<GapMaxIpFile>().real());
}

}  // namespace gapwright
