// SPDX-License-Identifier: MIT
// In: what atlas/solve found. Out: text, JSON, or the output of solver competitions. cli/solve calls.
#include "cli/solve_report.hpp"

#include <fmt/format.h>

#include "cli/formula.hpp"
#include "cli/report.hpp"
#include "instances/lift.hpp"
#include "support/decimal.hpp"
#include "support/message.hpp"

namespace gapwright::cli {
namespace {

std::string thresholds_line(const DecidedInput& input) {
  return line("thresholds", fmt::format("yes: out >= {}, no: out <= {}", decimal_down(input.yes_at_least, 12),
                                        decimal_up(input.no_at_most, 12)));
}

/// How the formula became attention.
struct StagesText {
  const SolveResult& result;

  std::string operator()(const DirectEmbedding& e) const {
    return line("k-OV", fmt::format("k = {}: sets of {} vectors in dimension {}; {}", e.order(), sizes_text(e.set_sizes),
                                    e.vector_dimension, counted(count_text(e.main_tuples * e.query_rows), "tuple"))) +
           line("attention", fmt::format("direct embedding: q has {}, dimension {}; written out {}",
                                         counted(size_text(e.query_rows), "row"), e.dimension, bytes_text(e.tensor_bits / 8))) +
           line("entries", fmt::format("B = {:.17g}, gamma = B^{}/{} = {}", result.input.entry_bound, e.order(), e.dimension,
                                       decimal_down(result.input.gamma, 8))) +
           thresholds_line(result.input);
  }
  std::string operator()(const CodeStages& s) const {
    return line("k-OV", fmt::format("k = {}: dimension {}", result.order, s.dimension)) + line("code", code_text(s.shape)) +
           line("protocol", fmt::format("T = {}; {}^{} messages ({}), coin {}, {} per party; a wrong claim "
                                        "passes with probability at most {}/{}",
                                        counted(s.shape.blocks, "block"), s.shape.field_size, s.shape.message_symbols,
                                        counted(s.cost.merlin_bits, "bit"), counted(s.cost.coin_bits, "bit"),
                                        counted(s.cost.party_bits, "bit"), s.largest_wrong_acceptance, s.shape.coins)) +
           line("gap", fmt::format("yes: t = {}, no: s_no = {}; {} form, embedding {}, d' = {}", s.shape.coins,
                                   s.largest_wrong_acceptance, word_of(s.form), s.embedding, count_text(s.attention_dimension))) +
           line("entries",
                fmt::format("B = {:.17g}, gamma = {}", result.input.entry_bound, decimal_down(result.input.gamma, 8))) +
           thresholds_line(result.input) + line("advice", s.advice);
  }
};

std::string model_text(const SolveResult& result, std::size_t clauses) {
  if (!result.decision->verdict.witness) return "";
  return line("witness", tuple_text(*result.decision->verdict.witness)) +
         line("assignment", assignment_text(*result.assignment)) +
         line("checked", result.violated == 0 ? "it satisfies " + all_counted(std::to_string(clauses), "clause")
                                              : "IT DOES NOT SATISFY THE FORMULA");
}

std::string direct_decision_text(const SolveResult& result) {
  const auto& [v, built, decided] = *result.decision;
  const std::string why = passed_threshold_text(v, result.input.yes_at_least, result.input.no_at_most);
  return line("exact",
              fmt::format("{}: row {} has out in {}, {} bits, method {}; built in {}, decided in {}", answer_text(v.answer),
                          v.row, enclosure_text(v), v.precision, v.method, seconds_text(built), seconds_text(decided))) +
         (why.empty() ? "" : line("", why)) + (v.reason.empty() ? "" : line("", v.reason));
}

std::string code_decision_text(const CodeStages& stages, const AttentionAnswer& decision) {
  const Verdict& v = decision.verdict;
  if (v.answer == Answer::undecided) return line("exact", "undecided: " + v.reason);
  if (v.answer == Answer::yes)
    return line("exact", fmt::format("yes: row {} has out in {}, {} bits, {}", v.row, enclosure_text(v), v.precision,
                                     seconds_text(decision.decided)));
  return line("exact", fmt::format("no on every row for {} of {}; the largest output of the last lies in {}", stages.no,
                                   counted(stages.messages, "message"), enclosure_text(v))) +
         line("shown",
              stages.all
                  ? "no message makes any row YES: the formula is unsatisfiable"
                  : "these messages do not convince; about the other messages, and so about the formula, this proves nothing");
}

std::string decision_text(const SolveResult& result, std::size_t clauses) {
  if (!result.decision) return "";
  return (result.code() ? code_decision_text(*result.code(), *result.decision) : direct_decision_text(result)) +
         model_text(result, clauses);
}

std::string counts_text(const SolveResult& result, std::size_t shown) {
  std::string text;
  if (result.projected)
    text += line("projected", fmt::format("{} of the {} to be shown can be extended to a model (by branching; {})",
                                          counted(result.projected->models.get_str(), "assignment"), counted(shown, "variable"),
                                          seconds_text(result.projected->seconds)));
  if (result.models)
    text += line("models", fmt::format("{} (tuples with inner product 0, all rows; {})", result.models->models.get_str(),
                                       seconds_text(result.models->seconds)));
  return text;
}

std::string fewest_text(const SolveResult& result, std::size_t clauses) {
  if (!result.fewest) return "";
  const auto& [violated, attained_by, seconds] = *result.fewest;
  return line("violated", fmt::format("at least {} by every assignment, and no more by {} ({})", counted(violated, "clause"),
                                      counted(attained_by.get_str(), "assignment"), seconds_text(seconds))) +
         line("assignment", assignment_text(*result.assignment)) +
         line("checked", fmt::format("it violates {} of {}", result.violated, counted(clauses, "clause")));
}

std::string oracle_text(const SolveRequest& request, const SolveResult& result) {
  const OracleAnswer& oracle = result.oracle.value();
  const std::string opinion = !oracle.satisfiable ? fmt::format("no answer within {} s", request.oracle_seconds.value())
                              : oracle.agrees     ? (result.satisfiable ? "agrees" : "answers")
                                                  : "DISAGREES";
  return line("CryptoMiniSat",
              fmt::format("{} ({}): {}", satisfiable_text(oracle.satisfiable), seconds_text(oracle.seconds), opinion));
}

/// How the formula became attention, under several keys.
struct StagesJson {
  const SolveResult& result;
  nlohmann::ordered_json& json;

