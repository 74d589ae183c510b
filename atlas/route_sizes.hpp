// SPDX-License-Identifier: MIT
#pragma once
#include <gmpxx.h>

#include <optional>
#include <string>
#include <vector>

#include "atlas/graph.hpp"
#include "instances/gap_max_ip.hpp"
#include "reductions/protocol_choice.hpp"

// What the routes of the atlas build, in exact numbers, before anything is built.
namespace gapwright {

/// Where a route begins.
struct RouteStart {
  std::size_t order = 3;
  std::size_t variables = 0, clauses = 0;  ///< cnf
  std::vector<mpz_class> set_sizes;        ///< the others: n_0, ..., n_{k-1}
  mpz_class dimension;                     ///< the others: of the vectors
  Gap gap;                                 ///< gap-max-ip
  std::optional<mpq_class> delta;          ///< of the embedding; nothing: what the end of the route takes (delta.hpp)
};

/// One instance on the way.
struct RouteStage {
  std::optional<std::size_t> rule;  ///< which led here; nothing at the start
  std::string problem;
  std::vector<mpz_class> set_sizes;  ///< vectors per set; for attention rows of q, then of each key matrix, pads included
  mpz_class dimension;               ///< of vectors, d' of attention; coins times blocks of the factored form
  mpz_class bits;                    ///< of the data
  mpz_class instances = 1;           ///< that the rules so far make of one: Merlin's messages
  /// at_most: sizes and B are not passed by what is built, nor are the thresholds crossed towards the middle.
  enum class Exactness { exact, at_most } exactness = Exactness::exact;
  std::optional<ProtocolShape> shape;  ///< the code, from the protocol on
  std::optional<Gap> gap;              ///< gap-max-ip
  mpq_class delta;                     ///< attention: what it is embedded with
  double entry_bound = 0;              ///< attention: B
  mpq_class yes_at_least,
      no_at_most;  ///< attention: of the outputs; both 0 where nothing useful is known before it is built: paper,
                   ///< pruned or beyond 4096 coordinates, where the gap is about e^(-gamma (d - t)); and
                   ///< characters whose rounding hides the gap
};

/// Throws std::invalid_argument when the start is no instance of the problem with something to reduce: an empty set, thresholds that
/// are no gap, or t beyond the dimension.
void check_start(const std::string& problem, const RouteStart& start);

/// All stages of a route, the start first. The code is the one that reduce takes: the least coordinates for the gadget that
/// follows, the least symbols when none does. Throws std::invalid_argument when no code fits, the start is none (check_start), or the
/// route ends in gradients and the delta asked for does not separate the losses.
std::vector<RouteStage> route_sizes(const Route& route, const RouteStart& start);

/// Indices of the routes that no other beats or equals in instances, final bits and entries together (the last stage), in the
/// given order.
std::vector<std::size_t> smallest(const std::vector<std::vector<RouteStage>>& sized);

/// The exponents of implied lower bounds. An algorithm for the last problem in time n^exponent per instance gives one for the
/// first in (brute force)^(1 - saving), n the largest set; with Merlin's messages, n^messages of them, the exponent must be
/// smaller by `messages`.
struct ImpliedExponent {
  mpq_class asymptotic;  ///< k (1 - saving)
  mpq_class finite;      ///< at N variables, where n = 2^ceil(N/k): (1 - saving) N / ceil(N/k); 0 without N
};
ImpliedExponent implied_exponent(std::size_t order, const mpq_class& saving, std::size_t variables);

}  // namespace gapwright
