// SPDX-License-Identifier: MIT
#pragma once
#include <string>

namespace gapwright {

/// The text as one word of a POSIX shell: as it is, or between quotes where a shell would act on it.
std::string shell_word(const std::string& text);
/// The name of a file, which no program takes for an option or for standard input.
std::string file_word(const std::string& name);

}  // namespace gapwright
