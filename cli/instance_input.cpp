// SPDX-License-Identifier: MIT
#include "cli/instance_input.hpp"

namespace gapwright::cli {

AnyInstance read_noted(const Context& context, const Problem& problem, const std::vector<InputFile>& inputs, bool strict) {
  AnyInstance instance = read_instance(problem, inputs, strict);
  if (!problem.remarks) return instance;
  const Remarks remarks = problem.remarks(instance);
  for (const std::string& warning : remarks.warnings) warn(warning);
  for (const std::string& note : remarks.notes) say(context, inputs[0].name() + ": " + note);
  return instance;
}

}  // namespace gapwright::cli
