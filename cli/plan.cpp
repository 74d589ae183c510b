// SPDX-License-Identifier: MIT
// plan: what every way from a formula of N variables and M clauses to attention costs, and where one way overtakes another.
#include <fmt/format.h>

#include <cmath>

#include "cli/commands.hpp"
#include "cli/delta_option.hpp"
#include "cli/formula.hpp"
#include "cli/paths.hpp"
#include "cli/report.hpp"
#include "explore/plan/plan.hpp"
#include "support/line_plot.hpp"
#include "support/message.hpp"

namespace gapwright::cli {
namespace {

struct PlanOptions {
  std::string file;
  bool from_file = false;
  std::size_t variables = 0, clauses = 0;
  std::size_t up_to = 0;  ///< variables in the search for crossovers; 0: chosen
  std::size_t rows = 24;  ///< of the front in text; 0: all
  bool all = false;
  PlanLimits limits;
  std::string plot, delta;
};

/// An enclosure in the digits both ends agree on.
std::string shown(const Enclosure& e) { return fmt::format("{:.6g}", std::isfinite(e.lo) ? (e.lo + e.hi) / 2 : e.lo); }

std::string code_column(const PlanPoint& p) {
  if (!p.shape) return std::string(kDirect);
  const ProtocolShape& s = *p.shape;
  return fmt::format("{}{} F_{}", s.family->name, s.level ? fmt::format(" m={}", s.level) : "", s.field_size);
}

std::string table_head() {
  return fmt::format(
      "{:<22} {:>6} {:>5} {:>5} {:>3} {:<10} {:<14} {:>6} {:>6} {:>10} {:>10} {:>8} {:>10} {:>9} {:>10} {:>9} {:>9}\n", "code",
      "L", "D", "K", "T", "gadget", "embed.", "t", "s_no", "d'", "log2 msgs", "n^x: x", "B", "gamma", "log2 error", "q, k, v",
      "factored");
}

std::string table_row(const PlanPoint& p, const PlanFigures& f) {
  const auto number = [](std::size_t n) { return std::to_string(n); };
  const ProtocolShape none;
  const ProtocolShape& s = p.shape ? *p.shape : none;
  const std::string most = p.exact() ? "" : "<=";  // characters: the rest depends on the message
  const auto of_code = [&](std::size_t n) { return p.shape ? number(n) : std::string("-"); };
  return fmt::format(
      "{:<22} {:>6} {:>5} {:>5} {:>3} {:<10} {:<14} {:>6} {:>6} {:>10} {:>10} {:>8} {:>10} {:>9} {:>10} {:>9} {:>9}\n",
      code_column(p), of_code(s.coins), of_code(s.degree), of_code(s.block_length), of_code(s.blocks), gadget_word(p.gadget),
      p.embedding_name(), p.gap.yes_at_least, p.gap.no_at_most, most + count_text(p.dimension), shown(f.log2_messages),
      shown(f.message_exponent), most + shown(f.entry_bound), shown(f.gamma), shown(f.log2_required_error),
      bytes_text(f.tensor_bytes), p.shape ? bytes_text(f.factored_bytes) : "-");
}

/// At most `rows` of them, evenly spread, both ends kept; 0: all.
std::vector<std::size_t> spread(std::size_t count, std::size_t rows) {
  std::vector<std::size_t> kept;
  if (rows == 0 || count <= rows) rows = count;
  for (std::size_t i = 0; i < rows; ++i) kept.push_back(rows == 1 ? 0 : i * (count - 1) / (rows - 1));
  return kept;
}

std::string number_of_variables(std::size_t variables, std::size_t order) {
  return fmt::format("{} (n = 2^{})", variables, (variables + order - 1) / order);
}

/// From how many variables on, of those searched, the entries of one way are the smaller ones.
std::string crossing_text(const Crossover& c, std::size_t order) {
  if (!c.first) return "at no size";
  const std::string first = number_of_variables(*c.first, order);
  if (!c.lasting) return fmt::format("at {} first, but not up to the last size searched", first);
  return *c.first == *c.lasting ? "from " + first
                                : fmt::format("at {} first, always from {}", first, number_of_variables(*c.lasting, order));
}

/// log2 of B at n = 2^(N/k), for the picture only: a certified middle is not needed there.
double drawn_entry_bound(const mpq_class& constant, std::size_t variables, std::size_t order, const mpq_class& delta) {
  const std::size_t largest_group = (variables + order - 1) / order;
  const double log_main = std::log(2.0) * static_cast<double>(variables - largest_group), log_delta = std::log(delta.get_d());
  return std::pow(constant.get_d() * (log_main - log_delta), 1.0 / static_cast<double>(order));
}

/// Which way needs the smallest entries where the axis ends.
std::string entry_title(const LinePlot& plot) {
  const PlotSeries* least = nullptr;
  for (const PlotSeries& series : plot.series)
    if (!series.points.empty() &&
        (!least || series.points.back().first > least->points.back().first ||
         (series.points.back().first == least->points.back().first && series.points.back().second < least->points.back().second)))
      least = &series;
  return least ? fmt::format("At N = {:.0f} the smallest B: {}", least->points.back().first, least->title) : "No way was found";
}

LinePlot entry_plot(const std::vector<EntryCurve>& curves, const mpq_class& ratio, std::size_t order, const mpq_class& delta) {
  LinePlot plot{"",
                "variables N, rows n = 2^{N/k}",
                "least entry bound B",
                true,
                true,
                0,
                {},
                fmt::format("k = {}, {:.4g} clauses per variable", order, ratio.get_d())};
  for (const EntryCurve& curve : curves) {
    PlotSeries series{curve.way, {}};
    for (std::size_t i = 0; i < curve.constants.size(); ++i)
      if (curve.constants[i])
        series.points.emplace_back(static_cast<double>(i + 1), drawn_entry_bound(*curve.constants[i], i + 1, order, delta));
    for (const auto& [variables, bound] : series.points)
      if (curve.way == kDirect) plot.y_at_most = std::max(plot.y_at_most, 100 * bound);  // Reed-Solomon leaves every page
    plot.series.push_back(std::move(series));
  }
  plot.title = entry_title(plot);
  return plot;
}

int run_plan(const Context& context, const PlanOptions& options) {
  PlanRequest request{context.order,
                      options.variables,
                      options.clauses,
                      options.up_to,
                      options.all,
                      options.limits,
                      delta_of(options.delta).value_or(forward_delta())};
  declare_paths(context, options.from_file ? std::vector{options.file} : std::vector<std::string>{},
                {{"--plot", options.plot, WrittenPath::prefix, {".dat", ".gp", ".svg"}}, output_file(context)});
  Cnf cnf;
  if (options.from_file) {
    cnf = read_formula(context, open_input(context, options.file), false);
    request.variables = cnf.variables;
    request.clauses = cnf.clauses.size();
  }
  const RunControl control = run_control(context, "planning");
  const Plan plan = make_plan(request, control);
  if (!options.plot.empty()) write_plot(entry_plot(plan.curves, plan.ratio, context.order, plan.request.delta), options.plot);
  if (context.json) {
    print(context, plan_json(plan, control).dump(2) + "\n");
    return kDone;
  }
  cnf.variables = request.variables;
  const auto rows = [&](const PlanPoint& p) {
    control.check();
    return table_row(p, plan.figures(p, control));
  };
  std::string text =
      line("formula", formula_text(cnf, request.clauses)) +
      line("searched", fmt::format("{}: direct, and codes over fields up to {} of length up to {}",
                                   counted(plan.looked_at, "way"), options.limits.largest_field, options.limits.longest)) +
      line("delta", fmt::format("{}: NO outputs stay below it; gradients take --delta {}", delta_text(plan.request.delta),
                                delta_text(gradient_delta(plan.sizes[0])))) +
      "\nleast entries by each route and gadget\n" + table_head();
  for (const PlanPoint& p : plan.least) text += rows(p);
  const auto kept = spread(plan.ways.size(), options.rows);
  text += fmt::format("\n{} in (messages, d', B): {} of {}{}\n", options.all ? "all ways" : "Pareto front", kept.size(),
                      plan.ways.size(), kept.size() < plan.ways.size() ? "; --rows 0 shows all" : "") +
          table_head();
  for (const std::size_t i : kept) text += rows(plan.ways[i]);
  text += fmt::format("\nsmaller entries from how many variables on, at {} clauses per variable, searched up to {}\n",
                      plan.ratio.get_str(), plan.request.up_to);
  for (const Crossover& c : plan.crossed)
    text += fmt::format("{:<28} than {:<54} {}\n", c.winner, c.loser, crossing_text(c, context.order));
  print(context, text);
  if (!options.plot.empty()) say(context, fmt::format("wrote {0}.dat, {0}.gp and {0}.svg", options.plot));
  return kDone;
}

}  // namespace

void add_plan(CLI::App& app, Context& context) {
  auto* verb = app.add_subcommand(
      "plan", "What every route, code, gadget and embedding costs for a formula's size, and where one overtakes another");
  const auto options = std::make_shared<PlanOptions>();
  auto* file = verb->add_option("formula", options->file, "DIMACS CNF file");
  auto* variables = verb->add_option("--variables", options->variables, "number of variables instead of a file")
                        ->check(whole_number())
                        ->excludes(file);
  auto* clauses = verb->add_option("--clauses", options->clauses, "number of clauses instead of a file")
                      ->check(whole_number())
                      ->excludes(file)
                      ->needs(variables);
  variables->needs(clauses);
  verb->add_option("--up-to", options->up_to, "search crossovers up to this many variables [4 N, at least 800]")
      ->check(whole_number())
      ->check(CLI::Range(std::size_t{1}, kMostPlannedVariables));
  verb->add_option("--rows", options->rows, "rows of the front to print, 0 is all")->check(whole_number())->capture_default_str();
  verb->add_flag("--all", options->all, "every way, not only the Pareto front");
  verb->add_option("--largest-field", options->limits.largest_field, "fields of up to this many elements")
      ->check(CLI::Range(2, 1024))
      ->capture_default_str();
  verb->add_option("--longest", options->limits.longest, "codes of up to this length")
      ->check(CLI::Range(2, 10'000'000))
      ->capture_default_str();
  add_delta_option(*verb, options->delta);
  verb->add_option("--plot", options->plot, "draw B against the number of variables: PREFIX.dat, PREFIX.gp, PREFIX.svg");
  verb->footer(examples({"gapwright plan --variables 30 --clauses 128", "gapwright plan uf20-01.cnf -k 2 --json",
                         "gapwright plan --variables 30 --clauses 128 --up-to 400 --plot entries"}));
  verb->callback([&context, options, file, variables] {
    if (file->count() == 0 && variables->count() == 0) throw CLI::ValidationError("give a formula, or --variables and --clauses");
    options->from_file = file->count() > 0;
    context.command = [&context, options] { return run_plan(context, *options); };
  });
}

}  // namespace gapwright::cli
