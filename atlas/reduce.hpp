// SPDX-License-Identifier: MIT
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "atlas/code_request.hpp"
#include "atlas/problem.hpp"
#include "instances/files/bundle.hpp"
#include "instances/files/instance_files.hpp"
#include "instances/files/narrow.hpp"
#include "reductions/delta.hpp"
#include "reductions/orthogonal_vectors_to_attention.hpp"
#include "reductions/reduction.hpp"

// An instance written as one of another problem: the request, its checks, and the journey. Both faces call this.
namespace gapwright {

struct ReduceRequest {
  std::string to{word_of(FileKind::attention)};  ///< a problem's name
  std::size_t order = 3;                         ///< k, where the source has none of its own
  const CodeFamily* family = nullptr;            ///< of the code; null: direct to attention, the cheapest code to Gap-k-MaxIP
  CodeRequest code;
  DirectOptions direct;  ///< of the embedding, its flags alone
  Dtype entry_dtype = Dtype::f64;
  std::optional<mpq_class> delta = {};  ///< nothing: 1/16
  bool expect = false;                  ///< find the answer first
  std::optional<bool> known = {};       ///< the answer of a formula, of which its file says nothing
  bool recorded = false;                ///< the path is for a bundle: predictions that take time are made too

  /// Gap-k-MaxIP is reached through a code only; attention when a family is named.
  bool by_code() const { return to == word_of(FileKind::gap_max_ip) || (to_attention() && family); }
  bool to_attention() const { return to == word_of(FileKind::attention); }
  bool to_vectors() const { return to == word_of(FileKind::orthogonal_vectors); }
  mpq_class embedding_delta() const { return delta.value_or(forward_delta()); }
};

/// What an instance can be reduced to: problems that some rule makes instances of.
std::vector<std::string> target_words();

/// Throws std::invalid_argument for options that mean nothing to this source or to each other.
void check_request(const ReduceRequest&, const Problem& source);

/// The form of the vectors that the request asks for; pruned unless it says another. Throws std::invalid_argument for what does not exist.
Form written_form(const ReduceRequest&);

/// What a rule's theorem said before anything was built.
struct Promise {
  std::string rule;  ///< "cnf -> orthogonal-vectors"
  Guarantee guarantee;
};

/// What a reduction made: the target, what was promised and counted on the way, and the ways of witnesses.
struct Reduced {
  AnyInstance target;
  std::optional<bool> expected = {};
  std::vector<BundleStep> path = {};
  std::vector<Promise> promised = {};  ///< in the order of the path; gadgets have none
  std::vector<LiftStep> lift = {};     ///< in the order of the path: a table applies them backwards
  std::optional<AttentionWitness> witness = {};
  Provenance made_by = {};
  std::optional<Form> form = {};  ///< of Gap-k-MaxIP vectors
  std::optional<mpz_class> message = {};
  std::function<WitnessNumbers(const WitnessNumbers&)> push = [](const WitnessNumbers& w) { return w; };  ///< source to target
};

/// Sizes are checked against the limits before anything is built. `what` names the source in messages; the answer that the source's file
/// expects is taken over, and refused with BadInstance where another is found. Called before the target is built, with what it is and its bytes:
/// `check_room` may refuse them. The target's provenance is the canonical command. The source is copied unless nobody else holds it.
Reduced reduce(AnyInstance source, const std::string& what, const ReduceRequest&, const Work&,
               const std::function<void(const std::string& what, const mpz_class& bytes)>& check_room = {});

}  // namespace gapwright
