// SPDX-License-Identifier: MIT
#pragma once
#include <cstdint>
#include <stdexcept>
#include <string>

#include "codes/symbol_matrix.hpp"

/// A small reproducible generator for tests (splitmix64).
struct TestRandom {
  std::uint64_t state;
  std::uint64_t operator()() {
    std::uint64_t z = (state += 0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
  }
  std::uint32_t below(std::uint32_t n) { return static_cast<std::uint32_t>((*this)() % n); }
  gapwright::SymbolMatrix matrix(std::size_t rows, std::size_t columns, std::uint32_t bound) {
    gapwright::SymbolMatrix m(rows, columns);
    for (gapwright::Symbol& s : m.symbols) s = static_cast<gapwright::Symbol>(below(bound));
    return m;
  }
};

/// Does the call throw std::invalid_argument with a single line that contains `text`?
template <class Call>
bool refuses_saying(const Call& call, const char* text) {
  try {
    call();
  } catch (const std::logic_error& error) {  // std::invalid_argument, or CodeTooLarge
    const std::string what = error.what();
    return what.find(text) != std::string::npos && what.find('\n') == std::string::npos;
  }
  return false;
}
