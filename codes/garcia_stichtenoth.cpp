// SPDX-License-Identifier: MIT
// Level m of the tower T_1 = F(x_1), x_{i+1}^q + x_{i+1} = x_i^q / (x_i^{q-1} + 1) over F = F_{q^2} [GS96], at its
// rational points.
//
// Points: x_1 = a with a^q + a != 0. Then x_1^q / (x_1^{q-1} + 1) = norm / trace lies in F_q and is not 0, so it is
// the trace of q elements x_2, none with trace 0, and so on: every such a carries q^{m-1} points, all coordinates
// finite; L = (q^2 - q) q^{m-1}. Points are listed by x_1, then x_2, ..., as integers: the points over one a, and over
// one (a, x_2), are contiguous.
// Functions: f_c x_1^n, where f_c (one for each class c modulo q^{m-1}) comes from tower_functions over F_p. By order
// they are a basis of all functions without poles outside P (docs/codes.md, Theorem C8).
// Evaluation uses the tree of points: over x_1 = a, f_c is a polynomial in x_2, ..., x_m with q^{m-1} coefficients in
// F; insert x_2 (q values), then x_3 (q^2 pairs), ...: q^m multiplications per step instead of q^{2(m-1)} for all
// points over a.
// Size law: the functions are read q^{m-1} times L symbols at most; basis_at_points(s) is |S_m up to s| * L symbols.
// Example (a test repeats it): q = 3, m = 3, degree 22: 54 points, orders 0, 9, 18, 19, 20, 21, 22: class 0 gives 1,
// x_1 and x_1^2, and the classes 1, 2, 3, 4 give one function each.
#include <algorithm>
#include <cassert>
#include <limits>
#include <stdexcept>

#include "codes/curve_check.hpp"
#include "codes/families.hpp"
#include "codes/modular.hpp"
#include "codes/tower_curve.hpp"
#include "codes/tower_local.hpp"

namespace gapwright {

namespace {

constexpr const char* kTowerName = "tower";

std::uint32_t tower_root(const CurveParameters& p) { return static_cast<std::uint32_t>(p.q); }
unsigned tower_level(const CurveParameters& p) { return static_cast<unsigned>(p.level); }

class TowerCurve final : public Curve {
 public:
  explicit TowerCurve(TowerFunctions functions)
      : Curve(Field(std::int64_t{functions.q} * functions.q)),
        functions_(std::move(functions)),
        classes_(functions_.functions.size()),
        points_(tower_length(functions_.q, functions_.level), functions_.level) {
    list_points();
  }

  std::string family() const override { return kTowerName; }
  std::uint32_t q() const override { return functions_.q; }
  unsigned level() const override { return functions_.level; }
  std::size_t genus() const override { return tower_genus(q(), level()); }
  std::size_t length() const override { return points_.rows; }
  const SymbolMatrix& points() const override { return points_; }
  std::vector<std::size_t> semigroup(std::size_t m) const override { return tower_semigroup(q(), level(), m); }

  std::vector<std::size_t> pole_orders(std::size_t m) const override {
    std::vector<std::size_t> orders;
    for (const TowerFunction& f : functions_.functions) {
      for (std::size_t order = f.order; order <= m; order += classes_) orders.push_back(order);
    }
    std::sort(orders.begin(), orders.end());
    return orders;
  }

 private:
  SymbolMatrix evaluated_basis(std::size_t m, const Progress& progress) const override {
    const std::vector<std::size_t> orders = pole_orders(m);
    SymbolMatrix basis = zero_symbols(orders.size(), length(), progress);
    std::size_t done = 0;
    const auto look = [&](std::size_t rows) {
      done += rows;
      if (progress) progress(static_cast<double>(done) / static_cast<double>(orders.size()));
    };
    const auto row_of = [&](std::size_t order) {
      return basis.row(static_cast<std::size_t>(std::lower_bound(orders.begin(), orders.end(), order) - orders.begin()));
    };
    for (const TowerFunction& f : functions_.functions) {
      if (f.order > m) continue;
      evaluate(f, row_of(f.order), look);
      for (std::size_t order = f.order + classes_; order <= m; order += classes_) {
        const std::span<const Symbol> previous = row_of(order - classes_);
        const std::span<Symbol> row = row_of(order);
        for (std::size_t n = 0; n < row.size(); ++n) row[n] = field().multiply(previous[n], points_.at(n, 0));
        look(1);
      }
    }
    return basis;
  }

