// SPDX-License-Identifier: MIT
#include "instances/attention.hpp"

#include <doctest/doctest.h>

#include <limits>

#include "support/errors.hpp"
#include "tests/support.hpp"

using namespace gapwright;

namespace {

/// Order 3: one query, two and three keys, dimension 3, no two sizes equal by accident.
BitAttention example() {
  BitAttention a;
  a.terms.softmax_scale = 0.25;
  a.terms.entry_bound = 3;
  a.sign = -1;
  a.queries = BitMatrix(1, 5);
  a.keys = {BitMatrix(2, 5), BitMatrix(3, 5)};
  for (const std::size_t c : {0, 1, 4}) a.queries.set(0, c);
  for (const std::size_t c : {1, 2, 4}) a.keys[0].set(1, c);
  for (const std::size_t c : {0, 1, 3}) a.keys[1].set(2, c);
  a.values = {{1, 1}, {1, 0, 1}};
  return a;
}

}  // namespace

TEST_CASE("attention: the weight of an inner product is B^k times the scale, exactly") {
  BitAttention a = example();
  CHECK(score_weight(a) == mpq_class(27, 4));
  a.terms.entry_bound = 0.1;  // a double, not one tenth
  CHECK(score_weight(a) == mpq_class(0.1) * mpq_class(0.1) * mpq_class(0.1) / 4);
  CHECK(score_weight(a) != mpq_class(1, 4000));
}

TEST_CASE("attention: a witness has keys of value 1 and the right inner product") {
  BitAttention a = example();
  CHECK(accepts(a, {0, 0, 0}));
  CHECK(accepts(a, {0, 1, 0}));
  CHECK_FALSE(accepts(a, {0, 1, 2}));  // inner product 1, in coordinate 1
  CHECK_FALSE(accepts(a, {0, 0, 1}));  // value 0
  a.yes_inner_product = 1;
  CHECK(accepts(a, {0, 1, 2}));
  a.sign = 1;  // now large inner products are the YES ones
  CHECK(accepts(a, {0, 1, 2}));
  CHECK_FALSE(accepts(a, {0, 0, 0}));
  for (const BitAttention::Witness& tuple : {BitAttention::Witness{}, {0}, {0, 1}, {0, 1, 2, 0}, {1, 1, 2}, {0, 2, 2}, {0, 1, 3}})
    CHECK_FALSE(accepts(a, tuple));
}

TEST_CASE("attention: written out, entry by entry") {
  const Attention full = written_out(example());
  CHECK_NOTHROW(check_well_formed(full));
  CHECK(full.q.entries == std::vector<double>{-3, -3, 0, 0, -3});
  CHECK(full.keys[0].entries == std::vector<double>{0, 0, 0, 0, 0, 0, 3, 3, 0, 3});
  CHECK(full.keys[1].at(2, 3) == 3);
  CHECK(full.values[1].entries == std::vector<double>{1, 0, 1});
  CHECK(tensor_bits(example()) == 64 * ((1 + 2 + 3) * 5 + 2 + 3));
}

TEST_CASE("attention: check_well_formed says what is wrong") {
  const auto error = [](const auto& change) {
    Attention a = written_out(example());
    change(a);
    return test::message_of<BadInstance>([&] { check_well_formed(a); });
  };
  constexpr double nan = std::numeric_limits<double>::quiet_NaN(), infinity = std::numeric_limits<double>::infinity();
  CHECK(error([](Attention&) {}) == "nothing was thrown");
  CHECK(error([](Attention& a) { a.keys.clear(); }) == "attention needs at least one key matrix (order k >= 2)");
  CHECK(error([](Attention& a) { a.values.pop_back(); }) == "2 key matrices but 1 value matrix");
  CHECK(error([](Attention& a) { a.q = Matrix(0, 5); }) == "q is empty; every matrix needs at least one row and one column");
  CHECK(error([](Attention& a) { a.values[1] = Matrix(3, 0); }) ==
        "v2 is empty; every matrix needs at least one row and one column");
  CHECK(error([](Attention& a) { a.q.entries.pop_back(); }) == "q has not rows x columns entries");
  CHECK(error([&](Attention& a) { a.keys[1].at(2, 1) = nan; }) == "k2[2, 1] is not a finite number");
  CHECK(error([&](Attention& a) { a.values[0].at(1, 0) = -infinity; }) == "v1[1, 0] is not a finite number");
  CHECK(error([](Attention& a) { a.keys[1] = Matrix(3, 4); }) == "k2 has 4 columns, q has 5");
  CHECK(error([](Attention& a) { a.values[1] = Matrix(2, 1); }) == "v2 has 2 rows, k2 has 3");
  CHECK(error([](Attention& a) { a.values[1] = Matrix(3, 2); }) == "v2 has 2 columns, v1 has 1");
  CHECK(error([&](Attention& a) { a.terms.softmax_scale = infinity; }) == "softmax_scale is not a finite number");
}
