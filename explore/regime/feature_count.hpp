// SPDX-License-Identifier: MIT
#pragma once
#include <gmpxx.h>

#include <cstddef>
#include <map>
#include <optional>
#include <utility>

// What the polynomial method needs, from the score interval and the error alone: degree g and r = C(d + g, g)
// (docs/attention.md, section 3).
namespace gapwright {

/// Beyond it the exchange algorithm, which works in monomials, loses what it looks for to rounding (scores of half-length about
/// 20).
inline constexpr std::size_t kLargestStudiedDegree = 20;

/// Error of the outputs, values in [0, 1], that the best polynomial of this degree promises on scores of this half-length:
/// tanh(atanh(e)/2), e its relative error by the exchange algorithm (no proof).
double degree_error(double half_length, std::size_t degree);
/// The smallest degree up to 20 with degree_error <= error < 0.3.
std::optional<std::size_t> degree_for(double half_length, double error);
/// The largest half-length at which this degree still has degree_error <= error < 1.
double largest_half_length(std::size_t degree, double error);

/// The same, each pair of degree and error computed once.
class HalfLengths {
 public:
  double largest(std::size_t degree, double error);

 private:
  std::map<std::pair<std::size_t, double>, double> known_;
};

/// C(dimension + degree, degree), exactly.
mpz_class feature_count(std::size_t dimension, std::size_t degree);
/// The largest degree up to 20 with feature_count <= limit.
std::size_t largest_degree(std::size_t dimension, const mpz_class& limit);
/// ln of an exact number >= 1, for plots.
double natural_log(const mpz_class& n);

}  // namespace gapwright
