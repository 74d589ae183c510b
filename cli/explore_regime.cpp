// SPDX-License-Identifier: MIT
// explore regime, explore gradient: sweeps over matched pairs of hard instances and entry bounds, into a results file that can be
// continued.
#include <fmt/format.h>

#include "cli/delta_option.hpp"
#include "cli/explore.hpp"
#include "cli/number_list.hpp"
#include "cli/report.hpp"
#include "support/message.hpp"

namespace gapwright::cli {
namespace {

struct RegimeOptions {
  bool gradient = false;
  std::string orders = "2,3", rows = "16..128", dimensions, per_log = "12", embeddings = "sharp", families = "planted", seeds;
  std::string per_variable = "4.26", delta;
  std::string of_deciding = "0.125,0.25,0.5,0.75,1,1.25,1.5", of_log;
  double gap = 0.25, exact_tuples = RegimeSweep{}.exact_tuples;
  std::size_t most_features = RegimeSweep{}.most_features;
  bool force = false;
  CLI::Option* orders_given = nullptr;
  CLI::Option* of_deciding_given = nullptr;
};

RegimeSweep sweep_of(const Context& context, const RegimeOptions& o, bool order_given) {
  if (order_given && o.orders_given->count() != 0)
    throw std::invalid_argument("-k and --orders say the same thing twice; leave one out");
  if (context.seed_given && !o.seeds.empty())
    throw std::invalid_argument("--seed and --seeds say the same thing twice; leave one out");
  RegimeSweep sweep;
  sweep.gradient = o.gradient;
  sweep.orders =
      order_given && o.orders_given->count() == 0 ? std::vector<std::size_t>{context.order} : whole_numbers("--orders", o.orders);
  sweep.rows = whole_numbers("--rows", o.rows);
  sweep.dimensions = whole_numbers("--dimensions", o.dimensions);
  sweep.per_log2 = decimals("--per-log", o.per_log);
  sweep.per_variable = decimals("--per-variable", o.per_variable);
  sweep.embeddings = all_named<Embedding>(words(o.embeddings));
  sweep.families = all_named<PairFamily>(words(o.families));
  if (o.seeds.empty())
    sweep.seeds = {context.seed};
  else
    for (const std::size_t seed : whole_numbers("--seeds", o.seeds)) sweep.seeds.push_back(seed);
  if (o.of_deciding_given->count() != 0 || o.of_log.empty()) sweep.of_deciding = decimals("--of-deciding", o.of_deciding);
  sweep.of_log = decimals("--of-log", o.of_log);
  sweep.gap = o.gap;
  sweep.delta = delta_of(o.delta);
  sweep.exact_tuples = o.exact_tuples;
  sweep.most_features = o.most_features;
  return sweep;
}

int run_sweep(const Context& context, const RegimeOptions& options, bool order_given) {
  const RegimeSweep sweep = sweep_of(context, options, order_given);
  const std::size_t pairs = pairs_of(sweep).size();
  const SweepOutput output = declared_results(context, options.force);
  const double start = seconds_since_start();
  const RegimeCounts counts = explore_regime(sweep, output, context.limits, run_control(context, "sweep")).counts;
  say(context, fmt::format("{}: {} computed, {} there already, {}", counted(pairs, "pair"), counted(counts.computed, "result"),
                           counts.kept, seconds_text(seconds_since_start() - start)));
  return kDone;
}

void add_sweep(CLI::App& verb, Context& context, bool gradient) {
  auto* command =
      verb.add_subcommand(gradient ? "gradient" : "regime",
                          gradient ? "The same sweep for gradients: the gap of the losses, and what gradients cost"
                                   : "Sweep over orders, sizes, embeddings and entry bounds: where the gap becomes visible");
  const auto o = std::make_shared<RegimeOptions>();
  o->gradient = gradient;
  if (gradient) {
    o->rows = "16..64";
    o->orders = "2";
    o->of_deciding = "0.125,0.25,0.5,1,1.25";
  }
  o->orders_given =
      command->add_option("--orders", o->orders, "orders k, such as 2,3,4 [-k when that is given]")->capture_default_str();
  command->add_option("--rows", o->rows, "n, vectors in every set, such as 16,24,32 or 16..1024 (doubling)")
      ->capture_default_str();
  command
      ->add_option("--per-log", o->per_log,
                   "dimension of the vectors as multiples of log2 n, rounded up (sharp, paper: to a multiple of 16)")
      ->capture_default_str();
  command->add_option("--per-variable", o->per_variable, "clauses per variable of the family ksat, rounded up")
      ->capture_default_str();
  command->add_option("--dimensions", o->dimensions,
                      "dimensions of the vectors, for ksat numbers of clauses, instead of --per-log and --per-variable");
  command->add_option("--embeddings", o->embeddings, "sharp, paper, direct")->capture_default_str();
  command
      ->add_option("--families", o->families,
                   "planted (random with a planted tuple), tight (the theorem's worst case), ksat (random 3-SAT: n = 2^(N/k) "
                   "assignments a set, a pair one literal apart)")
      ->capture_default_str();
  command->add_option("--seeds", o->seeds, "seeds, such as 1,2,3 [--seed]");
  o->of_deciding_given =
      command->add_option("--of-deciding", o->of_deciding, "entry bounds as multiples of the smallest deciding B")
          ->capture_default_str();
  command->add_option("--of-log", o->of_log, "entry bounds as multiples of (ln n)^(1/k)");
  command->add_option("--gap", o->gap, "the gap between yes and no rows that counts as visible")->capture_default_str();
  add_delta_option(*command, o->delta);
  command->add_option("--exact-tuples", o->exact_tuples, "run exact attention up to this many tuples n^k")->capture_default_str();
  command->add_option("--max-features", o->most_features, "run the polynomial method up to this many monomials")
      ->capture_default_str();
  command->add_flag("--force", o->force, "compute points again that the results file holds");
  const std::string name = gradient ? "gradient" : "regime";
  command->footer(examples(
      {"gapwright explore " + name + " --orders 2 --rows 16..64 -o results.jsonl",
       "gapwright explore " + name + " --orders 2,3 --rows 16,32 --families planted,tight --seeds 1,2,3 -o results.jsonl",
       "gapwright explore " + name + " -k 2 --rows 64 --of-log 0.5,1,2,4 --quiet"}));
  const CLI::App* root = verb.get_parent();
  command->callback([&context, o, root] {
    const bool order_given = root->get_option("--order")->count() != 0;
    context.command = [&context, o, order_given] { return run_sweep(context, *o, order_given); };
  });
}

}  // namespace

void add_explore_regime(CLI::App& verb, Context& context) {
  add_sweep(verb, context, false);
  add_sweep(verb, context, true);
}

}  // namespace gapwright::cli
