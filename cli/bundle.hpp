#pragma once
#include <optional>
#include <string>
#include <vector>

#include "cli/context.hpp"
#include "instances/bundle.hpp"

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

/// A bundle being written: the target first, the manifest last, nothing left behind unless finish() was reached.
class BundleWriter {
 public:
  /// Makes the folder. Throws std::invalid_argument when it cannot, or holds anything.
  explicit BundleWriter(const std::string& folder);
  ~BundleWriter();
  BundleWriter(const BundleWriter&) = delete;
  BundleWriter& operator=(const BundleWriter&) = delete;

  std::string target_path() const { return folder_ + "/target.safetensors"; }
  void finish(const ReductionRecord& record, const std::vector<InputBytes>& sources, const std::string& source_problem,
              const std::string& target_problem);

 private:
  void write(const std::string& file, std::string_view text);

  std::string folder_;
  bool made_ = false;
  bool finished_ = false;
  std::vector<std::string> files_{"target.safetensors"};
};

}  // namespace gapwright::cli
