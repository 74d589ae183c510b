// SPDX-License-Identifier: MIT
#pragma once
#include <vector>

// Least squares for scaling laws.
namespace gapwright {

/// y = factor * x with the least sum of squared relative residuals (y - factor x) / y. All y > 0, same length, at least one.
struct ProportionalFit {
  double factor = 0;
  double rms = 0;                 ///< root mean square of the relative residuals
  std::vector<double> residuals;  ///< (y - factor x) / y
};
ProportionalFit fit_proportional(const std::vector<double>& x, const std::vector<double>& y);

/// y = intercept + slope x, ordinary least squares; at least two different x (std::invalid_argument).
struct LineFit {
  double intercept = 0, slope = 0;
  double slope_error = 0;         ///< standard error, 0 for two points
  std::vector<double> residuals;  ///< y - intercept - slope x
};
LineFit fit_line(const std::vector<double>& x, const std::vector<double>& y);

}  // namespace gapwright
