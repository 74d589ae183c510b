// SPDX-License-Identifier: MIT
#include "codes/tower_functions.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <map>
#include <sstream>

#include "codes/linear_algebra.hpp"
#include "codes/modular.hpp"
#include "codes/tower_closed_forms.hpp"
#include "codes/tower_curve.hpp"
#include "codes/tower_elimination.hpp"
#include "codes/tower_local.hpp"
#include "codes/tower_numbers.hpp"
#include "tests/codes/random.hpp"
#include "tests/long_nights.hpp"

using namespace gapwright;

namespace {

/// The least element of the semigroup in every class modulo q^{m-1}.
std::vector<std::size_t> least_orders(std::uint32_t q, unsigned m) {
  const std::size_t classes = integer_power(q, m - 1);
  std::map<std::size_t, std::size_t> least;
  for (std::size_t s : tower_semigroup(q, m, tower_conductor(q, m) + classes)) least.emplace(s % classes, s);
  std::vector<std::size_t> orders;
  for (const auto& [residue, order] : least) orders.push_back(order);
  return orders;
}

std::vector<std::size_t> orders_of(const TowerFunctions& functions) {
  std::vector<std::size_t> orders;
  for (const TowerFunction& f : functions.functions) orders.push_back(f.order);
  return orders;
}

}  // namespace

TEST_CASE("tower numbers: the gaps of the semigroup number the genus") {
  for (std::uint32_t q : {2u, 3u, 4u, 5u, 7u}) {
    for (unsigned m = 1; m <= 6; ++m) {
      CAPTURE(q);
      CAPTURE(m);
      const std::size_t top = tower_conductor(q, m) + 10;
      CHECK(tower_semigroup(q, m, top).size() == top + 1 - tower_genus(q, m));
    }
  }
  CHECK(tower_length(3, 3) == 54);
  CHECK(tower_genus(3, 3) == 16);
  CHECK(tower_genus(5, 4) == 576);
  CHECK(tower_conductor(3, 3) == 18);
  CHECK(tower_conductor(2, 7) == 112);
  CHECK(tower_semigroup(3, 3, 19) == std::vector<std::size_t>{0, 9, 18, 19});
}

TEST_CASE("tower functions: pole orders of the general algorithm are the least of the semigroup") {
  const std::pair<std::uint32_t, unsigned> levels[] = {{2, 1}, {2, 2}, {2, 3}, {2, 4}, {2, 5}, {2, 6}, {2, 7}, {2, 8},
                                                       {3, 1}, {3, 2}, {3, 3}, {3, 4}, {3, 5}, {4, 2}, {4, 3}, {4, 4},
                                                       {5, 2}, {5, 3}, {5, 4}, {7, 2}, {7, 3}, {7, 4}, {8, 3}, {9, 3}};
  for (auto [q, m] : levels) {
    CAPTURE(q);
    CAPTURE(m);
    CHECK(orders_of(general_tower_functions(q, m)) == least_orders(q, m));
    if (m <= 3) CHECK(orders_of(closed_form_tower_functions(q, m)) == least_orders(q, m));
  }
}

TEST_CASE("tower functions: higher levels, on long nights" * only_on_long_nights()) {
  for (auto [q, m] : {std::pair{2u, 9u}, std::pair{3u, 6u}, std::pair{4u, 5u}, std::pair{9u, 4u}}) {
    CHECK(orders_of(general_tower_functions(q, m)) == least_orders(q, m));
  }
}

TEST_CASE("tower functions: every coefficient agrees with that of an independent program") {
  for (auto [q, m] :
       {std::pair{2u, 5u}, std::pair{2u, 6u}, std::pair{3u, 4u}, std::pair{4u, 3u}, std::pair{4u, 4u}, std::pair{5u, 3u}}) {
    CAPTURE(q);
    CAPTURE(m);
    std::ifstream file(std::string(GAPWRIGHT_TEST_DATA) + "/codes/tower_" + std::to_string(q) + "_" + std::to_string(m) + ".txt");
    REQUIRE(file);
    const TowerFunctions ours = general_tower_functions(q, m);
    std::size_t functions = 0;
    for (std::string line; std::getline(file, line);) {
      if (line[0] == '#') continue;
      std::istringstream words(line);
      std::size_t residue, order;
      char bar;
      words >> residue >> order >> bar;
      TowerFunction expected{order, {}};
      std::int32_t exponent;
      std::uint32_t monomial_class;
      Symbol coefficient;
      for (char colon; words >> exponent >> colon >> monomial_class >> colon >> coefficient;) {
        expected.terms.push_back({exponent, monomial_class, coefficient});
      }
      REQUIRE(residue < ours.functions.size());
      CHECK(ours.functions[residue].order == expected.order);
      CHECK(ours.functions[residue].terms == expected.terms);
      ++functions;
    }
    CHECK(functions == ours.functions.size());
  }
}

