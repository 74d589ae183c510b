// SPDX-License-Identifier: MIT
// solve through a code, --route of any family: k-OV, the Merlin-Arthur protocol, Gap-k-MaxIP in factored form, attention.
//
// One message of Merlin proves a YES (its witness lifts to a model), but nothing about NO: only all messages together do. So with honest or
// chosen or sampled advice that ends in NO the answer about the formula stays open, and the output says what was shown.
#include "cli/solve_by_code.hpp"

#include <fmt/format.h>

#include "cli/code_route.hpp"
#include "cli/formula.hpp"
#include "cli/report.hpp"
#include "cli/solved.hpp"
#include "reductions/boxes.hpp"
#include "reductions/gap_max_ip_to_attention.hpp"
#include "reductions/sat_to_orthogonal_vectors.hpp"
#include "support/decimal.hpp"
#include "support/message.hpp"
#include "verify/attention_counts.hpp"
#include "verify/factored_attention.hpp"
#include "verify/sat_oracle.hpp"

namespace gapwright::cli {
namespace {

/// The attention input of one message, in factored form or with its vectors written out, as far as the answer tells of it.
struct Stage {
  AttentionTerms terms;
  mpz_class dimension;  ///< d'
  mpq_class gamma;
};

Verdict decide_message(const Context& context, const CodeRequest& options, FactoredGapMaxIp instance, Stage& stage) {
  const RunControl control = run_control(context, "exact attention");
  if (options.form.value_or(Form::factored) == Form::factored) {
    const FactoredAttention attention = factored_attention(std::move(instance));
    stage = {attention.terms, attention.dimension, attention.gamma};
    return decide_factored(attention, control);
  }
  const mpz_class most_bits = context.limits.memory * 2;  // a quarter of the bytes: the scoring index takes some more
  const GapMaxIp vectors = boxes(instance, options.form == Form::pruned, most_bits);
  const GapMaxIpToAttention rule(vectors, options.embedding);
  const BitAttention attention = rule.target(0);
  stage = {attention.terms, rule.embedding().dimension, rule.embedding().gamma};
  return decide_by_counts(attention, CountMethod::verdict, control);
}

void describe(const Cnf& cnf, const OrthogonalVectors& ov, const ProtocolShape& shape, const MerlinArthur& protocol,
              const CodeRequest& options, const Stage& stage, Solved& solved) {
  const auto cost = protocol.cost();
  const std::string_view form = word_of(options.form.value_or(Form::factored));
  solved.text += line("formula", formula_text(cnf));
  solved.text += line("k-OV", fmt::format("k = {}: dimension {}", ov.sets.size(), ov.dimension));
  solved.text += line("code", code_text(shape));
  solved.text +=
      line("protocol", fmt::format("T = {}; {}^{} messages ({}), coin {}, {} per party; a wrong claim "
                                   "passes with probability at most {}/{}",
                                   counted(protocol.blocks(), "block"), shape.field_size, protocol.legal_messages().basis.rows,
                                   counted(cost.merlin_bits, "bit"), counted(cost.coin_bits, "bit"),
                                   counted(cost.party_bits, "bit"), protocol.largest_wrong_acceptance(), protocol.coins()));
  solved.text +=
      line("gap", fmt::format("yes: t = {}, no: s_no = {}; {} form, embedding {}, d' = {}", protocol.coins(),
                              protocol.largest_wrong_acceptance(), form, stage.terms.embedding, count_text(stage.dimension)));
  solved.text += line("entries", fmt::format("B = {:.17g}, gamma = {}", stage.terms.entry_bound, decimal_down(stage.gamma, 8)));
  solved.text += line("thresholds", fmt::format("yes: out >= {}, no: out <= {}", decimal_down(*stage.terms.yes_at_least, 12),
                                                decimal_up(*stage.terms.no_at_most, 12)));
  solved.json["formula"] = {
      {"variables", cnf.variables}, {"clauses", cnf.clauses.size()}, {"sha256", cnf.made_by.sources.at(0).sha256}};
  solved.json["order"] = ov.sets.size();
  solved.json["route"] = shape.family->name;
  solved.json["protocol"] = {{"field", shape.field_size},
                             {"level", shape.level},
                             {"length", protocol.coins()},
                             {"degree", protocol.code().degree},
                             {"block_length", protocol.block_length()},
                             {"blocks", protocol.blocks()},
                             {"messages", exact_json(cost.merlin_messages)},
                             {"yes_at_least", protocol.coins()},
                             {"no_at_most", protocol.largest_wrong_acceptance()}};
  solved.json["attention"] = {{"form", form},
                              {"embedding", stage.terms.embedding},
                              {"dimension", exact_json(stage.dimension)},
                              {"entry_bound", stage.terms.entry_bound},
                              {"gamma", decimal_down(stage.gamma, 17)},
                              {"yes_at_least", decimal_down(*stage.terms.yes_at_least, 17)},
                              {"no_at_most", decimal_up(*stage.terms.no_at_most, 17)}};
}

void accept_witness(const Cnf& cnf, const SatToOrthogonalVectors& sat, const OrthogonalVectorsToGapMaxIp& rule,
                    const mpz_class& message, const Verdict& verdict, Solved& solved) {
  solved.assignment = sat.pull(0, rule.pull(message, *verdict.witness));
  const bool holds = accepts(cnf, *solved.assignment);
  solved.satisfiable = holds ? std::optional(true) : std::nullopt;
  solved.contradiction |= !holds;
  solved.text += line("witness", tuple_text(*verdict.witness));
  solved.text += line("assignment", assignment_text(*solved.assignment));
  solved.text += line("checked", holds ? "it satisfies " + all_counted(std::to_string(cnf.clauses.size()), "clause")
                                       : "IT DOES NOT SATISFY THE FORMULA");
}

/// Honest Merlin's tuple for a formula: CryptoMiniSat's model, pushed.
std::optional<OrthogonalVectors::Witness> honest_tuple(const Context& context, const Cnf& cnf,
                                                       const SatToOrthogonalVectors& sat) {
  const auto model = model_within_a_minute(cnf, run_control(context, ""));
  return model ? std::optional(sat.push(*model).second) : std::nullopt;
}

void check_options(const CodeRequest& options) {
  const bool vectors = options.form == Form::full || options.form == Form::pruned;
  if (options.gadget == Gadget::characters || options.mu != 0)
    throw std::invalid_argument(
        "solve takes the gadget boxes; write a characters instance with reduce --gadget characters and decide it");
  if (options.embedding == Embedding::paper && !vectors)
    throw std::invalid_argument("--embedding paper needs its vectors: add --form explicit or pruned");
}

}  // namespace

void solve_by_code(const Context& context, const Cnf& cnf, const CodeRequest& options, Solved& solved) {
  check_options(options);
  check_listable(cnf, context.order);
  const SatToOrthogonalVectors sat(cnf, context.order);
  std::vector<mpz_class> sizes;
  mpz_class tuples = 1;
  for (std::size_t u = 0; u < sat.order(); ++u) {
    sizes.push_back(sat.set_size(u));
    tuples *= sizes.back();
  }
  const ProtocolShape shape = shape_for(*context.family, options, Form::factored, sizes, sat.dimension());
  check_memory(context.limits, formula_text(cnf),
               2 * factored_bits(sizes, shape.coins, shape.blocks, shape.field_size) / 8 + (mpz_class(1) << 27));
  check_tuples(context.limits, formula_text(cnf), tuples, shape.coins);
  const auto protocol =
      std::make_shared<const MerlinArthur>(build_protocol(shape, context.order, run_control(context, "code"), context.limits));
  const OrthogonalVectors ov = sat.target(0);
  const OrthogonalVectorsToGapMaxIp rule(ov, protocol);
  const Advice advice = advice_for(
      options, ov, rule, [&] { return honest_tuple(context, cnf, sat); }, context.seed, work_of(context));
  Stopwatch watch;
  Verdict verdict;
  Stage stage;
  std::size_t no = 0;
  for (; no < advice.messages.size(); ++no) {
    verdict = decide_message(context, options, rule.target(advice.messages[no]), stage);
    if (verdict.answer != Answer::no) break;
  }
  const double seconds = watch.lap();
  describe(cnf, ov, shape, *protocol, options, stage, solved);
  solved.text += line("advice", advice.description);
  solved.json["advice"] = {{"messages", advice.messages.size()}, {"no", no}, {"all", advice.all}};
  solved.json["decision"] = verdict_json(verdict, seconds);
  if (verdict.answer == Answer::yes) {
    solved.text += line("exact", fmt::format("yes: row {} has out in {}, {} bits, {}", verdict.row, enclosure_text(verdict),
                                             verdict.precision, seconds_text(seconds)));
    accept_witness(cnf, sat, rule, advice.messages[no], verdict, solved);
  } else if (verdict.answer == Answer::no) {
    solved.text += line("exact", fmt::format("no on every row for {} of {}; the largest output of the last lies in {}", no,
                                             counted(advice.messages.size(), "message"), enclosure_text(verdict)));
    if (advice.all) solved.satisfiable = false;
    solved.text += line(
        "shown", advice.all
                     ? "no message makes any row YES: the formula is unsatisfiable"
                     : "these messages do not convince; about the other messages, and so about the formula, this proves nothing");
  } else {
    solved.text += line("exact", "undecided: " + verdict.reason);
  }
}

}  // namespace gapwright::cli
