// SPDX-License-Identifier: MIT
#include "codes/curve_check.hpp"

#include <doctest/doctest.h>

#include "codes/tower_curve.hpp"
#include "tests/codes/random.hpp"
#include "tests/multiplier.hpp"

using namespace gapwright;

namespace {

/// A curve whose basis function of pole order `order` has 1 / x_1 added: one stray simple pole in x_1 over x_1 = 0,
/// where all its places lie outside the points used. Everything else is passed on.
class WithStrayPole final : public Curve {
 public:
  WithStrayPole(CurvePointer honest, std::size_t order) : Curve(honest->field()), honest_(std::move(honest)), order_(order) {}
  std::string family() const override { return honest_->family(); }
  std::uint32_t q() const override { return honest_->q(); }
  unsigned level() const override { return honest_->level(); }
  std::size_t genus() const override { return honest_->genus(); }
  std::size_t length() const override { return honest_->length(); }
  const SymbolMatrix& points() const override { return honest_->points(); }
  std::vector<std::size_t> semigroup(std::size_t m) const override { return honest_->semigroup(m); }
  std::vector<std::size_t> pole_orders(std::size_t m) const override { return honest_->pole_orders(m); }

 private:
  SymbolMatrix evaluated_basis(std::size_t m, const Progress& progress) const override {
    SymbolMatrix basis = honest_->basis_at_points(m, progress);
    const std::vector<std::size_t> orders = pole_orders(m);
    for (std::size_t r = 0; r < orders.size(); ++r) {
      if (orders[r] != order_) continue;
      for (std::size_t n = 0; n < length(); ++n) {
        basis.at(r, n) = field().add(basis.at(r, n), field().inverse(points().at(n, 0)));
      }
    }
    return basis;
  }

  CurvePointer honest_;
  std::size_t order_;
};

}  // namespace

TEST_CASE("curve check: the example q = 3, level 4") {
  const CurvePointer curve = garcia_stichtenoth(3, 4);
  CHECK(degree_to_check(*curve) == 88);
  const CurveCheck check = check_curve(*curve, 88);
  CHECK(check.rank_found == 25);
  CHECK(check.target_rank_found == 112);
  CHECK(check.products == 325);
  CHECK(check.passed());
  CHECK(check_curve(*curve, 88, 100).products == 82);  // every fourth product
}

TEST_CASE("curve check: a stray pole is caught by product closure") {
  // Not q = 2: there x_1^2 + x_1 + 1 = 0 at all points, so that 1 / x_1 = x_1 + 1 on them, and no stray pole at all.
  for (auto [q, m] : {std::pair{3u, 3u}, std::pair{3u, 4u}, std::pair{4u, 3u}, std::pair{5u, 2u}}) {
    CAPTURE(q);
    CAPTURE(m);
    const CurvePointer honest = garcia_stichtenoth(q, m);
    const std::size_t degree = degree_to_check(*honest);
    const std::size_t order = honest->pole_orders(degree).back();
    const WithStrayPole wrong(honest, order);
    const SymbolMatrix before = honest->basis_at_points(degree);
    const SymbolMatrix after = wrong.basis_at_points(degree);
    std::size_t changed = 0;
    for (std::size_t i = 0; i < before.symbols.size(); ++i) changed += before.symbols[i] != after.symbols[i];
    REQUIRE(changed == honest->length());  // one function changed, at every point

    const CurveCheck check = check_curve(wrong, degree);
    CHECK(check.orders_passed());  // the pole order at P is what it was
    CHECK_FALSE(check.closure_passed());
    CHECK_FALSE(check.passed());
    CHECK(check_curve(*honest, degree).passed());
  }
}

TEST_CASE("curve check: one lost term of a tower function is caught") {
  int tried = 0;
  for (auto [q, m] : {std::pair{3u, 4u}, std::pair{4u, 3u}, std::pair{5u, 3u}}) {
    CAPTURE(q);
    CAPTURE(m);
    const TowerFunctions right = tower_functions(q, m);
    const std::size_t degree = degree_to_check(*tower_curve(right));
    int here = 0;
    for (std::size_t c = 1; c < right.functions.size() && here < cases(6); ++c) {
      CAPTURE(c);
      if (right.functions[c].terms.size() < 2 || right.functions[c].order > degree) continue;
      TowerFunctions wrong = right;
      wrong.functions[c].terms.erase(wrong.functions[c].terms.begin());
      REQUIRE(wrong.functions[c].terms != right.functions[c].terms);
      const CurveCheck check = check_curve(*tower_curve(wrong), degree);
      CHECK(check.orders_passed());
      CHECK_FALSE(check.closure_passed());
      ++here;
      ++tried;
    }
  }
  CHECK(tried >= 3);
}

TEST_CASE("curve check: a wrong pole order and a lost rank are caught") {
  TowerFunctions wrong = tower_functions(3, 3);
  wrong.functions[4].order += 9;
  CHECK_FALSE(check_curve(*tower_curve(wrong), 26).orders_passed());
  wrong = tower_functions(3, 3);
  wrong.functions[4].terms = wrong.functions[5].terms;
  CHECK_FALSE(check_curve(*tower_curve(wrong), 26).rank_passed());
}

TEST_CASE("curve check: a degree whose square gives the whole space is refused") {
  CHECK(refuses_saying([] { check_curve(*hermitian(2), 20); }, "say nothing"));
  const CurvePointer line = projective_line_with_length(7, 5);
  CHECK(degree_to_check(*line) == 1);
  CHECK(expected_rank(*line, 3) == 4);
  CHECK(expected_rank(*line, 9) == 5);
}
