// SPDX-License-Identifier: MIT
#include "instances/gap_max_ip.hpp"

#include <cmath>

#include "instances/orthogonal_vectors.hpp"
#include "support/checked.hpp"
#include "support/errors.hpp"

namespace gapwright {
namespace {

void check_gap(std::size_t sets, const Gap& gap) {
  if (sets < 2) throw BadInstance("Gap-k-MaxIP needs at least 2 sets of vectors, here are " + std::to_string(sets));
  check_order_within(sets, "the instance");
  if (gap.no_at_most < 0 || gap.yes_at_least <= gap.no_at_most)
    throw BadInstance("the thresholds need 0 <= no_at_most < yes_at_least, here " + std::to_string(gap.no_at_most) + " and " +
                      std::to_string(gap.yes_at_least));
}

void check_columns(std::size_t u, std::size_t columns, std::size_t expected) {
  if (columns != expected)
    throw BadInstance("set x" + std::to_string(u) + " has vectors of dimension " + std::to_string(columns) +
                      ", the first set has " + std::to_string(expected));
}

}  // namespace

void check_well_formed(const GapMaxIp& instance) {
  check_gap(instance.sets.size(), instance.gap);
  for (std::size_t u = 0; u < instance.sets.size(); ++u) check_columns(u, instance.sets[u].columns, instance.dimension);
}

mpq_class exact_inner_product(const RealGapMaxIp& real, const RealGapMaxIp::Witness& tuple) {
  mpq_class sum;
  for (std::size_t c = 0; c < real.weights.size(); ++c) {
    mpq_class product(real.weights[c]);
    for (std::size_t u = 0; u < tuple.size(); ++u) product *= mpq_class(real.sets[u].at(tuple[u], c));
    sum += product;
  }
  return sum;
}

void check_well_formed(const RealGapMaxIp& instance) {
  check_gap(instance.sets.size(), instance.gap);
  if (!(instance.rounding >= 0 && std::isfinite(instance.rounding)))
    throw BadInstance("rounding is negative, or not a finite number");
  for (std::size_t c = 0; c < instance.weights.size(); ++c)
    if (!(instance.weights[c] > 0 && std::isfinite(instance.weights[c])))
      throw BadInstance("weights[" + std::to_string(c) + "] is not a finite number above 0; signs belong into the first set");
  for (std::size_t u = 0; u < instance.sets.size(); ++u) {
    const Matrix& set = instance.sets[u];
    check_columns(u, set.columns, instance.weights.size());
    for (std::size_t i = 0; i < set.entries.size(); ++i)
      if (!std::isfinite(set.entries[i]))
        throw BadInstance("x" + std::to_string(u) + "[" + std::to_string(i / set.columns) + ", " +
                          std::to_string(i % set.columns) + "] is not a finite number");
  }
}

void check_well_formed(const FactoredGapMaxIp& instance) {
  check_gap(instance.sets->size(), instance.gap);
  const std::size_t size = instance.field.size;
  if (size < 2 || size > 1024) throw BadInstance("the field has " + std::to_string(size) + " elements; 2 to 1024 are taken");
  for (const auto* table : {&instance.field.sum, &instance.field.product})
    for (std::size_t a = 0; a < size; ++a)
      for (std::size_t b = 0; b < size; ++b)
        if ((*table)[a * size + b] >= size || (*table)[a * size + b] != (*table)[b * size + a])
          throw BadInstance("the field's tables are not symmetric, or name an element beyond the field, at " + std::to_string(a) +
                            ", " + std::to_string(b));
  for (std::size_t a = 0; a < size; ++a)
    if (instance.field.sum[a] != a || instance.field.product[a] != 0 || instance.field.product[size + a] != a)
      throw BadInstance("in the field's tables 0 and 1 are not what they must be for element " + std::to_string(a));
  if (instance.blocks == 0 || instance.coins == 0) throw BadInstance("there must be at least one coin and one block");
  for (std::size_t u = 0; u < instance.sets->size(); ++u) {
    check_columns(u, (*instance.sets)[u].columns, instance.coins * instance.blocks);
    for (const std::uint16_t symbol : (*instance.sets)[u].symbols)
      if (symbol >= size)
        throw BadInstance("set x" + std::to_string(u) + " holds the symbol " + std::to_string(symbol) + ", beyond the field");
  }
  for (const std::uint16_t symbol : instance.message)
    if (symbol >= size) throw BadInstance("the message holds the symbol " + std::to_string(symbol) + ", beyond the field");
  if (instance.gap.yes_at_least > static_cast<std::int64_t>(instance.coins))
    throw BadInstance("yes_at_least is above the number of coins");
}

GapSide side_of(const Gap& gap, std::int64_t largest) {
  return largest >= gap.yes_at_least ? GapSide::yes : largest <= gap.no_at_most ? GapSide::no : GapSide::outside_promise;
}

bool accepts(const GapMaxIp& instance, const GapMaxIp::Witness& tuple) {
  if (tuple.size() != instance.sets.size() || tuple.empty()) return false;
  std::vector<const BitMatrix*> sets;
  for (std::size_t u = 0; u < tuple.size(); ++u) {
    if (tuple[u] >= instance.sets[u].rows || instance.sets[u].columns != instance.dimension) return false;
    sets.push_back(&instance.sets[u]);
  }
  return static_cast<std::int64_t>(inner_product(sets, tuple)) >= instance.gap.yes_at_least;
}

double inner_product(const RealGapMaxIp& instance, const RealGapMaxIp::Witness& tuple) {
  double sum = 0;
  for (std::size_t c = 0; c < instance.weights.size(); ++c) {
    double product = instance.weights[c];
    for (std::size_t u = 0; u < tuple.size(); ++u) product *= instance.sets[u].at(tuple[u], c);
    sum += product;
  }
  return sum;
}

std::int64_t inner_product(const FactoredGapMaxIp& instance, const FactoredGapMaxIp::Witness& tuple) {
  std::int64_t accepting = 0;
  const FieldTables& field = instance.field;
  for (std::size_t x = 0; x < instance.coins; ++x) {
    std::uint16_t sum = 0;
    for (std::size_t tau = 0; tau < instance.blocks; ++tau) {
      std::uint16_t product = 1;
      for (std::size_t u = 0; u < tuple.size(); ++u)
        product = field.multiply(product, (*instance.sets)[u].at(tuple[u], x * instance.blocks + tau));
      sum = field.add(sum, product);
    }
    accepting += sum == instance.message[x];
  }
  return accepting;
}

bool accepts(const FactoredGapMaxIp& instance, const FactoredGapMaxIp::Witness& tuple) {
  if (tuple.empty() || tuple.size() != instance.sets->size()) return false;
  for (std::size_t u = 0; u < tuple.size(); ++u)
    if (tuple[u] >= (*instance.sets)[u].rows) return false;
  return inner_product(instance, tuple) >= instance.gap.yes_at_least;
}

bool accepts(const FactoredAttention& attention, const FactoredAttention::Witness& tuple) {
  return accepts(attention.gap_max_ip, tuple);
}

}  // namespace gapwright
