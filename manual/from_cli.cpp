// SPDX-License-Identifier: MIT
// The option tables of gapwright as CLI11 holds them, as plain data.
#include <algorithm>
#include <sstream>

#include "cli/program.hpp"
#include "manual/tables.hpp"
#include "support/version.hpp"

namespace gapwright::manual {
namespace {

/// CLI11 writes TEXT:{f32,f64}: the kind of the value, then what a check says of it.
std::vector<std::string> choices_of(const std::string& type) {
  const std::size_t from = type.find('{'), to = type.find('}', from);
  if (from == std::string::npos || to == std::string::npos) return {};
  std::vector<std::string> choices;
  std::istringstream list(type.substr(from + 1, to - from - 1));
  for (std::string choice; std::getline(list, choice, ',');) choices.push_back(choice);
  return choices;
}

std::vector<std::string> names_of(const CLI::Option& given) {
  std::vector<std::string> names;
  for (const auto& name : given.get_snames()) names.push_back("-" + name);
  for (const auto& name : given.get_lnames()) names.push_back("--" + name);
  return names;
}

Option option_of(const CLI::Option& given, const std::vector<std::string>& names) {
  Option option;
  option.names = names;
  const std::string type = given.get_type_name();
  if (given.get_items_expected_max() != 0) option.value = type.substr(0, type.find(':'));
  option.meaning = given.get_description();
  option.preset = given.get_default_str();
  option.choices = choices_of(type);
  option.required = given.get_required();
  return option;
}

std::vector<std::string> examples_of(const CLI::App& app) {
  std::vector<std::string> lines;
  std::istringstream footer(app.get_footer());
  for (std::string line; std::getline(footer, line);)
    if (line.starts_with("  ")) lines.push_back(line.substr(2));
  return lines;
}

Verb verb_of(const CLI::App& app) {
  Verb verb{app.get_name(), app.get_description(), {}, {}, {}, examples_of(app)};
  for (const CLI::Option* option : app.get_options()) {
    if (option->get_group().empty()) continue;  // hidden
    if (option->nonpositional()) verb.options.push_back(option_of(*option, names_of(*option)));
    if (option->get_positional()) verb.positionals.push_back(option_of(*option, {option->get_name(true)}));  // some are both
  }
  for (const CLI::App* below : app.get_subcommands([](const CLI::App*) { return true; })) verb.verbs.push_back(verb_of(*below));
  return verb;
}

}  // namespace

Program gapwright_program() {
  using namespace cli;
  Context context;
  CLI::App app{kSummary, "gapwright"};
  declare_program(app, context);
  const auto code = [](ExitCode number, const std::string& meaning) { return std::pair(std::to_string(number), meaning); };
  return {
      verb_of(app),
      {"[options] COMMAND [options] [arguments]"},
      {code(kDone, "done; yes, no and outside the promise alike"), code(kInternal, "internal failure"),
       code(kUsage, "wrong use of the command line"),
       code(kRefuted, "a claim is refuted: a verification failed, or an answer contradicts what the file says"),
       code(kInconclusive, "inconclusive: undecided, or only sampled"),
       code(kLimit, "a limit was reached: time, memory or tuples"), code(kBadInput, "a bad, missing or unreadable input file"),
       code(kSatisfiable, "satisfiable, with solve --format sat"), code(kUnsatisfiable, "unsatisfiable, with solve --format sat"),
       code(kInterrupted, "interrupted"), code(kClosedPipe, "the reader of standard output went away")},
      version(),
      "gapwright-check"};
}

}  // namespace gapwright::manual
