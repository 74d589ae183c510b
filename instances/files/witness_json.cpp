// SPDX-License-Identifier: MIT
#include "instances/files/witness_json.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cmath>

#include "support/errors.hpp"
#include "support/strict_json.hpp"

namespace gapwright {

nlohmann::ordered_json witness_rule_json(const AttentionWitness& witness) {
  nlohmann::ordered_json json{{"unit", fmt::format("{:.17g}", witness.unit)}, {"least", nullptr}};
  if (witness.least) json["least"] = *witness.least;
  return json;
}

AttentionWitness read_witness_rule(const nlohmann::ordered_json& json, const std::string& place) {
  check_keys(json, {"unit", "least"}, place);
  AttentionWitness witness;
  const std::string unit = string_at(json, "unit", place);
  const auto [end, error] = std::from_chars(unit.data(), unit.data() + unit.size(), witness.unit);
  if (error != std::errc{} || end != unit.data() + unit.size() || !std::isfinite(witness.unit) || witness.unit <= 0)
    throw BadInstance(place + ": 'unit' must be a positive number");
  if (!json.at("least").is_null()) witness.least = static_cast<std::int64_t>(count_at(json.at("least"), place + ": least"));
  return witness;
}

}  // namespace gapwright
