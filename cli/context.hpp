// SPDX-License-Identifier: MIT
#pragma once
#include <CLI/CLI.hpp>

#include <gmpxx.h>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "atlas/work.hpp"
#include "support/files.hpp"
#include "support/limits.hpp"
#include "support/run_control.hpp"

namespace gapwright {
struct CodeFamily;
}

namespace gapwright::cli {

enum ExitCode : int {
  kDone = 0,
  kInternal = 1,
  kUsage = 2,
  kRefuted = 3,
  kInconclusive = 4,
  kLimit = 5,
  kBadInput = 6,
  kInterrupted = 130,
  kClosedPipe = 141,  ///< what a shell says of a program that SIGPIPE ended
  kSatisfiable = 10,
  kUnsatisfiable = 20,
};

/// What a verb said that it reads and writes (cli/paths).
struct DeclaredPaths {
  std::vector<std::string> reads, writes;
};

/// What the user asked for, shared by all commands: the options that may stand before or after the verb.
struct Context {
  std::size_t order = 3;
  bool order_given = false;            ///< -k stood on the command line
  bool seed_given = false;             ///< --seed did
  const CodeFamily* family = nullptr;  ///< --route: of the code, null for the direct one
  std::string output = "-";
  bool json = false;
  bool quiet = false;
  std::uint64_t seed = 1;
  unsigned threads = 0;
  double timeout = 0;  ///< seconds, 0: none
  Limits limits;       ///< --memory-limit, --max-tuples
  std::string progress = "auto";

  std::shared_ptr<DeclaredPaths> paths = std::make_shared<DeclaredPaths>();  ///< one for all copies

  std::function<int()> command;  ///< set by the verb's callback: what to run, returning the exit code
};

/// Messages on standard error: information (not with --quiet), warnings, and the one line of an error.
void say(const Context&, const std::string& text);
/// Both say options where a text of the library names fields.
void warn(const std::string& text);
void report_error(const std::string& text);
/// For a text of the option parser, in which backticks are the user's.
void report_wrong_usage(const std::string& text);

/// Data, to -o or standard output; -o has to be declared (cli/paths).
void print(const Context&, const std::string& text);

/// Stops at Ctrl-C and the time limit; progress goes to standard error as one line with the share done and the time left, when that is a
/// terminal (and not with --quiet or --progress never).
RunControl run_control(const Context&, const std::string& what);
/// For long work in the library: limits, progress and notes of this command.
Work work_of(const Context&);
/// From here on signals, the time limit and the memory limit hold (cli/guard).
void start_watching(const Context&);

/// Throws std::invalid_argument when tensors would go to a terminal.
void refuse_binary_on_terminal(const Context&);

/// Refuses what is not a whole number below 2^64: CLI11 would wrap "-1" around and cut larger ones off.
CLI::Validator whole_number();
/// Refuses what is not a finite number above 0: CLI11's own names the bounds of a double in 300 digits.
CLI::Validator positive_number();
/// As whole_number, above 0.
CLI::Validator positive_whole_number();
/// Refuses what is not a finite number of seconds, 0 or more: CLI11 takes nan and inf.
CLI::Validator seconds();

/// Seconds since the program started.
double seconds_since_start();

/// The three examples that end a verb's --help.
std::string examples(const std::vector<std::string>& lines);

}  // namespace gapwright::cli
