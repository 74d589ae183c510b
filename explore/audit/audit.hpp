// SPDX-License-Identifier: MIT
#pragma once
#include <array>
#include <optional>
#include <string>
#include <vector>

#include "explore/audit/accuracy.hpp"
#include "explore/audit/checks.hpp"
#include "explore/challenge/challenge.hpp"
#include "support/limits.hpp"

// Is an attention kernel right? (docs/audit.md)
namespace gapwright {

struct AuditRequest {
  AuditShape shape;
  bool causal = true;  ///< the kernel takes that mask
  Accuracy accuracy;
  Limits limits;                        ///< of one input
  bool quick = false;                   ///< a part of the checks
  bool fail_fast = false;               ///< ends at the first check that fails
  std::vector<std::string> only, skip;  ///< kinds or names of checks
};

enum class CheckOutcome { passed, failed, refused, skipped, not_applicable };
template <>
struct Names<CheckOutcome> {
  static constexpr std::string_view what = "outcome";
  static constexpr std::array all{
      Named<CheckOutcome>{CheckOutcome::passed, "passed"}, Named<CheckOutcome>{CheckOutcome::failed, "failed"},
      Named<CheckOutcome>{CheckOutcome::refused, "refused"}, Named<CheckOutcome>{CheckOutcome::skipped, "skipped"},
      Named<CheckOutcome>{CheckOutcome::not_applicable, "not applicable"}};
};

struct CheckResult {
  std::string name;
  CheckKind kind = CheckKind::plain;
  CheckOutcome outcome = CheckOutcome::skipped;
  std::string reason = {};  ///< unless it passed
  std::optional<double> worst_error = {}, allowed_error = {};
  std::string input = {};                  ///< "62 rows, 249 keys"
  std::optional<AuditInput> failing = {};  ///< what it failed on
};

struct AuditResult {
  AuditRequest request;
  std::vector<CheckResult> checks;
  bool complete = true;
  int stopped_by = RunControl::run;  ///< RunControl::Stop when not complete

  std::size_t count(CheckOutcome) const;
  /// No check failed, and of each undeclared kind that was not left out by `only` or `skip` one passed.
  bool passed() const;
  /// Some check failed.
  bool failed() const { return count(CheckOutcome::failed) > 0; }
};

/// The checks that a request runs, in order. Throws std::invalid_argument for `only` and `skip` that name none, and for a shape that has no inputs.
std::vector<Check> checks_of(const AuditRequest&);

/// Runs the kernel on the inputs of every check. Throws LimitReached, before anything is built, where an input is beyond the limits. When `control` asks to stop, the result so far comes back with complete = false. `after` is told of each
/// check.
AuditResult audit(const AuditRequest&, const Algorithm& kernel, const RunControl& = {},
                  const std::function<void(const CheckResult&)>& after = {});

}  // namespace gapwright
