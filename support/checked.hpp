// SPDX-License-Identifier: MIT
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

// Sizes that files and callers state, without wrapping around.
namespace gapwright {

/// Largest order that is taken: two vectors in each of 64 sets already make 2^64 tuples.
inline constexpr std::size_t kLargestOrder = 64;
/// Throws BadInstance "WHAT has order 65; at most 64 is taken".
void check_order_within(std::size_t order, const std::string& what);

/// None beyond 64 bits.
std::optional<std::uint64_t> checked_product(std::span<const std::uint64_t> factors);

/// Bytes of an array of this shape. Throws BadInstance, beginning with `what`, when they pass 64 bits; and when an axis is 0, so that no byte of the
/// file stands for the others, and these pass 2^20 together: a short file must not ask for much memory.
std::uint64_t array_bytes(std::span<const std::uint64_t> shape, std::size_t entry_bytes, const std::string& what);

}  // namespace gapwright
