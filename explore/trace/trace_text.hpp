// SPDX-License-Identifier: MIT
#pragma once
#include <nlohmann/json.hpp>
#include <string>

#include "explore/trace/trace.hpp"

namespace gapwright {

/// For a terminal, and with the keys of `gapwright trace --json`.
std::string trace_text(const Trace&);
nlohmann::ordered_json trace_json(const Trace&);  ///< the object of `gapwright trace --json`

}  // namespace gapwright
