// SPDX-License-Identifier: MIT
// Runs of the exact and the polynomial method at one point of a sweep. Each looks at the yes and the no instance and is judged by
// its decision alone; what it promised and how far it was off stand beside it. The time is that of the yes instance.
#include "explore/regime/regime_runs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <stdexcept>

#include "attention/exact.hpp"
#include "attention/polynomial_gradient.hpp"
#include "reductions/attention_to_gradient.hpp"
#include "support/errors.hpp"

namespace gapwright {
namespace {

Attention input_at(const BitAttention& bits, double bound) {
  BitAttention a = bits;
  a.terms.entry_bound = bound;
  return written_out(a);
}

template <class Work>
double seconds(const Work& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

double largest(const Matrix& out) { return *std::ranges::max_element(out.entries); }

double distance(const Matrix& out, const std::vector<double>& certified) {
  double most = 0;
  for (std::size_t i = 0; i < certified.size(); ++i) most = std::max(most, std::abs(out.at(i, 0) - certified[i]));
  return most;
}

const char* judged(const Matrix& yes, const Matrix& no, const RowGap& gap) {
  return mpq_class(largest(yes)) > gap.middle() && mpq_class(largest(no)) < gap.middle() ? "right" : "wrong";
}

PolynomialOptions options_of(const RegimeSweep& sweep) {
  PolynomialOptions options;
  options.error = sweep.gap / 2;
  options.most_features = sweep.most_features;
  options.prove = sweep.prove;
  options.prove_remainder = sweep.prove_remainder;
  return options;
}

bool exact_is_run(const RegimeSweep& sweep, const PairRequest& r) { return pair_tuples(r).get_d() <= sweep.exact_tuples; }

/// What stands where a pair was not built.
Record too_large(const HardPair& pair) {
  return {{"decision", "refused"},
          {"reason", fmt::format("written out, the input takes {:.0f} MB; {} MB are built",
                                 written_bytes(pair.request.order, pair.request.rows, pair.dimension).get_d() / (1 << 20),
                                 kMostWrittenBytes >> 20)}};
}

/// A refusal without its estimate of seconds, which depends on the machine.
std::string stable(std::string reason) {
  const auto begin = reason.find(" (about "), end = reason.find(" s)", begin);
  if (begin != std::string::npos && end != std::string::npos) reason.erase(begin, end + 3 - begin);
  return reason;
}

}  // namespace

Record forward_runs(const RegimeSweep& sweep, const HardPair& pair, const PairOutputs& outputs, double bound, const RowGap& gap,
                    const RunControl& control) {
  Record exact = nullptr, polynomial = nullptr, timing = Record::object();
  if (!pair.built) return {{"exact", exact}, {"polynomial", too_large(pair)}, {"timing", timing}};
  const Attention yes = input_at(pair.yes, bound), no = input_at(pair.no, bound);
  const PairOutputs::All certified = outputs.all(bound);
  const auto error = [&](const Matrix& out_yes, const Matrix& out_no) {
    return std::max(distance(out_yes, certified.yes), distance(out_no, certified.no)) + certified.error;
  };
  if (exact_is_run(sweep, pair.request)) {
    ExactAttention out_yes;
    timing["exact_seconds"] = seconds([&] { out_yes = exact_attention(yes, Arithmetic::f64, control); });
    const ExactAttention out_no = exact_attention(no, Arithmetic::f64, control);
    exact = {{"error", error(out_yes.out, out_no.out)},
             {"error_bound", std::max(largest_error(out_yes), largest_error(out_no))},
             {"decision", judged(out_yes.out, out_no.out, gap)}};
  }
  try {
    PolynomialAttention out_yes;
    timing["polynomial_seconds"] = seconds([&] { out_yes = polynomial_attention(yes, options_of(sweep), control); });
    const PolynomialAttention out_no = polynomial_attention(no, options_of(sweep), control);
    polynomial = {{"half_length", out_yes.plan.scores.half_length()},
                  {"degree", out_yes.plan.degree},
                  {"moment", out_yes.plan.moment},
                  {"features", out_yes.plan.features},
                  {"certified_error", std::max(out_yes.plan.error(), out_no.plan.error())},
                  {"error", error(out_yes.out, out_no.out)},
                  {"decision", judged(out_yes.out, out_no.out, gap)}};
  } catch (const LimitReached& e) {
    control.check();  // the time limit of the whole run is no refusal
    timing.erase("polynomial_seconds");
    polynomial = {{"decision", "refused"}, {"reason", stable(e.what())}};
  }
  return {{"exact", exact}, {"polynomial", polynomial}, {"timing", timing}};
}

namespace {

/// A method decides when both losses, computed from gradients alone, are on their side of the middle between yes^2/2 and the no
/// instance's loss.
class LossTest {
 public:
  LossTest(const HardPair& pair, const PairOutputs::All& certified, double bound)
      : yes_(input_at(pair.yes, bound)), no_(input_at(pair.no, bound)) {
    const auto half_square = [](double x) { return x * x / 2; };
    double no_loss = 0;
    for (const double x : certified.no) no_loss += half_square(x);
    const double yes_loss = half_square(certified.yes[pair.counted.planted_row]), room = (yes_loss - no_loss) / 2;
    middle_ = (yes_loss + no_loss) / 2;
    if (room > 0) make_rules(room);  // else the losses are the wrong way round, and no error allowed makes gradients decide
  }
  LossTest(const LossTest&) = delete;  // the rules refer to the inputs
  LossTest& operator=(const LossTest&) = delete;

