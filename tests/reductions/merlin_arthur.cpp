// SPDX-License-Identifier: MIT
#include "reductions/merlin_arthur.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "codes/curve.hpp"
#include "codes/linear_algebra.hpp"
#include "instances/generators/random_ksat.hpp"
#include "reductions/boxes.hpp"
#include "reductions/characters.hpp"
#include "reductions/gap_max_ip_to_attention.hpp"
#include "reductions/orthogonal_vectors_to_gap_max_ip.hpp"
#include "reductions/real_attention.hpp"
#include "reductions/sat_to_orthogonal_vectors.hpp"
#include "support/philox.hpp"
#include "tests/conformance.hpp"
#include "tests/multiplier.hpp"
#include "tests/random_instances.hpp"
#include "verify/attention_balls.hpp"
#include "verify/attention_counts.hpp"
#include "verify/brute_force.hpp"
#include "verify/factored_attention.hpp"

using namespace gapwright;
using conformance::all_tuples;
using conformance::broken_oracles;

namespace {

MerlinArthur reed_solomon(std::int64_t p, std::size_t block_length, std::size_t blocks, std::size_t k) {
  return MerlinArthur(evaluation_code(projective_line(p), block_length - 1), k, blocks);
}

std::vector<Symbol> row_of(const SymbolMatrix& m, std::size_t r) { return {m.row(r).begin(), m.row(r).end()}; }

BitMatrix all_vectors(std::size_t bits) {
  BitMatrix m(std::size_t{1} << bits, bits);
  for (std::size_t r = 0; r < m.rows; ++r)
    for (std::size_t c = 0; c < bits; ++c) m.set(r, c, (r >> c) & 1);
  return m;
}

struct Small {
  std::int64_t p;
  std::size_t block_length, blocks;
};
const std::vector<Small> kSmall{{5, 2, 2}, {5, 2, 3}, {7, 2, 4}};

/// A small protocol over each family of codes, and k.
std::vector<MerlinArthur> protocols() {
  std::vector<MerlinArthur> all;
  all.push_back(reed_solomon(5, 2, 2, 2));
  all.push_back(reed_solomon(5, 2, 3, 3));
  all.push_back(MerlinArthur(evaluation_code(hermitian(3), 4), 2, 2));
  all.push_back(MerlinArthur(evaluation_code(hermitian(3), 3), 3, 2));
  all.push_back(MerlinArthur(evaluation_code(garcia_stichtenoth(3, 2), 4), 3, 2));
  return all;
}

}  // namespace

TEST_CASE(
    "protocol: the dichotomy for every message - exactly L coins or at most k D - and every orthogonal tuple has exactly one "
    "message") {
  for (const auto& [p, K, T] : kSmall)
    for (const std::size_t k : {std::size_t{2}, std::size_t{3}}) {
      const MerlinArthur protocol = reed_solomon(p, K, T, k);
      const std::size_t universe = protocol.universe(), kD = protocol.largest_wrong_acceptance();
      const BitMatrix vectors = all_vectors(universe);
      const SymbolMatrix encoded = protocol.encode(vectors);
      const bool complete = k * universe <= 12;
      const std::size_t tuples = complete ? std::size_t{1} << (k * universe) : static_cast<std::size_t>(cases(150));
      Random random(89, static_cast<std::uint64_t>(p) + k + T);
      std::size_t reached = 0, one_violation = 0;
      for (std::size_t n = 0; n < tuples; ++n) {
        std::vector<std::size_t> tuple;
        for (std::size_t u = 0; u < k; ++u)
          tuple.push_back(complete ? (n >> (u * universe)) % vectors.rows : random.below(vectors.rows));
        if (!complete && random.below(3) == 0) tuple[0] &= ~tuple[1];  // orthogonal tuples are rare otherwise
        std::size_t common = tuple[0];
        for (const std::size_t index : tuple) common &= index;
        std::vector<std::vector<Symbol>> rows;
        for (const std::size_t index : tuple) rows.push_back(row_of(encoded, index));
        std::size_t accepting_everywhere = 0, worst = 0;
        for (mpz_class i = 0; i < protocol.messages(); ++i) {
          const std::size_t accepting = protocol.accepting_coins(protocol.message(i), rows);
          REQUIRE((accepting == protocol.coins() || accepting <= kD));
          accepting_everywhere += accepting == protocol.coins();
          worst = std::max(worst, accepting);
        }
        REQUIRE(accepting_everywhere == (common == 0));
        if (common == 0) continue;
        const std::size_t best = protocol.accepting_coins(protocol.best_reply(rows), rows);
        REQUIRE(best <= worst);
        if (std::popcount(common) == 1) {
          ++one_violation;
          REQUIRE(best == kD);  // Reed-Solomon with one violated position: the bound is attained
          REQUIRE(worst == kD);
        }
        reached += worst == kD;
      }
      CHECK(one_violation > 0);
      CHECK(reached > 0);
    }
}

