// SPDX-License-Identifier: MIT
#include "explore/challenge/challenge.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <stdexcept>
#include <tuple>

#include "instances/files/narrow.hpp"
#include "support/errors.hpp"
#include "support/philox.hpp"

namespace gapwright {
namespace {

double frobenius_difference(const Matrix& a, const Matrix& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.entries.size(); ++i) sum += (a.entries[i] - b.entries[i]) * (a.entries[i] - b.entries[i]);
  return std::sqrt(sum);
}

ErrorPair errors_of(const Matrix& out, const Matrix& truth) {
  ErrorPair errors;
  for (std::size_t i = 0; i < out.entries.size(); ++i)
    errors.absolute = std::max(errors.absolute, std::abs(out.entries[i] - truth.entries[i]));
  const double norm = frobenius_difference(truth, Matrix(truth.rows, truth.columns));
  if (norm > 0) errors.normwise = frobenius_difference(out, truth) / norm;
  return errors;
}

void widen(std::optional<ErrorPair>& largest, const std::optional<ErrorPair>& errors) {
  if (!errors) return;
  if (!largest) largest.emplace();
  largest->absolute = std::max(largest->absolute, errors->absolute);
  if (errors->normwise) largest->normwise = std::max(largest->normwise.value_or(0), *errors->normwise);
}

/// Why an answer is none, or empty.
std::string flaw_of(const Matrix& out, const ChallengeInput& input) {
  const std::size_t rows = input.attention.q.rows, columns = input.attention.values[0].columns;
  if (out.rows != rows || out.columns != columns || out.entries.size() != rows * columns)
    return "the output is " + std::to_string(out.rows) + " x " + std::to_string(out.columns) + ", expected " +
           std::to_string(rows) + " x " + std::to_string(columns);
  const auto bad = std::ranges::find_if(out.entries, [](double x) { return !std::isfinite(x); });
  if (bad == out.entries.end()) return "";
  return "output row " + std::to_string(static_cast<std::size_t>(bad - out.entries.begin()) / columns) + " holds " +
         (std::isnan(*bad) ? "NaN" : "an infinity");
}

bool says_yes(const Matrix& out, double middle) {
  for (std::size_t i = 0; i < out.rows; ++i)
    if (out.at(i, 0) > middle) return true;
  return false;
}

/// Errors of the naive output as the algorithm would have to write it; empty when its scores overflow the arithmetic.
std::optional<ErrorPair> naive_errors(const ChallengeInstance& instance, Dtype dtype, const RunControl& control) {
  try {
    Matrix out = instance.naive(dtype == Dtype::f64 ? Arithmetic::f64 : Arithmetic::f32, control);
    for (double& x : out.entries) x = rounded_to(dtype, x);
    return errors_of(out, instance.truth);
  } catch (const BadInstance&) {
    return std::nullopt;
  }
}

constexpr std::uint64_t kOrderStream = std::uint64_t{1} << 61;

void without_thresholds(Attention& a) {
  a.terms.yes_at_least.reset();
  a.terms.no_at_most.reset();
}

/// The instances of point number p.
void visit_point(const ChallengeInstances& instances, const ChallengeOptions& options, std::size_t p, const LadderPoint& point,
                 const RunControl& control, const std::function<void(const ChallengeInstance&)>& visit) {
  Random order(options.shape.seed, kOrderStream + p);
  const auto both = [&](const ChallengePair& pair) {
    const bool yes_first = order.bit();
    visit(yes_first ? pair.yes : pair.no);
    visit(yes_first ? pair.no : pair.yes);
  };
  if (!options.independent) {
    for (std::size_t i = 0; i < options.pairs; ++i) both(instances.hard_pair(point, p * options.pairs + i, control));
  } else {
    const std::size_t count = 2 * options.pairs;
    std::size_t yes_left = options.pairs;
    for (std::size_t i = 0; i < count; ++i) {
      const bool answer = order.below(count - i) < yes_left;
      yes_left -= answer;
      visit(instances.hard_twin(point, p * count + i, answer, control));
    }
  }
  for (std::size_t i = 0; i < options.control_pairs; ++i)
    both(instances.control_pair(point, p * options.control_pairs + i, control));
}

ChallengeInstances timing_shape(const ChallengeOptions& options, std::size_t rows) {
  ChallengeShape shape = options.shape;
  shape.dimension = ChallengeInstances(shape).shape().dimension;  // the same at all sizes
  shape.rows = rows;
  return ChallengeInstances(shape);
}

void check(const ChallengeOptions& options) {
  if (options.ladder.empty())
    throw std::invalid_argument("the ladder is empty; give at least one multiple of the smallest deciding entry bound");
  if (!std::ranges::is_sorted(options.ladder, std::less_equal<>())) throw std::invalid_argument("the ladder must increase");
  if (options.pairs == 0) throw std::invalid_argument("`pairs=0`: a challenge needs at least one hard pair at every point");
}

class Challenge {
 public:
  Challenge(const ChallengeOptions& options, const std::vector<NamedAlgorithm>& algorithms, const RunControl& control)
      : algorithms_(algorithms), control_(control), instances_(options.shape), timeouts_in_a_row_(algorithms.size(), 0) {
    report_.options = options;
    report_.options.shape = instances_.shape();
    report_.dimension = instances_.dimension();
    report_.softmax_scale = instances_.scale();
    report_.smallest_bound = instances_.smallest_bound();
    for (const double multiple : options.ladder) report_.points.push_back(instances_.point(multiple));
    for (const NamedAlgorithm& algorithm : algorithms) report_.algorithms.emplace_back().name = algorithm.name;
    report_.options.timing_rows = timing_rows(options);
    steps_ = options.ladder.size() * (options.pairs + options.control_pairs) * 2 + report_.options.timing_rows.size();
  }

