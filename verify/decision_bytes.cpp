// SPDX-License-Identifier: MIT
// Bytes that deciding takes. Scoring index: the sets transposed, their rows, blocks of 512 and what lies above them, less than six copies of the bits
// in all; with fewer rows a block counts as whole. Counts: a piece of rows has at most 2^22 of them (verify/gap_max_ip), and never more than all rows have. Factored: symbols of two bytes,
// indexed by coin and value, and the table of multiples. Real: doubles, columns of them, and a copy with the signs apart.
#include "verify/decision_bytes.hpp"

#include <algorithm>
#include <thread>

#include "verify/factored_attention.hpp"

namespace gapwright {
namespace {

/// Of a set in a scoring index: six copies of its bits, or, where it has few rows, a block of 512 of them in each column and what orders columns.
mpz_class index_bytes(const BitMatrix& set) {
  constexpr std::size_t kBlock = 512, kBlockBytes = kBlock / 8, kOrdering = 32;
  const mpz_class copies = mpz_class(set.rows) * std::max<std::size_t>(set.words_per_row, 1) * 8 * 6;
  const mpz_class blocks =
      mpz_class((set.rows + kBlock - 1) / kBlock) * kBlockBytes + mpz_class((set.rows + 63) / 64) * 16 + kOrdering;
  return std::max(copies, mpz_class(blocks * set.columns));
}

mpz_class count_bytes(const mpz_class& rows, const mpz_class& width) {
  return std::min(mpz_class(rows * width), std::max(mpz_class(1 << 22), width)) * 8;
}

}  // namespace

mpz_class tuples_of(const Attention& a) { return tuples_of(a.keys) * a.q.rows; }

mpz_class decision_bytes(const Cnf& cnf) {
  constexpr std::size_t kSolverBytesPerVariable = 300;
  return mpz_class(cnf.variables) * kSolverBytesPerVariable;
}

mpz_class decision_bytes(const std::vector<BitMatrix>& sets) {
  mpz_class bytes = 0;
  for (const BitMatrix& set : sets) bytes += index_bytes(set);
  return bytes;
}

mpz_class decision_bytes(const GapMaxIp& instance) {
  return decision_bytes(instance.sets) + count_bytes(instance.sets.at(0).rows, mpz_class(instance.dimension) + 1);
}

mpz_class decision_bytes(const FactoredGapMaxIp& instance) {
  mpz_class symbols = 0;
  for (const SymbolRows& set : *instance.sets) symbols += set.symbols.size();
  return symbols * 2 * 4 + count_bytes(instance.sets->at(0).rows, mpz_class(instance.coins) + 1) +
         multiples_bytes(instance.coins, instance.blocks, instance.field.size, instance.sets->back().rows);
}

mpz_class decision_bytes(const RealGapMaxIp& instance) {
  mpz_class entries = 0;
  for (const Matrix& set : instance.sets) entries += set.entries.size();
  return entries * 8 * 3;
}

mpz_class decision_bytes(const BitAttention& a) {
  constexpr int kCopies = 3;  // of a row's counts: as they come, with values 1, with others
  mpz_class groups = 1;       // keys of one value in each matrix
  for (const auto& values : a.values)
    if (std::ranges::find(values, 0) != values.end() && std::ranges::find(values, 1) != values.end()) groups *= 2;
  mpz_class bits = mpz_class(a.queries.rows) * a.queries.columns;
  for (const BitMatrix& keys : a.keys) bits += mpz_class(keys.rows) * keys.columns;
  return 2 * bits / 8 + groups * (index_bytes(a.queries) + decision_bytes(a.keys)) +
         kCopies * count_bytes(a.queries.rows, mpz_class(a.queries.columns) + 1);
}

mpz_class decision_bytes_by_counts(const Attention& a) {
  mpz_class rows = 0;
  for (const Matrix& keys : a.keys) rows += std::max<std::size_t>(keys.rows, 128);  // index: four copies, at least a block of 512
  return (rows * ((a.q.columns + 63) / 64) * 32) << a.keys.size();
}

mpz_class ball_bytes(const Attention& a, long precision, unsigned threads) {
  const unsigned at_once = threads != 0 ? threads : std::max(1U, std::thread::hardware_concurrency());
  const mpz_class outputs = mpz_class(a.q.rows) * a.values.at(0).columns, ball = 64 + precision / 8;
  const mpz_class row = (mpz_class(a.q.columns) + a.values.at(0).columns) * (a.keys.size() + 1);
  return row * ball * at_once + outputs * 8 * 3;
}

}  // namespace gapwright
