// SPDX-License-Identifier: MIT
#include "cli/report.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "support/decimal.hpp"

namespace gapwright::cli {
namespace {
constexpr int kDigits = 17;
}

std::string line(const std::string& label, const std::string& text) { return fmt::format("{:<14}{}\n", label, text); }

std::string seconds_text(double seconds) { return fmt::format("{:.3f} s", seconds); }

std::string enclosure_text(const Verdict& v) { return fmt::format("[{}, {}]", decimal_down(v.lo, 12), decimal_up(v.hi, 12)); }

std::string passed_threshold_text(const Verdict& v, const mpq_class& yes_at_least, const mpq_class& no_at_most) {
  const bool passed = (v.answer == Answer::no && v.hi > no_at_most) || (v.answer == Answer::yes && v.lo < yes_at_least);
  if (!passed) return "";
  if (v.answer == Answer::yes && v.hi < yes_at_least)
    return fmt::format(
        "compared with the middle of the gap, {}: the output is inside the gap, and its keys need not be a witness; an instance "
        "that keeps its promise has another row that reaches the threshold",
        decimal_down(v.between, 12));
  return fmt::format(
      "compared with the middle of the gap, {}: the enclosure is on one side of it, and an instance that keeps its promise has "
      "no output inside the gap",
      decimal_down(v.between, 12));
}

std::string tuple_text(const std::vector<std::size_t>& tuple) { return fmt::format("({})", fmt::join(tuple, ", ")); }

std::string assignment_text(const Cnf::Witness& assignment) {
  std::string text;
  for (std::size_t v = 0; v < assignment.size(); ++v)
    text += fmt::format("{}{}{}", v == 0 ? "" : " ", assignment[v] ? "" : "-", v + 1);
  return text;
}

std::string answer_text(Answer answer) { return std::string(word_of(answer)); }

nlohmann::ordered_json tuple_json(const std::vector<std::size_t>& tuple) {
  auto json = nlohmann::ordered_json::array();
  for (const std::size_t j : tuple) json.push_back(j);
  return json;
}

nlohmann::ordered_json verdict_json(const Verdict& v, double seconds) {
  nlohmann::ordered_json json;
  json["verdict"] = answer_text(v.answer);
  json["witness"] = v.witness ? tuple_json(*v.witness) : nlohmann::ordered_json();
  json["row"] = v.row;
  json["enclosure"] = {{"lo", decimal_down(v.lo, kDigits)}, {"hi", decimal_up(v.hi, kDigits)}};
  json["precision"] = v.precision;
  json["method"] = v.method;
  if (!v.reason.empty()) json["reason"] = v.reason;
  json["timing"] = {{"seconds", seconds}};
  return json;
}

}  // namespace gapwright::cli
