// SPDX-License-Identifier: MIT
#include "checker/tuples.hpp"

namespace checker {
namespace {

/// Goes through all tuples of sets 1, 2, ...; products[u] is what `extend` made of the vectors chosen in the sets before u + 1.
template <class Extend, class Visit>
bool each_tuple(const std::vector<std::size_t>& sizes, std::size_t u, std::vector<std::uint64_t>& tuple, const Clock& clock,
                const Extend& extend, const Visit& visit) {
  if (u == sizes.size()) return visit();
  for (std::size_t j = 0; j < sizes[u]; ++j) {
    if ((j & 0xff) == 0) clock.check();
    tuple[u - 1] = j;
    extend(u, j);
    if (!each_tuple(sizes, u + 1, tuple, clock, extend, visit)) return false;
  }
  return true;
}

}  // namespace

long exponent_of(const std::vector<ExactMatrix>& matrices) {
  long exponent = 0;
  for (const ExactMatrix& m : matrices) exponent += m.exponent;
  return exponent;
}

mpq_class times_power_of_two(const mpz_class& n, long exponent) {
  mpq_class q(n);
  if (exponent >= 0)
    mpq_mul_2exp(q.get_mpq_t(), q.get_mpq_t(), static_cast<mp_bitcnt_t>(exponent));
  else
    mpq_div_2exp(q.get_mpq_t(), q.get_mpq_t(), static_cast<mp_bitcnt_t>(-exponent));
  return q;
}

void each_real_tuple(const std::vector<ExactMatrix>& matrices, std::size_t row, const Clock& clock,
                     const std::function<bool(const std::vector<std::uint64_t>&, const mpz_class&)>& visit) {
  const std::size_t columns = matrices[0].columns;
  std::vector<std::size_t> sizes;
  sizes.reserve(matrices.size());
  for (const ExactMatrix& m : matrices) sizes.push_back(m.rows);
  std::vector<std::vector<mpz_class>> products(matrices.size(), std::vector<mpz_class>(columns));
  for (std::size_t c = 0; c < columns; ++c) products[0][c] = matrices[0].at(row, c);
  std::vector<std::uint64_t> tuple(matrices.size() - 1);
  mpz_class sum;
  each_tuple(
      sizes, 1, tuple, clock,
      [&](std::size_t u, std::size_t j) {
        if (u + 1 < matrices.size()) {
          for (std::size_t c = 0; c < columns; ++c) products[u][c] = products[u - 1][c] * matrices[u].at(j, c);
          return;
        }
        sum = 0;
        for (std::size_t c = 0; c < columns; ++c)
          mpz_addmul(sum.get_mpz_t(), products[u - 1][c].get_mpz_t(), matrices[u].at(j, c).get_mpz_t());
      },
      [&] { return visit(tuple, sum); });
}

void each_symbol_tuple(const SymbolGap& gap, std::size_t row, const Clock& clock,
                       const std::function<bool(const std::vector<std::uint64_t>&, std::size_t)>& visit) {
  const std::size_t places = gap.coins * gap.blocks;
  std::vector<std::vector<std::uint16_t>> products(gap.sets.size(), std::vector<std::uint16_t>(places));
  for (std::size_t p = 0; p < places; ++p) products[0][p] = gap.sets[0][row * places + p];
  std::vector<std::uint64_t> tuple(gap.sets.size() - 1);
  std::size_t accepting = 0;
  each_tuple(
      gap.rows, 1, tuple, clock,
      [&](std::size_t u, std::size_t j) {
        const std::uint16_t* symbols = gap.sets[u].data() + j * places;
        for (std::size_t p = 0; p < places; ++p) products[u][p] = gap.product[products[u - 1][p] * gap.field + symbols[p]];
        if (u + 1 < gap.sets.size()) return;
        accepting = 0;
        for (std::size_t x = 0; x < gap.coins; ++x) {
          std::uint16_t total = 0;
          for (std::size_t tau = 0; tau < gap.blocks; ++tau)
            total = gap.sum[total * gap.field + products[u][x * gap.blocks + tau]];
          accepting += total == gap.message[x];
        }
      },
      [&] { return visit(tuple, accepting); });
}

}  // namespace checker
