// SPDX-License-Identifier: MIT
// path: the routes from one problem to another, with the exact sizes of every step for given numbers.
#include <fmt/format.h>

#include <algorithm>

#include "cli/atlas_names.hpp"
#include "cli/code_route.hpp"
#include "cli/commands.hpp"
#include "cli/delta_option.hpp"
#include "cli/report.hpp"
#include "support/decimal.hpp"
#include "support/fields_in_message.hpp"
#include "support/message.hpp"

namespace gapwright::cli {
namespace {

struct PathOptions {
  std::string from, to;
  bool all = false;
  StartOptions start;
};

/// A route and what it costs, or why it cannot be taken.
struct SizedRoute {
  Route route;
  std::vector<RouteStage> stages;
  std::string impossible;
  bool front = false;
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
  if (!r.impossible.empty()) return text + "      " + r.impossible + "\n";
  if (r.stages.empty()) {  // no numbers given: the laws
    for (const std::size_t index : r.route)
      text += fmt::format("      {:<20}{}: {}\n", rules()[index].target, rules()[index].name, rules()[index].size_law);
    return text;
  }
  for (const RouteStage& s : r.stages) text += fmt::format("      {:<20}{}\n", s.problem, stage_text(s, start));
  return text;
}

nlohmann::ordered_json stage_json(const RouteStage& s, const RouteStart& start) {
  nlohmann::ordered_json json{{"problem", s.problem}};
  if (s.rule) json["rule"] = rules()[*s.rule].name;
  if (s.rule && !rules()[*s.rule].variant.empty()) json["variant"] = rules()[*s.rule].variant;
  if (s.problem == "cnf") {
    json["variables"] = start.variables;
    json["clauses"] = start.clauses;
    return json;
  }
  json["sizes"] = nlohmann::ordered_json::array();
  for (const mpz_class& n : s.set_sizes) json["sizes"].push_back(exact_json(n));
  json["dimension"] = exact_json(s.dimension);
  json["bits"] = exact_json(s.bits);
  json["exactness"] = s.exactness == RouteStage::Exactness::exact ? "exact" : "at most";
  json["instances"] = exact_json(s.instances);
  if (s.shape)
    json["code"] = {{"route", s.shape->family->name}, {"field", s.shape->field_size}, {"level", s.shape->level},
                    {"length", s.shape->coins},       {"degree", s.shape->degree},    {"block_length", s.shape->block_length},
                    {"blocks", s.shape->blocks}};
  if (s.gap) json["gap"] = {{"yes_at_least", s.gap->yes_at_least}, {"no_at_most", s.gap->no_at_most}};
  if (s.entry_bound > 0) {
    json["delta"] = delta_text(s.delta);
    json["entry_bound"] = s.entry_bound;
    if (s.yes_at_least > 0) {
      json["yes_at_least"] = decimal_down(s.yes_at_least, 17);
      json["no_at_most"] = decimal_up(s.no_at_most, 17);
    }
  }
  return json;
}

std::vector<SizedRoute> sized(const Journey& j, const PathOptions& options, const RouteStart& start, const RunControl& control) {
  std::vector<SizedRoute> all;
  std::vector<std::vector<RouteStage>> possible;
  std::vector<std::size_t> places;
  for (const Route& route : j.routes) {
    SizedRoute r{route, {}, "", false};
    control.check();
    if (options.start.sized) {
      try {
        r.stages = route_sizes(route, start);
        places.push_back(all.size());
        possible.push_back(r.stages);
      } catch (const std::invalid_argument& e) {
        r.impossible = with_options(e.what());
      }
    }
    all.push_back(std::move(r));
  }
  for (const std::size_t index : smallest(possible)) all[places[index]].front = true;
  return all;
}

int run_path(const Context& context, const PathOptions& options) {
  declare_start(context, options.start);
  const Journey j = journey(options.from, options.to);
  const RouteStart start = start_of(context, options.start, j);
  const std::vector<SizedRoute> all = sized(j, options, start, run_control(context, "sizes"));
  const bool ranked = std::any_of(all.begin(), all.end(), [](const SizedRoute& r) { return r.front; });
  std::string text = fmt::format(
      "{} -> {}: {}{}\n", j.from, j.to, counted(all.size(), "route"),
      ranked ? fmt::format(", order k = {}; * no other is as good in instances, final size and entries together", start.order)
             : "; give --variables and --clauses, or an instance, for exact sizes");
  auto json =
      nlohmann::ordered_json{{"from", j.from}, {"to", j.to}, {"order", start.order}, {"routes", nlohmann::ordered_json::array()}};
  std::size_t shown = 0;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (!options.all && (ranked ? !all[i].front : shown > 0)) continue;
    ++shown;
    text += route_text(all[i], i + 1, start);
    nlohmann::ordered_json route{{"number", i + 1}, {"name", route_name(all[i].route)}, {"front", all[i].front}};
    if (!all[i].impossible.empty()) route["impossible"] = all[i].impossible;
    route["stages"] = nlohmann::ordered_json::array();
    for (const RouteStage& s : all[i].stages) route["stages"].push_back(stage_json(s, start));
    json["routes"].push_back(std::move(route));
  }
  if (shown < all.size()) text += fmt::format("{} more with --all\n", all.size() - shown);
  print(context, context.json ? json.dump(2) + "\n" : text);
  return kDone;
}

}  // namespace

void add_path(CLI::App& app, Context& context) {
  auto* verb = app.add_subcommand("path", "Routes from one problem to another, with exact sizes of every step");
  const auto options = std::make_shared<PathOptions>();
  verb->add_option("from", options->from, "problem to begin at (gapwright list problems)")->required();
  verb->add_option("to", options->to, "problem to reach")->required();
  verb->add_flag("--all", options->all, "also routes that others beat");
  add_start_options(*verb, options->start);
  verb->footer(examples({"gapwright path cnf attention --all --variables 60 --clauses 256 -k 3",
                         "gapwright path cnf attention uf20-01.cnf --json",
                         "gapwright path orthogonal-vectors gap-max-ip --vectors 4096 --dimension 64 -k 2"}));
  verb->callback([&context, options] { context.command = [&context, options] { return run_path(context, *options); }; });
}

}  // namespace gapwright::cli
