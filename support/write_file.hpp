// SPDX-License-Identifier: MIT
#pragma once
#include <string>
#include <string_view>

namespace gapwright {

/// A whole text file, which appears complete or not at all (instances/files, OutputFile, whose exceptions it throws); "-" is standard output.
void write_file(const std::string& path, std::string_view text);

}  // namespace gapwright
