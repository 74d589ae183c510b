// SPDX-License-Identifier: MIT
#pragma once
#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

namespace gapwright {

/// Clopper-Pearson [CP34]: covers the probability of success with at least this confidence, whatever it is. [0, 1] for no trials.
struct ProportionInterval {
  double lo = 0, hi = 1;
};
ProportionInterval proportion_interval(std::size_t successes, std::size_t trials, double confidence = 0.95);

/// Covers the mean expectation of n independent numbers in [0, 1] that have this mean, with at least this confidence, whatever
/// their laws are [Hoe63, Theorem 1]: all p with n KL(mean || p) <= ln(2 / (1 - confidence)),
/// KL(a || p) = a ln(a/p) + (1 - a) ln((1 - a)/(1 - p)). n need not be whole: see accuracy_interval. [0, 1] for n = 0.
ProportionInterval mean_interval(double mean, double n, double confidence = 0.95);

/// a of the least-squares line log y = a log x + b; empty with fewer than two different x, or a value that is not positive.
std::optional<double> fitted_exponent(const std::vector<std::pair<double, double>>& points);

}  // namespace gapwright