TEST_CASE("protocol: messages are numbered, legal, distinct, and index_of is their inverse") {
  for (const MerlinArthur& protocol : protocols()) {
    std::set<std::vector<Symbol>> seen;
    const std::size_t tried =
        std::min<std::size_t>(protocol.messages().fits_ulong_p() ? protocol.messages().get_ui() : 1000, 300);
    for (std::size_t i = 0; i < tried; ++i) {
      const auto word = protocol.message(i);
      REQUIRE(protocol.index_of(word) == i);
      for (const std::size_t position : protocol.code().information_set) REQUIRE(word[position] == 0);
      REQUIRE(seen.insert(word).second);
    }
    CHECK_THROWS_AS(protocol.message(protocol.messages()), std::invalid_argument);
    CHECK_THROWS_AS(protocol.message(-1), std::invalid_argument);
    const auto cost = protocol.cost();
    CHECK(cost.completeness == 1);
    CHECK(cost.soundness * mpz_class(protocol.coins()) == mpz_class(protocol.largest_wrong_acceptance()));
    CHECK(cost.soundness < 1);
    mpz_class two_to;
    mpz_ui_pow_ui(two_to.get_mpz_t(), 2, cost.merlin_bits);
    CHECK(two_to >= cost.merlin_messages);
    CHECK(2 * cost.merlin_messages > two_to);
  }
}

TEST_CASE("protocol: too many blocks, too large degrees and too long vectors are refused") {
  CHECK_THROWS_WITH_AS(reed_solomon(5, 2, 5, 2), doctest::Contains("characteristic above T"), std::invalid_argument);
  CHECK_THROWS_WITH_AS(reed_solomon(5, 4, 2, 2), doctest::Contains("not below the length"), std::invalid_argument);
  CHECK_THROWS_AS(reed_solomon(5, 2, 0, 2), std::invalid_argument);
  CHECK_THROWS_AS(reed_solomon(5, 2, 2, 1), std::invalid_argument);
  CHECK_THROWS_WITH_AS(reed_solomon(5, 2, 2, 2).encode(BitMatrix(1, 5)), doctest::Contains("do not fit"), std::invalid_argument);
}

TEST_CASE("protocol mutants: a flipped message symbol, T = p, and s_no off by one are caught by the dichotomy") {
  const MerlinArthur protocol = reed_solomon(5, 2, 3, 2);
  const BitMatrix vectors = all_vectors(6);
  const SymbolMatrix encoded = protocol.encode(vectors);
  const std::vector<std::vector<Symbol>> orthogonal{row_of(encoded, 0b010101), row_of(encoded, 0b101010)};
  auto honest = protocol.message(protocol.index_of(protocol.product_word(orthogonal)));
  REQUIRE(protocol.accepting_coins(honest, orthogonal) == 5);
  honest[4] = static_cast<Symbol>((honest[4] + 1) % 5);
  CHECK(protocol.accepting_coins(honest, orthogonal) == 4);  // neither L nor at most k D = 2: no legal message does that
  // s_no one less than k D would be wrong: the bound is attained.
  const std::vector<std::vector<Symbol>> meeting{row_of(encoded, 1), row_of(encoded, 1)};
  CHECK(protocol.accepting_coins(protocol.best_reply(meeting), meeting) == protocol.largest_wrong_acceptance());
  // T = p: a bit common to all vectors in each of five blocks adds up to 0 mod 5 there, so the product word is legal and
  // convinces everywhere.
  const MerlinArthur one_block = reed_solomon(5, 2, 1, 2);
  const std::vector<std::vector<Symbol>> block(2, row_of(one_block.encode(all_vectors(2)), 0b01));
  const auto product = one_block.product_word(block);
  std::vector<Symbol> five(product.size());
  for (int tau = 0; tau < 5; ++tau)
    for (std::size_t x = 0; x < five.size(); ++x) five[x] = one_block.code().field().add(five[x], product[x]);
  CHECK(product != five);
  CHECK(five == one_block.message(0));  // legal, though the vectors meet in five places
}

