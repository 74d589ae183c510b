// reduce: a rule applied to an instance, with both witness maps.
#include <algorithm>
#include <functional>
#include <variant>

#include "python/instances.hpp"
#include "python/watched.hpp"
#include "reductions/gap_max_ip_forms.hpp"
#include "reductions/gap_max_ip_to_attention.hpp"
#include "reductions/orthogonal_vectors_to_attention.hpp"
#include "reductions/orthogonal_vectors_to_gap_max_ip.hpp"
#include "reductions/protocol_choice.hpp"
#include "reductions/sat_to_orthogonal_vectors.hpp"
#include "verify/orthogonal_tuples.hpp"

namespace gapwright::python {
namespace {

using namespace py::literals;

struct Options {
  std::string to, route, entry_dtype, embedding;
  std::size_t order = 3;
  bool square = false;
  std::optional<std::string> message;  ///< its number in decimal digits; empty: Merlin's best
  std::optional<std::size_t> field, blocks, block_length, level;
};

struct Step {
  std::string rule;
  Guarantee guarantee;
};

/// What reduce returns: the chain of rules, closed over instances that they share.
struct Reduction {
  std::variant<std::shared_ptr<Vectors>, std::shared_ptr<Gap01>, std::shared_ptr<Attention>> target;
  std::vector<Step> steps;
  std::optional<mpz_class> message;
  std::function<Tuple(const Tuple&)> push = [](const Tuple& t) { return t; };  ///< from an orthogonal tuple
  std::function<Tuple(const Tuple&)> pull = [](const Tuple& t) { return t; };  ///< to an orthogonal tuple
  std::shared_ptr<const Formula> formula;                                      ///< the source, if it is one
  std::shared_ptr<const SatToOrthogonalVectors> listing;

