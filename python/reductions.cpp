// SPDX-License-Identifier: MIT
// reduce: a rule applied to an instance, with both witness maps. The way back is the lift table that a bundle would hold: every
// step refuses what is no index of a vector, pads among it.
#include <algorithm>
#include <functional>
#include <variant>

#include "codes/linear_algebra.hpp"
#include "instances/lift.hpp"
#include "instances/narrow.hpp"
#include "instances/written_out.hpp"
#include "python/instances.hpp"
#include "python/watched.hpp"
#include "reductions/gap_max_ip_forms.hpp"
#include "reductions/gap_max_ip_to_attention.hpp"
#include "reductions/lift_tables.hpp"
#include "reductions/listable.hpp"
#include "reductions/orthogonal_vectors_to_attention.hpp"
#include "reductions/orthogonal_vectors_to_gap_max_ip.hpp"
#include "reductions/protocol_choice.hpp"
#include "reductions/sat_to_orthogonal_vectors.hpp"
#include "verify/decision_bytes.hpp"
#include "verify/orthogonal_tuples.hpp"

namespace gapwright::python {
namespace {

using namespace py::literals;

struct Options {
  std::string to, route, entry_dtype, gadget, form, embedding;
  std::size_t order = 3;
  bool square = false, causal = false, centred = false;
  double mu = 0;                     ///< of characters; 0: the mean weight
  std::optional<mpz_class> message;  ///< its number; empty: Merlin's best
  std::optional<std::size_t> field, blocks, block_length, level;
  std::optional<mpq_class> delta;  ///< empty: 1/16

  mpq_class embedding_delta() const { return delta.value_or(forward_delta()); }
  bool characters() const { return gadget == "characters"; }
  bool has_code() const { return message || field || blocks || block_length || level; }
};

/// Memory that a reduction holds at once: every part is added before it is built.
struct Room {
  Limits limits;
  mpz_class taken = 0;

  void take(const std::string& what, const mpz_class& bytes) {
    taken += bytes;
    check_memory(limits, what, taken);
  }
  mpz_class left() const { return std::max(mpz_class(0), mpz_class(limits.memory - taken)); }
};

/// Tensors of doubles, and the bits that they are written from.
mpz_class tensor_bytes(const mpz_class& tensor_bits, const mpz_class& dimension) {
  const mpz_class doubles = tensor_bits / 64;
  return doubles * 8 + doubles / dimension * ((dimension + 63) / 64 * 8);
}

struct Step {
  std::string rule;
  Guarantee guarantee;
};

/// What reduce returns: the chain of rules, closed over instances that they share.
struct Reduction {
  std::variant<std::shared_ptr<Vectors>, std::shared_ptr<Gap01>, std::shared_ptr<RealGap>, std::shared_ptr<FactoredGap>,
               std::shared_ptr<AttentionInput>>
      target;
  std::vector<Step> steps;
  std::optional<mpz_class> message;
  std::function<Tuple(const Tuple&)> push = [](const Tuple& t) { return t; };  ///< from a tuple of the source's vectors
  LiftTable lift;                                                              ///< back to the source
  std::vector<std::size_t> sizes;                                              ///< of the source's sets
  std::shared_ptr<const Formula> formula;                                      ///< the source, if it is one
  std::shared_ptr<const SatToOrthogonalVectors> listing;

