#include "verify/row_outputs.hpp"

namespace gapwright {

const Ball& RowOutputs::weight(std::size_t s, long precision) const {
  auto& known = weights_[{precision, s}];
  if (!known) known = exp(Ball::around(mpq_class(gamma_ * sign_ * mpz_class(s)), precision + 32), precision);
  return *known;
}

Ball RowOutputs::counted_sum(const std::vector<std::uint64_t>& bins, long precision) const {
  Ball sum;
  for (std::size_t s = 0; s < bins.size(); ++s)
    if (bins[s] != 0) sum = add(sum, multiply(Ball::exactly(bins[s]), weight(s, precision), precision), precision);
  return sum;
}

RowOutputs::Output RowOutputs::output(const RowCounts& row, long precision) const {
  const std::size_t counted = row.main.size();
  const bool complete = counted > largest_;
  const Ball rest_small = complete ? Ball() : weight(sign_ < 0 ? largest_ : counted, precision);
  const Ball rest_large = complete ? Ball() : weight(sign_ < 0 ? counted : largest_, precision);
  const Ball main = counted_sum(row.main, precision);
  const Ball other = counted_sum(row.other, precision);
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
    verdict = compare(lower(out.lo), upper(out.hi), between, bits);
    const bool only_precision_is_missing = row.main_rest == 0 && row.other_rest == 0;
    if (verdict.answer != Answer::undecided || !only_precision_is_missing) break;
  }
  return verdict;
}

}  // namespace gapwright