  /// The keys of the input that both routes have, after those of one.
  nlohmann::ordered_json input(nlohmann::ordered_json begun) const {
    begun["entry_bound"] = result.input.entry_bound;
    begun["gamma"] = decimal_down(result.input.gamma, 17);
    begun["yes_at_least"] = decimal_down(result.input.yes_at_least, 17);
    begun["no_at_most"] = decimal_up(result.input.no_at_most, 17);
    return begun;
  }
  void operator()(const DirectEmbedding& e) const {
    auto sizes = nlohmann::ordered_json::array();
    for (const mpz_class& n : e.set_sizes) sizes.push_back(exact_json(n));
    json["orthogonal_vectors"] = {{"sizes", sizes}, {"dimension", e.vector_dimension}};
    json["attention"] = input({{"embedding", kDirect},
                               {"query_rows", exact_json(e.query_rows)},
                               {"dimension", e.dimension},
                               {"bytes", exact_json(e.tensor_bits / 8)}});
  }
  void operator()(const CodeStages& s) const {
    json["route"] = s.shape.family->name;
    json["protocol"] = {{"field", s.shape.field_size},
                        {"level", s.shape.level},
                        {"length", s.shape.coins},
                        {"degree", s.shape.degree},
                        {"block_length", s.shape.block_length},
                        {"blocks", s.shape.blocks},
                        {"messages", exact_json(s.cost.merlin_messages)},
                        {"yes_at_least", s.shape.coins},
                        {"no_at_most", s.largest_wrong_acceptance}};
    json["attention"] =
        input({{"form", word_of(s.form)}, {"embedding", s.embedding}, {"dimension", exact_json(s.attention_dimension)}});
    json["advice"] = {{"messages", s.messages}, {"no", s.no}, {"all", s.all}};
  }
};

}  // namespace

std::string satisfiable_text(std::optional<bool> answer) {
  return !answer ? "UNKNOWN" : *answer ? "SATISFIABLE" : "UNSATISFIABLE";
}

std::string solved_text(const Cnf& cnf, const SolveRequest& request, const SolveResult& result, std::size_t shown) {
  std::string text = line("formula", formula_text(cnf)) + std::visit(StagesText{result}, result.stages) +
                     counts_text(result, shown) + fewest_text(result, cnf.clauses.size()) +
                     decision_text(result, cnf.clauses.size()) + oracle_text(request, result);
  if (result.proof_seconds)
    text +=
        line("CaDiCaL", fmt::format("UNSATISFIABLE ({}): DRAT proof in {}", seconds_text(*result.proof_seconds), request.proof));
  return text + line("answer", satisfiable_text(result.satisfiable));
}

nlohmann::ordered_json solved_json(const Cnf& cnf, const SolveResult& result, const std::vector<std::int32_t>& shown) {
  nlohmann::ordered_json json;
  json["formula"] = {{"variables", cnf.variables}, {"clauses", cnf.clauses.size()}, {"sha256", cnf.made_by.sources.at(0).sha256}};
  json["order"] = result.order;
  std::visit(StagesJson{result, json}, result.stages);
  if (result.projected) {
    json["shown"] = shown;
    json["projected_models"] = exact_json(result.projected->models);
  }
  if (result.models) json["models"] = exact_json(result.models->models);
  if (result.fewest) {
    json["fewest_violated"] = result.fewest->clauses;
    json["attained_by"] = exact_json(result.fewest->attained_by);
  }
  if (result.decision) json["decision"] = verdict_json(result.decision->verdict, result.decision->decided);
  json["cryptominisat"] = satisfiable_text(result.oracle.value().satisfiable);
  json["answer"] = satisfiable_text(result.satisfiable);
  if (result.assignment) json["assignment"] = literals_of(*result.assignment);
  json["timing"] = {{"seconds", seconds_since_start()}};
  return json;
}

std::string competition_text(const SolveResult& result) {
  std::string text = "s " + satisfiable_text(result.satisfiable) + "\n";
  if (result.satisfiable != true) return text;
  std::string values = "v";
  for (std::size_t v = 0; v < result.assignment->size(); ++v) {
    const std::string literal = fmt::format(" {}{}", (*result.assignment)[v] ? "" : "-", v + 1);
    if (values.size() + literal.size() > 78) {
      text += values + "\n";
      values = "v";
    }
    values += literal;
  }
  return text + values + " 0\n";
}

}  // namespace gapwright::cli
