// SPDX-License-Identifier: MIT
// The row of orthogonal_vectors_to_attention.
#include "reductions/orthogonal_vectors_to_attention.hpp"

#include <fmt/format.h>

#include "atlas/direct_flags.hpp"
#include "atlas/problems/instance_data.hpp"
#include "atlas/rule.hpp"
#include "reductions/pipeline.hpp"

namespace gapwright {
namespace {

AnyInstance any_attention(BitAttention made) { return {problem_row("attention"), AttentionData(std::move(made))}; }

mpz_class written_bits(const AnyInstance& target) { return tensor_bits(std::get<BitAttention>(target.as<AttentionData>())); }

NamedValues parameters_of(const DirectOptions& options, const DirectEmbedding& e, Dtype entry_dtype) {
  NamedValues values;
  for (const DirectFlag& flag : direct_flags()) values.emplace_back(flag.name, options.*flag.place ? "yes" : "no");
  values.emplace_back("entry_dtype", word_of(entry_dtype));
  values.emplace_back("entry_bound", fmt::format("{:.17g}", e.entry_bound));
  if (e.delta != forward_delta()) values.emplace_back("delta", e.delta.get_str());
  return values;
}

std::unique_ptr<AnyReduction> embedding(const AnyInstance& source, const RuleOptions& options) {
  DirectOptions direct = options.direct;
  direct.significand_bits = significand_bits(options.entry_dtype);
  OrthogonalVectorsToAttention rule(source.as<OrthogonalVectorsFile>().vectors, direct);
  check_memory(options.limits, "the attention input and its decision", decision_bytes(rule.embedding()));
  ErasedReduction<OrthogonalVectorsToAttention>::Told told{"k-OV to attention, direct embedding",
                                                           parameters_of(direct, rule.embedding(), options.entry_dtype)};
  return std::make_unique<ErasedReduction<OrthogonalVectorsToAttention>>(source, std::move(rule), any_attention, written_bits,
                                                                         std::move(told));
}

std::unique_ptr<AnyReduction> centred_embedding(const AnyInstance& source, const RuleOptions& options) {
  RuleOptions centred = options;
  centred.direct.centred = true;
  return embedding(source, centred);
}

}  // namespace

std::vector<Rule> orthogonal_vectors_to_attention_rules() {
  Rule direct{.name = "orthogonal_vectors_to_attention",
              .variant = "direct",
              .source = "orthogonal-vectors",
              .target = "attention",
              .theorem =
                  "direct embedding: out_i >= yes iff row i has an orthogonal tuple, else out_i <= no; B = (d' gamma)^(1/k), "
                  "gamma = ln Nmain + ln(1/delta); any k >= 2",
              .size_law = "d' = d + 2^(k-1) - 2; (n_0 + sum_u (n_u + 1)) d' + sum_u (n_u + 1) floats",
              .gap = "out >= 0.4 against out < 1/16 (k <= 4)",
              .preserves = "witnesses both ways, their number, decision, row by row",
              .proof = "docs/reductions.md, 2",
              .parameters = {.embedding = Embedding::direct},
              .sizes = embed_directly,
              .bijective = true,
              .make = embedding};
  Rule centred = direct;
  centred.variant = "direct, centred";
  centred.theorem =
      "direct embedding with keys B and -B (ours): the same outputs with B smaller by the square root of 2, B^2 = d' "
      "gamma / 2; k = 2 only";
  centred.size_law = "d' = d; (n_0 + n_1 + 1) d + n_1 + 1 floats";
  centred.gap = "out >= 0.4 against out < 1/16";
  centred.proof = "docs/reductions.md, 6";
  centred.parameters.centred = true;
  centred.make = centred_embedding;
  return {std::move(direct), std::move(centred)};
}

}  // namespace gapwright
