// SPDX-License-Identifier: MIT
#pragma once
#include <gmpxx.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "checker/bits.hpp"
#include "checker/recount.hpp"
#include "checker/safetensors.hpp"

// Instances as their files say they are.
namespace checker {

/// Real numbers in exact form: entry (r, c) is integers[r * columns + c] * 2^exponent.
struct ExactMatrix {
  std::size_t rows = 0, columns = 0;
  std::vector<mpz_class> integers;
  long exponent = 0;
  const mpz_class& at(std::size_t r, std::size_t c) const { return integers[r * columns + c]; }
};
/// Throws Rejected unless the tensor is one of floating-point numbers, BadInput unless they are finite.
ExactMatrix exact_matrix(const Tensor& tensor, std::size_t first_columns = SIZE_MAX);

/// Vectors of dimension 0 cost no byte of a file, so their number is bounded by nothing else. Throws Limit.
void check_rows_without_bytes(std::uint64_t rows);

/// Attention whose entries are 0 or one magnitude per matrix with one sign, the magnitude being the entry bound, and whose values
/// are 0 or 1: a tuple's score is sign gamma <bits>.
struct BitAttention {
  int sign = 1;
  bool centred = false;  ///< order 2: keys are B and -B
  Bits queries;
  std::vector<Bits> keys;
  std::vector<std::vector<bool>> ones;  ///< keys of value 1
};

struct AttentionTerms {
  mpq_class softmax_scale, entry_bound, yes_at_least, no_at_most;
};

struct AttentionFile {
  AttentionTerms terms;
  std::size_t order = 0;
  std::vector<const Tensor*> tensors;  ///< q, k1, k2, ...
  std::vector<const Tensor*> values;   ///< v1, v2, ...; column 0 counts
  std::optional<BitAttention> bits;
};
AttentionFile attention_file(const Safetensors& file);

/// x0, x1, ...: each entry 0 or 1.
std::vector<Bits> bit_sets(const Safetensors& file);

/// Gap-k-MaxIP over field symbols: a tuple's inner product is the number of coins x with sum_tau prod_u W_u[tau][x] = Phi[x].
struct SymbolGap {
  std::size_t field = 0, coins = 0, blocks = 0;
  std::vector<std::uint16_t> sum, product;       ///< field x field
  std::vector<std::vector<std::uint16_t>> sets;  ///< [u][(row * coins + x) * blocks + tau]
  std::vector<std::size_t> rows;
  std::vector<std::uint16_t> message;
};
SymbolGap symbol_gap(const Safetensors& file);  ///< throws Rejected unless the tables are a field's, BadInput for other shapes

}  // namespace checker
