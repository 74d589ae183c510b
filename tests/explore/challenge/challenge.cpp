// SPDX-License-Identifier: MIT
#include "explore/challenge/challenge.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <map>

#include "support/fields_in_message.hpp"
#include "tests/multiplier.hpp"
#include "tests/support.hpp"
#include "verify/attention_balls.hpp"
#include "verify/attention_counts.hpp"

using namespace gapwright;

namespace {

/// Plain softmax under the mask, straight from the definition.
Matrix softmax(const ChallengeInput& input) {
  const Attention& a = input.attention;
  Matrix out(a.q.rows, a.values[0].columns);
  for (std::size_t i = 0; i < a.q.rows; ++i) {
    std::vector<std::size_t> tuple(a.keys.size(), 0);
    double total = 0;
    const std::size_t seen = input.causal ? i + 1 : a.keys[0].rows;
    for (;;) {
      double score = 0;
      for (std::size_t l = 0; l < a.q.columns; ++l) {
        double product = a.terms.softmax_scale * a.q.at(i, l);
        for (std::size_t u = 0; u < tuple.size(); ++u) product *= a.keys[u].at(tuple[u], l);
        score += product;
      }
      const double weight = std::exp(score);
      total += weight;
      for (std::size_t c = 0; c < out.columns; ++c) {
        double value = weight;
        for (std::size_t u = 0; u < tuple.size(); ++u) value *= a.values[u].at(tuple[u], c);
        out.at(i, c) += value;
      }
      std::size_t u = tuple.size();
      while (u-- > 0 && ++tuple[u] == seen) tuple[u] = 0;
      if (u == std::numeric_limits<std::size_t>::max()) break;
    }
    for (std::size_t c = 0; c < out.columns; ++c) out.at(i, c) /= total;
  }
  return out;
}

Matrix constant(const ChallengeInput& input, double x) {
  Matrix out(input.attention.q.rows, input.attention.values[0].columns);
  std::ranges::fill(out.entries, x);
  return out;
}

ChallengeOptions small(std::size_t order) {
  ChallengeOptions options;
  options.shape.order = order;
  options.shape.rows = order == 2 ? 16 : 8;
  options.pairs = 2;
  options.ladder = {0.5, 1, 2};
  options.timing_rows = {8};
  options.timing_tries = 1;
  return options;
}

AlgorithmAnswer answer(RunStatus status, const std::string& reason) { return {status, reason, {}, Dtype::f64, 0.1, {}}; }

}  // namespace

TEST_CASE("challenge: exact attention scores 1, a constant answer one half, at every order and in every form") {
  for (const std::size_t order : {2, 3})
    for (const bool causal : {false, true})
      for (const Dtype dtype : {Dtype::f64, Dtype::bf16}) {
        ChallengeOptions options = small(order);
        options.shape.causal = causal;
        if (causal) options.shape.rows *= 2;
        options.shape.entry_dtype = dtype;
        options.shape.scale = {dtype == Dtype::f64 ? SoftmaxScale::one_over_d : SoftmaxScale::one_over_root_d, 0};
        if (order == 2) options.shape.pad_dimension = 64;
        const ChallengeReport report = run_challenge(
            options,
            {{"exact", algorithm_of(softmax)}, {"yes", algorithm_of([](const ChallengeInput& in) { return constant(in, 1); })}});
        CAPTURE(order);
        CAPTURE(causal);
        REQUIRE(report.complete);
        REQUIRE(report.points[0].below_threshold);
        REQUIRE(!report.points[1].below_threshold);
        const AlgorithmScore &exact = report.algorithms[0], &yes = report.algorithms[1];
        const Totals best = totals(report, exact), half = totals(report, yes);
        CHECK(best.right == 8);
        CHECK(best.decisions == 8);
        CHECK(best.control_right == best.control_decisions);
        CHECK(best.control_decisions == 4);
        CHECK(best.hard->absolute < 1e-9);
        CHECK(best.naive->absolute < 1e-9);
        CHECK(largest_bound_survived(report, exact) == report.points[2].entry_bound);
        CHECK(largest_bound_accurate(report, exact) == report.points[2].entry_bound);
        CHECK(half.right == 4);
        CHECK(half.control_right == 2);
        CHECK(half.hard->absolute > 0.5);
        CHECK(!largest_bound_survived(report, yes));
        CHECK(ranking(report) == std::vector<std::size_t>{0, 1});
        CHECK(report.truth_radius < 1e-15);
      }
}

