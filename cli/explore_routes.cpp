// SPDX-License-Identifier: MIT
// explore routes, explore orders: what the ways to attention and the orders cost, by the planner and measured.
#include <fmt/format.h>

#include "cli/delta_option.hpp"
#include "cli/explore.hpp"
#include "cli/number_list.hpp"
#include "cli/paths.hpp"
#include "cli/report.hpp"
#include "cli/word_option.hpp"
#include "support/fields_in_message.hpp"
#include "support/message.hpp"
#include "support/said_json.hpp"

namespace gapwright::cli {
namespace {

/// A value of a record in a table of text.
std::string cell(const Record& value) {
  if (value.is_null()) return "-";
  if (value.is_string()) {
    const std::string text = value.get<std::string>();
    return text.find_first_not_of("0123456789") == std::string::npos ? count_text(mpz_class(text)) : text;
  }
  return value.is_number_float() ? fmt::format("{:.5g}", value.get<double>()) : count_text(mpz_class(value.get<std::uint64_t>()));
}

std::string table(const std::vector<Record>& records, const RecordColumns& columns) {
  std::vector<std::vector<std::string>> rows(1);
  for (const auto& [key, label] : columns) rows[0].push_back(label);
  for (const Record& r : records) {
    rows.emplace_back();
    for (const auto& [key, label] : columns) rows.back().push_back(cell(r.at(key)));
  }
  std::string text;
  for (const auto& row : rows) {
    std::string line;
    for (std::size_t c = 0; c < row.size(); ++c) {
      std::size_t width = 0;
      for (const auto& other : rows) width = std::max(width, other[c].size());
      line += fmt::format("{}{:>{}}", c ? "  " : "", row[c], width);
    }
    text += line + "\n";
  }
  return text;
}

/// Results go on in -o where that is a file; the table is shown, or the records with --json.
template <class Run>
int run_table(const Context& context, const char* kind, const RecordColumns& columns, bool force, const Run& run) {
  const bool to_file = context.output != "-";
  if (!to_file) declare_paths(context, {}, {output_file(context)});
  const SweepOutput output = to_file ? declared_results(context, force) : SweepOutput{"", force, {}};
  const SweepResult result = run(output, run_control(context, kind));
  if (to_file)
    say(context, fmt::format("{} computed, {} there already", counted(result.counts.computed, "result"), result.counts.kept));
  else if (context.json)
    print(context, said_json(nlohmann::ordered_json(result.records), with_options).dump(2) + "\n");
  else
    print(context, table(result.records, columns));
  return kDone;
}

struct RouteOptions {
  RouteSweep sweep;
  std::string orders = "2,3", log2_rows = "4,6,8,10,12,16,24,32,48,64", delta;
  bool force = false;
};

void add_routes(CLI::App& verb, Context& context) {
  auto* command = verb.add_subcommand("routes",
                                      "B and d' that direct and the codes of each family need as functions of n: planned, "
                                      "and measured where instances are small");
  const auto o = std::make_shared<RouteOptions>();
  command->add_option("--orders", o->orders, "orders k")->capture_default_str();
  command->add_option("--log2-rows", o->log2_rows, "log2 of n")->capture_default_str();
  add_word_option<PairFamily>(*command, "--family", o->sweep.family,
                              "planted (random k-OV) or ksat (random 3-SAT, N = k log2 n variables)", route_family_words())
      ->default_str(std::string(word_of(o->sweep.family)));
  command->add_option("--per-log", o->sweep.per_log2, "planted: dimension of the vectors as a multiple of log2 n")
      ->capture_default_str();
  command->add_option("--per-variable", o->sweep.per_variable, "ksat: clauses per variable")->capture_default_str();
  command->add_option("--gap", o->sweep.gap, "the gap that counts as visible")->capture_default_str();
  command->add_option("--measured-symbols", o->sweep.measured_symbols, "build and measure pairs up to n^k L T symbol products")
      ->capture_default_str();
  command->add_option("--largest-field", o->sweep.limits.largest_field, "search alphabets up to this size")
      ->capture_default_str();
  command->add_option("--longest", o->sweep.limits.longest, "search codes up to this length")->capture_default_str();
  add_delta_option(*command, o->delta);
  command->add_flag("--force", o->force, "compute again what the results file holds");
  command->footer(examples({"gapwright explore routes --orders 2 --log2-rows 4,8,16,32",
                            "gapwright explore routes --orders 2,3 -o results.jsonl",
                            "gapwright explore routes --orders 2 --log2-rows 4,6 --family ksat --json"}));
  command->callback([&context, o] {
    context.command = [&context, o] {
      RouteSweep sweep = o->sweep;
      sweep.orders = whole_numbers("--orders", o->orders);
      sweep.log2_rows = whole_numbers("--log2-rows", o->log2_rows);
      sweep.seed = context.seed;
      sweep.work = context.limits;
      sweep.delta = delta_of(o->delta).value_or(forward_delta());
      return run_table(context, "routes", route_columns(), o->force, [&](const SweepOutput& output, const RunControl& control) {
        return explore_routes(sweep, output, control);
      });
    };
  });
}

struct OrderOptions {
  OrderSweep sweep;
  std::string orders = "2,3,4,5,6", variables = "12,24,48,96", embeddings = "sharp,direct", delta;
  bool force = false;
};

void add_orders(CLI::App& verb, Context& context) {
  auto* command = verb.add_subcommand(
      "orders", "The trade-off between order and entries: the same number of tuples n^k = 2^N at every order");
  const auto o = std::make_shared<OrderOptions>();
  command->add_option("--orders", o->orders, "orders k")->capture_default_str();
  command->add_option("--variables", o->variables, "N: n = 2^(N/k)")->capture_default_str();
  command->add_option("--embeddings", o->embeddings, "sharp, direct")->capture_default_str();
  command->add_option("--per-variable", o->sweep.per_variable, "dimension of the vectors as a multiple of N")
      ->check(CLI::Range(0.1, 100.0))
      ->capture_default_str();
  command->add_option("--gap", o->sweep.gap, "the gap that counts as visible")->capture_default_str();
  command->add_option("--measured-tuples", o->sweep.measured_tuples, "build and measure pairs up to this many tuples")
      ->capture_default_str();
  add_delta_option(*command, o->delta);
  command->add_flag("--force", o->force, "compute again what the results file holds");
  command->footer(examples({"gapwright explore orders", "gapwright explore orders --variables 24 --orders 2,3,4,6,8,12",
                            "gapwright explore orders -o results.jsonl"}));
  command->callback([&context, o] {
    context.command = [&context, o] {
      OrderSweep sweep = o->sweep;
      sweep.orders = whole_numbers("--orders", o->orders);
      sweep.variables = whole_numbers("--variables", o->variables);
      sweep.embeddings = all_named<Embedding>(words(o->embeddings));
      sweep.seed = context.seed;
      sweep.work = context.limits;
      sweep.delta = delta_of(o->delta).value_or(forward_delta());
      return run_table(context, "orders", order_columns(), o->force, [&](const SweepOutput& output, const RunControl& control) {
        return explore_orders(sweep, output, control);
      });
    };
  });
}

}  // namespace

void add_explore_routes(CLI::App& verb, Context& context) {
  add_routes(verb, context);
  add_orders(verb, context);
}

}  // namespace gapwright::cli
