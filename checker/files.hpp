// SPDX-License-Identifier: MIT
#pragma once
#include <string>
#include <string_view>

namespace checker {

/// All bytes of a file, read, not mapped, so that later changes of it are none of ours; "-" is standard input. Throws BadInput, Limit.
std::string read_file(const std::string& path);

/// SHA-256 (OpenSSL), 64 lower-case hexadecimal digits.
std::string sha256(std::string_view bytes);

}  // namespace checker
