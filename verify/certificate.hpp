// SPDX-License-Identifier: MIT
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "instances/attention.hpp"
#include "instances/cnf.hpp"
#include "instances/gap_max_ip.hpp"
#include "support/run_control.hpp"
#include "verify/exact_scores.hpp"
#include "verify/gap_max_ip.hpp"
#include "verify/row_log.hpp"
#include "verify/verdict.hpp"

// Certificates: what an answer claims about an instance, in a form that another program (checker/) can compute again.
// docs/trust.md lists the keys. Each function gives the certificate's text, {"claim": {...}, "informative": {...}}, the same for
// the same claim whatever the way there. They throw BadInstance when there is nothing to certify.
namespace gapwright {

/// What stands beside the claim.
struct CertificateContext {
  std::vector<std::string> inputs;  ///< SHA-256 of each instance file
  std::string command;              ///< informative: how the answer was found
  std::string method;
};

/// A formula and the assignment that a witness lifts to.
struct LiftedAssignment {
  std::string formula_sha256;
  Cnf::Witness assignment;
};

/// `stated` are the terms of the file; `bits` its bit form. The verdict and the recording come from decide_by_counts.
std::string attention_certificate(const CertificateContext& context, const AttentionTerms& stated, const BitAttention& bits,
                                  const Verdict& verdict, const Recording& recording,
                                  const std::optional<LiftedAssignment>& lifted, const RunControl& control);

/// The verdict and the recording come from decide_by_exact_scores.
std::string attention_certificate(const CertificateContext& context, const Attention& attention, const Verdict& verdict,
                                  const Recording& recording, const std::optional<LiftedAssignment>& lifted);

/// A formula through the direct route: the claim is about the formula, its attention input being computed anew by whoever checks
/// it.
std::string formula_certificate(const CertificateContext& context, const BitAttention& attention, const Verdict& verdict,
                                const Recording& recording, const std::optional<Cnf::Witness>& assignment,
                                const RunControl& control);

/// A formula by an assignment alone: of the given model, with every variable made false, in order, that the clauses do not need
/// true. (So no single changed literal gives a certificate again.)
std::string assignment_certificate(const CertificateContext& context, const Cnf& cnf, Cnf::Witness model);

std::string orthogonal_vectors_certificate(const CertificateContext& context, std::size_t order,
                                           const std::optional<std::vector<std::size_t>>& witness, const Recording& recording,
                                           const std::optional<LiftedAssignment>& lifted);

/// Integer forms: `form` is bits or symbols.
std::string gap_max_ip_certificate(const CertificateContext& context, const std::string& form, std::size_t order, const Gap& gap,
                                   const GapVerdict& verdict, std::int64_t inner_product, const Recording& recording,
                                   const std::optional<LiftedAssignment>& lifted);
/// A set without vectors, the first one: no. `rounding` of the form "real" only.
std::string empty_gap_certificate(const CertificateContext& context, const std::string& form, std::size_t order, const Gap& gap,
                                  const std::optional<mpq_class>& rounding, std::size_t empty_set);
std::string gap_max_ip_certificate(const CertificateContext& context, std::size_t order, const Gap& gap,
                                   const mpq_class& rounding, const ExactGapVerdict& verdict, const Recording& recording,
                                   const std::optional<LiftedAssignment>& lifted);

}  // namespace gapwright
