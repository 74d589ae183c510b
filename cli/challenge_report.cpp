#include "cli/challenge_report.hpp"

#include <fmt/format.h>

#include "cli/report.hpp"
#include "instances/decimal.hpp"
#include "instances/narrow.hpp"

namespace gapwright::cli {
namespace {

std::string bound_text(const std::optional<double>& bound) { return bound ? fmt::format("{:.4g}", *bound) : "-"; }

std::string instances_text(const ChallengeReport& report) {
  const ChallengeShape& shape = report.options.shape;
  std::string text =
      line("challenge",
           fmt::format("order {}, {} rows, dimension {}{}{}, entries {}, softmax scale {:.6g}, seed {}", shape.order, shape.rows,
                       report.dimension, shape.pad_dimension == 0 ? "" : fmt::format(" padded to {}", shape.pad_dimension),
                       shape.causal ? ", causal" : "", name_of(shape.entry_dtype), report.softmax_scale, shape.seed));
  std::string ladder;
  for (const LadderPoint& point : report.points)
    ladder += fmt::format(" {:.4g}{}", point.entry_bound, point.below_threshold ? "*" : "");
  text += line("entry bounds", ladder.substr(1) + "  (* below the threshold: reported, not counted)");
  text += line("threshold", fmt::format("the smallest deciding entry bound is {:.6g}", report.smallest_bound));
  text += line("pairs",
               fmt::format("{} and {} control at every bound; truth within {:.1e} (hard) and {:.1e} (control)",
                           report.options.independent ? fmt::format("{} hard, one twin of each,", 2 * report.options.pairs)
                                                      : fmt::format("{} hard", report.options.pairs),
                           report.options.control_pairs, report.truth_radius, report.control_truth_radius));
  return text;
}

std::string time_column(const AlgorithmScore& score) {
  if (score.times.empty()) return "-";
  const TimePoint& last = score.times.back();
  return fmt::format("{:.3g} s", last.own_seconds.value_or(last.seconds));
}

}  // namespace

std::string leaderboard_text(const ChallengeReport& report) {
  std::string text = instances_text(report) + "\n";
  text += fmt::format("{:<20} {:>9} {:>9} {:>9} {:>6} {:>16} {:>9} {:>9} {:>9} {:>9} {:>9} {:>8}\n", "algorithm", "survives",
                      "accurate", "hard", "wrong", "95 % interval", "controls", "max error", "norm-wise", "naive", "time",
                      "exponent");
  text += fmt::format("{:<20} {:>9} {:>9}\n", "", "up to B", "up to B");
  for (const std::size_t a : ranking(report)) {
    const AlgorithmScore& score = report.algorithms[a];
    const Totals sum = totals(report, score);
    const ProportionInterval interval = proportion_interval(sum.right, sum.decisions);
    const auto error = [](const std::optional<ErrorPair>& e, double ErrorPair::*which) {
      return e ? fmt::format("{:.1e}", (*e).*which) : std::string("-");
    };
    text += fmt::format("{:<20} {:>9} {:>9} {:>9} {:>6} {:>16} {:>9} {:>9} {:>9} {:>9} {:>9} {:>8}\n", score.name,
                        bound_text(largest_bound_survived(report, score)), bound_text(largest_bound_accurate(report, score)),
                        fmt::format("{}/{}", sum.right, sum.decisions), wrong_answers(report, score),
                        fmt::format("{:.3f} to {:.3f}", interval.lo, interval.hi),
                        fmt::format("{}/{}", sum.control_right, sum.control_decisions), error(sum.hard, &ErrorPair::absolute),
                        error(sum.hard, &ErrorPair::normwise), error(sum.naive, &ErrorPair::absolute), time_column(score),
                        score.fitted_exponent ? fmt::format("{:.2f}", *score.fitted_exponent) : "-");
  }
  for (const AlgorithmScore& score : report.algorithms)
    for (std::size_t p = 0; p < score.points.size(); ++p)
      if (!score.points[p].trouble.empty()) {
        const PointScore& point = score.points[p];
        text += fmt::format("\n{}: from B = {:.4g} on, {} of {} inputs of that bound without an answer: {}", score.name,
                            report.points[p].entry_bound, point.refused + point.timed_out + point.failed + point.not_run,
                            point.decisions + point.control_decisions, point.trouble);
        break;
      }
  if (text.back() != '\n') text += "\n";
  if (!report.complete) text += "\nnot complete: stopped before the last point\n";
  return text;
}

}  // namespace gapwright::cli
