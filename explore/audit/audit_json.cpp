// SPDX-License-Identifier: MIT
#include "explore/audit/audit_json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "support/message.hpp"

namespace gapwright {
namespace {

using Json = nlohmann::ordered_json;

Json or_null(const std::optional<double>& x) { return x && std::isfinite(*x) ? Json(*x) : Json(); }

std::string number_text(const std::optional<double>& x) { return x ? fmt::format("{:.2e}", *x) : ""; }

}  // namespace

std::string file_of_check(const std::string& name) {
  std::string file = name;
  std::ranges::replace(file, ' ', '-');
  std::erase(file, ',');
  return file + ".safetensors";
}

Json audit_json(const AuditResult& result, const std::string& algorithm, const std::vector<std::string>& files) {
  const AuditRequest& r = result.request;
  Json json{{"algorithm", algorithm},          {"passed", result.passed()},
            {"complete", result.complete},     {"order", r.shape.order},
            {"dtype", word_of(r.shape.dtype)}, {"dimension", r.shape.dimension},
            {"columns", r.shape.columns},      {"seed", r.shape.seed},
            {"checks", Json::array()}};
  for (std::size_t i = 0; i < result.checks.size(); ++i) {
    const CheckResult& check = result.checks[i];
    Json entry{{"name", check.name},
               {"kind", word_of(check.kind)},
               {"outcome", word_of(check.outcome)},
               {"reason", check.reason},
               {"worst_error", or_null(check.worst_error)},
               {"allowed_error", or_null(check.allowed_error)},
               {"input", check.input}};
    if (i < files.size() && !files[i].empty()) entry["file"] = files[i];
    json["checks"].push_back(std::move(entry));
  }
  return json;
}

std::string audit_text(const AuditResult& result, const std::string& algorithm, const std::vector<std::string>& files) {
  std::size_t width = 5;
  for (const CheckResult& check : result.checks) width = std::max(width, check.name.size());
  std::string text = fmt::format("{:<{}}  {:<14}  {:>9}  {:>9}  {}\n", "check", width, "outcome", "error", "allowed", "input");
  for (const CheckResult& check : result.checks)
    text += fmt::format("{:<{}}  {:<14}  {:>9}  {:>9}  {}\n", check.name, width, word_of(check.outcome),
                        number_text(check.worst_error), number_text(check.allowed_error), check.input);
  for (std::size_t i = 0; i < result.checks.size(); ++i) {
    const CheckResult& check = result.checks[i];
    if (check.outcome == CheckOutcome::passed) continue;
    text += fmt::format("\n{}: {}: {}\n", word_of(check.outcome), check.name, check.reason);
    if (i < files.size() && !files[i].empty()) text += fmt::format("  kept as {}\n", files[i]);
  }
  const auto of = [&](CheckOutcome outcome) { return result.count(outcome); };
  text +=
      fmt::format("\n{}: {}{}: {} passed, {} failed, {} refused, {} not applicable\n", algorithm,
                  result.passed() ? "passed" : "not passed", result.complete ? "" : " (not complete)", of(CheckOutcome::passed),
                  of(CheckOutcome::failed), of(CheckOutcome::refused), of(CheckOutcome::not_applicable));
  return text;
}

}  // namespace gapwright
