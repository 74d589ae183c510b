// SPDX-License-Identifier: MIT
#pragma once
#include <gmpxx.h>

#include <cstddef>
#include <string>
#include <vector>

#include "instances/bit_matrix.hpp"
#include "instances/provenance.hpp"

namespace gapwright {

/// k-OV: is there one vector per set whose product is 0 in every coordinate? Sets may have different sizes, or be empty.
struct OrthogonalVectors {
  using Witness = std::vector<std::size_t>;  ///< the index chosen in each of the k sets

  std::size_t dimension = 0;
  std::vector<BitMatrix> sets;  ///< set u: n_u x dimension, one vector a row; order k = sets.size()
  Provenance made_by;
};

/// Throws BadInstance when there are fewer than two sets or a set has another dimension.
void check_well_formed(const OrthogonalVectors&);

/// True iff the witness names one vector per set and their inner product is 0.
bool accepts(const OrthogonalVectors&, const OrthogonalVectors::Witness&);

/// Bits of all vectors.
mpz_class vector_bits(const OrthogonalVectors&);

/// <x_0[i_0], ..., x_{k-1}[i_{k-1}]>, the number of coordinates in which all chosen vectors are 1. Indices must be in range.
std::size_t inner_product(const std::vector<const BitMatrix*>& sets, const std::vector<std::size_t>& tuple);

}  // namespace gapwright
