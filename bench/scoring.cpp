// Scoring kernels against their bound, in one run: one AND and one population count per word of a tuple, data in the first-level cache.
// Sets are those of a random 3-SAT formula at ratio 4.26, k = 3, n = 1024, d = 128 (30 variables). The counter "over_bound" is the bound's
// time for the same number of tuples divided by the kernel's.
#include <benchmark/benchmark.h>

#include <ctime>

#include "instances/random_ksat.hpp"
#include "reductions/sat_to_orthogonal_vectors.hpp"
#include "verify/scoring.hpp"
#include "verify/scoring_kernels.hpp"

namespace {
using namespace gapwright;

const ScoringIndex& index() {
  static const Cnf cnf = random_ksat(30, 128, 3, false, 1).cnf;
  static const OrthogonalVectors ov = SatToOrthogonalVectors(cnf, 3).target(0);
  static const ScoringIndex built = make_scoring_index({&ov.sets[0], &ov.sets[1], &ov.sets[2]});
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
  const double seconds = seconds_of([] { benchmark::DoNotOptimize(kernels::and_popcount()(a.data(), b.data(), kWords, kRepeat)); });
  return seconds / (kWords * kRepeat);
}

/// Runs `work` on one thread, each time between two measurements of the bound; reports the median ratio.
void against_bound(benchmark::State& state, const std::function<void()>& work) {
  const double words = 1024.0 * static_cast<double>(tuples_per_row(index())) * 2;
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

void verdict(benchmark::State& state) {
  against_bound(state, [] { benchmark::DoNotOptimize(count_below(index(), 1, 0, 1024, {.threads = 1, .stop = nullptr, .progress = {}})); });
}
void histogram(benchmark::State& state) {
  against_bound(state, [] { benchmark::DoNotOptimize(inner_product_histograms(index(), 0, 1024, {.threads = 1, .stop = nullptr, .progress = {}})); });
}
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

}  // namespace

BENCHMARK_MAIN();
