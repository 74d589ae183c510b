// SPDX-License-Identifier: MIT
#include "cli/atlas_names.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "cli/delta_option.hpp"
#include "cli/honoured_options.hpp"
#include "cli/instance_input.hpp"
#include "cli/paths.hpp"
#include "codes/families.hpp"
#include "support/message.hpp"

namespace gapwright::cli {
namespace {

RouteStart sizes_of(const Problem& problem, const AnyInstance& instance, const std::string& file) {
  if (!problem.sizes) throw std::invalid_argument(file + ": an instance of " + problem.name + " has no sizes here");
  try {
    return problem.sizes(instance);
  } catch (const std::invalid_argument& e) {
    throw std::invalid_argument(file + ": " + e.what());
  }
}

RouteStart start_of_file(const Context& context, const std::string& file, const std::string& problem) {
  const InputBytes input = open_input(context, file);
  const Problem& kind = problem_of(input);
  if (kind.name != problem)
    throw std::invalid_argument(fmt::format("{} holds an instance of {}, the route begins at {}", file, kind.name, problem));
  const AnyInstance instance = read_noted(context, kind, {input}, false);
  RouteStart start = sizes_of(kind, instance, file);
  if (start.set_sizes.empty())
    start.order = context.order;
  else
    check_order(context, file, start.order);
  return start;
}

}  // namespace

Journey journey(const std::string& from, const std::string& to) {
  Journey j{problem_named(from).name, problem_named(to).name, {}};
  if (j.from == j.to) throw std::invalid_argument(j.from + " and " + j.to + " are the same problem");
  j.routes = routes(j.from, j.to);
  if (!j.routes.empty()) return j;
  std::string reached;
  for (const Problem& p : problems())
    if (p.name != j.from && !routes(j.from, p.name).empty()) reached += (reached.empty() ? "" : ", ") + p.name;
  throw std::invalid_argument(fmt::format("no rule leads from {} to {}; {}", j.from, j.to,
                                          reached.empty() ? "it is where all routes end" : "it leads to " + reached));
}

std::string route_name(const Route& route) {
  std::string text;
  for (const std::size_t r : route)
    if (const Rule& rule = rules()[r]; !rule.variant.empty()) text += (text.empty() ? "" : ", ") + rule.variant;
  return text.empty() ? rules()[route.front()].name : text;
}

void add_start_options(CLI::App& verb, StartOptions& options) {
  const auto whole = [](std::int64_t least) { return CLI::Range(least, INT64_MAX / 2); };
  auto* file = verb.add_option("instance", options.file, "a formula, or vectors, to take the sizes from");
  const auto number = [&](const char* name, auto& place, const char* text, std::int64_t least) {
    verb.add_option(name, place, text)->check(whole_number())->check(whole(least))->excludes(file);
  };
  StartNumbers& numbers = options.numbers;
  number("--variables", numbers.variables, "cnf: number of variables", 0);
  number("--clauses", numbers.clauses, "cnf: number of clauses", 0);
  number("--vectors", numbers.vectors, "the others: vectors in each set", 1);
  number("--dimension", numbers.dimension, "the others: coordinates of each vector", 1);
  number("--yes-at-least", numbers.yes_at_least, "gap-max-ip: t", 1);
  number("--no-at-most", numbers.no_at_most, "gap-max-ip: s_no", 0);
  add_delta_option(verb, options.delta);
  verb.parse_complete_callback([&verb, &options] {
    options.sized = verb.count("instance") > 0 || options.numbers.variables || options.numbers.clauses ||
                    options.numbers.vectors || options.numbers.dimension || options.numbers.yes_at_least ||
                    options.numbers.no_at_most;
    if (verb.count("--variables") != verb.count("--clauses")) throw CLI::ValidationError("--variables and --clauses go together");
    if (verb.count("--vectors") != verb.count("--dimension")) throw CLI::ValidationError("--vectors and --dimension go together");
    if (verb.count("--yes-at-least") != verb.count("--no-at-most"))
      throw CLI::ValidationError("--yes-at-least and --no-at-most go together");
  });
}

namespace {

/// The order of a route's start; a problem may have one only.
std::size_t order_of_start(const Context& context, const Problem& problem) {
  if (problem.order) check_order(context, problem.name, *problem.order);
  return problem.order.value_or(context.order);
}

RouteStart start_of_numbers(const Context& context, const StartOptions& options, const std::string& problem) {
  const Problem& row = problem_row(problem);
  if (!row.start) throw std::invalid_argument("a route from " + problem + " has no sizes");
  StartNumbers numbers = options.numbers;
  numbers.order = order_of_start(context, row);
  return row.start(numbers);
}

}  // namespace

void declare_start(const Context& context, const StartOptions& options) {
  declare_paths(context, options.file.empty() ? std::vector<std::string>{} : std::vector{options.file}, {output_file(context)});
}

RouteStart start_of(const Context& context, const StartOptions& options, const Journey& j) {
  RouteStart start;
  start.order = order_of_start(context, problem_row(j.from));
  if (options.sized)
    start = options.file.empty() ? start_of_numbers(context, options, j.from) : start_of_file(context, options.file, j.from);
  if (options.sized) check_start(j.from, start);
  start.delta = delta_of(options.delta);
  if (start.delta && (j.from == "attention" || !j.to.starts_with("attention")))
    throw std::invalid_argument("--delta is of the step to attention, and this route has none");
  return start;
}

const Table& code_table() {
  static const Table table = [] {
    Table rows;
    for (const CodeFamily& family : code_families()) rows.emplace_back(family.name, family.meaning);
    return rows;
  }();
  return table;
}

const Table& family_table() {
  static const Table table = [] {
    Table rows{
        {"random-ksat",
         "uniform random width-SAT; --plant: with a model; --plant=quiet: a model that no single set of vectors shows"},
        {"pigeonhole", "pigeons in holes, no two share one (php)"},
        {"parity", "a set falls into pairs (counting principle)"},
        {"ramsey", "a graph without a large independent set and a large clique (ram)"},
        {"van-der-waerden", "numbers in two colours without arithmetic progressions (vdw)"},
        {"ordering", "a linear order without a least element (op)"},
        {"formula", "a formula of yours, with -T shuffle or -T flip"},
        {"orthogonal-vectors", "random k-OV; --plant: with an orthogonal tuple any k - 1 of whose vectors look like all others"},
        {"gap-max-ip", "random Gap-k-MaxIP; --plant: with a tuple of large inner product, camouflaged likewise"},
        {"attention", "random attention input of order k"}};
    for (const Problem& problem : problems())
      if (problem.generator) rows.emplace_back(problem.name, problem.generator->help);
    rows.emplace_back("suite-2026", "the fixed suite for papers: pairs with known answers and hashes");
    return rows;
  }();
  return table;
}

}  // namespace gapwright::cli
