// SPDX-License-Identifier: MIT
#pragma once
#include "explore/fuzz/case.hpp"
#include "instances/gap_max_ip.hpp"
#include "instances/generators/corner_vectors.hpp"
#include "reductions/merlin_arthur.hpp"
#include "reductions/orthogonal_vectors_to_attention.hpp"
#include "support/philox.hpp"

// How campaigns draw their sources: towards corners, and towards the places where a margin is one.
namespace gapwright {

/// 2 to `most`, small orders more often.
std::size_t draw_order(Random&, std::size_t most);

/// At most 7 variables; empty, tautological and repeated clauses, unused variables, all signs of a clause (unsatisfiable), none
/// at all.
Cnf draw_formula(Random&, std::size_t most_variables, std::size_t most_clauses);

/// The vectors of a formula; NoCase when they are more than `most_tuples` tuples.
OrthogonalVectors vectors_of_formula(const Cnf&, std::size_t order, std::uint64_t most_tuples);

/// A code and blocks for `order` parties with at most `most_messages` messages and room for `dimension` coordinates, into
/// `parameters`.
void draw_protocol(Random&, FuzzParameters& parameters, std::size_t dimension, const mpz_class& most_messages);

/// Sometimes for a causal mask, sometimes with centred keys. Drawn after the source, which stays what it is.
void draw_layout(Random&, FuzzParameters& parameters);
/// The direct embedding of the parameters, at delta = 1/16.
DirectOptions direct_options(const FuzzParameters&);

/// The protocol of the parameters; NoCase where there is none.
MerlinArthur protocol_of(const FuzzParameters&);

/// The vectors as Gap-k-MaxIP with the thresholds of the parameters.
GapMaxIp gap_instance(const OrthogonalVectors&, const FuzzParameters&);

/// Numbers of vectors per set.
std::vector<std::size_t> rows_of(const OrthogonalVectors&);

/// The largest inner product of the tuples of each row, and of any tuple, by the definition.
std::vector<std::int64_t> largest_products_by_row(const OrthogonalVectors&);
std::int64_t largest_product(const OrthogonalVectors&);

/// The source as vectors or as a formula; NoCase when it is the other one, or has not `order` sets.
const OrthogonalVectors& vectors_in(const FuzzCase&);
const Cnf& formula_in(const FuzzCase&);

/// Sets a bit; true when that changed it.
bool change_bit(BitMatrix&, std::size_t row, std::size_t column, bool value);
/// Changes the first bit of the sets that is not `value` to it; false when there is none.
bool change_first_bit(std::vector<BitMatrix>&, bool value);

}  // namespace gapwright
