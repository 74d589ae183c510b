#pragma once
#include <string>
#include <vector>

#include "explore/challenge_files.hpp"
#include "explore/child_process.hpp"

namespace gapwright {

/// Exit status by which a program says that it refuses an input (the same as gapwright's own "a limit was hit").
inline constexpr int kRefusal = 5;

/// Splits a command at blanks; '...' and "..." keep blanks, a backslash keeps the next character (not inside '...'). There is no
/// shell: no variables, globs, pipes. Throws std::invalid_argument for an open quote, no words, or words without {in} and {out}.
std::vector<std::string> command_words(const std::string& command);

/// "exact" for "/usr/bin/python3 examples/exact.py {in} {out}": the base name, without extension, of the script of an interpreter
/// or of the program.
std::string name_of_command(const std::vector<std::string>& words);

/// Runs the command once per input, in a fresh folder that holds only the input, {in} and {out} replaced by absolute paths there.
/// Words that name existing files from here are made absolute. Exit status 0 answers, kRefusal refuses, everything else fails.
/// `control` must outlive the result.
Algorithm exec_algorithm(std::vector<std::string> words, const ChildLimits&, const ChallengeLayout&, const RunControl& control);

}  // namespace gapwright
