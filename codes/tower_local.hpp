// SPDX-License-Identifier: MIT
#pragma once
#include <cstdint>
#include <functional>
#include <vector>

#include "codes/field.hpp"

namespace gapwright {

/// One coefficient of the expansion of a monomial over x_1 = 0. The monomial times x_1^i is regular there when every
/// entry of it has exponent + i >= limit.
struct PolarEntry {
  std::uint32_t condition;  ///< which of the independent series it belongs to, below TowerExpansions::conditions()
  std::int32_t exponent;    ///< of x_1
  std::int32_t limit;       ///< 0, or 1 where a tail monomial that is not 1 eats a part of the order
  Symbol value;             ///< in F_p, not 0
};

/// Expansions of the monomials pi_1^[e != 0] x_2^{e_2} ... x_m^{e_m} at all places over x_1 = 0 of level m of the
/// tower, in F_p only. The exponents e are given by the class sum e_l q^{m-l}.
class TowerExpansions {
 public:
  /// look() is called every few milliseconds.
  TowerExpansions(
      std::uint32_t q, unsigned m, const std::function<void()>& look = [] {});

  /// Bytes of the tables of this object.
  static std::uint64_t bytes(std::uint32_t q, unsigned m);

  std::uint32_t conditions() const { return conditions_; }
  /// q^{m-2} (at least 1): entries lie between exponents -(window - 1) and window - 1, also after multiplication by
  /// x_1^{lowest_exponent}.
  std::int32_t window() const { return window_; }
  /// In a function without poles outside P the monomial occurs with no smaller power of x_1.
  std::int32_t lowest_exponent(std::uint32_t monomial_class) const;
  /// All entries that are forbidden for some power of x_1 from lowest_exponent on.
  std::vector<PolarEntry> entries(std::uint32_t monomial_class) const;

 private:
  using Series = std::vector<Symbol>;  // 2 window - 1 coefficients, the first one of x_1^{-(window - 1)}

  struct Type {  // the places with x_1 = .. = x_j = 0, x_{j+1} = om
    unsigned j;
    unsigned corrected;            // how many of x_{j+2}, ..., x_{2j+1} exist
    unsigned tail;                 // how many of x_{2j+2}, ..., x_m exist
    std::uint32_t first;           // first condition
    std::vector<Series> products;  // pi_1 x_2^{e_2} .. x_j^{e_j} s_{j+1}^k prod (-theta_{j-i})^{d_i}, by (e_2, .., e_j, k, d)
  };

  void add_type(unsigned j, const std::vector<Series>& s, const std::function<void()>& look);
  /// By (a, b, exponent).
  std::vector<std::uint32_t> sums_of(const Type& type, const std::vector<std::uint32_t>& e) const;
  void append(const Type& type, const std::vector<std::uint32_t>& e, std::int32_t lowest, std::vector<PolarEntry>& out) const;
  Series times(const Series& a, const Series& b) const;
  std::vector<std::uint32_t> exponents(std::uint32_t monomial_class) const;

  std::uint32_t q_;
  std::uint32_t p_;
  unsigned m_;
  std::int32_t window_;
  std::uint32_t conditions_ = 0;
  std::vector<std::vector<std::uint32_t>> binomials_;
  std::vector<Type> types_;
};

}  // namespace gapwright
