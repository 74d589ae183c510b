// SPDX-License-Identifier: MIT
#include <doctest/doctest.h>

#include <algorithm>

#include "reductions/gap_max_ip_to_attention.hpp"
#include "reductions/pipeline.hpp"
#include "support/errors.hpp"
#include "tests/conformance.hpp"
#include "tests/multiplier.hpp"
#include "tests/random_instances.hpp"
#include "verify/attention_balls.hpp"
#include "verify/attention_counts.hpp"
#include "verify/exact_scores.hpp"
#include "verify/gap_max_ip.hpp"
#include "verify/recover_bits.hpp"

using namespace gapwright;

namespace {

BitMatrix random_bits(Random& random, std::size_t rows, std::size_t columns) {
  BitMatrix m(rows, columns);
  for (std::size_t r = 0; r < rows; ++r)
    for (std::size_t c = 0; c < columns; ++c) m.set(r, c, random.bit());
  return m;
}

/// A random input of 0/B entries and 0/1 values that no reduction wrote: any sign, any values, thresholds in the middle of nowhere.
BitAttention random_attention(Random& random) {
  BitAttention a;
  const std::size_t columns = 1 + random.below(70);
  const auto bits = [&](std::size_t rows) { return random_bits(random, rows, columns); };
  const std::size_t order = 2 + random.below(3);
  a.sign = random.bit() ? 1 : -1;
  a.queries = bits(1 + random.below(4));
  for (std::size_t u = 1; u < order; ++u) {
    a.keys.push_back(bits(1 + random.below(order == 2 ? 40 : 6)));
    std::vector<std::uint8_t> values(a.keys.back().rows);
    for (auto& v : values) v = random.below(3) != 0;
    a.values.push_back(values);
  }
  a.terms.softmax_scale = 1.0 / static_cast<double>(columns);
  a.terms.entry_bound = 0.5 + 3 * random.unit();
  a.terms.yes_at_least = mpq_class(3, 5);
  a.terms.no_at_most = mpq_class(2, 5);
  return a;
}

}  // namespace

TEST_CASE("outputs by integer histograms and by plain softmax in balls overlap, and both are tight") {
  for (int round = 0; round < cases(80); ++round) {
    Random random(61, static_cast<std::uint64_t>(round));
    const BitAttention a = random_attention(random);
    CAPTURE(round);
    const auto counts = outputs_by_counts(a, 0, a.queries.rows, 128);
    const auto balls = outputs_by_balls(written_out(a), 0, a.queries.rows, 128);
    for (std::size_t i = 0; i < counts.size(); ++i) {
      REQUIRE(overlap(counts[i], balls[i]));
      REQUIRE(mpq_class(upper(counts[i]) - lower(counts[i])).get_d() < 1e-30);
      REQUIRE(mpq_class(upper(balls[i]) - lower(balls[i])).get_d() < 1e-28);
    }
  }
}

TEST_CASE("all three methods give the same verdict and witness on inputs of any origin") {
  int yes = 0, no = 0;
  for (int round = 0; round < cases(80); ++round) {
    Random random(67, static_cast<std::uint64_t>(round));
    const BitAttention a = random_attention(random);
    CAPTURE(round);
    const Verdict by_verdict = decide_by_counts(a, CountMethod::verdict);
    const Verdict by_histogram = decide_by_counts(a, CountMethod::histogram);
    const Verdict by_balls = decide_by_balls(written_out(a));
    REQUIRE(by_verdict.answer == by_balls.answer);
    REQUIRE(by_histogram.answer == by_balls.answer);
    REQUIRE(by_verdict.witness == by_histogram.witness);
    REQUIRE(by_histogram.witness == by_balls.witness);
    (by_balls.answer == Answer::yes ? yes : no) += 1;
    if (by_balls.answer == Answer::yes) REQUIRE(by_verdict.row == by_balls.row);
  }
  CHECK(yes > 0);
  CHECK(no + yes == cases(80));
}

