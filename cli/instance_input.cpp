// SPDX-License-Identifier: MIT
#include "cli/instance_input.hpp"

namespace gapwright::cli {

AnyInstance read_noted(const Context& context, const Problem& problem, const std::vector<InputBytes>& inputs, bool strict) {
  AnyInstance instance = read_instance(problem, inputs, strict);
  if (!problem.remarks) return instance;
  const Remarks remarks = problem.remarks(instance);
  for (const std::string& warning : remarks.warnings) warn(warning);
  for (const std::string& note : remarks.notes) say(context, inputs[0].name() + ": " + note);
  return instance;
}

std::string witness_text(const Problem& problem, const WitnessNumbers& witness) {
  std::string text;
  for (const std::int64_t number : witness) text += (text.empty() ? "" : problem.literals ? " " : ", ") + std::to_string(number);
  return problem.literals ? text : "(" + text + ")";
}

}  // namespace gapwright::cli
