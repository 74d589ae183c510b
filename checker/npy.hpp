// SPDX-License-Identifier: MIT
#pragma once
#include <string_view>
#include <vector>

#include "checker/bits.hpp"
#include "checker/check.hpp"

namespace checker {

/// numpy's own file format, as far as 0/1 vectors need it: one array of shape (k, n, d), or k arrays of shape (n, d).
bool is_npy(std::string_view bytes);
std::vector<Bits> npy_sets(std::span<const File> files);  ///< throws BadInput

}  // namespace checker