TEST_CASE("a row inside the gap does not hide the row that has a witness") {
  int hidden = 0, outweighed = 0, broken = 0;
  for (int round = 0; round < cases(200); ++round) {
    Random random(83, static_cast<std::uint64_t>(round));
    CAPTURE(round);
    const bool wide = round % 2 == 1;  // a gap so wide that many inner products just below t reach yes_at_least together
    const std::size_t columns = wide ? 10 : 4 + random.below(5), order = 2 + random.below(wide ? 1 : 2);
    GapMaxIp g;
    g.dimension = columns;
    for (std::size_t u = 0; u < order; ++u) {
      g.sets.push_back(random_bits(random, 2 + random.below(wide ? 9 : 4), columns));
      for (std::size_t r = 0; wide && r < g.sets[u].rows; ++r)
        for (std::size_t c = 0; c < columns; ++c)
          if (random.below(3) != 0) g.sets[u].set(r, c);
    }
    g.gap.yes_at_least = wide ? 9 : static_cast<std::int64_t>(2 + random.below(columns - 2));
    g.gap.no_at_most = wide ? 2 : static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(g.gap.yes_at_least)));
    const BitAttention a = GapMaxIpToAttention(g).target(0);
    const GapVerdict truth = decide_gap(g);
    const Attention full = written_out(a);
    Recording counted, scored;
    for (const Verdict& v :
         {decide_by_counts(a, CountMethod::histogram), decide_by_counts(a, CountMethod::verdict), decide_by_balls(full),
          decide_by_counts(a, CountMethod::histogram, {}, {}, &counted), decide_by_exact_scores(full, {}, scored)}) {
      if (truth.side == GapSide::no) {
        CHECK(v.answer == Answer::no);
      } else if (truth.side == GapSide::yes) {
        REQUIRE(v.answer == Answer::yes);
        CHECK(accepts(a, *v.witness));
      } else if (v.answer == Answer::yes) {  // the promise is broken: there is a row over the middle, and no witness
        ++broken;
        CHECK_FALSE(accepts(a, *v.witness));
      }
    }
    if (truth.side != GapSide::yes) continue;
    const auto rows = outputs_by_counts(a, 0, a.queries.rows, 64);
    const auto over =
        std::find_if(rows.begin(), rows.end(), [&](const Ball& out) { return lower(out) > middle_of_gap(a.terms); });
    hidden += upper(*over) < *a.terms.yes_at_least;
    const auto largest =
        std::find_if(rows.begin(), rows.end(), [&](const Ball& out) { return upper(out) >= *a.terms.yes_at_least; });
    outweighed += static_cast<std::size_t>(largest - rows.begin()) < decide_gap(g).witness->front();
    // Stopped behind such a row, and gone on.
    Recording taken_up = counted;
    CHECK(decide_by_counts(a, CountMethod::histogram, {}, {}, &taken_up).witness ==
          decide_by_counts(a, CountMethod::histogram).witness);
  }
  CHECK(hidden > 0);
  CHECK(outweighed > 0);
  CHECK(broken > 0);
}

TEST_CASE("both signs are decided beyond 65535 coordinates") {
  for (int round = 0; round < 4; ++round) {
    Random random(73, static_cast<std::uint64_t>(round));
    BitAttention a;
    a.sign = round % 2 == 0 ? 1 : -1;
    a.queries = random_bits(random, 2, 70000);
    a.keys = {random_bits(random, 5, 70000)};
    a.values = {{1, 0, 0, 1, 0}};
    a.terms.softmax_scale = 1e-4;
    a.terms.entry_bound = 2;
    a.terms.yes_at_least = round < 2 ? mpq_class(1, 5) : mpq_class(9, 10);
    a.terms.no_at_most = round < 2 ? mpq_class(1, 10) : mpq_class(4, 5);
    const Verdict counted = decide_by_counts(a, CountMethod::verdict), balls = decide_by_balls(written_out(a));
    CHECK(counted.answer == (round < 2 ? Answer::yes : Answer::no));
    CHECK(balls.answer == counted.answer);
    CHECK(balls.row == counted.row);
    CHECK(balls.witness == counted.witness);
  }
}

TEST_CASE("scores that are all 0 have no sign and take the faster method") {
  for (const bool zero_queries : {true, false}) {
    Random random(79, 0);
    BitAttention a = random_attention(random);
    (zero_queries ? a.queries : a.keys.back()) = BitMatrix((zero_queries ? a.queries : a.keys.back()).rows, a.queries.columns);
    for (auto& values : a.values) values.assign(values.size(), 1);
    a.terms.yes_at_least = 1;
    a.terms.no_at_most = 0;
    a.terms.softmax_scale = 0.5;
    const RecoveredBits recovered = recover_bits(written_out(a));
    REQUIRE(recovered.bits.has_value());
    const Verdict verdict = decide_by_counts(*recovered.bits, CountMethod::verdict);
    CHECK(verdict.method == "verdict");
    CHECK(verdict.answer == Answer::yes);
    CHECK(verdict.reason == "");
    CHECK(verdict.witness == decide_by_balls(written_out(a)).witness);
  }
}

