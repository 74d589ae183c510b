// SPDX-License-Identifier: MIT
#pragma once
#include <string>

#include "explore/trace/trace.hpp"

namespace gapwright {

/// For a terminal, and with the keys of `gapwright trace --json`.
std::string trace_text(const Trace&);
std::string trace_json(const Trace&);

}  // namespace gapwright
