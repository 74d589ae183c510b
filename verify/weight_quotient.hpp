// SPDX-License-Identifier: MIT
#pragma once
#include <gmpxx.h>

#include <map>
#include <optional>
#include <utility>

#include "verify/ball.hpp"

namespace gapwright {

/// sum_x a_x e^x / sum_x b_x e^x over finitely many rational x: what the output of an attention row is.
class WeightQuotient {
 public:
  void add(const mpq_class& score, const mpq_class& above, const mpq_class& below);

  /// floor(value 2^width), exactly; all b_x >= 0, their sum positive. Throws LimitReached when the larger of 131072 and 4 (width + 64) bits do not
  /// settle it.
  mpz_class scaled_floor(unsigned long width) const;

  /// value = c, exactly.
  bool equals(const mpq_class& c) const;

 private:
  Ball value(long precision) const;
  /// Of value - c; nothing when this precision does not show it.
  std::optional<int> sign_against(const mpq_class& c, long precision) const;
  std::map<mpq_class, std::pair<mpq_class, mpq_class>> terms_;
};

/// No enclosure is written on a finer grid than 2^-kWidestGrid.
constexpr unsigned long kWidestGrid = 1UL << 20;

/// n 2^-width.
mpq_class scaled_down(const mpz_class& n, unsigned long width);

}  // namespace gapwright
