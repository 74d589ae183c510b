// SPDX-License-Identifier: MIT
#pragma once
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "atlas/solve.hpp"

// How what `solve` finds out looks.
namespace gapwright::cli {

std::string satisfiable_text(std::optional<bool> answer);

/// `shown`: how many variables were counted over.
std::string solved_text(const Cnf& cnf, const SolveRequest& request, const SolveResult& result, std::size_t shown);
/// `shown`: these variables.
nlohmann::ordered_json solved_json(const Cnf& cnf, const SolveResult& result, const std::vector<std::int32_t>& shown);

/// The lines of solver competitions.
std::string competition_text(const SolveResult& result);

}  // namespace gapwright::cli
