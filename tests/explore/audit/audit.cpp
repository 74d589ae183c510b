// SPDX-License-Identifier: MIT
#include "explore/audit/audit.hpp"

#include <doctest/doctest.h>
#include <mpfr.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "attention/exact.hpp"
#include "tests/multiplier.hpp"
#include "tests/support.hpp"

using namespace gapwright;

namespace {

constexpr mpfr_prec_t kBits = 670;  // 200 digits

/// A number of so many bits.
class Wide {
 public:
  explicit Wide(double x = 0) { mpfr_init2(x_, kBits), mpfr_set_d(x_, x, MPFR_RNDN); }
  Wide(const Wide& other) { mpfr_init2(x_, kBits), mpfr_set(x_, other.x_, MPFR_RNDN); }
  Wide& operator=(const Wide& other) { return mpfr_set(x_, other.x_, MPFR_RNDN), *this; }
  ~Wide() { mpfr_clear(x_); }
  Wide& operator+=(const Wide& y) { return mpfr_add(x_, x_, y.x_, MPFR_RNDN), *this; }
  Wide& operator-=(const Wide& y) { return mpfr_sub(x_, x_, y.x_, MPFR_RNDN), *this; }
  Wide& operator*=(const Wide& y) { return mpfr_mul(x_, x_, y.x_, MPFR_RNDN), *this; }
  Wide& operator/=(const Wide& y) { return mpfr_div(x_, x_, y.x_, MPFR_RNDN), *this; }
  bool operator<(const Wide& y) const { return mpfr_less_p(x_, y.x_) != 0; }
  double to_double() const { return mpfr_get_d(x_, MPFR_RNDN); }
  friend Wide exp(Wide x) { return mpfr_exp(x.x_, x.x_, MPFR_RNDN), x; }

 private:
  mpfr_t x_;
};

/// All tuples of key indices.
std::vector<std::vector<std::size_t>> tuples_of(const Attention& a) {
  std::vector<std::vector<std::size_t>> tuples{{}};
  for (const Matrix& keys : a.keys) {
    std::vector<std::vector<std::size_t>> longer;
    for (const auto& tuple : tuples)
      for (std::size_t j = 0; j < keys.rows; ++j) longer.push_back(tuple), longer.back().push_back(j);
    tuples = std::move(longer);
  }
  return tuples;
}

/// |x - the output by the definition, in 200 digits|, the largest over row i.
double distance(const AuditInput& input, std::size_t i, const Matrix& x) {
  const Attention& a = input.attention;
  std::vector<Wide> scores;
  std::vector<std::vector<std::size_t>> seen;
  for (const auto& tuple : tuples_of(a)) {
    if (input.causal && *std::ranges::max_element(tuple) > i) continue;
    Wide score;
    for (std::size_t c = 0; c < a.q.columns; ++c) {
      Wide product(a.q.at(i, c));
      for (std::size_t u = 0; u < tuple.size(); ++u) product *= Wide(a.keys[u].at(tuple[u], c));
      score += product;
    }
    score *= Wide(a.terms.softmax_scale);
    scores.push_back(score);
    seen.push_back(tuple);
  }
  const Wide top = *std::max_element(scores.begin(), scores.end());
  std::vector<Wide> sums(x.columns);
  Wide total;
  for (std::size_t t = 0; t < scores.size(); ++t) {
    scores[t] -= top;
    const Wide weight = exp(scores[t]);
    total += weight;
    for (std::size_t c = 0; c < x.columns; ++c) {
      Wide value = weight;
      for (std::size_t u = 0; u < seen[t].size(); ++u) value *= Wide(a.values[u].at(seen[t][u], c));
      sums[c] += value;
    }
  }
  double largest = 0;
  for (std::size_t c = 0; c < x.columns; ++c) {
    sums[c] /= total;
    sums[c] -= Wide(x.at(i, c));
    largest = std::max(largest, std::abs(sums[c].to_double()));
  }
  return largest;
}

AuditShape small_shape(std::size_t order, Dtype dtype, std::uint64_t seed) {
  AuditShape shape;
  shape.order = order;
  shape.rows = order == 2 ? 11 : 6;
  shape.dimension = 16;
  shape.columns = 3;
  shape.dtype = dtype;
  shape.seed = seed;
  return shape;
}

Matrix answer(const AuditInput& input) {
  Attention a = input.attention;
  a.terms.causal = input.causal;
  return exact_attention(a).out;
}

/// Whether every score of a row moved by the same number between two inputs, and which.
double moved_by(const AuditInput& before, const AuditInput& after, std::size_t row) {
  const auto score = [&](const AuditInput& input, std::size_t j) {
    double sum = 0;
    for (std::size_t c = 0; c < input.attention.q.columns; ++c)
      sum += input.attention.q.at(row, c) * input.attention.keys[0].at(j, c);
    return sum * input.attention.terms.softmax_scale;
  };
  const double moved = score(after, 0) - score(before, 0);
  for (std::size_t j = 1; j < before.attention.keys[0].rows; ++j)
    CHECK(score(after, j) - score(before, j) == doctest::Approx(moved));
  return moved;
}

const Algorithm kExact = algorithm_of([](const ChallengeInput& input) { return answer({"", input.attention, input.causal}); });

}  // namespace

