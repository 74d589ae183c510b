// SPDX-License-Identifier: MIT
#include <doctest/doctest.h>

#include <set>

#include "codes/curve_check.hpp"
#include "codes/evaluation_code.hpp"
#include "codes/tower_curve.hpp"
#include "codes/tower_numbers.hpp"
#include "tests/codes/random.hpp"

using namespace gapwright;

namespace {

const std::pair<std::uint32_t, unsigned> all_levels[] = {{2, 2}, {2, 3}, {2, 4}, {2, 5}, {2, 6}, {2, 7}, {3, 2}, {3, 3}, {3, 4},
                                                         {3, 5}, {4, 2}, {4, 3}, {4, 4}, {5, 2}, {5, 3}, {7, 2}, {7, 3}};

}  // namespace

TEST_CASE("tower: the points satisfy the equations, each once") {
  for (auto [q, m] : all_levels) {
    CAPTURE(q);
    CAPTURE(m);
    const CurvePointer curve = garcia_stichtenoth(q, m);
    const Field& field = curve->field();
    CHECK(curve->level() == m);
    CHECK(curve->length() == tower_length(q, m));
    std::set<std::vector<Symbol>> seen;
    for (std::size_t n = 0; n < curve->length(); ++n) {
      const auto x = curve->points().row(n);
      seen.insert({x.begin(), x.end()});
      REQUIRE(field.add(field.power(x[0], q), x[0]) != 0);
      for (unsigned i = 0; i + 1 < m; ++i) {
        const Symbol left = field.add(field.power(x[i + 1], q), x[i + 1]);
        const Symbol denominator = field.add(field.power(x[i], q - 1), 1);
        REQUIRE(denominator != 0);
        REQUIRE(field.multiply(left, denominator) == field.power(x[i], q));
      }
    }
    CHECK(seen.size() == curve->length());
  }
}

TEST_CASE("tower: functions are evaluated as their terms say") {
  for (auto [q, m] : {std::pair{2u, 4u}, std::pair{3u, 3u}, std::pair{3u, 4u}, std::pair{5u, 2u}}) {
    CAPTURE(q);
    CAPTURE(m);
    const TowerFunctions functions = tower_functions(q, m);
    const CurvePointer curve = tower_curve(functions);
    const Field& field = curve->field();
    const std::size_t classes = functions.functions.size();
    const std::size_t top = 2 * tower_conductor(q, m) + classes;
    const std::vector<std::size_t> orders = curve->pole_orders(top);
    const SymbolMatrix basis = curve->basis_at_points(top);
    REQUIRE(basis.rows == orders.size());
    for (std::size_t r = 0; r < basis.rows; ++r) {
      const TowerFunction& f = functions.functions[orders[r] % classes];
      for (std::size_t n = 0; n < curve->length(); n += 5) {
        const auto x = curve->points().row(n);
        Symbol sum = 0;
        for (const TowerTerm& term : f.terms) {
          Symbol value = field.multiply(term.coefficient, field.power(x[0], term.exponent));
          if (term.monomial_class != 0) value = field.multiply(value, field.add(field.power(x[0], q - 1), 1));
          std::uint32_t rest = term.monomial_class;
          for (unsigned l = m; l >= 2; --l, rest /= q) value = field.multiply(value, field.power(x[l - 1], rest % q));
          sum = field.add(sum, value);
        }
        const auto shift = static_cast<std::int64_t>((orders[r] - f.order) / classes);
        REQUIRE(basis.at(r, n) == field.multiply(sum, field.power(x[0], shift)));
      }
    }
  }
}

TEST_CASE("tower: the closed form at level 2 by a second route") {
  const CurvePointer curve = garcia_stichtenoth(7, 2);
  const Field& field = curve->field();
  const SymbolMatrix basis = curve->basis_at_points(47);
  REQUIRE(curve->pole_orders(47) == std::vector<std::size_t>{0, 7, 14, 21, 28, 35, 42, 43, 44, 45, 46, 47});
  for (std::size_t n = 0; n < curve->length(); ++n) {
    const Symbol a = curve->points().at(n, 0);
    const Symbol b = curve->points().at(n, 1);
    CHECK(basis.at(3, n) == field.power(a, 3));
    CHECK(basis.at(11, n) == field.multiply(field.add(field.power(a, 6), 1), field.power(b, 5)));
  }
}

TEST_CASE("tower: genus, length, semigroup, dimension and closure") {
  for (auto [q, m] : all_levels) {
    CAPTURE(q);
    CAPTURE(m);
    const CurvePointer curve = garcia_stichtenoth(q, m);
    const std::size_t top = curve->length() + 2 * curve->genus();
    CHECK(curve->pole_orders(top) == curve->semigroup(top));
    CHECK(curve->semigroup(top).size() == top + 1 - curve->genus());
    const CurveCheck check = check_curve(*curve, degree_to_check(*curve));
    CHECK(check.degree >= tower_conductor(q, m));
    CHECK(check.target_rank_expected < curve->length());
    CHECK(check.passed());
    if (check.degree < curve->length()) {
      const EvaluationCode code = evaluation_code(curve, check.degree);
      CHECK(code.dimension() == check.degree + 1 - curve->genus());
    }
  }
}

TEST_CASE("tower: closure at q = 5, level 4") {
  const CurvePointer curve = garcia_stichtenoth(5, 4);
  CHECK(curve->length() == 2500);
  CHECK(curve->genus() == 576);
  const CurveCheck check = check_curve(*curve, 601);  // 600 is the conductor
  CHECK(check.rank_expected == 26);
  CHECK(check.products == 351);
  CHECK(check.passed());
}

TEST_CASE("tower: the example q = 3, level 3, degree 22") {
  const EvaluationCode code = evaluation_code(garcia_stichtenoth(3, 3), 22);
  CHECK(code.length() == 54);
  CHECK(code.curve->pole_orders(22) == std::vector<std::size_t>{0, 9, 18, 19, 20, 21, 22});
}

TEST_CASE("tower: parameters that are not possible are refused with what is allowed") {
  for (std::int64_t q : {-3, 0, 1, 6, 300}) {
    CAPTURE(q);
    CHECK(refuses_saying([&] { garcia_stichtenoth(q, 2); }, "prime powers from 2 to 256"));
  }
  for (std::int64_t level : {std::int64_t{-1}, std::int64_t{0}, std::int64_t{21}, std::int64_t{1} << 40}) {
    CAPTURE(level);
    CHECK(refuses_saying([&] { garcia_stichtenoth(2, level); }, "allowed are 1 to"));
  }
  CHECK(refuses_saying([] { garcia_stichtenoth(5, 4, {}, 1000); }, "bytes: allowed are 1000"));
  TowerFunctions wrong = tower_functions(3, 2);
  wrong.functions.pop_back();
  CHECK(refuses_saying([&] { tower_curve(wrong); }, "exactly 3 functions"));
  wrong = tower_functions(3, 2);
  wrong.functions[1].terms[0].monomial_class = 3;
  CHECK(refuses_saying([&] { tower_curve(wrong); }, "below 3"));
}
