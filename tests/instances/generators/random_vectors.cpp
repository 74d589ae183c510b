// SPDX-License-Identifier: MIT
#include "instances/generators/random_vectors.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include <cmath>

#include "support/fields_in_message.hpp"
#include "tests/multiplier.hpp"
#include "tests/support.hpp"

using namespace gapwright;

namespace {

double weight_of(const BitMatrix& set, std::size_t row) {
  double weight = 0;
  for (std::size_t c = 0; c < set.columns; ++c) weight += set.get(row, c);
  return weight;
}

/// How often each pattern of the tuple's bits occurs over the coordinates; bit u of the pattern is that of set u.
std::vector<double> patterns(const std::vector<BitMatrix>& sets, const std::vector<std::size_t>& tuple) {
  std::vector<double> count(std::size_t{1} << sets.size());
  for (std::size_t c = 0; c < sets[0].columns; ++c) {
    std::size_t pattern = 0;
    for (std::size_t u = 0; u < sets.size(); ++u) pattern |= std::size_t(sets[u].get(tuple[u], c)) << u;
    count[pattern] += 1;
  }
  return count;
}

/// The law of random_vectors.cpp, written out: p^|b| (1-p)^(k-|b|) + c (-1)^(k-|b|).
double law(std::size_t pattern, std::size_t k, double p, double c) {
  const auto ones = static_cast<double>(__builtin_popcountll(pattern)), zeros = static_cast<double>(k) - ones;
  return std::pow(p, ones) * std::pow(1 - p, zeros) + (std::fmod(zeros, 2) == 0 ? c : -c);
}

void check_counts(const std::vector<double>& count, double coordinates, std::size_t k, double p, double c) {
  double total = 0;
  for (std::size_t b = 0; b < count.size(); ++b) {
    const double expected = law(b, k, p, c);
    total += expected;
    CAPTURE(b);
    if (expected < 1e-12)
      CHECK(count[b] == 0);
    else
      CHECK(std::abs(count[b] - coordinates * expected) < 6 * std::sqrt(coordinates * expected));
  }
  CHECK(std::abs(total - 1) < 1e-12);
}

}  // namespace

TEST_CASE("random vectors: a camouflaged tuple follows the stated law exactly where it is 0, and in frequency elsewhere") {
  constexpr std::size_t dimension = 30000;
  for (const auto& [k, p] : {std::pair<std::size_t, mpq_class>{2, {1, 2}}, {3, {1, 3}}, {3, {1, 2}}, {4, {2, 5}}}) {
    RandomSets request{k, 2, dimension, p, Planting::camouflaged, 7};
    const auto ov = random_orthogonal_vectors(request);
    CHECK(accepts(ov.vectors, *ov.planted));
    check_counts(patterns(ov.vectors.sets, *ov.planted), dimension, k, p.get_d(), -std::pow(p.get_d(), double(k)));
    const auto gap = random_gap_max_ip(request, {10, 1});
    check_counts(patterns(gap.instance.sets, *gap.planted), dimension, k, p.get_d(),
                 std::pow(p.get_d(), double(k) - 1) * (1 - p.get_d()));
  }
}

TEST_CASE("random vectors: what hashing sees of a camouflaged tuple is what is said") {
  const auto trace = [](std::size_t k, const mpq_class& p, bool orthogonal) {
    return hashing_trace({k, 64, 96, p, Planting::camouflaged, 1}, orthogonal);
  };
  CHECK(trace(2, {1, 2}, true).exponent == 1);
  CHECK(trace(3, {1, 2}, true).exponent == 2);
  CHECK(trace(4, {1, 2}, false).exponent == 2);
  CHECK(trace(2, {1, 3}, false).exponent == 1);
  CHECK_FALSE(trace(2, {7, 16}, true).exponent);
  CHECK_FALSE(trace(3, {2, 5}, false).exponent);
  CHECK(trace(2, {7, 16}, true).bit_sampling == doctest::Approx(1.188).epsilon(1e-3));
  CHECK(trace(2, {7, 16}, true).filters == doctest::Approx(1.125));
  const double p = trace(2, {2, 5}, true).sparser;  // C = 16
  CHECK(64.0 * 64 * std::pow(1 - p * p, 96) == doctest::Approx(1));
  // The ties that the exponents are about, in the instances themselves.
  for (std::size_t k = 2; k <= 5; ++k) {
    RandomSets half{k, 3, 400, {1, 2}, Planting::camouflaged, 11};
    const auto ov = random_orthogonal_vectors(half);
    const auto gap = random_gap_max_ip(half, {10, 1});
    for (std::size_t c = 0; c < half.dimension; ++c) {
      std::size_t ones = 0, gap_ones = 0;
      for (std::size_t u = 0; u < k; ++u) {
        ones += ov.vectors.sets[u].get((*ov.planted)[u], c);
        gap_ones += gap.instance.sets[u].get((*gap.planted)[u], c);
      }
      CHECK(ones % 2 == (k - 1) % 2);
      CHECK(gap_ones % 2 == k % 2);
    }
  }
  const auto pair = random_gap_max_ip({2, 3, 400, {2, 5}, Planting::camouflaged, 5}, {10, 1});
  CHECK(std::ranges::equal(pair.instance.sets[0].row((*pair.planted)[0]), pair.instance.sets[1].row((*pair.planted)[1])));
}

