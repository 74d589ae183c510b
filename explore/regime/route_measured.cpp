// SPDX-License-Identifier: MIT
// A matched k-OV pair (planted orthogonal tuple, or formulas one literal apart), the route's protocol over the
// planner's code, honest Merlin's message for the yes instance and his best reply to the same tuple for the no instance; all
// tuples' accepting coins are counted (explore/code_pair). Outputs at every B follow for either gadget: gamma = B^k/(d' mu). The
// yes instance's input is built where it is small, and d' and B are read off it; exact attention over it must agree with the
// counts. By characters d' depends on the zeros of the message (Theorem R11): the planner's law for that number of zeros stands
// beside it, and the no instance takes the same gamma. What is too large to be written out is measured in the factored form.
#include "explore/regime/route_measured.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "attention/exact.hpp"
#include "explore/regime/code_pair.hpp"
#include "explore/regime/formula_pair.hpp"
#include "reductions/boxes.hpp"
#include "reductions/characters.hpp"
#include "reductions/gap_max_ip_to_attention.hpp"
#include "reductions/real_attention.hpp"
#include "support/errors.hpp"
#include "verify/factored_attention.hpp"
#include "verify/orthogonal_tuples.hpp"

namespace gapwright {
namespace {

/// Yes instances are written out and run up to this many bytes.
constexpr std::size_t kMostCompared = std::size_t{1} << 26;

/// Codes that are built in moments; towers take a basis of their function field.
constexpr std::size_t kLongestBuilt = 20'000, kLongestTower = 1000;

/// A k-OV pair whose no instance has no orthogonal tuple and whose yes instance has the planted one alone.
std::optional<VectorPair> orthogonal_pair(std::size_t order, std::size_t rows, std::size_t dimension, std::uint64_t seed,
                                          const RunControl& control) {
  for (std::size_t attempt = 0; attempt < 20; ++attempt) {
    VectorPair pair =
        planted_orthogonal({order, rows, dimension, seed, attempt}, std::pow(4.0, -1.0 / static_cast<double>(order)));
    const auto orthogonal = [&](const std::vector<BitMatrix>& sets) {
      return count_orthogonal_tuples({dimension, sets, {}}, control);
    };
    if (orthogonal(pair.no) == 0 && orthogonal(pair.yes) == 1) return pair;
  }
  return std::nullopt;
}

/// Exact attention over the yes instance against its outputs from the counts.
std::optional<double> exact_error(const Attention& input, const PairOutputs& outputs, const RunControl& control) {
  const std::vector<double> certified = outputs.all(input.terms.entry_bound).yes;
  const Matrix out = exact_attention(input, Arithmetic::f64, control).out;
  double most = 0;
  for (std::size_t i = 0; i < certified.size(); ++i) most = std::max(most, std::abs(out.at(i, 0) - certified[i]));
  return most;
}

void judge(MeasuredRoute& m, const RouteSweep& sweep, const PairOutputs& outputs, const AttentionTerms& terms) {
  m.entry_bound = terms.entry_bound;
  m.gap = outputs.gap(terms.entry_bound);
  const mpq_class between = (*terms.yes_at_least + *terms.no_at_most) / 2;  // the thresholds themselves may be attained
  m.right = m.gap.yes_lo > between && m.gap.no_hi < between;
  m.boundary = outputs.boundary(GapKind::additive, sweep.gap, terms.entry_bound);
}

MeasuredRoute measure_direct(const RouteSweep& sweep, std::size_t order, std::size_t rows, std::size_t dimension,
                             const RunControl& control) {
  const HardPair pair =
      hard_pair({order, rows, dimension, Embedding::direct, sweep.family, sweep.seed, 0, 0, sweep.delta}, control);
  const PairOutputs outputs(pair.counted);
  MeasuredRoute m;
  m.form = Form::full;
  m.dimension = pair.dimension;
  m.law_dimension = mpz_class(dimension) + (mpz_class(1) << (order - 1)) - 2;
  judge(m, sweep, outputs, pair.yes.terms);
  if (written_bytes(order, rows, m.dimension) <= kMostCompared)
    m.exact_error = exact_error(written_out(pair.yes), outputs, control);
  return m;
}

std::optional<VectorPair> route_pair(const RouteSweep& sweep, std::size_t order, std::size_t rows, std::size_t dimension,
                                     const RunControl& control) {
  if (sweep.family != PairFamily::ksat) return orthogonal_pair(order, rows, dimension, sweep.seed, control);
  return listed(formula_pair(formula_variables(order, rows), dimension, sweep.seed, control), order, control).vectors;
}

std::size_t message_zeros(const FactoredGapMaxIp& instance) {
  const auto zeros = std::count(instance.message.begin(), instance.message.end(), std::uint16_t{0});
  return static_cast<std::size_t>(zeros) - instance.systematic.size();
}

/// Written out.
Attention code_input(const RouteSweep& sweep, const PlanPoint& plan, const FactoredGapMaxIp& instance) {
  const mpz_class bits = mpz_class(64) * kMostCompared;
  if (plan.gadget == Gadget::characters)
    return real_attention(characters(instance, bits), plan.mu.get_d(), bits, sweep.delta).attention;
  const GapMaxIp explicit_form = boxes(instance, false, bits);
  return written_out(GapMaxIpToAttention(explicit_form, Embedding::sharp, false, sweep.delta).target(0));
}

/// Of what is too large to be written out; m.dimension becomes that of the form.
AttentionTerms factored_terms(const RouteSweep& sweep, std::size_t order, const PlanPoint& plan, const FactoredGapMaxIp& instance,
                              MeasuredRoute& m) {
  const FactoredAttention factored = factored_attention(instance, sweep.delta);
  AttentionTerms terms = factored.terms;
  m.dimension = factored.dimension;
  if (plan.gadget == Gadget::characters) {
    m.dimension = m.law_dimension;
    terms.softmax_scale = 1 / m.dimension.get_d();
    terms.entry_bound =
        std::pow(factored.gamma.get_d() * m.dimension.get_d() * plan.mu.get_d(), 1.0 / static_cast<double>(order));
    terms.entry_bound *= 1 + 1e-14;
  }
  return terms;
}

std::optional<MeasuredRoute> measure_code(const RouteSweep& sweep, const Planner& planner, const PlanPoint& plan,
                                          std::size_t rows, std::size_t dimension, const RunControl& control) {
  const std::size_t k = planner.order();
  const auto vectors = route_pair(sweep, k, rows, dimension, control);
  if (!vectors) return std::nullopt;
  const CodePair pair = code_pair(*vectors, dimension, *plan.shape, control);
  const bool by_characters = plan.gadget == Gadget::characters, small = written_bytes(k, rows, plan.dimension) <= kMostCompared;
  MeasuredRoute m;
  m.law_dimension = by_characters ? planner.characters_dimension(plan, message_zeros(pair.yes)) : plan.dimension;
  std::optional<Attention> input;
  AttentionTerms terms;
  if (small) {
    m.form = by_characters ? Form::characters : Form::full;
    input = code_input(sweep, plan, pair.yes);
    m.dimension = input->q.columns;
    terms = input->terms;
  } else {
    m.form = Form::factored;
    terms = factored_terms(sweep, k, plan, pair.yes, m);
  }
  const CountedRows counted = counted_rows(pair, terms.softmax_scale / plan.mu.get_d(), control);
  const PairOutputs outputs(counted);
  judge(m, sweep, outputs, terms);
  if (input) m.exact_error = exact_error(*input, outputs, control);
  return m;
}

/// Both instances of a pair are counted over all tuples. By a code: symbols of every coin and block, indexed, and counts up to L of every row; what
/// is written out is held in doubles, and once more while it is embedded.
void check_pair(const RouteSweep& sweep, const PlanPoint& plan, const PairRequest& r) {
  const std::string what =
      fmt::format("a pair of k = {}, n = {} by {}", r.order, r.rows,
                  plan.family ? plan.family->name + " and " + std::string(gadget_word(plan.gadget)) : std::string(kDirect));
  check_tuples(sweep.work, what, 2 * pair_tuples(r), r.dimension);
  const mpz_class written = std::min(written_bytes(r.order, r.rows, plan.dimension), mpz_class(kMostCompared));
  const mpz_class counted =
      plan.shape ? mpz_class(mpz_class(r.rows) * plan.shape->coins * (kBothCounts + 4 * r.order * plan.shape->blocks) +
                             multiples_bytes(plan.shape->coins, plan.shape->blocks, plan.shape->field_size, r.rows))
                 : pair_bytes(r);
  check_memory(sweep.work, what, counted + 2 * written);
}

}  // namespace

std::optional<MeasuredRoute> measured_route(const RouteSweep& sweep, const Planner& planner, const PlanPoint& plan,
                                            std::size_t log2_rows, std::size_t dimension, const RunControl& control) {
  const std::size_t k = planner.order();
  const double symbols =
      plan.shape ? static_cast<double>(plan.shape->coins * plan.shape->blocks) : static_cast<double>(dimension) / 64;
  if (std::exp2(static_cast<double>(k * log2_rows)) * symbols > sweep.measured_symbols) return std::nullopt;
  if (plan.shape && plan.shape->coins > (plan.shape->family->has_levels ? kLongestTower : kLongestBuilt)) return std::nullopt;
  const std::size_t rows = std::size_t{1} << log2_rows;
  check_pair(sweep, plan, {k, rows, dimension, Embedding::direct, sweep.family, sweep.seed, 0, 0, sweep.delta});
  try {
    return plan.shape ? measure_code(sweep, planner, plan, rows, dimension, control)
                      : measure_direct(sweep, k, rows, dimension, control);
  } catch (const LimitReached&) {
    control.check();  // so many tuples in so small a dimension: no draw keeps the promise
    return std::nullopt;
  }
}

}  // namespace gapwright
