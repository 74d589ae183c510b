// SPDX-License-Identifier: MIT
// Tails in an order in which each degree is made of runs: the run of x_l is x_l times the tails of the degree below whose
// variables are all >= l, and these are contiguous. Recursively, the tails of one degree with variables >= l are contiguous too,
// which is what a block of a head with last variable l needs. Every monomial of degree m > tail_degree arises once: its
// m - tail_degree smallest variables are the head. Example: 2 variables, degree 3, tail degree 2: tails 1, x, y, xx, xy, yy;
// heads 1 (all tails), x (xx, xy, yy) and y (yy).
#include "attention/monomials.hpp"

#include <algorithm>
#include <cstdint>

#include "attention/kernels.hpp"

namespace gapwright {
namespace {

/// Tails of one row take this many numbers at most, where the degree allows it: the tails of 100 rows stay in the second-level
/// cache.
constexpr std::size_t kMostTails = 1024;

std::size_t degree_of_tails(std::size_t variables, std::size_t degree) {
  std::size_t tail_degree = degree;
  while (tail_degree > (degree + 1) / 2 && binomial_or_max(variables, tail_degree) > kMostTails) --tail_degree;
  return tail_degree;
}

std::size_t rounded_up(std::size_t n, std::size_t step) { return (n + step - 1) / step * step; }

/// An odd number of cache lines, so that a column of rows does not fall into one cache set.
std::size_t staggered(std::size_t n) { return (rounded_up(n, 8) / 8 | 1) * 8; }

}  // namespace

std::size_t binomial_or_max(std::size_t n, std::size_t m) {
  std::size_t result = 1;
  for (std::size_t i = 1; i <= m; ++i) {
    std::size_t next = 0;
    if (__builtin_mul_overflow(result, n + i, &next)) return SIZE_MAX;
    result = next / i;  // exact: a product of i consecutive numbers
  }
  return result;
}

Monomials::Monomials(std::size_t variable_count, std::size_t highest)
    : variables(variable_count),
      degree(highest),
      tail_degree(degree_of_tails(variable_count, highest)),
      count(binomial_or_max(variable_count, highest)),
      tails(binomial_or_max(variable_count, tail_degree)) {
  struct Shape {                                                         // of a tail
    std::size_t degree = 0, first = 0, firsts = 0, last = 0, lasts = 0;  // smallest and largest variable, and their exponents
    double arrangements = 1;
  };
  std::vector<Shape> shapes(tails);
  std::vector<std::size_t> starts(variables, 0), next = starts;  // of each variable's run in the degree below; degree 0 is the 1
  std::size_t at = 1, end_below = 1;
  for (std::size_t m = 1; m <= tail_degree; ++m) {
    for (std::size_t l = 0; l < variables; ++l) {
      next[l] = at;
      const Run run{starts[l], at, end_below - starts[l], l};
      for (std::size_t i = 0; i < run.count; ++i, ++at) {
        const Shape& below = shapes[run.from + i];
        Shape& shape = shapes[at];
        shape = {m, l, m > 1 && below.first == l ? below.firsts + 1 : 1, m > 1 ? below.last : l, below.lasts, 0};
        if (shape.last == l) shape.lasts = m;
        shape.arrangements = below.arrangements * static_cast<double>(m) / static_cast<double>(shape.firsts);
      }
      runs.push_back(run);
    }
    starts = next;
    end_below = at;
  }
  // Now `starts` belongs to the tails of degree tail_degree, and they end at `tails`.
  const std::size_t vector = kernels::attention_kernels<double>().vector;
  tail_width = staggered(tails + vector);
  std::size_t to = 0;
  for (std::size_t head = 0; head < tails && shapes[head].degree <= degree - tail_degree; ++head) {
    const std::size_t from = head == 0 ? 0 : starts[shapes[head].last];
    blocks.push_back({head, from, tails - from, rounded_up(tails - from, vector), to});
    to += blocks.back().padded;
  }
  width = staggered(to);
  degrees.assign(width, 0);
  arrangements.assign(width, 0);
  for (const Block& block : blocks)
    for (std::size_t i = 0; i < block.count; ++i) {
      const Shape &h = shapes[block.head], &t = shapes[block.from + i];
      const std::size_t m = degrees[block.to + i] = h.degree + t.degree;
      const bool joined = block.head != 0 && t.first == h.last;  // the exponents of that variable add up
      arrangements[block.to + i] = h.arrangements * t.arrangements *
                                   static_cast<double>(binomial_or_max(m - h.degree, h.degree)) /
                                   (joined ? static_cast<double>(binomial_or_max(t.firsts, h.lasts)) : 1.0);
    }
}

}  // namespace gapwright
