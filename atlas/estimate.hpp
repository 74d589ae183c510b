// SPDX-License-Identifier: MIT
#pragma once
#include <gmpxx.h>

#include <nlohmann/json.hpp>
#include <optional>

#include "instances/provenance.hpp"
#include "reductions/pipeline.hpp"
#include "support/limits.hpp"

// What a formula of some size becomes by the direct route: sizes, bounds and thresholds, before anything is built.
namespace gapwright {

struct EstimateRequest {
  std::size_t order = 3, variables = 0, clauses = 0;
  DirectOptions direct;            ///< its flags alone
  std::optional<mpq_class> delta;  ///< nothing: what outputs take
  Provenance made_by;              ///< of the formula, if there is one; its name stands in messages
};

struct Estimate {
  EstimateRequest request;
  DirectEmbedding direct;         ///< read by its outputs
  DirectEmbedding for_gradients;  ///< the same with the delta that gradients take
  mpz_class tuples;               ///< of all rows
  mpz_class vector_bits;          ///< of the k-OV instance
  mpz_class memory;               ///< bytes that deciding takes
};

/// Throws LimitReached when the vectors cannot even be listed, std::invalid_argument for numbers that no formula has, and what
/// direct_embedding refuses.
Estimate estimate(const EstimateRequest& request);

/// The object of `gapwright estimate --json`; `fits` compares with the memory of these limits.
nlohmann::ordered_json estimate_json(const Estimate& estimate, const Limits& limits);

}  // namespace gapwright
