// SPDX-License-Identifier: MIT
// reduce: options become a request, atlas/reduce makes the target, and a file or a bundle is written.
#include <fmt/format.h>

#include <filesystem>

#include "atlas/problems/instance_data.hpp"
#include "atlas/reduce.hpp"
#include "cli/blind.hpp"
#include "cli/bundle.hpp"
#include "cli/code_route.hpp"
#include "cli/commands.hpp"
#include "cli/delta_option.hpp"
#include "cli/direct_options.hpp"
#include "cli/formula.hpp"
#include "cli/honoured_options.hpp"
#include "cli/instance_input.hpp"
#include "cli/paths.hpp"
#include "cli/word_option.hpp"
#include "support/errors.hpp"
#include "support/listed.hpp"
#include "support/message.hpp"

namespace gapwright::cli {
namespace {

struct ReduceOptions {
  std::vector<std::string> files;
  ReduceRequest request;
  std::string delta;
  bool strict = false;
  BlindOptions blind;
};

/// In messages: "uf20-01.cnf: 20 variables, 91 clauses", or the file.
std::string name_of(const AnyInstance& source, const InputFile& input) {
  return source.problem().literals ? formula_text(source.as<Dimacs>().cnf) : input.name();
}

void check_room(const Context& context, const std::string& what, const mpz_class& bytes) {
  if (context.output == "-") return;
  std::error_code error;
  const auto folder = std::filesystem::path(context.output).parent_path();
  const auto space = std::filesystem::space(folder.empty() ? "." : folder, error);
  if (!error && bytes > mpz_class(space.available))
    throw LimitReached(fmt::format("{} has {}, the disk of {} has {} left; use another order -k, a smaller input or another disk",
                                   what, bytes_text(bytes), context.output, bytes_text(mpz_class(space.available))));
}

/// What the file may tell; the rest goes to the answers file once it is written.
KnownAnswer take_answer(const ReduceOptions& options, std::size_t order, Provenance& made_by, std::optional<bool>& expected) {
  KnownAnswer known{expected, expected && options.request.expect ? "--expect" : "", {}, made_by};
  made_by = shown_provenance(options.blind, known.made_by, fmt::format("reduce --to {} -k {}", options.request.to, order));
  expected = shown_answer(options.blind, expected);
  return known;
}

std::string sizes_of(const std::vector<BitMatrix>& sets) {
  std::string sizes;
  for (const BitMatrix& set : sets) sizes += fmt::format("{}{}", sizes.empty() ? "" : ", ", set.rows);
  return sizes;
}

void write(const Context& context, const ReduceOptions& options, OrthogonalVectors&& ov, std::optional<bool> expected) {
  const KnownAnswer known = take_answer(options, ov.sets.size(), ov.made_by, expected);
  write_orthogonal_vectors(context.output, ov, expected, run_control(context, "writing"));
  write_answers(context, options.blind, known);
  say(context, fmt::format("wrote {}: k-OV, k = {}, sets of {} vectors in dimension {}", context.output, ov.sets.size(),
                           sizes_of(ov.sets), ov.dimension));
}

/// Through a code the line names the embedding, without one the size.
template <class Input>
void write(const Context& context, const ReduceOptions& options, Input& attention, std::optional<bool> expected) {
  const bool direct = attention.terms.embedding.starts_with("direct");
  const KnownAnswer known = take_answer(options, attention.keys.size() + 1, attention.terms.made_by, expected);
  attention.terms.expected = expected;
  write_attention(context.output, attention, run_control(context, "writing"));
  write_answers(context, options.blind, known);
  std::size_t rows = 0, columns = 0;
  std::string more = "embedding " + attention.terms.embedding;
  if constexpr (std::is_same_v<Input, BitAttention>) {
    rows = attention.queries.rows, columns = attention.queries.columns;
    if (direct) more = bytes_text(tensor_bits(attention) / 8);
  } else {
    rows = attention.q.rows, columns = attention.q.columns;
  }
  say(context, fmt::format("wrote {}: attention of order {}, q {} x {}, B = {:.17g}, {}", context.output,
                           attention.keys.size() + 1, rows, columns, attention.terms.entry_bound, more));
}

void write(const Context& context, const GapMaxIpFile& file, Form form, const AnyInstance& target, std::optional<bool> expected) {
  write_instance(context.output, target, expected, run_control(context, "writing"));
  std::string dimension;
  if (const auto* factored = file.factored())
    dimension = counted(factored->coins, "coin") + " of " + counted(factored->blocks, "symbol");
  else
    dimension = fmt::format("dimension {}", file.vectors() ? file.vectors()->dimension : file.real()->weights.size());
  const std::vector<std::size_t> rows = target.problem().witness_ranges(target);
  say(context,
      fmt::format("wrote {}: Gap-k-MaxIP, k = {}, {} form, sets of {} vectors, {}; yes: t = {}, no: s_no = {}", context.output,
                  rows.size(), word_of(form), fmt::join(rows, ", "), dimension, file.gap().yes_at_least, file.gap().no_at_most));
}

/// A problem of which only its row is known.
void write(const Context& context, const ReduceOptions& options, AnyInstance target, std::optional<bool> expected) {
  Provenance origin = made_by(target);
  const KnownAnswer known = take_answer(options, target.problem().sizes(target).order, origin, expected);
  target = with_made_by(std::move(target), std::move(origin));
  write_instance(context.output, target, expected, run_control(context, "writing"));
  write_answers(context, options.blind, known);
  say(context, fmt::format("wrote {}: an instance of {}", context.output, target.problem().name));
}

/// Vectors and tensors are taken out of the target, not copied: they may fill the memory.
void write_target(const Context& context, const ReduceOptions& options, Reduced& made) {
  const auto kind = find_named<FileKind>(options.request.to);
  if (!kind) return write(context, options, std::move(made.target), made.expected);
  switch (*kind) {
    case FileKind::orthogonal_vectors:
      return write(context, options, std::move(made.target).taken<OrthogonalVectorsFile>().vectors, made.expected);
    case FileKind::gap_max_ip:
      return write(context, made.target.as<GapMaxIpFile>(), made.form.value(), made.target, made.expected);
    case FileKind::attention: {
      AttentionData attention = std::move(made.target).taken<AttentionData>();
      return std::visit([&](auto& a) { write(context, options, a, made.expected); }, attention);
    }
    case FileKind::cnf:
      break;
  }
  throw std::logic_error("nothing is reduced to a formula");
}

/// What only the program takes.
void check_options(const Context& context, const ReduceOptions& options, const Problem& source) {
  const ReduceRequest& r = options.request;
  const bool past_codes = source.name == word_of(FileKind::gap_max_ip);
  if (options.strict && !source.literals) throw std::invalid_argument("--strict goes with a formula; leave it out");
  if ((options.blind.blind || !options.blind.answers.empty()) && (r.by_code() || past_codes))
    throw std::invalid_argument(
        "--blind and --answers go with the direct route; who reads a file made through a code must know its code and message");
  if (options.blind.blind && names_folder(context.output))
    throw std::invalid_argument("--blind: a bundle holds its source; name a file with -o");
  if (options.files.size() > 1 && source.name != word_of(FileKind::orthogonal_vectors))
    throw std::invalid_argument(
        fmt::format("one {} at a time; {} is a second input", source.literals ? "formula" : "instance", options.files[1]));
  check_request(r, source);
}

/// The order of the source is its own; only a formula takes one.
void check_source_order(const Context& context, const AnyInstance& source, const InputFile& input) {
  const Problem& problem = source.problem();
  if (!problem.literals && problem.witness_ranges) check_order(context, input.name(), problem.witness_ranges(source).size());
}

/// The source is taken, not copied: it may fill the memory.
Reduced make_and_write(const Context& context, const ReduceOptions& options, AnyInstance source, const InputFile& input) {
  const std::string name = name_of(source, input);
  Reduced made = reduce(std::move(source), name, options.request, work_of(context),
                        [&](const std::string& what, const mpz_class& bytes) { check_room(context, what, bytes); });
  write_target(context, options, made);
  return made;
}

int run_reduce(const Context& context, ReduceOptions options) {
  refuse_binary_on_terminal(context);
  declare_paths(
      context, options.files,
      {{"--answers", options.blind.answers}, names_folder(context.output) ? bundle_files(context) : output_file(context)});
  std::vector<InputFile> inputs;
  for (const auto& file : options.files) inputs.emplace_back(open_input(context, file));
  const Problem& problem = problem_of(inputs[0]);
  options.request.order = context.order_given ? context.order : order_between({}, {}, problem_row(options.request.to));
  options.request.family = context.family;
  options.request.delta = delta_of(options.delta);
  options.request.recorded = names_folder(context.output);
  check_options(context, options, problem);
  AnyInstance source = read_noted(context, problem, inputs, options.strict);
  check_source_order(context, source, inputs[0]);
  if (!options.request.recorded) {
    make_and_write(context, options, std::move(source), inputs[0]);
    return kDone;
  }
  BundleWriter bundle(context.output);
  Context inside = context;
  inside.output = bundle.target_path();
  bundle.finish(make_and_write(inside, options, std::move(source), inputs[0]), inputs, problem.name, options.request.to);
  say(context, "wrote " + context.output + ": a bundle; gapwright extract leads a witness back");
  return kDone;
}

}  // namespace

void add_reduce(CLI::App& app, Context& context) {
  auto* verb = app.add_subcommand("reduce", "Write a formula or sets of vectors as an instance of another problem");
  const auto options = std::make_shared<ReduceOptions>();
  ReduceRequest& request = options->request;
  verb->add_option("input", options->files,
                   "DIMACS formula, 0/1 vectors (safetensors x0, x1, ..., or .npy), or a Gap-k-MaxIP instance")
      ->required();
  verb->add_option("--to", request.to, listed(target_words(), "or"))->required()->check(CLI::IsMember(target_words()));
  add_direct_flags(*verb, request.direct);
  add_delta_option(*verb, options->delta);
  add_word_option<Dtype>(*verb, "--entry-dtype", request.entry_dtype,
                         "round B up so that entries survive conversion to this type")
      ->default_str(std::string(word_of(request.entry_dtype)));
  verb->add_flag("--expect", request.expect, "find the answer first and record it in the file");
  add_blind_options(*verb, options->blind);
  add_code_route_options(*verb, request.code, "Merlin's one message: honest, best or its index");
  verb->add_flag("--strict", options->strict, "a wrong clause count in the header is an error");
  verb->footer(
      examples({"gapwright reduce uf20-01.cnf --to attention -o hard.safetensors",
                "gapwright reduce uf20-01.cnf -k 2 --to attention --expect --blind --answers answer.json -o blind.safetensors",
                "gapwright reduce uf20-01.cnf --to gap-max-ip --route hermitian -o bundle/"}));
  verb->callback([&context, options] { context.command = [&context, options] { return run_reduce(context, *options); }; });
}

}  // namespace gapwright::cli
