// SPDX-License-Identifier: MIT
#pragma once
#include <cstdint>
#include <functional>
#include <vector>

#include "checker/clock.hpp"
#include "checker/instances.hpp"

// Every tuple of a row, one by one, in lexicographic order: instances that are not vectors of bits.
namespace checker {

/// Real vectors, exactly: visit(tuple of the other matrices, sum_c prod_u matrices[u][j_u, c]) in units of
/// 2^exponent_of(matrices). visit returns false to stop.
void each_real_tuple(const std::vector<ExactMatrix>& matrices, std::size_t row, const Clock& clock,
                     const std::function<bool(const std::vector<std::uint64_t>&, const mpz_class&)>& visit);
long exponent_of(const std::vector<ExactMatrix>& matrices);

/// Field symbols: visit(tuple of the other sets, number of accepting coins).
void each_symbol_tuple(const SymbolGap& gap, std::size_t row, const Clock& clock,
                       const std::function<bool(const std::vector<std::uint64_t>&, std::size_t)>& visit);

/// n 2^exponent.
mpq_class times_power_of_two(const mpz_class& n, long exponent);

}  // namespace checker
