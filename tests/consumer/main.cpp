// SPDX-License-Identifier: MIT
// Its own header; ours of that name comes by way of another, which must not find this one instead.
#include "codes/field.hpp"

#include <gapwright/codes/evaluation_code.hpp>
#include <gapwright/reductions/pipeline.hpp>
#include <gapwright/verify/attention_counts.hpp>

int main() {
  const gapwright::Cnf cnf{3, {{1, 2, 3}, {-1, -2}, {2}}, {}};
  const gapwright::SatToAttention rule(cnf, 3);
  const auto verdict = gapwright::decide_by_counts(rule.target(0), gapwright::CountMethod::verdict);
  const bool both_fields = consumer::Field{}.area() == 12 && gapwright::Field(9).degree() == 2;
  return both_fields && verdict.answer == gapwright::Answer::yes && accepts(cnf, rule.pull(0, *verdict.witness)) ? 0 : 1;
}