  /// x^q + x and x^q / (x^{q-1} + 1) = x^{q+1} / (x^q + x).
  Symbol trace(Symbol x) const { return field().add(field().power(x, q()), x); }
  Symbol next(Symbol x) const { return field().multiply(field().power(x, q() + 1), field().inverse(trace(x))); }

  void list_points() {
    std::vector<std::vector<Symbol>> with_trace(field().size());
    for (std::uint32_t x = 0; x < field().size(); ++x)
      with_trace[trace(static_cast<Symbol>(x))].push_back(static_cast<Symbol>(x));
    std::vector<Symbol> coordinates;
    std::size_t n = 0;
    const auto descend = [&](const auto& self, const std::vector<Symbol>& choices) -> void {
      for (Symbol x : choices) {
        coordinates.push_back(x);
        if (coordinates.size() == level()) {
          std::copy(coordinates.begin(), coordinates.end(), points_.row(n++).begin());
        } else {
          self(self, with_trace[next(x)]);
        }
        coordinates.pop_back();
      }
    };
    std::vector<Symbol> first;
    for (std::uint32_t x = 0; x < field().size(); ++x) {
      if (trace(static_cast<Symbol>(x)) != 0) first.push_back(static_cast<Symbol>(x));
    }
    descend(descend, first);
  }

  /// Calls look(0) on the way and look(1) at the end.
  template <class Look>
  void evaluate(const TowerFunction& f, std::span<Symbol> row, const Look& look) const {
    std::vector<std::vector<Symbol>> polynomial(level() + 1);  // [l]: with x_1 .. x_l inserted, by (e_{l+1}, .., e_m)
    for (std::size_t n = 0; n < row.size(); n += classes_) {
      const Symbol a = points_.at(n, 0);
      const Symbol pi_1 = field().add(field().power(a, static_cast<std::int64_t>(q()) - 1), 1);
      polynomial[1].assign(classes_, 0);
      for (const TowerTerm& term : f.terms) {
        Symbol& sum = polynomial[1][term.monomial_class];
        const Symbol value = field().multiply(term.coefficient, field().power(a, term.exponent));
        sum = field().add(sum, term.monomial_class == 0 ? value : field().multiply(value, pi_1));
      }
      insert(2, n, polynomial, row);
      look(0);
    }
    look(1);
  }

  /// Inserts all values of x_l over the first l - 1 coordinates of point n, for the q^{m-l+1} points over them.
  void insert(unsigned l, std::size_t n, std::vector<std::vector<Symbol>>& polynomial, std::span<Symbol> row) const {
    if (l > level()) {
      row[n] = polynomial[l - 1][0];
      return;
    }
    const std::size_t count = polynomial[l - 1].size() / q();
    for (std::uint32_t value = 0; value < q(); ++value, n += count) {
      const Symbol x = points_.at(n, l - 1);
      std::vector<Symbol>& inserted = polynomial[l];
      inserted.assign(count, 0);
      for (std::uint32_t e = q(); e-- > 0;) {  // Horner: inserted = inserted * x + coefficient of x^e
        const std::span<const Symbol> coefficient = std::span(polynomial[l - 1]).subspan(e * count, count);
        for (std::size_t i = 0; i < count; ++i) inserted[i] = field().add(field().multiply(inserted[i], x), coefficient[i]);
      }
      insert(l + 1, n, polynomial, row);
    }
  }

