// SPDX-License-Identifier: MIT
// Exact attention against its bound, in one run on one thread: 2 (d + d_v) operations per tuple at the measured peak of
// multiply-adds, plus one vector exponential per tuple at its measured speed. Each try stands between two measurements of the
// bound; "over_bound" is the median of bound / time. The polynomial method stands beside its own bound: k n r (d_v + 1)
// multiply-adds at the peak, all else (planning, features, moments) counted as loss. bench/scaling.py plots both over n.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <ctime>

#include "atlas/bindings.hpp"
#include "attention/aligned.hpp"
#include "attention/exact.hpp"
#include "attention/gradient.hpp"
#include "attention/kernels.hpp"
#include "attention/polynomial.hpp"
#include "instances/generators/random_attention.hpp"

namespace {
using namespace gapwright;

/// Processor time of this process: everything here runs on one thread, and the machine may be shared.
double cpu_seconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

template <class T>
double seconds_per_multiply_add() {
  T sink[2] = {T(0.5), T(0.25)};
  const double start = cpu_seconds();
  const double done = kernels::attention_kernels<T>().multiply_add_peak(2'000'000, sink);
  benchmark::DoNotOptimize(sink[0]);
  return (cpu_seconds() - start) / done;
}

/// Numbers stay in the first-level cache; 2^0 = 1, 2^1 = 2, 2^2 = 4, 2^4 = 16, 2^16: five applications keep them normal, then
/// they are set back.
template <class T>
double seconds_per_exp2() {
  const auto& k = kernels::attention_kernels<T>();
  Aligned<T> x(k.lanes * 32);
  double seconds = 0;
  constexpr int kRepeat = 400;
  for (int r = 0; r < kRepeat; ++r) {
    std::fill(x.begin(), x.end(), T(0));
    const double start = cpu_seconds();
    for (int again = 0; again < 4; ++again) k.exp2(x.data(), x.size());
    seconds += cpu_seconds() - start;
  }
  const double start = cpu_seconds();
  for (int r = 0; r < kRepeat; ++r) benchmark::DoNotOptimize(cpu_seconds());
  seconds -= cpu_seconds() - start;  // the clock's own cost
  return seconds / (4.0 * kRepeat * static_cast<double>(x.size()));
}

template <class T>
void exact(benchmark::State& state) {
  const auto order = static_cast<std::size_t>(state.range(0)), rows = static_cast<std::size_t>(state.range(1)),
             d = static_cast<std::size_t>(state.range(2));
  const Attention a = random_attention(rows, d, 1, order, 1);
  double tuples = 1;
  for (std::size_t u = 0; u < order; ++u) tuples *= static_cast<double>(rows);
  const auto bound = [&] {
    return tuples * (2 * static_cast<double>(d) * seconds_per_multiply_add<T>() + seconds_per_exp2<T>());
  };
  std::vector<double> ratios;
  for (auto _ : state) {
    const double before = bound(), start = cpu_seconds();
    benchmark::DoNotOptimize(exact_attention(a, sizeof(T) == 8 ? Arithmetic::f64 : Arithmetic::f32, {1, nullptr, {}}));
    const double seconds = cpu_seconds() - start;
    state.SetIterationTime(seconds);
    ratios.push_back((before + bound()) / 2 / seconds);
  }
  std::sort(ratios.begin(), ratios.end());
  state.counters["over_bound"] = ratios[ratios.size() / 2];
  state.counters["Gtuples_per_s"] = benchmark::Counter(tuples / 1e9, benchmark::Counter::kIsIterationInvariantRate);
  state.SetLabel(kernels::attention_kernels<T>().target);
}

template <class T>
void units(benchmark::State& state) {
  for (auto _ : state) {
    const double fma = seconds_per_multiply_add<T>();
    state.SetIterationTime(fma * 1e9);
    state.counters["Gflop_per_s"] = 2e-9 / fma;
    state.counters["ns_per_exp"] = 1e9 * seconds_per_exp2<T>();
  }
}

void gradient(benchmark::State& state) {
  const auto rows = static_cast<std::size_t>(state.range(0)), d = static_cast<std::size_t>(state.range(1));
  const Attention a = random_attention(rows, d, 1, 3, 1);
  for (auto _ : state) {
    const double start = cpu_seconds();
    benchmark::DoNotOptimize(exact_gradient(a, a.values[0], Arithmetic::f64, {1, nullptr, {}}));
    state.SetIterationTime(cpu_seconds() - start);
  }
}

/// Certified on the interval alone (moments = 0), or with the moments of the scores, which need fewer features.
void polynomial(benchmark::State& state) {
  const auto rows = static_cast<std::size_t>(state.range(0)), d = static_cast<std::size_t>(state.range(1));
  const Attention a = random_attention(rows, d, static_cast<double>(state.range(2)) / 100, 3, 1);
  PolynomialOptions options;
  options.prove = polynomial_prover();
  if (state.range(3) != 0) options.prove_remainder = remainder_prover();
  std::vector<double> ratios;
  double features = 0;
  for (auto _ : state) {
    const double before = seconds_per_multiply_add<double>(), start = cpu_seconds();
    const PolynomialAttention result = polynomial_attention(a, options, {1, nullptr, {}});
    const double seconds = cpu_seconds() - start;
    state.SetIterationTime(seconds);
    features = static_cast<double>(result.plan.features);
    const double multiply_adds = 3 * static_cast<double>(rows) * features * static_cast<double>(d + 1);
    ratios.push_back(multiply_adds * (before + seconds_per_multiply_add<double>()) / 2 / seconds);
  }
  std::sort(ratios.begin(), ratios.end());
  state.counters["over_bound"] = ratios[ratios.size() / 2];
  state.counters["features"] = features;
}

BENCHMARK(units<double>)->UseManualTime()->Iterations(3);
BENCHMARK(units<float>)->UseManualTime()->Iterations(3);
BENCHMARK(exact<double>)
    ->Args({3, 512, 64})
    ->Args({3, 1024, 64})
    ->Args({3, 1024, 16})
    ->Args({2, 16384, 64})
    ->Args({4, 96, 32})
    ->UseManualTime()
    ->Iterations(3)
    ->Unit(benchmark::kMillisecond);
BENCHMARK(exact<float>)
    ->Args({3, 1024, 64})
    ->Args({3, 1024, 16})
    ->Args({2, 16384, 64})
    ->UseManualTime()
    ->Iterations(3)
    ->Unit(benchmark::kMillisecond);
BENCHMARK(polynomial)
    ->Args({100000, 8, 100, 0})
    ->Args({100000, 8, 100, 1})
    ->Args({50000, 16, 126, 0})
    ->Args({50000, 16, 126, 1})
    ->UseManualTime()
    ->Iterations(3)
    ->Unit(benchmark::kMillisecond);
BENCHMARK(gradient)->Args({256, 32})->UseManualTime()->Iterations(3)->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
