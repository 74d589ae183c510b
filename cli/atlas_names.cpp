// SPDX-License-Identifier: MIT
#include "cli/atlas_names.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "cli/delta_option.hpp"
#include "cli/formula.hpp"
#include "cli/honoured_options.hpp"
#include "cli/paths.hpp"
#include "codes/families.hpp"
#include "instances/files/instance_files.hpp"
#include "support/did_you_mean.hpp"

namespace gapwright::cli {
namespace {

const std::map<std::string, std::string>& abbreviations() {
  static const std::map<std::string, std::string> all{
      {"sat", "cnf"},          {"k-sat", "cnf"},         {"ov", "orthogonal-vectors"},      {"k-ov", "orthogonal-vectors"},
      {"maxip", "gap-max-ip"}, {"max-ip", "gap-max-ip"}, {"gradient", "attention-gradient"}};
  return all;
}

template <class Sets>
void take_sizes(RouteStart& start, const Sets& sets, std::size_t dimension) {
  for (const auto& set : sets) start.set_sizes.emplace_back(set.rows);
  start.order = start.set_sizes.size();
  start.dimension = dimension;
}

RouteStart start_of_file(const Context& context, const std::string& file, const std::string& problem) {
  const InputBytes input = open_input(context, file);
  const FileKind kind = kind_of(input);
  if (word_of(kind) != problem)
    throw std::invalid_argument(fmt::format("{} holds an instance of {}, the route begins at {}", file, word_of(kind), problem));
  RouteStart start;
  start.order = context.order;
  if (kind == FileKind::cnf) {
    const Cnf cnf = read_formula(context, input, false);
    start.variables = cnf.variables;
    start.clauses = cnf.clauses.size();
  } else if (kind == FileKind::orthogonal_vectors) {
    const OrthogonalVectors ov = read_orthogonal_vectors({input}).vectors;
    check_order(context, file, ov.sets.size());
    take_sizes(start, ov.sets, ov.dimension);
  } else if (kind == FileKind::gap_max_ip) {
    const GapMaxIpFile gap = read_gap_max_ip(input);
    check_order(context, file, order_of(gap));
    if (!gap.vectors()) throw std::invalid_argument(file + ": sizes from here on are computed for 0/1 vectors only");
    take_sizes(start, gap.vectors()->sets, gap.vectors()->dimension);
    start.gap = gap.vectors()->gap;
  } else {
    throw std::invalid_argument(file + ": an attention input's sizes stay as they are");
  }
  return start;
}

}  // namespace

std::string problem_named(const std::string& word) {
  std::vector<std::string> names;
  for (const Problem& p : problems()) {
    if (p.name == word) return word;
    names.push_back(p.name);
  }
  if (const auto found = abbreviations().find(word); found != abbreviations().end()) return found->second;
  for (const auto& [name, meaning] : abbreviations()) names.push_back(name);
  const std::string hint = did_you_mean(word, names);
  throw std::invalid_argument("unknown problem '" + word + "'" + (hint.empty() ? "; see gapwright list problems" : hint));
}

Journey journey(const std::string& from, const std::string& to) {
  Journey j{problem_named(from), problem_named(to), {}};
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
  number("--variables", options.variables, "cnf: number of variables", 0);
  number("--clauses", options.clauses, "cnf: number of clauses", 0);
  number("--vectors", options.vectors, "the others: vectors in each set", 1);
  number("--dimension", options.dimension, "the others: coordinates of each vector", 1);
  number("--yes-at-least", options.yes_at_least, "gap-max-ip: t", 1);
  number("--no-at-most", options.no_at_most, "gap-max-ip: s_no", 0);
  add_delta_option(verb, options.delta);
  verb.parse_complete_callback([&verb, &options] {
    options.sized = verb.count("instance") + verb.count("--variables") + verb.count("--clauses") + verb.count("--vectors") +
                        verb.count("--dimension") + verb.count("--yes-at-least") + verb.count("--no-at-most") >
                    0;
    if (verb.count("--variables") != verb.count("--clauses")) throw CLI::ValidationError("--variables and --clauses go together");
    if (verb.count("--vectors") != verb.count("--dimension")) throw CLI::ValidationError("--vectors and --dimension go together");
    if (verb.count("--yes-at-least") != verb.count("--no-at-most"))
      throw CLI::ValidationError("--yes-at-least and --no-at-most go together");
  });
}

namespace {

RouteStart start_of_numbers(const Context& context, const StartOptions& options, const std::string& problem) {
  RouteStart start;
  start.order = context.order;
  if (problem == "cnf") {
    if (options.vectors > 0 || options.yes_at_least >= 0)
      throw std::invalid_argument("a route from cnf takes --variables and --clauses, or a formula");
    if (options.variables > INT32_MAX)
      throw std::invalid_argument("--variables " + std::to_string(options.variables) + ": at most 2147483647");
    start.variables = options.variables;
    start.clauses = options.clauses;
    return start;
  }
  if (options.vectors == 0)
    throw std::invalid_argument("a route from " + problem + " takes --vectors and --dimension, or an instance");
  if ((problem == "gap-max-ip") != (options.yes_at_least >= 0))
    throw std::invalid_argument(problem == "gap-max-ip" ? "a route from gap-max-ip takes --yes-at-least and --no-at-most too"
                                                        : "--yes-at-least and --no-at-most go with gap-max-ip");
  start.set_sizes.assign(context.order, mpz_class(options.vectors));
  start.dimension = options.dimension;
  if (problem == "gap-max-ip") start.gap = {options.yes_at_least, options.no_at_most};
  return start;
}

}  // namespace

void declare_start(const Context& context, const StartOptions& options) {
  declare_paths(context, options.file.empty() ? std::vector<std::string>{} : std::vector{options.file}, {output_file(context)});
}

RouteStart start_of(const Context& context, const StartOptions& options, const Journey& j) {
  RouteStart start;
  start.order = context.order;
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
  static const Table table{
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
      {"attention", "random attention input of order k"},
      {"suite-2026", "the fixed suite for papers: pairs with known answers and hashes"}};
  return table;
}

}  // namespace gapwright::cli
