// SPDX-License-Identifier: MIT
#include "support/checked.hpp"

#include <algorithm>
#include <vector>

#include "support/errors.hpp"

namespace gapwright {

void check_order_within(std::size_t order, const std::string& what) {
  if (order > kLargestOrder)
    throw BadInstance(what + " has order " + std::to_string(order) + "; at most " + std::to_string(kLargestOrder) + " is taken");
}

std::optional<std::uint64_t> checked_product(std::span<const std::uint64_t> factors) {
  std::uint64_t product = 1;
  for (const std::uint64_t factor : factors)
    if (__builtin_mul_overflow(product, factor, &product)) return std::nullopt;
  return product;
}

std::uint64_t array_bytes(std::span<const std::uint64_t> shape, std::size_t entry_bytes, const std::string& what) {
  constexpr std::uint64_t kMostWithoutBytes = 1 << 20;
  std::vector<std::uint64_t> sides(shape.begin(), shape.end());
  std::erase(sides, 0);
  const auto entries = checked_product(sides);
  sides.push_back(entry_bytes);
  const auto bytes = checked_product(sides);
  if (!entries || !bytes) throw BadInstance(what + " has an impossible shape");
  if (sides.size() == shape.size() + 1) return *bytes;
  if (*entries > kMostWithoutBytes)
    throw BadInstance(what + " has no entries and other axes of " + std::to_string(*entries) + "; without entries at most " +
                      std::to_string(kMostWithoutBytes) + " are taken");
  return 0;
}

}  // namespace gapwright