  ChallengeReport run() {
    try {
      for (std::size_t p = 0; p < report_.points.size(); ++p) run_point(p);
      for (const std::size_t rows : report_.options.timing_rows) time_at(rows);
    } catch (const Interrupted&) {
      stopped(RunControl::interrupted);
    } catch (const LimitReached&) {
      stopped(RunControl::timed_out);
    }
    for (AlgorithmScore& score : report_.algorithms) fit(score);
    return std::move(report_);
  }

 private:
  void stopped(int why) {
    report_.complete = false;
    report_.stopped_by = why;
  }

  void step() {
    ++steps_done_;
    if (control_.progress) control_.progress(static_cast<double>(steps_done_) / static_cast<double>(steps_));
  }

  void run_point(std::size_t p) {
    for (AlgorithmScore& score : report_.algorithms) score.points.emplace_back();
    visit_point(instances_, report_.options, p, report_.points[p], control_, [&](const ChallengeInstance& instance) {
      run_instance(p, instance);
      step();
    });
  }

  void run_instance(std::size_t p, const ChallengeInstance& instance) {
    double& radius = instance.hard ? report_.truth_radius : report_.control_truth_radius;
    radius = std::max(radius, instance.truth_radius);
    const ChallengeInput input{instance.attention, instance.causal, report_.options.shape.entry_dtype};
    for (std::size_t a = 0; a < algorithms_.size(); ++a) {
      control_.check();
      score(report_.algorithms[a].points[p], instance, call(a, input));
    }
  }

  /// Empty when the algorithm is not run any more.
  std::optional<AlgorithmAnswer> call(std::size_t a, const ChallengeInput& input) {
    std::size_t& timeouts = timeouts_in_a_row_[a];
    if (timeouts >= report_.options.give_up_after) return std::nullopt;
    AlgorithmAnswer answer = algorithms_[a].run(input);
    if (answer.status == RunStatus::answered) {
      answer.reason = flaw_of(answer.out, input);
      if (!answer.reason.empty()) answer.status = RunStatus::failed;
    }
    if (answer.own_seconds && *answer.own_seconds > answer.seconds) {  // a part of the call that is longer than the call
      answer.own_seconds.reset();
      ++report_.algorithms[a].impossible_seconds;
    }
    timeouts = answer.status == RunStatus::timed_out ? timeouts + 1 : 0;
    return answer;
  }

  void score(PointScore& point, const ChallengeInstance& instance, const std::optional<AlgorithmAnswer>& answer) const {
    (instance.hard ? point.decisions : point.control_decisions) += 1;
    if (!answer || answer->status != RunStatus::answered) {
      const std::string reason =
          answer ? answer->reason
                 : "not run any more after " + std::to_string(report_.options.give_up_after) + " time-outs in a row";
      if (point.trouble.empty()) point.trouble = reason;
      (!answer                                  ? point.not_run
       : answer->status == RunStatus::refused   ? point.refused
       : answer->status == RunStatus::timed_out ? point.timed_out
                                                : point.failed) += 1;
      return;
    }
    const bool yes = says_yes(answer->out, instance.middle);
    const ErrorPair errors = errors_of(answer->out, instance.truth);
    if (!instance.hard) {
      point.control_right += yes == instance.answer;
      widen(point.control, errors);
      return;
    }
    point.right += yes == instance.answer;
    point.wrong += yes != instance.answer;
    point.said_yes += yes;
    widen(point.hard, errors);
    widen(point.naive, naive_errors(instance, answer->dtype, control_));
  }

