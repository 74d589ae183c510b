// SPDX-License-Identifier: MIT
#pragma once
#include <functional>
#include <string>

#include "explore/regime/results.hpp"
#include "support/gnuplot.hpp"

namespace gapwright {

/// One self-contained HTML page: pictures inline, fits with residuals, tables, parameters, provenance. No network, no scripts.
/// `name` and `sha256` are those of the results file; `draw` makes the SVG of a picture.
std::string report_page(const Results& results, const std::string& name, const std::string& sha256,
                        const std::function<std::string(const Picture&)>& draw = drawn);

}  // namespace gapwright
