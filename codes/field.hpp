// SPDX-License-Identifier: MIT
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace gapwright {

/// An element of a finite field of at most 2^16 elements: c_0 + c_1 w + ... is the integer c_0 + c_1 p + ..., 0 <= c_i < p.
using Symbol = std::uint16_t;

struct PrimePower {
  std::uint32_t prime;
  unsigned exponent;
};

/// n as a power of a prime, or nothing (also for n < 2 and n > 2^32).
std::optional<PrimePower> prime_power(std::int64_t n);

/// Throws std::invalid_argument unless there is a field of this size here: 2 <= size <= 2^16, a power of a prime.
void check_field_size(std::int64_t size);

/// FLINT ends the process where it gets no memory; from here on it throws std::bad_alloc.
void throw_when_flint_is_out_of_memory();

/// The finite field of Q = p^e elements, 2 <= Q <= 2^16, as tables of logarithms. The modulus of w is the Conway
/// polynomial, so w generates the multiplicative group when e >= 2; for e = 1 the generator is the least primitive
/// root. The arithmetic trusts its arguments to be elements; `contains` is the test for symbols that come from outside.
class Field {
 public:
  explicit Field(std::int64_t size);  ///< throws std::invalid_argument unless 2 <= size <= 2^16 is a power of a prime

  std::uint32_t size() const { return size_; }
  std::uint32_t characteristic() const { return characteristic_; }
  unsigned degree() const { return degree_; }
  /// e + 1 integers, constant term first, monic: {2, 4, 1} is w^2 + 4 w + 2; {0, 1} when e = 1.
  const std::vector<std::uint32_t>& modulus() const { return modulus_; }
  std::string modulus_text() const;  ///< for instance "w^2 + 4w + 2"

  bool contains(std::uint64_t value) const { return value < size_; }
  Symbol add(Symbol a, Symbol b) const;
  Symbol negative(Symbol a) const { return negative_[a]; }
  Symbol subtract(Symbol a, Symbol b) const { return add(a, negative_[b]); }
  Symbol multiply(Symbol a, Symbol b) const { return exp_[log_[a] + log_[b]]; }
  Symbol inverse(Symbol a) const;  ///< throws std::invalid_argument for 0
  Symbol power(Symbol a,
               std::int64_t exponent) const;  ///< 0^0 = 1; throws std::invalid_argument for 0 to a negative power

  Symbol generator() const { return exp_[1]; }
  Symbol exp(std::uint64_t n) const { return exp_[n % (size_ - 1)]; }  ///< generator^n
  std::uint32_t log(Symbol a) const;  ///< the n < Q - 1 with generator^n = a; throws std::invalid_argument for 0

  /// y += c x, entry by entry: the inner loop of all elimination.
  void add_multiple(std::span<Symbol> y, Symbol c, std::span<const Symbol> x) const;
  /// x *= c, entry by entry.
  void scale(std::span<Symbol> x, Symbol c) const;

  /// Entry a Q + b is a + b (or a b). Plain data for those who must not know this class. Throws std::invalid_argument
  /// when Q > 2^10.
  std::vector<std::uint16_t> addition_table() const;
  std::vector<std::uint16_t> multiplication_table() const;

  /// The element written as a decimal integer; throws std::invalid_argument, saying what is allowed, for anything else.
  Symbol parse(std::string_view text) const;

 private:
  Symbol add_by_digits(Symbol a, Symbol b) const;

  std::uint32_t size_;
  std::uint32_t characteristic_;
  unsigned degree_;
  std::vector<std::uint32_t> modulus_;
  std::vector<Symbol> exp_;         // 4 Q entries: [0, 2Q - 2) twice the powers of the generator, zeros behind them
  std::vector<std::uint32_t> log_;  // log of 0 is 2 Q - 2, so that exp_[log a + log b] is 0 when a or b is
  std::vector<Symbol> negative_;
  std::vector<Symbol> sum_;  // addition table, only when it is needed and small
};

}  // namespace gapwright
