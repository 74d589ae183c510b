// SPDX-License-Identifier: MIT
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "checker/check.hpp"

namespace checker {

/// What the command line of gapwright-check asks for.
struct Arguments {
  Options options;
  std::string proof, bundle;
  std::vector<std::string> files;
  std::uint64_t memory = 0;  ///< bytes; 0: the usual
  bool help = false;
};

/// One option. The parser, the usage text, the man page and the completion are made from these rows.
struct OptionRow {
  const char* name;
  const char* short_name;  ///< "-h", or empty
  const char* value;       ///< what the value is called; empty for an option without one
  const char* meaning;
  bool (*set)(Arguments&, const char* value);  ///< false for a value that cannot be understood
};

std::span<const OptionRow> option_rows();

/// The ways to call the program, without its name and its options.
std::span<const char* const> synopses();

/// Exit codes with their meanings, and lines that show how to call the program.
std::vector<std::pair<std::string, std::string>> exit_codes();
std::vector<std::string> examples();

/// What --help prints.
std::string usage();

/// False for what cannot be understood.
bool parse(int argc, const char* const* argv, Arguments& arguments);

}  // namespace checker
