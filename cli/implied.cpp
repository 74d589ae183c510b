// SPDX-License-Identifier: MIT
// implied: which running time for the last problem would refute the hypothesis at the first (explore/plan/implied).
#include "explore/plan/implied.hpp"

#include <fmt/format.h>

#include "cli/atlas_names.hpp"
#include "cli/commands.hpp"
#include "cli/delta_option.hpp"
#include "cli/number_list.hpp"
#include "cli/report.hpp"
#include "support/fields_in_message.hpp"

namespace gapwright::cli {
namespace {

struct ImpliedOptions {
  std::string saving = "1/10";
  StartOptions start;
};

std::string enclosed(const Enclosure& e) { return fmt::format("{:.6g}", e.lo); }

std::string ways_text(const std::vector<ImpliedWay>& ways, const mpq_class& exponent) {
  std::string text;
  std::string objective;
  const auto head = [&](const ImpliedWay& way) {
    if (way.objective == objective) return;
    objective = way.objective;
    text += fmt::format("\n  {}:\n", objective == "fewest messages" ? "fewest messages with d' at most n" : objective);
  };
  text += fmt::format("\n  {:<32}{:>11}{:>13}{:>12}{:>14}{:>14}  {}\n", "way", "d'", "B", "gamma", "log2 error", "messages n^m",
                      "to be solved in time");
  for (const ImpliedWay& way : ways) {
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

/// "2^(9/10 N)" or "n^(27/10)".
std::string saved_time(const std::string& from, std::size_t order, const mpq_class& saving) {
  return from == "cnf" ? fmt::format("2^({} N)", mpq_class(1 - saving).get_str())
                       : fmt::format("n^({})", mpq_class(order * (1 - saving)).get_str());
}

std::string at_size_text(const ImpliedResult& r, const ImpliedAtSize& at) {
  std::string sizes;
  for (const mpz_class& n : at.vectors.set_sizes) sizes += (sizes.empty() ? "" : ", ") + size_text(n);
  const std::string& from = r.between.from;
  std::string text =
      line("at this size",
           fmt::format("{}sets of {} vectors in dimension {}; n the largest; {} means time n^({})",
                       from == "cnf" ? fmt::format("N = {}, M = {}: ", r.start.variables, r.start.clauses) : "", sizes,
                       at.vectors.dimension.get_str(), saved_time(from, r.start.order, r.saving), at.exponent.get_str()));
  if (!at.delta) return text;
  if (r.between.to != "gap-max-ip") text += line("delta", delta_text(*at.delta) + ": NO outputs stay below it");
  return text + ways_text(at.ways, at.exponent);
}

std::string implied_text(const ImpliedResult& r) {
  const auto& [from, to, routes] = r.between;
  const std::size_t k = r.start.order;
  const std::string problem_text = to == "attention" || to == "attention-gradient"
                                       ? fmt::format("{} of order {} with n rows", to, k)
                                       : fmt::format("{} with k = {} sets of n vectors", to, k);
  std::string text = line("hypothesis", r.hypothesis());
  text += line("refuted by", fmt::format("{} in time n^({} - eps), for one eps > 0 and all constants{}", problem_text, k,
                                         r.turing ? " (n^o(1) messages)" : ""));
  text += line("conditions", r.conditions());
  text += line("saving", fmt::format("{} in time {} from {} in time n^({}){}", from, saved_time(from, k, r.saving), to,
                                     r.exponent.asymptotic.get_str(), r.turing ? " per message" : ""));
  if (r.at_size) return text + at_size_text(r, *r.at_size);
  return r.sized ? text
                 : text + line("", with_options(fmt::format("with {}, or an instance: the planner's constants at that size",
                                                            problem_row(from).start_numbers)));
}

int run_implied(const Context& context, const ImpliedOptions& options) {
  declare_start(context, options.start);
  routes_between(options.start.route.from, options.start.route.to);  // refused before the saving
  const mpq_class saving = fraction("--saving", options.saving);
  if (saving <= 0 || saving >= 1)
    throw std::invalid_argument("--saving " + options.saving + ": give a number above 0 and below 1");
  const ImpliedResult result =
      implied({route_request(context, options.start), saving}, order_check(context), run_control(context, "planning"));
  print(context, context.json ? implied_json(result).dump(2) + "\n" : implied_text(result));
  return kDone;
}

}  // namespace

void add_implied(CLI::App& app, Context& context) {
  auto* verb = app.add_subcommand(
      "implied", "How fast an algorithm for one problem must be to refute the hypothesis about another, such as SETH");
  const auto options = std::make_shared<ImpliedOptions>();
  verb->add_option("from", options->start.route.from,
                   "the problem that the hypothesis is about: cnf (SETH), orthogonal-vectors (OVH), ...")
      ->required();
  verb->add_option("to", options->start.route.to, "the problem that would be solved fast")->required();
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
