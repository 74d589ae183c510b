// SPDX-License-Identifier: MIT
#include "explore/audit/audit.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "support/did_you_mean.hpp"
#include "support/errors.hpp"
#include "support/listed.hpp"
#include "support/message.hpp"

namespace gapwright {
namespace {

/// The part of what tells right from wrong that the allowed error may take.
constexpr double kLargestPart = 0.25;

bool names_check(const std::string& word, const Check& check) { return word == check.name || word == word_of(check.kind); }

bool among(const std::vector<std::string>& words, const Check& check) {
  return std::ranges::any_of(words, [&](const std::string& word) { return names_check(word, check); });
}

void check_words(const char* field, const std::vector<std::string>& words, const std::vector<Check>& checks) {
  for (const std::string& word : words) {
    if (std::ranges::any_of(checks, [&](const Check& check) { return names_check(word, check); })) continue;
    std::vector<std::string> kinds;
    for (const Check& check : checks)
      if (const std::string kind(word_of(check.kind)); std::ranges::find(kinds, kind) == kinds.end()) kinds.push_back(kind);
    std::vector<std::string> known = kinds;
    for (const Check& check : checks) known.push_back(check.name);
    throw std::invalid_argument(fmt::format("`{}` '{}' is no check; the kinds are {}{}", field, word.substr(0, 40),
                                            listed(kinds, "and"), did_you_mean(word.substr(0, 40), known)));
  }
}

/// What an output is like, where it is wrong.
struct Wrong {
  std::size_t entries = 0, rows = 0, zero_rows = 0, not_finite = 0, decisions = 0;
  double worst = 0;
  std::size_t first_row = 0;
};

Wrong compared(const Matrix& out, const AuditInput& input, const AuditTruth& truth) {
  Wrong wrong;
  for (std::size_t i = 0; i < out.rows; ++i) {
    bool row_wrong = false, zero = true;
    for (std::size_t c = 0; c < out.columns; ++c) {
      const double x = out.at(i, c), off = std::abs(x - truth.out.at(i, c));
      zero &= x == 0;
      if (!std::isfinite(x)) ++wrong.not_finite;
      if (off <= truth.allowed + truth.radius) {
        wrong.worst = std::max(wrong.worst, off);
        continue;
      }
      wrong.worst = std::isfinite(off) ? std::max(wrong.worst, off) : INFINITY;
      ++wrong.entries;
      row_wrong = true;
    }
    if (!row_wrong) continue;
    if (wrong.rows++ == 0) wrong.first_row = i;
    if (zero) ++wrong.zero_rows;
    if (input.middle && (out.at(i, 0) > *input.middle) != (truth.out.at(i, 0) > *input.middle)) ++wrong.decisions;
  }
  return wrong;
}

std::string words_of(const Wrong& wrong, const Matrix& out, const AuditTruth& truth, CheckKind kind) {
  std::string text =
      fmt::format("{} of {} are wrong, the first is row {}", wrong.rows, counted(out.rows, "row"), wrong.first_row);
  if (wrong.not_finite > 0) text += fmt::format(", {} not finite", counted(wrong.not_finite, "entry is", "entries are"));
  if (wrong.zero_rows > 0) text += fmt::format(", {} all 0", counted(wrong.zero_rows, "row is", "rows are"));
  if (wrong.entries < wrong.rows * out.columns)
    text += fmt::format(", in {} of {}", wrong.entries, counted(wrong.rows * out.columns, "entry", "entries"));
  if (wrong.decisions > 0) text += fmt::format(", {} on the wrong side of the middle", counted(wrong.decisions, "row"));
  return text + fmt::format("; off by {:.3g}, allowed {:.3g}. {}", wrong.worst, truth.allowed, suspicion(kind));
}

/// One check, input by input.
class Run {
 public:
  Run(const AuditRequest& request, const Check& check, const Algorithm& kernel, const RunControl& control)
      : request_(request), kernel_(kernel), control_(control), check_(check), result_{check.name, check.kind} {}

