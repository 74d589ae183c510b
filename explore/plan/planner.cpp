// SPDX-License-Identifier: MIT
// The planner (docs/reductions.md, section 7).
//
// All embeddings take B^k = d' mu ln(Nmain/delta) / (t - s_no), mu = 1 but for the characters gadget, where a coordinate of
// weight w is repeated ceil(w/mu) times. ln(Nmain/delta) is common to all ways to the same sets, so B is compared through the
// rational d' mu / (t - s_no).
//   direct      d' = M + 2^(k-1) - 2, t - s_no = 1
//   centred     k = 2, direct and boxes: half of d' / (t - s_no), as gamma = 2 B^2 / d'
//   boxes       vectors of dimension L Q^((k-1)T), t = L, s_no = k D; sharp d' = that + L, paper twice that
//   characters  2^T coordinates of weight 1 at the K systematic coins, those of Theorem R11 at the others. How many of these have
//               Phi = 0 depends on the message; the planner counts at each whichever of Phi = 0 and Phi != 0 costs more (at T = 1
//               and small mu it is Phi = 0). mu: the largest weight (every coordinate once), and the mean weight at a coin with
//               Phi != 0, halved 0 and 4 times, as a double rounded up.
// A code with T blocks of K = ceil(M/T) symbols: of all T with the same K the least serves, as d' grows with T and nothing else
// depends on it.
#include "explore/plan/planner.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <tuple>

#include "reductions/character_numbers.hpp"
#include "reductions/orthogonal_vectors_to_attention.hpp"
#include "reductions/orthogonal_vectors_to_gap_max_ip.hpp"
#include "support/powers.hpp"
#include "verify/ball.hpp"