  TowerFunctions functions_;
  std::size_t classes_;  // q^{m-1}
  SymbolMatrix points_;
};

}  // namespace

CurvePointer tower_curve(TowerFunctions functions) {
  const std::size_t classes = integer_power(functions.q, functions.level - 1);
  if (functions.functions.size() != classes) {
    throw std::invalid_argument("level " + std::to_string(functions.level) + " needs exactly " + std::to_string(classes) +
                                " functions");
  }
  for (const TowerFunction& f : functions.functions) {
    for (const TowerTerm& term : f.terms) {
      if (term.monomial_class >= classes)
        throw std::invalid_argument("a monomial class must be below " + std::to_string(classes));
    }
  }
  return std::make_shared<TowerCurve>(std::move(functions));
}

std::uint64_t tower_bytes(std::uint32_t q, unsigned m) {
  const std::uint64_t classes = integer_power(q, m - 1);
  const std::uint64_t points = std::uint64_t{tower_length(q, m)} * m * sizeof(Symbol);
  // Elimination: about q^{m-2} monomials for each class, pivots with about as many entries of 8 bytes each, taken
  // twice; measured 24 MB at q = 3, m = 6 and 168 MB at q = 5, m = 5, where this says 49 and 298.
  const std::uint64_t window = m < 2 ? 1 : integer_power(q, m - 2);
  const std::uint64_t elimination = m <= 3 ? 0 : classes * window * window * 32;
  const std::uint64_t orders = 4 * sizeof(std::size_t) * (2 * std::uint64_t{tower_genus(q, m)} + tower_length(q, m));  // compared
  return TowerExpansions::bytes(q, m) + points + elimination + orders;
}

void require_tower_parameters(std::int64_t q, std::int64_t level, std::uint64_t memory_limit) {
  if (!prime_power(q) || q > 256) {
    throw std::invalid_argument("q = " + std::to_string(q) +
                                " is not possible for the tower: allowed are the prime powers from 2 to 256");
  }
  std::int64_t length = q * q - q;
  std::int64_t levels = 1;
  constexpr std::int64_t largest_length = std::int64_t{1} << 20;
  for (; length * q <= largest_length; length *= q) ++levels;
  if (level < 1 || level > levels) {
    throw std::invalid_argument("level " + std::to_string(level) + " is not possible for the tower with q = " +
                                std::to_string(q) + ": allowed are 1 to " + std::to_string(levels) + " (length at most 2^20)");
  }
  const std::uint64_t bytes = tower_bytes(static_cast<std::uint32_t>(q), static_cast<unsigned>(level));
  if (bytes > memory_limit) {
    throw CodeTooLarge("level " + std::to_string(level) + " of the tower with q = " + std::to_string(q) + " may take " +
                       std::to_string(bytes) + " bytes: allowed are " + std::to_string(memory_limit) +
                       ", so lower the level or raise the limit");
  }
}

CurvePointer garcia_stichtenoth(std::int64_t q, std::int64_t level, const Progress& progress, std::uint64_t memory_limit) {
  require_tower_parameters(q, level, memory_limit);
  CurvePointer curve = tower_curve(tower_functions(static_cast<std::uint32_t>(q), static_cast<unsigned>(level), progress));
  const std::size_t top = 2 * curve->genus() + curve->length();
  if (curve->pole_orders(top) != curve->semigroup(top)) throw std::logic_error("the tower's pole orders are not the semigroup");
  assert(curve->length() > 600 || check_curve(*curve, degree_to_check(*curve)).passed());
  return curve;
}

CodeFamily tower_family() {
  return {.name = kTowerName,
          .title = "Garcia-Stichtenoth",
          .meaning = "second Garcia-Stichtenoth tower over F_(q^2), every level",
          .curve = "x_(i+1)^q + x_(i+1) = x_i^q / (x_i^(q-1) + 1), i < level",
          .field = "F_(q^2)",
          .length = "(q^2 - q) q^(level-1)",
          .genus = "(q^floor(level/2) - 1) (q^ceil(level/2) - 1)",
          .parameters = "`q`, `level`",
          .has_levels = true,
          .field_degree = 2,
          .first_level = 2,  // level 1 is the projective line at q^2 - q of its points
          .length_of = [](const CurveParameters& p) { return tower_length(tower_root(p), tower_level(p)); },
          .genus_of = [](const CurveParameters& p) { return tower_genus(tower_root(p), tower_level(p)); },
          .semigroup_of = [](const CurveParameters& p,
                             std::size_t top) { return tower_semigroup(tower_root(p), tower_level(p), top); },
          .check =
              [](const CurveParameters& p) { require_tower_parameters(p.q, p.level, std::numeric_limits<std::uint64_t>::max()); },
          .build = [](const CurveParameters& p, const Progress& progress,
                      std::uint64_t memory_limit) { return garcia_stichtenoth(p.q, p.level, progress, memory_limit); },
          .small_codes = {{2, 2, 0, 0}, {3, 2, 3, 0}, {3, 2, 4, 0}, {3, 1, 2, 0}, {3, 3, 9, 0}, {2, 3, 0, 0}}};
}

}  // namespace gapwright
