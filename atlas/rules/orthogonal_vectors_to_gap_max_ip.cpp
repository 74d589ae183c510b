// SPDX-License-Identifier: MIT
// The row of orthogonal_vectors_to_gap_max_ip.
#include "atlas/rule.hpp"

namespace gapwright {
std::vector<Rule> orthogonal_vectors_to_gap_max_ip_rules() {
  std::vector<Rule> rows;
  for (const CodeFamily& family : code_families())
    rows.push_back({"orthogonal_vectors_to_gap_max_ip",
                    family.name,
                    "orthogonal-vectors",
                    "gap-max-ip",
                    RuleKind::over_messages,
                    "(k+1)-party Merlin-Arthur protocol over an evaluation code C(D) of length L and dimension K [AS24, Rub18, "
                    "ARW17, AW09]: yes iff some message's instance is; any k >= 2",
                    "Q^(dim C(kD) - K) instances of sum_u n_u L T + L + 2 Q^2 symbols of 16 bits, T K >= d, T < p, k D < L",
                    "t = L accepting coins against at most s_no = k D",
                    "witnesses both ways under one message each; their numbers add up over the messages",
                    "docs/reductions.md, 4 and 5",
                    {.family = &family},
                    run_protocol});
  return rows;
}

}  // namespace gapwright
