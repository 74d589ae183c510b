// SPDX-License-Identifier: MIT
#pragma once
#include <string>
#include <vector>

#include "atlas/record.hpp"
#include "cli/context.hpp"

// decide --certificate and --checkpoint: what is recorded on the way, and what is written at the end (atlas/record).
namespace gapwright::cli {

struct CertifyOptions {
  RecordRequest record;
  std::string formula;  ///< the formula that the instance was reduced from; empty: not given
  bool every_given = false;
};
void add_certify_options(CLI::App& verb, CertifyOptions& options);

/// Throws std::invalid_argument for an option that means nothing without another.
void check_certify_options(const CertifyOptions& options);

/// What is to be recorded of these files; --formula is read once a witness is to be lifted.
RecordRequest record_request(const Context& context, const CertifyOptions& options, const Provenance& files);

}  // namespace gapwright::cli
