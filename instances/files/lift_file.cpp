// SPDX-License-Identifier: MIT
#include "instances/files/lift_file.hpp"

#include <cstdlib>

#include "instances/files/witness_json.hpp"
#include "support/errors.hpp"
#include "support/strict_json.hpp"

namespace gapwright {
namespace {

using Json = nlohmann::ordered_json;
constexpr const char* kLiftFormat = "gapwright-lift-1";
constexpr std::size_t kMostBits = 62;  // of an index

Json step_json(const LiftStep& step) {
  Json json{{"rule", step.rule}};
  switch (step.kind) {
    case LiftStep::Kind::rows:
      json["kind"] = "rows";
      json["rows"] = step.rows;
      json["sizes"] = step.sizes;
      if (!step.first.empty()) json["first"] = step.first;
      if (!step.shift.empty()) json["shift"] = step.shift;
      break;
    case LiftStep::Kind::bits:
      json["kind"] = "bits";
      json["variables"] = step.variables;
      break;
    case LiftStep::Kind::literals:
      json["kind"] = "literals";
      json["literals"] = step.literals;
      break;
  }
  return json;
}

std::int32_t variable_of(const Json& value, const std::string& place) {
  const std::uint64_t number = count_at(value, place);
  if (number == 0 || number > INT32_MAX) throw BadInstance(place + ": a variable is 1 to 2147483647");
  return static_cast<std::int32_t>(number);
}

/// Each of 1..n exactly once.
void check_permutation(std::vector<bool> seen, const std::vector<std::int32_t>& numbers, const std::string& place) {
  for (const std::int32_t number : numbers) {
    const auto v = static_cast<std::size_t>(std::abs(number));
    if (number == 0 || v > seen.size() || seen[v - 1])
      throw BadInstance(place + ": every variable 1 to " + std::to_string(seen.size()) + " must stand exactly once");
    seen[v - 1] = true;
  }
}

std::vector<std::uint64_t> counts_at(const Json& json, const char* key, const std::string& place) {
  constexpr std::uint64_t kLargest = std::uint64_t{1} << 62;  // so that sums of two fit
  std::vector<std::uint64_t> counts;
  for (const Json& value : array_at(json, key, place)) {
    counts.push_back(count_at(value, place + ": " + key));
    if (counts.back() > kLargest) throw BadInstance(place + ": " + key + ": beyond 2^62");
  }
  return counts;
}

void read_rows(LiftStep& step, const Json& json, const std::string& place) {
  check_keys(json, {"rule", "kind", "rows", "sizes", "?first", "?shift"}, place);
  step.kind = LiftStep::Kind::rows;
  step.rows = counts_at(json, "rows", place);
  step.sizes = counts_at(json, "sizes", place);
  if (json.contains("first")) step.first = counts_at(json, "first", place);
  if (json.contains("shift")) step.shift = counts_at(json, "shift", place);
  if (step.rows.size() != step.sizes.size()) throw BadInstance(place + ": 'rows' and 'sizes' must be equally long");
  for (const auto* optional : {&step.first, &step.shift})
    if (!optional->empty() && optional->size() != step.rows.size())
      throw BadInstance(place + ": 'first' and 'shift' must be as long as 'rows'");
  for (std::size_t u = 0; u < step.sizes.size(); ++u)
    if (step.sizes[u] == 0 || step.rows[u] == 0) throw BadInstance(place + ": a size is 0");
}

void read_bits(LiftStep& step, const Json& json, const std::string& place) {
  check_keys(json, {"rule", "kind", "variables"}, place);
  step.kind = LiftStep::Kind::bits;
  std::vector<std::int32_t> all;
  for (const Json& set : array_at(json, "variables", place)) {
    if (!set.is_array() || set.size() > kMostBits)
      throw BadInstance(place + ": each set has an array of at most " + std::to_string(kMostBits) + " variables");
    step.variables.emplace_back();
    for (const Json& value : set) step.variables.back().push_back(variable_of(value, place + ": variables"));
    all.insert(all.end(), step.variables.back().begin(), step.variables.back().end());
  }
  check_permutation(std::vector<bool>(all.size()), all, place);
}

void read_literals(LiftStep& step, const Json& json, const std::string& place) {
  check_keys(json, {"rule", "kind", "literals"}, place);
  step.kind = LiftStep::Kind::literals;
  for (const Json& value : array_at(json, "literals", place)) {
    if (!value.is_number_integer() || value < -INT32_MAX || value > INT32_MAX)
      throw BadInstance(place + ": a literal must be an integer of 32 bits");
    step.literals.push_back(value.get<std::int32_t>());
  }
  check_permutation(std::vector<bool>(step.literals.size()), step.literals, place);
}

LiftStep read_step(const Json& json, const std::string& place) {
  if (!json.is_object()) throw BadInstance(place + ": must be an object");
  LiftStep step;
  step.rule = string_at(json, "rule", place);
  const std::string kind = string_at(json, "kind", place);
  if (kind == "rows")
    read_rows(step, json, place);
  else if (kind == "bits")
    read_bits(step, json, place);
  else if (kind == "literals")
    read_literals(step, json, place);
  else
    throw BadInstance(place + ": unknown kind '" + kind.substr(0, 40) + "'; the kinds are rows, bits and literals");
  return step;
}

/// Shown to the user, and so no more than a word.
std::string problem_at(const Json& json, const char* key, const std::string& place) {
  std::string name = string_at(json, key, place);
  constexpr std::size_t kLongest = 64;
  if (name.empty() || name.size() > kLongest ||
      name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") != std::string::npos)
    throw BadInstance(place + ": '" + key + "' must be the name of a problem: small letters, digits and '-'");
  return name;
}

}  // namespace

std::string lift_json(const LiftTable& table) {
  std::string text = "{\"format\": " + Json(kLiftFormat).dump() + ", \"from\": " + Json(table.from).dump() +
                     ", \"to\": " + Json(table.to).dump();
  if (table.bijection) text += ", \"bijection\": true";
  if (table.witness) text += ", \"witness\": " + witness_rule_json(*table.witness).dump();
  text += ", \"steps\": [";
  for (std::size_t i = 0; i < table.steps.size(); ++i) text += (i == 0 ? "\n  " : ",\n  ") + step_json(table.steps[i]).dump();
  return text + "\n]}\n";
}

LiftTable read_lift(const InputBytes& input) {
  const Json json = parse_strict_json(input);
  check_keys(json, {"format", "from", "to", "steps", "?bijection", "?witness"}, input.name());
  if (string_at(json, "format", input.name()) != kLiftFormat)
    throw BadInstance(input.name() + ": is no lift table of format " + kLiftFormat);
  LiftTable table{problem_at(json, "from", input.name()), problem_at(json, "to", input.name()), {}};
  for (const Json& step : array_at(json, "steps", input.name()))
    table.steps.push_back(read_step(step, input.name() + ": step " + std::to_string(table.steps.size())));
  if (json.contains("bijection")) {
    if (!json.at("bijection").is_boolean()) throw BadInstance(input.name() + ": 'bijection' must be true or false");
    table.bijection = json.at("bijection").get<bool>();
  }
  if (json.contains("witness")) table.witness = read_witness_rule(json.at("witness"), input.name() + ": witness");
  return table;
}

ResultNumbers read_result(const InputBytes& input) {
  const Json json = parse_strict_json(input);
  ResultNumbers result;
  const Json* witness = &json;
  if (json.is_object()) {
    const auto found = json.find("witness");
    if (found == json.end() || found->is_null()) {
      if (!json.contains("row"))
        throw BadInstance(input.name() + ": holds no \"witness\"; give an array of integers, or an object with one");
      result.row = count_at(json.at("row"), input.name() + ": row");
      return result;
    }
    witness = &*found;
  }
  if (!witness->is_array()) throw BadInstance(input.name() + ": the witness must be an array of integers");
  for (const Json& value : *witness) {
    if (!value.is_number_integer() || (value.is_number_unsigned() && value.get<std::uint64_t>() > INT64_MAX))
      throw BadInstance(input.name() + ": number " + std::to_string(result.witness.size()) + " of the witness is no integer");
    result.witness.push_back(value.get<std::int64_t>());
  }
  return result;
}

}  // namespace gapwright
