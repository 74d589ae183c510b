// SPDX-License-Identifier: MIT
#include "verify/verdict.hpp"

#include "instances/vocabulary.hpp"
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

Verdict begin_verdict(const AttentionTerms& terms, std::string method) {
  Verdict verdict;
  verdict.method = std::move(method);
  verdict.between = middle_of_gap(terms);
  verdict.yes_at_least = *terms.yes_at_least;
  verdict.embedding = terms.embedding;
  return verdict;
}

bool absorb(Verdict& verdict, std::size_t row, const RowVerdict& compared, const std::function<bool()>& names_witness) {
  const bool yes = compared.answer == Answer::yes, reached = yes && compared.hi >= verdict.yes_at_least;
  const bool ends =
      verdict.embedding.empty() ? yes : reached && (verdict.embedding != word_of(Embedding::sharp) || names_witness());
  const bool first = verdict.rows == 0, over_the_middle = verdict.answer == Answer::yes;  // of an earlier row
  if (ends || (reached && !verdict.reached) || (!over_the_middle && (yes || first || compared.hi > verdict.hi))) {
    verdict.row = row;
    verdict.lo = compared.lo;
    verdict.hi = compared.hi;
    verdict.precision = compared.precision;
  }
  ++verdict.rows;
  verdict.undecided_rows += compared.answer == Answer::undecided;
  verdict.reached |= reached;
  if (yes) verdict.answer = Answer::yes;
  return ends;
}

bool leads(const mpq_class& main, const std::optional<mpq_class>& other) {
  if (!other) return true;
  return main >= *other - abs(*other) / (1 << 30);  // inner products next to each other are further apart
}

void finish(Verdict& verdict, const Precision& precision) {
  if (verdict.answer == Answer::yes) return;
  verdict.answer = verdict.undecided_rows > 0 ? Answer::undecided : Answer::no;
  if (verdict.undecided_rows > 0)
    verdict.reason = "an output is too close to the middle of the gap for " + std::to_string(precision.last) + " bits";
}

}  // namespace gapwright
