// SPDX-License-Identifier: MIT
#pragma once
#include <stdexcept>

#include "atlas/decide.hpp"

namespace gapwright::python {

/// gapwright.Refuted: a computed answer contradicts what an instance says of itself.
struct Refuted : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Throws Refuted when the instance says that it has the other answer.
inline void check_expected(const DecideResult& result) {
  if (!result.contradicted()) return;
  throw Refuted("the verdict is " + result.verdict() + ", the instance expects " + (*result.expected ? "yes" : "no"));
}

}  // namespace gapwright::python
