// SPDX-License-Identifier: MIT
#pragma once
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "cli/context.hpp"
#include "instances/cnf.hpp"
#include "support/json_text.hpp"
#include "verify/claim_json.hpp"
#include "verify/verdict.hpp"

// How answers look: text lines with a left column, and JSON.
namespace gapwright::cli {

std::string line(const std::string& label, const std::string& text);
std::string seconds_text(double seconds);
std::string enclosure_text(const Verdict&);
/// Empty, or why a verdict stands although its enclosure passes the threshold of its side.
std::string passed_threshold_text(const Verdict&, const mpq_class& yes_at_least, const mpq_class& no_at_most);
std::string tuple_text(const std::vector<std::size_t>& tuple);
std::string assignment_text(const Cnf::Witness& assignment);  ///< DIMACS literals
std::string answer_text(Answer answer);

/// The keys that every verdict has as JSON: verdict, witness, row, enclosure {lo, hi}, precision, method, reason?, timing.
nlohmann::ordered_json verdict_json(const Verdict&, double seconds);
nlohmann::ordered_json tuple_json(const std::vector<std::size_t>& tuple);

}  // namespace gapwright::cli
