// SPDX-License-Identifier: MIT
#pragma once
#include <filesystem>
#include <string>
#include <vector>

namespace gapwright::cli {

/// Files being written into a folder, which is made where there is none. They go away again, and the folders made here, unless finish()
/// is reached.
class NewFiles {
 public:
  /// Throws std::invalid_argument when the folder cannot be made.
  explicit NewFiles(const std::string& folder);
  ~NewFiles();
  NewFiles(const NewFiles&) = delete;
  NewFiles& operator=(const NewFiles&) = delete;

  bool folder_is_empty() const;
  /// The path to write the file to.
  std::string add(const std::string& file);
  void finish() { finished_ = true; }

 private:
  std::string folder_;
  std::vector<std::string> paths_;
  std::vector<std::filesystem::path> made_;  ///< the folder and those above it that were not there, the deepest first
  bool finished_ = false;
};

}  // namespace gapwright::cli
