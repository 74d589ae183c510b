// SPDX-License-Identifier: MIT
#pragma once
#include <gmpxx.h>

#include <map>
#include <optional>
#include <utility>

#include "checker/interval.hpp"

// What an attention row's output is: sum_x a_x e^x / sum_x b_x e^x over finitely many rational scores x.
namespace checker {

/// score -> (a, b). The output is the quotient of the two sums.
class Quotient {
 public:
  /// Tuples of this score: their weight e^score counts `numerator` times above and `denominator` times below.
  void add(const mpq_class& score, const mpq_class& numerator, const mpq_class& denominator);

  /// floor(output 2^width), exactly. The sum of all b must be positive, b >= 0. Throws Limit when the larger of 131072 and 4 (width + 64) bits
  /// do not suffice.
  mpz_class scaled_floor(unsigned long width) const;

  /// The output to this precision. There must be terms.
  Interval value(mpfr_prec_t precision) const;

 private:
  /// Of output - c; nothing when this precision does not show it.
  std::optional<int> sign_against(const mpq_class& c, mpfr_prec_t precision) const;
  std::map<mpq_class, std::pair<mpq_class, mpq_class>> terms_;
};

mpz_class floor_of(const mpq_class&);

/// n 2^-width.
mpq_class scaled(const mpz_class& n, unsigned long width);

}  // namespace checker
