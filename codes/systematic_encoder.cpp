// SPDX-License-Identifier: MIT
// Systematic encoding, and its inverse.
//
// Built: S = inverse(G on I) G, the generator matrix that is the identity on the information set I. A message u
// encodes to u S; a row y belongs to the code exactly when y = (y on I) S, because a word is determined by its values
// on I. So encoding, the membership test and syndromes are one matrix product each, done for all rows together by
// multiply.cpp.
// Parity check: with A = S outside I, the syndrome of y is (y outside I) - (y on I) A; written as a matrix H (L - K
// rows) it is the identity outside I and -A transposed on I, of rank L - K, and S H^T = A - A = 0.
// Size law: K L symbols for S, (L - K) L for H, which is only built when asked for.
// Example (a test repeats it): over F_5 at 0..4, degree 1, I = {0, 1}: message (1, 3) is 1 + 2x, the word 1 3 0 2 4.
#include "codes/systematic_encoder.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>

#include "codes/linear_algebra.hpp"
#include "codes/multiply.hpp"

namespace gapwright {

std::uint64_t encoder_bytes(const Curve& curve, std::size_t degree) {
  const std::uint64_t generator = generator_bytes(curve, degree), k = curve.semigroup(degree).size();
  const std::uint64_t inverting = (k * k + inverse_symbols(k)) * sizeof(Symbol);
  const std::uint64_t multiplying = generator + k * k * sizeof(Symbol);
  return std::max(evaluation_bytes(curve, degree), generator + std::max(inverting, multiplying));
}

void require_encoder(const Curve& curve, std::size_t degree, std::uint64_t memory_limit) {
  require_evaluation(curve, degree, memory_limit);
  require_memory("the generator matrix of degree " + std::to_string(degree) + ", its elimination and its systematic form",
                 encoder_bytes(curve, degree), memory_limit);
}

SystematicEncoder::SystematicEncoder(const EvaluationCode& code, const Progress& progress)
    : curve_(code.curve),
      information_set_(code.information_set),
      generator_(systematic_on(code.field(), code.generator, code.information_set, progress)) {
  std::vector<char> informative(code.length());
  for (std::size_t x : information_set_) informative[x] = 1;
  for (std::size_t x = 0; x < code.length(); ++x) {
    if (!informative[x]) other_positions_.push_back(x);
  }
}

void SystematicEncoder::require(const SymbolMatrix& rows, std::size_t columns, const char* what, const Progress& progress) const {
  if (rows.columns != columns) {
    throw std::invalid_argument(std::string("a ") + what + " of this code has " + std::to_string(columns) + " symbols, not " +
                                std::to_string(rows.columns));
  }
  for (std::size_t i = 0; i < rows.symbols.size(); ++i) {
    if (progress && i % (std::size_t{1} << 22) == 0) progress(0);
    if (!curve_->field().contains(rows.symbols[i])) {
      throw std::invalid_argument("symbol " + std::to_string(rows.symbols[i]) + " in row " + std::to_string(i / columns) +
                                  " is outside the field: allowed are 0 to " + std::to_string(curve_->field().size() - 1));
    }
  }
}

SymbolMatrix SystematicEncoder::encode(const SymbolMatrix& messages, const Progress& progress) const {
  require(messages, dimension(), "message", progress);
  return multiply(curve_->field(), messages, generator_, progress);
}

SymbolMatrix SystematicEncoder::syndromes(const SymbolMatrix& words, const Progress& progress) const {
  require(words, length(), "word", progress);
  const Field& field = curve_->field();
  const SymbolMatrix expected =
      multiply(field, columns_of(words, information_set_, share(progress, 0, 0.1)), generator_, share(progress, 0.1, 0.9));
  const Progress last = share(progress, 0.9, 1);
  SymbolMatrix result = zero_symbols(words.rows, other_positions_.size(), last);
  Steps rows(last, words.rows, rows_between_looks(length()));
  for (std::size_t r = 0; r < words.rows; ++r) {
    for (std::size_t i = 0; i < other_positions_.size(); ++i) {
      result.at(r, i) = field.subtract(words.at(r, other_positions_[i]), expected.at(r, other_positions_[i]));
    }
    rows.done();
  }
  return result;
}

std::vector<bool> SystematicEncoder::contains(const SymbolMatrix& words, const Progress& progress) const {
  const SymbolMatrix differences = syndromes(words, share(progress, 0, 0.95));
  std::vector<bool> inside(words.rows);
  const Progress last = share(progress, 0.95, 1);
  Steps rows(last, words.rows, rows_between_looks(length()));
  for (std::size_t r = 0; r < words.rows; ++r) {
    bool zero = true;
    for (Symbol s : differences.row(r)) zero = zero && s == 0;
    inside[r] = zero;
    rows.done();
  }
  return inside;
}

SymbolMatrix SystematicEncoder::unencode(const SymbolMatrix& words, const Progress& progress) const {
  const std::vector<bool> inside = contains(words, share(progress, 0, 0.95));
  for (std::size_t r = 0; r < words.rows; ++r) {
    if (!inside[r]) throw std::invalid_argument("row " + std::to_string(r) + " is not a word of the code");
  }
  return columns_of(words, information_set_, share(progress, 0.95, 1));
}

SymbolMatrix SystematicEncoder::parity_check(const Progress& progress) const {
  SymbolMatrix check = zero_symbols(other_positions_.size(), length(), progress);
  Steps rows(progress, check.rows, rows_between_looks(length()));
  for (std::size_t r = 0; r < check.rows; ++r) {
    check.at(r, other_positions_[r]) = 1;
    for (std::size_t k = 0; k < dimension(); ++k) {
      check.at(r, information_set_[k]) = curve_->field().negative(generator_.at(k, other_positions_[r]));
    }
    rows.done();
  }
  return check;
}

}  // namespace gapwright
