// SPDX-License-Identifier: MIT
// The checker's direct embedding: by what its tuples weigh, and that formulas and lists of vectors go through the same one.
#include "checker/direct_layout.hpp"

#include <doctest/doctest.h>

#include "checker/formula_vectors.hpp"
#include "checker/room.hpp"
#include "tests/support.hpp"

using namespace checker;

namespace {

const Formula kClauses{7, {{1, -3}, {2, 4, -5}, {-6, 7}, {-1, -2}, {3}, {5, -7, 1}}};

using Tuple = std::vector<std::uint64_t>;

std::uint64_t product(const std::vector<const Bits*>& matrices, const Tuple& tuple) {
  std::uint64_t count = 0;
  for (std::size_t c = 0; c < matrices[0]->columns; ++c) {
    bool all = true;
    for (std::size_t u = 0; u < tuple.size(); ++u) all = all && matrices[u]->get(tuple[u], c);
    count += all;
  }
  return count;
}

std::vector<const Bits*> matrices_of(const BitAttention& bits) {
  std::vector<const Bits*> all{&bits.queries};
  for (const Bits& keys : bits.keys) all.push_back(&keys);
  return all;
}

/// Every tuple once, the last index first.
template <class Visit>
void each_tuple(const std::vector<const Bits*>& matrices, Visit visit) {
  Tuple tuple(matrices.size(), 0);
  for (bool more = true; more;) {
    visit(tuple);
    std::size_t u = tuple.size();
    while (u > 0 && ++tuple[u - 1] == matrices[u - 1]->rows) tuple[--u] = 0;
    more = u > 0;
  }
}

/// Tuples of data that weigh other than their vectors, of pads that weigh anything, and mixed ones that weigh nothing.
std::size_t wrong_tuples(const BitAttention& bits, const std::vector<Bits>& sets) {
  std::vector<const Bits*> vectors;
  for (const Bits& set : sets) vectors.push_back(&set);
  const auto matrices = matrices_of(bits);
  std::size_t wrong = 0;
  each_tuple(matrices, [&](const Tuple& tuple) {
    std::size_t pads = 0;
    for (std::size_t u = 1; u < tuple.size(); ++u) pads += !bits.ones[u - 1][tuple[u]];
    const std::uint64_t weight = product(matrices, tuple);
    wrong += pads == 0 ? weight != product(vectors, tuple) : pads + 1 == tuple.size() ? weight != 0 : weight == 0;
  });
  return wrong;
}

}  // namespace

TEST_CASE("the checker's direct embedding: data weigh as their vectors, pads nothing, mixed tuples something") {
  for (std::size_t order = 2; order <= 4; ++order) {
    const std::vector<Bits> sets = list_formula(kClauses, order);
    BitAttention bits = embed_formula(kClauses, order).bits;
    CHECK(wrong_tuples(bits, sets) == 0);
    bits.keys[0].data[0] ^= 4;  // a fault that must be seen: the third clause of the first key
    CHECK(wrong_tuples(bits, sets) > 0);
  }
}

TEST_CASE("the checker's direct embedding: a formula's is that of its list of vectors") {
  for (std::size_t order = 2; order <= 5; ++order) {
    const std::vector<Bits> sets = list_formula(kClauses, order);
    const DirectTarget t = lay_out(vector_sets(sets), {});
    const EmbeddedFormula e = embed_formula(kClauses, order);
    CHECK(t.bits.queries.data == e.bits.queries.data);
    for (std::size_t u = 0; u + 1 < order; ++u) CHECK(t.bits.keys[u].data == e.bits.keys[u].data);
    CHECK(t.bits.ones == e.bits.ones);
    CHECK(mpq_class(t.entry_bound) == e.terms.entry_bound);
    CHECK(scaled(t.yes_at_least.scaled_floor(64), 64) == e.terms.yes_at_least);
    CHECK(scaled(t.no_at_most.scaled_floor(64) + 1, 64) == e.terms.no_at_most);
    CHECK(e.terms.no_at_most < mpq_class(1, 16));
    CHECK(e.terms.yes_at_least > mpq_class(1, 3));
  }
}

TEST_CASE("the checker's direct embedding: too large ones are refused before they are built") {
  const auto said = [](auto work) { return gapwright::test::message_of<Limit>(work); };
  const Formula wide{40, {{1}, {-40}}};
  const std::vector<Bits> sets{Bits(4, 100), Bits(1000, 100)};
  const std::uint64_t before = room();
  set_room(1 << 14);
  const std::string formula = said([&] { embed_formula(wide, 2); }), list = said([&] { list_formula(wide, 3); }),
                    vectors = said([&] { lay_out(vector_sets(sets), {}); }),
                    masked = said([&] { lay_out(vector_sets(sets), {.causal = true}); });
  set_room(before);
  CHECK(formula.starts_with("the formula's 2097154 vectors of dimension 2: needs "));
  CHECK(list.starts_with("the formula's 32771 vectors of dimension 2: needs "));
  CHECK(vectors.starts_with("the target, built again: needs "));
  CHECK(masked.starts_with("the target, built again: needs "));
  CHECK(said([] { embed_formula(Formula{54, {}}, 2); }) == "the formula has 27 variables in a group: 2^27 vectors");
}
