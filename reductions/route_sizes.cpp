// Sizes along a route of the atlas, each by the law of its rule's guarantee: the same functions that the rules themselves build
// from, before anything is built. Two of the gadgets depend on the instance: pruned boxes keep at most L prod_{u >= 1} min(Q^T,
// n_u) coordinates (at a coin the messages of party u are at most its n_u rows), and characters depend on where the message is 0;
// what is given there says so.
#include "reductions/route_sizes.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "reductions/character_numbers.hpp"
#include "reductions/gap_max_ip_to_attention.hpp"
#include "reductions/orthogonal_vectors_to_attention.hpp"
#include "reductions/orthogonal_vectors_to_gap_max_ip.hpp"
#include "reductions/real_bounds.hpp"
#include "reductions/sat_to_orthogonal_vectors.hpp"

namespace gapwright {
namespace {

using Exactness = RouteStage::Exactness;
constexpr unsigned long kLargestPaperDimension = 4096;

mpz_class power(const mpz_class& base, std::size_t exponent) {
  mpz_class result;
  mpz_pow_ui(result.get_mpz_t(), base.get_mpz_t(), exponent);
  return result;
}

mpz_class total(const std::vector<mpz_class>& sizes) {
  mpz_class sum = 0;
  for (const mpz_class& n : sizes) sum += n;
  return sum;
}

bool starts_with(const Rule& rule, const char* text) { return rule.variant.starts_with(text); }

RouteStage first_stage(const std::string& problem, const RouteStart& start) {
  RouteStage stage;
  stage.problem = problem;
  if (problem == "cnf") {
    stage.dimension = start.clauses;
    return stage;
  }
  if (start.set_sizes.size() < 2)
    throw std::invalid_argument("the order is " + std::to_string(start.set_sizes.size()) + "; it is at least 2");
  for (const mpz_class& n : start.set_sizes)
    if (n <= 0) throw std::invalid_argument("a set is empty: the answer is no, and there is nothing to reduce");
  stage.set_sizes = start.set_sizes;
  stage.dimension = start.dimension;
  stage.bits = total(start.set_sizes) * start.dimension;
  if (problem == "gap-max-ip") stage.gap = start.gap;
  return stage;
}

void list_assignments(RouteStage& stage, const RouteStart& start) {
  Cnf cnf;
  cnf.variables = start.variables;
  const SatToOrthogonalVectors rule(cnf, start.order);
  stage.set_sizes.clear();
  for (std::size_t u = 0; u < start.order; ++u) stage.set_sizes.push_back(rule.set_size(u));
  stage.dimension = std::max<std::size_t>(start.clauses, 1);
  stage.bits = total(stage.set_sizes) * stage.dimension;
}

void embed_directly(RouteStage& stage) {
  if (!stage.dimension.fits_ulong_p()) throw std::invalid_argument("the dimension is beyond 2^64");
  const DirectEmbedding e = direct_embedding(stage.set_sizes, stage.dimension.get_ui());
  for (std::size_t u = 1; u < stage.set_sizes.size(); ++u) stage.set_sizes[u] += 1;
  stage.dimension = e.dimension;
  stage.bits = e.tensor_bits;
  stage.entry_bound = e.entry_bound;
  stage.yes_at_least = e.yes_at_least;
  stage.no_at_most = e.no_at_most;
}

/// The form whose cost chooses the code: that of the gadget which follows.
std::string form_after(const Route& route, std::size_t position) {
  if (position + 1 >= route.size()) return "factored";
  const Rule& next = rules()[route[position + 1]];
  return starts_with(next, "boxes") ? "explicit" : starts_with(next, "pruned") ? "pruned" : "characters";
}

void run_protocol(RouteStage& stage, const std::string& code, const std::string& form) {
  if (!stage.dimension.fits_ulong_p()) throw std::invalid_argument("the dimension is beyond 2^64");
  const ProtocolRequest request{code, stage.set_sizes.size(), stage.dimension.get_ui(), {}, {}, {}, {}};
  const std::vector<mpz_class>& sizes = stage.set_sizes;
  const ProtocolShape shape = choose_protocol(request, [&](const ProtocolShape& s) {
    return form == "factored" ? factored_cost(s, sizes.size()) : log2_coordinates(s, form, sizes);
  });
  stage.shape = shape;
  stage.gap = Gap{static_cast<std::int64_t>(shape.coins), static_cast<std::int64_t>(sizes.size() * shape.degree)};
  stage.instances *= power(shape.field_size, shape.message_symbols);
  stage.dimension = mpz_class(shape.coins) * shape.blocks;
  stage.bits = factored_bits(sizes, shape.coins, shape.blocks, shape.field_size);
}

void take(RouteStage& stage, const GapEmbedding& e, const mpz_class& dimension) {
  mpz_class keys = 0;
  for (std::size_t u = 1; u < stage.set_sizes.size(); ++u) {
    stage.set_sizes[u] = e.kind == Embedding::sharp ? mpz_class(stage.set_sizes[u] + 1) : mpz_class(2 * stage.set_sizes[u]);
    keys += stage.set_sizes[u];
  }
  stage.dimension = dimension;
  stage.bits = 64 * ((stage.set_sizes[0] + keys) * dimension + keys);
  stage.entry_bound = e.entry_bound;
  stage.yes_at_least = e.yes_at_least;
  stage.no_at_most = e.no_at_most;
}

/// The paper's embedding of long vectors: its thresholds are of the order e^(-gamma d), which no one can use; sizes and B as in
/// gap_embedding.
void embed_long_paper(RouteStage& stage, const mpz_class& dimension) {
  mpz_class main_tuples = 1;
  for (std::size_t u = 1; u < stage.set_sizes.size(); ++u) main_tuples *= stage.set_sizes[u];
  GapEmbedding e;
  e.kind = Embedding::paper;
  const mpq_class gamma = log_bounds(mpq_class(16 * main_tuples)).upper / (stage.gap->yes_at_least - stage.gap->no_at_most);
  e.entry_bound = root_rounded_up(gamma / mpq_class(1.0 / mpz_class(2 * dimension).get_d()), stage.set_sizes.size(), 53);
  take(stage, e, 2 * dimension);
}

/// The characters gadget, balanced by repetition with the mean weight, at a message that is nowhere 0 outside the information
/// set.
void embed_characters(RouteStage& stage) {
  const ProtocolShape& s = *stage.shape;
  const std::size_t k = stage.set_sizes.size();
  const auto classes = character_weights(CoinKind::nonzero, s.field_size, s.blocks, k);
  const double systematic = std::ldexp(static_cast<double>(s.block_length), static_cast<int>(s.blocks)),
               other = static_cast<double>(s.coins - s.block_length), t = static_cast<double>(s.coins);
  double weight = systematic + t, count = systematic + 1;
  for (const WeightClass& c : classes) {
    weight += other * c.coordinates.get_d() * std::sqrt(c.weight_squared.get_d());
    count += other * c.coordinates.get_d();
  }
  const mpq_class mu(weight / count);
  mpz_class dimension = s.block_length * power(2, s.blocks) * repetitions(1, mu) + repetitions(mpq_class(s.coins) * s.coins, mu);
  for (const WeightClass& c : classes)
    dimension += mpz_class(s.coins - s.block_length) * c.coordinates * repetitions(c.weight_squared, mu);
  const GapEmbedding e = gap_embedding(Embedding::sharp, stage.set_sizes, dimension - s.coins, *stage.gap);
  take(stage, e, dimension);
  stage.entry_bound = root_rounded_up(e.gamma * dimension * mu, k, 53);
  stage.exactness = Exactness::typical;
}

void embed_gap(RouteStage& stage, const Rule& rule) {
  const Embedding kind = rule.variant.ends_with("paper") ? Embedding::paper : Embedding::sharp;
  mpz_class dimension = stage.dimension;
  if (stage.shape) {
    if (starts_with(rule, "characters")) return embed_characters(stage);
    const ProtocolShape& s = *stage.shape;
    const bool pruned = starts_with(rule, "pruned");
    const mpz_class messages = power(s.field_size, s.blocks);
    dimension = s.coins;
    for (std::size_t u = 1; u < stage.set_sizes.size(); ++u)
      dimension *= pruned ? std::min(messages, stage.set_sizes[u]) : messages;
    if (pruned) stage.exactness = Exactness::at_most;
  } else if (!starts_with(rule, "boxes")) {
    throw std::invalid_argument("the instance has its vectors already; gadgets come with a code");
  }
  if (mpz_sizeinbase(dimension.get_mpz_t(), 2) > 1000)
    throw std::invalid_argument("the vectors have more than 2^1000 coordinates; a double cannot hold the softmax scale");
  if (kind == Embedding::paper && dimension > kLargestPaperDimension) return embed_long_paper(stage, dimension);
  const GapEmbedding e = gap_embedding(kind, stage.set_sizes, dimension, *stage.gap);
  take(stage, e, e.dimension);
}

}  // namespace

std::vector<RouteStage> route_sizes(const Route& route, const RouteStart& start) {
  if (route.empty()) throw std::invalid_argument("the route has no rule");
  std::vector<RouteStage> stages{first_stage(rules()[route[0]].source, start)};
  for (std::size_t i = 0; i < route.size(); ++i) {
    const Rule& rule = rules()[route[i]];
    RouteStage stage = stages.back();
    stage.rule = route[i];
    stage.problem = rule.target;
    if (rule.name == "sat_to_orthogonal_vectors") list_assignments(stage, start);
    if (rule.name == "orthogonal_vectors_to_attention") embed_directly(stage);
    if (rule.name == "orthogonal_vectors_to_gap_max_ip") run_protocol(stage, rule.variant, form_after(route, i));
    if (rule.name == "gap_max_ip_to_attention") embed_gap(stage, rule);
    stages.push_back(std::move(stage));
  }
  return stages;
}

std::vector<std::size_t> smallest(const std::vector<std::vector<RouteStage>>& sized) {
  const auto no_worse = [](const RouteStage& a, const RouteStage& b) {
    return a.instances <= b.instances && a.bits <= b.bits && a.entry_bound <= b.entry_bound;
  };
  std::vector<std::size_t> front;
  for (std::size_t i = 0; i < sized.size(); ++i) {
    bool beaten = false;
    for (std::size_t j = 0; j < sized.size() && !beaten; ++j)
      beaten = j != i && no_worse(sized[j].back(), sized[i].back()) && (j < i || !no_worse(sized[i].back(), sized[j].back()));
    if (!beaten) front.push_back(i);
  }
  return front;
}

ImpliedExponent implied_exponent(std::size_t order, const mpq_class& saving, std::size_t variables) {
  if (order < 2) throw std::invalid_argument("the order is at least 2");
  if (saving < 0 || saving >= 1) throw std::invalid_argument("the saving is at least 0 and below 1");
  ImpliedExponent exponent{order * (1 - saving), 0};
  if (variables > 0) exponent.finite = (1 - saving) * mpq_class(mpz_class(variables), mpz_class((variables + order - 1) / order));
  exponent.asymptotic.canonicalize();
  exponent.finite.canonicalize();
  return exponent;
}

}  // namespace gapwright
