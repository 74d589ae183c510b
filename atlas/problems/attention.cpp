// SPDX-License-Identifier: MIT
// The rows of attention and of its gradient. An instance holds an input as its file gives it, or as bits, as rules make it (AttentionData).
#include "atlas/problems/instance_data.hpp"
#include "atlas/problems/sets.hpp"
#include "verify/attention_counts.hpp"
#include "verify/attention_witnesses.hpp"
#include "verify/decision_bytes.hpp"

namespace gapwright {
namespace {

const AttentionTerms& terms_of(const AnyInstance& instance) {
  const auto& data = instance.as<AttentionData>();
  if (const auto* bits = std::get_if<BitAttention>(&data)) return bits->terms;
  return std::get<Attention>(data).terms;
}

Attention written_attention(const AnyInstance& instance) {
  const auto& data = instance.as<AttentionData>();
  if (const auto* bits = std::get_if<BitAttention>(&data)) return written_out(*bits);
  return std::get<Attention>(data);
}

std::string objection_to_keys(const AnyInstance& instance, const std::optional<AttentionWitness>& rule,
                              const WitnessNumbers& witness) {
  return why_no_witness(written_attention(instance), rule.value_or(AttentionWitness{}), tuple_of(witness));
}

void write_data(const std::string& path, const AnyInstance& instance, std::optional<bool>, const RunControl& control) {
  std::visit([&](const auto& a) { write_attention(path, a, control); },
             instance.as<AttentionData>());  // its terms say what is expected
}

RouteStart sizes_of_input(const AnyInstance&) { throw std::invalid_argument("an attention input's sizes stay as they are"); }

}  // namespace

Problem attention_problem() {
  return {.name = "attention",
          .meaning = "attention of order k with large entries: is some output at least the threshold?",
          .witness = "a row of q and a key in each key matrix",
          .hypothesis =
              "for every k and e > 0 there are constants (c, Q, T, C_B) such that no algorithm solves attention of order "
              "k in dimension c log n with entries up to B = C_B (log n)^(1/k) in time n^(k - e); implied by SETH "
              "[AS24; AS23 for k = 2]",
          .brute_force = "n^k",
          .start = [](const StartNumbers& numbers) { return start_of_plain_sets("attention", numbers); },
          .start_numbers = kSetNumbers,
          .check_start = check_vector_sizes,
          .sizes = sizes_of_input,
          .read = [](const std::vector<InputFile>& inputs,
                     bool) { return AnyInstance(problem_row("attention"), AttentionData(read_attention(inputs.at(0)))); },
          .write = write_data,
          .expected = [](const AnyInstance& instance) { return terms_of(instance).expected; },
          .made_by = [](const AnyInstance& instance) { return terms_of(instance).made_by; },
          .with_made_by =
              [](AnyInstance instance, Provenance made_by) {
                std::visit([&](auto& a) { a.terms.made_by = std::move(made_by); }, instance.changed<AttentionData>());
                return instance;
              },
          .objection = objection_to_keys};
}

Problem attention_gradient_problem() {
  return {.name = "attention-gradient",
          .meaning = "the gradient of 1/2 sum of squared outputs of such attention",
          .witness = "none: a number decides",
          .hypothesis =
              "for every k and e > 0 there are constants (c, Q, T, C_B), as for attention, such that no algorithm computes "
              "the gradient in time n^(k - e); implied by SETH [LSSZ24; AS24b for k = 2]",
          .brute_force = "n^k",
          .abbreviations = {"gradient"}};
}

}  // namespace gapwright
