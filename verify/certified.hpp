// SPDX-License-Identifier: MIT
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "instances/orthogonal_vectors.hpp"
#include "verify/attention_counts.hpp"
#include "verify/certificate.hpp"
#include "verify/gap_max_ip.hpp"

// Decisions that are recorded on the way, and the certificate of each.
namespace gapwright {

template <class Answer>
struct Certified {
  Answer answer;
  std::function<std::string()> certificate;  ///< makes it; empty when undecided. It needs the arguments of certify still.
};

/// What a yes witness lifts to, where the formula that the instance comes from is known.
using Lift = std::function<std::optional<LiftedAssignment>(const std::optional<std::vector<std::size_t>>& witness)>;

/// `context` without its method, which is what the decision took. Everything else must outlive the result.
/// Attention of bits is counted by `method`, other entries are scored exactly.
Certified<Verdict> certify(const Attention&, CountMethod method, const Precision&, const CertificateContext& context, const Lift&,
                           const RunControl&, Recording&);
Certified<std::optional<OrthogonalVectors::Witness>> certify(const OrthogonalVectors&, const CertificateContext& context,
                                                             const Lift&, const RunControl&, Recording&);
Certified<GapVerdict> certify(const GapMaxIp&, const CertificateContext& context, const Lift&, const RunControl&, Recording&);
Certified<GapVerdict> certify(const FactoredGapMaxIp&, const CertificateContext& context, const Lift&, const RunControl&,
                              Recording&);
/// `rounding` as the file states it. Throws LimitReached when it leaves no gap.
Certified<GapVerdict> certify(const RealGapMaxIp&, const mpq_class& rounding, const CertificateContext& context, const Lift&,
                              const RunControl&, Recording&);

}  // namespace gapwright
