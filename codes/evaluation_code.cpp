// SPDX-License-Identifier: MIT
// Evaluation codes C(m) of a curve, and what the protocol needs of them.
//
// Theorem (docs/codes.md, Theorem C1). Let m < L. Evaluation at the L points is injective on L(m P): a function that
// vanishes at L points has as many zeros, hence as many poles, all at P, so its pole order is at least L. So
// dim C(m) = dim L(m P), and two different words differ in at least L - m positions. The dimension is nevertheless measured here:
// the number of independent columns found must equal the number of functions, else the curve is wrong and that is our fault
// (std::logic_error).
// Products: L(a P) L(b P) lies in L((a + b) P), hence the coordinatewise product of r words of C(m) lies in C(r m):
// power_code.
//
// Vanishing subcode: the columns `positions` first, then the others, are searched for independent ones. The reduced
// echelon form on those has one row per pivot; rows with their pivot outside `positions` vanish on all of `positions`
// (row i is 0 at every other pivot, and the other positions' columns are combinations of the pivots' columns among
// them), and there are dim - rank (positions) of them, which is the dimension of the subspace: they are a basis.
// Size law: dim L(m P) * L symbols of 2 bytes; m + 1 - genus functions once m >= 2 genus - 1.
// Example (a test repeats it): Hermitian q = 2, degree 4: 8 positions, orders 0, 2, 3, 4, designed distance 4.
#include "codes/evaluation_code.hpp"

#include <algorithm>
#include <numeric>
#include <stdexcept>
#include <utility>

#include "codes/linear_algebra.hpp"
#include "codes/multiply.hpp"

namespace gapwright {

std::uint64_t generator_bytes(const Curve& curve, std::size_t degree) {
  return std::uint64_t{curve.semigroup(degree).size()} * curve.length() * sizeof(Symbol);
}

std::uint64_t evaluation_bytes(const Curve& curve, std::size_t degree) {
  const std::size_t functions = curve.semigroup(degree).size();
  return generator_bytes(curve, degree) + reduction_symbols(functions, functions) * sizeof(Symbol);
}

void require_memory(const std::string& what, std::uint64_t bytes, std::uint64_t memory_limit) {
  if (bytes > memory_limit)
    throw CodeTooLarge(what + " take " + std::to_string(bytes) + " bytes: allowed are " + std::to_string(memory_limit) +
                       ", so lower the degree or raise the limit");
}

void require_evaluation(const Curve& curve, std::size_t degree, std::uint64_t memory_limit) {
  if (degree >= curve.length()) {
    throw std::invalid_argument("degree " + std::to_string(degree) + " is too large for a code of length " +
                                std::to_string(curve.length()) + ": allowed are degrees 0 to " +
                                std::to_string(curve.length() - 1));
  }
  require_memory("the pole orders up to " + std::to_string(degree), orders_bytes(degree), memory_limit);
  require_memory("the generator matrix of degree " + std::to_string(degree) + ", and its elimination,",
                 evaluation_bytes(curve, degree), memory_limit);
}

EvaluationCode evaluation_code(CurvePointer curve, std::size_t degree, const Progress& progress, std::uint64_t memory_limit) {
  require_evaluation(*curve, degree, memory_limit);
  SymbolMatrix generator = curve->basis_at_points(degree, share(progress, 0, 0.1));
  EvaluationCode code{std::move(curve), degree, std::move(generator), {}};
  code.information_set = independent_columns(code.curve->field(), code.generator, share(progress, 0.1, 1));
  if (code.information_set.size() != code.generator.rows) throw std::logic_error("basis functions are dependent at the points");
  return code;
}

EvaluationCode power_code(const EvaluationCode& code, std::size_t r, const Progress& progress, std::uint64_t memory_limit) {
  if (r != 0 && code.degree > (code.length() - 1) / r) {
    throw std::invalid_argument("power " + std::to_string(r) + " of a code of degree " + std::to_string(code.degree) +
                                " and length " + std::to_string(code.length()) +
                                " is not possible: power times degree must be below the length");
  }
  return evaluation_code(code.curve, code.degree * r, progress, memory_limit);
}

std::size_t designed_distance(const EvaluationCode& code) { return code.length() - code.degree; }

Subcode vanishing_subcode(const EvaluationCode& code, std::span<const std::size_t> positions, const Progress& progress) {
  std::vector<char> forbidden(code.length());
  for (std::size_t x : positions) {
    if (x >= code.length()) {
      throw std::invalid_argument("position " + std::to_string(x) + " is outside the code: allowed are 0 to " +
                                  std::to_string(code.length() - 1));
    }
    forbidden[x] = 1;
  }
  std::vector<std::size_t> order(code.length());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_partition(order.begin(), order.end(), [&](std::size_t x) { return forbidden[x] != 0; });
  const std::vector<std::size_t> pivots = independent_columns(code.field(), code.generator, order, share(progress, 0, 0.3));
  const auto first = std::find_if(pivots.begin(), pivots.end(), [&](std::size_t x) { return forbidden[x] == 0; });

  const SymbolMatrix to_systematic =
      inverse(code.field(), columns_of(code.generator, pivots, share(progress, 0.3, 0.32)), share(progress, 0.32, 0.7));
  const std::size_t skipped = static_cast<std::size_t>(first - pivots.begin());
  SymbolMatrix rows(pivots.size() - skipped, pivots.size());
  std::copy(to_systematic.symbols.begin() + static_cast<std::ptrdiff_t>(skipped * pivots.size()), to_systematic.symbols.end(),
            rows.symbols.begin());
  return {multiply(code.field(), rows, code.generator, share(progress, 0.7, 1)), {first, pivots.end()}};
}

}  // namespace gapwright
