// SPDX-License-Identifier: MIT
#pragma once
#include <gmpxx.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "instances/bit_matrix.hpp"
#include "instances/provenance.hpp"

namespace gapwright {

struct RunControl;

/// What an attention instance says besides its matrices. An instance is yes iff some row has out_i[0] >= yes_at_least; the promise
/// is that otherwise every row has out_i[0] <= no_at_most.
struct AttentionTerms {
  double softmax_scale = 0;  ///< multiplies the k-linear sum in the exponent
  double entry_bound = 0;    ///< B: every entry of q and of the keys is at most B in absolute value
  std::optional<mpq_class> yes_at_least;
  std::optional<mpq_class> no_at_most;
  bool causal = false;           ///< row i sees only the tuples whose keys are all among 0, ..., i of their matrix
  std::string embedding;         ///< "direct", "sharp", "paper"; empty for inputs of other origin
  std::optional<bool> expected;  ///< the answer, only where it is proved or planted
  Provenance made_by;
};

/// Significant digits of thresholds in files, rounded outward: yes_at_least down, no_at_most up.
constexpr int kThresholdDigits = 30;

/// A rows x columns matrix of doubles, C order.
struct Matrix {
  std::size_t rows = 0;
  std::size_t columns = 0;
  std::vector<double> entries;
  Matrix() = default;
  Matrix(std::size_t row_count, std::size_t column_count)
      : rows(row_count), columns(column_count), entries(row_count * column_count) {}
  double& at(std::size_t r, std::size_t c) { return entries[r * columns + c]; }
  double at(std::size_t r, std::size_t c) const { return entries[r * columns + c]; }
};

/// Attention of order k = keys.size() + 1 (docs/reductions.md, section 2; k = 2 is ordinary attention):
/// S[i; J] = softmax_scale * sum_l q[i,l] prod_u keys[u][j_u, l], out_i = sum_J e^{S[i;J]} v_J / sum_J e^{S[i;J]}, where J runs over
/// all tuples of keys (terms.causal: those that row i sees) and v_J is the coordinatewise product of the rows values[u][j_u].
struct Attention {
  AttentionTerms terms;
  Matrix q;                    ///< n_0 x d
  std::vector<Matrix> keys;    ///< keys[u - 1]: n_u x d
  std::vector<Matrix> values;  ///< values[u - 1]: n_u x d_v
};

/// Rows first <= i < last alone.
Matrix rows_of(const Matrix&, std::size_t first, std::size_t last);

/// How many keys of keys[u] row i sees: all, or under a causal mask keys 0, ..., i. At least one, as no matrix is empty.
std::size_t keys_seen(const Attention&, std::size_t u, std::size_t row);

/// Rows first <= i < last that all see what row `last - 1` sees, with these keys and no mask: their outputs are the same.
Attention seen_by(const Attention&, std::size_t first, std::size_t last);

/// Throws BadInstance when both thresholds are stated and do not leave a gap.
void check_thresholds(const AttentionTerms&);
/// Throws BadInstance when shapes do not fit, a matrix is empty, or a number is not finite.
void check_well_formed(const Attention&);

/// An attention input whose entries are 0 or one common magnitude, which is what the reductions write: 64 times smaller.
/// q = sign * B * queries, keys_u = B * keys[u - 1], or, centred, B * (2 keys[0] - 1); v_u a single column of zeros and ones.
struct BitAttention {
  using Witness = std::vector<std::size_t>;  ///< a row, then the key chosen in each key matrix

  AttentionTerms terms;
  int sign = 1;  ///< +1 or -1
  bool centred =
      false;  ///< k = 2 alone: a key's 0 is written -B, which moves all scores of a row alike (docs/reductions.md, Theorem R12)
  BitMatrix queries;
  std::vector<BitMatrix> keys;
  std::vector<std::vector<std::uint8_t>> values;  ///< values[u - 1][j] is 0 or 1
  /// A tuple of keys of value 1 with sign * <...> >= sign * yes_inner_product makes its row a YES row by itself.
  std::int64_t yes_inner_product = 0;
};

/// What multiplies the integer inner product in the exponent, exactly: gamma = B^k * softmax_scale, twice that if centred.
mpq_class score_weight(const BitAttention&);

/// True iff the tuple is in range, all its keys have value 1, and its inner product alone makes its row a YES row.
bool accepts(const BitAttention&, const BitAttention::Witness&);

/// The same input with every entry written out.
Attention written_out(const BitAttention&);
/// The same, looking at the clock on the way: the tensors may take gigabytes.
Attention written_out(const BitAttention&, const RunControl&);

/// Number of bits of the tensors q, k_u, v_u as 64-bit floats.
mpz_class tensor_bits(const BitAttention&);

}  // namespace gapwright
