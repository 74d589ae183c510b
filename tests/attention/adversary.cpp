// SPDX-License-Identifier: MIT
// An adversary against every bound that attention/ states: it draws inputs of all sizes of entries, and climbs towards the largest
// true error over stated bound. Truth: tests/attention/truth.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <iostream>
#include <map>

#include "attention/gradient.hpp"
#include "attention/polynomial_gradient.hpp"
#include "instances/files/narrow.hpp"
#include "support/errors.hpp"
#include "tests/attention/attention_cases.hpp"
#include "tests/attention/truth.hpp"
#include "tests/multiplier.hpp"

using namespace gapwright;

namespace {

struct Case {
  Attention a;
  Matrix upstream;
};

/// What became of one claim over all cases: the largest error over bound, and all that are not 0.
struct Claims {
  std::map<std::string, std::vector<double>> ratios;
  std::map<std::string, std::size_t> refused;
  double largest() const {
    double most = 0;
    for (const auto& [name, all] : ratios)
      for (const double x : all) most = std::max(most, x);
    return most;
  }
  /// bound over error, in the middle of the cases with an error.
  static double tightness(std::vector<double> all) {
    std::erase(all, 0.0);
    if (all.empty()) return 0;
    std::nth_element(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(all.size() / 2), all.end());
    return 1 / all[all.size() / 2];
  }
};

double drawn_size(Random& random, int style, int exponent, int least, int most) {
  const double x = 1 + random.unit();
  const int e = style == 0 ? exponent : exponent + static_cast<int>(random.below(style == 1 ? 12 : 800)) - (style == 1 ? 6 : 400);
  return (random.bit() ? x : -x) * std::ldexp(1.0, std::clamp(e, least, most));
}

Matrix drawn(Random& random, Dtype dtype, std::size_t rows, std::size_t columns, int exponent) {
  const int least = dtype == Dtype::f64   ? -1000
                    : dtype == Dtype::f16 ? -14
                                          : -126,
            most = dtype == Dtype::f64   ? 997
                   : dtype == Dtype::f16 ? 14
                                         : 126;
  const int style = static_cast<int>(random.below(5));
  Matrix m(rows, columns);
  for (double& x : m.entries)
    x = random.below(12) == 0 ? 0 : rounded_to(dtype, drawn_size(random, style == 4 ? 2 : style % 2, exponent, least, most));
  if (random.below(6) == 0)
    for (std::size_t r = 0; r < rows; ++r) m.at(r, 0) = 0;
  return m;
}

int drawn_exponent(Random& random, Dtype dtype) {
  if (random.below(3) == 0) return static_cast<int>(random.below(6)) - 3;
  const int widest = dtype == Dtype::f64 ? 995 : dtype == Dtype::f16 ? 14 : 126;
  return static_cast<int>(random.below(2 * static_cast<std::uint64_t>(widest))) - widest;
}

/// Mostly with a scale that brings scores to a moderate size, sometimes to saturation, sometimes with any.
Case drawn_case(Random& random, std::size_t most_tuples) {
  const Dtype dtypes[] = {Dtype::f64, Dtype::f64, Dtype::f32, Dtype::f16, Dtype::bf16};
  const Dtype dtype = dtypes[random.below(5)];
  const std::size_t order = 2 + random.below(4), d = 1 + random.below(6), dv = 1 + random.below(3);
  Case c;
  c.a.q = drawn(random, dtype, 1 + random.below(8), d, drawn_exponent(random, dtype));
  std::size_t tuples = c.a.q.rows;
  for (std::size_t u = 1; u < order; ++u) {
    const std::size_t rows = std::max<std::size_t>(1, std::min<std::size_t>(1 + random.below(8), most_tuples / tuples));
    tuples *= rows;
    c.a.keys.push_back(drawn(random, dtype, rows, d, drawn_exponent(random, dtype)));
    c.a.values.push_back(
        drawn(random, dtype, rows, dv, random.bit() ? 0 : drawn_exponent(random, dtype) / static_cast<int>(order)));
  }
  const std::uint64_t kind = random.below(8);
  const int wanted = kind < 5 ? static_cast<int>(random.below(6)) - 4 : kind == 5 ? 5 + static_cast<int>(random.below(60)) : -30;
  c.a.terms.softmax_scale = 1 + random.unit();
  const int exponent = Balanced(c.a).score_exponent;
  c.a.terms.softmax_scale = kind == 7 ? drawn_size(random, 0, drawn_exponent(random, Dtype::f64), -1000, 997)
                                      : std::ldexp(c.a.terms.softmax_scale, std::clamp(wanted - exponent, -1070, 1000));
  if (random.below(8) == 0) c.a.keys[0].at(c.a.keys[0].rows - 1, d - 1) = -1e9;
  c.upstream = drawn(random, Dtype::f64, c.a.q.rows, dv, random.bit() ? 0 : drawn_exponent(random, Dtype::f64) / 2);
  return c;
}

void moved(Random& random, Case& c) {
  std::vector<Matrix*> all{&c.a.q, &c.upstream};
  for (Matrix& m : c.a.keys) all.push_back(&m);
  for (Matrix& m : c.a.values) all.push_back(&m);
  for (std::size_t times = 1 + random.below(4); times > 0; --times) {
    Matrix& m = *all[random.below(all.size())];
    double& x = m.entries[random.below(m.entries.size())];
    const std::uint64_t how = random.below(6);
    double y = how == 0   ? -x
               : how == 1 ? 0
               : how == 2 ? m.entries[random.below(m.entries.size())]
               : how == 3 ? x * (1 + 1e-3 * random.unit())
                          : x * std::exp2(4 * random.unit() - 2);
    if (std::isfinite(y)) x = y;
  }
  if (random.below(4) == 0) c.a.terms.softmax_scale *= std::exp2(2 * random.unit() - 1);
}

double worst(const Matrix& m, const TrueMatrix& truth, double bound) {
  double most = 0;
  for (std::size_t x = 0; x < m.entries.size(); ++x) most = std::max(most, over_bound(m.entries[x], truth.entries[x], bound));
  return most;
}

/// All bounds of one case. Returns the largest error over bound.
class Judge {
 public:
  Judge(const Case& c, Claims& claims) : c_(c), claims_(claims), truth_(truth_of(c.a, c.upstream)) {}

