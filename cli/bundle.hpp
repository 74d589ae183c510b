// SPDX-License-Identifier: MIT
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "atlas/reduce.hpp"
#include "cli/new_files.hpp"
#include "cli/paths.hpp"
#include "instances/files/bundle.hpp"

namespace gapwright::cli {

/// -o names a folder: one that exists, or a name that ends in '/'.
bool names_folder(const std::string& output);

/// -o as a bundle.
WrittenPath bundle_files(const Context&);

/// A bundle being written: the target first, the manifest last, nothing left behind unless finish() was reached.
class BundleWriter {
 public:
  /// Makes the folder. Throws std::invalid_argument when it cannot, or holds anything.
  explicit BundleWriter(const std::string& folder);

  const std::string& target_path() const { return target_; }
  void finish(const Reduced& made, const std::vector<InputFile>& sources, const std::string& source_problem,
              const std::string& target_problem);

 private:
  std::string folder_, target_;
  NewFiles files_;
};

}  // namespace gapwright::cli