TEST_CASE("random vectors: as many orthogonal tuples besides the planted one as expected, under every planting") {
  const int seeds = cases(3000);
  for (const Planting planting : {Planting::none, Planting::camouflaged, Planting::plain}) {
    RandomSets request{2, 3, 12, {1, 2}, planting, 0};
    double found = 0;
    for (int seed = 0; seed < seeds; ++seed) {
      request.seed = static_cast<std::uint64_t>(seed);
      const auto made = random_orthogonal_vectors(request);
      for (std::size_t i = 0; i < 9; ++i) found += accepts(made.vectors, {i / 3, i % 3});
      found -= made.planted.has_value();
    }
    const double mean = found / seeds, expected = expected_orthogonal_tuples(request).get_d();
    CAPTURE(mean);
    // Camouflaged: the planted tuple itself is counted in the bound, 1 of 9.
    CHECK(std::abs(mean - expected * (planting == Planting::camouflaged ? 8.0 / 9 : 1)) < 0.12 * expected);
  }
}

TEST_CASE("random vectors: planted weights are those of the null model when camouflaged, and not when plain") {
  constexpr std::size_t k = 3, rows = 4, dimension = 400;
  const int seeds = cases(30);
  double camouflaged = 0, plain = 0, gap_camouflaged = 0, gap_plain = 0;
  for (int seed = 0; seed < seeds; ++seed) {
    RandomSets request{k, rows, dimension, mpq_class(1, 2), Planting::camouflaged, static_cast<std::uint64_t>(seed)};
    const Gap gap{60, 59};
    const auto sum = [](const std::vector<BitMatrix>& sets, const std::vector<std::size_t>& tuple) {
      double weights = 0;
      for (std::size_t u = 0; u < sets.size(); ++u) weights += weight_of(sets[u], tuple[u]) - dimension / 2.0;
      return weights;
    };
    auto ov = random_orthogonal_vectors(request);
    auto max = random_gap_max_ip(request, gap);
    camouflaged += sum(ov.vectors.sets, *ov.planted);
    gap_camouflaged += sum(max.instance.sets, *max.planted);
    request.planting = Planting::plain;
    ov = random_orthogonal_vectors(request);
    max = random_gap_max_ip(request, gap);
    CHECK(accepts(ov.vectors, *ov.planted));
    CHECK(accepts(max.instance, *max.planted));
    plain += sum(ov.vectors.sets, *ov.planted);
    gap_plain += sum(max.instance.sets, *max.planted);
  }
  // Any two of the three are independent, so the variance of the sum of weights is that of independent bits.
  const double deviation = std::sqrt(seeds * 3 * dimension / 4.0);
  CHECK(std::abs(camouflaged) < 5 * deviation);
  CHECK(std::abs(gap_camouflaged) < 5 * deviation);
  if (seeds >= 30) {
    CHECK(plain < -10 * deviation);
    CHECK(gap_plain > 3 * deviation);
  }
}

TEST_CASE("random vectors: the weight test finds plain planting, and camouflage no more often than nothing") {
  int found_plain = 0, found_camouflaged = 0, found_null = 0;
  const int seeds = std::max(40, cases(40));  // shares are compared: fewer say nothing
  for (int seed = 0; seed < seeds; ++seed) {
    RandomSets request{2, 40, 600, mpq_class(1, 2), Planting::plain, static_cast<std::uint64_t>(seed)};
    const Gap gap = random_gap(request);
    const auto p_value = [&](Planting planting) {
      request.planting = planting;
      const auto made = random_gap_max_ip(request, gap);
      const WeightTest test = weight_test(made.instance.sets, request.density);
      CHECK(test.weight == weight_of(made.instance.sets[test.set], test.row));
      if (planting == Planting::plain && test.p_value <= 0.05) CHECK(test.row == (*made.planted)[test.set]);
      return test.p_value;
    };
    found_plain += p_value(Planting::plain) <= 0.05;
    found_camouflaged += p_value(Planting::camouflaged) <= 0.05;
    found_null += p_value(Planting::none) <= 0.05;
  }
  CHECK(found_plain > 0.9 * seeds);
  CHECK(found_camouflaged <= 1 + 0.15 * seeds);
  CHECK(found_null <= 1 + 0.15 * seeds);
}

