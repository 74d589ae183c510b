// SPDX-License-Identifier: MIT
#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "codes/families.hpp"
#include "instances/files/instance_files.hpp"
#include "instances/lift.hpp"
#include "instances/vocabulary.hpp"
#include "python/any_instance.hpp"
#include "python/instances.hpp"
#include "reductions/delta.hpp"
#include "reductions/sat_to_orthogonal_vectors.hpp"

// reduce: a rule applied to an instance, with both witness maps. The way back is the lift table that a bundle would hold: every
// step refuses what is no index of a vector, pads among it.
namespace gapwright::python {

struct ReduceOptions {
  FileKind to = FileKind::attention;
  const CodeFamily* family = nullptr;  ///< of the code; null: the direct route
  Dtype entry_dtype = Dtype::f64;
  Gadget gadget = Gadget::boxes;
  std::optional<Form> form;
  Embedding embedding = Embedding::sharp;
  std::size_t order = 3;
  bool square = false, causal = false, centred = false;
  double mu = 0;                     ///< of characters; 0: the mean weight
  std::optional<mpz_class> message;  ///< its number; empty: Merlin's best
  std::optional<std::size_t> field, blocks, block_length, level;
  std::optional<mpq_class> delta;  ///< empty: 1/16

  mpq_class embedding_delta() const { return delta.value_or(forward_delta()); }
  bool characters() const { return gadget == Gadget::characters; }
  bool has_code() const { return message || field || blocks || block_length || level; }
};

/// Memory that a reduction holds at once: every part is added before it is built.
struct Room {
  Limits limits;
  mpz_class taken = 0;

  void take(const std::string& what, const mpz_class& bytes) {
    taken += bytes;
    check_memory(limits, what, taken);
  }
  mpz_class left() const { return std::max(mpz_class(0), mpz_class(limits.memory - taken)); }
};

struct Step {
  std::string rule;
  Guarantee guarantee;
};

/// What reduce returns: the chain of rules, closed over instances that they share.
struct Reduction {
  std::variant<std::shared_ptr<Vectors>, std::shared_ptr<Gap01>, std::shared_ptr<RealGap>, std::shared_ptr<FactoredGap>,
               std::shared_ptr<AttentionInput>>
      target;
  std::vector<Step> steps;
  std::optional<mpz_class> message;
  std::function<Tuple(const Tuple&)> push = [](const Tuple& t) { return t; };  ///< from a tuple of the source's vectors
  LiftTable lift;                                                              ///< back to the source
  std::vector<std::size_t> sizes;                                              ///< of the source's sets
  std::shared_ptr<const Formula> formula;                                      ///< the source, if it is one
  std::shared_ptr<const SatToOrthogonalVectors> listing;

  /// One more rule: its way forward, and its step back, which is the first to be taken.
  void then(std::function<Tuple(const Tuple&)> forward, LiftStep back) {
    push = [first = push, second = std::move(forward)](const Tuple& t) { return second(first(t)); };
    lift.steps.insert(lift.steps.begin(), std::move(back));
  }
};

/// Throws std::invalid_argument where the options do not fit the source.
Reduction reduce_source(const std::shared_ptr<Formula>& source, const ReduceOptions& options, Room& room,
                        const RunControl& control);
Reduction reduce_source(const std::shared_ptr<Vectors>& source, const ReduceOptions& options, Room& room,
                        const RunControl& control);
/// A problem that is known by its row: its rules make vectors, which go the way of all vectors.
Reduction reduce_source(const std::shared_ptr<RowInstance>& source, const ReduceOptions& options, Room& room,
                        const RunControl& control);
Reduction reduce_source(const std::shared_ptr<Gap01>& source, const ReduceOptions& options, Room& room,
                        const RunControl& control);
Reduction reduce_source(const std::shared_ptr<RealGap>& source, const ReduceOptions& options, Room& room,
                        const RunControl& control);
Reduction reduce_source(const std::shared_ptr<FactoredGap>& source, const ReduceOptions& options, Room& room,
                        const RunControl& control);

}  // namespace gapwright::python
