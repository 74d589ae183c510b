// SPDX-License-Identifier: MIT
// The norm-trace curve y^(q^2) + y^q + y = x^(q^2+q+1) over F_{q^3} (Olav Geil, "On codes from norm-trace curves", Finite Fields and
// Their Applications 9 (2003) 351-371).
//
// Built: x has pole order q^2 and y has q^2 + q + 1 at the one point P at infinity, so x^i y^j (0 <= j < q^2) has
// i q^2 + j (q^2 + q + 1). These orders are distinct (q + 1 is invertible modulo q^2, so the order modulo q^2 tells j) and exhaust the
// semigroup of the two, hence they are a basis of all functions without poles outside P, sorted by order (docs/codes.md).
// Why, with more points than the Hermitian curve: longer codes over the fields of q^3 elements, which that curve has for squares only.
// Points: the left side is the trace of y, the right one the norm of x, both in F_q. The trace maps F_{q^3} onto F_q with a kernel of size
// q^2, so every x carries exactly q^2 points: L = q^5. They are listed by x, then by y, as integers.
// Size law: genus (q^2 - 1)(q^2 + q)/2 (the gaps of the semigroup), m + 1 - genus rows of q^5 symbols for m >= 2 genus - 1.
// Refused: q above 9, as protocols take fields of at most 1024 elements.
// Tried only by name: compared with the others it would add its lines to every plan, and may change what `reduce` writes.
// Example (a test repeats it): q = 2 has 32 points over F_8, genus 9, orders 0, 4, 7, 8, 11, 12, 14, 15, 16, 18, ...
#include <algorithm>
#include <stdexcept>

#include "codes/families.hpp"

namespace gapwright {
namespace {

constexpr const char* kNormTraceName = "norm-trace";

/// The pole orders of x and y, and the numbers that follow from q.
struct NormTraceNumbers {
  std::size_t x_order, y_order, length, genus;
};

NormTraceNumbers norm_trace_numbers(std::int64_t root) {
  const auto q = static_cast<std::size_t>(root);
  return {q * q, q * q + q + 1, integer_power(q, 5), (q * q - 1) * (q * q + q) / 2};
}

/// The numbers up to `top` that are sums of the two orders.
std::vector<std::size_t> norm_trace_semigroup(const NormTraceNumbers& n, std::size_t top) {
  std::vector<bool> inside(top + 1);
  std::vector<std::size_t> orders;
  for (std::size_t s = 0; s <= top; ++s) {
    inside[s] = s == 0 || (s >= n.x_order && inside[s - n.x_order]) || (s >= n.y_order && inside[s - n.y_order]);
    if (inside[s]) orders.push_back(s);
  }
  return orders;
}

class NormTrace final : public Curve {
 public:
  explicit NormTrace(std::uint32_t q)
      : Curve(Field(std::int64_t{q} * q * q)), q_(q), numbers_(norm_trace_numbers(q)), points_(numbers_.length, 2) {
    std::vector<std::vector<Symbol>> with_trace(field().size());
    for (std::uint32_t y = 0; y < field().size(); ++y)
      with_trace[trace(static_cast<Symbol>(y))].push_back(static_cast<Symbol>(y));
    std::size_t n = 0;
    for (std::uint32_t x = 0; x < field().size(); ++x)
      for (const Symbol y : with_trace[field().power(static_cast<Symbol>(x), norm_exponent())]) {
        points_.at(n, 0) = static_cast<Symbol>(x);
        points_.at(n++, 1) = y;
      }
  }

  std::string family() const override { return kNormTraceName; }
  std::uint32_t q() const override { return q_; }
  std::size_t genus() const override { return numbers_.genus; }
  std::size_t length() const override { return points_.rows; }
  const SymbolMatrix& points() const override { return points_; }
  std::vector<std::size_t> semigroup(std::size_t m) const override { return norm_trace_semigroup(numbers_, m); }