TEST_CASE(
    "protocol mutant: with a power code one degree too small the honest Merlin has no message for some orthogonal tuple, and k D "
    "- 1 is passed") {
  const MerlinArthur protocol = reed_solomon(5, 2, 2, 3);  // D = 1, k D = 3
  const EvaluationCode small = evaluation_code(projective_line(5), 2), right = evaluation_code(projective_line(5), 3);
  const auto contains = [](const EvaluationCode& code, const std::vector<Symbol>& word) {
    SymbolMatrix extended = code.generator;
    extended.symbols.insert(extended.symbols.end(), word.begin(), word.end());
    ++extended.rows;
    return independent_columns(code.field(), extended).size() == code.dimension();
  };
  const BitMatrix vectors = all_vectors(4);
  const SymbolMatrix encoded = protocol.encode(vectors);
  std::size_t left_out = 0, orthogonal = 0;
  for (const auto& tuple : all_tuples({vectors.rows, vectors.rows, vectors.rows})) {
    if ((tuple[0] & tuple[1] & tuple[2]) != 0) continue;
    const auto psi = protocol.product_word({row_of(encoded, tuple[0]), row_of(encoded, tuple[1]), row_of(encoded, tuple[2])});
    ++orthogonal;
    REQUIRE(contains(right, psi));
    left_out += !contains(small, psi);
  }
  CHECK(orthogonal == 7 * 7 * 7 * 7);  // per position every triple of bits but (1, 1, 1)
  CHECK(left_out > 0);
}

TEST_CASE("k-OV to Gap-k-MaxIP: all five oracles over all messages, for each family of codes") {
  int round = 0;
  for (const MerlinArthur& protocol : protocols()) {
    if (protocol.messages() > 800) continue;
    const auto shared = std::make_shared<const MerlinArthur>(protocol);
    for (int repeat = 0; repeat < cases(4); ++repeat) {
      Random random(97, static_cast<std::uint64_t>(round++));
      OrthogonalVectors ov = corner_vectors(random, protocol.parties(), 3, protocol.universe());
      CAPTURE(round);
      REQUIRE(broken_oracles(OrthogonalVectorsToGapMaxIp(ov, shared), ov, true).empty());
    }
  }
  CHECK(round > 0);
}

TEST_CASE("explicit, pruned and characters have the inner products of the factored form") {
  for (const auto& [p, K, T] : kSmall)
    for (const std::size_t k : {std::size_t{2}, std::size_t{3}}) {
      const bool small = k == 2 || T < 4;  // all boxes: not at 7 * 7^8 coordinates
      const auto protocol = std::make_shared<const MerlinArthur>(reed_solomon(p, K, T, k));
      Random random(101, static_cast<std::uint64_t>(p) * 10 + k);
      OrthogonalVectors ov = corner_vectors(random, k, 4, 1);
      for (BitMatrix& set : ov.sets) {
        set = BitMatrix(4, protocol->universe());
        for (std::size_t r = 0; r < 4; ++r)
          for (std::size_t c = 0; c < set.columns; ++c) set.set(r, c, random.bit());
      }
      ov.dimension = protocol->universe();
      const OrthogonalVectorsToGapMaxIp rule(ov, protocol);
      const FactoredGapMaxIp g = rule.target(random.below(protocol->messages().get_ui()));
      const mpz_class limit = mpz_class(1) << 33;
      const GapMaxIp pruned = boxes(g, true, limit), full = small ? boxes(g, false, limit) : pruned;
      const RealGapMaxIp real = characters(g, limit);
      if (small) CHECK(mpz_class(full.dimension) == boxes_dimension(g));
      CHECK(mpz_class(pruned.dimension) == pruned_dimension(g));
      CHECK(mpz_class(pruned.dimension) < boxes_dimension(g));
      const auto histograms = accepting_histograms(g, 0, 4);
      std::vector<std::uint64_t> counted(histograms.size());
      for (const auto& tuple : all_tuples(std::vector<std::size_t>(k, 4))) {
        const std::int64_t expected = inner_product(g, tuple);
        const auto product = [&](const GapMaxIp& form) {
          std::vector<const BitMatrix*> sets;
          for (const BitMatrix& set : form.sets) sets.push_back(&set);
          return static_cast<std::int64_t>(inner_product(sets, tuple));
        };
        REQUIRE(product(full) == expected);
        REQUIRE(product(pruned) == expected);
        REQUIRE(inner_product(real, tuple) == doctest::Approx(static_cast<double>(expected)).epsilon(1e-11));
        ++counted[tuple[0] * (g.coins + 1) + static_cast<std::size_t>(expected)];
      }
      REQUIRE(counted == histograms);
    }
}

