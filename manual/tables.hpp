// SPDX-License-Identifier: MIT
#pragma once
#include <string>
#include <utility>
#include <vector>

// What the man pages and the completion are made from: the option tables of both programs as plain data.
namespace gapwright::manual {

struct Option {
  std::vector<std::string> names;    ///< "-k", "--order"; of a positional argument its one name
  std::string value;                 ///< what stands for the value, such as TEXT; empty for a flag
  std::string meaning;               ///< one sentence
  std::string preset;                ///< the value when the option is not given; empty when there is none
  std::vector<std::string> choices;  ///< all values there are, when they are a closed set
  bool required = false;
};

struct Verb {
  std::string name, meaning;
  std::vector<Option> options, positionals;
  std::vector<Verb> verbs;
  std::vector<std::string> examples;
};

struct Program {
  Verb root;                          ///< its options stand before or after every verb
  std::vector<std::string> synopses;  ///< ways to call it, without its name
  std::vector<std::pair<std::string, std::string>> exit_codes;
  std::string version, see_also;
};

/// The table of gapwright, read from the parser itself.
Program gapwright_program();
/// The table of gapwright-check.
Program checker_program();

/// The page in the man macros of roff.
std::string man_page(const Program& program);

/// A script that bash reads: completes verbs, options, the values of closed sets, and file names elsewhere.
std::string bash_completion(const Program& program);

}  // namespace gapwright::manual
