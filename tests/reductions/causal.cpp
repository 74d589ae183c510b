// SPDX-License-Identifier: MIT
#include <doctest/doctest.h>

#include "instances/generators/matched_twins.hpp"
#include "reductions/orthogonal_vectors_to_attention.hpp"
#include "reductions/pipeline.hpp"
#include "support/errors.hpp"
#include "tests/conformance.hpp"
#include "tests/multiplier.hpp"
#include "tests/random_instances.hpp"
#include "verify/attention_balls.hpp"
#include "verify/attention_counts.hpp"

using namespace gapwright;

namespace {

DirectOptions causal_options() {
  DirectOptions options;
  options.causal = true;
  return options;
}

/// out_i[0] of every row from plain softmax in balls over the keys that row i sees.
std::vector<Ball> masked_outputs(const Attention& a) {
  std::vector<Ball> outputs;
  for (std::size_t i = 0; i < a.q.rows; ++i) {
    Attention part;
    part.terms = a.terms;
    part.q = Matrix(1, a.q.columns);
    for (std::size_t c = 0; c < a.q.columns; ++c) part.q.at(0, c) = a.q.at(i, c);
    const auto cut = [&](const Matrix& m) {
      Matrix seen(std::min(i + 1, m.rows), m.columns);
      std::copy_n(m.entries.begin(), seen.entries.size(), seen.entries.begin());
      return seen;
    };
    for (const Matrix& m : a.keys) part.keys.push_back(cut(m));
    for (const Matrix& m : a.values) part.values.push_back(cut(m));
    outputs.push_back(outputs_by_balls(part, 0, 1, 128)[0]);
  }
  return outputs;
}

mpq_class largest(const std::vector<Ball>& outputs, mpq_class (*end)(const Ball&)) {
  mpq_class most = 0;
  for (const Ball& out : outputs) most = std::max(most, end(out));
  return most;
}

}  // namespace

TEST_CASE("causal form: the thresholds hold with the mask and without it, k = 2, 3, 4, yes and no") {
  int yes = 0, no = 0;
  for (int round = 0; round < cases(40); ++round) {
    Random random(61, static_cast<std::uint64_t>(round));
    const std::size_t order = 2 + random.below(3);
    const OrthogonalVectors ov = corner_vectors(random, order, order == 2 ? 6 : order == 3 ? 3 : 2, 5);
    const OrthogonalVectorsToAttention rule(ov, causal_options());
    const BitAttention a = rule.target(0);
    const bool answer = !conformance::all_witnesses(ov).empty();
    (answer ? yes : no) += 1;
    CAPTURE(round);
    REQUIRE(rule.guarantee().target_bits == tensor_bits(a));
    REQUIRE(a.queries.rows == rule.embedding().causal_rows());
    for (const BitMatrix& keys : a.keys) REQUIRE(keys.rows == a.queries.rows);
    for (std::size_t i = 0; i < a.queries.rows; ++i)
      REQUIRE(std::ranges::any_of(a.queries.row(i), [](std::uint64_t word) { return word != 0; }));
    const Attention full = written_out(a);
    for (const auto& outputs : {masked_outputs(full), outputs_by_balls(full, 0, full.q.rows, 128)}) {
      if (answer)
        REQUIRE(largest(outputs, upper) >= rule.guarantee().yes_at_least);
      else
        REQUIRE(largest(outputs, lower) <= rule.guarantee().no_at_most);
    }
  }
  CHECK(yes >= cases(40) / 8);
  CHECK(no >= cases(40) / 8);
}

TEST_CASE("causal form: sizes apart by factors of 100 and more, both ways, yes and no, outputs against the thresholds") {
  const std::vector<std::vector<std::size_t>> all{{300, 1}, {1, 300}, {500, 2}, {3, 400}, {120, 1, 1}, {1, 1, 60}, {1, 40, 1}};
  for (std::size_t round = 0; round < all.size(); ++round)
    for (const bool answer : {true, false}) {
      Random random(71, round);
      OrthogonalVectors ov{6, {}, {}};
      for (const std::size_t rows : all[round]) {
        BitMatrix set(rows, ov.dimension);
        for (std::size_t r = 0; r < rows; ++r) {
          set.set(r, 0);  // no tuple is orthogonal
          set.set(r, 1 + random.below(5));
        }
        ov.sets.push_back(std::move(set));
      }
      if (answer)
        for (std::size_t c = 0; c < ov.dimension; ++c) ov.sets[0].set(all[round][0] - 1, c, false);
      REQUIRE(!conformance::all_witnesses(ov).empty() == answer);
      CAPTURE(round);
      const OrthogonalVectorsToAttention rule(ov, causal_options());
      const Guarantee promised = rule.guarantee();
      CHECK(promised.no_at_most < promised.yes_at_least);
      const auto outputs = masked_outputs(written_out(rule.target(0)));
      if (answer)
        CHECK(largest(outputs, upper) >= promised.yes_at_least);
      else
        CHECK(largest(outputs, lower) <= promised.no_at_most);
    }
}

TEST_CASE("causal form: gamma sees the queries, 300 of them and one key, k = 2") {
  const DirectEmbedding e = direct_embedding({300, 1}, 5, causal_options());
  CHECK(e.yes_at_least > mpq_class(48, 100));
  CHECK(e.no_at_most < mpq_class(1, 4000));
  // What Nmain alone asks for is not enough: the thresholds cross.
  DirectEmbedding plain = e;
  const DirectEmbedding uncausal = direct_embedding({300, 1}, 5);
  set_entry_bound(plain, uncausal.softmax_scale, uncausal.entry_bound);
  CHECK(plain.yes_at_least < plain.no_at_most);
}

