// SPDX-License-Identifier: MIT
// The row of attention_to_gradient.
#include "atlas/rule.hpp"

namespace gapwright {
std::vector<Rule> attention_to_gradient_rules() {
  return {{"attention_to_gradient",
           "",
           "attention",
           "attention-gradient",
           RuleKind::over_nodes,
           "Loss(1) - Loss(0) is the integral of <dLoss/dq(lambda q), q> [LSSZ24, AS24b]; Gauss-Legendre with a proved "
           "error; any k >= 2",
           "the same input, one oracle call per node",
           "loss at least yes^2/2 against at most n_0 no^2/2",
           "decision",
           "docs/attention.md",
           {},
           keep_if_losses_separate}};
}

}  // namespace gapwright
