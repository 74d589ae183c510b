// SPDX-License-Identifier: MIT
// The table of rules, in the order of the chain.
#include "atlas/rule.hpp"

namespace gapwright {

// The rows, each rule's variants in atlas/rules/NAME.cpp.
std::vector<Rule> sat_to_orthogonal_vectors_rules();
std::vector<Rule> orthogonal_vectors_to_attention_rules();
std::vector<Rule> orthogonal_vectors_to_gap_max_ip_rules();
std::vector<Rule> gap_max_ip_to_attention_rules();
std::vector<Rule> attention_to_gradient_rules();
std::vector<Rule> subset_query_to_orthogonal_vectors_rules();
std::vector<Rule> orthogonal_vectors_to_subset_query_rules();

const std::vector<Rule>& rules() {
  static const std::vector<Rule> all = [] {
    std::vector<Rule> rows;
    for (auto* rows_of_one : {sat_to_orthogonal_vectors_rules, orthogonal_vectors_to_attention_rules,
                              orthogonal_vectors_to_gap_max_ip_rules, gap_max_ip_to_attention_rules, attention_to_gradient_rules,
                              subset_query_to_orthogonal_vectors_rules, orthogonal_vectors_to_subset_query_rules})
      for (Rule& rule : rows_of_one()) rows.push_back(std::move(rule));
    return rows;
  }();
  return all;
}

bool only_by_name(const Rule& rule) { return rule.parameters.family && rule.parameters.family->only_by_name; }

std::string short_name(const Rule& rule) { return rule.variant.empty() ? rule.name : rule.variant; }

std::string arrow(const Rule& rule) { return rule.source + " -> " + rule.target; }

}  // namespace gapwright
