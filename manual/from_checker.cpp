// SPDX-License-Identifier: MIT
// The option table of gapwright-check, as plain data.
#include "checker/arguments.hpp"
#include "manual/tables.hpp"
#include "support/version.hpp"

namespace gapwright::manual {

Program checker_program() {
  Verb root{"gapwright-check", "checks what gapwright claims, by a program that shares no source with it", {}, {}, {}, {}};
  for (const checker::OptionRow& row : checker::option_rows()) {
    std::vector<std::string> names{row.name};
    if (*row.short_name != '\0') names.insert(names.begin(), row.short_name);
    root.options.push_back({names, row.value, row.meaning, "", {}, false});
  }
  root.examples = checker::examples();
  Program program{root, {}, checker::exit_codes(), version(), "gapwright"};
  for (const char* synopsis : checker::synopses()) program.synopses.push_back(std::string("[options] ") + synopsis);
  return program;
}

}  // namespace gapwright::manual