  void then(std::function<Tuple(const Tuple&)> forward, std::function<Tuple(const Tuple&)> back) {
    push = [first = push, second = std::move(forward)](const Tuple& t) { return second(first(t)); };
    pull = [first = pull, second = std::move(back)](const Tuple& t) { return first(second(t)); };
  }
};

int significand_bits(const std::string& dtype) {
  if (dtype == "f64") return 53;
  if (dtype == "f32") return 24;
  if (dtype == "f16") return 11;
  if (dtype == "bf16") return 8;
  throw std::invalid_argument("entry_dtype='" + dtype + "': give 'f64', 'f32', 'f16' or 'bf16'");
}

void check_options(const Options& o) {
  if (o.to != "orthogonal-vectors" && o.to != "gap-max-ip" && o.to != "attention")
    throw std::invalid_argument("to='" + o.to + "': give 'orthogonal-vectors', 'gap-max-ip' or 'attention'");
  if (o.route != "direct" && o.route != "reed-solomon" && o.route != "hermitian" && o.route != "tower")
    throw std::invalid_argument("route='" + o.route + "': give 'direct', 'reed-solomon', 'hermitian' or 'tower'");
  if (o.embedding != "sharp" && o.embedding != "paper")
    throw std::invalid_argument("embedding='" + o.embedding + "': give 'sharp' or 'paper'");
  if (o.route != "direct" && (o.square || o.entry_dtype != "f64"))
    throw std::invalid_argument("square and entry_dtype go with route='direct'");
  if (o.route == "direct" && (o.message || o.field || o.blocks || o.block_length || o.level || o.embedding != "sharp"))
    throw std::invalid_argument(
        "message, embedding, field, blocks, block_length and level go with route='reed-solomon', 'hermitian' or 'tower'");
  if (o.to == "gap-max-ip" && o.route == "direct")
    throw std::invalid_argument("to='gap-max-ip' goes through a code: give route='reed-solomon', 'hermitian' or 'tower'");
}

/// Vectors to attention without a code.
void embed_directly(Reduction& r, const std::shared_ptr<const Vectors>& vectors, const Options& o) {
  DirectOptions options;
  options.square = o.square;
  options.significand_bits = significand_bits(o.entry_dtype);
  const auto rule = std::make_shared<const OrthogonalVectorsToAttention>(vectors->instance, options);
  check_memory("the attention input", rule->guarantee().target_bits / 8);
  r.steps.push_back({"orthogonal-vectors -> attention", rule->guarantee()});
  Attention target = written_out(rule->target(0));
  target.terms.expected = vectors->expected;
  r.target = std::make_shared<Attention>(std::move(target));
  r.then([rule, vectors](const Tuple& t) { return rule->push(t).second; },
         [rule, vectors](const Tuple& t) { return rule->pull(0, t); });
}

/// Vectors to Gap-k-MaxIP in pruned boxes, for one message of Merlin; then to attention if asked for.
void go_through_code(Reduction& r, const std::shared_ptr<const Vectors>& vectors, const Options& o, const RunControl& control) {
  const OrthogonalVectors& ov = vectors->instance;
  std::vector<mpz_class> sizes;
  for (const BitMatrix& set : ov.sets) sizes.emplace_back(set.rows);
  const auto pruned_cost = [&](const ProtocolShape& shape) {
    double sum = std::log2(static_cast<double>(shape.coins));
    for (std::size_t u = 1; u < sizes.size(); ++u)
      sum += std::min(static_cast<double>(shape.blocks) * std::log2(shape.field_size), std::log2(sizes[u].get_d()));
    return sum;
  };
  const ProtocolRequest request{o.route, sizes.size(), ov.dimension, o.field, o.blocks, o.block_length, o.level};
  const auto protocol = std::make_shared<const MerlinArthur>(build_protocol(choose_protocol(request, pruned_cost), sizes.size()));
  const auto rule = std::make_shared<const OrthogonalVectorsToGapMaxIp>(ov, protocol);
  if (o.message) {
    r.message = mpz_class(*o.message);
  } else {
    const auto least = smallest_inner_product(ov, control);
    if (!least) throw std::invalid_argument("a set is empty: the answer is no, and there is nothing to reduce");
    r.message = rule->best_reply(least->first);
  }
  const mpz_class message = *r.message;
  constexpr std::uint64_t kMostBits = std::uint64_t{1} << 34;  // 2 GB packed
  const auto gap = std::make_shared<Gap01>();
  gap->instance = boxes(rule->target(message), true, mpz_class(std::to_string(kMostBits)));
  gap->instance.made_by = ov.made_by;
  r.steps.push_back({"orthogonal-vectors -> gap-max-ip", rule->guarantee()});
  r.then([rule, vectors](const Tuple& t) { return rule->push(t).second; },
         [rule, vectors, message](const Tuple& t) { return rule->pull(message, t); });
  if (o.to == "gap-max-ip") {
    r.target = gap;
    return;
  }
  const auto embedding =
      std::make_shared<const GapMaxIpToAttention>(gap->instance, o.embedding == "paper" ? Embedding::paper : Embedding::sharp);
  check_memory("the attention input", embedding->guarantee().target_bits / 8);
  r.steps.push_back({"gap-max-ip -> attention", embedding->guarantee()});
  r.target = std::make_shared<Attention>(written_out(embedding->target(0)));
  r.then([embedding, gap](const Tuple& t) { return embedding->push(t).second; },
         [embedding, gap](const Tuple& t) { return embedding->pull(0, t); });
}

void reduce_vectors(Reduction& r, std::shared_ptr<Vectors> vectors, const Options& o, const RunControl& control) {
  if (o.to == "orthogonal-vectors") {
    r.target = std::move(vectors);
  } else if (o.route == "direct") {
    embed_directly(r, vectors, o);
  } else {
    go_through_code(r, vectors, o, control);
  }
}

Reduction reduce_formula(const std::shared_ptr<Formula>& formula, const Options& o) {
  check_options(o);
  const std::size_t group =
      (formula->instance.variables + std::max<std::size_t>(o.order, 1) - 1) / std::max<std::size_t>(o.order, 1);
  if (group >= 48)
    throw LimitReached("the first set would have 2^" + std::to_string(group) +
                       " vectors; take a larger order or a smaller formula");
  return watched({}, [&](const RunControl& control) {
    Reduction r;
    r.formula = formula;
    r.listing = std::make_shared<const SatToOrthogonalVectors>(formula->instance, o.order);
    check_memory("the k-OV instance", r.listing->guarantee().target_bits / 8);
    r.steps.push_back({"cnf -> orthogonal-vectors", r.listing->guarantee()});
    const auto vectors = std::make_shared<Vectors>(Vectors{r.listing->target(0), formula->expected, {}});
    if (formula->planted) vectors->planted = r.listing->push(*formula->planted).second;
    reduce_vectors(r, vectors, o, control);
    return r;
  });
}

Reduction reduce_given_vectors(const std::shared_ptr<Vectors>& vectors, const Options& o) {
  check_options(o);
  if (o.to == "orthogonal-vectors")
    throw std::invalid_argument("these are orthogonal vectors already; give to='attention' or to='gap-max-ip'");
  return watched({}, [&](const RunControl& control) {
    Reduction r;
    reduce_vectors(r, vectors, o, control);
    return r;
  });
}

Options options_of(const std::string& to, std::size_t order, const std::string& route, bool square,
                   const std::string& entry_dtype, const std::string& embedding, const py::object& message,
                   std::optional<std::size_t> field, std::optional<std::size_t> blocks, std::optional<std::size_t> block_length,
                   std::optional<std::size_t> level) {
  Options o{to, route, entry_dtype, embedding, order, square, {}, field, blocks, block_length, level};
  if (!message.is_none()) o.message = std::string(py::str(py::int_(message)));
  if (o.message && o.message->starts_with("-")) throw std::invalid_argument("message " + *o.message + ": messages count from 0");
  return o;
}

}  // namespace

void bind_reductions(py::module_& module) {
  py::class_<Reduction>(
      module, "Reduction",
      "An instance reduced, with the maps of witnesses. Witnesses: a list of literals for a formula, else a list of indices.")
      .def_property_readonly(
          "target", [](const Reduction& r) { return std::visit([](const auto& t) { return py::cast(t); }, r.target); },
          "OrthogonalVectors, GapMaxIp or Attention.")
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
            if (!r.formula) return r.push(witness.cast<Tuple>());
            return r.push(r.listing->push(assignment_of(witness.cast<Literals>(), r.formula->instance.variables)).second);
          },
          "witness"_a,
          "A witness of the source as a witness of the target. Through a code it is one only for the honest message.")
      .def(
          "pull",
          [](const Reduction& r, const Tuple& witness) -> py::object {
            const Tuple tuple = r.pull(witness);
            if (!r.formula) return py::cast(tuple);
            return py::cast(literals_of(r.listing->pull(0, tuple)));
          },
          "witness"_a, "A witness of the target as a witness of the source.");

  const char* doc =
      "Writes an instance as one of another problem, by rules whose theorems are proved in docs/reductions.md.\n\n"
      "source: Formula or OrthogonalVectors. to: 'orthogonal-vectors', 'gap-max-ip' or 'attention'. order: k, for formulas.\n"
      "route: 'direct', or through a code: 'reed-solomon', 'hermitian', 'tower' (pruned boxes; message: the number of Merlin's\n"
      "message, by default his best reply; field, blocks, block_length, level fix the code; embedding 'sharp' or 'paper').\n"
      "square: equal numbers of rows. entry_dtype: B is rounded up so that entries survive conversion to 'f32', 'f16', 'bf16'.";
  module.def(
      "reduce",
      [](const std::shared_ptr<Formula>& source, const std::string& to, std::size_t order, const std::string& route, bool square,
         const std::string& entry_dtype, const std::string& embedding, const py::object& message,
         std::optional<std::size_t> field, std::optional<std::size_t> blocks, std::optional<std::size_t> block_length,
         std::optional<std::size_t> level) {
        return reduce_formula(
            source, options_of(to, order, route, square, entry_dtype, embedding, message, field, blocks, block_length, level));
      },
      doc, "source"_a, "to"_a = "attention", py::kw_only(), "order"_a = 3, "route"_a = "direct", "square"_a = false,
      "entry_dtype"_a = "f64", "embedding"_a = "sharp", "message"_a = py::none(), "field"_a = py::none(), "blocks"_a = py::none(),
      "block_length"_a = py::none(), "level"_a = py::none());
  module.def(
      "reduce",
      [](const std::shared_ptr<Vectors>& source, const std::string& to, const std::string& route, bool square,
         const std::string& entry_dtype, const std::string& embedding, const py::object& message,
         std::optional<std::size_t> field, std::optional<std::size_t> blocks, std::optional<std::size_t> block_length,
         std::optional<std::size_t> level) {
        return reduce_given_vectors(source, options_of(to, source->instance.sets.size(), route, square, entry_dtype, embedding,
                                                       message, field, blocks, block_length, level));
      },
      "source"_a, "to"_a = "attention", py::kw_only(), "route"_a = "direct", "square"_a = false, "entry_dtype"_a = "f64",
      "embedding"_a = "sharp", "message"_a = py::none(), "field"_a = py::none(), "blocks"_a = py::none(),
      "block_length"_a = py::none(), "level"_a = py::none());
}

}  // namespace gapwright::python
