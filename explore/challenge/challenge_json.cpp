// SPDX-License-Identifier: MIT
#include "explore/challenge/challenge_json.hpp"

namespace gapwright {
namespace {

using Json = nlohmann::ordered_json;

Json or_null(const std::optional<double>& x) { return x ? Json(*x) : Json(); }

Json errors_json(const std::optional<ErrorPair>& errors) {
  if (!errors) return nullptr;
  return {{"maximum_absolute", errors->absolute}, {"normwise_relative", or_null(errors->normwise)}};
}

Json point_json(const LadderPoint& point, const PointScore& score) {
  Json json{{"multiple", point.multiple},
            {"entry_bound", point.entry_bound},
            {"gamma", point.gamma},
            {"gap", mpq_class(point.yes_at_least - point.no_at_most).get_d()},
            {"below_threshold", point.below_threshold}};
  json["right"] = score.right;
  json["decisions"] = score.decisions;
  json["wrong"] = score.wrong;
  json["said_yes"] = score.said_yes;
  json["control_right"] = score.control_right;
  json["control_decisions"] = score.control_decisions;
  json["refused"] = score.refused;
  json["timed_out"] = score.timed_out;
  json["failed"] = score.failed;
  json["not_run"] = score.not_run;
  if (!score.trouble.empty()) json["trouble"] = score.trouble;
  json["errors"] = errors_json(score.hard);
  json["control_errors"] = errors_json(score.control);
  json["naive_errors"] = errors_json(score.naive);
  return json;
}

Json algorithm_json(const ChallengeReport& report, const AlgorithmScore& score) {
  const ChallengeShape& shape = report.options.shape;
  const Totals sum = totals(report, score);
  const ProportionInterval interval = accuracy_interval(report.options, sum.right, sum.decisions);
  Json json{{"algorithm", score.name},
            {"order", shape.order},
            {"rows", shape.rows},
            {"dimension", report.dimension},
            {"padded_dimension", shape.pad_dimension == 0 ? report.dimension : shape.pad_dimension},
            {"seed", shape.seed},
            {"causal", shape.causal},
            {"independent", report.options.independent},
            {"entry_dtype", name_of(shape.entry_dtype)},
            {"softmax_scale", report.softmax_scale},
            {"smallest_deciding_entry_bound", report.smallest_bound},
            {"complete", report.complete}};
  json["decision_accuracy"] = sum.decisions == 0 ? Json() : Json(sum.accuracy());
  json["decision_accuracy_interval"] = {{"lo", interval.lo}, {"hi", interval.hi}, {"confidence", 0.95}};
  json["decisions"] = {{"right", sum.right}, {"wrong", wrong_answers(report, score)}, {"of", sum.decisions}};
  json["largest_entry_bound_survived"] = or_null(largest_bound_survived(report, score));
  json["accuracy_shown_by_survival"] = {{"at_least", accuracy_shown_by_survival(report.options)}, {"confidence", 0.95}};
  json["largest_entry_bound_accurate"] = or_null(largest_bound_accurate(report, score));
  json["smallest_entry_bound_refused"] = or_null(smallest_bound_refused(report, score));
  json["control_decisions"] = {{"right", sum.control_right}, {"of", sum.control_decisions}};
  json["errors"] = {{"hard", errors_json(sum.hard)},
                    {"control", errors_json(sum.control)},
                    {"naive", errors_json(sum.naive)},
                    {"reference_radius", report.truth_radius},
                    {"control_reference_radius", report.control_truth_radius}};
  json["points"] = Json::array();
  for (std::size_t p = 0; p < score.points.size(); ++p) json["points"].push_back(point_json(report.points[p], score.points[p]));
  json["times"] = Json::array();
  for (const TimePoint& t : score.times)
    json["times"].push_back({{"rows", t.rows}, {"seconds", t.seconds}, {"own_seconds", or_null(t.own_seconds)}});
  json["fitted_exponent"] = or_null(score.fitted_exponent);
  json["whole_call_exponent"] = or_null(score.whole_call_exponent);
  json["impossible_seconds"] = score.impossible_seconds;
  return json;
}

}  // namespace

nlohmann::ordered_json challenge_json(const ChallengeReport& report) {
  if (report.algorithms.size() == 1) return algorithm_json(report, report.algorithms[0]);
  Json json;
  for (const std::size_t a : ranking(report)) json["leaderboard"].push_back(algorithm_json(report, report.algorithms[a]));
  return json;
}

}  // namespace gapwright