  void time_at(std::size_t rows) {
    const Attention attention = timing_attention(report_.options, rows);
    const ChallengeInput input{attention, report_.options.shape.causal, report_.options.shape.entry_dtype};
    for (std::size_t a = 0; a < algorithms_.size(); ++a) {
      std::optional<TimePoint> best;
      for (std::size_t i = 0; i < report_.options.timing_tries; ++i) {
        control_.check();
        const auto answer = call(a, input);
        if (!answer || answer->status != RunStatus::answered) break;
        if (!best) best = TimePoint{rows, answer->seconds, answer->own_seconds};
        best->seconds = std::min(best->seconds, answer->seconds);
        if (!answer->own_seconds) best->own_seconds.reset();
        if (best->own_seconds) best->own_seconds = std::min(*best->own_seconds, *answer->own_seconds);
      }
      if (best) report_.algorithms[a].times.push_back(*best);
    }
    step();
  }

  static void fit(AlgorithmScore& score) {
    const bool own = std::ranges::all_of(score.times, [](const TimePoint& t) { return t.own_seconds.has_value(); });
    std::vector<std::pair<double, double>> own_points, points;
    for (const TimePoint& t : score.times) {
      points.emplace_back(static_cast<double>(t.rows), t.seconds);
      if (own) own_points.emplace_back(static_cast<double>(t.rows), *t.own_seconds);
    }
    score.whole_call_exponent = fitted_exponent(points);
    score.fitted_exponent = own ? fitted_exponent(own_points) : score.whole_call_exponent;
  }

  const std::vector<NamedAlgorithm>& algorithms_;
  const RunControl& control_;
  ChallengeInstances instances_;
  std::vector<std::size_t> timeouts_in_a_row_;
  ChallengeReport report_;
  std::size_t steps_ = 0, steps_done_ = 0;
};

}  // namespace

Algorithm algorithm_of(std::function<Matrix(const ChallengeInput&)> compute, Dtype dtype) {
  return [compute = std::move(compute), dtype](const ChallengeInput& input) {
    AlgorithmAnswer answer;
    answer.dtype = dtype;
    const auto start = std::chrono::steady_clock::now();
    try {
      answer.out = compute(input);
      answer.status = RunStatus::answered;
    } catch (const Interrupted&) {
      throw;
    } catch (const LimitReached& e) {
      answer.status = RunStatus::refused;
      answer.reason = e.what();
    } catch (const std::exception& e) {
      answer.reason = e.what();
    }
    answer.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    return answer;
  };
}

ChallengeReport run_challenge(const ChallengeOptions& options, const std::vector<NamedAlgorithm>& algorithms,
                              const RunControl& control) {
  check(options);
  check_timing_rows(options);
  if (algorithms.empty()) throw std::invalid_argument("there is no algorithm to challenge; give `algorithms`");
  return Challenge(options, algorithms, control).run();
}

void for_each_instance(const ChallengeOptions& options, const RunControl& control,
                       const std::function<void(const LadderPoint&, const ChallengeInstance&)>& visit) {
  check(options);
  check_timing_rows(options);
  const ChallengeInstances instances(options.shape);
  for (std::size_t p = 0; p < options.ladder.size(); ++p) {
    const LadderPoint point = instances.point(options.ladder[p]);
    visit_point(instances, options, p, point, control, [&](const ChallengeInstance& instance) { visit(point, instance); });
    if (control.progress) control.progress(static_cast<double>(p + 1) / static_cast<double>(options.ladder.size()));
  }
}

void check_timing_rows(const ChallengeOptions& options) {
  for (const std::size_t rows : options.timing_rows) {
    if (rows < kLeastChallengeRows || (options.shape.causal && rows % 2 != 0))
      throw std::invalid_argument("`timing_rows=" + std::to_string(rows) + "`: inputs for time have at least " +
                                  std::to_string(kLeastChallengeRows) + " rows" +
                                  (options.shape.causal ? ", an even number with `causal`" : ""));
    timing_shape(options, rows).point(2);
  }
}

std::vector<std::size_t> timing_rows(const ChallengeOptions& options) {
  if (!options.timing_rows.empty()) return options.timing_rows;
  std::vector<std::size_t> sizes;
  const std::size_t rows = options.shape.rows;
  for (const std::size_t n : {rows / 4 / 2 * 2, rows / 2 / 2 * 2, rows})  // even, for the causal form
    if (n >= 8) sizes.push_back(n);
  return sizes;
}

