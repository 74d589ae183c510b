// SPDX-License-Identifier: MIT
#include "cli/challenge_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "cli/report.hpp"
#include "instances/files/narrow.hpp"
#include "support/decimal.hpp"
#include "support/message.hpp"

namespace gapwright::cli {
namespace {

std::string bound_text(const std::optional<double>& bound) { return bound ? fmt::format("{:.4g}", *bound) : "-"; }

std::string instances_text(const ChallengeReport& report) {
  const ChallengeShape& shape = report.options.shape;
  std::string text = line(
      "challenge", fmt::format("order {}, {}, dimension {}{}{}, entries {}, softmax scale {:.6g}, seed {}", shape.order,
                               counted(shape.rows, "row"), report.dimension,
                               shape.pad_dimension == 0 ? "" : fmt::format(" padded to {}", shape.pad_dimension),
                               shape.causal ? ", causal" : "", name_of(shape.entry_dtype), report.softmax_scale, shape.seed));
  std::string ladder;
  for (const LadderPoint& point : report.points)
    ladder += fmt::format(" {:.4g}{}", point.entry_bound, point.below_threshold ? "*" : "");
  text += line("entry bounds", ladder.substr(1) + "  (* below the threshold: reported, not counted)");
  text += line("threshold", fmt::format("the smallest deciding entry bound is {:.6g}", report.smallest_bound));
  text +=
      line("pairs", fmt::format("{} and {} control at every bound; truth within {:.1e} (hard) and {:.1e} (control)",
                                report.options.independent ? fmt::format("{} hard, one twin of each,", 2 * report.options.pairs)
                                                           : fmt::format("{} hard", report.options.pairs),
                                report.options.control_pairs, report.truth_radius, report.control_truth_radius));
  return text;
}

std::string seconds_text(const std::optional<double>& seconds) { return seconds ? fmt::format("{:.3g} s", *seconds) : "-"; }

std::size_t unanswered(const PointScore& point) { return point.refused + point.timed_out + point.failed + point.not_run; }

bool answered_none(const AlgorithmScore& score) {
  return std::ranges::all_of(
      score.points, [](const PointScore& point) { return unanswered(point) == point.decisions + point.control_decisions; });
}

/// What an answer of every kind means, below the table.
std::string notes_text(const ChallengeReport& report) {
  std::string text;
  const std::size_t decisions = 2 * report.options.pairs;
  text += fmt::format(
      "\nto survive a bound is to decide all {} inputs there right: with 95 % confidence the accuracy at it is at least {:.2f}\n"
      "({})\n",
      decisions, accuracy_shown_by_survival(report.options),
      report.options.independent
          ? fmt::format("{} independent inputs", decisions)
          : counted(report.options.pairs, "independent pair") + "; the twins of a pair depend on each other");
  for (const AlgorithmScore& score : report.algorithms) {
    if (score.impossible_seconds > 0)
      text += fmt::format("{}: in {} it said more seconds than the whole call took; they are not counted\n", score.name,
                          counted(score.impossible_seconds, "run"));
    if (answered_none(score)) text += fmt::format("{}: no input was answered, so its outputs are not judged\n", score.name);
    for (std::size_t p = 0; p < score.points.size(); ++p)
      if (!score.points[p].trouble.empty()) {
        const PointScore& point = score.points[p];
        text += fmt::format("{}: from B = {:.4g} on, {} of {} inputs of that bound without an answer: {}{}\n", score.name,
                            report.points[p].entry_bound, unanswered(point), point.decisions + point.control_decisions,
                            shown_message(point.trouble), point.timed_out > 0 ? "; --run-timeout gives a run more seconds" : "");
        break;
      }
  }
  return text + (report.complete ? "" : "not complete: stopped before the last point\n");
}

}  // namespace

std::string shortened(const std::string& name, std::size_t most) {
  return name.size() <= most ? name : name.substr(0, most / 2 - 1) + ".." + name.substr(name.size() - (most - most / 2 - 1));
}

std::string leaderboard_text(const ChallengeReport& report) {
  constexpr std::size_t kLongestShown = 40;
  std::size_t width = 20;
  for (const AlgorithmScore& score : report.algorithms) width = std::max(width, std::min(score.name.size(), kLongestShown));
  std::string text = instances_text(report) + "\n";
  const auto row = [&](const std::string& name, const std::vector<std::string>& cells) {
    static constexpr int widths[] = {9, 9, 9, 6, 16, 9, 9, 9, 9, 10, 10, 8};
    text += fmt::format("{:<{}}", name, width);
    for (std::size_t i = 0; i < cells.size(); ++i) text += fmt::format("  {:>{}}", cells[i], widths[i]);
    text += "\n";
  };
  row("algorithm", {"survives", "accurate", "hard", "wrong", "95 % interval", "controls", "max error", "norm-wise", "naive",
                    "own time", "whole call", "exponent"});
  row("", {"up to B", "up to B"});
  for (const std::size_t a : ranking(report)) {
    const AlgorithmScore& score = report.algorithms[a];
    const Totals sum = totals(report, score);
    const ProportionInterval interval = accuracy_interval(report.options, sum.right, sum.decisions);
    const auto absolute = [](const std::optional<ErrorPair>& e) {
      return e ? fmt::format("{:.1e}", e->absolute) : std::string("-");
    };
    row(shortened(score.name, kLongestShown),
        {bound_text(largest_bound_survived(report, score)), bound_text(largest_bound_accurate(report, score)),
         fmt::format("{}/{}", sum.right, sum.decisions),
         answered_none(score) ? "-" : std::to_string(wrong_answers(report, score)),
         fmt::format("{:.3f} to {:.3f}", interval.lo, interval.hi),
         fmt::format("{}/{}", sum.control_right, sum.control_decisions), absolute(sum.hard),
         sum.hard && sum.hard->normwise ? fmt::format("{:.1e}", *sum.hard->normwise) : "-", absolute(sum.naive),
         seconds_text(score.times.empty() ? std::nullopt : score.times.back().own_seconds),
         seconds_text(score.times.empty() ? std::nullopt : std::optional(score.times.back().seconds)),
         score.fitted_exponent ? fmt::format("{:.2f}", *score.fitted_exponent) : "-"});
  }
  return text + notes_text(report);
}

}  // namespace gapwright::cli
