// SPDX-License-Identifier: MIT
#pragma once
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "support/errors.hpp"
#include "support/files.hpp"

// What every fuzz target of a reader does: a reader accepts the bytes, or refuses them with one line; anything else ends the process, which
// libFuzzer reports with the input that did it.
namespace gapwright::fuzz {

inline void expect(bool holds) {
  if (!holds) std::abort();
}

/// Calls read(input). BadInstance with one line that names the input, and LimitReached, are answers; other exceptions are findings.
template <class Read>
int read_or_refuse(const std::uint8_t* data, std::size_t size, Read read) {
  const InputBytes input = InputBytes::from(std::string(reinterpret_cast<const char*>(data), size), "input");
  try {
    read(input);
  } catch (const BadInstance& e) {
    const std::string message = e.what();
    expect(message.find("input") != std::string::npos && message.find('\n') == std::string::npos);
  } catch (const LimitReached&) {
  }
  return 0;
}

}  // namespace gapwright::fuzz