TEST_CASE("audit: truths are within their radius of the definition in 200 digits, whatever the check, the order and the type") {
  std::set<CheckKind> kinds;
  for (int round = 0; round < cases(1); ++round)
    for (const std::size_t order : {2, 3})
      for (const Dtype dtype : {Dtype::f32, Dtype::f64, Dtype::f16, Dtype::bf16}) {
        const AuditShape shape = small_shape(order, dtype, static_cast<std::uint64_t>(round) + 1);
        for (const Check& check : audit_checks(shape, true)) {
          Random random(shape.seed, 7);
          const AuditInput input = check.make(random);
          if (input.attention.q.rows * input.attention.keys[0].rows > 400) continue;
          CAPTURE(check.name);
          const AuditTruth truth = audit_truth(input, dtype, {}, {});
          CHECK(truth.radius <= std::max(truth.allowed / 100, 0x1p-54));  // or half a unit of the doubles that hold it
          for (const std::size_t row : {std::size_t{0}, input.attention.q.rows - 1})
            CHECK(distance(input, row, truth.out) <= truth.radius * (1 + 1e-9));
          kinds.insert(check.kind);
        }
      }
  CHECK(kinds.size() == names<CheckKind>().size());
}

TEST_CASE("audit: a shift moves all scores of a row by its number, and no output") {
  Random random(3, 0);
  const AuditShape shape = small_shape(2, Dtype::f64, 1);
  AuditInput before = normal_input(shape, {5, 7}, 0.25, random), after = before;
  shift_scores(before, shape, {0});
  shift_scores(after, shape, {1, -2, 300, 0, 50});
  const std::vector<double> shifts{1, -2, 300, 0, 50};
  for (std::size_t i = 0; i < 5; ++i) CHECK(moved_by(before, after, i) == doctest::Approx(shifts[i]));
  const Matrix x = answer(before), y = answer(after);
  for (std::size_t i = 0; i < x.entries.size(); ++i) CHECK(std::abs(x.entries[i] - y.entries[i]) < 1e-12);
}

TEST_CASE("audit: a needle's output is the value of its own key, or the mean of those that share it") {
  for (const std::size_t shared : {1, 2, 3})
    for (const bool neighbours : {true, false}) {
      Random random(5, shared);
      const AuditShape shape{2, 30, 64, 9, Dtype::f32, true, 1};
      const Needles needles{[](std::size_t row, std::size_t) { return row; }, shared, neighbours};
      const AuditInput input = needle_input(shape, {30, 30}, 0.125, needles, random);
      const Matrix out = answer(input);
      for (std::size_t i = 0; i < 30; ++i)
        for (std::size_t c = 0; c < 9; ++c) {
          double sum = 0, equal = 0;
          for (std::size_t j = 0; j < 30; ++j) {
            const bool same = std::equal(&input.attention.keys[0].entries[j * 64], &input.attention.keys[0].entries[j * 64] + 64,
                                         &input.attention.keys[0].entries[i * 64]);
            sum += same ? input.attention.values[0].at(j, c) : 0, equal += same;
          }
          CHECK(equal >= 1);
          CHECK(std::abs(out.at(i, c) - sum / equal) < 1e-4);
        }
    }
}