namespace gapwright {
namespace {

constexpr long kBits = 128;
constexpr unsigned kOnce = 99;  // halvings standing for mu = the largest weight
constexpr std::array<unsigned, 3> kChoices{kOnce, 0, 4};
constexpr double kInfinite = std::numeric_limits<double>::infinity();
constexpr double kMostLogDimension = 512;  // boxes beyond 2^512 coordinates are left out

Enclosure outward(const Ball& ball) {
  const mpq_class lo = lower(ball), hi = upper(ball);
  return {std::nextafter(lo.get_d(), -kInfinite), std::nextafter(hi.get_d(), kInfinite)};
}

/// B is rounded up to a double, the softmax scale to the nearest, and gamma is recomputed from both; the gap's logarithm moves with
/// gamma. At orders up to 24 that is less than this.
Enclosure as_written(const Enclosure& e) { return {e.lo - std::abs(e.lo) * 0x1p-46, e.hi + std::abs(e.hi) * 0x1p-46}; }

Ball ball_of(const mpq_class& q) { return Ball::around(q, kBits); }

Ball weight_total(const std::vector<WeightClass>& classes, const RunControl& control) {
  Ball sum = Ball::exactly(0.0);
  for (const WeightClass& c : classes) {
    control.check();
    sum = add(sum, multiply(ball_of(c.coordinates), sqrt(ball_of(c.weight_squared), kBits), kBits), kBits);
  }
  return sum;
}

/// Blocks and block lengths worth looking at: for each K = ceil(dimension / T) the least T.
std::vector<std::pair<std::size_t, std::size_t>> cuts(std::size_t dimension, std::size_t most_blocks) {
  std::vector<std::pair<std::size_t, std::size_t>> result;
  for (std::size_t blocks = 1; blocks <= most_blocks; ++blocks) {
    const std::size_t length = (dimension + blocks - 1) / blocks;
    if (result.empty() || length < result.back().second) result.emplace_back(blocks, length);
    if (length == 1) break;
  }
  return result;
}

double log2_boxes(const ProtocolShape& s, std::size_t order) {
  return std::log2(s.coins) + static_cast<double>((order - 1) * s.blocks) * std::log2(s.field_size);
}

}  // namespace

Planner::Planner(std::size_t order, const PlanLimits& limits) : order_(order), limits_(limits) {}

const std::vector<CurveNumbers>& Planner::curves(const CodeFamily& family, const RunControl& control) {
  const auto found = curves_.find(&family);
  if (found != curves_.end()) return found->second;
  return curves_.emplace(&family, curve_numbers(family, limits_.largest_field, limits_.longest, {}, control)).first->second;
}

const CharacterCost& Planner::character_cost(std::size_t field_size, std::size_t blocks, unsigned halvings,
                                             const RunControl& control) {
  const std::tuple key{field_size, blocks, halvings};
  if (const auto known = costs_.find(key); known != costs_.end()) return known->second;
  CharacterCost cost;
  const auto classes = character_weights(CoinKind::nonzero, field_size, blocks, order_, control);
  double mu = 1;  // the weight at systematic coins
  if (halvings == kOnce) {
    for (const WeightClass& c : classes) {
      control.check();
      mu = std::max(mu, outward(sqrt(ball_of(c.weight_squared), kBits)).hi);
    }
  } else {
    mu = std::ldexp(outward(divide(weight_total(classes, control), ball_of(coordinate_count(classes)), kBits)).hi,
                    -static_cast<int>(halvings));
  }
  cost.mu = mpq_class(mu);
  const auto coordinates = [&](const std::vector<WeightClass>& at_coin) {
    mpz_class count = 0;
    for (const WeightClass& c : at_coin) {
      control.check();
      count += c.coordinates * repetitions(c.weight_squared, cost.mu);
    }
    return count;
  };
  cost.other =
      std::max(coordinates(classes), coordinates(character_weights(CoinKind::zero, field_size, blocks, order_, control)));
  cost.systematic = power(2, blocks) * repetitions(1, cost.mu);
  return costs_.emplace(key, std::move(cost)).first->second;
}

PlanPoint Planner::direct(std::size_t dimension) const {
  const mpz_class d = mpz_class(std::max<std::size_t>(dimension, 1)) + power(2, order_ - 1) - 2;
  return {nullptr, {}, Embedding::direct, false, {}, {1, 0}, mpz_class(dimension), d, 1, mpq_class(d)};
}

PlanPoint with_centred_keys(PlanPoint point, std::size_t order) {
  if (order != 2 || point.gadget == Gadget::characters || point.centred) return point;
  point.centred = true;
  point.entry_constant /= 2;
  return point;
}

PlanPoint Planner::boxes_point(const ProtocolShape& s, Embedding embedding) const {
  PlanPoint p{.family = s.family, .gadget = Gadget::boxes, .embedding = embedding, .shape = s, .mu = 1};
  p.gap = {static_cast<std::int64_t>(s.coins), static_cast<std::int64_t>(order_ * s.degree)};
  p.vector_dimension = power(s.field_size, (order_ - 1) * s.blocks) * s.coins;
  p.dimension = embedding == Embedding::sharp ? mpz_class(p.vector_dimension + s.coins) : mpz_class(2 * p.vector_dimension);
  p.entry_constant = mpq_class(p.dimension, mpz_class(p.gap.yes_at_least - p.gap.no_at_most));
  p.entry_constant.canonicalize();
  return p;
}

PlanPoint Planner::characters_point(const ProtocolShape& s, unsigned halvings, const RunControl& control) {
  const CharacterCost& cost = character_cost(s.field_size, s.blocks, halvings, control);
  PlanPoint p{.family = s.family, .gadget = Gadget::characters, .embedding = Embedding::sharp, .shape = s, .mu = cost.mu};
  p.gap = {static_cast<std::int64_t>(s.coins), static_cast<std::int64_t>(order_ * s.degree)};
  p.vector_dimension = cost.systematic * s.block_length + cost.other * (s.coins - s.block_length);
  p.dimension = p.vector_dimension + repetitions(mpq_class(s.coins) * s.coins, cost.mu);
  p.entry_constant = mpq_class(p.dimension) * cost.mu / (p.gap.yes_at_least - p.gap.no_at_most);
  return p;
}

std::vector<PlanPoint> Planner::all(std::size_t dimension, const RunControl& control) {
  std::vector<PlanPoint> points;
  const auto add = [&](PlanPoint point) {
    if (order_ == 2 && point.exact()) points.push_back(with_centred_keys(point, order_));
    points.push_back(std::move(point));
  };
  add(direct(dimension));
  for (const CodeFamily& family : compared_families())
    for (const CurveNumbers& curve : curves(family, control))
      for (const auto& [blocks, length] : cuts(std::max<std::size_t>(dimension, 1), curve.characteristic - 1)) {
        control.check();
        const auto shape = shape_on(curve, order_, blocks, length);
        if (!shape || log2_boxes(*shape, order_) > kMostLogDimension) continue;
        add(boxes_point(*shape, Embedding::sharp));
        add(boxes_point(*shape, Embedding::paper));
        for (const unsigned halvings : kChoices) add(characters_point(*shape, halvings, control));
      }
  return points;
}

namespace {

/// What a coin costs at least outside the information set, from field and blocks alone; increasing with the blocks. Boxes:
/// Q^((k-1)T) coordinates. Characters: by Theorem R11 the weights with Phi != 0 sum to at least (a^T - 1)/Q,
/// a = 1 + Q/(Q-1) + (Q-2) sqrt(Q)/(Q-1). As (L - K)/(L - kD) >= 1/2, because D >= K - 1, a way's d' mu / (t - s_no) is at least
/// half of it.
double least_coin_cost(std::size_t field_size, std::size_t blocks, std::size_t order, Gadget gadget) {
  const auto q = static_cast<double>(field_size), t = static_cast<double>(blocks);
  if (gadget == Gadget::boxes) return std::pow(q, static_cast<double>(order - 1) * t);
  const double a = 1 + q / (q - 1) + (q - 2) * std::sqrt(q) / (q - 1);
  return (std::pow(a, t) - 1) / q;
}

}  // namespace

double Planner::approximate_constant(const ProtocolShape& s, Gadget gadget, const RunControl& control) {
  const double length = static_cast<double>(s.coins), gap = static_cast<double>(s.coins - order_ * s.degree);
  if (gadget == Gadget::boxes)
    return (std::pow(static_cast<double>(s.field_size), static_cast<double>((order_ - 1) * s.blocks)) + 1) * length / gap;
  const CharacterCost& cost = character_cost(s.field_size, s.blocks, kChoices.back(), control);
  const double mu = cost.mu.get_d(), systematic = static_cast<double>(s.block_length);
  return (cost.systematic.get_d() * systematic + cost.other.get_d() * (length - systematic) + std::ceil(length / mu)) * mu / gap;
}

std::optional<PlanPoint> Planner::least_entries(const CodeFamily& family, Gadget gadget, std::size_t dimension,
                                                const RunControl& control) {
  constexpr double kClose = 1 + 1e-9;  // what approximations tell apart; the rest is compared exactly
  std::optional<PlanPoint> best;
  double least = kInfinite;
  const std::vector<CurveNumbers>& known = curves(family, control);
  for (auto curve = known.rbegin(); curve != known.rend(); ++curve)  // large fields fit with few blocks: a good bound early
    for (const auto& [blocks, length] : cuts(std::max<std::size_t>(dimension, 1), curve->characteristic - 1)) {
      control.check();
      const double floor = least_coin_cost(curve->field_size, blocks, order_, gadget);
      if (floor / 2 > least * kClose) break;  // more blocks only add to that
      const auto shape = shape_on(*curve, order_, blocks, length);
      if (!shape) continue;
      const double coins = static_cast<double>(shape->coins), gap = static_cast<double>(shape->coins - order_ * shape->degree);
      if (floor * (coins - static_cast<double>(length)) / gap > least * kClose) continue;
      const double constant = approximate_constant(*shape, gadget, control);
      if (constant > least * kClose) continue;
      PlanPoint point =
          gadget == Gadget::boxes ? boxes_point(*shape, Embedding::sharp) : characters_point(*shape, kChoices.back(), control);
      if (best && point.entry_constant >= best->entry_constant) continue;
      best = std::move(point);
      least = constant;
    }
  return best;
}

namespace {

/// Q^symbols compared exactly; logarithms decide when they are clearly apart.
int compare_messages(const PlanPoint& a, const PlanPoint& b) {
  const auto symbols = [](const PlanPoint& p) { return p.shape ? p.shape->message_symbols : 0; };
  const auto size = [](const PlanPoint& p) { return p.shape ? p.shape->field_size : 2; };
  const double x = static_cast<double>(symbols(a)) * std::log2(size(a)), y = static_cast<double>(symbols(b)) * std::log2(size(b));
  if (std::abs(x - y) > 1e-9 * (1 + x + y)) return x < y ? -1 : 1;
  return sgn(mpz_class(power(size(a), symbols(a)) - power(size(b), symbols(b))));
}

}  // namespace

std::optional<PlanPoint> Planner::fewest_messages(std::size_t dimension, const mpz_class& most_dimension,
                                                  const RunControl& control) {
  std::optional<PlanPoint> best;
  const double most_log = static_cast<double>(mpz_sizeinbase(most_dimension.get_mpz_t(), 2));
  for (const CodeFamily& family : compared_families())
    for (const CurveNumbers& curve : curves(family, control))
      for (const auto& [blocks, length] : cuts(std::max<std::size_t>(dimension, 1), curve.characteristic - 1)) {
        control.check();
        // Either gadget has at least Q^T/Q coordinates at a coin outside the information set, and more blocks only add to them.
        if (static_cast<double>(blocks - 1) * std::log2(curve.field_size) > most_log) break;
        const auto shape = shape_on(curve, order_, blocks, length);
        if (!shape || log2_boxes(*shape, order_) > kMostLogDimension) continue;
        const PlanPoint messages{
            .family = &family, .gadget = Gadget::boxes, .embedding = Embedding::sharp, .shape = shape, .mu = 1};
        if (best && compare_messages(*best, messages) < 0) continue;
        std::vector<PlanPoint> points{with_centred_keys(boxes_point(*shape, Embedding::sharp), order_)};
        for (const unsigned halvings : kChoices) points.push_back(characters_point(*shape, halvings, control));
        for (PlanPoint& point : points) {
          if (point.dimension > most_dimension) continue;
          const int messages_compared = best ? compare_messages(point, *best) : -1;
          if (messages_compared < 0 || (messages_compared == 0 && point.entry_constant < best->entry_constant))
            best = std::move(point);
        }
      }
  return best;
}

mpz_class Planner::characters_dimension(const PlanPoint& p, std::size_t zeros) const {
  const ProtocolShape& s = *p.shape;
  const auto at_coin = [&](CoinKind kind) {
    mpz_class count = 0;
    for (const WeightClass& c : character_weights(kind, s.field_size, s.blocks, order_))
      count += c.coordinates * repetitions(c.weight_squared, p.mu);
    return count;
  };
  return at_coin(CoinKind::systematic) * s.block_length + at_coin(CoinKind::zero) * zeros +
         at_coin(CoinKind::nonzero) * (s.coins - s.block_length - zeros) + repetitions(mpq_class(s.coins) * s.coins, p.mu);
}

namespace {

/// Tuples of keys by what they are made of.
struct TupleCounts {
  mpz_class main = 1, mixed, pads = 1;
  mpz_class keys = 0;  ///< pads among them
};

TupleCounts tuple_counts(const std::vector<mpz_class>& set_sizes, bool paper) {
  TupleCounts t;
  mpz_class all = 1;
  for (std::size_t u = 1; u < set_sizes.size(); ++u) {
    const mpz_class pads = paper ? set_sizes[u] : mpz_class(1);
    t.main *= set_sizes[u];
    all *= set_sizes[u] + pads;
    t.keys += set_sizes[u] + pads;
    t.pads *= pads;
  }
  t.mixed = all - t.main - t.pads;
  return t;
}

Ball sum(const Ball& a, const Ball& b) { return add(a, b, kBits); }
Ball multiple(const mpq_class& factor, const Ball& x) { return multiply(ball_of(factor), x, kBits); }
Ball log_of_two() { return log(Ball::exactly(2.0), kBits); }

void add_messages(PlanFigures& f, const ProtocolShape& shape, const std::vector<mpz_class>& set_sizes) {
  const Ball messages = multiply(Ball::exactly(static_cast<std::uint64_t>(shape.message_symbols)),
                                 log(Ball::exactly(static_cast<std::uint64_t>(shape.field_size)), kBits), kBits);
  const mpz_class& largest = *std::ranges::max_element(set_sizes);
  f.log2_messages = outward(divide(messages, log_of_two(), kBits));
  if (largest > 1) f.message_exponent = outward(divide(messages, log(ball_of(mpq_class(largest)), kBits), kBits));
  f.factored_bytes = factored_bits(set_sizes, shape.coins, shape.blocks, shape.field_size) / 8;
}

Enclosure characters_weight_sum(const ProtocolShape& s, std::size_t order, const RunControl& control) {
  const Ball with_zero = weight_total(character_weights(CoinKind::zero, s.field_size, s.blocks, order, control), control);
  const Ball without = weight_total(character_weights(CoinKind::nonzero, s.field_size, s.blocks, order, control), control);
  const Ball& most = upper(with_zero) > upper(without) ? with_zero : without;
  const Ball coins = multiply(ball_of(mpq_class(s.coins - s.block_length)), most, kBits);
  return outward(sum(coins, ball_of(mpq_class(power(2, s.blocks) * s.block_length + s.coins))));
}

/// Thresholds yes = Y/(Y + P), no = Z/(Z + P), all divided by the weight of a tuple of pads. yes - no = P (Y - Z) / ((Y + P)(Z + P)), and
/// for paper, where Y and Z are of the order e^(-gamma (d - t)), that factor of Y - Z stays outside of the balls.
struct Thresholds {
  Ball yes, no;       ///< Y and Z
  Ball rest;          ///< P
  mpq_class outside;  ///< Y - Z = e^(gamma outside) difference
  Ball difference;

