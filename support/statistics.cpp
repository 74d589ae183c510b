// SPDX-License-Identifier: MIT
#include "support/statistics.hpp"

#include <algorithm>
#include <cmath>

#include "support/fit.hpp"

namespace gapwright {
namespace {

/// P(X >= least), X binomial.
double upper_tail(std::size_t least, std::size_t trials, double p) {
  const auto n = static_cast<double>(trials);
  double sum = 0;
  for (std::size_t i = least; i <= trials; ++i) {
    const auto x = static_cast<double>(i);
    const double hits = i == 0 ? 0 : x * std::log(p), misses = i == trials ? 0 : (n - x) * std::log1p(-p);
    sum += std::exp(std::lgamma(n + 1) - std::lgamma(x + 1) - std::lgamma(n - x + 1) + hits + misses);
  }
  return sum;
}

/// The p in [0, 1] at which the tail, which increases with p, reaches `mass`.
double solve_tail(std::size_t least, std::size_t trials, double mass) {
  double lo = 0, hi = 1;
  for (int halving = 0; halving < 60; ++halving) {
    const double middle = (lo + hi) / 2;
    (upper_tail(least, trials, middle) < mass ? lo : hi) = middle;
  }
  return (lo + hi) / 2;
}

/// n KL(mean || p) = n (mean ln(mean/p) + (1 - mean) ln((1 - mean)/(1 - p))); infinite at an end that the mean excludes.
double divergence(double mean, double p) {
  const auto part = [](double a, double b) { return a == 0 ? 0 : a * std::log(a / b); };
  return part(mean, p) + part(1 - mean, 1 - p);
}

/// The p between the mean and an end of [0, 1] at which the divergence, which increases away from the mean, reaches `most`.
double solve_divergence(double mean, double end, double most) {
  double inside = mean, outside = end;
  for (int halving = 0; halving < 60; ++halving) {
    const double middle = (inside + outside) / 2;
    (divergence(mean, middle) <= most ? inside : outside) = middle;
  }
  return outside;
}

}  // namespace

ProportionInterval proportion_interval(std::size_t successes, std::size_t trials, double confidence) {
  const double each = (1 - confidence) / 2;
  ProportionInterval interval;
  if (successes > 0) interval.lo = solve_tail(successes, trials, each);
  if (successes < trials) interval.hi = solve_tail(successes + 1, trials, 1 - each);
  return interval;
}

ProportionInterval mean_interval(double mean, double n, double confidence) {
  if (!(n > 0)) return {};
  const double most = std::log(2 / (1 - confidence)) / n;
  return {mean == 0 ? 0 : solve_divergence(mean, 0, most), mean == 1 ? 1 : solve_divergence(mean, 1, most)};
}

std::optional<double> fitted_exponent(const std::vector<std::pair<double, double>>& points) {
  std::vector<double> x, y;
  for (const auto& [size, time] : points) {
    if (!(size > 0) || !(time > 0)) return std::nullopt;
    x.push_back(std::log(size));
    y.push_back(std::log(time));
  }
  if (x.empty() || *std::ranges::max_element(x) - *std::ranges::min_element(x) < 1e-9) return std::nullopt;
  return fit_line(x, y).slope;
}

}  // namespace gapwright
