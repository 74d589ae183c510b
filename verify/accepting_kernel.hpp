// SPDX-License-Identifier: MIT
#pragma once
#include <cstddef>
#include <cstdint>

namespace gapwright::kernels {

/// Multiples of the last party's symbols, for a block of its vectors: for each coin x, block tau and field element a, the digits in base p of
/// a W[tau][x] of every vector. multiples: [coins][blocks][Q][digits][lanes]. The message as digits: [coins][digits].
struct AcceptingTask {
  const std::uint16_t* multiples;
  const std::uint16_t* message;
  std::size_t coins, blocks, field_size, digits, lanes;  ///< lanes: a multiple of 32
  std::uint16_t characteristic;
};

/// accepted[lane] = number of coins x with sum_tau products[x][tau] W[tau][x] = message[x]. products: [coins][blocks], the products of the other
/// parties' symbols. At most 65535 coins.
using CountAccepting = void (*)(const AcceptingTask& task, const std::uint16_t* products, std::uint16_t* accepted);
CountAccepting count_accepting();

}  // namespace gapwright::kernels