TEST_CASE("characters: at Q = 5, T = 4, k = 3 at most 215 real coordinates for Phi = 0 and 896 otherwise, against 390,625") {
  const auto protocol = std::make_shared<const MerlinArthur>(reed_solomon(5, 2, 4, 3));
  Random random(103, 0);
  const OrthogonalVectors ov = corner_vectors(random, 3, 2, protocol->universe());
  const OrthogonalVectorsToGapMaxIp rule(ov, protocol);
  std::set<std::size_t> seen;
  for (const std::size_t message : {std::size_t{0}, std::size_t{1}, std::size_t{7}, std::size_t{18}}) {
    FactoredGapMaxIp g = rule.target(message);
    g.systematic.clear();  // the general expansion at every coin
    const auto counts = character_coordinates(g);
    for (std::size_t x = 0; x < g.coins; ++x) {
      REQUIRE(counts[x] <= (g.message[x] == 0 ? 215U : 896U));
      seen.insert(counts[x]);
    }
  }
  CHECK(seen == std::set<std::size_t>{215, 896});
  CHECK(boxes_dimension(rule.target(0)) == 5 * 390625);
}

TEST_CASE(
    "the complete Turing reduction: yes iff some message's attention says yes, on CNFs with 3 variables, and tuples at t add up "
    "to the models") {
  std::vector<Cnf> formulas;
  Cnf all_signs{3, {}, {}};
  for (int signs = 0; signs < 8; ++signs)
    all_signs.clauses.push_back({signs & 1 ? -1 : 1, signs & 2 ? -2 : 2, signs & 4 ? -3 : 3});
  formulas.push_back(all_signs);
  for (std::size_t left_out = 0; left_out < 8; ++left_out) {
    formulas.push_back(all_signs);
    formulas.back().clauses.erase(formulas.back().clauses.begin() + static_cast<std::ptrdiff_t>(left_out));
  }
  for (int round = 0; round < cases(40); ++round) {
    Random random(107, static_cast<std::uint64_t>(round));
    formulas.push_back(corner_cnf(random, 3, 8));
    formulas.back().variables = 3;
  }
  for (const std::size_t k : {std::size_t{2}, std::size_t{3}})
    for (const Cnf& cnf : formulas) {
      const auto protocol = std::make_shared<const MerlinArthur>(reed_solomon(5, 2, 4, k));
      const OrthogonalVectors ov = SatToOrthogonalVectors(cnf, k).target(0);
      const OrthogonalVectorsToGapMaxIp rule(ov, protocol);
      const std::uint64_t models = enumerate_assignments(cnf).models;
      bool some_yes = false;
      std::uint64_t at_threshold = 0;
      for (mpz_class i = 0; i < protocol->messages(); ++i) {
        const FactoredGapMaxIp g = rule.target(i);
        REQUIRE(side_of_instance(g) != GapSide::outside_promise);
        const Verdict v = decide_factored(factored_attention(g));
        REQUIRE(v.answer != Answer::undecided);
        REQUIRE((v.answer == Answer::yes) == (side_of_instance(g) == GapSide::yes));
        if (v.answer == Answer::yes) REQUIRE(accepts(ov, rule.pull(i, *v.witness)));
        some_yes |= v.answer == Answer::yes;
        at_threshold += conformance::all_witnesses(g).size();
      }
      REQUIRE(some_yes == (models > 0));
      REQUIRE(at_threshold == models);
    }
}

