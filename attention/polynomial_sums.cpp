// SPDX-License-Identifier: MIT
#include "attention/polynomial_sums.hpp"

#include <algorithm>
#include <cmath>

#include "attention/kernels.hpp"
#include "attention/monomial_kernels.hpp"
#include "support/parallel_rows.hpp"

namespace gapwright {

namespace {

constexpr std::size_t kRows = 48;                          // of a block of `accumulate`
constexpr std::size_t kMostParts = 32;                     // partial sums, at most
constexpr std::size_t kSliceBytes = std::size_t{1} << 20;  // of a table that stays in the second-level cache with the tails

std::size_t lanes() { return kernels::attention_kernels<double>().lanes; }

/// [rows][columns] to [groups][columns][lanes], zero padded.
Aligned<double> by_lanes(const double* rows, std::size_t count, std::size_t columns) {
  const std::size_t n = lanes(), groups = (count + n - 1) / n;
  Aligned<double> turned(groups * columns * n, 0.0);
  for (std::size_t r = 0; r < count; ++r)
    for (std::size_t c = 0; c < columns; ++c) turned[(r / n * columns + c) * n + r % n] = rows[r * columns + c];
  return turned;
}
void by_rows(const Aligned<double>& turned, std::size_t count, std::size_t columns, double* rows) {
  const std::size_t n = lanes();
  for (std::size_t r = 0; r < count; ++r)
    for (std::size_t c = 0; c < columns; ++c) rows[r * columns + c] = turned[(r / n * columns + c) * n + r % n];
}

}  // namespace

double polynomial_roundings(const Attention& a, std::size_t degree, std::size_t features) {
  double rows = 0;
  for (const Matrix& keys : a.keys) rows = std::max(rows, static_cast<double>(keys.rows));
  const double order = static_cast<double>(a.keys.size() + 1), g = static_cast<double>(degree);
  const double additions =  // rows of a block, blocks of a partial sum, partial sums
      std::min(rows, static_cast<double>(kRows)) + rows / static_cast<double>(kRows) + static_cast<double>(kMostParts);
  return static_cast<double>(features) + order * (g + additions + 8) + 4 * g + 16;
}

std::size_t FeatureSums::chunks(std::size_t rows, std::size_t columns) const {
  constexpr std::size_t kBytes = std::size_t{1} << 28;  // of partial sums
  const std::size_t affordable = kBytes / (monomials.width * columns * sizeof(double)) + 1;
  const std::size_t blocks = (rows + kRows - 1) / kRows;
  return std::max<std::size_t>(1, std::min({affordable, blocks, kMostParts}));
}

void FeatureSums::for_blocks(const Matrix& x, const RunControl& control, const std::function<void(const Block&)>& work) const {
  constexpr std::size_t kBytes = std::size_t{5} << 18, kBlocks = 4;  // a block of a table is read once for all groups
  const std::size_t most_groups = std::clamp<std::size_t>(kBytes / (monomials.tails * lanes() * sizeof(double)), 1, 8);
  const std::size_t rows = most_groups * lanes();
  for_row_pieces(0, x.rows, kBlocks * rows, control, [&](std::size_t first, std::size_t last) {
    Aligned<double> f(most_groups * lanes() * monomials.tails);
    for (std::size_t i = first; i < last; i += rows) {
      control.check();
      const std::size_t count = std::min(rows, last - i), groups = (count + lanes() - 1) / lanes();
      const Aligned<double> turned = by_lanes(x.entries.data() + i * x.columns, count, x.columns);
      for (std::size_t g = 0; g < groups; ++g)
        kernels::monomial_kernels().tails_by_lanes(monomials, turned.data() + g * x.columns * lanes(),
                                                   f.data() + g * monomials.tails * lanes());
      work({i, count, groups, turned.data(), f.data()});
    }
  });
}

void FeatureSums::contract(const Block& block, const Aligned<double>& table, std::size_t columns, double* out) const {
  Aligned<double> turned(block.groups * columns * lanes());
  kernels::monomial_kernels().contract(monomials, block.f, block.groups, table.data(), columns, turned.data());
  by_rows(turned, block.rows, columns, out);
}

void FeatureSums::backward(const Block& block, const double* weights, const Aligned<double>& table, std::size_t columns,
                           double* dx) const {
  const Aligned<double> w = by_lanes(weights, block.rows, columns);
  Aligned<double> df(block.groups * monomials.tails * lanes()), turned(block.groups * monomials.variables * lanes());
  kernels::monomial_kernels().backward(monomials, block.x, block.f, block.groups, w.data(), table.data(), columns, df.data(),
                                       turned.data());
  by_rows(turned, block.rows, monomials.variables, dx);
}

Aligned<double> FeatureSums::accumulate(const Matrix& x, const Matrix& weights, const RunControl& control) const {
  const std::size_t columns = weights.columns, size = columns * monomials.width, parts = chunks(x.rows, columns);
  const std::size_t blocks = (x.rows + kRows - 1) / kRows, per_part = (blocks + parts - 1) / parts;
  const std::vector<Slice> all = slices(columns);
  std::vector<Aligned<double>> partial(parts);
  for_row_pieces(0, parts, 1, control, [&](std::size_t part, std::size_t) {
    partial[part].assign(size, 0.0);
    Aligned<double> f(kRows * monomials.tail_width, 0.0), packed(kRows * lanes());
    const std::size_t last = std::min(x.rows, (part + 1) * per_part * kRows);
    for (const Slice& slice : all)
      for (std::size_t i = part * per_part * kRows; i < last; i += kRows) {
        control.check();
        const std::size_t count = std::min(kRows, last - i);
        kernels::monomial_kernels().tails_by_rows(monomials, x.entries.data() + i * x.columns, count, f.data());
        kernels::monomial_kernels().accumulate(monomials, slice.first, slice.last, f.data(), count,
                                               weights.entries.data() + i * columns, columns, packed.data(),
                                               partial[part].data());
      }
  });
  for (std::size_t part = 1; part < parts; ++part)
    for (std::size_t e = 0; e < size; ++e) partial[0][e] += partial[part][e];
  return std::move(partial[0]);
}

std::vector<FeatureSums::Slice> FeatureSums::slices(std::size_t columns) const {
  constexpr std::size_t kNumbers = kSliceBytes / sizeof(double);
  std::vector<Slice> all;
  std::size_t numbers = 0;
  for (std::size_t b = 0; b < monomials.blocks.size(); ++b) {
    const std::size_t more = monomials.blocks[b].padded * columns;
    if (all.empty() || numbers + more > kNumbers) {
      all.push_back({b, b});
      numbers = 0;
    }
    all.back().last = b + 1;
    numbers += more;
  }
  return all;
}

Matrix with_ones(const Matrix& m) {
  Matrix wider(m.rows, m.columns + 1);
  for (std::size_t r = 0; r < m.rows; ++r) {
    std::copy_n(m.entries.begin() + static_cast<std::ptrdiff_t>(r * m.columns), m.columns,
                wider.entries.begin() + static_cast<std::ptrdiff_t>(r * wider.columns));
    wider.at(r, m.columns) = 1;
  }
  return wider;
}

std::vector<double> monomial_factors(const Monomials& m, std::span<const double> coefficients, double softmax_scale) {
  std::vector<double> factors(m.width, 0.0);
  for (const Monomials::Block& block : m.blocks)
    for (std::size_t e = block.to; e < block.to + block.count; ++e)
      if (m.degrees[e] < coefficients.size())
        factors[e] = coefficients[m.degrees[e]] * m.arrangements[e] * std::pow(softmax_scale, static_cast<double>(m.degrees[e]));
  return factors;
}

PolynomialModel::PolynomialModel(const Attention& a, const PolynomialPlan& plan, const RunControl& control)
    : sums(a.q.columns, plan.degree),
      columns(a.values[0].columns + 1),
      factors(monomial_factors(sums.monomials, plan.coefficients, a.terms.softmax_scale)) {
  for (std::size_t u = 0; u < a.keys.size(); ++u) keys.push_back(sums.accumulate(a.keys[u], with_ones(a.values[u]), control));
  all = product_without(a.keys.size(), {});
}

Aligned<double> PolynomialModel::product_without(std::size_t u, const Aligned<double>& start) const {
  const std::size_t width = sums.monomials.width;
  Aligned<double> product(columns * width, 0.0);
  for (std::size_t c = 0; c < columns; ++c)
    for (std::size_t e = 0; e < factors.size(); ++e) {
      double x = start.empty() ? factors[e] : start[c * width + e] * factors[e];
      for (std::size_t w = 0; w < keys.size(); ++w)
        if (w != u) x *= keys[w][c * width + e];
      product[c * width + e] = x;
    }
  return product;
}

}  // namespace gapwright
