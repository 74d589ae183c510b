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

#include <stdexcept>
#include <string>

#include "codes/linear_algebra.hpp"

namespace gapwright {

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

void SystematicEncoder::require(const SymbolMatrix& rows, std::size_t columns, const char* what) const {
  if (rows.columns != columns) {
    throw std::invalid_argument(std::string("a ") + what + " of this code has " + std::to_string(columns) + " symbols, not " +
                                std::to_string(rows.columns));
  }
  for (std::size_t i = 0; i < rows.symbols.size(); ++i) {
    if (!curve_->field().contains(rows.symbols[i])) {
      throw std::invalid_argument("symbol " + std::to_string(rows.symbols[i]) + " in row " + std::to_string(i / columns) +
                                  " is outside the field: allowed are 0 to " + std::to_string(curve_->field().size() - 1));
    }
  }
}

SymbolMatrix SystematicEncoder::encode(const SymbolMatrix& messages, const Progress& progress) const {
  require(messages, dimension(), "message");
  return multiply(curve_->field(), messages, generator_, progress);
}

SymbolMatrix SystematicEncoder::syndromes(const SymbolMatrix& words, const Progress& progress) const {
  require(words, length(), "word");
  const Field& field = curve_->field();
  const SymbolMatrix expected = multiply(field, columns_of(words, information_set_), generator_, progress);
  SymbolMatrix result(words.rows, other_positions_.size());
  for (std::size_t r = 0; r < words.rows; ++r) {
    for (std::size_t i = 0; i < other_positions_.size(); ++i) {
      result.at(r, i) = field.subtract(words.at(r, other_positions_[i]), expected.at(r, other_positions_[i]));
    }
  }
  return result;
}

std::vector<bool> SystematicEncoder::contains(const SymbolMatrix& words, const Progress& progress) const {
  const SymbolMatrix differences = syndromes(words, progress);
  std::vector<bool> inside(words.rows);
  for (std::size_t r = 0; r < words.rows; ++r) {
    bool zero = true;
    for (Symbol s : differences.row(r)) zero = zero && s == 0;
    inside[r] = zero;
  }
  return inside;
}

SymbolMatrix SystematicEncoder::unencode(const SymbolMatrix& words, const Progress& progress) const {
  const std::vector<bool> inside = contains(words, progress);
  for (std::size_t r = 0; r < words.rows; ++r) {
    if (!inside[r]) throw std::invalid_argument("row " + std::to_string(r) + " is not a word of the code");
  }
  return columns_of(words, information_set_);
}

SymbolMatrix SystematicEncoder::parity_check() const {
  SymbolMatrix check(other_positions_.size(), length());
  for (std::size_t r = 0; r < check.rows; ++r) {
    check.at(r, other_positions_[r]) = 1;
    for (std::size_t k = 0; k < dimension(); ++k) {
      check.at(r, information_set_[k]) = curve_->field().negative(generator_.at(k, other_positions_[r]));
    }
  }
  return check;
}

}  // namespace gapwright
