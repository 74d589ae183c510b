// SPDX-License-Identifier: MIT
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "cli/new_files.hpp"
#include "cli/paths.hpp"
#include "instances/files/bundle.hpp"

namespace gapwright::cli {

/// What reduce notes on its way from source to target; a bundle is written from it when -o names a folder.
struct ReductionRecord {
  bool wanted = false;  ///< else only cheap things are noted
  std::vector<BundleStep> path;
  std::vector<LiftStep> lift;  ///< in the order of the path; the table applies them backwards
  std::optional<AttentionWitness> witness;
  Provenance made_by;
};

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
  void finish(const ReductionRecord& record, const std::vector<InputBytes>& sources, const std::string& source_problem,
              const std::string& target_problem);

 private:
  std::string folder_, target_;
  NewFiles files_;
};

}  // namespace gapwright::cli
