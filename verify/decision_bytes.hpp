// SPDX-License-Identifier: MIT
#pragma once
#include <gmpxx.h>

#include <vector>

#include "instances/attention.hpp"
#include "instances/cnf.hpp"
#include "instances/gap_max_ip.hpp"

// What deciding an instance takes, from its sizes alone, so that it can be refused before any index is built.
namespace gapwright {

/// Tuples of one row of each set.
template <class Set>
mpz_class tuples_of(const std::vector<Set>& sets) {
  mpz_class tuples = 1;
  for (const auto& set : sets) tuples *= set.rows;
  return tuples;
}
mpz_class tuples_of(const Attention&);

/// Bytes of memory besides the instance itself: the scoring index, and counts of a piece of rows.
mpz_class decision_bytes(const Cnf&);  ///< by CryptoMiniSat
mpz_class decision_bytes(const std::vector<BitMatrix>& sets);
mpz_class decision_bytes(const GapMaxIp&);
mpz_class decision_bytes(const FactoredGapMaxIp&);
mpz_class decision_bytes(const RealGapMaxIp&);
mpz_class decision_bytes(const BitAttention&);  ///< by counts; with the input, and the vectors that it was made of
/// By counts: keys are grouped by their values, and every group has its index.
mpz_class decision_bytes_by_counts(const Attention&);
/// By balls of this precision, each thread its row; for certified outputs three more matrices of them.
mpz_class ball_bytes(const Attention&, long precision, unsigned threads);

}  // namespace gapwright
