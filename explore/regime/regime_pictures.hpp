// SPDX-License-Identifier: MIT
#pragma once
#include <vector>

#include "explore/regime/results.hpp"
#include "support/gnuplot.hpp"

namespace gapwright {

/// What a results file shows: per embedding, family and dimension rule the regime (B* and B_r against n for every order), the fit
/// and its residuals; per order besides the gap and the exponent of r against B; and times.
std::vector<Picture> regime_pictures(const Results& results);

}  // namespace gapwright