TEST_CASE("causal form: both thresholds are attained, k = 3") {
  const auto bits = [](std::initializer_list<int> row) {
    BitMatrix m(1, row.size());
    std::size_t c = 0;
    for (const int bit : row) m.set(0, c++, bit != 0);
    return m;
  };
  // One vector per set. NO: its product is 1; the last key slot (row 1) sees all keys and no extra row: the NO bound itself.
  const OrthogonalVectors no{1, {bits({1}), bits({1}), bits({1})}, {}};
  const OrthogonalVectorsToAttention no_rule(no, causal_options());
  const mpq_class measured = largest(masked_outputs(written_out(no_rule.target(0))), upper);
  CHECK(std::abs(mpq_class(measured - no_rule.guarantee().no_at_most).get_d()) < 1e-25);
  // YES: without the mask the only query sees n_0 = 1 extra row in both matrices: the YES bound itself, at the query slot with
  // the mask too.
  const OrthogonalVectors yes{1, {bits({1}), bits({0}), bits({1})}, {}};
  const OrthogonalVectorsToAttention yes_rule(yes, causal_options());
  const auto outputs = masked_outputs(written_out(yes_rule.target(0)));
  CHECK(std::abs(mpq_class(lower(outputs.back()) - yes_rule.guarantee().yes_at_least).get_d()) < 1e-25);
  CHECK(yes_rule.guarantee().yes_at_least < OrthogonalVectorsToAttention(yes).guarantee().yes_at_least);
}

TEST_CASE("causal form: witnesses go there and back, and a zero query in a key slot would read as yes") {
  Random random(67, 0);
  for (int round = 0; round < cases(20); ++round) {
    const OrthogonalVectors ov = corner_vectors(random, 3, 3, 5);
    const OrthogonalVectorsToAttention rule(ov, causal_options());
    const BitAttention a = rule.target(0);
    for (const auto& witness : conformance::all_witnesses(ov)) {
      const auto [i, tuple] = rule.push(witness);
      REQUIRE(accepts(a, tuple));
      REQUIRE(*std::max_element(tuple.begin() + 1, tuple.end()) <= tuple[0]);  // visible under the mask
      REQUIRE(rule.pull(i, tuple) == witness);
    }
    for (std::size_t row = 0; row < a.queries.rows; ++row)
      for (std::size_t j = 0; j < a.keys[0].rows; ++j)
        for (std::size_t l = 0; l < a.keys[1].rows; ++l)
          if (accepts(a, {row, j, l})) REQUIRE(accepts(ov, rule.pull(0, {row, j, l})));
  }
  // The mutant: no tuple is orthogonal, but a zero query in the last key slot averages the values.
  OrthogonalVectors no{1, {BitMatrix(1, 1), BitMatrix(5, 1)}, {}};
  no.sets[0].set(0, 0);
  for (std::size_t r = 0; r < 5; ++r) no.sets[1].set(r, 0);
  const OrthogonalVectorsToAttention rule(no, causal_options());
  BitAttention mutant = rule.target(0);
  CHECK(largest(masked_outputs(written_out(mutant)), upper) <= rule.guarantee().no_at_most + mpq_class(1, 1'000'000));
  std::ranges::fill(mutant.queries.row(5), std::uint64_t{0});
  CHECK(largest(masked_outputs(written_out(mutant)), lower) > rule.guarantee().yes_at_least);
}

TEST_CASE("smallest deciding bound: least in its type, and the gap grows with B") {
  for (const std::size_t order : {2, 3, 4})
    for (const int bits : {53, 24, 11, 8})
      for (const bool causal : {false, true}) {
        DirectOptions options;
        options.causal = causal;
        DirectEmbedding e = direct_embedding(std::vector<mpz_class>(order, 9), 11, options);
        const double scale = 0.3;
        const mpq_class gap(1, 64);
        const double bound = smallest_deciding_bound(e, scale, gap, bits);
        CAPTURE(order);
        CAPTURE(bits);
        const double below = bound - std::ldexp(1.0, std::ilogb(bound) - bits + 1);
        set_entry_bound(e, scale, bound);
        CHECK(e.yes_at_least - e.no_at_most >= gap);
        const mpq_class at_bound = e.yes_at_least - e.no_at_most;
        set_entry_bound(e, scale, below);
        CHECK(e.yes_at_least - e.no_at_most < gap);
        set_entry_bound(e, scale, 1.1 * bound);
        CHECK(e.yes_at_least - e.no_at_most > at_bound);
      }
  CHECK_THROWS_AS(smallest_deciding_bound(direct_embedding({4, 4}, 3), 0.1, mpq_class(1, 2), 53), std::invalid_argument);
}

TEST_CASE("causal form: formulas go through it as well") {
  Cnf cnf;
  cnf.variables = 4;
  cnf.clauses = {{1, -2}, {2, 3}, {-3, 4}, {-1, -4}};
  const SatToAttention rule(cnf, 2, causal_options());
  const auto witness = decide_by_counts(rule.target(0), CountMethod::verdict).witness;
  REQUIRE(witness);
  CHECK(accepts(cnf, rule.pull(0, *witness)));
  const auto [i, tuple] = rule.push(rule.pull(0, *witness));
  CHECK(accepts(rule.target(0), tuple));
}
