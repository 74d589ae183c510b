// SPDX-License-Identifier: MIT
#pragma once
#include <nlohmann/json.hpp>
#include <string>

#include "explore/trace/trace.hpp"
#include "support/named.hpp"

namespace gapwright {

/// For a terminal, and with the keys of `gapwright trace --json`.
std::string trace_text(const Trace&);
nlohmann::ordered_json trace_json(const Trace&);  ///< the object of `gapwright trace --json`

/// What a trace is shown as, unless as JSON.
enum class TraceFormat { text, svg };
template <>
struct Names<TraceFormat> {
  static constexpr std::string_view what = "format";
  static constexpr std::array all{Named<TraceFormat>{TraceFormat::text, "text"}, Named<TraceFormat>{TraceFormat::svg, "svg"}};
};
std::string shown_trace(const Trace&, TraceFormat);

}  // namespace gapwright