TEST_CASE("recovering bits gives back what was written, and says which entry is in the way") {
  for (int round = 0; round < cases(30); ++round) {
    Random random(71, static_cast<std::uint64_t>(round));
    BitAttention a = random_attention(random);
    a.queries.set(0, 0);  // an all-zero matrix has no sign to recover
    Attention full = written_out(a);
    const RecoveredBits recovered = recover_bits(full);
    REQUIRE(recovered.bits.has_value());
    const bool some_zero = std::any_of(a.keys.begin(), a.keys.end(), [](const BitMatrix& m) {
      return std::all_of(m.words.begin(), m.words.end(), [](auto word) { return word == 0; });
    });
    CHECK((some_zero || recovered.bits->sign == a.sign));
    CHECK(recovered.bits->queries == a.queries);
    CHECK(recovered.bits->keys == a.keys);
    CHECK(recovered.bits->values == a.values);
    full.keys[0].at(0, 0) = 0.123;
    CHECK_FALSE(recover_bits(full).bits.has_value());
    CHECK(recover_bits(full).reason.find("k1[0, 0] = 0.123 is neither 0 nor ") != std::string::npos);
    full = written_out(a);
    full.values.back().at(0, 0) = 0.5;
    CHECK_FALSE(recover_bits(full).bits.has_value());
  }
}

TEST_CASE("formulas through the direct embedding: verdict, histogram and balls agree with brute force") {
  int yes = 0;
  for (int round = 0; round < cases(25); ++round) {
    Random random(73, static_cast<std::uint64_t>(round));
    const Cnf cnf = corner_cnf(random, 7, 30);
    const SatToAttention rule(cnf, 2 + random.below(3));
    const BitAttention a = rule.target(0);
    const bool satisfiable = !conformance::all_witnesses(cnf).empty();
    CAPTURE(round);
    for (const CountMethod method : {CountMethod::verdict, CountMethod::histogram}) {
      const Verdict v = decide_by_counts(a, method);
      REQUIRE(v.answer == (satisfiable ? Answer::yes : Answer::no));
      REQUIRE(v.witness.has_value() == satisfiable);
      if (satisfiable) {
        REQUIRE(accepts(cnf, rule.pull(0, *v.witness)));
        REQUIRE(v.lo > v.between);
      } else {
        REQUIRE(v.hi < v.between);
      }
    }
    if (rule.embedding().main_tuples <= 64)
      REQUIRE(decide_by_balls(written_out(a)).answer == (satisfiable ? Answer::yes : Answer::no));
    yes += satisfiable;
  }
  CHECK(yes > 0);
}

TEST_CASE("the verdict method's enclosure of a direct instance is at most delta wide for NO rows") {
  const OrthogonalVectors no{1, {BitMatrix(2, 1), BitMatrix(5, 1), BitMatrix(3, 1)}, {}};
  OrthogonalVectors all_ones = no;
  for (auto& set : all_ones.sets)
    for (std::size_t r = 0; r < set.rows; ++r) set.set(r, 0);
  const Verdict v = decide_by_counts(OrthogonalVectorsToAttention(all_ones).target(0), CountMethod::verdict);
  CHECK(v.answer == Answer::no);
  CHECK(v.hi - v.lo < mpq_class(1, 16));
  CHECK(v.hi > mpq_class(1, 20));  // Nmain e^{-gamma} / (1 + ...) is attained here: a tighter bound would be wrong
  CHECK(v.precision == 64);
}

TEST_CASE("a comparison closer than the precision cap is undecided, and decided with more bits") {
  Random random(79, 0);
  BitAttention a = random_attention(random);
  a.queries = BitMatrix(1, a.queries.columns);
  a.queries.set(0, 0);
  const mpq_class out = lower(outputs_by_counts(a, 0, 1, 400).front());
  REQUIRE(out > 0);
  const mpq_class hair(mpz_class(1), mpz_class(1) << 200);
  a.terms.yes_at_least = out - hair;
  a.terms.no_at_most = out - 3 * hair;
  for (const CountMethod method : {CountMethod::verdict, CountMethod::histogram}) {
    CHECK(decide_by_counts(a, method, {}, {64, 128}).answer == Answer::undecided);
    const Verdict v = decide_by_counts(a, method);
    CHECK(v.answer == Answer::yes);
    CHECK(v.precision == 256);
  }
  CHECK(decide_by_balls(written_out(a), {}, {64, 128}).answer == Answer::undecided);
  CHECK_FALSE(decide_by_balls(written_out(a), {}, {64, 128}).reason.empty());
  CHECK(decide_by_balls(written_out(a)).answer == Answer::yes);
}

TEST_CASE("without thresholds there is nothing to decide") {
  Random random(83, 0);
  BitAttention a = random_attention(random);
  a.terms.no_at_most.reset();
  CHECK_THROWS_AS(decide_by_counts(a, CountMethod::verdict), BadInstance);
  CHECK_THROWS_AS(decide_by_balls(written_out(a)), BadInstance);
}
