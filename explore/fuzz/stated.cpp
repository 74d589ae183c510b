// SPDX-License-Identifier: MIT
#include "explore/fuzz/stated.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "explore/fuzz/conformance.hpp"
#include "instances/vocabulary.hpp"
#include "support/errors.hpp"

namespace gapwright {
namespace {

constexpr std::uint64_t kExactProducts = std::uint64_t{1} << 16;

template <class Instance>
bool has_form(const Instance& instance) {
  try {
    check_well_formed(instance);
    return true;
  } catch (const BadInstance&) {
    return false;
  }
}

double largest_entry(const Attention& a) {
  double largest = 0;
  const auto widen = [&](const Matrix& m) {
    for (const double x : m.entries) largest = std::max(largest, std::abs(x));
  };
  widen(a.q);
  std::for_each(a.keys.begin(), a.keys.end(), widen);
  return largest;
}

/// The powers of g are all non-zero elements, and products are sums of exponents: a cyclic group of order Q - 1.
bool generates(const FieldTables& field, std::uint16_t g) {
  std::vector<std::uint16_t> power{1};
  for (std::uint16_t x = g; x != 1 && power.size() < field.size; x = field.multiply(x, g)) power.push_back(x);
  std::vector<bool> met(field.size);
  for (const std::uint16_t x : power) met[x] = true;
  if (power.size() != field.size - 1 || std::count(met.begin(), met.end(), true) != field.size - 1 || met[0]) return false;
  for (std::size_t i = 0; i < power.size(); ++i)
    for (std::size_t j = 0; j < power.size(); ++j)
      if (field.multiply(power[i], power[j]) != power[(i + j) % power.size()]) return false;
  return true;
}

/// Sums with a fixed element run through the field once, and (a + s) + b = a + (s + b) for s in a generating set, so for all s.
bool is_commutative_group(const FieldTables& field) {
  std::vector<bool> reached(field.size);
  reached[0] = true;
  for (std::uint16_t s = 1; s < field.size; ++s) {
    std::vector<bool> met(field.size);
    for (std::uint16_t a = 0; a < field.size; ++a) met[field.add(s, a)] = true;
    if (std::find(met.begin(), met.end(), false) != met.end()) return false;
    if (reached[s]) continue;
    for (std::uint16_t a = 0; a < field.size; ++a)
      for (std::uint16_t b = 0; b < field.size; ++b)
        if (field.add(field.add(a, s), b) != field.add(a, field.add(s, b))) return false;
    for (bool grown = true; grown;) {  // what sums of the elements taken so far reach
      grown = false;
      for (std::uint16_t a = 0; a < field.size; ++a)
        if (reached[a] && !reached[field.add(a, s)]) reached[field.add(a, s)] = grown = true;
    }
  }
  return true;
}

mpq_class exact_product(const RealGapMaxIp& g, const std::vector<std::size_t>& tuple) {
  mpq_class sum = 0;
  for (std::size_t c = 0; c < g.weights.size(); ++c) {
    mpq_class product = g.weights[c];
    for (std::size_t u = 0; u < tuple.size(); ++u) product *= mpq_class(g.sets[u].at(tuple[u], c));
    sum += product;
  }
  return sum;
}

/// Of inner_product in doubles [Hig02, section 3.1]: d + k roundings of each term.
double product_error(const RealGapMaxIp& g, const std::vector<std::size_t>& tuple) {
  double mass = 0;
  for (std::size_t c = 0; c < g.weights.size(); ++c) {
    double product = std::abs(g.weights[c]);
    for (std::size_t u = 0; u < tuple.size(); ++u) product *= std::abs(g.sets[u].at(tuple[u], c));
    mass += product;
  }
  return static_cast<double>(g.weights.size() + tuple.size() + 1) * 0x1.01p-53 * mass;
}

mpq_class distance_to_integer(const mpq_class& x) {
  mpz_class below;
  mpz_fdiv_q(below.get_mpz_t(), x.get_num_mpz_t(), x.get_den_mpz_t());
  const mpq_class part = x - below;
  return std::min<mpq_class>(part, 1 - part);
}

std::uint64_t at_or_zero(const std::vector<std::uint64_t>& values, std::size_t u) { return values.empty() ? 0 : values[u]; }

/// The indices at position u that a step takes are those below this.
std::uint64_t capacity(const LiftStep& step, std::size_t u) {
  return step.kind == LiftStep::Kind::bits ? std::uint64_t{1} << step.variables[u].size()
                                           : at_or_zero(step.first, u) + step.rows[u];
}

std::string false_sizes(const LiftTable& table) {
  for (std::size_t i = 0; i + 1 < table.steps.size(); ++i) {
    const LiftStep &step = table.steps[i], &next = table.steps[i + 1];
    if (step.kind != LiftStep::Kind::rows || next.kind == LiftStep::Kind::literals) continue;
    const std::size_t sets = next.kind == LiftStep::Kind::bits ? next.variables.size() : next.rows.size();
    if (sets != step.sizes.size()) return fmt::format("step {} has {} sets, the next one {}", i, step.sizes.size(), sets);
    for (std::size_t u = 0; u < sets; ++u)
      if (step.sizes[u] > capacity(next, u))
        return fmt::format("step {} says that set {} has {} vectors, the next step takes {}", i, u, step.sizes[u],
                           capacity(next, u));
  }
  return "";
}

std::string false_ranges(const LiftStep& step, const TargetRows& target) {
  if (step.rows.size() != target.rows.size())
    return fmt::format("its first step has {} sets, the target {}", step.rows.size(), target.rows.size());
  for (std::size_t u = 0; u < step.rows.size(); ++u) {
    const std::uint64_t first = at_or_zero(step.first, u), end = first + step.rows[u];
    if (end > target.rows[u])
      return fmt::format("it says that rows {} to {} of set {} stand for vectors, there are {} rows", first, end - 1, u,
                         target.rows[u]);
    const std::vector<bool>& counted = target.counted[u];
    if (std::find(counted.begin(), counted.end(), true) == counted.end()) continue;
    for (std::size_t j = 0; j < counted.size(); ++j)
      if (counted[j] ? j < first || j >= end : j == first || j + 1 == end)
        return fmt::format("it calls row {} of set {} {}, whose value is {}1", j, u, counted[j] ? "a pad" : "a vector",
                           counted[j] ? "" : "not ");
  }
  return "";
}

}  // namespace

std::string false_statement(const Guarantee& g) {
  if (g.theorem.empty()) return "it names no theorem";
  if (g.targets < 1 || g.target_bits < 0) return "it promises no target";
  return g.no_at_most < g.yes_at_least ? "" : "there is no gap: no_at_most is not below yes_at_least";
}

bool is_well_formed(const OrthogonalVectors& ov) { return has_form(ov); }
bool is_well_formed(const FactoredGapMaxIp& g) { return g.message.size() == g.coins && has_form(g); }
bool is_well_formed(const BitAttention& a) { return has_form(written_out(a)); }

std::string false_statement(const OrthogonalVectors&, const Guarantee&, bool) { return ""; }

std::string false_statement(const FactoredGapMaxIp& g, const Guarantee& guarantee, bool) {
  if (guarantee.yes_at_least != g.gap.yes_at_least || guarantee.no_at_most != g.gap.no_at_most)
    return "its thresholds are not the guarantee's";
  return false_symbols(g);
}

std::string false_statement(const BitAttention& a, const Guarantee& guarantee, bool answer) {
  const AttentionTerms& terms = a.terms;
  if (terms.yes_at_least != guarantee.yes_at_least || terms.no_at_most != guarantee.no_at_most)
    return "its thresholds are not the guarantee's";
  if (terms.expected && *terms.expected != answer) return "its expected answer is not its answer";
  return terms.entry_bound > 0 && std::isfinite(terms.entry_bound) && terms.softmax_scale > 0
             ? ""
             : "B or the scale is not positive and finite";
}

bool is_field(const FieldTables& field) {
  const std::size_t size = field.size;
  if (size < 2 || field.sum.size() != size * size || field.product.size() != size * size) return false;
  for (const auto* table : {&field.sum, &field.product})
    for (std::uint16_t a = 0; a < size; ++a)
      for (std::uint16_t b = 0; b < size; ++b)
        if ((*table)[a * size + b] >= size || (*table)[a * size + b] != (*table)[b * size + a]) return false;
  for (std::uint16_t a = 0; a < size; ++a)
    if (field.add(0, a) != a || field.multiply(0, a) != 0 || field.multiply(1, a) != a) return false;
  std::uint16_t g = 1;
  while (g < size && !generates(field, g)) ++g;
  if (g == size || !is_commutative_group(field)) return false;
  for (std::uint16_t a = 0; a < size; ++a)  // multiplication by g, hence by every power of g, respects sums
    for (std::uint16_t b = 0; b < size; ++b)
      if (field.multiply(g, field.add(a, b)) != field.add(field.multiply(g, a), field.multiply(g, b))) return false;
  std::uint32_t ones = 1;
  for (std::uint16_t sum = 1; sum != 0; sum = field.add(sum, 1)) ++ones;
  return ones == field.characteristic;
}

std::string false_symbols(const FactoredGapMaxIp& g) {
  if (!is_field(g.field)) return "its tables are no field";
  for (std::size_t i = 0; i < g.systematic.size(); ++i) {
    const std::size_t x = g.systematic[i];
    if (x >= g.coins || (i > 0 && g.systematic[i - 1] >= x)) return "its systematic coins are not increasing coins";
    bool bits = g.message[x] == 0;
    for (const SymbolRows& set : *g.sets)
      for (std::size_t r = 0; r < set.rows; ++r)
        for (std::size_t tau = 0; tau < g.blocks; ++tau) bits &= set.at(r, x * g.blocks + tau) <= 1;
    if (!bits) return fmt::format("coin {} is called systematic, but its message is not 0 or some symbol is no bit", x);
  }
  return "";
}

std::string false_entry_bound(const Attention& a, int significand_bits) {
  const double largest = largest_entry(a);
  if (largest == 0) return "";
  mpq_class allowed = mpq_class(largest) * (1 + mpq_class(mpz_class(4), mpz_class(1) << significand_bits)),
            bound = a.terms.entry_bound;
  if (a.terms.embedding == word_of(Embedding::sharp)) {
    const mpq_class factor = allowed, stated = bound;
    for (std::size_t u = 0; u < a.keys.size(); ++u) {
      allowed *= factor;
      bound *= stated;
    }
    allowed *= 2;
  }
  if (bound <= allowed) return "";
  return fmt::format(
      "entry_bound is {:.17g}, the largest entry of q and the keys {:.17g}; state that one, or leave entry_bound out",
      a.terms.entry_bound, largest);
}

std::string false_embedding(const Attention& a) {
  if (!a.terms.embedding.ends_with(kCentred)) return "";
  const auto is_bound = [&](double x) { return std::abs(x) == a.terms.entry_bound; };
  if (a.keys.size() == 1 && std::all_of(a.keys[0].entries.begin(), a.keys[0].entries.end(), is_bound)) return "";
  return "embedding says that keys are centred, but the order is not 2 or some entry of them is neither B nor -B";
}

std::string false_rounding(const RealGapMaxIp& g) {
  std::vector<std::size_t> rows;
  for (const Matrix& set : g.sets) rows.push_back(set.rows);
  const auto tuples = conformance::all_tuples(rows);
  const bool exact = tuples.size() * std::max<std::size_t>(g.weights.size(), 1) <= kExactProducts;
  for (const auto& tuple : tuples) {
    const mpq_class off =
        exact ? distance_to_integer(exact_product(g, tuple)) : distance_to_integer(mpq_class(inner_product(g, tuple)));
    if (off > mpq_class(g.rounding) + (exact ? mpq_class(0) : mpq_class(product_error(g, tuple))))
      return fmt::format("rounding is {:.6g}, the inner product of ({}) is {:.6g} from the nearest integer", g.rounding,
                         fmt::join(tuple, ", "), off.get_d());
  }
  return "";
}

std::string false_table(const LiftTable& table, const TargetRows& target, std::size_t variables) {
  if (table.steps.empty() || table.steps[0].kind != LiftStep::Kind::rows) return "";
  const LiftStep& step = table.steps[0];
  if (std::string flaw = false_ranges(step, target); !flaw.empty()) return flaw;
  if (std::string flaw = false_sizes(table); !flaw.empty()) return flaw;
  WitnessNumbers base;
  for (std::size_t u = 0; u < step.rows.size(); ++u) base.push_back(static_cast<std::int64_t>(at_or_zero(step.first, u)));
  for (std::size_t u = 0; u < base.size(); ++u)
    for (std::uint64_t j = 0; j < step.rows[u]; ++j) {
      WitnessNumbers tuple = base;
      tuple[u] += static_cast<std::int64_t>(j);
      try {
        if (assignment_of(lift(table, tuple)).size() != variables)
          return fmt::format("the vectors ({}) lift to no assignment of {} variables", fmt::join(tuple, ", "), variables);
      } catch (const std::invalid_argument& e) {
        return fmt::format("the vectors ({}) cannot be lifted: {}", fmt::join(tuple, ", "), e.what());
      }
    }
  return "";
}

}  // namespace gapwright
