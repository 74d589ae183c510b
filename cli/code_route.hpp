// SPDX-License-Identifier: MIT
#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/context.hpp"
#include "reductions/gap_max_ip_to_attention.hpp"
#include "reductions/orthogonal_vectors_to_gap_max_ip.hpp"
#include "reductions/protocol_choice.hpp"
#include "reductions/sat_to_orthogonal_vectors.hpp"

// What the code routes of solve and reduce share: their options, the choice of the code, and Merlin's advice.
namespace gapwright::cli {

struct CodeRouteOptions {
  std::string advice;        ///< honest, all, sample:N, a message index; empty: honest when there is a witness, else sample:16
  std::optional<Form> form;  ///< nothing: the verb's default
  std::optional<Gadget> gadget;  ///< nothing: boxes
  Embedding embedding = Embedding::sharp;
  double mu = 0;  ///< characters: weight per copy of a coordinate; 0: the mean weight
  std::size_t field_size = 0, blocks = 0, block_length = 0, level = 0;  ///< 0: chosen

  bool may_sample() const { return advice.empty() || advice.starts_with("sample"); }
  bool of_the_protocol() const { return !advice.empty() || field_size || blocks || block_length || level; }
  bool any() const { return of_the_protocol() || form || gadget || embedding != Embedding::sharp || mu != 0; }
};
/// "tower": the families with levels.
std::string level_families();
void add_code_route_options(CLI::App& verb, CodeRouteOptions& options);

/// "hermitian over F_25: length L = 125, degree D = 32, dimension K = 23".
std::string code_text(const ProtocolShape& shape);

/// The shape that suits the form: the least coordinates of the vectors for explicit, pruned and characters, the least symbols for factored.
ProtocolShape shape_for(const CodeFamily& family, const CodeRouteOptions& options, Form form,
                        const std::vector<mpz_class>& set_sizes, std::size_t dimension);

/// The messages to run, in order, and whether they are all there are.
struct Advice {
  std::string description;
  std::vector<mpz_class> messages;
  bool all = false;
  bool honest = false;  ///< the one message has a tuple that reaches t
};

/// Honest Merlin's tuple for a formula: CryptoMiniSat's model, pushed.
std::optional<OrthogonalVectors::Witness> honest_tuple(const Context& context, const Cnf& cnf, const SatToOrthogonalVectors& sat);

/// What honest Merlin knows: an orthogonal tuple, or nothing.
using Witnesses = std::function<std::optional<OrthogonalVectors::Witness>()>;
Advice make_advice(const Context& context, const OrthogonalVectors& ov, const OrthogonalVectorsToGapMaxIp& rule,
                   const std::string& asked, const Witnesses& honest);

}  // namespace gapwright::cli