TEST_CASE("random vectors: chosen thresholds are the extreme ones of the stated risk, and risks are bounds") {
  const RandomSets request{2, 64, 700, mpq_class(1, 3), Planting::camouflaged, 1};
  const mpq_class risk(1, 1 << 20);
  const Gap gap = random_gap(request);
  const GapRisks risks = gap_risks(request, gap);
  CHECK(mpq_class(risks.null_above) <= risk);
  CHECK(mpq_class(risks.planted_missed) <= risk);
  CHECK(mpq_class(gap_risks(request, {gap.yes_at_least, gap.no_at_most - 1}).null_above) > risk);
  CHECK(mpq_class(gap_risks(request, {gap.yes_at_least + 1, gap.no_at_most}).planted_missed) > risk);
  RandomSets small = request;
  small.dimension = 100;
  const std::string error = with_options(test::message_of<std::invalid_argument>([&] { random_gap(small); }));
  CHECK(error.find("overlap; --dimension ") != std::string::npos);
  small.dimension = std::stoul(error.substr(error.find("overlap; --dimension ") + 21));
  CHECK_NOTHROW(random_gap(small));  // the remedy is one
}

TEST_CASE("random vectors: how many orthogonal tuples to expect") {
  RandomSets request{2, 30, 6, mpq_class(1, 2), Planting::none, 0};
  const double expected = expected_orthogonal_tuples(request).get_d();
  CHECK(std::abs(expected - 900 * std::pow(0.75, 6)) < 1e-6);
  double total = 0;
  const int seeds = cases(60);
  for (int seed = 0; seed < seeds; ++seed) {
    request.seed = static_cast<std::uint64_t>(seed);
    const auto made = random_orthogonal_vectors(request);
    for (std::size_t i = 0; i < 30; ++i)
      for (std::size_t j = 0; j < 30; ++j) total += accepts(made.vectors, {i, j});
  }
  if (seeds >= 60) CHECK(std::abs(total / seeds - expected) < 0.15 * expected);
}

TEST_CASE("random vectors: more rows begin with the same rows, seeds differ, threads play no part") {
  const RandomSets few{3, 3, 50, mpq_class(1, 2), Planting::none, 4};
  RandomSets many = few;
  many.rows = 9;
  const auto a = random_orthogonal_vectors(few).vectors, b = random_orthogonal_vectors(many).vectors;
  for (std::size_t u = 0; u < 3; ++u)
    for (std::size_t i = 0; i < 3; ++i)
      CHECK(std::equal(a.sets[u].row(i).begin(), a.sets[u].row(i).end(), b.sets[u].row(i).begin()));
  CHECK(random_orthogonal_vectors(few).vectors.sets == a.sets);
  many = few;
  many.seed = 5;
  CHECK_FALSE(random_orthogonal_vectors(many).vectors.sets == a.sets);
  CHECK(a.made_by.seed == 4);
}

TEST_CASE("random vectors: impossible requests") {
  const auto error = [](RandomSets request, Gap gap = {2, 1}) {
    return with_options(test::message_of<std::invalid_argument>([&] { random_gap_max_ip(request, gap); }));
  };
  const RandomSets good{3, 4, 40, mpq_class(1, 2), Planting::camouflaged, 1};
  const auto with = [&](auto change) {
    RandomSets request = good;
    change(request);
    return error(request);
  };
  CHECK(with([](RandomSets& r) { r.order = 1; }) == "-k 1: the order is 2 to 24");
  CHECK(with([](RandomSets& r) { r.rows = 0; }) == "--vectors 0: every set needs at least one vector");
  CHECK(with([](RandomSets& r) { r.dimension = 0; }) == "--dimension 0: vectors need at least one coordinate");
  CHECK(with([](RandomSets& r) { r.density = 1; }) == "--density must be strictly between 0 and 1");
  CHECK(with([](RandomSets& r) { r.density = mpq_class(2, 3); }).find("camouflaged tuple needs at most 1/2") !=
        std::string::npos);
  CHECK(error(good, {30, 1}).find("about 10.0") != std::string::npos);
  CHECK(error(good, {41, 1}).find("above --dimension 40") != std::string::npos);
  CHECK(error(good, {2, 2}).find("needs 0 <=") != std::string::npos);
}
