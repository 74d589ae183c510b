// SPDX-License-Identifier: MIT
#include "verify/certified.hpp"

#include <algorithm>
#include <cmath>
#include <memory>

#include "support/errors.hpp"
#include "verify/orthogonal_tuples.hpp"

namespace gapwright {
namespace {

CertificateContext by(CertificateContext context, const std::string& method) {
  context.method = method;
  return context;
}

/// The first set without vectors.
std::optional<std::size_t> empty_set(const auto& sets) {
  for (std::size_t u = 0; u < sets.size(); ++u)
    if (sets[u].rows == 0) return u;
  return std::nullopt;
}

const auto& sets_of(const GapMaxIp& instance) { return instance.sets; }
const auto& sets_of(const FactoredGapMaxIp& instance) { return *instance.sets; }

std::int64_t product_of(const GapMaxIp& instance, const GapMaxIp::Witness& tuple) {
  std::vector<const BitMatrix*> sets;
  for (const BitMatrix& set : instance.sets) sets.push_back(&set);
  return static_cast<std::int64_t>(inner_product(sets, tuple));
}
std::int64_t product_of(const FactoredGapMaxIp& instance, const FactoredGapMaxIp::Witness& tuple) {
  return inner_product(instance, tuple);
}

template <class Instance>
Certified<GapVerdict> by_integers(const Instance& instance, const std::string& form, std::size_t order,
                                  const CertificateContext& context, const Lift& lift, const RunControl& control,
                                  Recording& recording) {
  if (const auto empty = empty_set(sets_of(instance)))
    return {GapVerdict{}, [=, &instance] {
              return empty_gap_certificate(by(context, "integers"), form, order, instance.gap, std::nullopt, *empty);
            }};
  const GapVerdict verdict = decide_gap(instance, control, &recording);
  return {verdict, [=, &instance, &recording, &lift] {
            const std::int64_t product =
                verdict.witness ? product_of(instance, *verdict.witness) : static_cast<std::int64_t>(verdict.largest);
            return gap_max_ip_certificate(by(context, "integers"), form, order, instance.gap, verdict, product, recording,
                                          lift(verdict.witness));
          }};
}

}  // namespace

Certified<Verdict> certify(const Attention& attention, CountMethod method, const Precision& precision,
                           const CertificateContext& context, const Lift& lift, const RunControl& control, Recording& recording) {
  if (attention.terms.causal)
    throw LimitReached(
        "certificates and checkpoints are about attention without a mask, this input is meant under a causal one; decide it "
        "without");
  const auto recovered = std::make_shared<RecoveredBits>(recover_bits(attention));
  const Verdict verdict = recovered->bits ? decide_by_counts(*recovered->bits, method, control, precision, &recording)
                                          : decide_by_exact_scores(attention, control, recording, precision);
  if (verdict.answer == Answer::undecided) return {verdict, {}};
  return {verdict, [=, &attention, &recording, &lift] {
            const CertificateContext about = by(context, verdict.method);
            const auto lifted = lift(verdict.witness);
            return recovered->bits
                       ? attention_certificate(about, attention.terms, *recovered->bits, verdict, recording, lifted, control)
                       : attention_certificate(about, attention, verdict, recording, lifted);
          }};
}

Certified<std::optional<OrthogonalVectors::Witness>> certify(const OrthogonalVectors& vectors, const CertificateContext& context,
                                                             const Lift& lift, const RunControl& control, Recording& recording) {
  const auto tuple = first_orthogonal_tuple(vectors, control, &recording);
  return {tuple, [=, &vectors, &recording, &lift] {
            return orthogonal_vectors_certificate(by(context, "integers"), vectors.sets.size(), tuple, recording, lift(tuple));
          }};
}

Certified<GapVerdict> certify(const GapMaxIp& instance, const CertificateContext& context, const Lift& lift,
                              const RunControl& control, Recording& recording) {
  return by_integers(instance, "bits", instance.sets.size(), context, lift, control, recording);
}

Certified<GapVerdict> certify(const FactoredGapMaxIp& instance, const CertificateContext& context, const Lift& lift,
                              const RunControl& control, Recording& recording) {
  return by_integers(instance, "symbols", instance.sets->size(), context, lift, control, recording);
}

Certified<GapVerdict> certify(const RealGapMaxIp& instance, const mpq_class& rounding, const CertificateContext& context,
                              const Lift& lift, const RunControl& control, Recording& recording) {
  if (2 * rounding >= instance.gap.yes_at_least - instance.gap.no_at_most)
    throw LimitReached(
        "rounding may move inner products by half the gap or more, which no certificate covers; decide it without");
  if (const auto empty = empty_set(instance.sets))
    return {GapVerdict{}, [=, &instance] {
              return empty_gap_certificate(by(context, "exact products"), "real", instance.sets.size(), instance.gap, rounding,
                                           *empty);
            }};
  const ExactGapVerdict exact = decide_by_exact_products(instance, rounding, control, recording);
  mpq_class largest(exact.floor);
  mpq_div_2exp(largest.get_mpq_t(), largest.get_mpq_t(), recording.bounds.width);
  return {{exact.side, exact.witness, exact.side == GapSide::yes ? exact.row : exact.named, largest.get_d(),
           std::ldexp(1.0, -static_cast<int>(recording.bounds.width)) + std::nextafter(rounding.get_d(), INFINITY)},
          [=, &instance, &recording, &lift] {
            return gap_max_ip_certificate(by(context, "exact products"), instance.sets.size(), instance.gap, rounding, exact,
                                          recording, lift(exact.witness));
          }};
}

}  // namespace gapwright
