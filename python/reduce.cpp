// SPDX-License-Identifier: MIT
#include "python/reduce.hpp"

#include <algorithm>

#include "atlas/journey.hpp"
#include "atlas/problems/sets.hpp"
#include "codes/linear_algebra.hpp"
#include "instances/files/narrow.hpp"
#include "python/watched.hpp"
#include "reductions/gap_max_ip_forms.hpp"
#include "reductions/gap_max_ip_to_attention.hpp"
#include "reductions/listable.hpp"
#include "reductions/orthogonal_vectors_to_attention.hpp"
#include "reductions/orthogonal_vectors_to_gap_max_ip.hpp"
#include "reductions/protocol_choice.hpp"
#include "verify/decision_bytes.hpp"
#include "verify/orthogonal_tuples.hpp"

namespace gapwright::python {
namespace {

/// Tensors of doubles, and the bits that they are written from.
mpz_class tensor_bytes(const mpz_class& tensor_bits, const mpz_class& dimension) {
  const mpz_class doubles = tensor_bits / 64;
  return doubles * 8 + doubles / dimension * ((dimension + 63) / 64 * 8);
}

template <class Sets>
std::vector<std::size_t> sizes_of(const Sets& sets) {
  std::vector<std::size_t> sizes;
  for (const auto& set : sets) sizes.push_back(set.rows);
  return sizes;
}

/// What does not depend on the source.
void check_options(const ReduceOptions& o) {
  if (o.characters() && o.form) throw std::invalid_argument("gadget='characters' has one form; leave out form");
  if (o.characters() && o.embedding == Embedding::paper)
    throw std::invalid_argument("real vectors come with the sharp embedding");
  if (o.form == Form::factored && o.to == FileKind::attention)
    throw std::invalid_argument("form='factored' has no tensors q, k, v; give to='gap-max-ip', or form='explicit' or 'pruned'");
  if (o.centred && (o.to != FileKind::attention || o.characters()))
    throw std::invalid_argument("centred goes with to='attention' and 0/1 vectors");
  if (o.delta && o.to != FileKind::attention) throw std::invalid_argument("delta goes with to='attention'");
  if (o.delta) check_delta(*o.delta);
  if (o.embedding == Embedding::paper && o.to != FileKind::attention)
    throw std::invalid_argument("embedding='paper' goes with to='attention'");
  if (o.mu != 0 && (o.to != FileKind::attention || !(o.mu > 0)))
    throw std::invalid_argument("mu goes with to='attention' and real vectors, and is above 0");
}

void check_routed(const ReduceOptions& o) {
  check_options(o);
  if (o.level && !(o.family && o.family->has_levels)) throw std::invalid_argument("level goes with route='tower'");
  if (o.family && (o.square || o.causal || o.entry_dtype != Dtype::f64))
    throw std::invalid_argument("square, causal and entry_dtype go with route='direct'");
  if (!o.family && (o.has_code() || o.embedding != Embedding::sharp || o.characters() || o.form || o.mu != 0))
    throw std::invalid_argument(
        "message, embedding, gadget, form, mu, field, blocks, block_length and level go with "
        "route='reed-solomon', 'hermitian' or 'tower'");
  if (o.to == FileKind::orthogonal_vectors && (o.family || o.square || o.causal || o.entry_dtype != Dtype::f64))
    throw std::invalid_argument(
        "to='orthogonal-vectors' comes before the embedding and the codes; leave out route, square, causal and entry_dtype");
  if (o.to == FileKind::gap_max_ip && !o.family)
    throw std::invalid_argument("to='gap-max-ip' goes through a code: give route='reed-solomon', 'hermitian' or 'tower'");
  if (o.mu != 0 && !o.characters()) throw std::invalid_argument("mu goes with gadget='characters'");
}

/// A Gap-k-MaxIP instance has its code behind it.
void check_beyond_code(const ReduceOptions& o) {
  check_options(o);
  if (o.family || o.square || o.causal || o.entry_dtype != Dtype::f64 || o.has_code())
    throw std::invalid_argument("a Gap-k-MaxIP instance takes gadget, form, embedding and mu; the other options come before it");
}

/// Vectors to attention without a code.
void embed_directly(Reduction& r, const std::shared_ptr<const Vectors>& vectors, const ReduceOptions& o, Room& room,
                    const RunControl& control) {
  DirectOptions options;
  options.square = o.square;
  options.causal = o.causal;
  options.centred = o.centred;
  options.delta = o.embedding_delta();
  options.significand_bits = significand_bits(o.entry_dtype);
  const auto rule = std::make_shared<const OrthogonalVectorsToAttention>(vectors->instance, options);
  const DirectEmbedding& e = rule->embedding();
  room.take("the attention input", tensor_bytes(e.tensor_bits, mpz_class(e.dimension)));
  r.steps.push_back({"orthogonal-vectors -> attention", rule->guarantee()});
  Attention target = written_out(rule->target(0, control), control);
  target.terms.expected = vectors->expected;
  r.target = std::make_shared<AttentionInput>(AttentionInput{std::move(target), {}});
  r.then([rule, vectors](const Tuple& t) { return rule->push(t).second; }, lift_step(rule->embedding()));
}

void embed(Reduction& r, const std::shared_ptr<Gap01>& gap, const ReduceOptions& o, Room& room, const RunControl& control) {
  const auto embedding = std::make_shared<const GapMaxIpToAttention>(gap->instance, o.embedding, o.centred, o.embedding_delta());
  room.take("the attention input", tensor_bytes(embedding->embedding().tensor_bits, embedding->embedding().dimension));
  r.steps.push_back({"gap-max-ip -> attention", embedding->guarantee()});
  Attention target = written_out(embedding->target(0, control), control);
  target.terms.expected = gap->expected;
  r.target = std::make_shared<AttentionInput>(AttentionInput{std::move(target), {}});
  r.then([embedding, gap](const Tuple& t) { return embedding->push(t).second; },
         identity_lift("gap-max-ip -> attention", sizes_of(gap->instance.sets)));
}

mpz_class matrix_bytes(const RealGapMaxIp& g) {
  mpz_class entries = 0;
  for (const Matrix& set : g.sets) entries += set.entries.size();
  return entries * 8;
}

/// Indices stay.
void embed(Reduction& r, const RealGap& gap, const ReduceOptions& o, Room& room, const RunControl& control) {
  if (!gap.unit) room.take("the vectors, scaled,", matrix_bytes(gap.instance));
  const RealGapMaxIp scaled = gap.unit ? RealGapMaxIp() : unit_columns(gap.instance, control);
  RealAttention made = real_attention(gap.unit ? gap.instance : scaled, o.mu, room.left() * 8, o.embedding_delta(), control);
  AttentionTerms& terms = made.attention.terms;
  terms.expected = gap.expected;
  r.steps.push_back({"gap-max-ip -> attention", Guarantee{"sharp embedding, balanced by repetition (docs/reductions.md, 6)", 1,
                                                          balanced_bits(gap.unit ? gap.instance : scaled, made.mu),
                                                          *terms.yes_at_least, *terms.no_at_most}});
  r.target = std::make_shared<AttentionInput>(AttentionInput{std::move(made.attention), {}});
  r.then([](const Tuple& t) { return t; }, identity_lift("gap-max-ip -> attention", sizes_of(gap.instance.sets)));
}

mpz_class bit_bytes(const std::vector<BitMatrix>& sets) {
  mpz_class words = 0;
  for (const BitMatrix& set : sets) words += set.words.size();
  return words * 8;
}

/// The field symbols as vectors, and these as attention if asked for.
void expand(Reduction& r, const std::shared_ptr<FactoredGap>& factored, const ReduceOptions& o, Room& room,
            const RunControl& control) {
  const mpz_class most_bits = room.left() * 8;
  if (o.form == Form::factored) {
    r.target = factored;
  } else if (o.characters()) {
    const auto real = std::make_shared<RealGap>();
    real->instance = characters(factored->instance, most_bits, control);
    room.take("the vectors", matrix_bytes(real->instance));
    real->instance.made_by = factored->instance.made_by;
    real->expected = factored->expected;
    real->rounding = real->instance.rounding;
    real->unit = true;
    if (o.to == FileKind::attention) return embed(r, *real, o, room, control);
    r.target = real;
  } else {
    const auto gap = std::make_shared<Gap01>();
    gap->instance = boxes(factored->instance, o.form != Form::full, most_bits, control);
    room.take("the vectors", bit_bytes(gap->instance.sets));
    gap->instance.made_by = factored->instance.made_by;
    gap->expected = factored->expected;
    if (o.to == FileKind::attention) return embed(r, gap, o, room, control);
    r.target = gap;
  }
}

/// The generator matrices of C(D) and C(kD), the encoder's, the legal messages, and the inverse on the way to these.
mpz_class code_bytes(const ProtocolShape& s) {
  const mpz_class code = s.block_length, power = code + s.message_symbols;
  const mpz_class inverse = power * power + inverse_symbols(s.block_length + s.message_symbols);
  return ((2 * code + power + s.message_symbols) * s.coins + inverse) * sizeof(Symbol);
}

/// Vectors to Gap-k-MaxIP for one message of Merlin; then to attention if asked for.
void go_through_code(Reduction& r, const std::shared_ptr<const Vectors>& vectors, const ReduceOptions& o, Room& room,
                     const RunControl& control) {
  const OrthogonalVectors& ov = vectors->instance;
  std::vector<mpz_class> sizes;
  for (const BitMatrix& set : ov.sets) sizes.emplace_back(set.rows);
  const ProtocolRequest request{o.family, sizes.size(), ov.dimension, o.field, o.blocks, o.block_length, o.level};
  const Form form = o.characters() ? Form::characters : o.form.value_or(Form::pruned);
  const auto cost = [&](const ProtocolShape& shape) { return shape_cost(shape, form, sizes); };
  const ProtocolShape shape = choose_protocol(request, cost);
  room.take("the code", code_bytes(shape));
  room.take("the factored instance", encoding_bytes(sizes, shape.coins, shape.blocks, shape.block_length));
  if (!o.message) {
    check_tuples(room.limits, "the search for Merlin's best message", tuples_of(ov.sets), ov.dimension);
    check_memory(room.limits, "the search for Merlin's best message", room.taken + decision_bytes(ov.sets));
  }
  const auto protocol = std::make_shared<const MerlinArthur>(build_protocol(shape, sizes.size(), control, room.limits));
  const auto rule = std::make_shared<const OrthogonalVectorsToGapMaxIp>(ov, protocol, watched_progress(control));
  const auto factored = std::make_shared<FactoredGap>();
  if (o.message) {
    r.message = *o.message;
  } else {
    const auto least = smallest_inner_product(ov, control);
    if (!least) throw std::invalid_argument("a set is empty: the answer is no, and there is nothing to reduce");
    r.message = rule->best_reply(least->first);
    factored->expected = least->product == 0;  // completeness, and soundness for every message
  }
  const mpz_class message = *r.message;
  factored->instance = rule->target(message);
  factored->instance.made_by = ov.made_by;
  r.steps.push_back({"orthogonal-vectors -> gap-max-ip", rule->guarantee()});
  r.then([rule, vectors](const Tuple& t) { return rule->push(t).second; },
         identity_lift("orthogonal-vectors -> gap-max-ip", sizes_of(ov.sets)));
  expand(r, factored, o, room, control);
}

void reduce_vectors(Reduction& r, std::shared_ptr<Vectors> vectors, const ReduceOptions& o, Room& room,
                    const RunControl& control) {
  if (o.to == FileKind::orthogonal_vectors) {
    r.target = std::move(vectors);
  } else if (!o.family) {
    embed_directly(r, vectors, o, room, control);
  } else {
    go_through_code(r, vectors, o, room, control);
  }
}

template <class Gap>
Reduction reduce_gap(const std::shared_ptr<Gap>& gap, const ReduceOptions& o, Room& room, const RunControl& control) {
  check_beyond_code(o);
  if (o.to != FileKind::attention || o.characters() || o.form)
    throw std::invalid_argument("these vectors are Gap-k-MaxIP already; give to='attention', without gadget and form");
  Reduction r;
  r.sizes = sizes_of(gap->instance.sets);
  if constexpr (std::is_same_v<Gap, Gap01>) {
    if (o.mu != 0) throw std::invalid_argument("mu goes with real vectors, and these are not");
    embed(r, gap, o, room, control);
  } else {
    if (o.embedding == Embedding::paper || o.centred)
      throw std::invalid_argument("real vectors come with the sharp embedding, not centred");
    embed(r, *gap, o, room, control);
  }
  return r;
}

}  // namespace

Reduction reduce_source(const std::shared_ptr<Formula>& formula, const ReduceOptions& o, Room& room, const RunControl& control) {
  check_routed(o);
  check_order(o.order);
  check_listable(formula->instance, o.order);
  Reduction r;
  r.formula = formula;
  r.listing = std::make_shared<const SatToOrthogonalVectors>(formula->instance, o.order);
  room.take("the k-OV instance", r.listing->target_bytes());
  r.steps.push_back({"cnf -> orthogonal-vectors", r.listing->guarantee()});
  r.lift.steps.push_back(r.listing->lift().front());
  const auto vectors = std::make_shared<Vectors>(Vectors{r.listing->target(0, control), formula->expected, {}, {}});
  if (formula->planted) vectors->planted = r.listing->push(*formula->planted).second;
  reduce_vectors(r, vectors, o, room, control);
  return r;
}

Reduction reduce_source(const std::shared_ptr<Vectors>& vectors, const ReduceOptions& o, Room& room, const RunControl& control) {
  check_routed(o);
  if (o.to == FileKind::orthogonal_vectors)
    throw std::invalid_argument("these are orthogonal vectors already; give to='attention' or to='gap-max-ip'");
  Reduction r;
  r.sizes = sizes_of(vectors->instance.sets);
  reduce_vectors(r, vectors, o, room, control);
  return r;
}

Reduction reduce_source(const std::shared_ptr<RowInstance>& row, const ReduceOptions& o, Room& room, const RunControl& control) {
  check_routed(o);
  const AnyInstance& source = row->instance;
  const Problem& problem = source.problem();
  RuleOptions options;
  options.limits.memory = room.left();
  const auto made =
      std::make_shared<const Made>(made_through(source, journey_between(problem.name, "orthogonal-vectors"), options, control));
  const auto vectors = std::make_shared<Vectors>(Vectors{made->target.as<OrthogonalVectorsFile>().vectors});
  vectors->expected = problem.expected ? problem.expected(source) : std::nullopt;
  room.take("the k-OV instance", bit_bytes(vectors->instance.sets));
  Reduction r;
  r.sizes = problem.witness_ranges(source);
  for (std::size_t i = 0; i < made->reductions.size(); ++i)
    r.steps.push_back({made->path[i].rule, made->reductions[i]->guarantee()});
  r.push = [made](const Tuple& t) { return gapwright::tuple_of(push(*made, numbers_of(t))); };
  r.lift.steps.assign(made->lift.rbegin(), made->lift.rend());
  reduce_vectors(r, vectors, o, room, control);
  return r;
}

Reduction reduce_source(const std::shared_ptr<Gap01>& gap, const ReduceOptions& o, Room& room, const RunControl& control) {
  return reduce_gap(gap, o, room, control);
}
Reduction reduce_source(const std::shared_ptr<RealGap>& gap, const ReduceOptions& o, Room& room, const RunControl& control) {
  return reduce_gap(gap, o, room, control);
}
Reduction reduce_source(const std::shared_ptr<FactoredGap>& gap, const ReduceOptions& o, Room& room, const RunControl& control) {
  check_beyond_code(o);
  if (o.to == FileKind::orthogonal_vectors || o.form == Form::factored)
    throw std::invalid_argument(
        "this is the factored form of Gap-k-MaxIP; give to='attention', or form='explicit' or 'pruned', or "
        "gadget='characters'");
  if (o.mu != 0 && !o.characters()) throw std::invalid_argument("mu goes with gadget='characters'");
  Reduction r;
  r.sizes = sizes_of(*gap->instance.sets);
  r.lift.steps.push_back(identity_lift("gap-max-ip", r.sizes));
  expand(r, gap, o, room, control);
  return r;
}

}  // namespace gapwright::python
