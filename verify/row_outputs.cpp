// SPDX-License-Identifier: MIT
// A tuple of inner product s weighs e^(g s), g = sign gamma. Numerator and denominator are divided by the largest weight that can occur, e^(g r),
// r the heaviest inner product that was counted or may be in a rest: all weights are then e^(-|g| |s - r|) <= 1, so neither gamma = 10^300 nor
// d' |g| = 10^12 leaves the range of balls. out_i is a mean of zeros and ones: where balls say nothing (0 / 0, both ends beyond their reach)
// its enclosure is [0, 1].
#include "verify/row_outputs.hpp"

#include <algorithm>

namespace gapwright {
namespace {

std::size_t distance(std::size_t s, std::size_t reference) { return s < reference ? reference - s : s - reference; }

}  // namespace

const Ball& RowOutputs::weight(std::size_t away, long precision) const {
  auto& known = weights_[{precision, away}];
  if (!known) known = exp(Ball::around(mpq_class(-gamma_ * mpz_class(away)), precision + 32), precision);
  return *known;
}

std::size_t RowOutputs::heaviest(const RowCounts& row) const {
  std::optional<std::size_t> best;
  const auto take = [&](std::size_t s) { best = !best ? s : sign_ < 0 ? std::min(*best, s) : std::max(*best, s); };
  for (const auto* bins : {&row.main, &row.other})
    for (std::size_t s = 0; s < bins->size(); ++s)
      if ((*bins)[s] != 0) take(s);
  if (row.main_rest != 0 || row.other_rest != 0) take(sign_ < 0 ? row.main.size() : largest_);
  return best.value_or(0);
}

Ball RowOutputs::counted_sum(const std::vector<std::uint64_t>& bins, std::size_t reference, long precision) const {
  Ball sum;
  for (std::size_t s = 0; s < bins.size(); ++s)
    if (bins[s] != 0)
      sum = add(sum, multiply(Ball::exactly(bins[s]), weight(distance(s, reference), precision), precision), precision);
  return sum;
}

RowOutputs::Output RowOutputs::output(const RowCounts& row, long precision) const {
  const std::size_t counted = row.main.size(), reference = heaviest(row);
  const bool complete = counted > largest_;
  const Ball rest_small = complete ? Ball() : weight(distance(sign_ < 0 ? largest_ : counted, reference), precision);
  const Ball rest_large = complete ? Ball() : weight(distance(sign_ < 0 ? counted : largest_, reference), precision);
  const Ball main = counted_sum(row.main, reference, precision);
  const Ball other = counted_sum(row.other, reference, precision);
  const auto with_rest = [&](const Ball& sum, std::uint64_t rest, const Ball& each) {
    return rest == 0 ? sum : add(sum, multiply(Ball::exactly(rest), each, precision), precision);
  };
  const auto quotient = [&](const Ball& m, const Ball& o) { return divide(m, add(m, o, precision), precision); };
  return {quotient(with_rest(main, row.main_rest, rest_small), with_rest(other, row.other_rest, rest_large)),
          quotient(with_rest(main, row.main_rest, rest_large), with_rest(other, row.other_rest, rest_small))};
}

RowVerdict RowOutputs::classify(const RowCounts& row, const mpq_class& between, const Precision& precision) const {
  RowVerdict verdict;
  for (long bits = precision.first; bits <= precision.last; bits *= 2) {
    const Output out = output(row, bits);
    const mpq_class zero(0), one(1);
    verdict = compare(is_finite(out.lo) ? std::clamp(lower(out.lo), zero, one) : zero,
                      is_finite(out.hi) ? std::clamp(upper(out.hi), zero, one) : one, between, bits);
    const bool only_precision_is_missing = row.main_rest == 0 && row.other_rest == 0;
    if (verdict.answer != Answer::undecided || !only_precision_is_missing) break;
  }
  return verdict;
}

}  // namespace gapwright
