// SPDX-License-Identifier: MIT
#pragma once
#include <nlohmann/json.hpp>
#include <string>

#include "instances/attention_witness.hpp"

namespace gapwright {

/// {"unit", "least"}, and back: BadInstance for anything else.
nlohmann::ordered_json witness_rule_json(const AttentionWitness&);
AttentionWitness read_witness_rule(const nlohmann::ordered_json&, const std::string& place);

}  // namespace gapwright