  std::vector<std::size_t> pole_orders(std::size_t m) const override {
    std::vector<std::size_t> orders;
    for (const Monomial& f : monomials(m)) orders.push_back(f.order);
    return orders;
  }

 private:
  struct Monomial {
    std::size_t order, i, j;  // x^i y^j
  };

  std::int64_t norm_exponent() const { return static_cast<std::int64_t>(numbers_.y_order); }

  Symbol trace(Symbol y) const {
    return field().add(field().add(field().power(y, std::int64_t{q_} * q_), field().power(y, q_)), y);
  }

  std::vector<Monomial> monomials(std::size_t m) const {
    std::vector<Monomial> found;
    for (std::size_t j = 0; j < numbers_.x_order && j * numbers_.y_order <= m; ++j)
      for (std::size_t i = 0; i * numbers_.x_order + j * numbers_.y_order <= m; ++i)
        found.push_back({i * numbers_.x_order + j * numbers_.y_order, i, j});
    std::ranges::sort(found, {}, &Monomial::order);
    return found;
  }

  /// The exponent's power of every element of the field.
  std::vector<Symbol> powers(std::size_t exponent) const {
    std::vector<Symbol> all(field().size());
    for (std::uint32_t s = 0; s < field().size(); ++s)
      all[s] = field().power(static_cast<Symbol>(s), static_cast<std::int64_t>(exponent));
    return all;
  }

  SymbolMatrix evaluated_basis(std::size_t m, const Progress& progress) const override {
    const std::vector<Monomial> functions = monomials(m);
    SymbolMatrix basis = zero_symbols(functions.size(), length(), progress);
    Steps rows(progress, functions.size());
    for (std::size_t r = 0; r < functions.size(); ++r) {
      const std::vector<Symbol> of_x = powers(functions[r].i), of_y = powers(functions[r].j);
      const std::span<Symbol> row = basis.row(r);
      for (std::size_t n = 0; n < row.size(); ++n) row[n] = field().multiply(of_x[points_.at(n, 0)], of_y[points_.at(n, 1)]);
      rows.done();
    }
    return basis;
  }

  std::uint32_t q_;
  NormTraceNumbers numbers_;
  SymbolMatrix points_;
};

void check_norm_trace_root(std::int64_t q) {
  if (!prime_power(q) || q > 9)
    throw std::invalid_argument(
        "q = " + std::to_string(q) +
        " is not possible for the norm-trace curve: allowed are the prime powers from 2 to 9 (a field of q^3 "
        "elements, and protocols take at most 1024)");
}

CurvePointer built_norm_trace(const CurveParameters& p, const Progress&, std::uint64_t) {
  check_norm_trace_root(p.q);
  return std::make_shared<NormTrace>(static_cast<std::uint32_t>(p.q));
}

}  // namespace

CodeFamily norm_trace_family() {
  return {.name = kNormTraceName,
          .title = "norm-trace",
          .meaning = "y^(q^2) + y^q + y = x^(q^2+q+1) over F_(q^3), any prime power q up to 9; tried only by name",
          .curve = "y^(q^2) + y^q + y = x^(q^2+q+1)",
          .field = "F_(q^3)",
          .length = "q^5",
          .genus = "(q^2 - 1) (q^2 + q) / 2",
          .parameters = "`q`",
          .only_by_name = true,
          .field_degree = 3,
          .length_of = [](const CurveParameters& p) { return norm_trace_numbers(p.q).length; },
          .genus_of = [](const CurveParameters& p) { return norm_trace_numbers(p.q).genus; },
          .semigroup_of = [](const CurveParameters& p,
                             std::size_t top) { return norm_trace_semigroup(norm_trace_numbers(p.q), top); },
          .check = [](const CurveParameters& p) { check_norm_trace_root(p.q); },
          .build = built_norm_trace,
          .small_codes = {{2, 1, 0}, {2, 1, 4}, {2, 1, 7}}};
}

}  // namespace gapwright