TEST_CASE("challenge: the truth is what decide finds, and entries are what the options say") {
  ChallengeShape shape;
  shape.rows = 24;
  shape.pad_dimension = 64;
  shape.entry_dtype = Dtype::bf16;
  shape.scale = {SoftmaxScale::one_over_root_d, 0};
  const ChallengeInstances instances(shape);
  const LadderPoint point = instances.point(1);
  CHECK(instances.scale() == 1 / std::sqrt(static_cast<double>(instances.dimension())));
  CHECK(point.yes_at_least - point.no_at_most >= kDecidingGap);
  const ChallengePair pair = instances.hard_pair(point, 3, {});
  for (const ChallengeInstance* instance : {&pair.yes, &pair.no}) {
    Attention a = instance->attention;
    REQUIRE(a.q.rows == 24);
    REQUIRE(a.keys[0].rows == 24);
    REQUIRE(a.q.columns == 64);
    REQUIRE(!a.terms.expected);
    REQUIRE(!a.terms.yes_at_least);
    for (const double x : a.q.entries) REQUIRE((x == 0 || x == -point.entry_bound));
    REQUIRE(static_cast<float>(point.entry_bound) == point.entry_bound);
    a.terms.yes_at_least = point.yes_at_least;
    a.terms.no_at_most = point.no_at_most;
    Attention column = a;
    for (Matrix& v : column.values) {
      Matrix first(v.rows, 1);
      for (std::size_t r = 0; r < v.rows; ++r) first.at(r, 0) = v.at(r, 0);
      v = first;
    }
    const RecoveredBits bits = recover_bits(column);
    REQUIRE(bits.bits);
    CHECK(decide_by_counts(*bits.bits, CountMethod::verdict).answer == (instance->answer ? Answer::yes : Answer::no));
    const auto balls = outputs_by_balls(column, 0, 24, 128);
    for (std::size_t i = 0; i < 24; ++i) {
      REQUIRE(mpq_class(instance->truth.at(i, 0)) >= lower(balls[i]) - mpq_class(instance->truth_radius));
      REQUIRE(mpq_class(instance->truth.at(i, 0)) <= upper(balls[i]) + mpq_class(instance->truth_radius));
      REQUIRE(instance->truth.at(i, 1) == 0);
    }
  }
}

TEST_CASE("challenge: controls have the norms of a hard instance, and any mean of values decides them") {
  ChallengeShape shape;
  shape.order = 3;
  shape.rows = 12;
  const ChallengeInstances instances(shape);
  const LadderPoint point = instances.point(2);
  const ChallengePair hard = instances.hard_pair(point, 0, {}), control = instances.control_pair(point, 0, {});
  const auto norm = [](const Matrix& m) {
    double sum = 0;
    for (const double x : m.entries) sum += x * x;
    return std::sqrt(sum);
  };
  for (const ChallengeInstance* instance : {&control.yes, &control.no}) {
    CHECK(norm(instance->attention.q) == doctest::Approx(norm(hard.yes.attention.q)));
    for (std::size_t u = 0; u < 2; ++u)
      CHECK(norm(instance->attention.keys[u]) == doctest::Approx(norm(hard.yes.attention.keys[u])));
    double lo = 1, hi = 1;
    for (const Matrix& v : instance->attention.values) {
      lo *= *std::ranges::min_element(v.entries);
      hi *= *std::ranges::max_element(v.entries);
    }
    CHECK((instance->answer ? lo > 1.4 * instance->middle : hi < 0.6 * instance->middle));
  }
}

TEST_CASE("challenge: a memory compares twins, and finds none among independent instances") {
  ChallengeOptions options = small(2);
  options.shape.rows = 24;
  options.ladder = {1, 2};
  options.pairs = 4;
  options.control_pairs = 0;
  std::size_t same = 0;
  std::map<std::vector<double>, Matrix> seen;  // keys by queries
  const NamedAlgorithm remembers{"remembers", algorithm_of([&](const ChallengeInput& in) {
                                   const Matrix &q = in.attention.q, &keys = in.attention.keys[0];
                                   const auto [at, fresh] = seen.emplace(q.entries, keys);
                                   if (fresh) return constant(in, 1);
                                   ++same;
                                   for (std::size_t r = 0; r < keys.rows; ++r)  // only rows that differ are looked at
                                     for (std::size_t i = 0; i < q.rows; ++i) {
                                       double score = 0, changes = 0;
                                       for (std::size_t c = 0; c < q.columns; ++c) {
                                         score += q.at(i, c) * keys.at(r, c);
                                         changes += keys.at(r, c) != at->second.at(r, c);
                                       }
                                       if (changes > 0 && score == 0) return constant(in, 1);
                                     }
                                   return constant(in, 0);
                                 })};
  const ChallengeReport pairs = run_challenge(options, {remembers});
  const Totals compared = totals(pairs, pairs.algorithms[0]);
  CHECK(same == 8);           // every second twin
  CHECK(compared.right > 8);  // those all right, the first ones by chance
  same = 0;
  seen.clear();
  options.independent = true;
  const ChallengeReport apart = run_challenge(options, {remembers, {"exact", algorithm_of(softmax)}});
  const Totals alone = totals(apart, apart.algorithms[0]), exact = totals(apart, apart.algorithms[1]);
  CHECK(same == 0);
  CHECK(alone.decisions == 16);
  CHECK(alone.right == 8);  // as many yes as no
  CHECK(exact.right == 16);
}

