// SPDX-License-Identifier: MIT
// Codes: how long matrices, functions and words take. For comparison, SageMath's EvaluationAGCode builds the Hermitian
// codes in 11 s at q = 5, 88 s at q = 7 and 276 s at q = 8. Targets are those of the library's own Shows list, in the
// names.
#include <benchmark/benchmark.h>

#include "codes/evaluation_code.hpp"
#include "codes/linear_algebra.hpp"
#include "codes/systematic_encoder.hpp"
#include "codes/tower_elimination.hpp"
#include "codes/tower_numbers.hpp"

using namespace gapwright;

namespace {

/// A curve from nothing, and the generator matrix of one degree.
template <class MakeCurve>
void generator_matrix(benchmark::State& state, const MakeCurve& make_curve, std::size_t degree) {
  std::size_t dimension = 0;
  std::size_t length = 0;
  for (auto _ : state) {
    const CurvePointer curve = make_curve();
    const SymbolMatrix generator = curve->basis_at_points(degree);
    dimension = generator.rows;
    length = generator.columns;
    benchmark::DoNotOptimize(generator.symbols.data());
  }
  state.counters["dimension"] = static_cast<double>(dimension);
  state.counters["length"] = static_cast<double>(length);
}

void information_set(benchmark::State& state, const CurvePointer& curve, std::size_t degree) {
  const SymbolMatrix generator = curve->basis_at_points(degree);
  for (auto _ : state) benchmark::DoNotOptimize(independent_columns(curve->field(), generator));
  state.counters["dimension"] = static_cast<double>(generator.rows);
}

void tower(benchmark::State& state, std::uint32_t q, unsigned m) {
  for (auto _ : state) benchmark::DoNotOptimize(general_tower_functions(q, m));
  state.counters["length"] = static_cast<double>(tower_length(q, m));
}

void encode(benchmark::State& state, const CurvePointer& curve, std::size_t degree, std::uint32_t symbols) {
  const SystematicEncoder encoder(evaluation_code(curve, degree));
  SymbolMatrix messages(1024, encoder.dimension());
  std::uint32_t random = 1;
  for (Symbol& s : messages.symbols) s = static_cast<Symbol>(((random = random * 1664525 + 1013904223) >> 8) % symbols);
  for (auto _ : state) benchmark::DoNotOptimize(encoder.encode(messages).symbols.data());
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(messages.rows * encoder.length()));
  state.counters["dimension"] = static_cast<double>(encoder.dimension());
}

/// A degree at which the curve has dimension 100.
std::size_t degree_of_dimension_100(const CurvePointer& curve) {
  std::size_t degree = 99;
  while (curve->semigroup(degree).size() < 100) ++degree;
  return degree;
}

void register_all() {
  using benchmark::RegisterBenchmark;
  const auto hermitian_of = [](std::int64_t q) { return [q] { return hermitian(q); }; };
  const auto tower_of = [](std::int64_t q, std::int64_t m) { return [q, m] { return garcia_stichtenoth(q, m); }; };
  const auto milliseconds = [](auto* b) { b->Unit(benchmark::kMillisecond); };
  milliseconds(
      RegisterBenchmark("generator/hermitian_q5_sage_11s", generator_matrix<decltype(hermitian_of(5))>, hermitian_of(5), 62));
  milliseconds(
      RegisterBenchmark("generator/hermitian_q7_sage_88s", generator_matrix<decltype(hermitian_of(7))>, hermitian_of(7), 171));
  milliseconds(RegisterBenchmark("generator/hermitian_q8_below_5ms_sage_276s", generator_matrix<decltype(hermitian_of(8))>,
                                 hermitian_of(8), 59));
  milliseconds(RegisterBenchmark("generator/hermitian_q32_below_300ms", generator_matrix<decltype(hermitian_of(32))>,
                                 hermitian_of(32), 995));
  milliseconds(RegisterBenchmark("information_set/hermitian_q32", information_set, hermitian(32), 995));
  milliseconds(
      RegisterBenchmark("generator/tower_q5_level3_below_20ms", generator_matrix<decltype(tower_of(5, 3))>, tower_of(5, 3), 199));
  milliseconds(
      RegisterBenchmark("generator/tower_q5_level4_below_1s", generator_matrix<decltype(tower_of(5, 4))>, tower_of(5, 4), 800));
  milliseconds(
      RegisterBenchmark("generator/tower_q3_level6_below_5s", generator_matrix<decltype(tower_of(3, 6))>, tower_of(3, 6), 800));
  milliseconds(RegisterBenchmark("functions/tower_q3_level6", tower, 3, 6));
  milliseconds(RegisterBenchmark("functions/tower_q7_level4_below_2s", tower, 7, 4));
  milliseconds(RegisterBenchmark("functions/tower_q2_level8", tower, 2, 8));
  const std::pair<const char*, CurvePointer> encoded[] = {{"reed_solomon_1009", projective_line(1009)},
                                                          {"hermitian_q8", hermitian(8)},
                                                          {"hermitian_q7", hermitian(7)},
                                                          {"tower_q5_level4", garcia_stichtenoth(5, 4)}};
  for (const auto& [name, curve] : encoded) {
    const std::size_t degree = degree_of_dimension_100(curve);
    RegisterBenchmark((std::string("encode_symbols/") + name).c_str(), encode, curve, degree, curve->field().size());
    RegisterBenchmark((std::string("encode_bits/") + name).c_str(), encode, curve, degree, 2u);
  }
}

}  // namespace

int main(int argc, char** argv) {
  register_all();
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
