// SPDX-License-Identifier: MIT
// How far is a polynomial from the exponential, proved: bounds of f(x) = b^{-x} P(x) on an interval.
//
// f' = b^{-x} (P' - c P) with c = ln b, so the extrema of f lie at lo, at hi, and at real roots of Q = P' - c P. The roots need
// not be isolated one by one: the interval is halved again and again, a box is dropped as soon as balls prove that Q has no zero
// in it, and what is left at width 2^-40 of the whole covers every root. On a box X the mean value form Q(X) = Q(mid) + Q'(X) (X
// - mid) is used, so a box without a root is dropped when its width is of the order of its distance to the next root. f over a
// small box that remains is enclosed by f(mid) + f'(X) (X - mid): f' is almost zero there, so the bound is tight to about 2^-80.
// Nothing depends on how P was found. A Q that vanishes identically (P constant and c = 0 cannot happen) would only make the
// boxes many: with more than kMostBoxes the halving stops, which is coarser and still right. Example: P = 1 on [0, 1]: f = e^{-x}, no
// interior extremum, bounds [e^{-1}, 1].
#include "verify/polynomial_certificate.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <vector>

#include "verify/ball_polynomial.hpp"

namespace gapwright {
namespace {

constexpr long kPlaces = 256;
constexpr int kDepth = 40;
constexpr std::size_t kMostBoxes = 512;  // far more than there are roots

/// p' - c p.
BallPolynomial slope(const BallPolynomial& p, const Ball& c) {
  BallPolynomial q = derivative(p, kPlaces);
  q.resize(p.size());
  const Ball minus_c = multiply(c, Ball::exactly(-1.0), kPlaces);
  for (std::size_t m = 0; m < p.size(); ++m) q[m] = add(q[m], multiply(minus_c, p[m], kPlaces), kPlaces);
  return q;
}

struct Box {
  mpq_class lo, hi;
  mpq_class middle() const { return (lo + hi) / 2; }
};

Ball whole(const Box& box) {
  Ball ball;
  arb_union(ball.raw(), Ball::around(box.lo, kPlaces).raw(), Ball::around(box.hi, kPlaces).raw(), kPlaces);
  return ball;
}

class Ratio {
 public:
  Ratio(BallPolynomial p, const Ball& c)
      : p_(std::move(p)),
        slope_(slope(p_, c)),
        curvature_(derivative(slope_, kPlaces)),
        minus_c_(multiply(c, Ball::exactly(-1.0), kPlaces)) {}

  bool may_turn(const Box& box) const {
    const Ball x = whole(box), q = mean_value(box, x);
    return arb_contains_zero(q.raw()) != 0 && arb_contains_zero(value_at(slope_, x, kPlaces).raw()) != 0;
  }
  /// f over the box.
  Ball over(const Box& box) const {
    const Ball middle = Ball::around(box.middle(), kPlaces), x = whole(box);
    const Ball value = multiply(decay(middle), value_at(p_, middle, kPlaces), kPlaces);
    const Ball slope_of_f = multiply(decay(x), mean_value(box, x), kPlaces);
    return add(value, multiply(slope_of_f, offset(box), kPlaces), kPlaces);
  }

 private:
  Ball decay(const Ball& x) const { return exp(multiply(minus_c_, x, kPlaces), kPlaces); }
  static Ball offset(const Box& box) { return whole({box.lo - box.middle(), box.hi - box.middle()}); }
  Ball mean_value(const Box& box, const Ball& x) const {
    return add(value_at(slope_, Ball::around(box.middle(), kPlaces), kPlaces),
               multiply(value_at(curvature_, x, kPlaces), offset(box), kPlaces), kPlaces);
  }
  BallPolynomial p_, slope_, curvature_;
  Ball minus_c_;
};

/// An interval so short that f is known over it as a whole, as it is where scores all but coincide.
bool is_flat(const Ball& f) {
  const mpq_class least = lower(f), most = upper(f);
  return (most - least) * (mpz_class(1) << 80) <= std::min<mpq_class>(abs(least), abs(most));
}

std::vector<Box> turning_boxes(const Ratio& ratio, const Box& interval) {
  std::vector<Box> boxes{interval};
  if (is_flat(ratio.over(interval))) return boxes;
  for (int depth = 0; depth < kDepth && boxes.size() <= kMostBoxes; ++depth) {
    std::vector<Box> next;
    for (const Box& box : boxes)
      for (const Box& half : {Box{box.lo, box.middle()}, Box{box.middle(), box.hi}})
        if (ratio.may_turn(half)) next.push_back(half);
    boxes = std::move(next);
  }
  return boxes;
}

}  // namespace

RatioBounds exponential_ratio_bounds(std::span<const double> coefficients, const mpq_class& lo, const mpq_class& hi, Base base) {
  if (coefficients.empty()) throw std::invalid_argument("a polynomial needs at least one coefficient");
  if (lo > hi) throw std::invalid_argument("the interval is empty");
  BallPolynomial p;
  for (const double c : coefficients) {
    if (!std::isfinite(c)) throw std::invalid_argument("a coefficient is not a finite number");
    p.push_back(Ball::exactly(c));
  }
  Ball c = Ball::exactly(1.0);
  if (base == Base::two) arb_const_log2(c.raw(), kPlaces);
  const Ratio ratio(std::move(p), c);
  std::vector<Box> boxes = lo < hi ? turning_boxes(ratio, {lo, hi}) : std::vector<Box>();
  RatioBounds bounds;
  bounds.boxes = boxes.size();
  boxes.push_back({lo, lo});
  boxes.push_back({hi, hi});
  bool first = true;
  for (const Box& box : boxes) {
    const Ball f = ratio.over(box);
    const mpq_class least = lower(f), most = upper(f);
    if (first || least < bounds.least) bounds.least = least;
    if (first || most > bounds.most) bounds.most = most;
    first = false;
  }
  return bounds;
}

}  // namespace gapwright
