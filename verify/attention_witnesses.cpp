// SPDX-License-Identifier: MIT
#include "verify/attention_witnesses.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "instances/vocabulary.hpp"
#include "support/message.hpp"
#include "verify/recover_bits.hpp"

namespace gapwright {
namespace {

/// Says that a key's -B stands for 0 (docs/formats.md).
bool is_centred(const Attention& attention) {
  return attention.keys.size() == 1 && attention.terms.embedding.ends_with(kCentred);
}

/// The bit form with the rule's own side and threshold, where there is one.
std::optional<BitAttention> bits_of(const Attention& attention, const AttentionWitness& rule) {
  std::optional<BitAttention> bits = recover_bits(attention).bits;
  if (!bits) return bits;
  if (is_centred(attention))  // recovered bits differ when all keys are -B
    for (std::size_t i = 0; i < attention.keys[0].entries.size(); ++i)
      bits->keys[0].set(i / attention.keys[0].columns, i % attention.keys[0].columns, attention.keys[0].entries[i] > 0);
  bits->yes_inner_product = rule.least.value_or(0);
  bits->sign = rule.least ? 1 : -1;
  return bits;
}

double scaled_product(const Attention& attention, const AttentionWitness& rule, const std::vector<std::size_t>& tuple) {
  double sum = 0;
  for (std::size_t c = 0; c < attention.q.columns; ++c) {
    double product = attention.q.at(tuple[0], c) / attention.terms.entry_bound;
    for (std::size_t u = 1; u < tuple.size(); ++u) {
      const double entry = attention.keys[u - 1].at(tuple[u], c) / attention.terms.entry_bound;
      product *= is_centred(attention) ? std::max(entry, 0.0) : entry;
    }
    sum += product;
  }
  return sum * rule.unit;
}

/// For a tuple in range.
std::string objection(const Attention& attention, const std::optional<BitAttention>& bits, const AttentionWitness& rule,
                      const std::vector<std::size_t>& tuple) {
  for (std::size_t u = 1; u < tuple.size(); ++u)
    if (tuple[u] >= keys_seen(attention, u - 1, tuple[0]))
      return fmt::format("row {} does not see key {} of k{} under the causal mask", tuple[0], tuple[u], u);
  for (std::size_t u = 1; u < tuple.size(); ++u)
    if (attention.values[u - 1].at(tuple[u], 0) != 1)
      return fmt::format("key {} of k{} has value {}: a pad is no witness", tuple[u], u, attention.values[u - 1].at(tuple[u], 0));
  if (bits)  // exact integers
    return accepts(*bits, tuple) ? ""
           : rule.least          ? fmt::format("its inner product is below {}", *rule.least)
                                 : "its inner product is not 0";
  const double sum = scaled_product(attention, rule, tuple);
  const bool holds = rule.least ? sum >= static_cast<double>(*rule.least) - 0.5 : std::abs(sum) <= 0.5;
  return holds ? "" : fmt::format("its inner product is {:.6g}, needed is {}", sum, rule.least.value_or(0));
}

}  // namespace

std::string why_no_witness(const Attention& attention, const AttentionWitness& rule, const std::vector<std::size_t>& tuple) {
  const std::size_t order = attention.keys.size() + 1;
  if (tuple.size() != order)
    return fmt::format("it has {} for a row and {}", counted(tuple.size(), "index", "indices"),
                       counted(order - 1, "key matrix", "key matrices"));
  for (std::size_t u = 0; u < order; ++u)
    if (const std::size_t rows = u == 0 ? attention.q.rows : attention.keys[u - 1].rows; tuple[u] >= rows)
      return fmt::format("matrix {} has {}", u == 0 ? "q" : "k" + std::to_string(u), counted(rows, "row"));
  return objection(attention, bits_of(attention, rule), rule, tuple);
}

std::vector<std::vector<std::size_t>> all_witnesses(const Attention& attention, const AttentionWitness& rule) {
  const std::optional<BitAttention> bits = bits_of(attention, rule);
  const auto rows = [&](std::size_t u) { return u == 0 ? attention.q.rows : attention.keys[u - 1].rows; };
  std::vector<std::vector<std::size_t>> witnesses;
  std::vector<std::size_t> tuple(attention.keys.size() + 1);
  while (tuple[0] < rows(0)) {
    if (objection(attention, bits, rule, tuple).empty()) witnesses.push_back(tuple);
    for (std::size_t u = tuple.size() - 1; ++tuple[u] == rows(u) && u > 0; --u) tuple[u] = 0;
  }
  return witnesses;
}

}  // namespace gapwright
