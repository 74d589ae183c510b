// SPDX-License-Identifier: MIT
// The three checks of a curve: pole orders, rank, product closure.
//
// 1. The pole orders of the functions evaluated equal the semigroup theory predicts, up to 2 s.
// 2. The ranks measured at degrees s and 2 s equal the numbers predicted. All our families list their points as the
// zeros, all simple, of one function z of pole order L (a product of x - a): the functions of L(m P) that vanish at
// all points are z L((m - L) P), so the rank is #{orders <= m} - #{orders <= m - L}, also for m >= L.
// 3. Products of two functions of L(s P) are in C(2 s). This is the property the protocol uses, and a function with a
// stray pole loses it, unless its values happen to be those of an honest function (docs/codes.md, section 6: q = 2). It
// says something only while C(2 s) is a proper subspace; and s is taken above the conductor, where functions that are
// new at the top level occur.
// Example (a test repeats it): tower q = 3, level 4: s = 88, ranks 25 and 112, 325 products, all inside.
#include "codes/curve_check.hpp"

#include <algorithm>
#include <stdexcept>

#include "codes/linear_algebra.hpp"

namespace gapwright {

namespace {

std::size_t conductor(const Curve& curve) {
  const std::vector<std::size_t> orders = curve.semigroup(2 * curve.genus() + 1);  // 2 genus and 2 genus + 1 are pole orders
  std::size_t first = orders.size() - 1;
  while (first > 0 && orders[first - 1] + 1 == orders[first]) --first;
  return orders[first];
}

bool is_proper(const Curve& curve, std::size_t degree) { return expected_rank(curve, 2 * degree) < curve.length(); }

}  // namespace

std::size_t expected_rank(const Curve& curve, std::size_t m) {
  const std::size_t vanishing = m < curve.length() ? 0 : curve.semigroup(m - curve.length()).size();
  return curve.semigroup(m).size() - vanishing;
}

std::size_t degree_to_check(const Curve& curve) {
  std::size_t degree = conductor(curve) + 16;
  while (degree > 0 && !is_proper(curve, degree)) --degree;
  return degree;
}

namespace {

using Pairs = std::vector<std::pair<std::size_t, std::size_t>>;

/// Of all pairs of functions, at most so many, evenly spread.
Pairs pairs_to_check(std::size_t functions, std::size_t most_products) {
  const std::size_t pairs = functions * (functions + 1) / 2;
  const std::size_t stride = (pairs + most_products - 1) / most_products;
  Pairs chosen;
  for (std::size_t i = 0, n = 0; i < functions; ++i) {
    for (std::size_t j = i; j < functions; ++j, ++n) {
      if (n % stride == 0) chosen.push_back({i, j});
    }
  }
  return chosen;
}

void check_products(const Curve& curve, const SymbolMatrix& factors, const ReducedBasis& target, const Pairs& chosen,
                    const Progress& progress, CurveCheck& check) {
  const Field& field = curve.field();
  constexpr std::size_t batch = 512;
  for (std::size_t start = 0; start < chosen.size(); start += batch) {
    SymbolMatrix products(std::min(batch, chosen.size() - start), curve.length());
    for (std::size_t r = 0; r < products.rows; ++r) {
      const auto [i, j] = chosen[start + r];
      for (std::size_t x = 0; x < curve.length(); ++x) {
        products.at(r, x) = field.multiply(factors.at(i, x), factors.at(j, x));
      }
    }
    const SymbolMatrix words = multiply(field, columns_of(products, target.leads), target.rows);
    for (std::size_t r = 0; r < products.rows; ++r) {
      ++check.products;
      if (std::ranges::equal(products.row(r), words.row(r))) ++check.products_inside;
    }
    if (progress) progress(static_cast<double>(check.products) / static_cast<double>(chosen.size()));
  }
}

}  // namespace

CurveCheck check_curve(const Curve& curve, std::size_t degree, std::size_t most_products, const Progress& progress,
                       std::uint64_t memory_limit) {
  if (!is_proper(curve, degree)) {
    throw std::invalid_argument("products at degree " + std::to_string(degree) +
                                " say nothing, twice that degree gives the whole space: allowed are degrees up to " +
                                std::to_string(degree_to_check(curve)));
  }
  const std::uint64_t bytes = 2 * (generator_bytes(curve, degree) + generator_bytes(curve, 2 * degree));
  if (bytes > memory_limit)
    throw CodeTooLarge("the functions of degree " + std::to_string(2 * degree) + " at the points, and their elimination, take " +
                       std::to_string(bytes) + " bytes: allowed are " + std::to_string(memory_limit) +
                       ", so give a lower degree or raise the limit");
  CurveCheck check;
  check.degree = degree;
  const std::vector<std::size_t> expected = curve.semigroup(2 * degree);
  const std::vector<std::size_t> found = curve.pole_orders(2 * degree);
  std::vector<std::size_t> common;
  std::set_intersection(expected.begin(), expected.end(), found.begin(), found.end(), std::back_inserter(common));
  check.orders_expected = expected.size();
  check.orders_found = common.size() - std::min(common.size(), found.size() - common.size());

  const Field& field = curve.field();
  const SymbolMatrix factors = curve.basis_at_points(degree);
  check.rank_expected = expected_rank(curve, degree);
  check.rank_found = independent_columns(field, factors, progress).size();

  const ReducedBasis target = reduced_basis(field, curve.basis_at_points(2 * degree), curve.length(), progress);
  check.target_rank_expected = expected_rank(curve, 2 * degree);
  check.target_rank_found = target.rows.rows;

  check_products(curve, factors, target, pairs_to_check(factors.rows, most_products), progress, check);
  return check;
}

}  // namespace gapwright
