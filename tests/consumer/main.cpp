// SPDX-License-Identifier: MIT
#include <gapwright/reductions/pipeline.hpp>
#include <gapwright/verify/attention_counts.hpp>

int main() {
  const gapwright::Cnf cnf{3, {{1, 2, 3}, {-1, -2}, {2}}, {}};
  const gapwright::SatToAttention rule(cnf, 3);
  const auto verdict = gapwright::decide_by_counts(rule.target(0), gapwright::CountMethod::verdict);
  return verdict.answer == gapwright::Answer::yes && accepts(cnf, rule.pull(0, *verdict.witness)) ? 0 : 1;
}
