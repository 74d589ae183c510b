// SPDX-License-Identifier: MIT
#pragma once
#include <gmpxx.h>

#include <cstdint>
#include <optional>
#include <vector>

#include "instances/cnf.hpp"
#include "support/named.hpp"
#include "support/philox.hpp"
#include "support/run_control.hpp"

namespace gapwright {

/// How a model is planted: clauses that it satisfies, or such that no single set of the k-OV instance shows it (quiet_ksat).
enum class KsatPlanting { uniform, quiet };
template <>
struct Names<KsatPlanting> {
  static constexpr std::string_view what = "planting";
  static constexpr std::array all{Named<KsatPlanting>{KsatPlanting::uniform, "uniform"},
                                  Named<KsatPlanting>{KsatPlanting::quiet, "quiet"}};
};

/// Uniform random width-SAT: every clause independently takes `width` different variables and uniform signs (clauses may repeat).
/// With `plant`, a uniform assignment is drawn first and every clause is drawn conditioned on being satisfied by it; the
/// assignment is returned. Throws std::invalid_argument when width > variables while clauses are asked for.
struct RandomKsat {
  Cnf cnf;
  std::optional<Cnf::Witness> planted;
};
RandomKsat random_ksat(std::size_t variables, std::size_t clauses, std::size_t width, bool plant, std::uint64_t seed,
                       const RunControl& control = {});

/// Bytes of memory for drawing and printing such a formula: the variables of a clause while they are drawn (a tree of 48 bytes for each), and of a
/// model its bits and its literals.
mpz_class ksat_bytes(std::size_t variables, std::size_t clauses, std::size_t width, bool plant);

/// How a formula begins, without clauses yet: the numbers checked, and with `plant` a uniform assignment drawn.
RandomKsat begin_ksat(std::size_t variables, std::size_t clauses, std::size_t width, bool plant, std::uint64_t seed,
                      const RunControl& control = {});

/// `width` different variables out of 1..variables, uniform among all such sets, in increasing order (Floyd's sampling);
/// width <= variables.
std::vector<std::int32_t> random_variables(Random& random, std::size_t variables, std::size_t width,
                                           const RunControl& control = {});

}  // namespace gapwright
