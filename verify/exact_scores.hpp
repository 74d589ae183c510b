// SPDX-License-Identifier: MIT
#pragma once
#include <memory>
#include <optional>
#include <vector>

#include "instances/attention.hpp"
#include "instances/gap_max_ip.hpp"
#include "support/run_control.hpp"
#include "verify/row_log.hpp"
#include "verify/verdict.hpp"

// Real entries of any kind by exact rational scores: slower than balls, but the floor of a row's output is then known for
// certain, and so is which of two tuples is the heavier.
namespace gapwright {

/// Decides like decide_by_balls, by floor(out 2^width) of every row, appended to the recording. The width is the least of 64, 128, ... that
/// decides; a recording that is not empty goes on at its own. The witness is the first tuple of largest weight among those with the largest
/// value v_J[0]. Undecided only when every row left open lies exactly in the middle of the gap; throws LimitReached when more places are needed
/// than precision.last and the gap itself ask for.
Verdict decide_by_exact_scores(const Attention& a, const RunControl& control, Recording& recording,
                               const Precision& precision = {});

/// The largest inner product of each row of real vectors, exactly.
class ExactRows {
 public:
  explicit ExactRows(const RealGapMaxIp&);
  ~ExactRows();
  mpq_class largest(std::size_t row, const RunControl&) const;
  struct Reached {
    std::vector<std::size_t> tuple;
    mpq_class product;
  };
  /// The row's first tuple whose inner product is at least this, if there is one.
  std::optional<Reached> first_reaching(const mpq_class& threshold, std::size_t row, const RunControl&) const;

 private:
  struct State;
  std::unique_ptr<const State> state_;
};

/// Gap-k-MaxIP over real vectors with weights 1: exact inner products against t - rounding and s_no + rounding, 2 rounding < t - s_no;
/// floor(largest 2^width) of every row goes to the recording.
struct ExactGapVerdict {
  GapSide side = GapSide::no;
  std::size_t row = 0;                              ///< the yes row, else the first of the largest floor
  std::size_t named = 0;                            ///< the row that decide_gap names
  std::optional<std::vector<std::size_t>> witness;  ///< yes: the first tuple of the row that reaches t - rounding
  mpz_class floor;                                  ///< of the witness's inner product, else of the row's largest
};
ExactGapVerdict decide_by_exact_products(const RealGapMaxIp& g, const mpq_class& rounding, const RunControl& control,
                                         Recording& recording);

}  // namespace gapwright