TEST_CASE("challenge: whatever goes wrong is a result with its reason, and nothing ends") {
  int calls = 0;
  const std::vector<NamedAlgorithm> algorithms{
      {"nan", algorithm_of([](const ChallengeInput& in) { return constant(in, std::nan("")); })},
      {"infinite", algorithm_of([](const ChallengeInput& in) { return constant(in, HUGE_VAL); })},
      {"shape", algorithm_of([](const ChallengeInput&) { return Matrix(3, 3); })},
      {"nothing", algorithm_of([](const ChallengeInput&) { return Matrix(); })},
      {"throws", algorithm_of([](const ChallengeInput&) -> Matrix { throw std::runtime_error("out of ideas"); })},
      {"refuses", algorithm_of([](const ChallengeInput&) -> Matrix { throw LimitReached("too large for me"); })},
      {"hangs", [&](const ChallengeInput&) { return ++calls, answer(RunStatus::timed_out, "no answer within 1 s"); }},
      {"exact", algorithm_of(softmax)}};
  const ChallengeReport report = run_challenge(small(2), algorithms);
  const auto at = [&](std::size_t a) { return report.algorithms[a].points[1]; };
  CHECK(at(0).trouble == "output row 0 holds NaN");
  CHECK(at(1).trouble == "output row 0 holds an infinity");
  CHECK(at(2).trouble == "the output is 3 x 3, expected 16 x 1");
  CHECK(at(3).trouble == "the output is 0 x 0, expected 16 x 1");
  CHECK(at(4).trouble == "out of ideas");
  CHECK(at(4).failed == 6);
  CHECK(at(5).refused == 6);
  CHECK(smallest_bound_refused(report, report.algorithms[5]) == report.points[0].entry_bound);
  CHECK(calls == 3);  // and then it is given up
  CHECK(report.algorithms[6].points[0].timed_out == 3);
  CHECK(at(6).not_run == 6);
  for (std::size_t a = 0; a < 7; ++a) {
    CHECK(totals(report, report.algorithms[a]).right == 0);
    CHECK(wrong_answers(report, report.algorithms[a]) == 0);
    CHECK(!largest_bound_survived(report, report.algorithms[a]));
    CHECK(!report.algorithms[a].fitted_exponent);
  }
  CHECK(totals(report, report.algorithms[7]).right == 8);
  CHECK(ranking(report)[0] == 7);
}

TEST_CASE("challenge: seconds beyond the whole call are not believed, and time is given both ways") {
  const auto says = [](double share) -> Algorithm {
    return [share](const ChallengeInput& in) {
      AlgorithmAnswer given{RunStatus::answered, "", softmax(in), Dtype::f64, static_cast<double>(in.attention.q.rows), {}};
      given.own_seconds = share * given.seconds * given.seconds;
      return given;
    };
  };
  ChallengeOptions options = small(2);
  options.ladder = {1};
  options.timing_rows = {8, 16};
  const ChallengeReport report = run_challenge(options, {{"honest", says(1e-3)}, {"boasts", says(1)}});
  const AlgorithmScore &honest = report.algorithms[0], &boasts = report.algorithms[1];
  CHECK(honest.impossible_seconds == 0);
  CHECK(*honest.times[0].own_seconds == doctest::Approx(0.064));
  CHECK(honest.times[0].seconds == 8);
  CHECK(*honest.fitted_exponent == doctest::Approx(2));
  CHECK(*honest.whole_call_exponent == doctest::Approx(1));
  CHECK(boasts.impossible_seconds == 8);
  CHECK(!boasts.times[0].own_seconds);
  CHECK(*boasts.fitted_exponent == doctest::Approx(1));
}

