// SPDX-License-Identifier: MIT
// path: the routes from one problem to another, with the exact sizes of every step for given numbers.
#include <fmt/format.h>

#include "atlas/code_request.hpp"
#include "atlas/path.hpp"
#include "cli/atlas_names.hpp"
#include "cli/commands.hpp"
#include "cli/delta_option.hpp"
#include "cli/report.hpp"
#include "support/decimal.hpp"
#include "support/fields_in_message.hpp"
#include "support/message.hpp"
#include "support/said_json.hpp"

namespace gapwright::cli {
namespace {

struct PathOptions {
  bool all = false;
  StartOptions start;
};

/// Every digit, as long as a line holds them.
std::string exact_text(const mpz_class& n) {
  const std::string digits = n.get_str();
  return digits.size() <= 40 ? digits : "about " + count_text(n);
}

std::string stage_text(const RouteStage& s, const RouteStart& start) {
  if (s.problem == "cnf") return counted(start.variables, "variable") + ", " + counted(start.clauses, "clause");
  if (s.problem == "attention-gradient") return "the same input, one call of the gradient per quadrature node";
  const std::string bits = fmt::format("{} ({})", counted(exact_text(s.bits), "bit"), bytes_text(mpz_class((s.bits + 7) / 8)));
  if (s.problem == "attention") {
    const bool exact = s.exactness == RouteStage::Exactness::exact;
    const std::string thresholds = s.yes_at_least == 0
                                       ? "thresholds too small, or known only when it is built"
                                       : "yes >= " + decimal_down(s.yes_at_least, 8) + ", no <= " + decimal_up(s.no_at_most, 8);
    return fmt::format("q {}, keys {}; d' {} {}, {}; B {} {:.10g}; {}{}", counted(size_text(s.set_sizes[0]), "row"),
                       sizes_text({s.set_sizes.begin() + 1, s.set_sizes.end()}), exact ? "=" : "<=", exact_text(s.dimension),
                       bits, exact ? "=" : "<=", s.entry_bound, thresholds,
                       s.delta == forward_delta() ? "" : "; delta = " + delta_text(s.delta));
  }
  if (s.shape)
    return fmt::format("{}, T = {}; {}^{} messages; t = {}, s_no = {}; factored: {}", code_text(*s.shape), s.shape->blocks,
                       s.shape->field_size, s.shape->message_symbols, s.gap->yes_at_least, s.gap->no_at_most, bits);
  return fmt::format("sets of {} vectors, dimension {}{}; {}", sizes_text(s.set_sizes), s.dimension.get_str(),
                     s.gap ? fmt::format("; t = {}, s_no = {}", s.gap->yes_at_least, s.gap->no_at_most) : "", bits);
}

std::string route_text(const SizedRoute& r, std::size_t number, const RouteStart& start) {
  std::string text = fmt::format("{} {:>2}  {}\n", r.front ? "*" : " ", number, route_name(r.route));
  if (!r.impossible.empty()) return text + "      " + with_options(r.impossible) + "\n";
  if (r.stages.empty()) {  // no numbers given: the laws
    for (const std::size_t index : r.route)
      text += fmt::format("      {:<20}{}: {}\n", rules()[index].target, rules()[index].name, rules()[index].size_law);
    return text;
  }
  for (const RouteStage& s : r.stages) text += fmt::format("      {:<20}{}\n", s.problem, stage_text(s, start));
  return text;
}

std::string path_text(const PathResult& result) {
  const auto& [from, to, routes] = result.between;
  const std::size_t named = result.routes.size() - routes.size();
  std::string text = fmt::format(
      "{} -> {}: {}{}{}\n", from, to, counted(routes.size(), "route"), named > 0 ? fmt::format(" and {} by name", named) : "",
      result.ranked()
          ? fmt::format(", order k = {}; * no other is as good in instances, final size and entries together", result.start.order)
          : with_options(fmt::format("; give {}, or an instance, for exact sizes", problem_row(from).start_numbers)));
  for (const std::size_t i : result.shown) {
    if (i == routes.size()) text += "through codes that are tried only by name (--route), not compared:\n";
    text += route_text(result.routes[i], i + 1, result.start);
  }
  if (result.shown.size() < result.routes.size())
    text += fmt::format("{} more with --all\n", result.routes.size() - result.shown.size());
  return text;
}

int run_path(const Context& context, const PathOptions& options) {
  declare_start(context, options.start);
  const PathRequest request{route_request(context, options.start), options.all};
  const PathResult result = find_paths(request, order_check(context), run_control(context, "sizes"));
  print(context, context.json ? said_json(path_json(result), with_options).dump(2) + "\n" : path_text(result));
  return kDone;
}

}  // namespace

void add_path(CLI::App& app, Context& context) {
  auto* verb = app.add_subcommand("path", "Routes from one problem to another, with exact sizes of every step");
  const auto options = std::make_shared<PathOptions>();
  verb->add_option("from", options->start.route.from, "problem to begin at (gapwright list problems)")->required();
  verb->add_option("to", options->start.route.to, "problem to reach")->required();
  verb->add_flag("--all", options->all, "also routes that others beat");
  add_start_options(*verb, options->start);
  verb->footer(examples({"gapwright path cnf attention --all --variables 60 --clauses 256 -k 3",
                         "gapwright path cnf attention uf20-01.cnf --json",
                         "gapwright path orthogonal-vectors gap-max-ip --vectors 4096 --dimension 64 -k 2"}));
  verb->callback([&context, options] { context.command = [&context, options] { return run_path(context, *options); }; });
}

}  // namespace gapwright::cli
