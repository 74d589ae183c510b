// SPDX-License-Identifier: MIT
#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

namespace checker {

/// The tables (row a, column b at a * size + b, every entry below size) are the addition and multiplication of a field in which 0
/// and 1 are the neutral elements. Throws Rejected naming the table and the law that fails.
void check_field(std::size_t size, const std::vector<std::uint16_t>& sum, const std::vector<std::uint16_t>& product);

}  // namespace checker
