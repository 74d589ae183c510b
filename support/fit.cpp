// SPDX-License-Identifier: MIT
#include "support/fit.hpp"

#include <cmath>
#include <stdexcept>

namespace gapwright {
namespace {

void check(const std::vector<double>& x, const std::vector<double>& y, std::size_t least) {
  if (x.size() != y.size() || x.size() < least)
    throw std::invalid_argument("a fit needs as many x as y, at least " + std::to_string(least));
}

}  // namespace

ProportionalFit fit_proportional(const std::vector<double>& x, const std::vector<double>& y) {
  check(x, y, 1);
  double first = 0, second = 0;  // of x/y: minimise sum (1 - f x/y)^2
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (!(y[i] > 0)) throw std::invalid_argument("a proportional fit needs positive values");
    const double ratio = x[i] / y[i];
    first += ratio;
    second += ratio * ratio;
  }
  ProportionalFit fit;
  fit.factor = first / second;
  double squares = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    fit.residuals.push_back(1 - fit.factor * x[i] / y[i]);
    squares += fit.residuals.back() * fit.residuals.back();
  }
  fit.rms = std::sqrt(squares / static_cast<double>(x.size()));
  return fit;
}

LineFit fit_line(const std::vector<double>& x, const std::vector<double>& y) {
  check(x, y, 2);
  const auto n = static_cast<double>(x.size());
  double mean_x = 0, mean_y = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    mean_x += x[i] / n;
    mean_y += y[i] / n;
  }
  double xx = 0, xy = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    xx += (x[i] - mean_x) * (x[i] - mean_x);
    xy += (x[i] - mean_x) * (y[i] - mean_y);
  }
  if (!(xx > 0)) throw std::invalid_argument("a line needs two different x");
  LineFit fit;
  fit.slope = xy / xx;
  fit.intercept = mean_y - fit.slope * mean_x;
  double squares = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    fit.residuals.push_back(y[i] - fit.intercept - fit.slope * x[i]);
    squares += fit.residuals.back() * fit.residuals.back();
  }
  if (x.size() > 2) fit.slope_error = std::sqrt(squares / (n - 2) / xx);
  return fit;
}

}  // namespace gapwright
