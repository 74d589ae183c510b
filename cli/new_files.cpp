// SPDX-License-Identifier: MIT
#include "cli/new_files.hpp"

#include <algorithm>
#include <filesystem>
#include <stdexcept>

namespace gapwright::cli {
namespace fs = std::filesystem;

NewFiles::NewFiles(const std::string& folder) : folder_(folder) {
  while (folder_.size() > 1 && folder_.ends_with("/")) folder_.pop_back();
  std::error_code error;
  for (fs::path level = folder_; !level.empty() && !fs::exists(level, error); level = level.parent_path()) made_.push_back(level);
  fs::create_directories(folder_, error);
  if (error || !fs::is_directory(folder_, error))
    throw std::invalid_argument(folder_ + ": cannot be made: " + (error ? error.message() : "it is no folder"));
}

NewFiles::~NewFiles() {
  if (finished_) return;
  std::error_code ignored;
  for (const std::string& path : paths_) fs::remove(path, ignored);
  for (const fs::path& level : made_) fs::remove(level, ignored);
}

bool NewFiles::folder_is_empty() const {
  std::error_code error;
  return fs::is_empty(folder_, error) && !error;
}

std::string NewFiles::add(const std::string& file) {
  std::string path = (fs::path(folder_) / file).string();
  if (std::ranges::find(paths_, path) == paths_.end()) paths_.push_back(path);
  return path;
}

}  // namespace gapwright::cli
