// SPDX-License-Identifier: MIT
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "explore/regime/results.hpp"
#include "support/files.hpp"
#include "support/gnuplot.hpp"
#include "support/run_control.hpp"

// What plot and report show of a results file.
namespace gapwright {

struct ShownResults {
  Results results;
  std::string path, name, sha256;  ///< of the file
};

/// Throws BadInstance for what parse_results refuses and for a file without results; `warn` is told that the last line is cut off.
ShownResults shown_results(const InputBytes& input, const std::function<void(const std::string& message)>& warn);

/// Every picture there is. Throws BadInstance for a record with a field missing or of another type, by its line, and when nothing is to be drawn.
std::vector<Picture> result_pictures(const ShownResults& shown);

/// The report as one page of HTML; likewise.
std::string result_page(const ShownResults& shown, const RunControl& control);

}  // namespace gapwright
