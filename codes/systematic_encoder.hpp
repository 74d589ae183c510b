// SPDX-License-Identifier: MIT
#pragma once
#include <cstdint>
#include <vector>

#include "codes/evaluation_code.hpp"

namespace gapwright {

/// The most bytes held at once while C(degree) and then its encoder are made, before building anything.
std::uint64_t encoder_bytes(const Curve& curve, std::size_t degree);
/// Throws std::invalid_argument when degree >= length, and CodeTooLarge when encoder_bytes are more than `memory_limit`.
void require_encoder(const Curve& curve, std::size_t degree, std::uint64_t memory_limit);

/// A code put in systematic form once, to encode and to test many words. A message is one symbol per information
/// position; its word carries it there. All functions take many words at once, one per row, and throw
/// std::invalid_argument for rows of the wrong length or symbols outside the field.
class SystematicEncoder {
 public:
  explicit SystematicEncoder(const EvaluationCode& code, const Progress& progress = {});

  std::size_t length() const { return generator_.columns; }
  std::size_t dimension() const { return generator_.rows; }
  const std::vector<std::size_t>& information_set() const { return information_set_; }
  /// K x L, the identity on the information set.
  const SymbolMatrix& generator() const { return generator_; }

  SymbolMatrix encode(const SymbolMatrix& messages, const Progress& progress = {}) const;
  /// The messages of words; throws std::invalid_argument, naming the row, for a row that is not a word of the code.
  SymbolMatrix unencode(const SymbolMatrix& words, const Progress& progress = {}) const;
  /// For each row, is it a word of the code?
  std::vector<bool> contains(const SymbolMatrix& words, const Progress& progress = {}) const;
  /// L - K symbols per row, all 0 exactly for words of the code: the row minus the word that agrees with it on the
  /// information set, at the other positions in increasing order.
  SymbolMatrix syndromes(const SymbolMatrix& words, const Progress& progress = {}) const;
  /// (L - K) x L of full rank; its product with the transpose of a row is that row's syndrome.
  SymbolMatrix parity_check(const Progress& progress = {}) const;

 private:
  void require(const SymbolMatrix& rows, std::size_t columns, const char* what, const Progress& progress) const;

  CurvePointer curve_;
  std::vector<std::size_t> information_set_;
  std::vector<std::size_t> other_positions_;
  SymbolMatrix generator_;
};

}  // namespace gapwright
