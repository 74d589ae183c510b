// SPDX-License-Identifier: MIT
// Scoring kernels against their bound, in one run: one AND and one population count per word of a tuple, data in the first-level
// cache. The counter "over_bound" is the bound's time for the same number of tuples divided by the kernel's. Sets, all with
// d = 128:
// - those of a random 3-SAT formula at ratio 4.26, k = 3, n = 1024 (30 variables): verdict, histogram;
// - unstructured random vectors of the same shape: histogram_random;
// - those of a random 3-SAT formula, k = 2, n = 16384 (28 variables): histogram_pairs, on the first 2048 rows.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <ctime>
#include <functional>

#include "instances/generators/random_ksat.hpp"
#include "reductions/sat_to_orthogonal_vectors.hpp"
#include "support/philox.hpp"
#include "verify/histogram.hpp"
#include "verify/low_counts.hpp"
#include "verify/scoring_kernels.hpp"

namespace {
using namespace gapwright;

ScoringIndex indexed(const std::vector<BitMatrix>& sets) {
  std::vector<const BitMatrix*> all;
  for (const BitMatrix& set : sets) all.push_back(&set);
  return make_scoring_index(all);
}

/// k sets of 2^(variables / k) vectors, 128 clauses.
ScoringIndex formula_sets(std::size_t variables, std::size_t k) {
  return indexed(SatToOrthogonalVectors(random_ksat(variables, 128, 3, false, 1).cnf, k).target(0).sets);
}

/// Three sets of 1024 vectors of dimension 128, each coordinate one with probability 58 %, as on average in those of the formula.
ScoringIndex random_sets() {
  Random random(1, 0);
  std::vector<BitMatrix> sets(3, BitMatrix(1024, 128));
  for (BitMatrix& set : sets)
    for (std::size_t r = 0; r < set.rows; ++r)
      for (std::size_t c = 0; c < set.columns; ++c) set.set(r, c, random.below(100) < 58);
  return indexed(sets);
}

const ScoringIndex& formula_triples() {
  static const ScoringIndex built = formula_sets(30, 3);
  return built;
}
const ScoringIndex& random_triples() {
  static const ScoringIndex built = random_sets();
  return built;
}
const ScoringIndex& formula_pairs() {
  static const ScoringIndex built = formula_sets(28, 2);
  return built;
}

/// Processor time of this process: everything here runs on one thread, and the machine may be shared.
double cpu_seconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

double seconds_of(const std::function<void()>& work) {
  const double start = cpu_seconds();
  work();
  return cpu_seconds() - start;
}

/// Seconds per word of the bound, on one core, measured now.
double bound_seconds_per_word() {
  constexpr std::size_t kWords = 1024, kRepeat = 20000;
  static AlignedWords a(kWords, 0x123456789abcdef), b(kWords, 0xfedcba987654321);
  const double seconds =
      seconds_of([] { benchmark::DoNotOptimize(kernels::and_popcount()(a.data(), b.data(), kWords, kRepeat)); });
  return seconds / (kWords * kRepeat);
}

/// Runs `work`, on `rows` rows, on one thread, each time between two measurements of the bound; reports the median ratio.
void against_bound(benchmark::State& state, const ScoringIndex& index, std::size_t rows, const std::function<void()>& work) {
  const double words = static_cast<double>(rows) * static_cast<double>(tuples_per_row(index)) * static_cast<double>(index.words);
  std::vector<double> ratios;
  for (auto _ : state) {
    const double before = bound_seconds_per_word();
    const double seconds = seconds_of(work);
    const double after = bound_seconds_per_word();
    state.SetIterationTime(seconds);
    ratios.push_back(words * (before + after) / 2 / seconds);
  }
  std::sort(ratios.begin(), ratios.end());
  state.counters["over_bound"] = ratios[ratios.size() / 2];
  state.SetLabel(kernels::target_name());
}

const RunControl kOneThread{.threads = 1, .stop = nullptr, .progress = {}};

void verdict(benchmark::State& state) {
  const ScoringIndex& index = formula_triples();
  against_bound(state, index, 1024, [&] { benchmark::DoNotOptimize(count_below(index, 1, 0, 1024, kOneThread)); });
}
void histogram_of(benchmark::State& state, const ScoringIndex& index, std::size_t rows) {
  against_bound(state, index, rows, [&] { benchmark::DoNotOptimize(inner_product_histograms(index, 0, rows, kOneThread)); });
}
void histogram(benchmark::State& state) { histogram_of(state, formula_triples(), 1024); }
void histogram_random(benchmark::State& state) { histogram_of(state, random_triples(), 1024); }
void histogram_pairs(benchmark::State& state) { histogram_of(state, formula_pairs(), 2048); }
void bound(benchmark::State& state) {
  for (auto _ : state) {
    const double per_word = bound_seconds_per_word();
    state.SetIterationTime(per_word * 1e9);
    state.counters["Tbit_per_s"] = 64 / per_word / 1e12;
  }
}

BENCHMARK(bound)->UseManualTime()->Iterations(5);
BENCHMARK(verdict)->UseManualTime()->Iterations(9);
BENCHMARK(histogram)->UseManualTime()->Iterations(5);
BENCHMARK(histogram_random)->UseManualTime()->Iterations(5);
BENCHMARK(histogram_pairs)->UseManualTime()->Iterations(9);

}  // namespace

BENCHMARK_MAIN();
