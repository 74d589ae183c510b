// SPDX-License-Identifier: MIT
#include "codes/linear_algebra.hpp"
#include "codes/multiply.hpp"

#include <doctest/doctest.h>

#include <stdexcept>

#include "tests/codes/random.hpp"
#include "tests/multiplier.hpp"

using namespace gapwright;

namespace {

SymbolMatrix product_by_definition(const Field& field, const SymbolMatrix& a, const SymbolMatrix& b) {
  SymbolMatrix c(a.rows, b.columns);
  for (std::size_t r = 0; r < a.rows; ++r) {
    for (std::size_t i = 0; i < a.columns; ++i) {
      for (std::size_t x = 0; x < b.columns; ++x) {
        c.at(r, x) = field.add(c.at(r, x), field.multiply(a.at(r, i), b.at(i, x)));
      }
    }
  }
  return c;
}

std::size_t rank_by_definition(const Field& field, SymbolMatrix m) {
  std::size_t rank = 0;
  for (std::size_t c = 0; c < m.columns; ++c) {
    std::size_t r = rank;
    while (r < m.rows && m.at(r, c) == 0) ++r;
    if (r == m.rows) continue;
    std::swap_ranges(m.row(r).begin(), m.row(r).end(), m.row(rank).begin());
    for (std::size_t other = rank + 1; other < m.rows; ++other) {
      const Symbol factor = field.multiply(m.at(other, c), field.inverse(m.at(rank, c)));
      field.add_multiple(m.row(other), field.negative(factor), m.row(rank));
    }
    ++rank;
  }
  return rank;
}

}  // namespace

TEST_CASE("linear algebra: the fast product is the product, in fields of every kind") {
  TestRandom random{3};
  for (std::int64_t size : {2, 3, 4, 5, 8, 25, 61, 64, 101, 729, 961, 1024, 16381, 65521}) {
    CAPTURE(size);
    const Field field(size);
    const auto a = random.matrix(7, 43, field.size());
    const auto b = random.matrix(43, 29, field.size());
    CHECK(multiply(field, a, b) == product_by_definition(field, a, b));
    SymbolMatrix bits = random.matrix(3, 43, 2);
    CHECK(multiply(field, bits, b) == product_by_definition(field, bits, b));
  }
}

TEST_CASE("linear algebra: the product across tiles, blocks, batches and late reductions") {
  TestRandom random{4};
  for (auto [size, rows, depth, columns] :
       {std::tuple{61, 3, 700, 20}, std::tuple{9, 520, 40, 530}, std::tuple{251, 2, 3000, 5}, std::tuple{8, 515, 30, 1100}}) {
    CAPTURE(size);
    const Field field(size);
    SymbolMatrix a = random.matrix(static_cast<std::size_t>(rows), static_cast<std::size_t>(depth), field.size());
    SymbolMatrix b = random.matrix(static_cast<std::size_t>(depth), static_cast<std::size_t>(columns), field.size());
    for (Symbol& s : a.row(0)) s = static_cast<Symbol>(field.size() - 1);  // the largest sums
    for (std::size_t i = 0; i < b.rows; ++i) b.at(i, 1) = static_cast<Symbol>(field.size() - 1);
    CHECK(multiply(field, a, b) == product_by_definition(field, a, b));
  }
  CHECK(refuses_saying([] { multiply(Field(2), SymbolMatrix(2, 3), SymbolMatrix(2, 3)); }, "3 columns"));
  CHECK(multiply(Field(5), SymbolMatrix(2, 0), SymbolMatrix(0, 3)) == SymbolMatrix(2, 3));
}

TEST_CASE("linear algebra: the example of a reduced basis") {
  SymbolMatrix m(4, 3);
  m.symbols = {1, 2, 3, 2, 4, 1, 0, 0, 0, 0, 1, 1};
  const ReducedBasis basis = reduced_basis(Field(5), m, 3);
  CHECK(basis.kept == std::vector<std::size_t>{0, 3});
  CHECK(basis.leads == std::vector<std::size_t>{0, 1});
  CHECK(basis.rows.symbols == std::vector<Symbol>{1, 0, 1, 0, 1, 1});
}

TEST_CASE("linear algebra: independent columns are the lexicographically first ones") {
  TestRandom random{5};
  for (int n = 0; n < cases(20); ++n) {
    const Field field(n % 2 ? 9 : 4);
    // Rank 5 at most, then some columns repeated.
    const SymbolMatrix m = multiply(field, random.matrix(8, 5, field.size()), random.matrix(5, 14, 2));
    std::vector<std::size_t> expected;
    std::vector<std::size_t> tried;
    for (std::size_t c = 0; c < m.columns; ++c) {
      tried = expected;
      tried.push_back(c);
      if (rank_by_definition(field, columns_of(m, tried)) == tried.size()) expected = tried;
    }
    CHECK(independent_columns(field, m) == expected);
    const std::vector<std::size_t> order{13, 2, 2, 7, 0};
    const auto kept = independent_columns(field, m, order);
    CHECK(kept.size() == rank_by_definition(field, columns_of(m, order)));
  }
}

TEST_CASE("linear algebra: inverse and systematic form beyond one panel") {
  TestRandom random{6};
  for (auto [size, n] : {std::pair{25, 300}, std::pair{2, 131}, std::pair{7, 1}}) {
    CAPTURE(size);
    const Field field(size);
    const std::size_t dimension = static_cast<std::size_t>(n);
    const SymbolMatrix wide = random.matrix(dimension, 2 * dimension + 20, field.size());
    const auto columns = independent_columns(field, wide);
    REQUIRE(columns.size() == dimension);
    SymbolMatrix identity(dimension, dimension);
    for (std::size_t i = 0; i < dimension; ++i) identity.at(i, i) = 1;
    const SymbolMatrix square = columns_of(wide, columns);
    CHECK(multiply(field, inverse(field, square), square) == identity);
    const SymbolMatrix systematic = systematic_on(field, wide, columns);
    CHECK(columns_of(systematic, columns) == identity);
    CHECK(multiply(field, square, systematic) == wide);
  }
  CHECK(refuses_saying([] { inverse(Field(3), SymbolMatrix(2, 2)); }, "singular"));
  CHECK(refuses_saying([] { inverse(Field(3), SymbolMatrix(2, 3)); }, "square"));
}

TEST_CASE("linear algebra: a basis of more rows than are cleared together") {
  constexpr std::size_t n = 2100;
  const Field field(5);
  SymbolMatrix m(n, n + 1);  // row i is 1 at i and not 0 at i + 1: every new lead is to be cleared in all rows before it
  for (std::size_t i = 0; i < n; ++i) {
    m.at(i, i) = 1;
    m.at(i, i + 1) = static_cast<Symbol>(i % 4 + 1);
  }
  const ReducedBasis basis = reduced_basis(field, m, n + 1);
  REQUIRE(basis.leads.size() == n);
  bool identity = true;
  for (std::size_t r = 0; r < n; ++r) {
    for (std::size_t i = 0; i < n; ++i) identity = identity && basis.rows.at(r, basis.leads[i]) == (r == i ? 1 : 0);
  }
  CHECK(identity);
  CHECK(multiply(field, columns_of(m, basis.leads), basis.rows) == m);
}