  const Attention& yes() const { return yes_; }
  const Record& calls() const { return calls_; }
  const char* decision(const GradientOracle& oracle) const {
    if (!rule_yes_) return "wrong";
    return rule_yes_->forward_loss(oracle) > middle_ && rule_no_->forward_loss(oracle) < middle_ ? "right" : "wrong";
  }

 private:
  void make_rules(double room) {
    double norm = 0;  // |q|_1
    for (const double x : yes_.q.entries) norm += std::abs(x);
    try {
      rule_yes_.emplace(yes_, room / 2);
      rule_no_.emplace(no_, room / 2);
      calls_ = {{"calls", std::max(rule_yes_->calls(), rule_no_->calls())},
                {"error_allowed", room / 2},
                {"oracle_error_allowed", room / 2 / norm}};
    } catch (const LimitReached&) {  // beyond 100,000 calls: the gap is too small to be seen through gradients
      rule_yes_.reset();
    }
  }

  Attention yes_, no_;
  double middle_ = 0;
  std::optional<AttentionToGradient> rule_yes_, rule_no_;
  Record calls_ = nullptr;
};

double largest_difference(const AttentionGradient& a, const AttentionGradient& b) {
  double most = 0;
  const auto compare = [&](const Matrix& x, const Matrix& y) {
    for (std::size_t i = 0; i < x.entries.size(); ++i) most = std::max(most, std::abs(x.entries[i] - y.entries[i]));
  };
  compare(a.q, b.q);
  for (std::size_t u = 0; u < a.keys.size(); ++u) {
    compare(a.keys[u], b.keys[u]);
    compare(a.values[u], b.values[u]);
  }
  return most;
}

Record exact_decision(const LossTest& test, const RunControl& control, Record& timing) {
  const auto oracle = [&](const Attention& a) {
    const Matrix out = exact_attention(a, Arithmetic::f64, control).out;
    return exact_gradient(a, out, Arithmetic::f64, control).gradient.q;
  };
  const char* verdict = "wrong";
  timing["exact_decision_seconds"] = seconds([&] { verdict = test.decision(oracle); });
  return {{"decision", verdict}};
}

/// `truth`: where the exact gradient was run.
Record polynomial_run(const RegimeSweep& sweep, const LossTest& test, const Matrix& upstream,
                      const std::optional<ExactGradient>& truth, const RunControl& control, Record& timing) {
  const PolynomialOptions options = options_of(sweep);
  try {
    std::optional<PolynomialGradient> computed;
    timing["polynomial_seconds"] = seconds([&] { computed = polynomial_gradient(test.yes(), upstream, options, control); });
    Record polynomial{{"degree", computed->plan.degree},
                      {"features", computed->plan.features},
                      {"certified_error", computed->error.largest()},
                      {"error", nullptr}};
    if (truth) polynomial["error"] = largest_difference(computed->gradient, truth->gradient);
    const auto oracle = [&](const Attention& a) {
      const Matrix out = polynomial_attention(a, options, control).out;
      return polynomial_gradient(a, out, options, control).gradient.q;
    };
    polynomial["decision"] = test.decision(oracle);
    return polynomial;
  } catch (const LimitReached& e) {
    control.check();
    timing.erase("polynomial_seconds");
    return {{"decision", "refused"}, {"reason", stable(e.what())}};
  }
}

}  // namespace

Record gradient_runs(const RegimeSweep& sweep, const HardPair& pair, const PairOutputs& outputs, double bound,
                     const RunControl& control) {
  Record exact = nullptr, timing = Record::object();
  if (!pair.built) return {{"oracle", nullptr}, {"exact", exact}, {"polynomial", too_large(pair)}, {"timing", timing}};
  const PairOutputs::All certified = outputs.all(bound);
  const LossTest test(pair, certified, bound);
  Matrix upstream(test.yes().q.rows, 1);
  for (std::size_t i = 0; i < upstream.rows; ++i) upstream.at(i, 0) = certified.yes[i];
  std::optional<ExactGradient> truth;
  const double calls_made = test.calls().is_null() ? 1 : 2 * test.calls()["calls"].get<double>();
  if (pair_tuples(pair.request).get_d() * calls_made <= sweep.exact_tuples) {
    timing["exact_seconds"] = seconds([&] { truth = exact_gradient(test.yes(), upstream, Arithmetic::f64, control); });
    exact = exact_decision(test, control, timing);
  }
  const Record polynomial = polynomial_run(sweep, test, upstream, truth, control, timing);
  return {{"oracle", test.calls()}, {"exact", exact}, {"polynomial", polynomial}, {"timing", timing}};
}

}  // namespace gapwright
