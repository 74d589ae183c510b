// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include "cli/gen.hpp"
#include "cli/paths.hpp"
#include "instances/files/instance_files.hpp"
#include "instances/generators/random_attention.hpp"

namespace gapwright::cli {
namespace {

struct RandomAttentionOptions {
  std::size_t rows = 0;
  std::size_t dimension = 0;
  double entry_bound = 1;
};

int run_attention(const Context& context, const RandomAttentionOptions& options) {
  refuse_binary_on_terminal(context);
  declare_paths(context, {}, {output_file(context)});
  check_memory(context.limits, "the attention input", random_attention_bytes(options.rows, options.dimension, context.order));
  Attention a = random_attention(options.rows, options.dimension, options.entry_bound, context.order, context.seed,
                                 run_control(context, "drawing"));
  a.terms.made_by.command = attention_command(options.rows, options.dimension, options.entry_bound, context.order, context.seed);
  write_attention(context.output, a, run_control(context, "writing"));
  say(context,
      fmt::format("wrote {}: attention of order {}, q {} x {}", context.output, context.order, options.rows, options.dimension));
  return kDone;
}

}  // namespace

void add_gen_attention(CLI::App& verb, Context& context) {
  auto* attention =
      verb.add_subcommand("attention", "Random attention input of order -k: entries uniform in [-B, B], values in [-1, 1]");
  const auto options = std::make_shared<RandomAttentionOptions>();
  attention->add_option("--rows", options->rows, "rows of every matrix")->required()->check(whole_number());
  attention->add_option("--dimension", options->dimension, "columns of every matrix")->required()->check(whole_number());
  attention->add_option("--entry-bound", options->entry_bound, "B")->capture_default_str();
  attention->footer(examples(
      {"gapwright gen attention --rows 1024 --dimension 64 --seed 1 -o random.safetensors",
       "gapwright gen attention --rows 100000 --dimension 8 --entry-bound 1 -k 3 -o bounded.safetensors",
       "gapwright gen attention --rows 256 --dimension 16 --entry-bound 4 -k 2 | gapwright attend - -o out.safetensors"}));
  attention->callback(
      [&context, options] { context.command = [&context, options] { return run_attention(context, *options); }; });
}

}  // namespace gapwright::cli
