// SPDX-License-Identifier: MIT
#pragma once
#include <cstdlib>
#include <string>

// The programs that tests run: those of this build, or others that the environment names (./dev nightly names sanitized ones).
namespace gapwright::test {

inline std::string named_or(const char* variable, const char* built) {
  const char* const other = std::getenv(variable);
  return other != nullptr ? other : built;
}

inline std::string tested_program() { return named_or("GAPWRIGHT_PROGRAM", GAPWRIGHT_PROGRAM); }
inline std::string tested_checker() { return named_or("GAPWRIGHT_CHECKER", GAPWRIGHT_CHECKER); }

}  // namespace gapwright::test
