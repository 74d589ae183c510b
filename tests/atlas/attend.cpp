// SPDX-License-Identifier: MIT
#include "atlas/attend.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "instances/generators/random_attention.hpp"
#include "support/errors.hpp"
#include "tests/attention/attention_cases.hpp"
#include "tests/attention/truth.hpp"
#include "verify/attention_balls.hpp"

using namespace gapwright;

namespace {

Attention input_of(std::vector<std::size_t> rows, double bound, bool causal = false) {
  Random random(7, rows[0]);
  Attention a;
  a.terms.softmax_scale = 1.0 / 3;
  a.terms.causal = causal;
  a.q = random_matrix(random, rows[0], 3, bound);
  for (std::size_t u = 1; u < rows.size(); ++u) {
    a.keys.push_back(random_matrix(random, rows[u], 3, bound));
    a.values.push_back(random_matrix(random, rows[u], 2, bound));
  }
  return a;
}

/// Many queries and few keys or the other way round, a mask, tiny and huge entries.
std::vector<Attention> corners() {
  return {input_of({300, 1}, 1),       input_of({1, 300}, 1),  input_of({9, 1, 5, 2}, 1), input_of({20, 7}, 1, true),
          input_of({5, 6, 4}, 1e-100), input_of({5, 6}, 1e15), input_of({1, 1}, 1)};
}

AttendRequest request_of(AttendMethod method, Arithmetic dtype = Arithmetic::f64) {
  AttendRequest request;
  request.method = method;
  request.dtype = dtype;
  return request;
}

bool is_f32(const Matrix& m) {
  return std::ranges::all_of(m.entries, [](double x) { return x == static_cast<double>(static_cast<float>(x)); });
}

/// Each entry is within the error of where certified outputs lie.
void check_within(const AttendResult& result, const AttendResult& certified) {
  for (std::size_t i = 0; i < result.out.rows; ++i) {
    const double error = result.row_error ? (*result.row_error)[i] : result.error;
    CHECK(error <= result.error);
    for (std::size_t c = 0; c < result.out.columns; ++c) {
      const mpq_class out(result.out.at(i, c)), bound(error);
      CHECK(out >= mpq_class(certified.lo->at(i, c)) - bound);
      CHECK(out <= mpq_class(certified.hi->at(i, c)) + bound);
    }
  }
}

void check_refused(const AttendRequest& request, const std::string& why) {
  const Attention input = input_of({2, 3}, 1);
  CHECK_THROWS_WITH_AS(check_request(request), why.c_str(), std::invalid_argument);
  CHECK_THROWS_WITH_AS(attend(input, request, {}), why.c_str(), std::invalid_argument);
}

}  // namespace

TEST_CASE("attend: every method in both types keeps the error that it states, in corners too") {
  for (const Attention& a : corners()) {
    const AttendResult certified = attend(a, request_of(AttendMethod::certified), {});
    for (const auto& method : Names<AttendMethod>::all)
      for (const Arithmetic dtype : {Arithmetic::f64, Arithmetic::f32}) {
        CAPTURE(method.name);
        CAPTURE(a.q.rows);
        const bool polynomial = method.value == AttendMethod::polynomial;
        if (polynomial && (a.terms.causal || std::abs(a.q.at(0, 0)) > 1e3)) {
          CHECK_THROWS_AS(attend(a, request_of(method.value, dtype), {}), LimitReached);
          continue;
        }
        const AttendResult result = attend(a, request_of(method.value, dtype), {});
        check_within(result, certified);
        CHECK((dtype == Arithmetic::f64 || is_f32(result.out)));
        CHECK(result.row_error.has_value() == (method.value == AttendMethod::exact));
        CHECK(result.plan.has_value() == polynomial);
        CHECK(result.lo.has_value() == (method.value == AttendMethod::certified));
        CHECK(!result.gradient);
      }
  }
}

TEST_CASE("attend: gradients by both methods, in both types, are within the errors that are stated") {
  const Attention a = input_of({30, 1, 4}, 1);
  Random random(3, 0);
  const Matrix upstream = random_matrix(random, 30, 2, 1);
  const Truth truth = truth_of(a, upstream);
  const std::vector<const TrueMatrix*> truths{&truth.out,     &truth.q,         &truth.keys[0],
                                              &truth.keys[1], &truth.values[0], &truth.values[1]};
  for (const AttendMethod method : {AttendMethod::exact, AttendMethod::polynomial})
    for (const Arithmetic dtype : {Arithmetic::f64, Arithmetic::f32}) {
      AttendRequest request = request_of(method, dtype);
      request.upstream = upstream;
      const AttendResult result = attend(a, request, {});
      std::vector<std::string> names;
      for_each_tensor(result, [&](const std::string& name, const Matrix& m, double error) {
        CAPTURE(name);
        const TrueMatrix& expected = *truths.at(names.size());
        names.push_back(name);
        CHECK((dtype == Arithmetic::f64 || is_f32(m)));
        for (std::size_t x = 0; x < m.entries.size(); ++x) CHECK(over_bound(m.entries[x], expected.entries[x], error) <= 1);
      });
      CHECK(names == std::vector<std::string>{"out", "dq", "dk1", "dk2", "dv1", "dv2"});
    }
}

