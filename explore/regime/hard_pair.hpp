// SPDX-License-Identifier: MIT
#pragma once
#include <gmpxx.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "explore/plan/planner.hpp"
#include "instances/attention.hpp"
#include "instances/gap_max_ip.hpp"
#include "instances/vocabulary.hpp"
#include "support/run_control.hpp"
#include "verify/row_outputs.hpp"

namespace gapwright {

/// Where a matched pair comes from: random vectors with a planted tuple, both thresholds attained, or random 3-SAT (sharp and direct).
enum class PairFamily { planted, tight, ksat };
template <>
struct Names<PairFamily> {
  static constexpr std::string_view what = "family";
  static constexpr std::array all{Named<PairFamily>{PairFamily::planted, "planted"},
                                  Named<PairFamily>{PairFamily::tight, "tight"}, Named<PairFamily>{PairFamily::ksat, "ksat"}};
};

/// Which matched pair of hard attention inputs. Entries are not part of it: the same bits serve at every B.
struct PairRequest {
  std::size_t order = 2, rows = 0, dimension = 0;  ///< of the vectors; every set has `rows` of them
  Embedding embedding = Embedding::sharp;
  PairFamily family = PairFamily::planted;
  std::uint64_t seed = 1;
  double per_log2 = 0;                ///< the C of d = C log2 n, 0 where the dimension was given
  double per_variable = 0;            ///< ksat: the ratio M/N of d = M clauses, 0 where M was given
  mpq_class delta = forward_delta();  ///< of the embedding: B and the thresholds of the theorem, nothing that is measured
};

/// Codes that ksat by sharp looks at: all of these are built in moments.
inline constexpr PlanLimits kFormulaCodes{1024, 1000};
/// ksat by sharp: the way through a code that has the least B by boxes. Throws std::invalid_argument when no code fits.
PlanPoint formula_plan(std::size_t order, std::size_t dimension);

/// ksat lists n = 2^(N/k) assignments a set: N = k log2 n. Throws std::invalid_argument when n is no power of two.
std::size_t formula_variables(std::size_t order, std::size_t rows);

/// d = C log2(n), rounded up; but for direct to a multiple of 16, so that t = 7d/16 and s_no = 6d/16 are whole.
std::size_t dimension_for(Embedding embedding, double log2_rows, double per_log2);

/// t = ceil(7d/16) and s_no = floor(6d/16); direct {1, 0}.
Gap pair_gap(Embedding embedding, std::size_t dimension);

/// The counts of a matched pair, which give its outputs at every B: gamma = B^order * softmax_scale multiplies sign * (inner
/// product).
struct CountedRows {
  std::size_t order = 2;
  int sign = 1;
  double softmax_scale = 0;
  std::size_t largest_product = 0;  ///< no inner product is larger
  std::size_t planted_row = 0;      ///< of the yes instance
  std::vector<RowCounts> yes, no;
  std::vector<std::size_t> witness_rows;  ///< of the yes instance: all rows with a yes tuple, planted_row among them
};

/// Where a pair of the family ksat comes from.
struct FormulaOrigin {
  std::size_t variables = 0, clauses = 0;
  std::uint64_t formula_seed = 0;      ///< gen random-ksat --seed with it writes the formula without a model
  mpz_class models;                    ///< of the other one
  std::optional<ProtocolShape> shape;  ///< sharp: the code of least B by boxes
};

/// A yes and a no instance that differ in the planted vectors only (ksat: in one literal), all inner products counted.
struct HardPair {
  PairRequest request;
  Gap gap;                           ///< t and s_no; direct: inner product 0 is yes, at least 1 is no, kept as {1, 0}
  std::size_t dimension = 0;         ///< d' of the attention input
  BitAttention yes, no;              ///< terms.entry_bound and the thresholds are those of the theorem
  bool built = true;                 ///< false: too large to write out; yes and no hold their terms only
  std::vector<std::size_t> planted;  ///< the yes instance's row and keys
  CountedRows counted;
  std::size_t attempts = 1;  ///< draws until the promise held
  double count_seconds = 0;  ///< of both instances
  std::optional<FormulaOrigin> formula;
};

/// Throws std::invalid_argument for ksat with paper.
void check_goes_with(Embedding embedding, PairFamily family);

/// Draws until every tuple but the planted one keeps the promise, which is checked by counting all of them. Throws
/// std::invalid_argument for ksat with paper, and LimitReached when 20 draws break the promise (too small a dimension for
/// so many tuples).
HardPair hard_pair(const PairRequest& request, const RunControl& = {});

/// n^k as an exact number, and the bytes that counting takes.
mpz_class pair_tuples(const PairRequest&);
mpz_class pair_bytes(const PairRequest&);
inline constexpr std::size_t kBothCounts =
    32;  ///< bytes of one inner product of one row: main and other tuples of both instances, 8 each
/// Bytes of q, k_1, ..., k_{k-1} of one instance written out in doubles.
mpz_class written_bytes(std::size_t order, std::size_t rows, const mpz_class& dimension);

/// Inputs of ksat by sharp (boxes: d' = L Q^((k-1)T) + L) are built up to this many bytes written out.
inline constexpr std::size_t kMostWrittenBytes = std::size_t{1} << 27;

}  // namespace gapwright
