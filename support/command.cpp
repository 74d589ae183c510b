// SPDX-License-Identifier: MIT
#include "support/command.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <sstream>
#include <stdexcept>

namespace gapwright {
namespace {

namespace fs = std::filesystem;

void replace_all(std::string& text, const std::string& what, const std::string& by) {
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size()))
    text.replace(at, what.size(), by);
}

/// From here; not a program found on PATH.
bool is_file(const std::vector<std::string>& words, std::size_t i) {
  std::error_code ignored;
  return (i != 0 || words[i].find('/') != std::string::npos) && fs::is_regular_file(words[i], ignored);
}

int execute(const std::vector<std::string>& words, const std::string& folder) {
  if (::chdir(folder.c_str()) != 0) return 125;
  ::setenv("TMPDIR", folder.c_str(), 1);
  std::vector<char*> arguments;
  arguments.reserve(words.size() + 1);
  for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  ::execvp(arguments[0], arguments.data());
  const std::string message = words[0] + " cannot be run: " + std::strerror(errno) + "\n";
  [[maybe_unused]] const auto written = ::write(STDERR_FILENO, message.data(), message.size());
  return kNotRun;
}

}  // namespace

std::vector<std::string> command_words(const std::string& command) {
  std::vector<std::string> words;
  std::string word;
  bool inside = false;
  char quote = 0;
  for (std::size_t i = 0; i < command.size(); ++i) {
    const char c = command[i];
    if (quote == 0 && (c == ' ' || c == '\t' || c == '\n')) {
      if (inside) words.push_back(std::move(word));
      word.clear();
      inside = false;
      continue;
    }
    inside = true;
    if (c == quote)
      quote = 0;
    else if (quote == 0 && (c == '\'' || c == '"'))
      quote = c;
    else if (c == '\\' && quote != '\'' && i + 1 < command.size())
      word += command[++i];
    else
      word += c;
  }
  if (quote != 0) throw std::invalid_argument("`exec` '" + command + "' has an open quote");
  if (inside) words.push_back(std::move(word));
  if (words.empty()) throw std::invalid_argument("`exec` is empty; write `exec` 'program {in} {out}'");
  if (!mentions(words, "{in}") || !mentions(words, "{out}"))
    throw std::invalid_argument("`exec` '" + command +
                                "' must name {in} and {out}: the input file to read and the output file to write");
  return words;
}

std::vector<std::string> with_absolute_files(std::vector<std::string> words) {
  for (std::size_t i = 0; i < words.size(); ++i)
    if (is_file(words, i)) words[i] = fs::absolute(words[i]).string();
  return words;
}

std::vector<std::string> files_among(const std::vector<std::string>& words) {
  std::vector<std::string> files;
  for (std::size_t i = 0; i < words.size(); ++i)
    if (is_file(words, i)) files.push_back(words[i]);
  return files;
}

bool mentions(const std::vector<std::string>& words, const std::string& text) {
  return std::ranges::any_of(words, [&](const std::string& word) { return word.find(text) != std::string::npos; });
}

std::string name_of_command(const std::vector<std::string>& words) {
  const std::string program = fs::path(words[0]).filename().string();
  const bool interpreter =
      std::ranges::any_of(std::vector<std::string>{"python", "bash", "sh", "julia", "node", "perl", "ruby", "Rscript"},
                          [&](const std::string& name) { return program.starts_with(name); });
  const bool script = interpreter && words.size() > 1 && words[1].find('{') == std::string::npos && !words[1].starts_with("-");
  return fs::path(script ? words[1] : words[0]).stem().string();
}

WorkFolder::WorkFolder() {
  std::string name = (fs::temp_directory_path() / "gapwright-XXXXXX").string();
  if (!::mkdtemp(name.data()))
    throw std::runtime_error("no folder can be made in " + fs::temp_directory_path().string() + ": " + std::strerror(errno));
  path_ = fs::canonical(name);
}

WorkFolder::~WorkFolder() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

void check_runnable(const std::string& program) {
  std::vector<std::string> places{program};
  if (program.find('/') == std::string::npos) {
    places.clear();
    const char* const path = std::getenv("PATH");
    std::istringstream folders(path ? path : "/usr/bin:/bin");
    for (std::string folder; std::getline(folders, folder, ':');) places.push_back((fs::path(folder) / program).string());
  }
  const auto runnable = [](const std::string& place) {
    std::error_code ignored;
    return fs::is_regular_file(place, ignored) && ::access(place.c_str(), X_OK) == 0;
  };
  if (std::ranges::none_of(places, runnable))
    throw std::invalid_argument("`exec`: there is no program " + program + " that can be run" +
                                (program.find('/') == std::string::npos ? " on PATH" : ""));
}

ChildEnd run_command(std::vector<std::string> words, const std::vector<std::pair<std::string, std::string>>& places,
                     const WorkFolder& folder, const ChildLimits& limits, const RunControl& control) {
  for (std::string& word : words)
    for (const auto& [name, file] : places) replace_all(word, name, file);
  ChildLimits with_folder = limits;
  with_folder.folder = folder.path().string();
  ChildEnd end = run_in_child([&] { return execute(words, with_folder.folder); }, with_folder, control);
  for (const auto& [name, file] : places) replace_all(end.messages, file, name);
  replace_all(end.messages, folder.path().string(), "{folder}");
  return end;
}

std::string flaw_of_output(const std::string& path) {
  struct stat status {};
  if (::lstat(path.c_str(), &status) != 0) return "it wrote no output file";
  return S_ISREG(status.st_mode) ? "" : "the output is not a regular file";
}

}  // namespace gapwright
