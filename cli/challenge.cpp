// SPDX-License-Identifier: MIT
// challenge: an outside attention algorithm on random inputs of the form that SETH makes hard in the worst case, and on easy ones of the same norm.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <thread>

#include "cli/challenge_plot.hpp"
#include "cli/challenge_report.hpp"
#include "cli/commands.hpp"
#include "cli/new_files.hpp"
#include "cli/paths.hpp"
#include "cli/report.hpp"
#include "cli/word_option.hpp"
#include "explore/challenge/challenge_json.hpp"
#include "explore/challenge/exec_adapter.hpp"
#include "explore/challenge/library_adapter.hpp"
#include "instances/files/narrow.hpp"
#include "support/errors.hpp"
#include "support/fields_in_message.hpp"
#include "support/message.hpp"

namespace gapwright::cli {
namespace {

struct ChallengeArguments {
  std::vector<std::string> commands, libraries, names;
  ChallengeOptions options;
  std::string scale = "1/d";
  double run_timeout = 20;
  ChallengeLayout layout;
  std::string plot, write, outputs;
  Requirements required;
  bool blind = false;
  const CLI::App* app = nullptr;
};

/// A lower figure for plain softmax in f64 with its error bound, which takes the time; vectors of length 64.
constexpr double kTuplesPerSecondAndCore = 1e8;
constexpr double kWorthSaying = 20;  // seconds

constexpr std::uint64_t kLargestFile = std::uint64_t{1} << 30;  // that an algorithm may write, scratch files included

SoftmaxScale scale_of(const std::string& text) {
  if (text == "1/d") return {SoftmaxScale::one_over_d, 0};
  if (text == "1/sqrt(d)") return {SoftmaxScale::one_over_root_d, 0};
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || !(value > 0))
    throw std::invalid_argument("--softmax-scale '" + text + "' is not 1/d, 1/sqrt(d) or a positive number");
  return {SoftmaxScale::given, value};
}

/// Options that would be left unread are refused.
void check_together(const ChallengeArguments& arguments) {
  if (arguments.write.empty()) return;
  if (!arguments.outputs.empty())
    throw std::invalid_argument(
        "--write and --outputs are two steps: write the inputs, then judge the outputs with the same options");
  if (!arguments.commands.empty() || !arguments.libraries.empty() || !arguments.names.empty())
    throw std::invalid_argument("--write runs nothing; leave out --exec, --library and --name, or leave out --write");
  if (!arguments.plot.empty()) throw std::invalid_argument("--write has nothing to draw; leave out --plot");
}

/// The harness looks at all n^k tuples: to count orthogonal ones in both twins, for the truth, and in plain softmax.
void check_work(const Context& context, const ChallengeOptions& options) {
  mpz_class tuples = 1;
  for (std::size_t u = 0; u < options.shape.order; ++u) tuples *= options.shape.rows;
  check_tuples(context.limits, "an instance", tuples, 64);
  std::size_t most_rows = options.shape.rows;
  for (const std::size_t rows : options.timing_rows) most_rows = std::max(most_rows, rows);
  check_memory(context.limits, "an instance",
               mpz_class(most_rows) * options.shape.order * 8 * (mpz_class(options.shape.pad_dimension) + 1000));
  const mpz_class instances = (mpz_class(options.pairs) + options.control_pairs) * 2 * options.ladder.size();
  const mpq_class seconds =
      mpq_class(tuples * instances) / mpq_class(kTuplesPerSecondAndCore * std::max(1U, std::thread::hardware_concurrency()));
  if (seconds > kWorthSaying)
    say(context,
        fmt::format("{} of {} each: {} of counting and of plain softmax besides the algorithms; fewer "
                    "--rows, --pairs or points of the --ladder take less",
                    counted(instances.get_str(), "instance"), counted(count_text(tuples), "tuple"), duration_text(seconds)));
}

/// Names apart: exact, exact-2, ...
std::string apart(const std::vector<NamedAlgorithm>& others, const std::string& name) {
  const auto taken = [&](const std::string& text) {
    return std::ranges::any_of(others, [&](const NamedAlgorithm& other) { return other.name == text; });
  };
  std::string text = name;
  for (std::size_t i = 2; taken(text); ++i) text = fmt::format("{}-{}", name, i);
  return text;
}

/// Its reasons speak of fields, and users of the program know options.
Algorithm saying_options(Algorithm algorithm) {
  return [algorithm = std::move(algorithm)](const ChallengeInput& input) {
    AlgorithmAnswer answer = algorithm(input);
    answer.reason = with_options(answer.reason);
    return answer;
  };
}

std::vector<NamedAlgorithm> algorithms_of(const Context& context, const ChallengeArguments& arguments,
                                          const RunControl& control) {
  const ChildLimits limits{arguments.run_timeout, context.limits.memory_bytes(), kLargestFile};
  if (arguments.names.size() > arguments.commands.size() + arguments.libraries.size() + (arguments.outputs.empty() ? 0 : 1))
    throw std::invalid_argument("there are more --name than --exec and --library");
  std::vector<NamedAlgorithm> algorithms;
  const auto add = [&](const std::string& name, Algorithm algorithm) {
    const bool named = algorithms.size() < arguments.names.size();
    algorithms.push_back({apart(algorithms, named ? arguments.names[algorithms.size()] : name), std::move(algorithm)});
  };
  for (const std::string& command : arguments.commands) {
    const auto words = command_words(command);
    add(name_of_command(words), exec_algorithm(words, limits, arguments.layout, control));
  }
  for (const std::string& library : arguments.libraries)
    add(std::filesystem::path(library).stem().string(), library_algorithm(library, limits, control));
  if (!arguments.outputs.empty()) {
    if (!std::filesystem::is_directory(arguments.outputs))
      throw BadInstance(arguments.outputs + ": is not a folder; --outputs names the one that holds NAME.out.safetensors files");
    add(std::filesystem::path(arguments.outputs + "/.").parent_path().filename().string(),
        saying_options(recorded_outputs(arguments.outputs)));
  }
  return algorithms;
}

/// Writes every input for a machine where gapwright does not run. Blind files tell nothing: independent, named by contents, no
/// answers, and the order in which they were written says none.
int write_instances(const Context& context, const ChallengeArguments& arguments, const ChallengeOptions& options) {
  namespace fs = std::filesystem;
  if (fs::is_directory(arguments.write))
    for (const auto& entry : fs::directory_iterator(arguments.write))
      if (entry.path().extension() == ".safetensors")
        throw std::invalid_argument("--write " + arguments.write + ": the folder holds " + entry.path().filename().string() +
                                    " already; take a new folder, so that inputs of two runs do not mix");
  NewFiles folder(arguments.write);
  std::size_t files = 0;
  const auto write = [&](const Attention& a, std::map<std::string, std::string> more) {
    const ChallengeInput input{a, options.shape.causal, options.shape.entry_dtype};
    const std::string path = folder.add(content_name(input) + ".safetensors");
    if (arguments.blind) more.clear();
    write_challenge_input(path, input, arguments.layout, std::move(more));
    if (arguments.blind) fs::last_write_time(path, std::chrono::file_clock::from_sys(std::chrono::sys_seconds{}));
    ++files;
  };
  const std::string seed = std::to_string(options.shape.seed);
  for_each_instance(options, run_control(context, "writing"), [&](const LadderPoint& point, const ChallengeInstance& instance) {
    write(instance.attention, {{"expected", instance.answer ? "yes" : "no"},
                               {"kind", instance.hard ? "hard" : "control"},
                               {"middle", fmt::format("{:.17g}", instance.middle)},
                               {"multiple", fmt::format("{:.17g}", point.multiple)},
                               {"seed", seed}});
  });
  for (const std::size_t rows : timing_rows(options))
    write(timing_attention(options, rows), {{"expected", "no"}, {"kind", "timing"}, {"seed", seed}});
  folder.finish();
  say(context, fmt::format("wrote {} into {}; the output of NAME.safetensors is NAME.out.safetensors, judged by challenge "
                           "with the same options and --outputs",
                           counted(files, "input"), arguments.write));
  return kDone;
}

void declare_challenge(const Context& context, const ChallengeArguments& arguments) {
  std::vector<std::string> reads = arguments.libraries;
  for (const std::string& command : arguments.commands)
    for (const std::string& file : files_among(command_words(command))) reads.push_back(file);
  if (!arguments.outputs.empty())
    for (const std::string& file : files_in(arguments.outputs, {".out.safetensors"})) reads.push_back(file);
  declare_paths(context, reads,
                {{"--plot", arguments.plot, WrittenPath::folder, {"challenge.dat", "challenge.gp", "challenge.svg"}},
                 {"--write", arguments.write, WrittenPath::folder, {".safetensors"}},
                 output_file(context)});
}

int run_challenge_command(const Context& context, const ChallengeArguments& arguments) {
  ChallengeOptions options = arguments.options;
  options.shape.order = arguments.app->count("-k") > 0 ? context.order : 2;
  if (options.shape.rows == 0) options.shape.rows = default_rows(options.shape.order);
  options.shape.scale = scale_of(arguments.scale);
  options.shape.seed = context.seed;
  check_together(arguments);
  declare_challenge(context, arguments);
  check_work(context, options);
  if (arguments.blind && arguments.write.empty() && arguments.outputs.empty())
    throw std::invalid_argument(
        "--blind goes with --write and --outputs; programs run by --exec and --library never see answers, and --independent "
        "keeps "
        "those with a memory from comparing twins");
  options.independent |= arguments.blind;
  if (!arguments.write.empty()) return write_instances(context, arguments, options);
  const RunControl control = run_control(context, "challenge");
  const ChallengeReport report = run_challenge(options, algorithms_of(context, arguments, control), control);
  print(context, context.json ? json_text(challenge_json(report)) : leaderboard_text(report));
  if (!arguments.plot.empty()) write_challenge_plot(report, arguments.plot);  // what there is, though interrupted
  if (report.stopped_by == RunControl::timed_out)
    report_error("the time limit was reached, and the report is not complete; raise --timeout");
  if (report.complete)
    for (const AlgorithmScore& score : report.algorithms)
      if (const std::string why = shortfall(report, score, arguments.required); !why.empty()) {
        report_error(shown_message(why));
        return kRefuted;
      }
  return report.complete ? kDone : report.stopped_by == RunControl::interrupted ? kInterrupted : kLimit;
}

}  // namespace

