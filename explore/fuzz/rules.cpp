// SPDX-License-Identifier: MIT
#include "explore/fuzz/rules.hpp"

#include <algorithm>

#include "explore/fuzz/by_row.hpp"

namespace gapwright {

const std::vector<FuzzedRule>& fuzzed_rules() {
  static const std::vector<FuzzedRule> all = [] {
    std::vector<FuzzedRule> fuzzed{fuzz_sat_to_orthogonal_vectors(),
                                   fuzz_orthogonal_vectors_to_attention(),
                                   fuzz_sat_to_attention(),
                                   fuzz_merlin_arthur(),
                                   fuzz_orthogonal_vectors_to_gap_max_ip(),
                                   fuzz_gap_max_ip_forms(),
                                   fuzz_gap_max_ip_to_attention(),
                                   fuzz_sat_to_attention_by_code(),
                                   fuzz_attention_to_gradient()};
    for (const Rule& rule : rules())
      if (std::ranges::find(fuzzed, rule.name, &FuzzedRule::name) == fuzzed.end() && can_be_fuzzed(rule))
        fuzzed.push_back(fuzz_by_row(rule));
    return fuzzed;
  }();
  return all;
}

}  // namespace gapwright