  CheckResult done() {
    Random random(request_.shape.seed, stream());
    const AuditInput input = check_.make(random);
    const AuditTruth truth = audit_truth(input, request_.shape.dtype, request_.accuracy, control_);
    result_.input = input.what + (input.causal ? ", causal" : "");
    result_.allowed_error = truth.allowed;
    if (!(truth.allowed <= kLargestPart * truth.telling)) {
      result_.outcome = CheckOutcome::not_applicable;
      result_.reason = fmt::format("a correct kernel may be off by {:.3g}, more than a quarter of the outputs' size, {:.3g}",
                                   truth.allowed, truth.telling);
      return std::move(result_);
    }
    const std::optional<Matrix> out = judged(input, truth);
    if (out && check_.between) once_more(input, truth, *out, random);
    return std::move(result_);
  }

 private:
  /// Names of checks name streams, so that a check has the same inputs alone.
  std::uint64_t stream() const {
    std::uint64_t hash = 14695981039346656037U;  // FNV-1a
    for (const char c : check_.name) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211U;
    return hash;
  }

  std::optional<Matrix> called(const AuditInput& input) {
    AlgorithmAnswer answer = kernel_({input.attention, input.causal, request_.shape.dtype});
    if (answer.status == RunStatus::answered && answer.out.rows == input.attention.q.rows &&
        answer.out.columns == input.attention.values[0].columns)
      return std::move(answer.out);
    const bool refused = answer.status == RunStatus::refused;
    fail(input, answer.status == RunStatus::answered
                    ? fmt::format("out has shape ({}, {}), where ({}, {}) is right", answer.out.rows, answer.out.columns,
                                  input.attention.q.rows, input.attention.values[0].columns)
                    : shown_message(answer.reason));
    if (refused) result_.outcome = CheckOutcome::refused, result_.failing.reset();
    return std::nullopt;
  }

  /// The output where it is right.
  std::optional<Matrix> judged(const AuditInput& input, const AuditTruth& truth) {
    std::optional<Matrix> out = called(input);
    if (!out) return out;
    const Wrong wrong = compared(*out, input, truth);
    if (!(wrong.worst * result_.allowed_error.value() <=
          result_.worst_error.value_or(-1) * truth.allowed)) {  // the worst part of what is allowed
      result_.worst_error = wrong.worst;
      result_.allowed_error = truth.allowed;
    }
    if (wrong.entries == 0) {
      result_.outcome = CheckOutcome::passed;
      return out;
    }
    fail(input, words_of(wrong, *out, truth, check_.kind));
    return std::nullopt;
  }

  /// The input, the same again, the changed one, and the first once more. A kernel whose sums come in another order each time gives other bits also
  /// without anything between.
  void once_more(const AuditInput& input, const AuditTruth& truth, const Matrix& first, Random& random) {
    const std::optional<Matrix> second = judged(input, truth);
    if (!second) return;
    const AuditInput changed = check_.between(input, random);
    const AuditTruth changed_truth = audit_truth(changed, request_.shape.dtype, request_.accuracy, control_);
    if (changed_truth.allowed <= kLargestPart * changed_truth.telling ? !judged(changed, changed_truth) : !called(changed))
      return;
    const std::optional<Matrix> third = judged(input, truth);
    if (third && second->entries == first.entries && third->entries != first.entries)
      fail(input, "the same input gives other bits after another one. " + suspicion(check_.kind));
  }

  void fail(const AuditInput& input, std::string reason) {
    result_.outcome = CheckOutcome::failed;
    result_.reason = std::move(reason);
    result_.failing = input;
  }

