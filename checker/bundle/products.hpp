// SPDX-License-Identifier: MIT
#pragma once
#include <cstdint>
#include <functional>
#include <vector>

#include "checker/instances.hpp"

// Inner products of single tuples, whatever the instance's form. Sums are exact; what is given is rounded to a double.
namespace checker {

struct Product {
  std::function<double(const std::vector<std::uint64_t>& tuple)> of;
  std::uint64_t work = 1;  ///< of one product, in coordinates
};

/// sum_c prod_u, of bits; the number of accepting coins, of symbols; of real vectors.
Product product_of_gap(const Safetensors& file);

/// Attention of bits times B: sum_c prod_u of the bits.
Product product_of_attention(const BitAttention& bits);

/// Attention of any entries: sum_c prod_u / B^k, times `unit`; of bits times B as above.
Product product_of_attention(const Safetensors& file, double unit);

}  // namespace checker