TEST_CASE("attend: the rounding to f32 counts in the bound, and is refused where it is too much or overflows") {
  const Attention a = input_of({4, 5}, 1);
  AttendRequest request = request_of(AttendMethod::certified);
  request.name = "in";
  const AttendResult wide = attend(a, request, {});
  request.dtype = Arithmetic::f32;
  const AttendResult narrow = attend(a, request, {});
  CHECK(narrow.error > wide.error);
  CHECK(narrow.error < wide.error + 0x1p-24);
  request.error = 1e-12;
  CHECK_THROWS_WITH_AS(attend(a, request, {}), doctest::Contains("more than `error=1e-12`; use `dtype=f64`"), LimitReached);
  request.dtype = Arithmetic::f64;
  CHECK(attend(a, request, {}).error <= 1e-12);
  request = request_of(AttendMethod::exact, Arithmetic::f32);
  request.name = "in";
  request.error = 1e-12;
  CHECK_THROWS_WITH_AS(attend(a, request, {}), doctest::Contains("use `dtype=f64`, or a larger `error`"), LimitReached);
  Attention large = a;
  for (double& x : large.values[0].entries) x = 1e39;
  for (const auto& method : Names<AttendMethod>::all) {
    request = request_of(method.value, Arithmetic::f32);
    request.name = "in";
    if (method.value == AttendMethod::polynomial) request.error = 1e38;
    CHECK_THROWS_WITH_AS(attend(large, request, {}), "in: out has an entry 1e+39, which overflows f32; use `dtype=f64`",
                         LimitReached);
  }
}

TEST_CASE("attend: the error asked for holds for gradients too, once they are rounded") {
  Attention a = input_of({4, 5}, 0.01);
  AttendRequest request = request_of(AttendMethod::polynomial);
  request.upstream = Matrix(4, 2);
  for (double& x : request.upstream->entries) x = 1e4;  // so that dv, not out, is what f32 does not hold closely enough
  request.error = 1e-5;
  const AttendResult wide = attend(a, request, {});
  for_each_tensor(wide, [](const std::string&, const Matrix&, double error) { CHECK(error <= 1e-5); });
  request.dtype = Arithmetic::f32;
  CHECK_THROWS_WITH_AS(attend(a, request, {}), doctest::Contains("more than `error=1e-05`; use `dtype=f64`, or a larger `error`"),
                       LimitReached);
}

TEST_CASE("attend: sizes are refused by the name of the input, before anything is computed") {
  const Attention a = input_of({30, 40}, 1);
  Work work;
  work.control = [](const std::string&) {
    return RunControl{0, nullptr, [](double) { throw std::logic_error("work has begun"); }};
  };
  work.limits.tuples = 100;
  for (const auto& method : Names<AttendMethod>::all) {
    AttendRequest request = request_of(method.value);
    const bool tuples = method.value != AttendMethod::polynomial;
    work.limits.memory = tuples ? mpz_class("1000000000000") : mpz_class(10);
    CHECK_THROWS_WITH_AS(attend(a, request, work), doctest::Contains("the input"), LimitReached);
    request.name = "a.safetensors";
    CHECK_THROWS_WITH_AS(attend(a, request, work), doctest::Contains("a.safetensors"), LimitReached);
  }
}

TEST_CASE("attend: what a request may not say") {
  for (const double error : {0.0, -1.0, static_cast<double>(INFINITY), std::nan("")}) {
    AttendRequest request;
    request.error = error;
    check_refused(request, "`error` is a number above 0");
  }
  for (const AttendMethod method : {AttendMethod::exact, AttendMethod::certified}) {
    AttendRequest request = request_of(method);
    request.most_features = 9;
    check_refused(request, "`most_features` goes with `method=polynomial`; leave it out");
  }
  AttendRequest request = request_of(AttendMethod::certified);
  request.upstream = Matrix(2, 2);
  check_refused(request, "`method=certified` computes outputs, not gradients; use `method=exact|polynomial`");
  request.method = AttendMethod::exact;
  request.error = 1;
  CHECK_THROWS_WITH_AS(check_request(request), doctest::Contains("`error` goes with `method=polynomial` where gradients"),
                       std::invalid_argument);
  request.method = AttendMethod::polynomial;
  check_request(request);
  request.upstream = Matrix(3, 2);
  CHECK_THROWS_WITH_AS(attend(input_of({2, 3}, 1), request, {}), doctest::Contains("the upstream gradient is 3 x 2"),
                       std::invalid_argument);
}
