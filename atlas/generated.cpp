// SPDX-License-Identifier: MIT
// Instances of problems that are known by their row: values in, an instance that says what made it out. `gen` and Python's generate call.
#include "atlas/generated.hpp"

#include <algorithm>

#include "atlas/decide.hpp"

namespace gapwright {
namespace {

Provenance generated_by(const Problem& problem, const GeneratorValues& values, bool expect) {
  Provenance made_by;
  made_by.command = "gen " + problem.name;
  for (std::size_t i = 0; i < values.values.size(); ++i) {
    const GeneratorParameter& parameter = problem.generator->parameters[i];
    if (parameter.kind != GeneratorParameter::Kind::flag)
      made_by.command += " " + option_of(parameter) + " " + values.values[i].get_str();
    else if (values.values[i] != 0)
      made_by.command += " " + option_of(parameter);
  }
  if (expect) made_by.command += " --expect";
  note_seed(made_by, values.seed);
  return made_by;
}

}  // namespace

std::string option_of(const GeneratorParameter& parameter) {
  std::string name = "--" + parameter.name;
  std::ranges::replace(name, '_', '-');
  return name;
}

Generated generated(const Problem& problem, const GeneratorValues& values, bool expect, const Work& work) {
  check_memory(work.limits, "the instance", problem.generator->bytes(values));
  Generated made = problem.generator->make(values, work.control("drawing"));
  Parts parts = problem.parts(made.instance);
  parts.made_by = generated_by(problem, values, expect);
  if (made.planted)
    parts.expected = true;
  else if (expect)
    parts.expected = decide(made.instance, {"`expect`"}, work).answer == Answer::yes;
  return {problem.from_parts(parts), std::move(made.planted)};
}

}  // namespace gapwright