void add_challenge(CLI::App& app, Context& context) {
  auto* verb = app.add_subcommand(
      "challenge", "Does an attention algorithm survive hard inputs, and up to which entry bound? (order 2 unless -k is given)");
  const auto arguments = std::make_shared<ChallengeArguments>();
  ChallengeOptions& options = arguments->options;
  options.shape.rows = 0;
  arguments->app = &app;
  const auto one_each = [](CLI::Option* option) {
    return option->type_size(1)->expected(1)->take_all()->allow_extra_args(false);
  };
  one_each(verb->add_option("--exec", arguments->commands,
                            "a program: '... {in} ... {out}', safetensors in and out, no shell; may be repeated"));
  one_each(
      verb->add_option("--library", arguments->libraries,
                       "a shared library with gapwright_challenge_attention (include/gapwright/challenge.h); may be repeated"));
  one_each(verb->add_option("--name", arguments->names, "name in the table, one for each --exec, then each --library"));
  verb->add_option("--rows", options.shape.rows, "rows of every matrix [256 for order 2, 64 for order 3]")
      ->check(positive_whole_number());
  verb->add_option("--pairs", options.pairs, "hard yes/no pairs at every entry bound")
      ->check(whole_number())
      ->capture_default_str();
  verb->add_flag("--independent", options.independent,
                 "one twin of each of twice as many pairs: no two inputs to compare, decisions that are independent");
  verb->add_option("--control-pairs", options.control_pairs, "Gaussian yes/no pairs at every entry bound")
      ->check(whole_number())
      ->capture_default_str();
  verb->add_option("--ladder", options.ladder,
                   "entry bounds as multiples of the smallest deciding one, increasing, separated by commas")
      ->delimiter(',')
      ->capture_default_str();
  verb->add_flag("--causal", options.shape.causal, "outputs under a causal mask: keys first, queries after, the same answer");
  verb->add_option("--pad-dimension", options.shape.pad_dimension, "append zero columns up to this dimension (64, 128)")
      ->check(whole_number());
  verb->add_option("--softmax-scale", arguments->scale, "1/d, 1/sqrt(d) or a number; entries are rescaled")
      ->capture_default_str();
  add_word_option<Dtype>(*verb, "--entry-dtype", options.shape.entry_dtype, "type of the entries; B is rounded up to it")
      ->default_str(std::string(word_of(options.shape.entry_dtype)));
  verb->add_flag("--four-axes", arguments->layout.four_axes,
                 "tensors of shape (1, 1, rows, columns); outputs of that shape are always taken");
  verb->add_option("--accurate-error", options.accurate_error, "largest error of an accurate answer")
      ->check(positive_number())
      ->capture_default_str();
  verb->add_option("--run-timeout", arguments->run_timeout, "seconds for one run of an algorithm")
      ->check(positive_number())
      ->capture_default_str();
  verb->add_option("--timing-rows", options.timing_rows, "sizes for the fit of time [a quarter, half and all of --rows]")
      ->delimiter(',')
      ->check(whole_number());
  verb->add_option("--write", arguments->write, "run nothing: write all inputs into a folder, for another machine");
  verb->add_flag("--blind", arguments->blind,
                 "with --write: no answers and no seed in the files, which are --independent; with --outputs: judge those");
  verb->add_option("--outputs", arguments->outputs,
                   "judge the outputs NAME.out.safetensors of a folder for inputs written before with the same options");
  verb->add_option("--require-survival", arguments->required.survival,
                   "exit with 3 unless all survive up to this multiple of the smallest deciding entry bound")
      ->check(positive_number());
  verb->add_option("--require-error", arguments->required.error, "exit with 3 unless no answer is off by more")
      ->check(positive_number());
  verb->add_option("--plot", arguments->plot, "folder for challenge.dat, challenge.gp and challenge.svg");
  verb->footer(examples(
      {"gapwright challenge --exec '/usr/bin/python3 examples/exact.py {in} {out}'",
       "gapwright challenge -k 3 --rows 64 --seed 2 --exec '/usr/bin/python3 examples/uniform_sampling.py {in} {out}' --json",
       "gapwright challenge --causal --pad-dimension 64 --entry-dtype bf16 --softmax-scale '1/sqrt(d)' --library "
       "./libkernel.so"}));
  verb->callback(
      [&context, arguments] { context.command = [&context, arguments] { return run_challenge_command(context, *arguments); }; });
}

}  // namespace gapwright::cli