TEST_CASE("audit: dense hard inputs have outputs on the side of the middle that their rows' answers say, and no zero column") {
  for (const std::size_t order : {2, 3, 4})
    for (const bool yes : {true, false}) {
      Random random(9, order);
      AuditShape shape = small_shape(order, Dtype::f64, 4);
      shape.dimension = 64;
      const AuditInput input = dense_hard_input(shape, 16, yes, random);
      const Matrix out = answer(input);
      std::size_t above = 0;
      for (std::size_t i = 0; i < out.rows; ++i) above += out.at(i, 0) > input.middle.value();
      CHECK((above > 0) == yes);
      for (std::size_t c = 0; c < input.attention.q.columns; ++c) {
        double largest = 0;
        for (std::size_t i = 0; i < out.rows; ++i) largest = std::max(largest, std::abs(input.attention.q.at(i, c)));
        CHECK((largest > 0 || order > 2));  // an odd coordinate is mixed with nothing
      }
    }
}

TEST_CASE("audit: under the causal mask all rows of Theorem E10 are 1/2, and other numbers under faulty ones") {
  for (const std::size_t order : {2, 3})
    for (const std::size_t rows : {1, 4, 13}) {
      Random random(11, rows);
      const AuditInput input = causal_input(small_shape(order, Dtype::f64, 1), rows, random);
      const auto under = [&](int shift, std::size_t i) {  // the row moved by `shift` among the keys
        AuditInput moved = input;
        Matrix q(moved.attention.q.rows, moved.attention.q.columns);
        const std::size_t at = static_cast<std::size_t>(static_cast<int>(i) + shift);
        std::copy_n(&input.attention.q.entries[i * q.columns], q.columns, &q.entries[at * q.columns]);
        moved.attention.q = q;
        return answer(moved).at(at, 0);
      };
      const double two = std::pow(2, order - 1), three = std::pow(3, order - 1);
      for (std::size_t i = 1; i <= rows; ++i) {
        CHECK(under(0, i) == doctest::Approx(0.5).epsilon(0.02));
        CHECK(under(1, i) == doctest::Approx(two / (two + 1)).epsilon(0.02));
        CHECK(std::abs(under(-1, i)) < 0.02);
        CHECK(under(static_cast<int>(rows + 2 - i), i) == doctest::Approx(three / (three + 1)).epsilon(0.02));
      }
    }
}

TEST_CASE("audit: exact attention passes, refusals and failures are told apart, and the result is the same twice") {
  AuditRequest request;
  request.shape = small_shape(2, Dtype::f64, 2);
  request.shape.rows = 20;
  request.quick = true;
  const AuditResult result = audit(request, kExact);
  CHECK(result.passed());
  CHECK(result.count(CheckOutcome::failed) == 0);
  const AuditResult refused = audit(request, algorithm_of([](const ChallengeInput&) -> Matrix { throw LimitReached("no"); }));
  CHECK(!refused.passed());
  CHECK(!refused.failed());
  request.fail_fast = true;
  const AuditResult failed = audit(
      request, algorithm_of([](const ChallengeInput& i) { return Matrix(i.attention.q.rows, i.attention.values[0].columns); }));
  CHECK(failed.checks.size() == 1);
  CHECK(failed.checks[0].reason.find("all 0") != std::string::npos);
  CHECK(failed.checks[0].failing.has_value());
  for (const Check& check : checks_of(request)) CHECK(!suspicion(check.kind).empty());
}

TEST_CASE("audit: what no audit has is refused with the field") {
  const auto refusal = [](const std::function<void(AuditRequest&)>& change) {
    AuditRequest request;
    change(request);
    return test::message_of<std::invalid_argument>([&] { checks_of(request); });
  };
  CHECK(refusal([](AuditRequest& r) { r.shape.order = 7; }).starts_with("`order=7`"));
  CHECK(refusal([](AuditRequest& r) { r.shape.dimension = 8; }).starts_with("`dimension=8`"));
  CHECK(refusal([](AuditRequest& r) { r.shape.columns = 1; }).starts_with("`columns=1`"));
  CHECK(refusal([](AuditRequest& r) { r.shape.rows = 2; }).starts_with("`rows=2`"));
  CHECK(refusal([](AuditRequest& r) { r.only = {"shfit"}; }).find("did you mean 'shift'") != std::string::npos);
  CHECK(refusal([](AuditRequest& r) { r.skip = names<CheckKind>(); }).find("`skip` leaves no check") != std::string::npos);
}
