// SPDX-License-Identifier: MIT
#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "atlas/work.hpp"
#include "instances/cnf.hpp"
#include "reductions/listed_rows.hpp"
#include "support/written_paths.hpp"
#include "verify/certified.hpp"
#include "verify/checkpoint.hpp"

// Decisions that are recorded: what is kept on the way, and what is written at the end.
namespace gapwright {

/// The formula that an instance was reduced from, with its names in messages and in certificates.
struct SourceFormula {
  std::shared_ptr<const Cnf> cnf;
  std::string name, sha256;
};

struct RecordRequest {
  std::string certificate;                      ///< file to write; empty: none
  std::string checkpoint;                       ///< file to go on from when a run was stopped; empty: beside the certificate
  double every = 60;                            ///< seconds between checkpoints
  std::vector<std::string> files = {};          ///< SHA-256 of each file that holds the instance
  std::vector<std::string> reads = {};          ///< paths of these and of the formula
  bool paths_checked = false;                   ///< by check_written_paths, with all that is written besides
  std::function<SourceFormula()> formula = {};  ///< reads it, when there is a witness to lift to its assignment; empty: not given
  std::string formula_name = {};                ///< that of its file, without folders

  bool recording() const { return !certificate.empty() || !checkpoint.empty(); }
};
/// The files that are asked for, and what comes to stand beside them.
std::vector<WrittenPath> written_by(const RecordRequest& request);

/// Throws std::invalid_argument for fields that mean nothing without others, and for files that overwrite each other or what was read, or that
/// cannot be written.
void check_record(const RecordRequest& request);

/// What a checkpoint is called beside its certificate.
constexpr const char* kBesideCertificate = ".checkpoint";

/// A decision that is recorded. The request, the work and the instance whose rows are listed must outlive it.
class Recorder {
 public:
  /// Takes up the checkpoint. Throws BadInstance for one of other work, std::invalid_argument for an instance that is in no file.
  /// `command` is the canonical one of the decision (atlas/recorded_command).
  Recorder(const RecordRequest& request, const Work& work, std::string command, ListedRows listed);
  Recorder(const Recorder&) = delete;
  Recorder& operator=(const Recorder&) = delete;

  Recording& recording() { return recording_; }
  CertificateContext context(const std::string& method = "") const;

  /// To the assignment of the formula that was given, if one was. Throws BadInstance when it does not satisfy the formula.
  const Lift& lift() const { return lift_; }

  /// Writes the certificate, if one was asked for and there is one, and lets go of the checkpoint.
  void finish(const std::function<std::string()>& certificate) const;

 private:
  std::optional<LiftedAssignment> lifted(const std::optional<std::vector<std::size_t>>& witness) const;

  const RecordRequest& request_;
  const Work& work_;
  std::string command_;
  ListedRows listed_;
  Checkpoint checkpoint_;
  Recording recording_;
  Lift lift_ = [this](const auto& witness) { return lifted(witness); };
};

}  // namespace gapwright
