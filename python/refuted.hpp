// SPDX-License-Identifier: MIT
#pragma once
#include <stdexcept>

namespace gapwright::python {

/// gapwright.Refuted: a computed answer contradicts what an instance says of itself.
struct Refuted : std::runtime_error {
  using std::runtime_error::runtime_error;
};

}  // namespace gapwright::python
