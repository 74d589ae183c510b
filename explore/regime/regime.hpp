// SPDX-License-Identifier: MIT
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "attention/polynomial.hpp"
#include "explore/regime/boundary.hpp"
#include "explore/regime/results.hpp"
#include "support/run_control.hpp"

namespace gapwright {

/// A sweep over matched pairs and entry bounds.
struct RegimeSweep {
  std::vector<std::size_t> orders, rows;
  std::vector<std::size_t> dimensions;  ///< of the vectors; where empty: per_log2 of them
  std::vector<double> per_log2;         ///< d = C log2 n, rounded up to a multiple of 16
  std::vector<double> per_variable;     ///< ksat, instead: d = M = C N clauses, rounded up, N = k log2 n
  std::vector<Embedding> embeddings;
  std::vector<PairFamily> families;
  std::vector<std::uint64_t> seeds;
  std::vector<double> of_deciding;     ///< B as multiples of the smallest deciding B
  std::vector<double> of_log;          ///< B as multiples of (ln n)^(1/k)
  double gap = 0.25;                   ///< what is visible: additive (sharp, direct), relative (paper)
  bool gradient = false;               ///< the regime of gradients instead: the gap is that of the losses
  std::optional<mpq_class> delta;      ///< of the theorem's B; nothing: what outputs or gradients take (reductions/delta.hpp)
  double exact_tuples = 3e8;           ///< exact attention is run up to this many tuples n^k
  std::size_t most_features = 20'000;  ///< the polynomial method is run up to this many
  RatioProver prove;                   ///< of the polynomial method, required
  RemainderProver prove_remainder;     ///< if given, the method may take the degree that its input's moments allow
};

/// The pairs of a sweep in the order they are run. Throws std::invalid_argument with one sentence when nothing would be run.
std::vector<PairRequest> pairs_of(const RegimeSweep& sweep);

/// The gap's kind and target for an embedding.
std::pair<GapKind, double> visible_gap(const RegimeSweep& sweep, Embedding embedding);

/// Where results go and which are there already.
struct RegimeOutput {
  std::function<const Record*(const std::string& key)> find;  ///< a record that need not be computed again, or null
  std::function<void(const Record&)> emit;
};
struct RegimeCounts {
  std::size_t computed = 0, kept = 0;  ///< records
};

/// One record "boundary" per pair and one record "point" per pair and B; docs/explore.md explains every field. Everything but the
/// key "timing" is a function of the sweep alone.
RegimeCounts run_regime(const RegimeSweep& sweep, const RegimeOutput& output, const RunControl& control);

/// {"lo", "hi"}, rounded outward to doubles.
Record enclosure(const mpq_class& lo, const mpq_class& hi);

}  // namespace gapwright