Attention timing_attention(const ChallengeOptions& options, std::size_t rows) {
  const ChallengeInstances sized = timing_shape(options, rows);
  Attention attention = sized.timing_instance(sized.point(2), 2 * options.ladder.size() * options.pairs);
  without_thresholds(attention);
  return attention;
}

Totals totals(const ChallengeReport& report, const AlgorithmScore& score) {
  Totals sum;
  for (std::size_t p = 0; p < score.points.size(); ++p) {
    if (report.points[p].below_threshold) continue;
    const PointScore& point = score.points[p];
    sum.right += point.right;
    sum.decisions += point.decisions;
    sum.control_right += point.control_right;
    sum.control_decisions += point.control_decisions;
    widen(sum.hard, point.hard);
    widen(sum.control, point.control);
    widen(sum.naive, point.naive);
  }
  return sum;
}

ProportionInterval accuracy_interval(const ChallengeOptions& options, std::size_t right, std::size_t decisions) {
  if (options.independent || decisions == 0) return proportion_interval(right, decisions);
  const auto count = static_cast<double>(decisions);
  return mean_interval(static_cast<double>(right) / count, count / 2);
}

double accuracy_shown_by_survival(const ChallengeOptions& options) {
  return accuracy_interval(options, 2 * options.pairs, 2 * options.pairs).lo;
}

std::optional<double> largest_bound_survived(const ChallengeReport& report, const AlgorithmScore& score) {
  std::optional<double> bound;
  for (std::size_t p = 0; p < score.points.size(); ++p) {
    if (report.points[p].below_threshold) continue;
    if (!score.points[p].survived() || score.points[p].decisions < 2 * report.options.pairs) break;
    bound = report.points[p].entry_bound;
  }
  return bound;
}

std::string shortfall(const ChallengeReport& report, const AlgorithmScore& score, const Requirements& required) {
  if (required.survival) {
    const double wanted = *required.survival * report.smallest_bound;
    const std::optional<double> bound = largest_bound_survived(report, score);
    if (!bound || *bound < wanted)
      return fmt::format("{} survives {}, and {:g} times the smallest deciding entry bound is {:.6g}", score.name,
                         bound ? fmt::format("up to B = {:.6g}", *bound) : "no entry bound", *required.survival, wanted);
  }
  if (required.error) {
    const Totals sum = totals(report, score);
    for (const auto& errors : {sum.hard, sum.control})
      if (errors && !(errors->absolute <= *required.error))
        return fmt::format("{} is off by {:.3g}, more than {:g}", score.name, errors->absolute, *required.error);
    if (!sum.hard && !sum.control) return score.name + " answered nothing";
  }
  return "";
}

std::optional<double> largest_bound_accurate(const ChallengeReport& report, const AlgorithmScore& score) {
  std::optional<double> bound;
  const auto accurate = [&](const std::optional<ErrorPair>& errors) {
    return !errors || errors->absolute <= report.options.accurate_error;
  };
  for (std::size_t p = 0; p < score.points.size(); ++p) {
    const PointScore& point = score.points[p];
    if (!point.answered_all() || point.decisions == 0 || !accurate(point.hard) || !accurate(point.control)) break;
    bound = report.points[p].entry_bound;
  }
  return bound;
}

std::optional<double> smallest_bound_refused(const ChallengeReport& report, const AlgorithmScore& score) {
  for (std::size_t p = 0; p < score.points.size(); ++p)
    if (score.points[p].refused > 0) return report.points[p].entry_bound;
  return std::nullopt;
}

std::size_t wrong_answers(const ChallengeReport& report, const AlgorithmScore& score) {
  std::size_t wrong = 0;
  for (std::size_t p = 0; p < score.points.size(); ++p)
    if (!report.points[p].below_threshold) wrong += score.points[p].wrong;
  return wrong;
}

std::vector<std::size_t> ranking(const ChallengeReport& report) {
  std::vector<std::size_t> order(report.algorithms.size());
  for (std::size_t a = 0; a < order.size(); ++a) order[a] = a;
  const auto key = [&](std::size_t a) {
    const AlgorithmScore& score = report.algorithms[a];
    const Totals sum = totals(report, score);
    return std::tuple(-largest_bound_survived(report, score).value_or(0), -largest_bound_accurate(report, score).value_or(0),
                      -sum.accuracy(), wrong_answers(report, score), -static_cast<double>(sum.control_right), score.name);
  };
  std::ranges::stable_sort(order, {}, key);
  return order;
}

}  // namespace gapwright
