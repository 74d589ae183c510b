// SPDX-License-Identifier: MIT
#pragma once
#include <optional>
#include <string>
#include <variant>

#include "atlas/problem.hpp"
#include "atlas/record.hpp"
#include "atlas/work.hpp"
#include "reductions/attention_to_gradient.hpp"
#include "verify/decide_method.hpp"
#include "verify/gap_max_ip.hpp"
#include "verify/verdict.hpp"

// An instance decided: the request, its checks, and the answer. Both faces call this.
namespace gapwright {

struct DecideRequest {
  std::string name = {};                    ///< of the instance in messages, as that of its file; empty: "the instance"
  std::optional<DecideMethod> method = {};  ///< of an attention input; nothing: verdict
  std::optional<long> precision = {};       ///< of an attention input: bits at which to give up; nothing: 4096
  RecordRequest record = {};                ///< certificate and checkpoint

  DecideMethod taken_method() const { return method.value_or(DecideMethod::verdict); }
  long last_precision() const { return precision.value_or(Precision{}.last); }
};

/// Throws std::invalid_argument for fields that mean nothing to an instance of this problem or to each other.
void check_request(const DecideRequest& request, const Problem& problem);

struct DecideResult {
  Answer answer = Answer::undecided;
  bool outside_promise = false;           ///< of a gap problem: the answer is no, but some tuple is above no_at_most
  std::optional<WitnessNumbers> witness;  ///< of a yes
  std::string method;                     ///< "integers"
  DecisionWork work;                      ///< what was to be looked at
  std::optional<bool> expected;           ///< what the instance says of its answer
  /// What is found out besides: of an attention input, of Gap-k-MaxIP, or of an attention input through gradients.
  std::variant<std::monostate, Verdict, GapVerdict, GradientDecision> detail = {};

  bool contradicted() const { return expected && answer != Answer::undecided && *expected != (answer == Answer::yes); }
  std::string verdict() const;  ///< yes, no, undecided or outside-promise
};

/// Sizes are checked against the limits before anything is looked at. Throws as check_request too, BadInstance for a checkpoint of other work, and
/// std::invalid_argument for a certificate of an answer that has none.
DecideResult decide(const AnyInstance& instance, const DecideRequest& request, const Work& work);

// The same of what the problems with readers of their own hold.
DecideResult decide(const Cnf&, std::optional<bool> expected, const DecideRequest&, const Work&);
DecideResult decide(const OrthogonalVectors&, std::optional<bool> expected, const DecideRequest&, const Work&);
DecideResult decide(const GapMaxIp&, std::optional<bool> expected, const DecideRequest&, const Work&);
DecideResult decide(const FactoredGapMaxIp&, std::optional<bool> expected, const DecideRequest&, const Work&);
/// `rounding` as the file states it.
DecideResult decide(const RealGapMaxIp&, const mpq_class& rounding, std::optional<bool> expected, const DecideRequest&,
                    const Work&);
DecideResult decide(const Attention&, const DecideRequest&, const Work&);

}  // namespace gapwright
