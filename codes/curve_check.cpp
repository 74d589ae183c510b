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
#include "codes/multiply.hpp"

namespace gapwright {

namespace {

std::size_t conductor(const Curve& curve) {
  const std::vector<std::size_t> orders = curve.semigroup(2 * curve.genus() + 1);  // 2 genus and 2 genus + 1 are pole orders
  std::size_t first = orders.size() - 1;
  while (first > 0 && orders[first - 1] + 1 == orders[first]) --first;
  return orders[first];
}

constexpr std::size_t batch = 512;  // products that are looked at together

/// Two bases, the second reduced, and a batch of products, their values at the leads and the words that agree with them there.
std::uint64_t check_bytes(const Curve& curve, std::size_t degree, std::size_t most_products) {
  const std::uint64_t factors = generator_bytes(curve, degree), targets = generator_bytes(curve, 2 * degree);
  const std::uint64_t functions = curve.semigroup(2 * degree).size();
  const std::uint64_t reducing = targets + reduction_symbols(functions, curve.length()) * sizeof(Symbol);
  const std::uint64_t multiplying = targets + batch * (2 * curve.length() + functions) * sizeof(Symbol);
  return std::max(evaluation_bytes(curve, degree), factors + std::max(reducing, multiplying) + most_products * 16);
}

/// Every n-th pair i <= j, where n is the least that gives no more than `most`.
std::vector<std::pair<std::size_t, std::size_t>> chosen_pairs(std::size_t functions, std::size_t most) {
  const std::size_t pairs = functions * (functions + 1) / 2, stride = (pairs + most - 1) / most;
  std::vector<std::pair<std::size_t, std::size_t>> chosen;
  for (std::size_t i = 0, first = 0; i < functions; first += functions - i, ++i) {  // first: number of the pair (i, i)
    for (std::size_t j = i + (stride - first % stride) % stride; j < functions; j += stride) chosen.push_back({i, j});
  }
  return chosen;
}

void count_inside(const Field& field, const SymbolMatrix& factors, const ReducedBasis& target,
                  std::span<const std::pair<std::size_t, std::size_t>> chosen, CurveCheck& check, const Progress& progress) {
  SymbolMatrix products(chosen.size(), factors.columns);
  const Progress multiplied = share(progress, 0, 0.1);
  Steps rows(multiplied, products.rows);
  for (std::size_t r = 0; r < products.rows; ++r) {
    const auto [i, j] = chosen[r];
    for (std::size_t x = 0; x < products.columns; ++x) products.at(r, x) = field.multiply(factors.at(i, x), factors.at(j, x));
    rows.done();
  }
  const SymbolMatrix words =
      multiply(field, columns_of(products, target.leads, share(progress, 0.1, 0.2)), target.rows, share(progress, 0.2, 1));
  for (std::size_t r = 0; r < products.rows; ++r) {
    ++check.products;
    if (std::ranges::equal(products.row(r), words.row(r))) ++check.products_inside;
  }
}

/// From 2 * degree >= length + 2 genus - 1 on, all words are in C(2 degree).
bool is_proper(const Curve& curve, std::size_t degree) {
  return degree < curve.length() + curve.genus() && expected_rank(curve, 2 * degree) < curve.length();
}

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

CurveCheck check_curve(const Curve& curve, std::size_t degree, std::size_t most_products, const Progress& progress,
                       std::uint64_t memory_limit) {
  if (degree < curve.length() + curve.genus())
    require_memory("the pole orders up to " + std::to_string(2 * degree), orders_bytes(2 * degree), memory_limit);
  if (!is_proper(curve, degree)) {
    throw std::invalid_argument("products at degree " + std::to_string(degree) +
                                " say nothing, twice that degree gives the whole space: allowed are degrees up to " +
                                std::to_string(degree_to_check(curve)));
  }
  require_memory("the functions of degree " + std::to_string(2 * degree) + " at the points, and their elimination,",
                 check_bytes(curve, degree, most_products), memory_limit);
  CurveCheck check;
  check.degree = degree;
  const std::vector<std::size_t> expected = curve.semigroup(2 * degree);
  const std::vector<std::size_t> found = curve.pole_orders(2 * degree);
  std::vector<std::size_t> common;
  std::set_intersection(expected.begin(), expected.end(), found.begin(), found.end(), std::back_inserter(common));
  check.orders_expected = expected.size();
  check.orders_found = common.size() - std::min(common.size(), found.size() - common.size());

  const Field& field = curve.field();
  const SymbolMatrix factors = curve.basis_at_points(degree, share(progress, 0, 0.05));
  check.rank_expected = expected_rank(curve, degree);
  check.rank_found = independent_columns(field, factors, share(progress, 0.05, 0.2)).size();

  const ReducedBasis target = reduced_basis(field, curve.basis_at_points(2 * degree, share(progress, 0.2, 0.25)), curve.length(),
                                            share(progress, 0.25, 0.6));
  check.target_rank_expected = expected_rank(curve, 2 * degree);
  check.target_rank_found = target.rows.rows;

  const std::vector<std::pair<std::size_t, std::size_t>> chosen = chosen_pairs(factors.rows, most_products);
  for (std::size_t start = 0; start < chosen.size(); start += batch) {
    const double all = static_cast<double>(chosen.size()), from = 0.6 + 0.4 * static_cast<double>(start) / all;
    const std::size_t count = std::min(batch, chosen.size() - start);
    const Progress part = share(progress, from, from + 0.4 * static_cast<double>(count) / all);
    count_inside(field, factors, target, std::span(chosen).subspan(start, count), check, part);
  }
  return check;
}

}  // namespace gapwright
