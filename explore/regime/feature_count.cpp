// SPDX-License-Identifier: MIT
#include "explore/regime/feature_count.hpp"

#include <algorithm>
#include <cmath>

#include "attention/relative_remez.hpp"

namespace gapwright {
namespace {

constexpr double kLargestHalfLength = 25;

}  // namespace

double degree_error(double half_length, std::size_t degree) {
  if (half_length > kLargestHalfLength) return 1;
  const double relative = relative_remez(-half_length, half_length, degree).error;
  return std::tanh(std::atanh(std::min(relative, 0.999999)) / 2);
}

std::optional<std::size_t> degree_for(double half_length, double error) {
  if (!(error > 0) || half_length > kLargestHalfLength) return std::nullopt;
  // A degree below 0.8 R - 1 is off by more than 0.3 (asymptotically the degree is at least R).
  for (auto degree = static_cast<std::size_t>(std::max(0.0, 0.8 * half_length - 1)); degree <= kLargestStudiedDegree; ++degree)
    if (degree_error(half_length, degree) <= error) return degree;
  return std::nullopt;
}

double largest_half_length(std::size_t degree, double error) {
  double lo = 0, hi = 1;
  while (hi < kLargestHalfLength && degree_error(hi, degree) <= error) hi *= 2;
  for (int i = 0; i < 40; ++i) {
    const double middle = (lo + hi) / 2;
    (degree_error(middle, degree) <= error ? lo : hi) = middle;
  }
  return lo;
}

double HalfLengths::largest(std::size_t degree, double error) {
  const auto [place, fresh] = known_.try_emplace({degree, error});
  if (fresh) place->second = largest_half_length(degree, error);
  return place->second;
}

mpz_class feature_count(std::size_t dimension, std::size_t degree) {
  mpz_class count;
  mpz_bin_uiui(count.get_mpz_t(), dimension + degree, degree);
  return count;
}

std::size_t largest_degree(std::size_t dimension, const mpz_class& limit) {
  std::size_t degree = 0;
  while (degree < kLargestStudiedDegree && feature_count(dimension, degree + 1) <= limit) ++degree;
  return degree;
}

double natural_log(const mpz_class& n) {
  long exponent = 0;
  const double mantissa = mpz_get_d_2exp(&exponent, n.get_mpz_t());
  return std::log(mantissa) + static_cast<double>(exponent) * std::log(2.0);
}

}  // namespace gapwright
