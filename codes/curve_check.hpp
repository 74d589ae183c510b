// SPDX-License-Identifier: MIT
#pragma once
#include <cstdint>

#include "codes/evaluation_code.hpp"

namespace gapwright {

/// The three checks that decide whether a curve's functions are right, with their numbers.
struct CurveCheck {
  std::size_t degree = 0;           ///< s: the functions checked, and multiplied with each other, are those of L(s P)
  std::size_t orders_expected = 0;  ///< pole orders up to 2 s by theory
  std::size_t orders_found = 0;     ///< of these, how many the functions have; orders theory denies are counted as missing
  std::size_t rank_expected = 0;    ///< of L(s P) at the points
  std::size_t rank_found = 0;
  std::size_t target_rank_expected = 0;  ///< of L(2 s P) at the points, less than the length: else closure would say nothing
  std::size_t target_rank_found = 0;
  std::size_t products = 0;         ///< pairs of functions multiplied
  std::size_t products_inside = 0;  ///< of these, how many products are words of C(2 s)

  bool orders_passed() const { return orders_found == orders_expected; }
  bool rank_passed() const { return rank_found == rank_expected && target_rank_found == target_rank_expected; }
  bool closure_passed() const { return products > 0 && products_inside == products; }
  bool passed() const { return orders_passed() && rank_passed() && closure_passed(); }
};

/// The rank of L(m P) at the points that theory predicts: the number of pole orders up to m, minus those up to m - length (the
/// functions that vanish at all points are the multiples of one of pole order exactly `length`).
std::size_t expected_rank(const Curve& curve, std::size_t m);

/// The largest degree, at most 16 above the conductor, for which C(2 s) is not the whole space; if there is none above
/// the conductor, the largest one below.
std::size_t degree_to_check(const Curve& curve);

/// Checks pole orders, ranks, and that products of functions of L(s P) are in C(2 s): all of them, or every n-th if
/// there are more than `most_products`. Throws std::invalid_argument if C(2 s) is the whole space, and CodeTooLarge when
/// the two bases, their elimination and a batch of products would take more than `memory_limit` bytes.
CurveCheck check_curve(const Curve& curve, std::size_t degree, std::size_t most_products = 20000, const Progress& progress = {},
                       std::uint64_t memory_limit = default_generator_limit);

}  // namespace gapwright
