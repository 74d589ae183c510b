// SPDX-License-Identifier: MIT
// graph: the atlas as a picture.
#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "atlas/graph.hpp"
#include "cli/commands.hpp"
#include "cli/paths.hpp"

namespace gapwright::cli {
namespace {

/// A file that goes away.
struct TemporaryText {
  std::string path = (std::filesystem::temp_directory_path() / "gapwright-graph-XXXXXX").string();
  explicit TemporaryText(const std::string& text) {
    const int descriptor = ::mkstemp(path.data());
    if (descriptor < 0 || ::write(descriptor, text.data(), text.size()) != static_cast<ssize_t>(text.size()))
      throw std::runtime_error(path + ": cannot be written");
    ::close(descriptor);
  }
  ~TemporaryText() { ::unlink(path.c_str()); }
  TemporaryText(const TemporaryText&) = delete;
  TemporaryText& operator=(const TemporaryText&) = delete;
};

std::string quoted(const std::string& path) {  // for sh
  std::string result = "'";
  for (const char c : path) result += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return result + "'";
}

std::string drawn(const std::string& dot) {
  const TemporaryText file(dot);
  std::FILE* pipe = ::popen(("dot -Tsvg " + quoted(file.path) + " 2>/dev/null").c_str(), "r");
  if (!pipe) throw std::runtime_error("no process for graphviz's dot");
  std::string svg;
  char buffer[4096];
  for (std::size_t got = 0; (got = std::fread(buffer, 1, sizeof buffer, pipe)) > 0;) svg.append(buffer, got);
  const int status = ::pclose(pipe);
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0 || svg.find("</svg>") == std::string::npos)
    throw std::runtime_error("graphviz's dot cannot be run or failed; install graphviz, or take --format dot");
  return svg;
}

}  // namespace

void add_graph(CLI::App& app, Context& context) {
  auto* verb = app.add_subcommand("graph", "All problems and rules as a graph");
  const auto format = std::make_shared<std::string>("dot");
  verb->add_option("--format", *format, "dot, or svg (drawn by graphviz)")
      ->check(CLI::IsMember({"dot", "svg"}))
      ->capture_default_str();
  verb->footer(examples(
      {"gapwright graph", "gapwright graph --format svg -o atlas.svg", "gapwright graph --format dot | dot -Tpdf -o atlas.pdf"}));
  verb->callback([&context, format] {
    context.command = [&context, format] {
      declare_paths(context, {}, {output_file(context)});
      const std::string dot = atlas_dot();
      print(context, *format == "svg" ? drawn(dot) : dot);
      return static_cast<int>(kDone);
    };
  });
}

}  // namespace gapwright::cli
