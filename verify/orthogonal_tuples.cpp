// SPDX-License-Identifier: MIT
#include "verify/orthogonal_tuples.hpp"

#include <algorithm>

#include "verify/low_counts.hpp"

namespace gapwright {
namespace {

std::optional<ScoringIndex> index_of(const OrthogonalVectors& ov) {
  std::vector<const BitMatrix*> sets;
  for (const BitMatrix& set : ov.sets) {
    if (set.rows == 0) return std::nullopt;
    sets.push_back(&set);
  }
  return make_scoring_index(sets);
}

OrthogonalVectors::Witness tuple_at(const ScoringIndex& index, std::size_t cut, std::size_t row, const RunControl& control) {
  auto tuple = first_tuple_below(index, cut, row, control).value();
  tuple.insert(tuple.begin(), row);
  return tuple;
}

}  // namespace

std::optional<OrthogonalVectors::Witness> first_orthogonal_tuple(const OrthogonalVectors& ov, const RunControl& control,
                                                                 Recording* recording) {
  const auto record = [&](std::size_t rows) {
    for (std::size_t i = 0; recording && i < rows; ++i) recording->counts.append({});
  };
  if (recording) recording->counts.cut = 1;
  const auto index = index_of(ov);
  if (!index) {
    record(ov.sets.empty() ? 0 : ov.sets[0].rows);
    return std::nullopt;
  }
  const std::size_t rows = index->sets[0].rows;
  const std::size_t piece = recording ? 512 : 4096;  // what is recorded must not be old
  for (std::size_t begin = recording ? recording->counts.rows() : 0; begin < rows; begin += piece) {
    const std::size_t end = std::min(rows, begin + piece);
    const auto counts = count_below(*index, 1, begin, end, RunControl{control.threads, control.stop, {}});
    const auto found = std::find_if(counts.begin(), counts.end(), [](std::uint64_t count) { return count != 0; });
    if (found != counts.end()) return tuple_at(*index, 1, begin + static_cast<std::size_t>(found - counts.begin()), control);
    record(end - begin);
    if (recording) recording->kept();
    if (control.progress) control.progress(static_cast<double>(end) / static_cast<double>(rows));
  }
  return std::nullopt;
}

mpz_class count_orthogonal_tuples(const OrthogonalVectors& ov, const RunControl& control) {
  const auto index = index_of(ov);
  mpz_class total = 0;
  if (!index) return total;
  for (const std::uint64_t count : count_below(*index, 1, 0, index->sets[0].rows, control)) total += count;
  return total;
}

std::optional<SmallestProduct> smallest_inner_product(const OrthogonalVectors& ov, const RunControl& control) {
  const auto index = index_of(ov);
  if (!index) return std::nullopt;
  for (std::size_t cut = 1;; cut *= 2) {  // some tuple is below cut = d + 1 at the latest
    const auto counts = count_below(*index, cut, 0, index->sets[0].rows, control);
    std::size_t smallest = cut;
    for (std::size_t i = 0; i < counts.size(); ++i)
      if (counts[i] != 0) smallest = std::min(smallest, i % cut);
    if (smallest == cut) continue;
    SmallestProduct result{smallest, 0, {}};
    for (std::size_t i = smallest; i < counts.size(); i += cut) {
      if (counts[i] != 0 && result.first.empty()) result.first = tuple_at(*index, smallest + 1, i / cut, control);
      result.tuples += counts[i];
    }
    return result;
  }
}

}  // namespace gapwright
