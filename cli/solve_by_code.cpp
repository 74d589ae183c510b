// solve --route reed-solomon | hermitian | tower: k-OV, the Merlin-Arthur protocol, Gap-k-MaxIP in factored form, attention.
//
// One message of Merlin proves a YES (its witness lifts to a model), but nothing about NO: only all messages together do. So with honest or
// chosen or sampled advice that ends in NO the answer about the formula stays open, and the output says what was shown.
#include <fmt/format.h>

#include "cli/formula.hpp"
#include "cli/limits.hpp"
#include "cli/report.hpp"
#include "cli/solved.hpp"
#include "instances/decimal.hpp"
#include "instances/errors.hpp"
#include "instances/philox.hpp"
#include "reductions/gap_max_ip_to_attention.hpp"
#include "reductions/orthogonal_vectors_to_gap_max_ip.hpp"
#include "reductions/protocol_choice.hpp"
#include "reductions/sat_to_orthogonal_vectors.hpp"
#include "verify/factored_attention.hpp"
#include "verify/orthogonal_tuples.hpp"
#include "verify/sat_oracle.hpp"

namespace gapwright::cli {
namespace {

std::optional<std::size_t> given(std::size_t value) { return value == 0 ? std::nullopt : std::optional(value); }

mpz_class random_message(const MerlinArthur& protocol, std::uint64_t seed, std::uint64_t number) {
  Random random(seed, number);
  mpz_class index = 0;
  for (std::size_t digit = 0; digit < protocol.legal_messages().basis.rows; ++digit) index = index * protocol.code().field().size() + random.below(protocol.code().field().size());
  return index;
}

/// The messages to run, in order, and whether they are all there are.
struct Advice {
  std::string description;
  std::vector<mpz_class> messages;
  bool all = false;
};

Advice honest_advice(const Context& context, const Cnf& cnf, const SatToOrthogonalVectors& sat, const OrthogonalVectorsToGapMaxIp& rule, bool required) {
  const SatAnswer oracle = ask_cryptominisat(cnf, run_control(context, ""), 60);
  if (oracle.satisfiable == true) return {"honest: Merlin knows CryptoMiniSat's model", {rule.push(sat.push(oracle.model).second).first}, false};
  if (required) throw std::invalid_argument("--advice honest needs a model, and CryptoMiniSat finds none; use --advice all or sample:N");
  return {};
}

Advice sampled_advice(const Context& context, const OrthogonalVectors& ov, const OrthogonalVectorsToGapMaxIp& rule, std::size_t count) {
  Advice advice{fmt::format("sample: the best reply to the tuple with the fewest common ones, and {} random messages", count), {}, false};
  if (const auto closest = smallest_inner_product(ov, run_control(context, ""))) advice.messages.push_back(rule.best_reply(closest->first));
  for (std::size_t i = 0; i < count; ++i) advice.messages.push_back(random_message(rule.protocol(), context.seed, i));
  return advice;
}

std::size_t sample_size(const std::string& text) {
  if (text.empty() || text.size() > 6 || text.find_first_not_of("0123456789") != std::string::npos)
    throw std::invalid_argument("--advice sample:N needs a number N up to 999999");
  return std::stoul(text);
}

Advice make_advice(const Context& context, const Cnf& cnf, const SatToOrthogonalVectors& sat, const OrthogonalVectors& ov,
                   const OrthogonalVectorsToGapMaxIp& rule, const std::string& asked) {
  constexpr std::size_t kMostMessages = 1'000'000;
  const mpz_class count = rule.protocol().messages();
  if (asked.empty()) {
    Advice advice = honest_advice(context, cnf, sat, rule, false);
    return advice.messages.empty() ? sampled_advice(context, ov, rule, 16) : advice;
  }
  if (asked == "honest") return honest_advice(context, cnf, sat, rule, true);
  if (asked.starts_with("sample:")) return sampled_advice(context, ov, rule, sample_size(asked.substr(7)));
  if (asked == "all") {
    if (count > kMostMessages)
      throw LimitReached(fmt::format("--advice all: Merlin has {}^{} messages (about {}), at most {} are run; use honest or sample:N", rule.protocol().code().field().size(),
                                     rule.protocol().legal_messages().basis.rows, count_text(count), kMostMessages));
    Advice advice{fmt::format("all {} messages", count.get_str()), {}, true};
    for (mpz_class i = 0; i < count; ++i) advice.messages.push_back(i);
    return advice;
  }
  if (asked.find_first_not_of("0123456789") != std::string::npos) throw std::invalid_argument("--advice '" + asked + "': give honest, all, sample:N or the index of a message");
  rule.protocol().message(mpz_class(asked, 10));  // refuses an index out of range
  return {"message " + asked, {mpz_class(asked, 10)}, false};
}

void describe(const Cnf& cnf, const OrthogonalVectors& ov, const ProtocolShape& shape, const MerlinArthur& protocol, const FactoredAttention& attention, Solved& solved) {
  const auto cost = protocol.cost();
  solved.text += line("formula", formula_text(cnf));
  solved.text += line("k-OV", fmt::format("k = {}: dimension {}", ov.sets.size(), ov.dimension));
  solved.text += line("code", fmt::format("{}{} over F_{}: length L = {}, degree D = {}, dimension K = {}", shape.route, shape.level ? fmt::format(" level {}", shape.level) : "",
                                          shape.field_size, protocol.coins(), protocol.code().degree, protocol.block_length()));
  solved.text += line("protocol", fmt::format("T = {} blocks; {}^{} messages ({} bits), coin {} bits, {} bits per party; a wrong claim passes with probability at most {}/{}",
                                              protocol.blocks(), shape.field_size, protocol.legal_messages().basis.rows, cost.merlin_bits, cost.coin_bits, cost.party_bits,
                                              protocol.largest_wrong_acceptance(), protocol.coins()));
  solved.text += line("gap", fmt::format("yes: t = {}, no: s_no = {}; boxes d' = {}, factored form used", protocol.coins(), protocol.largest_wrong_acceptance(), count_text(attention.dimension)));
  solved.text += line("entries", fmt::format("B = {:.17g}, gamma = {}", attention.terms.entry_bound, decimal_down(attention.gamma, 8)));
  solved.text += line("thresholds", fmt::format("yes: out >= {}, no: out <= {}", decimal_down(*attention.terms.yes_at_least, 12), decimal_up(*attention.terms.no_at_most, 12)));
  solved.json["formula"] = {{"variables", cnf.variables}, {"clauses", cnf.clauses.size()}, {"sha256", cnf.made_by.sources.at(0).sha256}};
  solved.json["order"] = ov.sets.size();
  solved.json["route"] = shape.route;
  solved.json["protocol"] = {{"field", shape.field_size},
                             {"level", shape.level},
                             {"length", protocol.coins()},
                             {"degree", protocol.code().degree},
                             {"block_length", protocol.block_length()},
                             {"blocks", protocol.blocks()},
                             {"messages", integer_json(cost.merlin_messages)},
                             {"yes_at_least", protocol.coins()},
                             {"no_at_most", protocol.largest_wrong_acceptance()}};
  solved.json["attention"] = {{"embedding", "sharp"},
                              {"dimension", integer_json(attention.dimension)},
                              {"entry_bound", attention.terms.entry_bound},
                              {"gamma", decimal_down(attention.gamma, 17)},
                              {"yes_at_least", decimal_down(*attention.terms.yes_at_least, 17)},
                              {"no_at_most", decimal_up(*attention.terms.no_at_most, 17)}};
}

void accept_witness(const Cnf& cnf, const SatToOrthogonalVectors& sat, const OrthogonalVectorsToGapMaxIp& rule, const mpz_class& message, const Verdict& verdict, Solved& solved) {
  solved.assignment = sat.pull(0, rule.pull(message, *verdict.witness));
  const bool holds = accepts(cnf, *solved.assignment);
  solved.satisfiable = holds ? std::optional(true) : std::nullopt;
  solved.contradiction |= !holds;
  solved.text += line("witness", tuple_text(*verdict.witness));
  solved.text += line("assignment", assignment_text(*solved.assignment));
  solved.text += line("checked", holds ? fmt::format("it satisfies all {} clauses", cnf.clauses.size()) : "IT DOES NOT SATISFY THE FORMULA");
}

}  // namespace

void solve_by_code(const Context& context, const Cnf& cnf, const CodeRouteOptions& options, Solved& solved) {
  check_listable(cnf, context.order);
  const SatToOrthogonalVectors sat(cnf, context.order);
  const ProtocolShape shape = choose_protocol({context.route, context.order, sat.dimension(), given(options.field_size), given(options.blocks), given(options.block_length), given(options.level)});
  std::vector<mpz_class> sizes;
  mpz_class tuples = 1;
  for (std::size_t u = 0; u < sat.order(); ++u) {
    sizes.push_back(sat.set_size(u));
    tuples *= sizes.back();
  }
  check_memory(context, formula_text(cnf), 2 * factored_bits(sizes, shape.coins, shape.blocks, shape.field_size) / 8 + (mpz_class(1) << 27));
  check_tuples(context, formula_text(cnf), tuples, shape.coins);
  const auto protocol = std::make_shared<const MerlinArthur>(build_protocol(shape, context.order));
  const OrthogonalVectors ov = sat.target(0);
  const OrthogonalVectorsToGapMaxIp rule(ov, protocol);
  const Advice advice = make_advice(context, cnf, sat, ov, rule, options.advice);
  describe(cnf, ov, shape, *protocol, factored_attention(rule.target(advice.messages.front())), solved);
  solved.text += line("advice", advice.description);
  Stopwatch watch;
  const RunControl control = run_control(context, "exact attention");
  std::size_t no = 0;
  Verdict verdict;
  for (const mpz_class& message : advice.messages) {
    verdict = decide_factored(factored_attention(rule.target(message)), control);
    if (verdict.answer == Answer::undecided) break;
    if (verdict.answer == Answer::yes) {
      solved.text += line("exact", fmt::format("yes: row {} has out in {}, {} bits, {}", verdict.row, enclosure_text(verdict), verdict.precision, seconds_text(watch.lap())));
      accept_witness(cnf, sat, rule, message, verdict, solved);
      break;
    }
    ++no;
  }
  solved.json["advice"] = {{"messages", advice.messages.size()}, {"no", no}, {"all", advice.all}};
  solved.json["decision"] = verdict_json(verdict, watch.lap());
  if (solved.satisfiable || verdict.answer != Answer::no) return;
  solved.text += line("exact", fmt::format("no on every row for {} of {} messages; the largest output of the last lies in {}", no, advice.messages.size(), enclosure_text(verdict)));
  if (advice.all) {
    solved.satisfiable = false;
    solved.text += line("shown", "no message makes any row YES: the formula is unsatisfiable");
  } else {
    solved.text += line("shown", "these messages do not convince; about the other messages, and so about the formula, this proves nothing");
  }
}

}  // namespace gapwright::cli
