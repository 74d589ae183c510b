// SPDX-License-Identifier: MIT
#include "support/gnuplot.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>

#include "support/child_process.hpp"
#include "support/files.hpp"
#include "support/write_file.hpp"

namespace gapwright {
namespace {

/// A folder that goes away.
struct ScratchFolder {
  ScratchFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "gapwright-XXXXXX").string();
    if (!::mkdtemp(name.data()))
      throw std::runtime_error("no temporary folder can be made in " + std::filesystem::temp_directory_path().string());
    path = name;
  }
  ~ScratchFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path, ignored);
  }
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;
  std::string path;
};

}  // namespace

std::string gnuplot_quoted(
    const std::string& text) {  // a quote inside single quotes is doubled, and nothing else means anything there
  std::string result = "'";
  for (const char c : text) {
    const bool control = static_cast<unsigned char>(c) < 32 || c == 127;  // a line end would end the string
    result += c == '\'' ? std::string("''") : std::string(1, control ? ' ' : c);
  }
  return result + "'";
}

std::string gnuplot_file(const std::string& name) { return gnuplot_quoted("./" + name); }

void refuse_commands(const std::string& script) {
  const auto refuse = [](const char* what) {
    throw std::logic_error(std::string("a gnuplot script with ") + what + " is not run");
  };
  bool line_begins = true;
  std::string word;
  for (std::size_t i = 0; i <= script.size(); ++i) {
    const char c = i < script.size() ? script[i] : '\n';
    if (c == '\'' || c == '"') {
      const char first = i + 1 < script.size() ? script[i + 1] : c;
      if (first == '<' || first == '|') refuse("a pipe");
      for (++i; i < script.size() && script[i] != c; ++i) {
        if (c == '"' && script[i] == '`') refuse("a command in backquotes");
        if (c == '"' && script[i] == '\\') ++i;
        if (i < script.size() && script[i] == '\n') refuse("a line end in a text");
      }
      word.clear();
    } else if (c == '`' || (c == '!' && line_begins)) {
      refuse("a command of the shell");
    } else if (std::isalnum(static_cast<unsigned char>(c)) || c == '_') {
      word += c;
    } else {
      if (word == "system" || word == "shell" || word == "load" || word == "call" || word == "eval" || word == "evaluate" ||
          word == "import" || word == "pipe")
        refuse("a command of the shell");
      word.clear();
    }
    line_begins = c == '\n' || c == ';' || (line_begins && (c == ' ' || c == '\t'));
  }
}

std::string picture_data(const Picture& picture) {
  std::string text;
  for (const std::string& block : picture.blocks) text += (text.empty() ? "" : "\n\n") + block;
  return text;
}

std::string picture_script(const Picture& picture) {
  std::string body = picture.script;
  const std::string name = gnuplot_file(picture.name + ".dat");
  for (std::size_t at = body.find("DATA"); at != std::string::npos; at = body.find("DATA", at + name.size()))
    body.replace(at, 4, name);
  return frame_script(picture.frame, picture.name + ".svg") + body;
}

namespace {

/// Runs gnuplot on NAME.gp in a folder, silent and without the user's own settings.
void run_gnuplot(const std::string& folder, const std::string& name) {
  constexpr int kNoFolder = 126, kNoProgram = 127;
  const ChildLimits limits{600};
  const std::string script = "./" + name + ".gp";
  const ChildEnd end = run_in_child(
      [&] {
        if (::chdir(folder.c_str()) != 0) return kNoFolder;
        ::execlp("gnuplot", "gnuplot", "--default-settings", script.c_str(), nullptr);
        return kNoProgram;
      },
      limits);
  if (end.how == ChildEnd::exited && end.code == kNoProgram)
    throw std::runtime_error("gnuplot cannot be run: install gnuplot-nox");
  if (end.how != ChildEnd::exited || end.code != 0)
    throw std::runtime_error("gnuplot failed on " + name + ".gp: " + describe(end, limits));
}

std::string drawn(const std::string& name, const std::string& data, const std::string& script) {
  refuse_commands(script);
  const ScratchFolder folder;
  const std::string base = (std::filesystem::path(folder.path) / name).string();
  write_file(base + ".dat", data);
  write_file(base + ".gp", script);
  run_gnuplot(folder.path, name);
  return std::string(InputBytes::open(base + ".svg").text());
}

}  // namespace

void write_drawn(const std::string& base, const std::string& data, const std::string& script) {
  const std::string name = std::filesystem::path(base).filename().string();
  if (std::ranges::any_of(name, [](unsigned char c) { return c < 32 || c == 127; }))
    throw std::invalid_argument(base + ": a gnuplot script cannot name a file with control characters; choose another name");
  const std::string svg = drawn(name, data, script);
  write_file(base + ".dat", data);
  write_file(base + ".gp", script);
  write_file(base + ".svg", svg);
}

void write_picture(const Picture& picture, const std::string& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) throw std::invalid_argument(folder + ": the folder cannot be made: " + error.message());
  write_drawn((std::filesystem::path(folder) / picture.name).string(), picture_data(picture), picture_script(picture));
}

std::string drawn(const Picture& picture) { return drawn(picture.name, picture_data(picture), picture_script(picture)); }

}  // namespace gapwright
