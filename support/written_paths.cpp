// SPDX-License-Identifier: MIT
// A file has two names here. One is what it is, device and inode, so that links lead to the same file; the other is where it would come to stand,
// the folder without links and the name in it, so that files not made yet can be compared too. Two paths are one file when they agree in either.
#include "support/written_paths.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <optional>
#include <stdexcept>

#include "support/files.hpp"

namespace gapwright {
namespace {

namespace fs = std::filesystem;

struct Place {
  std::string shown;
  std::string inode;  ///< empty: not made yet
  std::string named;  ///< empty: standard input or output
};

std::string inode_of(const struct stat& status) { return fmt::format("{}:{}", status.st_dev, status.st_ino); }

/// Links are followed, also those that lead nowhere yet: they lead to the file once another file that is written has made it.
std::string standing_place(const std::string& path) {
  std::error_code error;
  const fs::path whole = fs::absolute(written_place(path), error).lexically_normal();
  const fs::path folder = fs::weakly_canonical(whole.parent_path(), error);
  return ((error ? whole.parent_path() : folder) / whole.filename()).string();
}

/// None for a device, a pipe or a folder.
std::optional<Place> place_of(const std::string& path, int descriptor) {
  struct stat status {};
  if (path == "-") {
    if (::fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode)) return std::nullopt;
    return Place{descriptor == STDIN_FILENO ? "standard input" : "standard output", inode_of(status), ""};
  }
  if (::stat(path.c_str(), &status) != 0) return Place{path, "", standing_place(path)};
  if (!S_ISREG(status.st_mode)) return std::nullopt;
  return Place{path, inode_of(status), standing_place(path)};
}

bool same(const Place& a, const Place& b) {
  return (!a.inode.empty() && a.inode == b.inode) || (!a.named.empty() && a.named == b.named);
}

bool has_name(const std::string& name, const std::vector<std::string>& names) {
  return std::ranges::any_of(names,
                             [&](const std::string& one) { return one.starts_with('.') ? name.ends_with(one) : name == one; });
}

/// A file that is written.
struct Target {
  const WrittenPath* by;
  Place place;
};

std::vector<std::string> files_of(const WrittenPath& w) {
  std::vector<std::string> files;
  if (w.kind == WrittenPath::folder) {
    files = files_in(w.path, w.names);
    for (const std::string& name : w.names)
      if (!name.starts_with('.')) files.push_back((fs::path(w.path) / name).string());
    return files;
  }
  if (w.kind != WrittenPath::prefix) files.push_back(w.path);
  if (w.path != "-")
    for (const std::string& ending : w.names) files.push_back(w.path + ending);
  return files;
}

/// Is it one of the names that a folder's files, made or not, may get?
bool would_be_in(const WrittenPath& w, const Place& place) {
  if (w.kind != WrittenPath::folder || place.named.empty()) return false;
  const std::string name = fs::path(place.named).filename().string();
  return has_name(name, w.names) && standing_place((fs::path(w.path) / name).string()) == place.named;
}

/// A temporary file of an earlier run that was killed is removed before the new one is made (support/files, remove_leftovers).
/// Standard input has no name here: the files of that folder are compared with it.
bool is_leftover(const Target& target, const Place& place) {
  if (target.by->kind == WrittenPath::appended || target.place.named.empty()) return false;
  const fs::path written(target.place.named);
  const auto has_its_name = [&](const fs::path& file) {
    return file.parent_path() == written.parent_path() && is_temporary_of(written.filename().string(), file.filename().string());
  };
  if (!place.named.empty()) return has_its_name(place.named);
  return std::ranges::any_of(files_in(written.parent_path().string()), [&](const std::string& file) {
    const auto left_over = has_its_name(file) ? place_of(file, STDIN_FILENO) : std::nullopt;
    return left_over && same(*left_over, place);
  });
}

std::vector<Place> inputs_of(const std::vector<std::string>& reads) {
  std::vector<Place> inputs;
  for (const std::string& path : reads) {
    std::error_code ignored;
    const bool folder = path != "-" && fs::is_directory(path, ignored);
    for (const std::string& file : folder ? files_in(path) : std::vector<std::string>{path})
      if (auto place = place_of(file, STDIN_FILENO)) inputs.push_back(std::move(*place));
  }
  return inputs;
}

std::string shown_asked(const WrittenPath& w) { return w.path == "-" ? "standard output" : w.asked_by + " " + w.path; }

void refuse_overwriting(const std::vector<Place>& inputs, const std::vector<WrittenPath>& writes,
                        const std::vector<Target>& targets) {
  const auto refuse = [](const WrittenPath& w, const Place& input) {
    throw std::invalid_argument(shown_asked(w) + " would overwrite the input " + input.shown + "; name another file");
  };
  for (const Place& input : inputs) {
    for (const Target& target : targets)
      if (same(target.place, input) || is_leftover(target, input)) refuse(*target.by, input);
    for (const WrittenPath& w : writes)
      if (would_be_in(w, input)) refuse(w, input);
  }
}

/// Of a pair on standard output a face says which of the two gives way.
bool both_on_standard_output(const Target& a, const Target& b) { return a.by->path == "-" && b.by->path == "-"; }

void refuse_two_in_one(const std::vector<WrittenPath>& writes, const std::vector<Target>& targets) {
  const auto refuse = [](const WrittenPath& a, const WrittenPath& b, const std::string& file) {
    throw std::invalid_argument((&a == &b ? shown_asked(a) + " and a file beside it" : a.asked_by + " and " + b.asked_by) +
                                " name the same file, " + file);
  };
  for (std::size_t i = 0; i < targets.size(); ++i) {
    for (std::size_t j = i + 1; j < targets.size(); ++j)
      if (same(targets[i].place, targets[j].place) && !both_on_standard_output(targets[i], targets[j]) &&
          !(targets[i].by == targets[j].by && targets[i].by->kind == WrittenPath::folder))
        refuse(*targets[i].by, *targets[j].by, targets[i].place.shown);
    for (const WrittenPath& w : writes)
      if (&w != targets[i].by && would_be_in(w, targets[i].place)) refuse(*targets[i].by, w, targets[i].place.shown);
  }
}

/// What runs on the same outputs left behind when they were killed.
void clear_away(const std::vector<Target>& targets) {
  for (const auto& [by, place] : targets) {
    if (by->kind != WrittenPath::appended && !place.named.empty()) remove_leftovers(place.named);
  }
}

/// Files are tried, so that long work does not end in a name that cannot be written; not those in a folder that is still to be made.
void try_writing(const std::vector<WrittenPath>& writes, const std::vector<Target>& targets) {
  const auto in_new_folder = [&](const Place& place) {
    return std::ranges::any_of(writes, [&](const WrittenPath& w) {
      return w.kind == WrittenPath::folder &&
             standing_place((fs::path(w.path) / fs::path(place.named).filename()).string()) == place.named;
    });
  };
  for (const auto& [by, place] : targets) {
    const bool itself = by->kind == WrittenPath::prefix || (by->kind == WrittenPath::file && place.shown == by->path);
    if (itself && !in_new_folder(place)) OutputFile{place.shown};  // and is gone again
  }
}

}  // namespace

std::vector<std::string> files_in(const std::string& folder, const std::vector<std::string>& names) {
  std::vector<std::string> files;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error))
    if (names.empty() || has_name(entry->path().filename().string(), names)) files.push_back(entry->path().string());
  std::ranges::sort(files);
  return files;
}

void check_written_paths(const std::vector<std::string>& reads, const std::vector<WrittenPath>& writes) {
  std::vector<Target> targets;
  for (const WrittenPath& w : writes)
    for (const std::string& file : files_of(w))
      if (auto place = place_of(file, STDOUT_FILENO)) targets.push_back({&w, std::move(*place)});
  refuse_overwriting(inputs_of(reads), writes, targets);
  refuse_two_in_one(writes, targets);
  clear_away(targets);
  try_writing(writes, targets);
}

}  // namespace gapwright
