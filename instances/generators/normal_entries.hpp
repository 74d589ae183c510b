// SPDX-License-Identifier: MIT
#pragma once
#include "instances/attention.hpp"
#include "support/philox.hpp"

namespace gapwright {

/// Independent standard normal entries (polar method).
Matrix normal_entries(std::size_t rows, std::size_t columns, Random&);

}  // namespace gapwright
