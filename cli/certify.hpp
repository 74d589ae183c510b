// SPDX-License-Identifier: MIT
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "cli/paths.hpp"
#include "instances/cnf.hpp"
#include "verify/certified.hpp"
#include "verify/checkpoint.hpp"

// decide --certificate and --checkpoint: what is recorded on the way, and what is written at the end.
namespace gapwright::cli {

struct CertifyOptions {
  std::string certificate;  ///< file to write; empty: none
  std::string formula;      ///< the formula that the instance was reduced from; empty: not given
  std::string checkpoint;   ///< file to go on from; empty: beside the certificate
  double every = 60;        ///< seconds between checkpoints
  bool every_given = false;

  bool recording() const { return !certificate.empty() || !checkpoint.empty(); }
};
std::vector<WrittenPath> written_by(const CertifyOptions&);
void add_certify_options(CLI::App& verb, CertifyOptions& options);

/// A decision that is recorded.
class Certifying {
 public:
  /// `command` is canonical: verb, inputs by base name, options that change the claim.
  Certifying(const Context& context, const CertifyOptions& options, const std::vector<InputBytes>& inputs, std::string command);
  Certifying(const Certifying&) = delete;
  Certifying& operator=(const Certifying&) = delete;

  Recording& recording() { return recording_; }
  CertificateContext certificate_context(const std::string& method = "") const { return {hashes_, command_, method}; }

  /// To the assignment of the formula that was given, if one was. Throws BadInstance when it does not satisfy the formula.
  const Lift& lift() const { return lift_; }

  /// Writes the certificate, if one was asked for and there is one, and lets go of the checkpoint.
  void finish(const std::function<std::string()>& certificate) const;

 private:
  std::optional<LiftedAssignment> lifted(const std::optional<std::vector<std::size_t>>& witness) const;

  const Context& context_;
  const CertifyOptions& options_;
  std::vector<std::string> hashes_;
  std::string command_;
  Checkpoint checkpoint_;
  Recording recording_;
  Lift lift_ = [this](const auto& witness) { return lifted(witness); };
};

}  // namespace gapwright::cli
