// SPDX-License-Identifier: MIT
// implied: which running time for the last problem would refute the hypothesis at the first.
//
// Let every rule of a route keep the order k and, up to factors n^o(1), the number n of vectors of a set. An algorithm for the
// last problem in time n^x, called on each of the n^m instances that Merlin's messages make, gives one for the first in time
// n^(x + m) and so, with n^k the number of tuples (2^N for a formula, n = 2^(N/k)), in (brute force)^((x + m)/k): a saving e
// means x = k (1 - e) - m. Asymptotically m can be made smaller than any constant (a larger constant number T of blocks), so any
// x < k refutes. At a given size nothing is asymptotic: n is 2^ceil(N/k), the exponent is (1 - e) N/ceil(N/k) exactly, and m is
// what the planner's codes really need.
#include <fmt/format.h>

#include <algorithm>

#include "cli/atlas_names.hpp"
#include "cli/commands.hpp"
#include "cli/delta_option.hpp"
#include "cli/number_list.hpp"
#include "cli/report.hpp"
#include "explore/plan/planner.hpp"
#include "reductions/implied_exponent.hpp"
#include "support/decimal.hpp"

namespace gapwright::cli {
namespace {

struct ImpliedOptions {
  std::string from, to, saving = "1/10";
  StartOptions start;
};

const Problem& problem(std::string_view name) {
  return *std::find_if(problems().begin(), problems().end(), [&](const Problem& p) { return p.name == name; });
}

/// What one way costs at this size: the planner's constants, and the exponent that an algorithm must beat.
struct Way {
  std::string name;
  std::string objective;  ///< least entries, or fewest messages
  std::optional<PlanPoint> point;
  PlanFigures figures;
  Enclosure exponent;      ///< (1 - e) log_n(tuples) - m
  std::string impossible;  ///< why it is none
};

std::string enclosed(const Enclosure& e) { return fmt::format("{:.6g}", e.lo); }

std::vector<Way> ways_of(const RouteStage& vectors, const mpq_class& exponent, const mpq_class& delta, bool for_gradients,
                         const RunControl& control) {
  const std::size_t order = vectors.set_sizes.size(), dimension = vectors.dimension.get_ui();
  Planner planner(order);
  std::vector<Way> ways{{std::string(kDirect), "least entries", planner.direct(dimension), {}, {}, ""}};
  for (const CodeFamily& family : code_families())
    for (const Gadget gadget : {Gadget::boxes, Gadget::characters})
      ways.push_back({fmt::format("{}, {}", family.name, word_of(gadget)),
                      "least entries",
                      planner.least_entries(family, gadget, dimension, control),
                      {},
                      {},
                      ""});
  // An input of d' > n columns is no longer near n rows, and one message would always do (Planner::fewest_messages).
  const mpz_class most = *std::max_element(vectors.set_sizes.begin(), vectors.set_sizes.end());
  auto fewest = planner.fewest_messages(dimension, most, control);
  ways.push_back(
      {fewest ? fmt::format("{}, {}", route_word(fewest->family), gadget_word(fewest->gadget)) : "any code with d' <= n",
       "fewest messages",
       std::move(fewest),
       {},
       {},
       ""});
  for (Way& way : ways) {
    if (!way.point) {
      way.impossible = "no code fits";
      continue;
    }
    *way.point = with_centred_keys(std::move(*way.point), order);
    if (way.point->centred) way.name += ", centred";
    way.figures = planner.figures(*way.point, vectors.set_sizes, delta);
    if (for_gradients && !way.figures.losses_separate) way.impossible = "with this delta the losses do not separate";
    const double x = exponent.get_d();
    way.exponent = way.point->shape ? Enclosure{std::nextafter(x - way.figures.message_exponent.hi, -INFINITY),
                                                std::nextafter(x - way.figures.message_exponent.lo, INFINITY)}
                                    : Enclosure{x, x};
  }
  return ways;
}

std::string ways_text(const std::vector<Way>& ways, const mpq_class& exponent) {
  std::string text;
  std::string objective;
  const auto head = [&](const Way& way) {
    if (way.objective == objective) return;
    objective = way.objective;
    text += fmt::format("\n  {}:\n", objective == "fewest messages" ? "fewest messages with d' at most n" : objective);
  };
  text += fmt::format("\n  {:<32}{:>11}{:>13}{:>12}{:>14}{:>14}  {}\n", "way", "d'", "B", "gamma", "log2 error", "messages n^m",
                      "to be solved in time");
  for (const Way& way : ways) {
    head(way);
    if (!way.impossible.empty()) {
      text += fmt::format("  {:<32}{}\n", way.name, way.impossible);
      continue;
    }
    const PlanFigures& f = way.figures;
    const std::string most = way.point->exact() ? "" : "<=";  // characters: the rest depends on the message
    const bool direct = !way.point->shape;
    const std::string time = direct                ? "n^(" + exponent.get_str() + ")"
                             : way.exponent.lo > 1 ? "n^" + enclosed(way.exponent)
                                                   : "less than its input: too many messages at this size";
    text += fmt::format("  {:<32}{:>11}{:>13}{:>12.6g}{:>14.6g}{:>14}  {}\n", way.name, most + count_text(way.point->dimension),
                        most + fmt::format("{:.6g}", f.entry_bound.hi), f.gamma.hi, f.log2_required_error.lo,
                        direct ? "1" : fmt::format("n^{:.4g}", f.message_exponent.hi), time);
  }
  return text;
}

nlohmann::ordered_json ways_json(const std::vector<Way>& ways, const mpq_class& exponent) {
  auto json = nlohmann::ordered_json::array();
  for (const Way& way : ways) {
    if (!way.impossible.empty()) {
      json.push_back({{"way", way.name}, {"objective", way.objective}, {"impossible", way.impossible}});
      continue;
    }
    const auto enclosure = [](const Enclosure& e) { return nlohmann::ordered_json{{"lo", e.lo}, {"hi", e.hi}}; };
    nlohmann::ordered_json entry{{"way", way.name},
                                 {"objective", way.objective},
                                 {"embedding", way.point->embedding},
                                 {"dimension", exact_json(way.point->dimension)},
                                 {"exactness", way.point->exact() ? "exact" : "at most"},
                                 {"entry_bound", enclosure(way.figures.entry_bound)},
                                 {"gamma", enclosure(way.figures.gamma)},
                                 {"log2_required_error", enclosure(way.figures.log2_required_error)},
                                 {"message_exponent", enclosure(way.figures.message_exponent)}};
    entry["exponent"] = way.point->shape ? enclosure(way.exponent) : nlohmann::ordered_json(exponent.get_str());
    json.push_back(std::move(entry));
  }
  return json;
}

/// "2^(9/10 N)" or "n^(27/10)".
std::string saved_time(const std::string& from, std::size_t order, const mpq_class& saving) {
  return from == "cnf" ? fmt::format("2^({} N)", mpq_class(1 - saving).get_str())
                       : fmt::format("n^({})", mpq_class(order * (1 - saving)).get_str());
}

std::string conditions(const std::string& to) {
  if (to == "attention")
    return "for every constant c and d = c log n: direct: d' = d + 2^(k-1) - 2, B = (d' gamma)^(1/k) = Theta((log n)^(2/k)); "
           "through "
           "codes, for every Q and T, B = C_B (log n)^(1/k) with C_B = C_B(k, c, Q, T) [AS24]; an additive error below half the "
           "gap "
           "decides: a constant (direct, sharp)";
  if (to == "attention-gradient")
    return "as for attention, with delta at most 1/(4 sqrt(n_0)); the number of quadrature nodes is n^o(1)";
  if (to == "gap-max-ip")
    return "for every constant c and d = c log n, every Q and T: t = L, s_no = k D, a constant factor apart over a code of "
           "constant rate; "
           "one of n^delta messages, delta below any constant for T large [AS24, Rub18]";
  return "for every constant c: dimension d = max(M, 1) = c log n; sparsification writes w-SAT as 2^(e N) formulas of at most "
         "c(w, e) N "
         "clauses, for every e > 0 [IPZ01]";
}

int run_implied(const Context& context, const ImpliedOptions& options) {
  declare_start(context, options.start);
  const Journey j = journey(options.from, options.to);
  const mpq_class saving = fraction("--saving", options.saving);
  if (saving <= 0 || saving >= 1)
    throw std::invalid_argument("--saving " + options.saving + ": give a number above 0 and below 1");
  const RouteStart start = start_of(context, options.start, j);
  const ImpliedExponent exponent = implied_exponent(start.order, saving, j.from == "cnf" ? start.variables : 0);
  const bool turing = std::all_of(j.routes.begin(), j.routes.end(), [](const Route& route) {
    return std::any_of(route.begin(), route.end(), [](std::size_t r) { return rules()[r].kind == RuleKind::over_messages; });
  });
  const std::string problem_text = j.to == "attention" || j.to == "attention-gradient"
                                       ? fmt::format("{} of order {} with n rows", j.to, start.order)
                                       : fmt::format("{} with k = {} sets of n vectors", j.to, start.order);
  std::string text = line("hypothesis", problem(j.from).hypothesis);
  text += line("refuted by", fmt::format("{} in time n^({} - eps), for one eps > 0 and all constants{}", problem_text,
                                         start.order, turing ? " (n^o(1) messages)" : ""));
  text += line("conditions", conditions(j.to));
  text += line("saving", fmt::format("{} in time {} from {} in time n^({}){}", j.from, saved_time(j.from, start.order, saving),
                                     j.to, exponent.asymptotic.get_str(), turing ? " per message" : ""));
  nlohmann::ordered_json json{{"from", j.from},
                              {"to", j.to},
                              {"order", start.order},
                              {"hypothesis", problem(j.from).hypothesis},
                              {"refuted_below", std::to_string(start.order)},
                              {"saving", saving.get_str()},
                              {"exponent", exponent.asymptotic.get_str()},
                              {"conditions", conditions(j.to)}};
  if (options.start.sized && j.from != "gap-max-ip" && j.from != "attention") {
    const RouteStage vectors = j.from == "cnf" ? route_sizes(routes("cnf", "orthogonal-vectors").at(0), start).back()
                                               : route_sizes(routes("orthogonal-vectors", "attention").at(0), start).front();
    const mpq_class finite = j.from == "cnf" && start.variables > 0 ? exponent.finite : exponent.asymptotic;
    std::string sizes;
    for (const mpz_class& n : vectors.set_sizes) sizes += (sizes.empty() ? "" : ", ") + size_text(n);
    text += line("at this size",
                 fmt::format("{}sets of {} vectors in dimension {}; n the largest; {} means time n^({})",
                             j.from == "cnf" ? fmt::format("N = {}, M = {}: ", start.variables, start.clauses) : "", sizes,
                             vectors.dimension.get_str(), saved_time(j.from, start.order, saving), finite.get_str()));
    json["finite_exponent"] = finite.get_str();
    if (j.to != "orthogonal-vectors") {
      const bool for_gradients = j.to == "attention-gradient";
      const mpq_class delta = chosen_delta(start.delta, for_gradients, vectors.set_sizes[0]);
      if (j.to != "gap-max-ip") text += line("delta", delta_text(delta) + ": NO outputs stay below it");
      json["delta"] = delta_text(delta);
      const auto ways = ways_of(vectors, finite, delta, for_gradients, run_control(context, "planning"));
      text += ways_text(ways, finite);
      json["ways"] = ways_json(ways, finite);
    }
  } else if (!options.start.sized) {
    text += line("", "with --variables and --clauses, or an instance: the planner's constants at that size");
  }
  print(context, context.json ? json.dump(2) + "\n" : text);
  return kDone;
}

}  // namespace

void add_implied(CLI::App& app, Context& context) {
  auto* verb = app.add_subcommand(
      "implied", "How fast an algorithm for one problem must be to refute the hypothesis about another, such as SETH");
  const auto options = std::make_shared<ImpliedOptions>();
  verb->add_option("from", options->from, "the problem that the hypothesis is about: cnf (SETH), orthogonal-vectors (OVH), ...")
      ->required();
  verb->add_option("to", options->to, "the problem that would be solved fast")->required();
  verb->add_option("--saving", options->saving,
                   "e, as 1/10 or 0.1: how fast must the second be, for the first to take (brute force)^(1 - e)?")
      ->capture_default_str();
  add_start_options(*verb, options->start);
  verb->footer(examples({"gapwright implied cnf attention",
                         "gapwright implied cnf attention --variables 60 --clauses 256 -k 3 --saving 1/5",
                         "gapwright implied orthogonal-vectors gap-max-ip -k 2 --json"}));
  verb->callback([&context, options] { context.command = [&context, options] { return run_implied(context, *options); }; });
}

}  // namespace gapwright::cli
