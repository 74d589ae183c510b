// SPDX-License-Identifier: MIT
// How far is a polynomial from the exponential in terms of a power of the distance to a centre, proved.
//
// With y = x - centre write P = sum_j p_j y^j (Taylor shift, in balls) and e^y = sum_{j < order} y^j / j! + y^order phi(y),
// phi(y) = sum_j y^j / (j + order)!. Then P - e^y = sum_{j < order} (p_j - 1/j!) y^j + y^order f(y), f = sum_j p_{j + order} y^j
// - phi. The first sum is at most sum_j |p_j - 1/j!| Y^j =: constant, Y the largest |y|. phi is cut after J terms with 2 Y <= J:
// each term is at most half the one before, so the rest is at most twice the first term left out. max |f| is bounded on kBoxes
// boxes by the mean value form |f(mid)| + |f'(box)| width / 2. Example: P = 1 + x, centre 0, order 2 on [-1, 1]: f = -phi,
// largest at 1: factor e - 2, constant 0.
#include "verify/remainder_certificate.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <vector>

#include "verify/ball_polynomial.hpp"

namespace gapwright {
namespace {

constexpr long kPrecision = 128;
constexpr int kBoxes = 256;

Ball negative(const Ball& x) { return multiply(x, Ball::exactly(-1.0), kPrecision); }

mpq_class magnitude(const Ball& x) { return std::max(mpq_class(abs(lower(x))), mpq_class(abs(upper(x)))); }

/// P in powers of y = x - centre.
BallPolynomial shifted(std::span<const double> coefficients, double centre) {
  const Ball c = Ball::exactly(centre);
  BallPolynomial p;
  for (std::size_t m = coefficients.size(); m-- > 0;) {  // p <- p (y + c) + coefficient
    p.emplace_back();
    for (std::size_t j = p.size(); j-- > 0;) {
      p[j] = multiply(p[j], c, kPrecision);
      if (j > 0) p[j] = add(p[j], p[j - 1], kPrecision);
    }
    p[0] = add(p[0], Ball::exactly(coefficients[m]), kPrecision);
  }
  return p;
}

/// y from `from` to `to`; `reach`: the largest |y|.
struct Distances {
  mpq_class from, to, reach;
};

Distances distances(std::span<const double> coefficients, double centre, std::size_t order, double lo, double hi) {
  if (!(lo <= hi)) throw std::invalid_argument("the interval is empty");
  if (order == 0 || order % 2 != 0 || order > 8) throw std::invalid_argument("the order must be 2, 4, 6 or 8");
  Distances y{mpq_class(lo) - mpq_class(centre), mpq_class(hi) - mpq_class(centre), {}};
  y.reach = std::max(mpq_class(abs(y.from)), mpq_class(abs(y.to)));
  if (y.reach > 40) throw std::invalid_argument("the interval reaches too far from the centre");
  for (const double c : coefficients)
    if (!std::isfinite(c)) throw std::invalid_argument("a coefficient is not a finite number");
  return y;
}

/// At least the largest |f|.
mpq_class largest_value(const BallPolynomial& f, const Distances& y) {
  const BallPolynomial slope = derivative(f, kPrecision);
  const mpq_class width = (y.to - y.from) / kBoxes;
  mpq_class largest = 0;
  for (int b = 0; b < kBoxes; ++b) {
    const mpq_class left = y.from + width * b, right = left + width;
    Ball box;
    arb_union(box.raw(), Ball::around(left, kPrecision).raw(), Ball::around(right, kPrecision).raw(), kPrecision);
    const mpq_class here = magnitude(value_at(f, Ball::around((left + right) / 2, kPrecision), kPrecision)) +
                           magnitude(value_at(slope, box, kPrecision)) * width / 2;
    largest = std::max(largest, here);
  }
  return largest;
}

}  // namespace

RemainderBound exponential_remainder_bound(std::span<const double> coefficients, double centre, std::size_t order, double lo,
                                           double hi) {
  const Distances y = distances(coefficients, centre, order, lo, hi);
  const BallPolynomial p = shifted(coefficients, centre);
  const auto terms = static_cast<std::size_t>(30 + 4 * y.reach.get_d());
  RemainderBound bound;
  BallPolynomial f;
  mpz_class factorial = 1;
  mpq_class power = 1;  // reach^j
  for (std::size_t j = 0; j < order + terms; ++j) {
    if (j > 0) factorial *= j;
    const Ball inverse = Ball::around(mpq_class(1, factorial), kPrecision);
    const Ball difference = add(j < p.size() ? p[j] : Ball(), negative(inverse), kPrecision);
    if (j < order) {
      bound.constant += magnitude(difference) * power;
      power *= y.reach;
    } else {
      f.push_back(difference);
    }
  }
  // p is shorter than order + terms: no coefficient is lost.
  if (p.size() > order + terms) throw std::invalid_argument("the degree is too large");
  mpq_class rest(2, factorial * (order + terms));
  for (std::size_t j = 0; j < terms; ++j) rest *= y.reach;
  bound.factor = largest_value(f, y) + rest;
  return bound;
}

}  // namespace gapwright
