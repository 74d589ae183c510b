// SPDX-License-Identifier: MIT
#include "cli/paths.hpp"

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <stdexcept>

namespace gapwright::cli {
namespace {

namespace fs = std::filesystem;

void refuse_two_on_standard_output(const std::vector<WrittenPath>& writes) {
  for (std::size_t i = 0; i < writes.size(); ++i)
    for (std::size_t j = i + 1; j < writes.size(); ++j)
      if (writes[i].path == "-" && writes[j].path == "-")
        throw std::invalid_argument(writes[i].asked_by + " - would stand in the middle of " +
                                    (writes[j].asked_by == "-o" ? "the answer" : writes[j].asked_by + " -") +
                                    "; name a file, or send the answer elsewhere with -o");
}

void refuse_two_on_standard_input(const std::vector<std::string>& reads) {
  if (std::ranges::count(reads, "-") > 1)
    throw std::invalid_argument("two inputs are -, and standard input is read once; name a file for all but one of them");
}

/// "bundle", "bundle/" and "./bundle//" are one folder.
fs::path as_folder(const fs::path& path) { return (path / "").lexically_normal(); }

}  // namespace

WrittenPath output_file(const Context& context, std::vector<std::string> beside) {
  return {"-o", context.output, WrittenPath::file, std::move(beside)};
}

void declare_paths(const Context& context, const std::vector<std::string>& reads, const std::vector<WrittenPath>& writes) {
  std::vector<WrittenPath> asked;
  std::ranges::copy_if(writes, std::back_inserter(asked),
                       [](const WrittenPath& w) { return !w.path.empty() || w.asked_by == "-o"; });
  refuse_two_on_standard_input(reads);
  refuse_two_on_standard_output(asked);
  check_written_paths(reads, asked);
  context.paths->reads = reads;
  for (const WrittenPath& w : asked) context.paths->writes.push_back(w.path);
}

InputBytes open_input(const Context& context, const std::string& path) {
  const fs::path folder = as_folder(fs::path(path).parent_path());
  if (std::ranges::none_of(context.paths->reads,
                           [&](const std::string& read) { return read == path || as_folder(read) == folder; }))
    throw std::logic_error(path + " is read, and was not declared; please report this");
  return InputBytes::open(path, [control = run_control(context, "")] { control.check(); });
}

void require_declared_output(const Context& context) {
  if (context.output != "-" && std::ranges::find(context.paths->writes, context.output) == context.paths->writes.end())
    throw std::logic_error(context.output + " is written, and was not declared; please report this");
}

}  // namespace gapwright::cli
