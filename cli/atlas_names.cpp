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
void add_start_options(CLI::App& verb, StartOptions& options) {
  const auto whole = [](std::int64_t least) { return CLI::Range(least, INT64_MAX / 2); };
  auto* file = verb.add_option("instance", options.file, "a formula, or vectors, to take the sizes from");
  const auto number = [&](const char* name, auto& place, const char* text, std::int64_t least) {
    verb.add_option(name, place, text)->check(whole_number())->check(whole(least))->excludes(file);
  };
  StartNumbers& numbers = options.route.numbers;
  number("--variables", numbers.variables, "cnf: number of variables", 0);
  number("--clauses", numbers.clauses, "cnf: number of clauses", 0);
  number("--vectors", numbers.vectors, "the others: vectors in each set", 1);
  number("--dimension", numbers.dimension, "the others: coordinates of each vector", 1);
  number("--yes-at-least", numbers.yes_at_least, "gap-max-ip: t", 1);
  number("--no-at-most", numbers.no_at_most, "gap-max-ip: s_no", 0);
  add_delta_option(verb, options.delta);
  verb.parse_complete_callback([&verb] {
    if (verb.count("--variables") != verb.count("--clauses")) throw CLI::ValidationError("--variables and --clauses go together");
    if (verb.count("--vectors") != verb.count("--dimension")) throw CLI::ValidationError("--vectors and --dimension go together");
    if (verb.count("--yes-at-least") != verb.count("--no-at-most"))
      throw CLI::ValidationError("--yes-at-least and --no-at-most go together");
  });
}

void declare_start(const Context& context, const StartOptions& options) {
  declare_paths(context, options.file.empty() ? std::vector<std::string>{} : std::vector{options.file}, {output_file(context)});
}

RouteRequest route_request(const Context& context, const StartOptions& options) {
  RouteRequest request = options.route;
  const RoutesBetween between = routes_between(request.from, request.to);  // refused before the file is read
  if (context.order_given) request.order = context.order;
  if (!options.file.empty()) {
    const InputFile input(open_input(context, options.file));
    const Problem& kind = problem_of(input);
    check_begins(between, kind.name, options.file);
    request.instance = instance_start(read_noted(context, kind, {input}, false), options.file);
  }
  request.delta = delta_of(options.delta);
  return request;
}

OrderCheck order_check(const Context& context) {
  return [&context](const std::string& what, std::size_t order) { check_order(context, what, order); };
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
