// SPDX-License-Identifier: MIT
#include "attention/kernels.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "attention/aligned.hpp"
#include "support/philox.hpp"
#include "tests/multiplier.hpp"
#include "verify/polynomial_certificate.hpp"

using namespace gapwright;

namespace {

/// Largest |exp2(x) / 2^x - 1| in units of 2^-53 (2^-24), over random x and the corners.
template <class T>
double measured_exp2_error(double lowest) {
  const auto& k = kernels::attention_kernels<T>();
  const std::size_t count = k.lanes * 400;
  Aligned<T> x(count), y;
  Random random(11, sizeof(T));
  double worst = 0;
  for (int round = 0; round < cases(20); ++round) {
    for (T& t : x) t = static_cast<T>(random.bit() ? lowest * random.unit() : 2 * random.unit() - 1);
    x[0] = T(-0.5), x[1] = T(0.5), x[2] = T(0), x[3] = T(-3);
    y = x;
    k.exp2(y.data(), count);
    for (std::size_t i = 0; i < count; ++i)
      worst = std::max(
          worst, static_cast<double>(std::abs(static_cast<long double>(y[i]) / std::exp2(static_cast<long double>(x[i])) - 1)));
    CHECK(y[2] == 1);
    CHECK(y[3] == T(0.125));
  }
  return worst * (sizeof(T) == 8 ? 0x1p53 : 0x1p24);
}

template <class T>
double proved_polynomial_error() {
  std::vector<double> c(std::begin(kernels::Exp2Polynomial<T>::coefficient), std::end(kernels::Exp2Polynomial<T>::coefficient));
  const RatioBounds bounds = exponential_ratio_bounds(c, mpq_class(-1, 2), mpq_class(1, 2), Base::two);
  return std::max(mpq_class(1 - bounds.least).get_d(), mpq_class(bounds.most - 1).get_d()) * (sizeof(T) == 8 ? 0x1p53 : 0x1p24);
}

}  // namespace

TEST_CASE("exp2 keeps its derived error bound, and the bound is no more than three times what is measured") {
  const double f64 = measured_exp2_error<double>(-1000), f32 = measured_exp2_error<float>(-120);
  CAPTURE(f64);
  CAPTURE(f32);
  CHECK(f64 <= kernels::kExp2Error);
  CHECK(f32 <= kernels::kExp2Error);
  CHECK(3 * f64 > kernels::kExp2Error);
  CHECK(3 * f32 > kernels::kExp2Error);
}

TEST_CASE("the polynomials inside exp2 are within 0.33 units, proved in balls") {
  CHECK(proved_polynomial_error<double>() < 0.33);
  CHECK(proved_polynomial_error<float>() < 0.33);
  CHECK(proved_polynomial_error<double>() > 0.1);
  CHECK(proved_polynomial_error<float>() > 0.1);
}

TEST_CASE("exp2 raises what is too small to the smallest normal range instead of leaving it") {
  const auto& k = kernels::attention_kernels<double>();
  Aligned<double> x(k.lanes, -1e9);
  x[1] = -1e300;
  k.exp2(x.data(), k.lanes);
  CHECK(x[0] == std::ldexp(1.0, kernels::kSmallestExponent<double>));
  CHECK(x[1] == x[0]);
}