  double all(double fraction) {
    exact(Arithmetic::f64, "exact f64");
    exact(Arithmetic::f32, "exact f32");
    polynomial(fraction, true);
    polynomial(fraction, false);
    return largest_;
  }

 private:
  void note(const std::string& claim, double ratio) {
    CAPTURE(claim);
    CHECK(ratio <= 1);
    claims_.ratios[claim].push_back(ratio);
    largest_ = std::max(largest_, ratio);
  }
  void gradients(const std::string& method, const AttentionGradient& g, const GradientError& e) {
    note(method + " dq", worst(g.q, truth_.q, e.q));
    for (std::size_t u = 0; u < g.keys.size(); ++u) {
      note(method + " dk", worst(g.keys[u], truth_.keys[u], e.keys[u]));
      note(method + " dv", worst(g.values[u], truth_.values[u], e.values[u]));
    }
  }
  template <class Run>
  void unless_refused(const std::string& method, const Run& run) {
    try {
      run();
    } catch (const LimitReached&) {
      ++claims_.refused[method];
    }
  }
  void exact(Arithmetic arithmetic, const std::string& method) {
    unless_refused(method, [&] {
      const ExactAttention result = exact_attention(c_.a, arithmetic);
      for (std::size_t i = 0; i < result.out.rows; ++i)
        for (std::size_t k = 0; k < result.out.columns; ++k)
          note(method + " out", over_bound(result.out.at(i, k), truth_.out.at(i, k), result.row_error[i]));
    });
    unless_refused(method + " gradient", [&] {
      const ExactGradient result = exact_gradient(c_.a, c_.upstream, arithmetic);
      gradients(method, result.gradient, result.error);
    });
  }
  /// First with any error at all, then with `fraction` of what came out.
  void polynomial(double fraction, bool moments) {
    PolynomialOptions options;
    options.error = 1e308;
    options.most_features = 500;
    options.prove = polynomial_prover();
    if (moments) options.prove_remainder = remainder_prover();
    const std::string method = moments ? "polynomial (moments)" : "polynomial";
    unless_refused(method, [&] {
      options.error = std::max(plan_polynomial(c_.a, options).error() * fraction, 5e-324);
      const PolynomialAttention result = polynomial_attention(c_.a, options);
      note(method + " out", worst(result.out, truth_.out, result.plan.error()));
    });
    if (moments) return;
    options.error = 1e308;
    unless_refused(method + " gradient", [&] {
      options.error = std::max(polynomial_gradient(c_.a, c_.upstream, options).error.largest() * fraction, 5e-324);
      const PolynomialGradient result = polynomial_gradient(c_.a, c_.upstream, options);
      note(method + " out", worst(result.out, truth_.out, result.plan.error()));
      gradients(method, result.gradient, result.error);
    });
  }

  const Case& c_;
  Claims& claims_;
  Truth truth_;
  double largest_ = 0;
};

}  // namespace

TEST_CASE("no stated bound of attention or its gradients is below the true error, whatever the sizes of entries") {
  Claims claims;
  const int starts = cases(12), steps = starts > 100 ? 20 : 2;  // a long night climbs higher
  for (int start = 0; start < starts; ++start) {
    Random random(601, static_cast<std::uint64_t>(start));
    const double fraction = std::pow(10.0, -8 * random.unit());
    Case best = drawn_case(random, 60);
    CAPTURE(start);
    double most = Judge(best, claims).all(fraction);
    for (int step = 0; step < steps; ++step) {
      Case next = best;
      moved(random, next);
      const double ratio = Judge(next, claims).all(fraction);
      if (ratio < most) continue;
      most = ratio;
      best = std::move(next);
    }
    REQUIRE(most <= 1);
  }
  for (const auto& [claim, ratios] : claims.ratios) {
    CAPTURE(claim);
    if (ratios.size() > 100) CHECK(Claims::tightness(ratios) < 1e6);
    if (starts > 100)
      std::cout << claim << ": " << ratios.size() << " entries, largest error over bound "
                << *std::max_element(ratios.begin(), ratios.end()) << ", median bound over error " << Claims::tightness(ratios)
                << '\n';
  }
  if (starts > 100)
    for (const auto& [method, count] : claims.refused) std::cout << method << ": " << count << " refused\n";
  CHECK(claims.largest() > 1e-4);
}
