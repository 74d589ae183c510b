// SPDX-License-Identifier: MIT
#pragma once
#include <cstdint>
#include <optional>
#include <string>

#include "instances/generators/random_ksat.hpp"

namespace gapwright {

/// Random width-SAT whose clauses each touch at least two of the k groups of consecutive variables that split-and-list makes
/// ("spread"), width >= 2. Without `plant` ("the null model") signs are uniform. With it a uniform assignment is drawn, every
/// clause is satisfied by it, and each single set of the formula's k-OV instance is distributed exactly as in the null model: all
/// its vectors, so also the weight of the planted one. Proof in the .cpp. Throws std::invalid_argument for width < 2,
/// width > variables, or order < 2.
RandomKsat quiet_ksat(std::size_t variables, std::size_t clauses, std::size_t width, std::size_t order, bool plant,
                      std::uint64_t seed, const RunControl& control = {});

/// "gen random-ksat --variables 9 ...": the command that makes such a formula or a uniform one, for its provenance; without the seed.
std::string ksat_command(std::size_t variables, std::size_t clauses, std::size_t width, std::optional<KsatPlanting> planting,
                         bool spread, std::size_t order);

/// The group, 0 .. order - 1, of variable 1 .. variables: consecutive variables, the first variables mod order groups have one
/// more.
std::size_t group_of(std::int32_t variable, std::size_t variables, std::size_t order);

}  // namespace gapwright
