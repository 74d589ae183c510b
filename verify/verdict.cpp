// SPDX-License-Identifier: MIT
#include "verify/verdict.hpp"

#include "support/errors.hpp"

namespace gapwright {

mpq_class middle_of_gap(const AttentionTerms& terms) {
  if (!terms.yes_at_least || !terms.no_at_most)
    throw BadInstance("the instance states no thresholds (yes_at_least, no_at_most), so there is nothing to decide");
  return (*terms.yes_at_least + *terms.no_at_most) / 2;
}

RowVerdict compare(mpq_class lo, mpq_class hi, const mpq_class& between, long precision) {
  const Answer answer = lo > between ? Answer::yes : hi < between ? Answer::no : Answer::undecided;
  return {answer, std::move(lo), std::move(hi), precision};
}

bool absorb(Verdict& verdict, std::size_t row, const RowVerdict& compared) {
  if (verdict.rows == 0 || compared.hi > verdict.hi || compared.answer == Answer::yes) {
    verdict.row = row;
    verdict.lo = compared.lo;
    verdict.hi = compared.hi;
    verdict.precision = compared.precision;
  }
  ++verdict.rows;
  verdict.undecided_rows += compared.answer == Answer::undecided;
  if (compared.answer != Answer::yes) return false;
  verdict.answer = Answer::yes;
  return true;
}

void finish(Verdict& verdict, const Precision& precision) {
  verdict.answer = verdict.undecided_rows > 0 ? Answer::undecided : Answer::no;
  if (verdict.undecided_rows > 0)
    verdict.reason = "an output is too close to the middle of the gap for " + std::to_string(precision.last) + " bits";
}

}  // namespace gapwright
