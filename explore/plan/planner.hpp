// SPDX-License-Identifier: MIT
#pragma once
#include <gmpxx.h>

#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "instances/gap_max_ip.hpp"
#include "instances/vocabulary.hpp"
#include "reductions/delta.hpp"
#include "reductions/protocol_choice.hpp"
#include "support/run_control.hpp"

// What every route from k-OV to attention costs, from the parameters alone: exact integers and rationals, certified enclosures of
// reals.
namespace gapwright {

/// Alphabets and lengths that are searched. Larger fields than 1024 the protocol does not run.
struct PlanLimits {
  std::size_t largest_field = 1024;
  std::size_t longest = 1'000'000;
};

inline std::string_view gadget_word(std::optional<Gadget> gadget) { return gadget ? word_of(*gadget) : "none"; }

/// One way. B^k = entry_constant * ln(Nmain/delta), so ways are compared on exact rationals, whatever delta is.
struct PlanPoint {
  const CodeFamily* family = nullptr;  ///< of the code; null: direct
  std::optional<Gadget> gadget = {};   ///< of the code routes
  Embedding embedding = Embedding::direct;
  bool centred = false;                     ///< keys are B and -B (order 2)
  std::optional<ProtocolShape> shape = {};  ///< of the code routes
  Gap gap = {};                             ///< t and s_no; direct: 1 and 0, in common ones
  mpz_class vector_dimension = 0;           ///< of the Gap-k-MaxIP vectors; for characters with repetitions
  mpz_class dimension = 0;                  ///< d' of the attention input
  mpq_class mu = 1;                         ///< characters: weight per repetition; else 1
  mpq_class entry_constant = 0;             ///< d' mu / (t - s_no), centred half of it

  /// What is built has these numbers; else (characters: they depend on the message) it does not pass them.
  bool exact() const { return gadget != Gadget::characters; }

  std::string embedding_name() const { return embedding_text(embedding, centred); }
};

/// The same way with centred keys (docs/reductions.md, Theorem R12) where there are any: order 2 and 0/1 vectors. Others stay as they are.
PlanPoint with_centred_keys(PlanPoint point, std::size_t order);

/// Lower and upper bounds of a real number, outward to doubles.
struct Enclosure {
  double lo = 0, hi = 0;
};

/// What depends on n and delta besides. Enclosures hold what is built, B and gamma as rounded there; where the point is not exact,
/// nothing built passes their upper ends, nor does it need a smaller error than the lower end.
struct PlanFigures {
  Enclosure entry_bound;          ///< B
  Enclosure log2_messages;        ///< how many messages Merlin has
  Enclosure message_exponent;     ///< messages = n^this, n = largest set
  Enclosure gamma;                ///< ln(Nmain/delta) / (t - s_no)
  Enclosure log2_required_error;  ///< additive error that still decides: (theta_yes - theta_no) / 2
  bool losses_separate = false;   ///< n_0 no^2 < yes^2: gradients decide
  Enclosure weight_sum;      ///< characters: sum |kappa| over all coordinates and coins, and the pads, for the worst Phi; boxes:
                             ///< number of coordinates and pads
  mpz_class tensor_bytes;    ///< q, k_u, v_u written out
  mpz_class factored_bytes;  ///< of the factored form; 0 for direct
};

/// Repetitions of the characters gadget at one coin for a weight mu that depends on (Q, T) only, so that shapes cost nothing to
/// compare.
struct CharacterCost {
  mpq_class mu;
  mpz_class systematic, other;  ///< with repetitions, at a coin of the information set, and at most at another one
};

/// The families' curves, and what the gadgets cost over them, computed once.
class Planner {
 public:
  Planner(std::size_t order, const PlanLimits& limits = {});

  std::size_t order() const { return order_; }
  PlanPoint direct(std::size_t dimension) const;
  /// Every way for vectors of this dimension, at order 2 with centred keys too, codes with the fewest blocks for each block length.
  std::vector<PlanPoint> all(std::size_t dimension, const RunControl& = {});
  /// The way of least B by this family and gadget, keys not centred (which would not change the choice); nothing when no code fits.
  std::optional<PlanPoint> least_entries(const CodeFamily& family, Gadget gadget, std::size_t dimension, const RunControl& = {});
  /// The way of fewest messages, then of least B, over all families and gadgets ("sharp", centred at order 2) with d' <= most_dimension; nothing when
  /// no code fits. Without a bound on d' one message always serves: T >= dimension blocks of one symbol, d' above Q^dimension.
  std::optional<PlanPoint> fewest_messages(std::size_t dimension, const mpz_class& most_dimension, const RunControl& = {});
  PlanFigures figures(const PlanPoint& point, const std::vector<mpz_class>& set_sizes, const mpq_class& delta = forward_delta(),
                      const RunControl& = {}) const;
  /// d' of a way by characters under a message with this many zeros outside the information set (Theorem R11); the point's own
  /// dimension is the most over all messages.
  mpz_class characters_dimension(const PlanPoint& point, std::size_t zeros) const;

 private:
  const std::vector<CurveNumbers>& curves(const CodeFamily& family, const RunControl&);
  /// Of least_entries' way through this shape, to some 1e-14; infinite when beyond all doubles.
  double approximate_constant(const ProtocolShape& shape, Gadget gadget, const RunControl&);
  const CharacterCost& character_cost(std::size_t field_size, std::size_t blocks, unsigned halvings, const RunControl&);
  PlanPoint boxes_point(const ProtocolShape& shape, Embedding embedding) const;
  PlanPoint characters_point(const ProtocolShape& shape, unsigned halvings, const RunControl&);

  std::size_t order_;
  PlanLimits limits_;
  std::map<const CodeFamily*, std::vector<CurveNumbers>> curves_;
  std::map<std::tuple<std::size_t, std::size_t, unsigned>, CharacterCost> costs_;
};

/// Those points that no other beats or equals in messages, d' and B together, sorted by messages, then d'.
std::vector<PlanPoint> pareto_front(std::vector<PlanPoint> points);

}  // namespace gapwright
