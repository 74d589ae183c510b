// SPDX-License-Identifier: MIT
#pragma once
#include <cstddef>
#include <vector>

#include "attention/aligned.hpp"

namespace gapwright {

/// C(n + m, m), or SIZE_MAX when that (or a product on the way to it) is larger.
std::size_t binomial_or_max(std::size_t n, std::size_t m);

/// The monomials of degree 0..degree in `variables` variables, without a list of all of them per row: only those of
/// degree <= tail_degree (TAILS) are ever evaluated; a monomial of higher degree is a HEAD, a tail of degree
/// `degree` - tail_degree at most that holds its smallest variables, times a tail of degree tail_degree whose variables are at
/// least the head's last. Such tails lie side by side, so all monomials with one head are a scaled stretch of the tails.
struct Monomials {
  /// Tail to + i = x_variable * tail from + i, i < count.
  struct Run {
    std::size_t from, to, count, variable;
  };
  /// Monomial to + i = tail head * tail from + i, i < count; `padded` is count rounded up to whole vectors, and the next block
  /// begins behind it.
  struct Block {
    std::size_t head, from, count, padded, to;
  };
  Monomials(std::size_t variables, std::size_t degree);

  std::size_t variables, degree, tail_degree;
  std::size_t count;       ///< C(variables + degree, degree)
  std::size_t tails;       ///< C(variables + tail_degree, tail_degree)
  std::size_t tail_width;  ///< tails, padded for the kernels
  std::size_t width;       ///< all monomials with the padding between blocks
  std::vector<Run> runs;
  std::vector<Block> blocks;
  std::vector<std::size_t> degrees;  ///< [width], of every monomial; padding 0
  std::vector<double> arrangements;  ///< [width], m!/prod e_l!: how often it occurs in (x_1 + ... + x_d)^m; padding 0
};

}  // namespace gapwright
