// SPDX-License-Identifier: MIT
#pragma once
#include <gmpxx.h>

#include <optional>
#include <vector>

#include "instances/gap_max_ip.hpp"
#include "instances/vocabulary.hpp"
#include "reductions/protocol_choice.hpp"

// What the rules make of an instance, in exact numbers, before anything is built: each rule's law takes the sizes of its source and turns
// them into those of its target. The laws are the functions that the rules themselves build from.
namespace gapwright {

/// Where a chain of rules begins.
struct RouteStart {
  std::size_t order = 3;
  std::size_t variables = 0, clauses = 0;  ///< cnf
  std::vector<mpz_class> set_sizes;        ///< the others: n_0, ..., n_{k-1}
  mpz_class dimension;                     ///< the others: of the vectors
  Gap gap;                                 ///< gap-max-ip
  std::optional<mpq_class> delta;          ///< of the embedding; nothing: what the end of the route takes (delta.hpp)
};

/// One instance on the way.
struct InstanceSizes {
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

/// What tells a rule's variants apart.
struct RuleParameters {
  const CodeFamily* family = nullptr;  ///< of the code, where the rule takes one
  std::optional<Form> form = {};       ///< of the vectors that are embedded
  std::optional<Embedding> embedding = {};
  bool centred = false;  ///< keys are B and -B
};

/// A rule on its way.
struct SizeStep {
  const RouteStart& start;
  const RuleParameters& parameters;
  Form form = Form::factored;  ///< that chooses the code: of the vectors that the next rule embeds
  bool delta_known = false;    ///< of the embedding: it was made on this route
};
using SizeLaw = void (*)(InstanceSizes&, const SizeStep&);

// The laws. They throw std::invalid_argument where nothing can be built.
void list_assignments(InstanceSizes&, const SizeStep&);         ///< sat_to_orthogonal_vectors
void embed_directly(InstanceSizes&, const SizeStep&);           ///< orthogonal_vectors_to_attention
void run_protocol(InstanceSizes&, const SizeStep&);             ///< orthogonal_vectors_to_gap_max_ip
void embed_gap(InstanceSizes&, const SizeStep&);                ///< gap_max_ip_to_attention
void keep_if_losses_separate(InstanceSizes&, const SizeStep&);  ///< attention_to_gradient

/// Bits of all vectors of a start.
mpz_class vector_bits(const RouteStart&);

// What the start must be: they throw std::invalid_argument when it is no instance with something to reduce - an empty set, thresholds
// that are no gap, or t beyond the dimension - and LimitReached where the numbers are beyond what is computed.
void check_formula_sizes(const RouteStart&);
void check_vector_sizes(const RouteStart&);
void check_gap_sizes(const RouteStart&);

}  // namespace gapwright
