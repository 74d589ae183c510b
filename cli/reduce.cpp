#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>

#include "cli/commands.hpp"
#include "cli/formula.hpp"
#include "cli/limits.hpp"
#include "instances/errors.hpp"
#include "instances/instance_files.hpp"
#include "verify/orthogonal_tuples.hpp"
#include "verify/sat_oracle.hpp"

namespace gapwright::cli {
namespace {

struct ReduceOptions {
  std::vector<std::string> files;
  std::string to;
  std::string entry_dtype = "f64";
  bool square = false;
  bool expect = false;
  bool strict = false;
};

DirectOptions direct_options(const ReduceOptions& options) {
  DirectOptions direct;
  direct.square = options.square;
  direct.significand_bits = options.entry_dtype == "f64" ? 53 : options.entry_dtype == "f32" ? 24 : options.entry_dtype == "f16" ? 11 : 8;
  return direct;
}

/// The canonical command: what changes the content, in fixed order, inputs by base name.
std::string recorded_command(const Context& context, const ReduceOptions& options, const std::vector<InputBytes>& inputs, bool from_formula) {
  std::string text = "reduce";
  for (const InputBytes& input : inputs) text += " " + input.base_name();
  text += " --to " + options.to;
  if (from_formula) text += fmt::format(" -k {}", context.order);
  if (options.to == "attention") {
    text += " --route direct";
    if (options.square) text += " --square";
    if (options.entry_dtype != "f64") text += " --entry-dtype " + options.entry_dtype;
  }
  if (options.expect) text += " --expect";
  return text;
}

/// Refuses a file that the target's disk cannot hold, before anything is built.
void check_room(const Context& context, const mpz_class& bytes) {
  if (context.output == "-") return;
  std::error_code error;
  const auto folder = std::filesystem::path(context.output).parent_path();
  const auto space = std::filesystem::space(folder.empty() ? "." : folder, error);
  if (!error && bytes > mpz_class(space.available))
    throw LimitReached(fmt::format("the attention input has {}, the disk of {} has {} left; use a larger order -k or another disk", bytes_text(bytes),
                                   context.output, bytes_text(mpz_class(space.available))));
}

void write(const Context& context, const OrthogonalVectors& ov, std::optional<bool> expected) {
  write_orthogonal_vectors(context.output, ov, expected, run_control(context, "writing"));
  std::string sizes;
  for (const BitMatrix& set : ov.sets) sizes += fmt::format("{}{}", sizes.empty() ? "" : ", ", set.rows);
  say(context, fmt::format("wrote {}: k-OV, k = {}, sets of {} vectors in dimension {}", context.output, ov.sets.size(), sizes, ov.dimension));
}

void write(const Context& context, BitAttention attention, std::optional<bool> expected) {
  attention.terms.expected = expected;
  write_attention(context.output, attention, run_control(context, "writing"));
  say(context, fmt::format("wrote {}: attention of order {}, q {} x {}, B = {:.17g}, {}", context.output, attention.keys.size() + 1,
                           attention.queries.rows, attention.queries.columns, attention.terms.entry_bound, bytes_text(tensor_bits(attention) / 8)));
}

int reduce_formula(const Context& context, const ReduceOptions& options, const InputBytes& input) {
  Cnf cnf = read_formula(context, input, options.strict);
  cnf.made_by.command = recorded_command(context, options, {input}, true);
  const SatToAttention rule = checked_pipeline(context, cnf, direct_options(options));
  if (options.to == "attention") check_room(context, rule.guarantee().target_bits / 8);
  std::optional<bool> expected;
  if (options.expect) expected = ask_cryptominisat(cnf, run_control(context, "")).satisfiable;
  if (options.to == "attention")
    write(context, rule.target(0), expected);
  else
    write(context, rule.to_vectors().target(0), expected);
  return kDone;
}

int reduce_vectors(const Context& context, const ReduceOptions& options, const std::vector<InputBytes>& inputs) {
  if (options.to != "attention") throw std::invalid_argument("--to " + options.to + ": vectors are reduced to attention");
  OrthogonalVectorsFile file = read_orthogonal_vectors(inputs);
  file.vectors.made_by.command = recorded_command(context, options, inputs, false);
  const OrthogonalVectorsToAttention rule(file.vectors, direct_options(options));
  check_memory(context, inputs[0].name(), decision_bytes(rule.embedding()));
  check_room(context, rule.guarantee().target_bits / 8);
  std::optional<bool> expected = file.expected;
  if (options.expect) expected = first_orthogonal_tuple(file.vectors, run_control(context, "expected answer")).has_value();
  write(context, rule.target(0), expected);
  return kDone;
}

int run_reduce(const Context& context, const ReduceOptions& options) {
  if (context.route != "direct") throw std::invalid_argument("reduce writes the direct route; the code routes are run by solve --route " + context.route);
  if (context.output == "-" && ::isatty(STDOUT_FILENO)) throw std::invalid_argument("the output is binary; name a file with -o, or pipe it");
  std::vector<InputBytes> inputs;
  for (const auto& file : options.files) inputs.push_back(open_input(context, file));
  switch (kind_of(inputs[0])) {
    case FileKind::cnf:
      if (inputs.size() != 1) throw std::invalid_argument("one formula at a time; " + options.files[1] + " is a second input");
      return reduce_formula(context, options, inputs[0]);
    case FileKind::orthogonal_vectors: return reduce_vectors(context, options, inputs);
    case FileKind::attention: break;
  }
  throw std::invalid_argument(options.files[0] + " is an attention input already; decide it, or reduce a formula or vectors");
}

}  // namespace

void add_reduce(CLI::App& app, Context& context) {
  auto* verb = app.add_subcommand("reduce", "Write a formula or sets of vectors as an instance of another problem");
  const auto options = std::make_shared<ReduceOptions>();
  verb->add_option("input", options->files, "DIMACS formula, or 0/1 vectors (safetensors x0, x1, ..., or .npy)")->required();
  verb->add_option("--to", options->to, "orthogonal-vectors or attention")->required()->check(CLI::IsMember({"orthogonal-vectors", "attention"}));
  verb->add_flag("--square", options->square, "repeat rows until q and all keys have equally many");
  verb->add_option("--entry-dtype", options->entry_dtype, "round B up so that entries survive conversion to this type")
      ->check(CLI::IsMember({"f64", "f32", "f16", "bf16"}))
      ->capture_default_str();
  verb->add_flag("--expect", options->expect, "find the answer first and record it in the file");
  verb->add_flag("--strict", options->strict, "a wrong clause count in the header is an error");
  verb->footer(examples({"gapwright reduce uf20-01.cnf --to attention -o hard.safetensors", "gapwright reduce uf20-01.cnf -k 2 --to orthogonal-vectors -o vectors.safetensors",
                         "gapwright reduce a.npy b.npy c.npy --to attention --square -o hard.safetensors"}));
  verb->callback([&context, options] { context.command = [&context, options] { return run_reduce(context, *options); }; });
}

}  // namespace gapwright::cli