  /// One more rule: its way forward, and its step back, which is the first to be taken.
  void then(std::function<Tuple(const Tuple&)> forward, LiftStep back) {
    push = [first = push, second = std::move(forward)](const Tuple& t) { return second(first(t)); };
    lift.steps.insert(lift.steps.begin(), std::move(back));
  }
};

template <class Sets>
std::vector<std::size_t> sizes_of(const Sets& sets) {
  std::vector<std::size_t> sizes;
  for (const auto& set : sets) sizes.push_back(set.rows);
  return sizes;
}

bool one_of(const std::string& text, std::initializer_list<const char*> all) {
  return std::find(all.begin(), all.end(), text) != all.end();
}

/// What does not depend on the source.
void check_options(const Options& o) {
  if (!one_of(o.to, {"orthogonal-vectors", "gap-max-ip", "attention"}))
    throw std::invalid_argument("to='" + o.to + "': give 'orthogonal-vectors', 'gap-max-ip' or 'attention'");
  if (!one_of(o.route, {"direct", "reed-solomon", "hermitian", "tower"}))
    throw std::invalid_argument("route='" + o.route + "': give 'direct', 'reed-solomon', 'hermitian' or 'tower'");
  if (!one_of(o.embedding, {"sharp", "paper"}))
    throw std::invalid_argument("embedding='" + o.embedding + "': give 'sharp' or 'paper'");
  if (!one_of(o.gadget, {"boxes", "characters"}))
    throw std::invalid_argument("gadget='" + o.gadget + "': give 'boxes' or 'characters'");
  if (!one_of(o.form, {"", "explicit", "pruned", "factored"}))
    throw std::invalid_argument("form='" + o.form + "': give 'explicit', 'pruned' or 'factored'");
  if (o.characters() && !o.form.empty()) throw std::invalid_argument("gadget='characters' has one form; leave out form");
  if (o.characters() && o.embedding == "paper") throw std::invalid_argument("real vectors come with the sharp embedding");
  if (o.form == "factored" && o.to == "attention")
    throw std::invalid_argument("form='factored' has no tensors q, k, v; give to='gap-max-ip', or form='explicit' or 'pruned'");
  if (o.centred && (o.to != "attention" || o.characters()))
    throw std::invalid_argument("centred goes with to='attention' and 0/1 vectors");
  if (o.delta && o.to != "attention") throw std::invalid_argument("delta goes with to='attention'");
  if (o.delta) check_delta(*o.delta);
  if (o.embedding == "paper" && o.to != "attention") throw std::invalid_argument("embedding='paper' goes with to='attention'");
  if (o.mu != 0 && (o.to != "attention" || !(o.mu > 0)))
    throw std::invalid_argument("mu goes with to='attention' and real vectors, and is above 0");
}

void check_routed(const Options& o) {
  check_options(o);
  if (o.level && o.route != "tower") throw std::invalid_argument("level goes with route='tower'");
  if (o.route != "direct" && (o.square || o.causal || o.entry_dtype != "f64"))
    throw std::invalid_argument("square, causal and entry_dtype go with route='direct'");
  if (o.route == "direct" && (o.has_code() || o.embedding != "sharp" || o.characters() || !o.form.empty() || o.mu != 0))
    throw std::invalid_argument(
        "message, embedding, gadget, form, mu, field, blocks, block_length and level go with "
        "route='reed-solomon', 'hermitian' or 'tower'");
  if (o.to == "orthogonal-vectors" && (o.route != "direct" || o.square || o.causal || o.entry_dtype != "f64"))
    throw std::invalid_argument(
        "to='orthogonal-vectors' comes before the embedding and the codes; leave out route, square, causal and entry_dtype");
  if (o.to == "gap-max-ip" && o.route == "direct")
    throw std::invalid_argument("to='gap-max-ip' goes through a code: give route='reed-solomon', 'hermitian' or 'tower'");
  if (o.mu != 0 && !o.characters()) throw std::invalid_argument("mu goes with gadget='characters'");
}

/// A Gap-k-MaxIP instance has its code behind it.
void check_beyond_code(const Options& o) {
  check_options(o);
  if (o.route != "direct" || o.square || o.causal || o.entry_dtype != "f64" || o.has_code())
    throw std::invalid_argument("a Gap-k-MaxIP instance takes gadget, form, embedding and mu; the other options come before it");
}

/// Vectors to attention without a code.
void embed_directly(Reduction& r, const std::shared_ptr<const Vectors>& vectors, const Options& o, Room& room,
                    const RunControl& control) {
  DirectOptions options;
  options.square = o.square;
  options.causal = o.causal;
  options.centred = o.centred;
  options.delta = o.embedding_delta();
  options.significand_bits = significand_bits(entry_dtype_named(o.entry_dtype));
  const auto rule = std::make_shared<const OrthogonalVectorsToAttention>(vectors->instance, options);
  const DirectEmbedding& e = rule->embedding();
  room.take("the attention input", tensor_bytes(e.tensor_bits, mpz_class(e.dimension)));
  r.steps.push_back({"orthogonal-vectors -> attention", rule->guarantee()});
  Attention target = written_out(rule->target(0, control), control);
  target.terms.expected = vectors->expected;
  r.target = std::make_shared<AttentionInput>(AttentionInput{std::move(target), {}});
  r.then([rule, vectors](const Tuple& t) { return rule->push(t).second; }, lift_step(rule->embedding()));
}

void embed(Reduction& r, const std::shared_ptr<Gap01>& gap, const Options& o, Room& room, const RunControl& control) {
  const auto embedding = std::make_shared<const GapMaxIpToAttention>(
      gap->instance, o.embedding == "paper" ? Embedding::paper : Embedding::sharp, o.centred, o.embedding_delta());
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
void embed(Reduction& r, const RealGap& gap, const Options& o, Room& room, const RunControl& control) {
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
void expand(Reduction& r, const std::shared_ptr<FactoredGap>& factored, const Options& o, Room& room, const RunControl& control) {
  const mpz_class most_bits = room.left() * 8;
  if (o.form == "factored") {
    r.target = factored;
  } else if (o.characters()) {
    const auto real = std::make_shared<RealGap>();
    real->instance = characters(factored->instance, most_bits, control);
    room.take("the vectors", matrix_bytes(real->instance));
    real->instance.made_by = factored->instance.made_by;
    real->expected = factored->expected;
    real->rounding = real->instance.rounding;
    real->unit = true;
    if (o.to == "attention") return embed(r, *real, o, room, control);
    r.target = real;
  } else {
    const auto gap = std::make_shared<Gap01>();
    gap->instance = boxes(factored->instance, o.form != "explicit", most_bits, control);
    room.take("the vectors", bit_bytes(gap->instance.sets));
    gap->instance.made_by = factored->instance.made_by;
    gap->expected = factored->expected;
    if (o.to == "attention") return embed(r, gap, o, room, control);
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
void go_through_code(Reduction& r, const std::shared_ptr<const Vectors>& vectors, const Options& o, Room& room,
                     const RunControl& control) {
  const OrthogonalVectors& ov = vectors->instance;
  std::vector<mpz_class> sizes;
  for (const BitMatrix& set : ov.sets) sizes.emplace_back(set.rows);
  const ProtocolRequest request{o.route, sizes.size(), ov.dimension, o.field, o.blocks, o.block_length, o.level};
  const std::string form = o.characters() ? "characters" : o.form.empty() ? "pruned" : o.form;
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

void reduce_vectors(Reduction& r, std::shared_ptr<Vectors> vectors, const Options& o, Room& room, const RunControl& control) {
  if (o.to == "orthogonal-vectors") {
    r.target = std::move(vectors);
  } else if (o.route == "direct") {
    embed_directly(r, vectors, o, room, control);
  } else {
    go_through_code(r, vectors, o, room, control);
  }
}

Reduction reduce_source(const std::shared_ptr<Formula>& formula, const Options& o, Room& room, const RunControl& control) {
  check_routed(o);
  check_order(o.order);
  check_listable(formula->instance, o.order);
  Reduction r;
  r.formula = formula;
  r.listing = std::make_shared<const SatToOrthogonalVectors>(formula->instance, o.order);
  room.take("the k-OV instance", r.listing->target_bytes());
  r.steps.push_back({"cnf -> orthogonal-vectors", r.listing->guarantee()});
  r.lift.steps.push_back(lift_step(*r.listing));
  const auto vectors = std::make_shared<Vectors>(Vectors{r.listing->target(0, control), formula->expected, {}, {}});
  if (formula->planted) vectors->planted = r.listing->push(*formula->planted).second;
  reduce_vectors(r, vectors, o, room, control);
  return r;
}

Reduction reduce_source(const std::shared_ptr<Vectors>& vectors, const Options& o, Room& room, const RunControl& control) {
  check_routed(o);
  if (o.to == "orthogonal-vectors")
    throw std::invalid_argument("these are orthogonal vectors already; give to='attention' or to='gap-max-ip'");
  Reduction r;
  r.sizes = sizes_of(vectors->instance.sets);
  reduce_vectors(r, vectors, o, room, control);
  return r;
}

template <class Gap>
Reduction reduce_gap(const std::shared_ptr<Gap>& gap, const Options& o, Room& room, const RunControl& control) {
  check_beyond_code(o);
  if (o.to != "attention" || o.characters() || !o.form.empty())
    throw std::invalid_argument("these vectors are Gap-k-MaxIP already; give to='attention', without gadget and form");
  Reduction r;
  r.sizes = sizes_of(gap->instance.sets);
  if constexpr (std::is_same_v<Gap, Gap01>) {
    if (o.mu != 0) throw std::invalid_argument("mu goes with real vectors, and these are not");
    embed(r, gap, o, room, control);
  } else {
    if (o.embedding == "paper" || o.centred)
      throw std::invalid_argument("real vectors come with the sharp embedding, not centred");
    embed(r, *gap, o, room, control);
  }
  return r;
}
Reduction reduce_source(const std::shared_ptr<Gap01>& gap, const Options& o, Room& room, const RunControl& control) {
  return reduce_gap(gap, o, room, control);
}
Reduction reduce_source(const std::shared_ptr<RealGap>& gap, const Options& o, Room& room, const RunControl& control) {
  return reduce_gap(gap, o, room, control);
}
Reduction reduce_source(const std::shared_ptr<FactoredGap>& gap, const Options& o, Room& room, const RunControl& control) {
  check_beyond_code(o);
  if (o.to == "orthogonal-vectors" || o.form == "factored")
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

std::size_t order_of(const Formula&, std::optional<std::size_t> asked) { return asked.value_or(3); }
template <class Source>
std::size_t order_of(const Source& source, std::optional<std::size_t> asked) {
  std::size_t order = 0;
  if constexpr (std::is_same_v<Source, FactoredGap>)
    order = source.instance.sets->size();
  else
    order = source.instance.sets.size();
  if (asked && *asked != order)
    throw std::invalid_argument("order=" + std::to_string(*asked) + ": the source has order " + std::to_string(order));
  return order;
}

template <class Source>
void bind_reduce(py::module_& module, const char* doc) {
  module.def(
      "reduce",
      [](const std::shared_ptr<Source>& source, const std::string& to, std::optional<std::size_t> order, const std::string& route,
         bool square, bool causal, bool centred, const std::string& entry_dtype, const std::string& gadget,
         const std::string& form, const std::string& embedding, const py::object& mu, const py::object& message,
         std::optional<std::size_t> field, std::optional<std::size_t> blocks, std::optional<std::size_t> block_length,
         std::optional<std::size_t> level, const py::object& delta, double max_tuples, const py::object& memory_limit,
         std::optional<double> timeout) {
        Options o{to,
                  route,
                  entry_dtype,
                  gadget,
                  form,
                  embedding,
                  order_of(*source, order),
                  square,
                  causal,
                  centred,
                  double_of(mu, "mu"),
                  {},
                  field,
                  blocks,
                  block_length,
                  level,
                  rational_of(delta, "delta")};
        if (!message.is_none()) o.message = integer_from(message, "message");
        if (o.message && *o.message < 0)
          throw std::invalid_argument("message " + o.message->get_str() + ": messages count from 0");
        Room room{limits_of(memory_limit, max_tuples)};
        return watched({0, timeout, room.limits},
                       [&](const RunControl& control) { return reduce_source(source, o, room, control); });
      },
      doc, "source"_a, "to"_a = "attention", py::kw_only(), "order"_a = py::none(), "route"_a = "direct", "square"_a = false,
      "causal"_a = false, "centred"_a = false, "entry_dtype"_a = "f64", "gadget"_a = "boxes", "form"_a = "",
      "embedding"_a = "sharp", "mu"_a = 0.0, "message"_a = py::none(), "field"_a = py::none(), "blocks"_a = py::none(),
      "block_length"_a = py::none(), "level"_a = py::none(), "delta"_a = py::none(), "max_tuples"_a = 1e18,
      "memory_limit"_a = py::none(), "timeout"_a = py::none());
}

/// A tuple of the source's vectors.
Tuple source_tuple(const Reduction& r, const py::object& witness) {
  const auto tuple = tuple_from(witness);
  bool holds = tuple && tuple->size() == r.sizes.size();
  for (std::size_t u = 0; holds && u < tuple->size(); ++u) holds = (*tuple)[u] < r.sizes[u];
  if (!holds) throw std::invalid_argument("a witness has one index for each of the source's sets, in range");
  return *tuple;
}

/// Any integers; the lift table says which of them are indices.
WitnessNumbers numbers_from(const py::object& witness) {
  WitnessNumbers numbers;
  for (const py::handle& one : witness) {
    const std::string what = "number " + std::to_string(numbers.size()) + " of the witness";
    const mpz_class number = integer_from(one, what);
    if (!number.fits_slong_p()) throw std::invalid_argument(what + " is " + number.get_str() + ", which is no index");
    numbers.push_back(number.get_si());
  }
  return numbers;
}

}  // namespace

void bind_reductions(py::module_& module) {
  py::class_<Reduction>(
      module, "Reduction",
      "An instance reduced, with the maps of witnesses. Witnesses: a list of literals for a formula, else a list of indices.")
      .def_property_readonly(
          "target", [](const Reduction& r) { return std::visit([](const auto& t) { return py::cast(t); }, r.target); },
          "OrthogonalVectors, GapMaxIp, RealGapMaxIp, FactoredGapMaxIp or Attention.")
      .def_property_readonly(
          "steps",
          [](const Reduction& r) {
            py::list steps;
            for (const Step& s : r.steps)
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
            if (!r.formula) return r.push(source_tuple(r, witness));
            return r.push(r.listing->push(assignment_of(numbers_from(witness), r.formula->instance.variables)).second);
          },
          "witness"_a,
          "A witness of the source as a witness of the target. Through a code it is one only for the honest message.")
      .def(
          "pull", [](const Reduction& r, const py::object& witness) { return lift(r.lift, numbers_from(witness)); }, "witness"_a,
          "A witness of the target as a witness of the source. ValueError for an index that stands for no vector.");

  bind_reduce<Formula>(
      module,
      "Writes an instance as one of another problem, by rules whose theorems are proved in docs/reductions.md.\n\n"
      "source: Formula, OrthogonalVectors, or Gap-k-MaxIP in any form. to: 'orthogonal-vectors', 'gap-max-ip' or 'attention'.\n"
      "order: k, for formulas (3 unless given). route: 'direct', or through a code: 'reed-solomon', 'hermitian', 'tower'.\n"
      "Direct: square (equal numbers of rows), causal (the same answer under a causal mask), entry_dtype (B is rounded up so\n"
      "that entries survive conversion to 'f32', 'f16', 'bf16').\n"
      "Codes: message is the number of Merlin's message, by default his best reply to the tuple of least inner product "
      "(searched\n"
      "by brute force); field, blocks, block_length, level fix the code; gadget 'boxes' gives 0/1 vectors (GapMaxIp; form\n"
      "'pruned' or 'explicit') or the field symbols (form 'factored': FactoredGapMaxIp), 'characters' real ones (RealGapMaxIp);\n"
      "embedding 'sharp' or 'paper'; mu: weight per copy of a coordinate of characters, the mean weight unless given.\n"
      "centred: order 2, keys B and -B, for B smaller by the square root of 2.\n"
      "delta: NO outputs stay below it, at most 1/4, by default 1/16; to decide through gradients at most 1/(4 sqrt(rows of "
      "q)).");
  bind_reduce<Vectors>(module, "");
  bind_reduce<Gap01>(module, "");
  bind_reduce<RealGap>(module, "");
  bind_reduce<FactoredGap>(module, "");
}

}  // namespace gapwright::python
