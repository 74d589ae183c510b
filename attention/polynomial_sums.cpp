#include "attention/polynomial_sums.hpp"

#include <algorithm>
#include <cmath>

#include "attention/kernels.hpp"
#include "instances/parallel_rows.hpp"

namespace gapwright {

std::size_t FeatureSums::block_rows() { return kernels::attention_kernels<double>().lanes; }

std::size_t FeatureSums::chunks(std::size_t rows, std::size_t columns) const {
  constexpr std::size_t kBytes = std::size_t{1} << 28;  // of partial sums
  const std::size_t affordable = kBytes / (monomials.width * columns * sizeof(double)) + 1;
  const std::size_t blocks = (rows + block_rows() - 1) / block_rows();
  return std::max<std::size_t>(1, std::min({affordable, blocks, std::size_t{32}}));
}

void FeatureSums::for_blocks(const Matrix& x, const RunControl& control, const std::function<void(const Block&)>& work) const {
  constexpr std::size_t kBlocks = 16;
  const std::size_t rows = block_rows();
  for_row_pieces(0, x.rows, kBlocks * rows, control, [&](std::size_t first, std::size_t last) {
    Aligned<double> f(rows * monomials.width, 0.0);
    for (std::size_t i = first; i < last; i += rows) {
      const std::size_t count = std::min(rows, last - i);
      const double* at = x.entries.data() + i * x.columns;
      kernels::monomial_kernels().features(monomials, at, count, f.data());
      work({i, count, at, f.data()});
    }
  });
}

Aligned<double> FeatureSums::accumulate(const Matrix& x, const Matrix& weights, const RunControl& control) const {
  const std::size_t rows = block_rows(), width = monomials.width, columns = weights.columns;
  const std::size_t parts = chunks(x.rows, columns);
  const std::size_t blocks = (x.rows + rows - 1) / rows, per_part = (blocks + parts - 1) / parts;
  std::vector<Aligned<double>> partial(parts);
  for_row_pieces(0, parts, 1, control, [&](std::size_t part, std::size_t) {
    partial[part].assign(columns * width, 0.0);
    Aligned<double> f(rows * width, 0.0), w(columns * rows);
    const std::size_t last = std::min(x.rows, (part + 1) * per_part * rows);
    for (std::size_t i = part * per_part * rows; i < last; i += rows) {
      control.check();
      const std::size_t count = std::min(rows, last - i);
      kernels::monomial_kernels().features(monomials, x.entries.data() + i * x.columns, count, f.data());
      for (std::size_t c = 0; c < columns; ++c)
        for (std::size_t r = 0; r < rows; ++r)
          w[c * rows + r] = r < count ? weights.at(i + r, c) : 0.0;  // stale features get weight 0
      kernels::attention_kernels<double>().outer(w.data(), columns, f.data(), width, partial[part].data());
    }
  });
  for (std::size_t part = 1; part < parts; ++part)
    for (std::size_t e = 0; e < columns * width; ++e) partial[0][e] += partial[part][e];
  return std::move(partial[0]);
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

PolynomialModel::PolynomialModel(const Attention& a, const PolynomialPlan& plan, const RunControl& control)
    : attention(a), sums(a.q.columns, plan), columns(a.values[0].columns + 1) {
  const Monomials& m = sums.monomials;
  for (std::size_t e = 0; e < m.count; ++e)
    factors.push_back(plan.coefficients[std::min(m.degrees[e], plan.coefficients.size() - 1)] * m.arrangements[e] *
                      std::pow(a.terms.softmax_scale, static_cast<double>(m.degrees[e])));
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
