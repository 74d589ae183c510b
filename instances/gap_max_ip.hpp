// SPDX-License-Identifier: MIT
#pragma once
#include <gmpxx.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "instances/attention.hpp"
#include "instances/bit_matrix.hpp"
#include "instances/provenance.hpp"

// Gap-k-MaxIP: one vector per set; is some inner product at least t = yes_at_least, given that otherwise all are at most s_no = no_at_most?
// Three forms with equal inner products (docs/reductions.md, section 5): 0/1 vectors, real vectors, and the field symbols themselves.
namespace gapwright {

/// Both exact thresholds, 0 <= no_at_most < yes_at_least.
struct Gap {
  std::int64_t yes_at_least = 0;
  std::int64_t no_at_most = 0;
};
enum class GapSide { yes, no, outside_promise };
/// The side of a row, or of an instance, whose largest inner product is `largest`.
GapSide side_of(const Gap& gap, std::int64_t largest);

/// Explicit or pruned 0/1 vectors.
struct GapMaxIp {
  using Witness = std::vector<std::size_t>;  ///< the index chosen in each set
  std::size_t dimension = 0;
  std::vector<BitMatrix> sets;
  Gap gap;
  Provenance made_by;
};
bool accepts(const GapMaxIp&, const GapMaxIp::Witness&);

/// Throws BadInstance when there are fewer than two sets, dimensions differ, or not 0 <= s_no < t.
void check_well_formed(const GapMaxIp&);

/// Real vectors: the inner product is sum_c weights[c] prod_u sets[u][j_u, c], an integer up to `rounding`. Signs lie in sets[0], weights are
/// positive. As made by the characters gadget entries are in [-1, 1]; as read from a file weights are 1.
struct RealGapMaxIp {
  using Witness = std::vector<std::size_t>;
  std::vector<Matrix> sets;
  std::vector<double> weights;
  double rounding = 0;  ///< no inner product is further than this from the integer it stands for
  Gap gap;
  Provenance made_by;
};
double inner_product(const RealGapMaxIp&, const RealGapMaxIp::Witness&);
mpq_class exact_inner_product(const RealGapMaxIp&, const RealGapMaxIp::Witness&);  ///< of the doubles as they are
void check_well_formed(const RealGapMaxIp&);

/// Rows of field symbols.
struct SymbolRows {
  std::size_t rows = 0;
  std::size_t columns = 0;
  std::vector<std::uint16_t> symbols;
  SymbolRows() = default;
  SymbolRows(std::size_t row_count, std::size_t column_count)
      : rows(row_count), columns(column_count), symbols(row_count * column_count) {}
  std::uint16_t& at(std::size_t r, std::size_t c) { return symbols[r * columns + c]; }
  std::uint16_t at(std::size_t r, std::size_t c) const { return symbols[r * columns + c]; }
};

/// A finite field of Q <= 2^10 elements 0..Q-1 as plain tables: entry a Q + b is a + b, or a b. Zero is 0 and one is 1.
struct FieldTables {
  std::uint32_t characteristic = 0;
  std::uint32_t size = 0;
  std::vector<std::uint16_t> sum;
  std::vector<std::uint16_t> product;
  std::uint16_t add(std::uint16_t a, std::uint16_t b) const { return sum[a * size + b]; }
  std::uint16_t multiply(std::uint16_t a, std::uint16_t b) const { return product[a * size + b]; }
};

/// The field symbols of the protocol: a tuple's inner product is the number of coins x with sum_tau prod_u W_u[tau][x] = Phi[x].
struct FactoredGapMaxIp {
  using Witness = std::vector<std::size_t>;
  FieldTables field;
  std::size_t coins = 0;   ///< L
  std::size_t blocks = 0;  ///< T
  /// W_u: one row per vector, the symbol of block tau at coin x in column x T + tau. Shared by the instances of all messages.
  std::shared_ptr<const std::vector<SymbolRows>> sets;
  std::vector<std::uint16_t> message;   ///< Phi: L symbols
  std::vector<std::size_t> systematic;  ///< coins at which all symbols are 0 or 1 and Phi is 0, increasing
  Gap gap;
  Provenance made_by;
};
/// Indices must be in range.
std::int64_t inner_product(const FactoredGapMaxIp&, const FactoredGapMaxIp::Witness&);
bool accepts(const FactoredGapMaxIp&, const FactoredGapMaxIp::Witness&);
void check_well_formed(const FactoredGapMaxIp&);

/// Attention over a factored instance under the "sharp" embedding, whose vectors need not fit anywhere: a data tuple of inner product s weighs
/// e^(gamma s), the tuple of all pads e^(gamma t), and each of mixed_tuples others 1; only data tuples have value 1.
struct FactoredAttention {
  using Witness = std::vector<std::size_t>;
  FactoredGapMaxIp gap_max_ip;
  AttentionTerms terms;
  mpz_class dimension;  ///< d' of the attention input that the boxes gadget would give
  mpq_class gamma;      ///< entry_bound^k softmax_scale, exactly
  mpz_class mixed_tuples;
};
bool accepts(const FactoredAttention&, const FactoredAttention::Witness&);

}  // namespace gapwright
