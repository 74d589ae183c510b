// SPDX-License-Identifier: MIT
#pragma once
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "codes/field.hpp"
#include "codes/symbol_matrix.hpp"
#include "support/progress.hpp"

namespace gapwright {

/// A curve over F_Q with a rational point P and some other rational points, given by the functions without poles
/// outside P. L(m P) is the space of those with pole order at most m at P; products of functions of L(a P) and L(b P)
/// are in L((a + b) P).
class Curve {
 public:
  explicit Curve(Field field) : field_(std::move(field)) {}
  virtual ~Curve() = default;
  Curve(const Curve&) = delete;
  Curve& operator=(const Curve&) = delete;

  const Field& field() const { return field_; }
  virtual std::string family() const = 0;       ///< the name in its row: "hermitian"
  virtual std::uint32_t q() const = 0;          ///< the parameter of the family, from which the field is made
  virtual unsigned level() const { return 0; }  ///< 0 for families without levels
  virtual std::size_t genus() const = 0;
  virtual std::size_t length() const = 0;  ///< number of points
  /// One row per point, its coordinates.
  virtual const SymbolMatrix& points() const = 0;
  /// What theory says the pole orders at P up to m are, increasing. Independent of the functions this object evaluates.
  virtual std::vector<std::size_t> semigroup(std::size_t m) const = 0;
  /// The pole orders of the functions that basis_at_points(m) evaluates, row by row, increasing.
  virtual std::vector<std::size_t> pole_orders(std::size_t m) const = 0;
  /// Rows a basis of L(m P), columns the points. The rows can be dependent when m >= length().
  SymbolMatrix basis_at_points(std::size_t m, const Progress& progress = {}) const { return evaluated_basis(m, progress); }

 private:
  /// The one real method.
  virtual SymbolMatrix evaluated_basis(std::size_t m, const Progress& progress) const = 0;

  Field field_;
};

using CurvePointer = std::shared_ptr<const Curve>;

/// Reed-Solomon: the projective line over F_Q, P at infinity. All functions of these throw std::invalid_argument, with
/// one line saying what is allowed, for parameters that are not possible.
CurvePointer projective_line(std::int64_t field_size);                                         ///< at all Q finite points
CurvePointer projective_line(std::int64_t field_size, std::span<const std::uint64_t> points);  ///< at these; none twice
CurvePointer projective_line_with_length(std::int64_t field_size,
                                         std::int64_t length);  ///< at the points 0 .. length - 1

/// y^q + y = x^(q+1) over F_{q^2}, q any prime power up to 256: q^3 points, genus q (q - 1) / 2.
CurvePointer hermitian(std::int64_t q);

inline constexpr std::uint64_t default_tower_limit = std::uint64_t{1} << 31;

/// Level m of the second tower of Garcia and Stichtenoth over F_{q^2}, q any prime power: (q^2 - q) q^(m-1) points.
/// Computes all the functions at once; `progress` reports on that, and more than `memory_limit` bytes are refused
/// (CodeTooLarge) before anything is built.
CurvePointer garcia_stichtenoth(std::int64_t q, std::int64_t level, const Progress& progress = {},
                                std::uint64_t memory_limit = default_tower_limit);

}  // namespace gapwright
