// SPDX-License-Identifier: MIT
#include "explore/fuzz/draw.hpp"

#include <algorithm>

#include "codes/families.hpp"
#include "explore/fuzz/conformance.hpp"
#include "explore/fuzz/corner_instances.hpp"
#include "explore/fuzz/rules.hpp"
#include "reductions/sat_to_orthogonal_vectors.hpp"

namespace gapwright {
namespace {

/// All 2^v clauses over the first v variables: unsatisfiable.
Cnf all_signs(std::size_t variables) {
  Cnf cnf;
  cnf.variables = variables;
  for (std::size_t signs = 0; signs < std::size_t{1} << variables; ++signs) {
    Cnf::Clause clause;
    for (std::size_t v = 0; v < variables; ++v) clause.push_back(static_cast<std::int32_t>(v + 1) * ((signs >> v) & 1 ? -1 : 1));
    cnf.clauses.push_back(clause);
  }
  return cnf;
}

}  // namespace

std::size_t draw_order(Random& random, std::size_t most) {
  constexpr std::size_t kOrders[] = {2, 2, 2, 3, 3, 3, 4, 4, 5, 6};
  return std::min(kOrders[random.below(std::size(kOrders))], most);
}

Cnf draw_formula(Random& random, std::size_t most_variables, std::size_t most_clauses) {
  const std::uint64_t kind = random.below(16);
  if (kind > 1) return corner_cnf(random, most_variables, most_clauses);
  Cnf cnf = all_signs(1 + random.below(std::min<std::size_t>(3, most_variables)));
  if (kind == 1)
    cnf.clauses.erase(cnf.clauses.begin() + static_cast<std::ptrdiff_t>(random.below(cnf.clauses.size())));  // one model
  if (cnf.clauses.size() > most_clauses) cnf.clauses.resize(most_clauses);
  return cnf;
}

OrthogonalVectors vectors_of_formula(const Cnf& cnf, std::size_t order, std::uint64_t most_tuples) {
  if (cnf.variables >= 63 || std::uint64_t{1} << cnf.variables > most_tuples)
    throw NoCase("the formula has too many assignments");
  return SatToOrthogonalVectors(cnf, order).target(0);
}

void draw_protocol(Random& random, FuzzParameters& p, std::size_t dimension, const mpz_class& most_messages) {
  for (;;) {
    const auto& [family, code] = small_codes()[random.below(small_codes().size())];
    p.family = family;
    p.q = code.q;
    p.level = code.level;
    p.degree = code.degree;
    p.blocks = 1 + random.below(6);
    try {
      const MerlinArthur protocol = protocol_of(p);
      if (protocol.universe() >= dimension && protocol.messages() <= most_messages) return;
    } catch (const NoCase&) {
    }
  }
}

void draw_layout(Random& random, FuzzParameters& p) {
  p.causal = random.below(6) == 0 && p.order <= 3 && !p.square;
  p.centred = random.below(4) == 0 && p.order == 2;
}

DirectOptions direct_options(const FuzzParameters& p) {
  return {.delta = mpq_class(1, 16),
          .square = p.square,
          .centred = p.centred && p.order == 2,
          .causal = p.causal,
          .significand_bits = p.significand_bits};
}

MerlinArthur protocol_of(const FuzzParameters& p) {
  try {
    return MerlinArthur(evaluation_code(curve_of({p.family->name, {p.q, p.level, 0}}), p.degree), p.order, p.blocks);
  } catch (const std::invalid_argument& e) {
    throw NoCase(e.what());
  }
}

GapMaxIp gap_instance(const OrthogonalVectors& ov, const FuzzParameters& p) {
  if (p.no_at_most < 0 || p.yes_at_least <= p.no_at_most) throw NoCase("the thresholds are not 0 <= s_no < t");
  return {ov.dimension, ov.sets, {p.yes_at_least, p.no_at_most}, {}};
}

std::vector<std::size_t> rows_of(const OrthogonalVectors& ov) {
  std::vector<std::size_t> rows;
  for (const BitMatrix& set : ov.sets) rows.push_back(set.rows);
  return rows;
}

std::vector<std::int64_t> largest_products_by_row(const OrthogonalVectors& ov) {
  std::vector<const BitMatrix*> sets;
  for (const BitMatrix& set : ov.sets) sets.push_back(&set);
  std::vector<std::int64_t> largest(ov.sets[0].rows);
  for (const auto& tuple : conformance::all_tuples(rows_of(ov)))
    largest[tuple[0]] = std::max(largest[tuple[0]], static_cast<std::int64_t>(inner_product(sets, tuple)));
  return largest;
}

std::int64_t largest_product(const OrthogonalVectors& ov) {
  const auto rows = largest_products_by_row(ov);
  return rows.empty() ? 0 : *std::max_element(rows.begin(), rows.end());
}

const OrthogonalVectors& vectors_in(const FuzzCase& c) {
  const auto* ov = std::get_if<OrthogonalVectors>(&c.source);
  if (!ov) throw NoCase(c.rule + " wants vectors");
  if (ov->sets.size() != c.parameters.order) throw NoCase("there are not k sets");
  return *ov;
}

const Cnf& formula_in(const FuzzCase& c) {
  const auto* cnf = std::get_if<Cnf>(&c.source);
  if (!cnf) throw NoCase(c.rule + " wants a formula");
  if (c.parameters.order < 2) throw NoCase("k is below 2");
  return *cnf;
}

bool change_bit(BitMatrix& m, std::size_t row, std::size_t column, bool value) {
  if (row >= m.rows || column >= m.columns || m.get(row, column) == value) return false;
  m.set(row, column, value);
  return true;
}

bool change_first_bit(std::vector<BitMatrix>& sets, bool value) {
  for (BitMatrix& set : sets)
    for (std::size_t r = 0; r < set.rows; ++r)
      for (std::size_t c = 0; c < set.columns; ++c)
        if (change_bit(set, r, c, value)) return true;
  return false;
}

}  // namespace gapwright
