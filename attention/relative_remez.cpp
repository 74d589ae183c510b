// SPDX-License-Identifier: MIT
// Best polynomial approximation of the exponential in relative error (Remez' exchange with the weight e^{-x}).
//
// softmax weights are compared with each other, so what counts is max P e^{-x} / min P e^{-x}; Chebyshev interpolation of e^x is
// useless there (half-length 8, degree 14: relative error 7.9 against 6e-4). With x = middle + R t the functions e^{-R t} T_m(t)
// form a Chebyshev system on [-1, 1], so the best P is the one whose error alternates at degree + 2 points. Each step solves for
// P with errors +-E at the present points (Gaussian elimination in long double) and moves the points to the extrema, one in each
// run of one sign, on a fine grid. When rounding drowns the alternation the step before is kept. Then the basis changes to powers
// of x; all coefficients are like those of e^x, so nothing cancels. No proof rests on any of this. Example: degree 0 on [-R, R]:
// P = 1/cosh R, relative error tanh R.
#include "attention/relative_remez.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <stdexcept>

namespace gapwright {
namespace {

using Real = long double;
using Column = std::vector<Real>;

Column solve(std::vector<Column> a, Column b) {
  const std::size_t n = b.size();
  for (std::size_t c = 0; c < n; ++c) {
    std::size_t pivot = c;
    for (std::size_t r = c + 1; r < n; ++r)
      if (std::abs(a[r][c]) > std::abs(a[pivot][c])) pivot = r;
    std::swap(a[c], a[pivot]);
    std::swap(b[c], b[pivot]);
    for (std::size_t r = c + 1; r < n; ++r) {
      const Real factor = a[r][c] / a[c][c];
      for (std::size_t j = c; j < n; ++j) a[r][j] -= factor * a[c][j];
      b[r] -= factor * b[c];
    }
  }
  for (std::size_t c = n; c-- > 0;) {
    for (std::size_t j = c + 1; j < n; ++j) b[c] -= a[c][j] * b[j];
    b[c] /= a[c][c];
  }
  return b;
}

Column chebyshev_values(Real t, std::size_t degree) {
  Column values(degree + 1, 1);
  if (degree > 0) values[1] = t;
  for (std::size_t m = 2; m <= degree; ++m) values[m] = 2 * t * values[m - 1] - values[m - 2];
  return values;
}

/// P with e^{-R t} P - 1 = +-E at the points: Chebyshev coefficients, then E.
Column level(const Column& points, Real half) {
  std::vector<Column> a;
  for (std::size_t i = 0; i < points.size(); ++i) {
    a.push_back(chebyshev_values(points[i], points.size() - 2));
    for (Real& x : a.back()) x *= std::exp(-half * points[i]);
    a.back().push_back(i % 2 == 0 ? 1 : -1);
  }
  return solve(std::move(a), Column(points.size(), 1));
}

Real relative_error(const Column& p, Real half, Real t) {
  const Column values = chebyshev_values(t, p.size() - 1);
  Real sum = 0;
  for (std::size_t m = 0; m < p.size(); ++m) sum += p[m] * values[m];
  return std::exp(-half * t) * sum - 1;
}

/// The largest error in each run of one sign on a grid of cosines, from t = 1 down to -1.
std::vector<std::pair<Real, Real>> extrema(const Column& p, Real half) {
  const std::size_t steps = 48 * (p.size() + 1);
  std::vector<std::pair<Real, Real>> found;
  for (std::size_t s = 0; s <= steps; ++s) {
    const Real t = std::cos(std::numbers::pi_v<Real> * static_cast<Real>(s) / static_cast<Real>(steps));
    const Real e = relative_error(p, half, t);
    if (found.empty() || (e < 0) != (found.back().second < 0))
      found.emplace_back(t, e);
    else if (std::abs(e) > std::abs(found.back().second))
      found.back() = {t, e};
  }
  return found;
}

/// Powers of x from Chebyshev coefficients in t = (x - middle)/half.
std::vector<double> in_powers(const Column& p, Real middle, Real half) {
  const std::size_t n = p.size();
  const auto times_t = [&](const Column& a) {  // a(x) (x - middle)/half
    Column b(a.size() + 1, 0);
    for (std::size_t m = 0; m < a.size(); ++m) {
      b[m + 1] += a[m] / half;
      b[m] -= a[m] * middle / half;
    }
    return b;
  };
  Column sum(n, 0), before{1}, now = n > 1 ? times_t(before) : Column{0};
  sum[0] = p[0];
  for (std::size_t m = 1; m < n; ++m) {
    for (std::size_t j = 0; j < now.size(); ++j) sum[j] += p[m] * now[j];
    Column next = times_t(now);
    for (Real& x : next) x *= 2;
    for (std::size_t j = 0; j < before.size(); ++j) next[j] -= before[j];
    before = std::move(now);
    now = std::move(next);
  }
  return {sum.begin(), sum.end()};
}

}  // namespace

ExponentialPolynomial relative_remez(double lo, double hi, std::size_t degree) {
  if (!(lo <= hi) || hi - lo > 1000 || degree > 100)
    throw std::invalid_argument("relative_remez: the interval must be at most 1000 long and the degree at most 100");
  const Real middle = (static_cast<Real>(lo) + hi) / 2, half = (static_cast<Real>(hi) - lo) / 2;
  if (half == 0) return {{1.0}, 0};
  Column points;
  for (std::size_t i = 0; i < degree + 2; ++i)
    points.push_back(std::cos(std::numbers::pi_v<Real> * static_cast<Real>(i) / static_cast<Real>(degree + 1)));
  Column best;
  Real best_error = 0;
  for (int step = 0; step < 30; ++step) {
    Column p = level(points, half);
    p.pop_back();
    auto found = extrema(p, half);
    Real most = 0, least = std::abs(found[0].second);
    for (const auto& [t, e] : found) {
      most = std::max(most, std::abs(e));
      least = std::min(least, std::abs(e));
    }
    if (best.empty() || most < best_error) {
      best = p;
      best_error = most;
    }
    if (found.size() != points.size() || most - least < most / 1000) break;
    for (std::size_t i = 0; i < points.size(); ++i) points[i] = found[i].first;
  }
  return {in_powers(best, middle, half), static_cast<double>(best_error)};
}

}  // namespace gapwright