  /// Half of yes - no, without e^(gamma outside).
  Ball half_gap() const {
    const Ball below = multiply(sum(yes, rest), sum(no, rest), kBits);
    return divide(multiply(difference, rest, kBits), multiple(2, below), kBits);
  }
};

Thresholds thresholds_of(const PlanPoint& p, const Ball& gamma, const TupleCounts& tuples, bool paper) {
  const auto e = [&](const mpq_class& times) { return exp(multiply(gamma, ball_of(times), kBits), kBits); };
  const mpz_class t(p.gap.yes_at_least), s(p.gap.no_at_most), &d = p.vector_dimension;
  const mpz_class pad = p.shape ? t : mpz_class(1);  // direct: mixed tuples weigh e^-gamma, the pads 1
  Thresholds w;
  w.outside = paper ? mpq_class(t - d) : mpq_class(0);
  w.difference = sum(Ball::exactly(1.0), multiple(-mpq_class(tuples.main), e(mpq_class(s - t))));
  if (paper) w.difference = sum(w.difference, multiple(tuples.main - 1, e(mpq_class(-t))));
  w.yes = paper ? sum(e(w.outside), multiple(tuples.main - 1, e(mpq_class(-d)))) : Ball::exactly(1.0);
  w.no = multiple(tuples.main, e(mpq_class(paper ? s - d : s - t)));
  w.rest = sum(multiple(tuples.mixed, e(mpq_class(paper ? -d : -pad))), ball_of(tuples.pads));
  return w;
}

/// Entries of characters are rounded (reductions/real_attention.cpp): scores are off by at most `off`, the thresholds by at most
/// half of that each.
double least_log2_error(const PlanFigures& f, const Ball& gap, std::size_t order) {
  if (!std::isfinite(f.weight_sum.hi)) return -kInfinite;
  const mpq_class off = mpq_class(f.gamma.hi) * mpq_class(f.weight_sum.hi) * mpz_class(64 * order) / power(2, 53);
  const Ball least = add(gap, ball_of(-off), kBits);
  return lower(least) > 0 ? as_written(outward(divide(log(least, kBits), log_of_two(), kBits))).lo : -kInfinite;
}

}  // namespace

PlanFigures Planner::figures(const PlanPoint& p, const std::vector<mpz_class>& set_sizes, const mpq_class& delta,
                             const RunControl& control) const {
  check_delta(delta);
  const bool paper = p.embedding == Embedding::paper;
  const TupleCounts tuples = tuple_counts(set_sizes, paper);
  PlanFigures f;
  f.tensor_bytes = 8 * ((set_sizes[0] + tuples.keys) * p.dimension + tuples.keys);
  const Ball logarithm = log(ball_of(mpq_class(tuples.main) / delta), kBits);
  const Ball gamma = divide(logarithm, ball_of(mpq_class(p.gap.yes_at_least - p.gap.no_at_most)), kBits);
  f.gamma = as_written(outward(gamma));
  f.entry_bound = as_written(outward(root(multiply(ball_of(p.entry_constant), logarithm, kBits), order_, kBits)));
  if (p.shape) add_messages(f, *p.shape, set_sizes);
  f.weight_sum = !p.exact() ? characters_weight_sum(*p.shape, order_, control) : outward(ball_of(mpq_class(p.dimension)));
  const Thresholds w = thresholds_of(p, gamma, tuples, paper);
  f.losses_separate = paper ? 16 * set_sizes[0] * delta * delta <= 1  // by Theorem R13
                            : gapwright::losses_separate(lower(divide(w.yes, sum(w.yes, w.rest), kBits)),
                                                         upper(divide(w.no, sum(w.no, w.rest), kBits)), set_sizes[0]);
  const Ball gap = w.half_gap(), log_gap = sum(log(gap, kBits), multiple(w.outside, gamma));
  f.log2_required_error = as_written(outward(divide(log_gap, log_of_two(), kBits)));
  if (!p.exact()) f.log2_required_error.lo = least_log2_error(f, gap, order_);
  return f;
}

std::vector<PlanPoint> pareto_front(std::vector<PlanPoint> points) {
  std::stable_sort(points.begin(), points.end(), [](const PlanPoint& a, const PlanPoint& b) {
    if (const int messages = compare_messages(a, b); messages != 0) return messages < 0;
    if (a.dimension != b.dimension) return a.dimension < b.dimension;
    return a.entry_constant < b.entry_constant;
  });
  std::vector<PlanPoint> front;  // earlier points have no more messages, so they beat by d' and B alone
  for (PlanPoint& p : points)
    if (std::none_of(front.begin(), front.end(),
                     [&](const PlanPoint& f) { return f.dimension <= p.dimension && f.entry_constant <= p.entry_constant; }))
      front.push_back(std::move(p));
  return front;
}

}  // namespace gapwright