TEST_CASE("tower functions: sizes at q = 5, level 4, and the order of terms") {
  const TowerFunctions functions = general_tower_functions(5, 4);
  std::size_t terms = 0;
  for (const TowerFunction& f : functions.functions) {
    terms += f.terms.size();
    CHECK(f.terms.back().coefficient == 1);
    std::int64_t previous = -1000000;
    for (const TowerTerm& term : f.terms) {
      const std::int64_t order = 125 * (term.exponent + (term.monomial_class == 0 ? 0 : 4)) + std::int64_t{term.monomial_class};
      CHECK(order > previous);
      previous = order;
    }
    CHECK(previous == static_cast<std::int64_t>(f.order));
  }
  CHECK(terms == 2936);
}

TEST_CASE("tower functions: closed forms span the same spaces as the general algorithm") {
  for (auto [q, m] : {std::pair{2u, 2u}, std::pair{2u, 3u}, std::pair{3u, 2u}, std::pair{3u, 3u}, std::pair{4u, 3u},
                      std::pair{5u, 3u}, std::pair{7u, 2u}, std::pair{8u, 2u}}) {
    CAPTURE(q);
    CAPTURE(m);
    const CurvePointer closed = tower_curve(closed_form_tower_functions(q, m));
    const CurvePointer general = tower_curve(general_tower_functions(q, m));
    const std::size_t step = closed->length() / 5 + 1;
    for (std::size_t s = 0; s < closed->length(); s += step) {
      const SymbolMatrix a = closed->basis_at_points(s);
      const SymbolMatrix b = general->basis_at_points(s);
      REQUIRE(a.rows == b.rows);
      SymbolMatrix both(2 * a.rows, a.columns);
      std::copy(a.symbols.begin(), a.symbols.end(), both.symbols.begin());
      std::copy(b.symbols.begin(), b.symbols.end(), both.symbols.begin() + static_cast<std::ptrdiff_t>(a.symbols.size()));
      CHECK(reduced_basis(closed->field(), both, both.columns).leads.size() == a.rows);
    }
  }
  CHECK(refuses_saying([] { closed_form_tower_functions(3, 4); }, "levels 1 to 3"));
}

TEST_CASE("tower functions: the closed form at level 3 for q = 3 has the orders of the example") {
  CHECK(orders_of(tower_functions(3, 3)) == std::vector<std::size_t>{0, 19, 20, 21, 22, 23, 24, 25, 26});
  CHECK(tower_functions(5, 3).functions[1].order == 101);
  CHECK(tower_functions(5, 3).functions.back().order == 124);
}

TEST_CASE("tower expansions: the example x_3 at q = 3, level 3") {
  const TowerExpansions expansions(3, 3);
  CHECK(expansions.window() == 3);
  CHECK(expansions.lowest_exponent(0) == -2);
  CHECK(expansions.lowest_exponent(1) == -1);
  CHECK(expansions.lowest_exponent(2) == 0);
  int negative = 0;
  for (const PolarEntry& entry : expansions.entries(1)) {
    if (entry.exponent >= 0) continue;
    ++negative;
    CHECK(entry.exponent == -1);
    CHECK(entry.value == 1);
    CHECK(entry.limit == 0);
  }
  CHECK(negative == 1);
}

TEST_CASE("tower expansions: every entry lies in the window") {
  for (auto [q, m] : {std::pair{2u, 6u}, std::pair{3u, 5u}, std::pair{5u, 4u}, std::pair{4u, 4u}}) {
    const TowerExpansions expansions(q, m);
    for (std::uint32_t c = 0; c < integer_power(q, m - 1); ++c) {
      for (const PolarEntry& entry : expansions.entries(c)) {
        REQUIRE(entry.condition < expansions.conditions());
        REQUIRE(entry.exponent + expansions.lowest_exponent(c) > -expansions.window());
        REQUIRE(entry.exponent + expansions.lowest_exponent(c) < entry.limit);
      }
    }
  }
}
