// SPDX-License-Identifier: MIT
#pragma once
#include <string>

#include "cli/bundle.hpp"
#include "cli/code_route.hpp"
#include "instances/files/instance_files.hpp"
#include "instances/gap_max_ip.hpp"
#include "instances/orthogonal_vectors.hpp"

// reduce through a code: k-OV to one Gap-k-MaxIP instance (one message of Merlin), written as such or embedded into attention.
namespace gapwright::cli {

struct CodeReduction {
  FileKind to = FileKind::attention;  ///< or gap_max_ip
  std::string what;                   ///< the input, for messages
  CodeRouteOptions code;
  bool centred = false;
  bool expect = false;
  mpq_class delta = forward_delta();
};

/// The form that `code` asks for; pruned by default. Throws std::invalid_argument for
/// combinations that do not exist.
Form written_form(const CodeRouteOptions& code, FileKind to);

/// `ov` carries the provenance, its command without the options of the code, which are added here.
int reduce_by_code(const Context& context, const CodeReduction& options, const OrthogonalVectors& ov, const Witnesses& honest,
                   ReductionRecord& record);

/// A Gap-k-MaxIP instance to attention, each form of it.
int embed_gap_max_ip(const Context& context, const CodeReduction& options, const GapMaxIp& vectors, std::optional<bool> expected,
                     ReductionRecord& record);
int embed_gap_max_ip(const Context& context, const CodeReduction& options, const RealGapMaxIp& real, std::optional<bool> expected,
                     ReductionRecord& record);
int embed_gap_max_ip(const Context& context, const CodeReduction& options, const FactoredGapMaxIp& factored,
                     std::optional<bool> expected, ReductionRecord& record);

/// Refuses a file that the target's disk cannot hold, before anything is built.
void check_room(const Context& context, const std::string& what, const mpz_class& bytes);

}  // namespace gapwright::cli
