// SPDX-License-Identifier: MIT
#pragma once
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "support/child_process.hpp"

// Somebody else's program on files: a command line without a shell, run in a folder of its own.
namespace gapwright {

/// Exit status by which a program says that it refuses an input (the same as gapwright's own "a limit was hit").
inline constexpr int kRefusal = 5;
/// Exit status of a command that could not be run at all; its messages say why.
inline constexpr int kNotRun = 127;

/// Splits a command at blanks; '...' and "..." keep blanks, a backslash keeps the next character (not inside '...'). There is no
/// shell: no variables, globs, pipes. Words that name existing files from here are made absolute, except a program found on PATH.
/// Throws std::invalid_argument for an open quote, no words, or words without {in} and {out}.
std::vector<std::string> command_words(const std::string& command);
std::vector<std::string> with_absolute_files(std::vector<std::string> words);

/// Those of the words that are files.
std::vector<std::string> files_among(const std::vector<std::string>& words);

/// True when some word holds the text.
bool mentions(const std::vector<std::string>& words, const std::string& text);

/// "exact" for "/usr/bin/python3 examples/exact.py {in} {out}": the base name, without extension, of the script of an interpreter
/// or of the program.
std::string name_of_command(const std::vector<std::string>& words);

/// A fresh folder, gone with all it holds.
class WorkFolder {
 public:
  WorkFolder();
  ~WorkFolder();
  WorkFolder(const WorkFolder&) = delete;
  WorkFolder& operator=(const WorkFolder&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// Throws std::invalid_argument when there is no such program, by its path or, without a slash, on PATH: a slip of the caller, not an answer
/// of the program.
void check_runnable(const std::string& program);

/// Runs the words in the folder, each "{in}" -> file of `places` replaced. In its messages they are replaced back, and the folder
/// by {folder}: its name is another one in every run.
ChildEnd run_command(std::vector<std::string> words, const std::vector<std::pair<std::string, std::string>>& places,
                     const WorkFolder& folder, const ChildLimits& limits, const RunControl& control);

/// What is wrong with a file that a program was to write, as a file: missing, or not a regular one. Else empty.
std::string flaw_of_output(const std::string& path);

}  // namespace gapwright