  const AuditRequest& request_;
  const Algorithm& kernel_;
  const RunControl& control_;
  const Check& check_;
  CheckResult result_;
};

void check_shape(const AuditShape& shape) {
  const auto bad = [](const std::string& field, std::size_t value, const std::string& range) {
    return std::invalid_argument(fmt::format("`{}={}`: an audit has {}", field, value, range));
  };
  if (shape.order < 2 || shape.order > 5) throw bad("order", shape.order, "order 2 to 5");
  if (shape.dimension < 16 || shape.dimension > 1024) throw bad("dimension", shape.dimension, "16 to 1024 columns of q and keys");
  if (shape.columns < 2 || shape.columns > 1024) throw bad("columns", shape.columns, "2 to 1024 columns of values");
  if (shape.rows != 0 && (shape.rows < 6 || shape.rows > 4096)) throw bad("rows", shape.rows, "6 to 4096 rows");
}

/// All tuples of keys are held with their values, twice, for plain softmax in four orders.
void check_limits(const AuditRequest& request) {
  constexpr std::size_t kLeastRows = 1031;  // of ragged checks of order 2; another has two rows and 65536 keys
  const std::size_t rows = std::max(audit_rows(request.shape), request.shape.order == 2 ? kLeastRows : 0);
  mpz_class tuples = 1;
  for (std::size_t u = 1; u < request.shape.order; ++u) tuples *= rows;
  const std::size_t columns = 2 * request.shape.dimension + 2 * request.shape.columns;
  check_tuples(request.limits, "an input of the audit", tuples * rows, columns);
  check_memory(request.limits, "an input of the audit", tuples * columns * 2 * sizeof(double));
}

}  // namespace

std::size_t AuditResult::count(CheckOutcome outcome) const {
  return static_cast<std::size_t>(std::ranges::count(checks, outcome, &CheckResult::outcome));
}

bool AuditResult::passed() const {
  if (!complete || failed()) return false;
  const bool all = request.only.empty() && request.skip.empty();
  for (const CheckKind kind : undeclared_kinds()) {
    const auto of_kind = [&](const CheckResult& check) { return check.kind == kind; };
    const auto well = [&](const CheckResult& check) { return check.kind == kind && check.outcome == CheckOutcome::passed; };
    const bool there = std::ranges::any_of(checks, of_kind);
    if (kind == CheckKind::scale && !request.shape.own_scale) continue;
    if ((there || all) && !std::ranges::any_of(checks, well)) return false;
  }
  return count(CheckOutcome::passed) > 0;
}

std::vector<Check> checks_of(const AuditRequest& request) {
  check_shape(request.shape);
  if (!(request.accuracy.factor >= 1 && request.accuracy.factor <= 1000))
    throw std::invalid_argument(fmt::format("`factor={:g}`: give 1 to 1000", request.accuracy.factor));
  std::vector<Check> checks = audit_checks(request.shape, request.causal);
  check_words("only", request.only, checks);
  check_words("skip", request.skip, checks);
  std::erase_if(checks, [&](const Check& check) {
    if (!request.only.empty() && !among(request.only, check)) return true;
    if (request.quick && !check.quick && std::ranges::find(request.only, check.name) == request.only.end()) return true;
    return among(request.skip, check);
  });
  if (checks.empty()) throw std::invalid_argument("`skip` leaves no check; leave some out of it");
  return checks;
}

AuditResult audit(const AuditRequest& request, const Algorithm& kernel, const RunControl& control,
                  const std::function<void(const CheckResult&)>& after) {
  AuditResult result{request, {}};
  const std::vector<Check> checks = checks_of(request);
  check_limits(request);
  const RunControl quiet{control.threads, control.stop, {}};
  for (std::size_t i = 0; i < checks.size(); ++i) {
    try {
      control.check();
      result.checks.push_back(Run(request, checks[i], kernel, quiet).done());
      if (i + 1 == checks.size()) control.check();  // the last kernel may have taken too long
    } catch (const Interrupted&) {
      result.complete = false;
      result.stopped_by = RunControl::interrupted;
      return result;
    } catch (const LimitReached&) {
      if (!control.stop || *control.stop != RunControl::timed_out) throw;
      result.complete = false;
      result.stopped_by = RunControl::timed_out;
      return result;
    }
    if (after) after(result.checks.back());
    if (control.progress) control.progress(static_cast<double>(i + 1) / static_cast<double>(checks.size()));
    if (request.fail_fast && result.checks.back().outcome == CheckOutcome::failed) break;
  }
  return result;
}

}  // namespace gapwright
