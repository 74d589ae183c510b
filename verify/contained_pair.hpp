// SPDX-License-Identifier: MIT
#pragma once
#include <gmpxx.h>

#include <optional>

#include "instances/subset_query.hpp"
#include "support/run_control.hpp"

namespace gapwright {

/// The first pair, by inner and then by outer set, whose inner set is contained in its outer set; nothing when there is none. Every pair may
/// be looked at: inner n, outer m and u elements take n m ceil(u/64) words.
std::optional<SubsetQuery::Witness> first_contained_pair(const SubsetQuery&, const RunControl& = {});

/// All pairs of an inner and an outer set.
mpz_class pairs_of(const SubsetQuery&);

/// Bytes that it holds: the query itself.
mpz_class decision_bytes(const SubsetQuery&);

}  // namespace gapwright
