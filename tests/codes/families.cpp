// SPDX-License-Identifier: MIT
#include "codes/families.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <tuple>

#include "tests/support.hpp"

namespace gapwright {

TEST_CASE("families: the numbers of a row are those of the curve that it builds") {
  for (const CodeFamily& family : code_families())
    for (const std::int64_t q : {2, 3, 4, 5})
      for (const std::int64_t level : family.has_levels ? std::vector<std::int64_t>{1, 2, 3} : std::vector<std::int64_t>{1}) {
        if (level == 3 && q > 3) continue;
        CAPTURE(family.name);
        CAPTURE(q);
        CAPTURE(level);
        const CurveParameters p{q, level, 0};
        family.check(p);
        const CurvePointer curve = family.build(p, {}, default_tower_limit);
        CHECK(curve->family() == family.name);
        CHECK(curve->q() == q);
        CHECK(curve->level() == (family.has_levels ? static_cast<unsigned>(level) : 0));
        CHECK(curve->field().size() == family.field_size(q));
        CHECK(curve->length() == family.length_of(p));
        CHECK(curve->genus() == family.genus_of(p));
        const std::size_t top = 2 * curve->genus() + 5;
        CHECK(curve->semigroup(top) == family.semigroup_of(p, top));
        CHECK(curve->pole_orders(top) == family.semigroup_of(p, top));  // found by the functions themselves
      }
}

TEST_CASE("families: a row refuses what cannot be built, and does not build it") {
  for (const CodeFamily& family : code_families())
    for (const std::int64_t q : {-1, 0, 1, 6, 1 << 20}) {
      CAPTURE(family.name);
      CAPTURE(q);
      CHECK_THROWS_AS(family.check({q, 1, 0}), std::invalid_argument);
      CHECK_THROWS_AS(family.build({q, 1, 0}, {}, default_tower_limit), std::invalid_argument);
    }
  CHECK_THROWS_AS(code_family("goppa"), std::invalid_argument);
  const std::vector<std::string> names = code_family_names();
  REQUIRE(names.size() >= 3);
  CHECK(std::vector<std::string>(names.begin(), names.begin() + 3) ==
        std::vector<std::string>{"reed-solomon", "hermitian", "tower"});
}

TEST_CASE("families: those that are compared are all but those tried only by name, themselves and in order") {
  std::vector<const CodeFamily*> expected, found;
  for (const CodeFamily& family : code_families())
    if (!family.only_by_name) expected.push_back(&family);
  for (const CodeFamily& family : compared_families()) found.push_back(&family);
  CHECK(found == expected);
  CHECK(found.size() >= 3);
  CHECK_FALSE(plainest_family().only_by_name);  // small cases shrink to it
}

TEST_CASE("families: what is said of q follows from the field") {
  CHECK(what_q_is(code_family("reed-solomon")) == "field size");
  CHECK(what_q_is(code_family("tower")) == "square root of the field size");
  CodeFamily other;
  other.field_degree = 3;
  CHECK(what_q_is(other) == "cube root of the field size");
  other.field_degree = 4;
  CHECK(what_q_is(other) == "4-th root of the field size");
}

TEST_CASE("families: the small codes of campaigns come by turns, and each of them can be built") {
  using Parts = std::tuple<std::string, std::int64_t, std::int64_t, std::size_t>;
  const std::vector<Parts> first{
      {"reed-solomon", 2, 1, 0}, {"reed-solomon", 3, 1, 0}, {"reed-solomon", 5, 1, 1}, {"reed-solomon", 5, 1, 2},
      {"reed-solomon", 7, 1, 1}, {"reed-solomon", 7, 1, 2}, {"reed-solomon", 7, 1, 3}, {"reed-solomon", 11, 1, 1},
      {"reed-solomon", 4, 1, 1}, {"reed-solomon", 8, 1, 1}, {"reed-solomon", 9, 1, 1}, {"reed-solomon", 9, 1, 2},
      {"reed-solomon", 3, 1, 1}, {"reed-solomon", 5, 1, 0}, {"hermitian", 2, 1, 0},    {"hermitian", 2, 1, 2},
      {"hermitian", 2, 1, 3},    {"hermitian", 3, 1, 3},    {"hermitian", 3, 1, 4},    {"tower", 2, 2, 0},
      {"tower", 3, 2, 3},        {"tower", 3, 2, 4},        {"tower", 3, 1, 2},        {"tower", 3, 3, 9},
      {"tower", 2, 3, 0},        {"reed-solomon", 11, 1, 0}};
  std::vector<Parts> all;
  for (const auto& [family, code] : small_codes()) {
    all.emplace_back(family->name, code.q, code.level, code.degree);
    CAPTURE(family->name);
    CAPTURE(code.q);
    CHECK(family == &code_family(family->name));
    CHECK(code.degree < curve_of({family->name, {code.q, code.level, 0}})->length());
  }
  REQUIRE(all.size() >= first.size());
  CHECK(std::equal(first.begin(), first.end(), all.begin()));  // a draw is a place in this list: new ones come behind
  for (const CodeFamily& family : code_families()) CHECK_FALSE(family.small_codes.empty());
}

}  // namespace gapwright
