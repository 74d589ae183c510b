// SPDX-License-Identifier: MIT
#include "instances/generators/random_attention.hpp"

#include <fmt/format.h>

#include <cmath>
#include <stdexcept>
#include <string>

#include "instances/zeros.hpp"
#include "support/philox.hpp"

namespace gapwright {
namespace {

constexpr std::uint64_t kRowsPerMatrix = std::uint64_t{1} << 56;  // streams: matrix number, then row

Matrix uniform(std::size_t rows, std::size_t columns, double bound, std::uint64_t seed, std::uint64_t matrix,
               const RunControl& control) {
  Matrix m = zero_matrix(rows, columns, control);
  for (std::size_t r = 0; r < rows; ++r) {
    control.check();
    Random random(seed, matrix * kRowsPerMatrix + r);
    for (std::size_t c = 0; c < columns; ++c) {
      if (c % 65536 == 65535) control.check();
      m.at(r, c) = bound * (2 * random.unit() - 1);
    }
  }
  return m;
}

}  // namespace

std::string attention_command(std::size_t rows, std::size_t dimension, double bound, std::size_t order, std::uint64_t seed) {
  return fmt::format("gen attention --rows {} --dimension {} --entry-bound {} -k {} --seed {}", rows, dimension, bound, order,
                     seed);
}

mpz_class random_attention_bytes(std::size_t rows, std::size_t dimension, std::size_t order) {
  return mpz_class(rows) * dimension * (2 * mpz_class(order) - 1) * 8;
}

Attention random_attention(std::size_t rows, std::size_t dimension, double bound, std::size_t order, std::uint64_t seed,
                           const RunControl& control) {
  if (order < 2 || order > 100) throw std::invalid_argument("`order=" + std::to_string(order) + "`: the order is 2 to 100");
  if (rows == 0) throw std::invalid_argument("`rows=0`: attention needs at least one row");
  if (dimension == 0) throw std::invalid_argument("`dimension=0`: attention needs at least one coordinate");
  if (!std::isfinite(bound) || bound < 0) throw std::invalid_argument("`entry_bound` must be a number, 0 or more");
  Attention a;
  a.terms.softmax_scale = 1.0 / static_cast<double>(dimension);
  a.terms.entry_bound = bound;
  a.terms.made_by.seed = seed;
  a.q = uniform(rows, dimension, bound, seed, 0, control);
  for (std::size_t u = 1; u < order; ++u) {
    a.keys.push_back(uniform(rows, dimension, bound, seed, 2 * u - 1, control));
    a.values.push_back(uniform(rows, dimension, 1.0, seed, 2 * u, control));
  }
  return a;
}

}  // namespace gapwright
