// SPDX-License-Identifier: MIT
#include "instances/generators/random_ksat.hpp"

#include <algorithm>
#include <set>
#include <stdexcept>
#include <string>

#include "instances/generators/structured_cnf.hpp"
#include "support/philox.hpp"

namespace gapwright {
namespace {

bool satisfies(const Cnf::Clause& clause, const Cnf::Witness& assignment) {
  return std::any_of(clause.begin(), clause.end(), [&](std::int32_t literal) {
    return assignment[static_cast<std::size_t>(std::abs(literal)) - 1] == (literal > 0);
  });
}

}  // namespace

std::vector<std::int32_t> random_variables(Random& random, std::size_t variables, std::size_t width, const RunControl& control) {
  std::set<std::int32_t> chosen;
  for (std::size_t top = variables - width + 1; top <= variables; ++top) {
    control.check_at(top);
    const auto draw = static_cast<std::int32_t>(random.below(top) + 1);
    if (!chosen.insert(draw).second) chosen.insert(static_cast<std::int32_t>(top));
  }
  return {chosen.begin(), chosen.end()};
}

mpz_class ksat_bytes(std::size_t variables, std::size_t clauses, std::size_t width, bool plant) {
  const mpz_class literals = mpz_class(clauses) * width;
  return formula_bytes({mpz_class(variables), mpz_class(clauses), literals}) +
         (clauses > 0 ? mpz_class(width) * 48 : mpz_class(0)) + (plant ? mpz_class(variables) * 9 : mpz_class(0));
}

RandomKsat begin_ksat(std::size_t variables, std::size_t clauses, std::size_t width, bool plant, std::uint64_t seed,
                      const RunControl& control) {
  if (variables > INT32_MAX)
    throw std::invalid_argument("`variables=" + std::to_string(variables) + "` is too large; at most 2147483647");
  if (width > variables && clauses > 0)
    throw std::invalid_argument("`width=" + std::to_string(width) + "` is larger than `variables=" + std::to_string(variables) +
                                "`; a clause needs that many different variables");
  RandomKsat result;
  result.cnf.variables = variables;
  if (plant) {
    Random random(seed, 0);
    result.planted.emplace(variables);
    for (std::size_t v = 0; v < variables; ++v) {
      control.check_at(v);
      (*result.planted)[v] = random.bit();
    }
  }
  return result;
}

RandomKsat random_ksat(std::size_t variables, std::size_t clauses, std::size_t width, bool plant, std::uint64_t seed,
                       const RunControl& control) {
  if (plant && width == 0 && clauses > 0)
    throw std::invalid_argument("`width=0` with `plant`: an empty clause has no satisfying assignment; use `width=1` or more");
  RandomKsat result = begin_ksat(variables, clauses, width, plant, seed, control);
  for (std::size_t c = 0; c < clauses; ++c) {
    control.check();
    Random random(seed, c + 1);
    Cnf::Clause clause;
    do {  // conditioning on "satisfied" by rejection keeps the distribution exact
      clause = random_variables(random, variables, width, control);
      for (std::int32_t& literal : clause)
        if (random.bit()) literal = -literal;
    } while (plant && !satisfies(clause, *result.planted));
    result.cnf.clauses.push_back(std::move(clause));
  }
  return result;
}

}  // namespace gapwright
