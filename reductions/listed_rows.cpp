// SPDX-License-Identifier: MIT
// A witness of an instance names rows; which assignment it lifts to is known only if the rows are the formula's vectors, in order. k-OV and
// Gap-k-MaxIP have one row for each vector. Attention has the vectors once (sizes 2^(variables of the group)), or repeats those of each set
// cyclically until there are as many as in the largest, with one key more for each other set that is no vector.
#include "reductions/listed_rows.hpp"

#include <algorithm>
#include <cstring>

#include "support/errors.hpp"

namespace gapwright {
namespace {

template <class Sets>
ListedRows once(const Sets& sets) {
  ListedRows listed;
  for (const auto& set : sets) listed.vectors.push_back(set.rows);
  listed.rows = listed.vectors;
  return listed;
}

/// Bit by bit, as the checker compares them: 0 and -0 differ.
bool same_row(const Matrix& m, std::size_t i, std::size_t j) {
  return std::memcmp(m.entries.data() + i * m.columns, m.entries.data() + j * m.columns, m.columns * sizeof(double)) == 0;
}

/// Whether the sets are as large as those that repeat sets of these sizes.
bool repeats(const ListedRows& listed, const std::vector<std::size_t>& sizes) {
  std::size_t side = sizes[0];
  for (std::size_t u = 1; u < sizes.size(); ++u) side = std::max(side, sizes[u] + 1);
  for (std::size_t u = 0; u < sizes.size(); ++u)
    if (listed.rows[u] != side || listed.vectors[u] != side - (u > 0 ? 1 : 0)) return false;
  return true;
}

}  // namespace

ListedRows listed_rows(const OrthogonalVectors& ov) { return once(ov.sets); }
ListedRows listed_rows(const GapMaxIp& g) { return once(g.sets); }
ListedRows listed_rows(const RealGapMaxIp& g) { return once(g.sets); }
ListedRows listed_rows(const FactoredGapMaxIp& g) { return once(*g.sets); }

ListedRows listed_rows(const Attention& a) {
  ListedRows listed{{a.q.rows}, {a.q.rows}};
  for (const Matrix& values : a.values) {
    std::size_t ones = 0;
    for (std::size_t j = 0; j < values.rows; ++j) {
      if (values.at(j, 0) != 1) continue;
      listed.in_order = listed.in_order && j == ones;
      ++ones;
    }
    listed.vectors.push_back(ones);
    listed.rows.push_back(values.rows);
  }
  listed.same = [&a](std::size_t u, std::size_t i, std::size_t j) { return same_row(u == 0 ? a.q : a.keys[u - 1], i, j); };
  return listed;
}

OrthogonalVectors::Witness vectors_of_rows(const SatToOrthogonalVectors& rule, const ListedRows& listed,
                                           const std::vector<std::size_t>& witness) {
  if (!listed.in_order)
    throw BadInstance("the keys of value 1 do not come first, so they are not the formula's vectors in order");
  std::vector<std::size_t> sizes;
  for (std::size_t u = 0; u < witness.size(); ++u) sizes.push_back(rule.set_size(u).get_ui());
  const bool repeated = listed.same && repeats(listed, sizes);
  for (std::size_t u = 0; u < witness.size(); ++u) {
    if (!repeated && listed.vectors[u] != sizes[u])
      throw BadInstance("set " + std::to_string(u) + " of the instance has " + std::to_string(listed.vectors[u]) +
                        " vectors, the formula's has " + std::to_string(sizes[u]));
    if (witness[u] >= listed.vectors[u])
      throw BadInstance("row " + std::to_string(witness[u]) + " of set " + std::to_string(u) +
                        " is none of the formula's vectors");
    for (std::size_t row = sizes[u]; repeated && row < listed.vectors[u]; ++row)
      if (!listed.same(u, row, row - sizes[u]))
        throw BadInstance("row " + std::to_string(row) + " of set " + std::to_string(u) +
                          " does not repeat the formula's vectors");
  }
  OrthogonalVectors::Witness tuple = witness;
  for (std::size_t u = 0; u < tuple.size(); ++u) tuple[u] %= sizes[u];
  return tuple;
}

}  // namespace gapwright
