// SPDX-License-Identifier: MIT
#pragma once
#include <vector>

#include "explore/regime/results.hpp"
#include "support/gnuplot.hpp"

namespace gapwright {

/// Per order B and d' of every route against log2 n; and B against k for every number of variables.
std::vector<Picture> route_pictures(const Results& results);

}  // namespace gapwright
