// SPDX-License-Identifier: MIT
#pragma once
#include <gmpxx.h>

#include <optional>
#include <vector>

#include "instances/orthogonal_vectors.hpp"
#include "support/run_control.hpp"
#include "verify/row_log.hpp"

// Exact questions about a k-OV instance, answered by the scoring kernels. Instances must be well formed; an empty set means no tuples.
namespace gapwright {

/// The lexicographically first orthogonal tuple; empty when there is none (then every tuple has been excluded). A recording takes
/// the rows before its row, whose counts are all 0.
std::optional<OrthogonalVectors::Witness> first_orthogonal_tuple(const OrthogonalVectors&, const RunControl& = {},
                                                                 Recording* recording = nullptr);

/// The number of orthogonal tuples.
mpz_class count_orthogonal_tuples(const OrthogonalVectors&, const RunControl& = {});

/// The smallest inner product of any tuple, how many tuples attain it, and the lexicographically first that does.
struct SmallestProduct {
  std::size_t product = 0;
  mpz_class tuples;
  OrthogonalVectors::Witness first;
};
std::optional<SmallestProduct> smallest_inner_product(const OrthogonalVectors&, const RunControl& = {});

}  // namespace gapwright
