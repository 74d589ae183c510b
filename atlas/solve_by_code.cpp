// SPDX-License-Identifier: MIT
// solve through a code of any family: k-OV, the Merlin-Arthur protocol, Gap-k-MaxIP in factored form or as vectors, attention.
//
// One message of Merlin proves a YES (its witness lifts to a model), but nothing about NO: only all messages together do. So with honest or
// chosen or sampled advice that ends in NO the answer about the formula stays open.
#include "atlas/solve_by_code.hpp"

#include <memory>
#include <utility>

#include "reductions/boxes.hpp"
#include "reductions/gap_max_ip_to_attention.hpp"
#include "reductions/listable.hpp"
#include "reductions/pipeline.hpp"
#include "reductions/written_sizes.hpp"
#include "support/stopwatch.hpp"
#include "verify/attention_counts.hpp"
#include "verify/decision_bytes.hpp"
#include "verify/factored_attention.hpp"
#include "verify/sat_oracle.hpp"

namespace gapwright {
namespace {

Form form_of(const Solving& s) { return s.request.code.form.value_or(Form::factored); }

/// The input of one message, as far as the result tells of it.
void note_input(const Solving& s, CodeStages& stages, const AttentionTerms& terms, const mpz_class& dimension,
                const mpq_class& gamma) {
  s.found.input = {terms.entry_bound, gamma, *terms.yes_at_least, *terms.no_at_most};
  stages.embedding = terms.embedding;
  stages.attention_dimension = dimension;
}

Verdict decide_message(const Solving& s, CodeStages& stages, FactoredGapMaxIp instance) {
  const RunControl control = s.work.control("exact attention");
  if (stages.form == Form::factored) {
    const FactoredAttention attention = factored_attention(std::move(instance));
    note_input(s, stages, attention.terms, attention.dimension, attention.gamma);
    return decide_factored(attention, control);
  }
  const GapMaxIp vectors = boxes(instance, stages.form == Form::pruned, most_decided_bits(s.work.limits), control);
  const GapMaxIpToAttention rule(vectors, s.request.code.embedding);
  const BitAttention attention = rule.target(0, control);
  note_input(s, stages, attention.terms, rule.embedding().dimension, rule.embedding().gamma);
  check_memory(s.work.limits, s.request.name, decision_bytes(attention));
  return decide_by_counts(attention, CountMethod::verdict, control);
}

/// Honest Merlin's tuple for a formula: CryptoMiniSat's model, pushed.
std::optional<OrthogonalVectors::Witness> honest_tuple(const Solving& s, const SatToOrthogonalVectors& sat) {
  const auto model = model_within(s.request.code.honest_seconds, s.cnf, s.work.control(""));
  return model ? std::optional(sat.push(*model).second) : std::nullopt;
}

/// The messages in turn, until one is not NO on every row.
void run_messages(const Solving& s, CodeStages& stages, const Advice& advice, const SatToOrthogonalVectors& sat,
                  const OrthogonalVectorsToGapMaxIp& rule) {
  Stopwatch watch;
  Verdict verdict;
  for (; stages.no < advice.messages.size(); ++stages.no) {
    verdict = decide_message(s, stages, rule.target(advice.messages[stages.no]));
    if (verdict.answer != Answer::no) break;
  }
  s.found.decision = {verdict, 0, watch.lap()};
  if (verdict.answer == Answer::yes) {
    s.take_model(sat.pull(0, rule.pull(advice.messages[stages.no], *verdict.witness)));
    if (s.found.violated == 0) s.found.satisfiable = true;
  }
  if (verdict.answer == Answer::no && advice.all) s.found.satisfiable = false;
}

/// Of encoding, and of field symbols with deciding them; vectors are bounded where they are written out.
mpz_class bytes_of(const Solving& s, const std::vector<mpz_class>& set_sizes, const ProtocolShape& shape) {
  if (form_of(s) != Form::factored) return protocol_bytes(set_sizes, shape);
  return protocol_decision_bytes(set_sizes, shape) +
         multiples_bytes(shape.coins, shape.blocks, shape.field_size, set_sizes.back().get_ui());
}

/// The shape of the protocol, refused where its instances are beyond the limits.
ProtocolShape checked_shape(const Solving& s, const SatToAttention& direct) {
  const DirectEmbedding& sizes = direct.embedding();
  const ProtocolShape shape =
      shape_for(*s.request.family, s.request.code, Form::factored, sizes.set_sizes, sizes.vector_dimension);
  check_memory(s.work.limits, s.request.name, bytes_of(s, sizes.set_sizes, shape));
  check_tuples(s.work.limits, s.request.name, tuples_of(sizes), shape.coins);
  return shape;
}

}  // namespace

void solve_by_code(const Solving& s) {
  check_listable(s.cnf, s.request.order);
  const SatToAttention direct(s.cnf, s.request.order);  // for its sizes, and the rule to vectors that both routes begin with
  const SatToOrthogonalVectors& sat = direct.to_vectors();
  const ProtocolShape shape = checked_shape(s, direct);
  const auto protocol =
      std::make_shared<const MerlinArthur>(build_protocol(shape, s.request.order, s.work.control("code"), s.work.limits));
  const OrthogonalVectors ov = sat.target(0, s.work.control("building"));
  const OrthogonalVectorsToGapMaxIp rule(ov, protocol, watched_progress(s.work.control("encoding")));
  const Advice advice = advice_for(
      s.request.code, ov, rule, [&] { return honest_tuple(s, sat); }, s.request.seed.value_or(1), s.work);
  CodeStages stages{ov.dimension, shape, protocol->cost(), protocol->largest_wrong_acceptance(), form_of(s)};
  stages.advice = advice.description;
  stages.messages = advice.messages.size();
  stages.all = advice.all;
  run_messages(s, stages, advice, sat, rule);
  s.found.stages = std::move(stages);
}

}  // namespace gapwright
