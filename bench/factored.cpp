// SPDX-License-Identifier: MIT
// Scoring the factored form of Gap-k-MaxIP: a random 3-SAT formula of 20 variables and 91 clauses, k = 3, by the Hermitian code
// with q = 5 (L = 125 coins, T = 4 blocks), all 2^20 tuples. In one run: the kernel on all cores and on one, and inner_product by
// its definition on the first row, which is what anybody would write first. The counter "symbols" is products of field symbols
// per second (tuples L T).
#include <benchmark/benchmark.h>

#include "instances/generators/random_ksat.hpp"
#include "reductions/orthogonal_vectors_to_gap_max_ip.hpp"
#include "reductions/protocol_choice.hpp"
#include "reductions/sat_to_orthogonal_vectors.hpp"
#include "verify/factored_attention.hpp"

namespace {
using namespace gapwright;

FactoredGapMaxIp instance() {
  const Cnf cnf = random_ksat(20, 91, 3, false, 1).cnf;
  const OrthogonalVectors ov = SatToOrthogonalVectors(cnf, 3).target(0);
  ProtocolRequest request{&code_family("hermitian"), 3, ov.dimension, 25, 4, {}, {}};
  return OrthogonalVectorsToGapMaxIp(ov, std::make_shared<const MerlinArthur>(build_protocol(choose_protocol(request), 3)))
      .target(0);
}

const FactoredGapMaxIp& shared_instance() {
  static const FactoredGapMaxIp g = instance();
  return g;
}

void count_symbols(benchmark::State& state, double tuples) {
  const FactoredGapMaxIp& g = shared_instance();
  state.counters["symbols"] =
      benchmark::Counter(tuples * static_cast<double>(g.coins * g.blocks), benchmark::Counter::kIsIterationInvariantRate);
}

void histograms(benchmark::State& state, unsigned threads) {
  const FactoredGapMaxIp& g = shared_instance();
  RunControl control;
  control.threads = threads;
  for (auto _ : state) benchmark::DoNotOptimize(accepting_histograms(g, 0, (*g.sets)[0].rows, control));
  count_symbols(state, 0x1p20);
}

void by_definition(benchmark::State& state) {
  const FactoredGapMaxIp& g = shared_instance();
  const auto& sets = *g.sets;
  for (auto _ : state)
    for (std::size_t a = 0; a < sets[1].rows; ++a)
      for (std::size_t b = 0; b < sets[2].rows; ++b) benchmark::DoNotOptimize(inner_product(g, {0, a, b}));
  count_symbols(state, static_cast<double>(sets[1].rows * sets[2].rows));
}

BENCHMARK_CAPTURE(histograms, all_cores, 0U)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK_CAPTURE(histograms, one_core, 1U)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(by_definition)->Unit(benchmark::kMillisecond)->UseRealTime();
}  // namespace

BENCHMARK_MAIN();
