// SPDX-License-Identifier: MIT
#pragma once
#include <string>

#include "explore/trace/trace.hpp"

namespace gapwright {

/// The chain as a picture (SVG): vectors, scores, codewords, the row.
std::string trace_svg(const Trace&);

}  // namespace gapwright
