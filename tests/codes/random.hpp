// SPDX-License-Identifier: MIT
#pragma once
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <ctime>
#include <stdexcept>
#include <string>
#include <vector>

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

/// What progress was told: `least` numbers or more, from 0 to 1, none below the one before it.
inline void check_fractions(const std::vector<double>& seen, std::size_t least) {
  CHECK(seen.size() >= least);
  CHECK(std::ranges::is_sorted(seen));
  CHECK((seen.empty() || (seen.front() >= 0 && seen.back() <= 1)));
}

/// The longest time of the processor between two calls of progress, of the start and of the end, of work(progress).
template <class Work>
double longest_silence(const Work& work) {
  double longest = 0, last = static_cast<double>(std::clock());
  const auto look = [&](double) {
    const double now = static_cast<double>(std::clock());
    longest = std::max(longest, (now - last) / CLOCKS_PER_SEC);
    last = now;
  };
  work(look);
  look(1);
  return longest;
}

/// Does the call throw std::invalid_argument with a single line that contains `text`?
template <class Call>
bool refuses_saying(const Call& call, const std::string& text) {
  try {
    call();
  } catch (const std::logic_error& error) {  // std::invalid_argument, or CodeTooLarge
    const std::string what = error.what();
    return what.find(text) != std::string::npos && what.find('\n') == std::string::npos;
  }
  return false;
}
