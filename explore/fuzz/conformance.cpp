// SPDX-License-Identifier: MIT
#include "explore/fuzz/conformance.hpp"

#include <algorithm>

#include "verify/attention_balls.hpp"

namespace gapwright::conformance {
std::vector<std::vector<std::size_t>> all_tuples(const std::vector<std::size_t>& sizes) {
  std::vector<std::vector<std::size_t>> tuples{{}};
  for (const std::size_t size : sizes) {
    std::vector<std::vector<std::size_t>> longer;
    for (const auto& tuple : tuples)
      for (std::size_t j = 0; j < size; ++j) {
        longer.push_back(tuple);
        longer.back().push_back(j);
      }
    tuples = std::move(longer);
  }
  return tuples;
}

namespace {

template <class Instance>
std::vector<std::vector<std::size_t>> accepted_tuples(const Instance& instance, const std::vector<std::size_t>& sizes) {
  auto tuples = all_tuples(sizes);
  std::erase_if(tuples, [&](const auto& tuple) { return !accepts(instance, tuple); });
  return tuples;
}

}  // namespace

std::vector<Cnf::Witness> all_witnesses(const Cnf& cnf) {
  std::vector<Cnf::Witness> models;
  for (std::uint64_t bits = 0; bits < std::uint64_t{1} << cnf.variables; ++bits) {
    Cnf::Witness assignment(cnf.variables);
    for (std::size_t v = 0; v < cnf.variables; ++v) assignment[v] = (bits >> v) & 1;
    if (accepts(cnf, assignment)) models.push_back(assignment);
  }
  return models;
}

std::vector<OrthogonalVectors::Witness> all_witnesses(const OrthogonalVectors& ov) {
  std::vector<std::size_t> sizes;
  for (const BitMatrix& set : ov.sets) sizes.push_back(set.rows);
  return accepted_tuples(ov, sizes);
}

std::vector<BitAttention::Witness> all_witnesses(const BitAttention& a) {
  std::vector<std::size_t> sizes{a.queries.rows};
  for (const BitMatrix& keys : a.keys) sizes.push_back(keys.rows);
  return accepted_tuples(a, sizes);
}

std::vector<GapMaxIp::Witness> all_witnesses(const GapMaxIp& g) {
  std::vector<std::size_t> sizes;
  for (const BitMatrix& set : g.sets) sizes.push_back(set.rows);
  return accepted_tuples(g, sizes);
}

std::vector<FactoredGapMaxIp::Witness> all_witnesses(const FactoredGapMaxIp& g) {
  std::vector<std::size_t> sizes;
  for (const SymbolRows& set : *g.sets) sizes.push_back(set.rows);
  return accepted_tuples(g, sizes);
}

mpz_class measured_bits(const FactoredGapMaxIp& g) {
  std::size_t symbols = g.message.size() + g.field.sum.size() + g.field.product.size();
  for (const SymbolRows& set : *g.sets) symbols += set.symbols.size();
  return mpz_class(16) * symbols;
}

Measured measure(const FactoredGapMaxIp& g) {
  std::vector<std::size_t> sizes;
  for (const SymbolRows& set : *g.sets) sizes.push_back(set.rows);
  std::int64_t largest = 0;
  for (const auto& tuple : all_tuples(sizes)) largest = std::max(largest, inner_product(g, tuple));
  return {mpz_class(largest), mpz_class(largest)};
}

mpz_class measured_bits(const OrthogonalVectors& ov) { return vector_bits(ov); }

mpz_class measured_bits(const BitAttention& a) {
  const Attention full = written_out(a);
  std::size_t entries = full.q.entries.size();
  for (const Matrix& m : full.keys) entries += m.entries.size();
  for (const Matrix& m : full.values) entries += m.entries.size();
  return mpz_class(64) * entries;
}

Measured measure(const OrthogonalVectors& ov) {
  const mpz_class count = all_witnesses(ov).size();
  return {count, count};
}

Measured measure(const BitAttention& a) {
  Measured measured{0, 0};
  for (const Ball& out : outputs_by_balls(written_out(a), 0, a.queries.rows, 128)) {
    measured.lo = std::max(measured.lo, lower(out));
    measured.hi = std::max(measured.hi, upper(out));
  }
  return measured;
}

}  // namespace gapwright::conformance
