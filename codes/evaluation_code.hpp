// SPDX-License-Identifier: MIT
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "codes/curve.hpp"

namespace gapwright {

/// C(m) = the values of L(m P) at the points of a curve. Concrete; families differ only in the curve.
struct EvaluationCode {
  CurvePointer curve;
  std::size_t degree;                        ///< m, less than the length: no function vanishes at all points
  SymbolMatrix generator;                    ///< one row per basis function, in the order of curve->pole_orders(degree)
  std::vector<std::size_t> information_set;  ///< the lexicographically first positions that determine a word

  const Field& field() const { return curve->field(); }
  std::size_t length() const { return generator.columns; }
  std::size_t dimension() const { return generator.rows; }  ///< equal to the rank measured when the code was made
};

/// Bytes of the generator matrix of degree m, before building anything.
std::uint64_t generator_bytes(const Curve& curve, std::size_t degree);

/// The most bytes that evaluation_code holds at once, before building anything: the generator matrix and its elimination.
std::uint64_t evaluation_bytes(const Curve& curve, std::size_t degree);

/// Throws what evaluation_code throws of these arguments, before building anything.
void require_evaluation(const Curve& curve, std::size_t degree, std::uint64_t memory_limit);

/// Throws CodeTooLarge when `bytes`, of what has this name, are more than the limit.
void require_memory(const std::string& what, std::uint64_t bytes, std::uint64_t memory_limit);

/// Bytes of the list of pole orders up to a degree, while it is made.
constexpr std::uint64_t orders_bytes(std::uint64_t degree) { return (degree + 1) * (2 * sizeof(std::size_t) + 1); }

inline constexpr std::uint64_t default_generator_limit = std::uint64_t{1} << 32;

/// Evaluates, eliminates, and compares the rank with the number of functions. Throws std::invalid_argument when degree >= length,
/// and CodeTooLarge when evaluation_bytes are more than `memory_limit`.
EvaluationCode evaluation_code(CurvePointer curve, std::size_t degree, const Progress& progress = {},
                               std::uint64_t memory_limit = default_generator_limit);

/// The same curve at degree r m: it contains all coordinatewise products of r words of `code`. Limits as above.
EvaluationCode power_code(const EvaluationCode& code, std::size_t r, const Progress& progress = {},
                          std::uint64_t memory_limit = default_generator_limit);

/// Length minus degree: a lower bound for the distance, because a function of L(m P) that is not 0 has at most m zeros.
std::size_t designed_distance(const EvaluationCode& code);

/// The words of `code` that vanish on `positions`: a reduced echelon basis, so that basis row i is the only one that is
/// not 0 at pivots[i]. Words and tuples of basis.rows field elements (their values at the pivots) are in bijection.
struct Subcode {
  SymbolMatrix basis;
  std::vector<std::size_t> pivots;
};
Subcode vanishing_subcode(const EvaluationCode& code, std::span<const std::size_t> positions, const Progress& progress = {});

}  // namespace gapwright