TEST_CASE("Gap-k-MaxIP to attention: all five oracles for sharp and paper, and both thresholds where the margin is one") {
  for (int round = 0; round < cases(30); ++round) {
    Random random(109, static_cast<std::uint64_t>(round));
    const OrthogonalVectors ov = corner_vectors(random, 2 + random.below(3), 3, 9);
    GapMaxIp g{ov.dimension, ov.sets, {}, {}};
    std::int64_t largest = 0;
    std::vector<std::size_t> sizes;
    std::vector<const BitMatrix*> sets;
    for (const BitMatrix& set : g.sets) {
      sizes.push_back(set.rows);
      sets.push_back(&set);
    }
    for (const auto& tuple : all_tuples(sizes))
      largest = std::max(largest, static_cast<std::int64_t>(inner_product(sets, tuple)));
    for (const bool yes : {true, false}) {
      if (yes && largest == 0) continue;
      g.gap = yes ? Gap{largest, largest - 1} : Gap{largest + 1, largest};  // the promise with a margin of one
      CAPTURE(round);
      for (const Embedding kind : {Embedding::sharp, Embedding::paper}) {
        const GapMaxIpToAttention rule(g, kind);
        REQUIRE(broken_oracles(rule, g, true).empty());
        REQUIRE(decide_by_counts(rule.target(0), CountMethod::histogram).answer == (yes ? Answer::yes : Answer::no));
      }
    }
  }
  CHECK_THROWS_AS(gap_embedding(Embedding::sharp, {2, 2}, 3, {1, 1}), std::invalid_argument);
  CHECK_THROWS_AS(gap_embedding(Embedding::direct, {2, 2}, 3, {2, 1}), std::invalid_argument);
  CHECK_THROWS_AS(gap_embedding(Embedding::sharp, {2, 0}, 3, {2, 1}), std::invalid_argument);
}

TEST_CASE("sharp: the worked example of the file's head attains the YES threshold, and s_no off by one is caught") {
  GapMaxIp g{1, {BitMatrix(1, 1), BitMatrix(1, 1)}, {1, 0}, {}};
  for (BitMatrix& set : g.sets) set.set(0, 0);
  const GapMaxIpToAttention rule(g);
  CHECK(rule.guarantee().yes_at_least == mpq_class(1, 2));
  // Vectors of inner product 1 under the claim t = 2, s_no = 0: outside the promise, and the NO bound is broken.
  g.gap = {2, 0};
  const GapMaxIpToAttention wrong(g);
  CHECK(conformance::measure(wrong.target(0)).lo > wrong.guarantee().no_at_most);
  CHECK(side_of(g.gap, 1) == GapSide::outside_promise);
}

TEST_CASE("real attention from characters is decided rightly in balls, yes and no, for several mu") {
  const auto protocol = std::make_shared<const MerlinArthur>(reed_solomon(5, 2, 2, 2));
  for (const bool satisfiable : {true, false}) {
    const Cnf cnf = satisfiable ? Cnf{3, {{1, 2}, {-2, 3}, {-1, -3}}, {}} : Cnf{3, {{1, 2}, {-1, 2}, {1, -2}, {-1, -2}}, {}};
    const OrthogonalVectors ov = SatToOrthogonalVectors(cnf, 2).target(0);
    const OrthogonalVectorsToGapMaxIp rule(ov, protocol);
    const auto census = enumerate_tuples(ov);
    const mpz_class message = satisfiable ? rule.push(*census.first).first : rule.best_reply({0, 0});
    const RealGapMaxIp real = characters(rule.target(message), mpz_class(1) << 33);
    std::size_t dimension = 0;
    for (const double mu : {0.0, 1.0, 0.2}) {
      const RealAttention attention = real_attention(real, mu);
      const Verdict v = decide_by_balls(attention.attention);
      REQUIRE(v.answer == (satisfiable ? Answer::yes : Answer::no));
      if (satisfiable) REQUIRE(accepts(ov, *v.witness));
      if (mu == 1.0) dimension = attention.attention.q.columns;
    }
    CHECK(real_attention(real, 0.2).attention.q.columns > dimension);
    CHECK(real_attention(real, 0.2).attention.terms.entry_bound > 0);
  }
}
