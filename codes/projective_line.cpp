// SPDX-License-Identifier: MIT
// The projective line: Reed-Solomon codes.
//
// Built: L(m P) for P at infinity is the polynomials of degree at most m; the basis is 1, x, ..., x^m, pole orders 0,
// 1, ..., m. Any set of distinct elements of F_Q serves as points. A non-zero polynomial of degree <= m has at most m
// zeros: that is the designed distance L - m, and here it is the distance.
// Size law: m + 1 rows of L symbols. Genus 0: no gaps.
// Example (a test repeats it): over F_5 at 0..4, degree 2: rows 1 1 1 1 1, 0 1 2 3 4, 0 1 4 4 1.
#include <numeric>
#include <stdexcept>

#include "codes/families.hpp"

namespace gapwright {

namespace {

constexpr const char* kLineName = "reed-solomon";

/// Without gaps: 0, 1, ..., top.
std::vector<std::size_t> all_orders(std::size_t top) {
  std::vector<std::size_t> orders(top + 1);
  std::iota(orders.begin(), orders.end(), std::size_t{0});
  return orders;
}

class ProjectiveLine final : public Curve {
 public:
  ProjectiveLine(Field field, SymbolMatrix points) : Curve(std::move(field)), points_(std::move(points)) {}

  std::string family() const override { return kLineName; }
  std::uint32_t q() const override { return field().size(); }
  std::size_t genus() const override { return 0; }
  std::size_t length() const override { return points_.rows; }
  const SymbolMatrix& points() const override { return points_; }

  std::vector<std::size_t> semigroup(std::size_t m) const override { return all_orders(m); }
  std::vector<std::size_t> pole_orders(std::size_t m) const override { return semigroup(m); }

 private:
  SymbolMatrix evaluated_basis(std::size_t m, const Progress& progress) const override {
    SymbolMatrix basis = zero_symbols(m + 1, length(), progress);
    Steps rows(progress, m + 1);
    for (Symbol& s : basis.row(0)) s = 1;
    rows.done();
    for (std::size_t r = 1; r <= m; ++r) {
      for (std::size_t x = 0; x < length(); ++x) basis.at(r, x) = field().multiply(basis.at(r - 1, x), points_.at(x, 0));
      rows.done();
    }
    return basis;
  }

  SymbolMatrix points_;
};

}  // namespace

CurvePointer projective_line(std::int64_t field_size, std::span<const std::uint64_t> points) {
  Field field(field_size);
  if (points.empty()) throw std::invalid_argument("a Reed-Solomon code needs at least one point");
  std::vector<bool> seen(field.size());
  SymbolMatrix coordinates(points.size(), 1);
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (!field.contains(points[i])) {
      throw std::invalid_argument("point " + std::to_string(points[i]) + " is outside the field: allowed are 0 to " +
                                  std::to_string(field.size() - 1));
    }
    if (seen[points[i]]) {
      throw std::invalid_argument("point " + std::to_string(points[i]) + " is repeated: all points must be different");
    }
    seen[points[i]] = true;
    coordinates.at(i, 0) = static_cast<Symbol>(points[i]);
  }
  return std::make_shared<ProjectiveLine>(std::move(field), std::move(coordinates));
}

namespace {

void check_length(std::int64_t field_size, std::int64_t length) {
  check_field_size(field_size);
  if (length < 1 || length > field_size)
    throw std::invalid_argument("length " + std::to_string(length) + " is not possible over a field of " +
                                std::to_string(field_size) + " elements: allowed are 1 to " + std::to_string(field_size));
}

std::int64_t chosen_length(const CurveParameters& p) { return p.length == 0 ? p.q : p.length; }

}  // namespace

CurvePointer projective_line_with_length(std::int64_t field_size, std::int64_t length) {
  check_length(field_size, length);
  std::vector<std::uint64_t> points(static_cast<std::size_t>(length));
  std::iota(points.begin(), points.end(), std::uint64_t{0});
  return projective_line(field_size, points);
}

CurvePointer projective_line(std::int64_t field_size) { return projective_line_with_length(field_size, field_size); }

CodeFamily reed_solomon_family() {
  return {.name = kLineName,
          .title = "Reed-Solomon",
          .meaning = "polynomials on the projective line over F_Q",
          .curve = "projective line",
          .field = "F_q",
          .length = "any number of points up to q",
          .genus = "0",
          .parameters = "`q`, `length`",
          .chooses_points = true,
          .length_of = [](const CurveParameters& p) { return static_cast<std::size_t>(chosen_length(p)); },
          .genus_of = [](const CurveParameters&) { return std::size_t{0}; },
          .semigroup_of = [](const CurveParameters&, std::size_t top) { return all_orders(top); },
          .check = [](const CurveParameters& p) { check_length(p.q, chosen_length(p)); },
          .build = [](const CurveParameters& p, const Progress&,
                      std::uint64_t) { return projective_line_with_length(p.q, chosen_length(p)); },
          .small_codes = {{2, 1, 0, 0},
                          {3, 1, 0, 0},
                          {5, 1, 1, 0},
                          {5, 1, 2, 0},
                          {7, 1, 1, 0},
                          {7, 1, 2, 0},
                          {7, 1, 3, 0},
                          {11, 1, 1, 0},
                          {4, 1, 1, 0},
                          {8, 1, 1, 0},
                          {9, 1, 1, 0},
                          {9, 1, 2, 0},
                          {3, 1, 1, 0},
                          {5, 1, 0, 0},
                          {11, 1, 0, 1}}};
}

}  // namespace gapwright
