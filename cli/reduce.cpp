// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include "atlas/journey.hpp"
#include "cli/blind.hpp"
#include "cli/bundle.hpp"
#include "cli/commands.hpp"
#include "cli/delta_option.hpp"
#include "cli/formula.hpp"
#include "cli/honoured_options.hpp"
#include "cli/paths.hpp"
#include "cli/reduce_by_code.hpp"
#include "cli/word_option.hpp"
#include "instances/files/file_metadata.hpp"
#include "instances/files/instance_files.hpp"
#include "instances/files/narrow.hpp"
#include "support/errors.hpp"
#include "verify/decision_bytes.hpp"
#include "verify/orthogonal_tuples.hpp"
#include "verify/sat_oracle.hpp"

namespace gapwright::cli {
namespace {

struct ReduceOptions {
  std::vector<std::string> files;
  FileKind to = FileKind::attention;
  Dtype entry_dtype = Dtype::f64;
  std::string delta;
  bool square = false;
  bool causal = false;
  bool centred = false;
  bool expect = false;
  bool strict = false;
  BlindOptions blind;
  CodeRouteOptions code;
};

DirectOptions direct_options(const ReduceOptions& options) {
  DirectOptions direct;
  direct.square = options.square;
  direct.causal = options.causal;
  direct.centred = options.centred;
  direct.delta = delta_of(options.delta).value_or(forward_delta());
  direct.significand_bits = significand_bits(options.entry_dtype);
  return direct;
}

/// Gap-k-MaxIP is reached through a code only; attention when a code route is asked for.
bool by_code(const Context& context, const ReduceOptions& options) {
  return options.to == FileKind::gap_max_ip || (options.to == FileKind::attention && context.family);
}

CodeReduction code_reduction(const ReduceOptions& options, const std::string& what) {
  return {options.to, what, options.code, options.centred, options.expect, delta_of(options.delta).value_or(forward_delta())};
}

/// The canonical command: what changes the content, in fixed order, inputs by base name.
std::string recorded_command(const Context& context, const ReduceOptions& options, const std::vector<InputBytes>& inputs,
                             bool from_formula) {
  std::string text = "reduce";
  for (const InputBytes& input : inputs) text += " " + input.base_name();
  text += " --to " + std::string(word_of(options.to));
  if (from_formula) text += fmt::format(" -k {}", context.order);
  if (options.to == FileKind::attention && !by_code(context, options)) {
    text += " --route direct";
    if (options.square) text += " --square";
    if (options.causal) text += " --causal";
    if (options.entry_dtype != Dtype::f64) text += " --entry-dtype " + std::string(word_of(options.entry_dtype));
  }
  if (const auto delta = delta_of(options.delta); delta && *delta != forward_delta()) text += " --delta " + delta->get_str();
  if (options.centred) text += " --centred";
  if (options.expect) text += " --expect";
  return text;
}

/// What the file may tell; the rest goes to the answers file once it is written.
KnownAnswer take_answer(const ReduceOptions& options, std::size_t order, Provenance& made_by, std::optional<bool>& expected) {
  KnownAnswer known{expected, expected && options.expect ? "--expect" : "", {}, made_by};
  made_by = shown_provenance(options.blind, known.made_by, fmt::format("reduce --to {} -k {}", word_of(options.to), order));
  expected = shown_answer(options.blind, expected);
  return known;
}

void write(const Context& context, const ReduceOptions& options, OrthogonalVectors ov, std::optional<bool> expected) {
  const KnownAnswer known = take_answer(options, ov.sets.size(), ov.made_by, expected);
  write_orthogonal_vectors(context.output, ov, expected, run_control(context, "writing"));
  write_answers(context, options.blind, known);
  std::string sizes;
  for (const BitMatrix& set : ov.sets) sizes += fmt::format("{}{}", sizes.empty() ? "" : ", ", set.rows);
  say(context, fmt::format("wrote {}: k-OV, k = {}, sets of {} vectors in dimension {}", context.output, ov.sets.size(), sizes,
                           ov.dimension));
}

void write(const Context& context, const ReduceOptions& options, BitAttention attention, std::optional<bool> expected) {
  const KnownAnswer known = take_answer(options, attention.keys.size() + 1, attention.terms.made_by, expected);
  attention.terms.expected = expected;
  write_attention(context.output, attention, run_control(context, "writing"));
  write_answers(context, options.blind, known);
  say(context, fmt::format("wrote {}: attention of order {}, q {} x {}, B = {:.17g}, {}", context.output,
                           attention.keys.size() + 1, attention.queries.rows, attention.queries.columns,
                           attention.terms.entry_bound, bytes_text(tensor_bits(attention) / 8)));
}

void note_listing(ReductionRecord& record, const SatToOrthogonalVectors& rule, const OrthogonalVectors& ov) {
  const Guarantee promised = rule.guarantee();
  record.made_by = ov.made_by;
  record.lift.push_back(rule.lift().front());
  record.path.push_back({"cnf -> orthogonal-vectors",
                         promised.theorem,
                         {{"order", std::to_string(rule.order())}},
                         {{"targets", promised.targets.get_str()}, {"target_bits", promised.target_bits.get_str()}},
                         {{"target_bits", vector_bits(ov).get_str()}}});
}

void note_direct(ReductionRecord& record, const Guarantee& promised, const DirectEmbedding& e, const ReduceOptions& options,
                 const BitAttention& attention) {
  record.made_by = attention.terms.made_by;
  record.witness = AttentionWitness{};
  record.lift.push_back(lift_step(e));
  record.path.push_back({"orthogonal-vectors -> attention",
                         "k-OV to attention, direct embedding",
                         {{"square", options.square ? "yes" : "no"},
                          {"causal", options.causal ? "yes" : "no"},
                          {"centred", options.centred ? "yes" : "no"},
                          {"entry_dtype", std::string(word_of(options.entry_dtype))},
                          {"entry_bound", fmt::format("{:.17g}", e.entry_bound)}},
                         {{"targets", promised.targets.get_str()}, {"target_bits", promised.target_bits.get_str()}},
                         {{"target_bits", tensor_bits(attention).get_str()}}});
  if (e.delta != forward_delta()) record.path.back().parameters.emplace_back("delta", e.delta.get_str());
}

int reduce_formula(const Context& context, const ReduceOptions& options, const InputBytes& input, ReductionRecord& record) {
  Cnf cnf = read_formula(context, input, options.strict);
  cnf.made_by.command = recorded_command(context, options, {input}, true);
  if (by_code(context, options)) {
    written_form(options.code, options.to);  // refuses before any work
    check_listable(cnf, context.order);
    const SatToOrthogonalVectors sat(cnf, context.order);
    check_memory(context.limits, input.name(), sat.target_bytes());
    const OrthogonalVectors ov = sat.target(0, run_control(context, "vectors"));
    note_listing(record, sat, ov);
    return reduce_by_code(
        context, code_reduction(options, input.name()), ov, [&] { return honest_tuple(context, cnf, sat); }, record);
  }
  const SatToAttention rule = checked_pipeline(context, cnf, direct_options(options));
  if (options.to == FileKind::attention) check_room(context, "the attention input", rule.guarantee().target_bits / 8);
  std::optional<bool> expected;
  if (options.expect) expected = ask_cryptominisat(cnf, run_control(context, "")).satisfiable;
  const RunControl control = run_control(context, "building");
  const OrthogonalVectors ov = rule.to_vectors().target(0, control);
  note_listing(record, rule.to_vectors(), ov);
  if (options.to == FileKind::orthogonal_vectors) {
    write(context, options, ov, expected);
    return kDone;
  }
  BitAttention attention = embed(ov, rule.embedding(), control);
  note_direct(record, rule.guarantee(), rule.embedding(), options, attention);
  write(context, options, std::move(attention), expected);
  return kDone;
}

/// Vectors that were read, or made by rules before this one: `what` names the input.
int reduce_sets(const Context& context, const ReduceOptions& options, const std::string& what, const OrthogonalVectorsFile& file,
                ReductionRecord& record) {
  if (by_code(context, options))
    return reduce_by_code(
        context, code_reduction(options, what), file.vectors,
        [&] {
          check_tuples(context.limits, "the search for an orthogonal tuple in " + what, tuples_of(file.vectors.sets),
                       file.vectors.dimension);
          return first_orthogonal_tuple(file.vectors, run_control(context, "k-OV"));
        },
        record);
  const OrthogonalVectorsToAttention rule(file.vectors, direct_options(options));
  check_memory(context.limits, what, decision_bytes(rule.embedding()));
  check_room(context, "the attention input", rule.guarantee().target_bits / 8);
  std::optional<bool> expected = file.expected;
  if (options.expect) {
    check_tuples(context.limits, "--expect: " + what, tuples_of(file.vectors.sets), file.vectors.dimension);
    expected = first_orthogonal_tuple(file.vectors, run_control(context, "expected answer")).has_value();
  }
  BitAttention attention = rule.target(0, run_control(context, "building"));
  note_direct(record, rule.guarantee(), rule.embedding(), options, attention);
  write(context, options, std::move(attention), expected);
  return kDone;
}

int reduce_vectors(const Context& context, const ReduceOptions& options, const std::vector<InputBytes>& inputs,
                   ReductionRecord& record) {
  if (options.to == FileKind::orthogonal_vectors)
    throw std::invalid_argument("--to orthogonal-vectors: these are vectors already; reduce them to gap-max-ip or attention");
  OrthogonalVectorsFile file = read_orthogonal_vectors(inputs);
  check_order(context, inputs[0].name(), file.vectors.sets.size());
  file.vectors.made_by.command = recorded_command(context, options, inputs, false);
  return reduce_sets(context, options, inputs[0].name(), file, record);
}

/// A problem whose rules lead to vectors: these are made, each step as its row makes it, and go the way of all vectors.
int reduce_by_rows(const Context& context, const ReduceOptions& options, const Problem& problem, const InputBytes& input,
                   ReductionRecord& record) {
  const AnyInstance source = read_instance(problem, {input});
  if (problem.sizes) check_order(context, input.name(), problem.sizes(source).order);
  const Made made = made_through(source, journey_between(problem.name, "orthogonal-vectors"), {context.order, {}, context.limits},
                                 run_control(context, "building"));
  record.path = made.path;
  record.lift = made.lift;
  OrthogonalVectorsFile file = made.target.as<OrthogonalVectorsFile>();
  file.expected = problem.expected ? problem.expected(source) : std::nullopt;
  file.vectors.made_by = from_files({input});
  file.vectors.made_by.command = recorded_command(context, options, {input}, false);
  record.made_by = file.vectors.made_by;
  if (options.to != FileKind::orthogonal_vectors) return reduce_sets(context, options, input.name(), file, record);
  if (options.expect) file.expected = problem.decide(source, run_control(context, "expected answer")).yes;
  write(context, options, std::move(file.vectors), file.expected);
  return kDone;
}

int reduce_gap_max_ip(const Context& context, const ReduceOptions& options, const std::vector<InputBytes>& inputs,
                      ReductionRecord& record) {
  if (options.to != FileKind::attention)
    throw std::invalid_argument("--to " + std::string(word_of(options.to)) + ": a Gap-k-MaxIP instance is reduced to attention");
  if (options.square || options.causal || options.entry_dtype != Dtype::f64)
    throw std::invalid_argument("--square, --causal and --entry-dtype go with the direct route");
  GapMaxIpFile file = read_gap_max_ip(inputs.at(0));
  check_order(context, inputs[0].name(), order_of(file));
  if (options.code.mu != 0 && !file.real() && options.code.gadget != Gadget::characters)
    throw std::invalid_argument("--mu goes with real vectors, and these are not");
  std::string command = recorded_command(context, options, inputs, false);
  if (file.factored())
    command += options.code.gadget == Gadget::characters
                   ? std::string(" --gadget characters")
                   : " --form " + std::string(word_of(written_form(options.code, options.to)));
  if (options.code.embedding != Embedding::sharp) command += " --embedding " + std::string(word_of(options.code.embedding));
  if (options.code.mu != 0) command += fmt::format(" --mu {}", options.code.mu);
  std::visit([&](auto& instance) { instance.made_by.command = command; }, file.instance);
  if (const auto* real = file.real()) file.instance = unit_columns(*real);  // as read, weights lie in the entries
  const CodeReduction reduction = code_reduction(options, inputs[0].name());
  return std::visit([&](const auto& instance) { return embed_gap_max_ip(context, reduction, instance, file.expected, record); },
                    file.instance);
}

void check_options(const Context& context, const ReduceOptions& options, std::optional<FileKind> kind) {
  if (options.strict && kind != FileKind::cnf) throw std::invalid_argument("--strict goes with a formula; leave it out");
  if (context.seed_given && !(by_code(context, options) && kind != FileKind::gap_max_ip && options.code.may_sample()))
    throw std::invalid_argument("--seed goes with a code and --advice sample:N; nothing else is drawn at random here");
  if ((options.blind.blind || !options.blind.answers.empty()) && (by_code(context, options) || kind == FileKind::gap_max_ip))
    throw std::invalid_argument(
        "--blind and --answers go with the direct route; who reads a file made through a code must know its code and message");
  if (options.blind.blind && names_folder(context.output))
    throw std::invalid_argument("--blind: a bundle holds its source; name a file with -o");
  const bool code = by_code(context, options);
  if (options.to == FileKind::attention && !code && kind != FileKind::gap_max_ip && options.code.any())
    throw std::invalid_argument(
        "--route direct has no code; leave out the options of the code routes (--advice, --form, --gadget, --embedding, --mu, "
        "--field, ...), or name a route");
  if (options.to == FileKind::orthogonal_vectors && (options.square || options.causal || options.entry_dtype != Dtype::f64))
    throw std::invalid_argument("--square, --causal and --entry-dtype go with --to attention");
  if (kind == FileKind::gap_max_ip && (options.expect || context.family || options.code.of_the_protocol()))
    throw std::invalid_argument(
        "this is past the codes: of --route, --advice, --field, --blocks, --block-length, --level and --expect none goes with a "
        "Gap-k-MaxIP instance");
  if (kind != FileKind::gap_max_ip && code && (options.square || options.causal || options.entry_dtype != Dtype::f64))
    throw std::invalid_argument("--square, --causal and --entry-dtype go with --to attention on the direct route");
  if (options.centred && options.to != FileKind::attention) throw std::invalid_argument("--centred goes with --to attention");
  if (!options.delta.empty() && options.to != FileKind::attention)
    throw std::invalid_argument("--delta goes with --to attention");
  if (options.to == FileKind::orthogonal_vectors && (context.family || options.code.any()))
    throw std::invalid_argument(
        "--to orthogonal-vectors comes before the codes; leave out --route and the options of the code routes");
}

int reduce_inputs(const Context& context, const ReduceOptions& options, const std::vector<InputBytes>& inputs,
                  const Problem& problem, ReductionRecord& record) {
  const std::optional<FileKind> kind = find_named<FileKind>(problem.name);
  if (!kind) {
    if (inputs.size() != 1) throw std::invalid_argument("one instance at a time; " + options.files[1] + " is a second input");
    return reduce_by_rows(context, options, problem, inputs[0], record);
  }
  switch (*kind) {
    case FileKind::cnf:
      if (inputs.size() != 1) throw std::invalid_argument("one formula at a time; " + options.files[1] + " is a second input");
      return reduce_formula(context, options, inputs[0], record);
    case FileKind::orthogonal_vectors:
      return reduce_vectors(context, options, inputs, record);
    case FileKind::gap_max_ip:
      return reduce_gap_max_ip(context, options, inputs, record);
    case FileKind::attention:
      break;
  }
  throw std::invalid_argument(options.files[0] + " is an attention input already; decide it, or reduce a formula or vectors");
}

int run_reduce(const Context& context, const ReduceOptions& options) {
  refuse_binary_on_terminal(context);
  declare_paths(
      context, options.files,
      {{"--answers", options.blind.answers}, names_folder(context.output) ? bundle_files(context) : output_file(context)});
  std::vector<InputBytes> inputs;
  for (const auto& file : options.files) inputs.push_back(open_input(context, file));
  const Problem& problem = problem_of(inputs[0]);
  check_options(context, options, find_named<FileKind>(problem.name));
  ReductionRecord record;
  if (!names_folder(context.output)) return reduce_inputs(context, options, inputs, problem, record);
  record.wanted = true;
  BundleWriter bundle(context.output);
  Context inside = context;
  inside.output = bundle.target_path();
  const int code = reduce_inputs(inside, options, inputs, problem, record);
  bundle.finish(record, inputs, problem.name, std::string(word_of(options.to)));
  say(context, "wrote " + context.output + ": a bundle; gapwright extract leads a witness back");
  return code;
}

}  // namespace

void add_reduce(CLI::App& app, Context& context) {
  auto* verb = app.add_subcommand("reduce", "Write a formula or sets of vectors as an instance of another problem");
  const auto options = std::make_shared<ReduceOptions>();
  verb->add_option("input", options->files,
                   "DIMACS formula, 0/1 vectors (safetensors x0, x1, ..., or .npy), or a Gap-k-MaxIP instance")
      ->required();
  add_word_option<FileKind>(*verb, "--to", options->to, "orthogonal-vectors, gap-max-ip or attention",
                            words_for<FileKind>({FileKind::orthogonal_vectors, FileKind::gap_max_ip, FileKind::attention}))
      ->required();
  verb->add_flag("--square", options->square, "repeat rows until q and all keys have equally many");
  verb->add_flag("--causal", options->causal,
                 "the same answer under a causal mask: keys first, queries after, all matrices of equally many rows");
  verb->add_flag("--centred", options->centred,
                 "-k 2: keys B and -B in place of B and 0, the same answer with B smaller by the square root of 2");
  add_delta_option(*verb, options->delta);
  add_word_option<Dtype>(*verb, "--entry-dtype", options->entry_dtype,
                         "round B up so that entries survive conversion to this type")
      ->default_str(std::string(word_of(options->entry_dtype)));
  verb->add_flag("--expect", options->expect, "find the answer first and record it in the file");
  add_blind_options(*verb, options->blind);
  add_code_route_options(*verb, options->code);
  verb->add_flag("--strict", options->strict, "a wrong clause count in the header is an error");
  verb->footer(
      examples({"gapwright reduce uf20-01.cnf --to attention -o hard.safetensors",
                "gapwright reduce uf20-01.cnf -k 2 --to attention --expect --blind --answers answer.json -o blind.safetensors",
                "gapwright reduce uf20-01.cnf --to gap-max-ip --route hermitian -o bundle/"}));
  verb->callback([&context, options] { context.command = [&context, options] { return run_reduce(context, *options); }; });
}

}  // namespace gapwright::cli
