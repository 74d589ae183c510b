// SPDX-License-Identifier: MIT
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "atlas/advice.hpp"
#include "atlas/work.hpp"
#include "instances/vocabulary.hpp"
#include "reductions/orthogonal_vectors_to_gap_max_ip.hpp"
#include "reductions/protocol_choice.hpp"

// What is asked of the routes through codes: the code, the form of the vectors, and Merlin's advice.
namespace gapwright {

struct CodeRequest {
  std::optional<AskedAdvice> advice = {};  ///< nothing: honest when a witness is found, else sample of solve, best of reduce
  std::optional<Form> form = {};           ///< nothing: the verb's default
  Gadget gadget = Gadget::boxes;
  Embedding embedding = Embedding::sharp;
  double mu = 0;  ///< characters: weight per copy of a coordinate; 0: the mean weight
  std::optional<std::size_t> field_size = {}, blocks = {}, block_length = {}, level = {};
  double honest_seconds = 60;  ///< of processor time, for the model of a formula that honest Merlin knows

  bool may_sample() const { return !advice || advice->kind == AdviceKind::sample; }
  bool of_the_protocol() const { return advice || field_size || blocks || block_length || level; }
  bool any() const { return of_the_protocol() || form || gadget != Gadget::boxes || embedding != Embedding::sharp || mu != 0; }
};

/// The forms and embeddings that can be asked for: characters are a gadget, and no code leads to the direct embedding.
std::vector<std::string> form_words();
std::vector<std::string> embedding_words();

/// "tower": the families with levels.
std::string level_families();

/// "hermitian over F_25: length L = 125, degree D = 32, dimension K = 23".
std::string code_text(const ProtocolShape& shape);

/// The shape that suits the form: the least coordinates of the vectors for explicit, pruned and characters, the least symbols for factored.
ProtocolShape shape_for(const CodeFamily& family, const CodeRequest& request, Form form, const std::vector<mpz_class>& set_sizes,
                        std::size_t dimension);
/// The same of the family with the least cost among those that fit.
ProtocolShape cheapest_shape(const CodeRequest& request, Form form, const std::vector<mpz_class>& set_sizes,
                             std::size_t dimension);

/// The messages to run, in order, and whether they are all there are.
struct Advice {
  std::string description;
  std::vector<mpz_class> messages;
  bool all = false;
  bool honest = false;              ///< the one message has a tuple that reaches t
  std::optional<bool> answer = {};  ///< of the vectors, where the search for the message found it
};

Advice honest_advice(const OrthogonalVectorsToGapMaxIp& rule, const OrthogonalVectors::Witness& tuple);
/// Proves the answer. Throws std::invalid_argument when a set is empty.
Advice best_advice(const OrthogonalVectors& ov, const OrthogonalVectorsToGapMaxIp& rule, const Work& work);

/// What honest Merlin knows: an orthogonal tuple, or nothing.
using Witnesses = std::function<std::optional<OrthogonalVectors::Witness>()>;
Advice advice_for(const CodeRequest& request, const OrthogonalVectors& ov, const OrthogonalVectorsToGapMaxIp& rule,
                  const Witnesses& honest, std::uint64_t seed, const Work& work);

}  // namespace gapwright