TEST_CASE("challenge: best first is who survives, then who is accurate, then who is right, then who is not wrong") {
  const std::vector<NamedAlgorithm> algorithms{
      {"refuses", algorithm_of([](const ChallengeInput&) -> Matrix { throw LimitReached("too large"); })},
      {"yes", algorithm_of([](const ChallengeInput& in) { return constant(in, 1); })},
      {"contrary", algorithm_of([](const ChallengeInput& in) {
         const Matrix out = softmax(in);
         return constant(in, *std::ranges::max_element(out.entries) > 0.25 ? 0 : 1);
       })},
      {"small entries", algorithm_of([](const ChallengeInput& in) -> Matrix {
         if (in.attention.terms.entry_bound > 3) throw LimitReached("entries too large");
         return softmax(in);
       })},
      {"exact", algorithm_of(softmax)}};
  ChallengeOptions options = small(2);
  options.ladder = {0.25, 2};
  options.control_pairs = 0;  // their largest entries are larger
  const ChallengeReport report = run_challenge(options, algorithms);
  REQUIRE(report.points[0].entry_bound < 3);
  REQUIRE(report.points[1].entry_bound > 3);
  REQUIRE(totals(report, report.algorithms[2]).right == 0);
  CHECK(ranking(report) == std::vector<std::size_t>{4, 3, 1, 0, 2});
  // Two pairs: four decisions, two independent draws.
  CHECK(accuracy_shown_by_survival(options) == doctest::Approx(std::pow(0.025, 0.5)));
  options.independent = true;
  CHECK(accuracy_shown_by_survival(options) == doctest::Approx(std::pow(0.025, 0.25)));
}

TEST_CASE("challenge: where all certified outputs of NO are 0 in doubles, the relative error is of the others") {
  ChallengeOptions options = small(2);
  options.ladder = {40};  // gamma of thousands
  options.control_pairs = 0;
  const ChallengeReport report =
      run_challenge(options, {{"yes", algorithm_of([](const ChallengeInput& in) { return constant(in, 1); })}});
  const Totals sum = totals(report, report.algorithms[0]);
  REQUIRE(sum.hard->normwise);
  CHECK(std::isfinite(*sum.hard->normwise));
}

TEST_CASE("challenge: an interruption keeps what there is") {
  std::atomic<int> stop{RunControl::run};
  int calls = 0;
  const NamedAlgorithm stops{"stops", algorithm_of([&](const ChallengeInput& in) {
                               if (++calls == 8) stop = RunControl::interrupted;
                               return softmax(in);
                             })};
  const ChallengeReport report = run_challenge(small(2), {stops}, {0, &stop, {}});
  CHECK(!report.complete);
  CHECK(report.stopped_by == RunControl::interrupted);
  REQUIRE(report.algorithms[0].points.size() == 2);
  CHECK(report.algorithms[0].points[0].decisions == 4);
  CHECK(report.algorithms[0].points[1].decisions < 4);
  CHECK(!largest_bound_survived(report, report.algorithms[0]));  // a point begun is not a point survived
}

TEST_CASE("challenge: empty sweeps and impossible shapes are refused with the remedy") {
  const std::vector<NamedAlgorithm> one{{"exact", algorithm_of(softmax)}};
  const auto refusal = [&](const auto& change, const std::vector<NamedAlgorithm>& algorithms) {
    ChallengeOptions options = small(2);
    change(options);
    return with_options(test::message_of<std::invalid_argument>([&] { run_challenge(options, algorithms); }));
  };
  CHECK(refusal([](ChallengeOptions& o) { o.ladder.clear(); }, one).starts_with("the ladder is empty"));
  CHECK(refusal([](ChallengeOptions& o) { o.ladder = {2, 1}; }, one) == "the ladder must increase");
  CHECK(refusal([](ChallengeOptions& o) { o.ladder = {0, 1}; }, one).find("positive multiples") != std::string::npos);
  CHECK(refusal([](ChallengeOptions& o) { o.pairs = 0; }, one).find("--pairs 0") != std::string::npos);
  CHECK(refusal([](ChallengeOptions&) {}, {}).find("no algorithm") != std::string::npos);
  CHECK(refusal([](ChallengeOptions& o) { o.shape.rows = 7; }, one).find("at least 8 rows") != std::string::npos);
  CHECK(refusal([](ChallengeOptions& o) { o.shape.rows = 17, o.shape.causal = true; }, one).find("take an even number") !=
        std::string::npos);
  CHECK(refusal([](ChallengeOptions& o) { o.shape.pad_dimension = 8; }, one).find("pad to at least that") != std::string::npos);
  CHECK(refusal(
            [](ChallengeOptions& o) {
              o.shape.entry_dtype = Dtype::f16, o.shape.scale = {SoftmaxScale::given, 1e-9};
            },
            one)
            .find("beyond f16") != std::string::npos);
  CHECK(refusal(
            [](ChallengeOptions& o) {
              o.shape.entry_dtype = Dtype::f32, o.shape.scale = {SoftmaxScale::given, 1e-40};
            },
            one)
            .find("which overflows") != std::string::npos);
  CHECK(refusal(
            [](ChallengeOptions& o) {
              o.shape.entry_dtype = Dtype::bf16, o.shape.scale = {SoftmaxScale::given, 1e40};
            },
            one)
            .find("which underflows") != std::string::npos);
  CHECK(refusal([](ChallengeOptions& o) { o.timing_rows = {16, 3}; }, one).starts_with("--timing-rows 3: "));
}
