// SPDX-License-Identifier: MIT
// attend: attention of an input file by one of three methods, with the error that each can promise, and its gradient.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <sstream>

#include "atlas/bindings.hpp"
#include "attention/exact.hpp"
#include "attention/method.hpp"
#include "attention/polynomial_gradient.hpp"
#include "cli/attend_reference.hpp"
#include "cli/commands.hpp"
#include "cli/honoured_options.hpp"
#include "cli/paths.hpp"
#include "cli/report.hpp"
#include "cli/word_option.hpp"
#include "instances/files/file_metadata.hpp"
#include "instances/files/instance_files.hpp"
#include "support/errors.hpp"
#include "support/message.hpp"
#include "verify/attention_balls.hpp"
#include "verify/decision_bytes.hpp"

namespace gapwright::cli {
namespace {

struct AttendOptions {
  std::string file, gradient, reference;
  AttendMethod method = AttendMethod::exact;
  std::optional<Arithmetic> dtype;  ///< nothing: that of the file
  double error = 0;                 ///< 0: not given
  std::size_t most_features = PolynomialOptions{}.most_features;
  bool features_given = false;
};

/// What attend writes and says.
struct Attended {
  Matrix out;
  std::optional<AttentionGradient> gradient;
  GradientError gradient_error;  ///< with a gradient
  double error = 0;              ///< certified or a-posteriori bound for `out`
  std::string error_kind;        ///< what the bound rests on
  std::vector<std::pair<std::string, std::string>> lines;
  std::vector<std::pair<std::string, double>> numbers;  ///< further ones for --json
  std::map<std::string, std::string> metadata;
};

std::string number(double x) { return fmt::format("{:.6g}", x); }

Attended by_exact(const Context& context, const Attention& a, Arithmetic arithmetic, const std::optional<Matrix>& upstream) {
  Attended answer;
  const RunControl control = run_control(context, "attend");
  ExactAttention forward;
  if (upstream) {
    ExactGradient result = exact_gradient(a, *upstream, arithmetic, control);
    answer.gradient = std::move(result.gradient);
    answer.gradient_error = std::move(result.error);
    forward = std::move(result.forward);
  } else {
    forward = exact_attention(a, arithmetic, control);
  }
  answer.error = largest_error(forward);
  answer.error_kind = "a-posteriori bound";
  answer.out = std::move(forward.out);
  return answer;
}

Attended by_polynomial(const Context& context, const Attention& a, const AttendOptions& options,
                       const std::optional<Matrix>& upstream) {
  PolynomialOptions request;
  request.error = options.error > 0 ? options.error : 1e-3;
  request.most_features = options.most_features;
  request.prove = polynomial_prover();
  request.prove_remainder = remainder_prover();
  const RunControl control = run_control(context, "attend");
  Attended answer;
  PolynomialPlan plan;
  if (upstream) {
    PolynomialGradient result = polynomial_gradient(a, *upstream, request, control);
    answer.gradient = std::move(result.gradient);
    answer.gradient_error = std::move(result.error);
    answer.out = std::move(result.out);
    plan = std::move(result.plan);
  } else {
    PolynomialAttention result = polynomial_attention(a, request, control);
    answer.out = std::move(result.out);
    plan = std::move(result.plan);
  }
  answer.error = plan.error();
  answer.error_kind = "certified";
  answer.lines.emplace_back(
      "polynomial", fmt::format("half-length R = {}, degree g = {}, r = {}, approximation {} (proved {}), rounding {}",
                                number(plan.scores.half_length()), plan.degree, counted(plan.features, "feature"),
                                number(plan.approximation_error),
                                plan.moment == 0 ? "on the interval" : fmt::format("with moment {} of the scores", plan.moment),
                                number(plan.rounding_error)));
  answer.numbers = {{"half_length", plan.scores.half_length()},
                    {"degree", static_cast<double>(plan.degree)},
                    {"features", static_cast<double>(plan.features)}};
  answer.metadata["degree"] = std::to_string(plan.degree);
  answer.metadata["features"] = std::to_string(plan.features);
  return answer;
}

Attended by_balls(const Context& context, const Attention& a, const AttendOptions& options) {
  CertifiedAttention certified =
      certified_attention(a, options.error > 0 ? options.error : 0x1p-52, run_control(context, "attend"));
  Attended answer;
  answer.out = std::move(certified.out);
  answer.error = certified.error;
  answer.error_kind = "certified";
  return answer;
}

Dtype file_dtype(const InputBytes& input) { return read_safetensors(input).tensors.at("q").dtype; }

TensorPlan plan_of(const std::string& name, const Matrix& m, bool narrow) {
  return {name, narrow ? Dtype::f32 : Dtype::f64, {m.rows, m.columns}, [&m, narrow](const auto& sink) {
            if (!narrow) return sink(std::as_bytes(std::span(m.entries)));
            const std::vector<float> entries(m.entries.begin(), m.entries.end());
            sink(std::as_bytes(std::span(entries)));
          }};
}

/// A tensor to be written, and the bound of its error.
struct Written {
  std::string name;
  const Matrix* matrix;
  double* error;
};
std::vector<Written> written(Attended& answer) {
  std::vector<Written> all{{"out", &answer.out, &answer.error}};
  if (!answer.gradient) return all;
  all.push_back({"dq", &answer.gradient->q, &answer.gradient_error.q});
  for (std::size_t u = 0; u < answer.gradient->keys.size(); ++u)
    all.push_back({"dk" + std::to_string(u + 1), &answer.gradient->keys[u], &answer.gradient_error.keys[u]});
  for (std::size_t u = 0; u < answer.gradient->values.size(); ++u)
    all.push_back({"dv" + std::to_string(u + 1), &answer.gradient->values[u], &answer.gradient_error.values[u]});
  return all;
}

/// What conversion to f32 adds to a tensor's error: the largest |x - (float)x|, which f64 holds exactly, and which is at most
/// |x| 2^-24 + 2^-150.
void count_narrowing(const Written& tensor, const std::string& file) {
  double largest = 0;
  for (const double x : tensor.matrix->entries) {
    const double narrow = static_cast<float>(x);
    if (!std::isfinite(narrow))
      throw LimitReached(
          fmt::format("{}: {} has an entry {}, which overflows f32; use --dtype f64", file, tensor.name, number(x)));
    largest = std::max(largest, std::abs(x - narrow));
  }
  if (largest > 0) *tensor.error = std::nextafter(*tensor.error + largest, std::numeric_limits<double>::infinity());
}

void write(const Context& context, const Attention& a, const AttendOptions& options, bool narrow, Attended& answer) {
  std::vector<TensorPlan> tensors;
  auto metadata = answer.metadata;
  for (const Written& tensor : written(answer)) {
    tensors.push_back(plan_of(tensor.name, *tensor.matrix, narrow));
    metadata[tensor.name == "out" ? "error_bound" : "error_bound_" + tensor.name] = fmt::format("{:.17g}", *tensor.error);
  }
  Provenance made_by = a.terms.made_by;
  made_by.command = fmt::format(
      "attend --method {} --dtype {}{}{}", word_of(options.method), word_of(narrow ? Arithmetic::f32 : Arithmetic::f64),
      options.error > 0 ? fmt::format(" --error {}", options.error) : "", options.gradient.empty() ? "" : " --gradient");
  metadata["problem"] = "attention-output";
  metadata["order"] = std::to_string(a.keys.size() + 1);
  metadata["method"] = word_of(options.method);
  metadata["provenance"] = provenance_json(made_by);
  write_safetensors(context.output, std::move(metadata), tensors);
}

/// What attend reads.
struct Inputs {
  Attention attention;
  bool narrow = false;  ///< out is f32
  std::optional<Matrix> upstream;
  std::optional<Reference> reference;
};

Inputs read_inputs(const Context& context, const AttendOptions& options) {
  std::vector<std::string> reads{options.file};
  for (const std::string& other : {options.gradient, options.reference})
    if (!other.empty()) reads.push_back(other);
  declare_paths(context, reads, {output_file(context)});
  const InputBytes input = open_input(context, options.file);
  Inputs in{read_attention(input), options.dtype == Arithmetic::f32, {}, {}};
  check_order(context, input.name(), in.attention.keys.size() + 1);
  if (!options.dtype) in.narrow = file_dtype(input) != Dtype::f64;
  if (!options.gradient.empty()) in.upstream = read_upstream(context, options.gradient, in.attention);
  if (!options.reference.empty()) in.reference = read_reference(context, options.reference, in.attention);
  return in;
}

void check_work(const Context& context, const Inputs& in, const AttendOptions& options) {
  if (in.upstream && options.method == AttendMethod::certified)
    throw std::invalid_argument("--method certified computes outputs, not gradients; use exact or polynomial");
  const Attention& a = in.attention;
  if (options.method != AttendMethod::polynomial) check_tuples(context.limits, options.file, tuples_of(a), a.q.columns);
  constexpr long kBallBits = 4096;  // the highest precision of certified outputs
  check_memory(context.limits, options.file,
               options.method == AttendMethod::certified ? ball_bytes(a, kBallBits, context.threads)
                                                         : exact_bytes(a, in.upstream.has_value()));
}

Attended attended(const Context& context, const Inputs& in, const AttendOptions& options) {
  const Attention& a = in.attention;
  try {
    return options.method == AttendMethod::exact
               ? by_exact(context, a, in.narrow ? Arithmetic::f32 : Arithmetic::f64, in.upstream)
           : options.method == AttendMethod::polynomial ? by_polynomial(context, a, options, in.upstream)
                                                        : by_balls(context, a, options);
  } catch (const BadInstance& e) {
    throw BadInstance(options.file + ": " + e.what());
  } catch (const LimitReached& e) {
    throw LimitReached(options.file + ": " + e.what());
  }
}

/// The errors as stated must be those asked for, of numbers as written.
void settle_errors(const AttendOptions& options, bool narrow, Attended& answer) {
  if (narrow)
    for (const Written& tensor : written(answer)) count_narrowing(tensor, options.file);
  if (options.error > 0 && answer.error > options.error)
    throw LimitReached(fmt::format("{}: the error bound is {}, more than --error {}; {}", options.file, number(answer.error),
                                   options.error,
                                   options.method == AttendMethod::certified ? "numbers of this size have no closer double"
                                                                             : "use --dtype f64, or --method certified"));
}

/// More apart than both bounds allow.
bool refuted(const AttendOptions& options, const Attended& answer, const Measured& measured, const Reference& reference) {
  if (!(measured.absolute > (answer.error + reference.radius) * (1 + 0x1p-50))) return false;
  report_error(fmt::format(
      "{}: out differs from {} by {}, more than the error bound {} and the reference's {} together: one of them is refuted",
      options.file, options.reference, number(measured.absolute), number(answer.error), number(reference.radius)));
  return true;
}

struct Outcome {
  Attended answer;
  std::optional<Measured> measured;
  double seconds = 0;
};

std::string outcome_text(const Inputs& in, const AttendOptions& options, Outcome& outcome) {
  const Attention& a = in.attention;
  Attended& answer = outcome.answer;
  std::string text =
      line("attention", fmt::format("order {}, q {} x {}, {}, values of {}", a.keys.size() + 1, a.q.rows, a.q.columns,
                                    counted(count_text(tuples_of(a)), "tuple"), counted(a.values[0].columns, "column")));
  for (const auto& [label, what] : answer.lines) text += line(label, what);
  text += line("error", fmt::format("every entry of out within {} ({})", number(answer.error), answer.error_kind));
  std::string within;
  for (const Written& tensor : written(answer))
    if (tensor.name != "out")
      within += fmt::format("{}{} within {}", within.empty() ? "" : ", ", tensor.name, number(*tensor.error));
  if (!within.empty()) text += line("gradient", within + " (" + answer.error_kind + ")");
  return text + line("time", fmt::format("{} ({}, {})", seconds_text(outcome.seconds), word_of(options.method),
                                         word_of(in.narrow ? Arithmetic::f32 : Arithmetic::f64)));
}

nlohmann::ordered_json outcome_json(const Inputs& in, const AttendOptions& options, Outcome& outcome) {
  Attended& answer = outcome.answer;
  nlohmann::ordered_json json{
      {"method", word_of(options.method)}, {"error_bound", answer.error}, {"error_kind", answer.error_kind}};
  for (const Written& tensor : written(answer))
    if (tensor.name != "out") json["gradient_error_bounds"][tensor.name] = *tensor.error;
  for (const auto& [key, what] : answer.numbers) json[key] = what;
  if (const auto& measured = outcome.measured) {
    json["measured"] = {
        {"largest_difference", measured->absolute}, {"relative", measured->relative}, {"reference_radius", in.reference->radius}};
    if (measured->gap_decided) json["measured"]["gap_decided"] = *measured->gap_decided;
  }
  json["timing"] = {{"seconds", outcome.seconds}};
  return json;
}

int run_attend(const Context& context, const AttendOptions& options) {
  if (options.features_given && options.method != AttendMethod::polynomial)
    throw std::invalid_argument("--max-features goes with --method polynomial; leave it out");
  refuse_binary_on_terminal(context);
  const Inputs in = read_inputs(context, options);
  check_work(context, in, options);
  const double start = seconds_since_start();
  Outcome outcome{attended(context, in, options), {}, 0};
  outcome.seconds = seconds_since_start() - start;
  settle_errors(options, in.narrow, outcome.answer);
  if (in.reference) {
    outcome.measured = measure(in.attention, outcome.answer.out, *in.reference);
    outcome.answer.lines.emplace_back("measured", measured_text(*outcome.measured, *in.reference));
    if (refuted(options, outcome.answer, *outcome.measured, *in.reference)) return kRefuted;
  }
  write(context, in.attention, options, in.narrow, outcome.answer);
  const std::string text = outcome_text(in, options, outcome);
  if (context.output == "-") {
    std::istringstream lines(text);
    for (std::string one; std::getline(lines, one);) say(context, one);
  } else {
    print(Context{}, context.json ? outcome_json(in, options, outcome).dump(2) + "\n" : text);  // -o holds the tensor
  }
  return kDone;
}

}  // namespace

void add_attend(CLI::App& app, Context& context) {
  auto* verb = app.add_subcommand("attend", "Compute attention of an input file, with an error bound, and its gradient");
  const auto options = std::make_shared<AttendOptions>();
  verb->add_option("input", options->file, "attention input (safetensors); - is standard input")->required();
  add_word_option<AttendMethod>(
      *verb, "--method", options->method,
      "exact (all tuples, in floating point), polynomial (near-linear, for small entries), certified (balls)")
      ->default_str(std::string(word_of(options->method)));
  add_word_option<Arithmetic>(*verb, "--dtype", options->dtype,
                              "f32 or f64: what exact computes in, and the type of out [that of the file]",
                              words_for<Arithmetic>({Arithmetic::f32, Arithmetic::f64}));
  verb->add_option("--error", options->error, "largest absolute error of any output entry [polynomial: 1e-3]")
      ->check(positive_number());
  verb->add_option("--gradient", options->gradient,
                   "upstream gradient dLoss/dout (safetensors, one tensor): also write dq, dk1, ..., dv1, ...");
  verb->add_option("--reference", options->reference,
                   "an output of attend for the same input, best of --method certified: also measure the errors against it");
  auto* features = verb->add_option("--max-features", options->most_features, "polynomial: refuse more monomials")
                       ->check(whole_number())
                       ->capture_default_str();
  verb->footer(
      examples({"gapwright attend hard.safetensors -o out.safetensors",
                "gapwright attend bounded.safetensors --method polynomial --error 1e-3 -o out.safetensors",
                "gapwright attend random.safetensors --dtype f32 --gradient upstream.safetensors -o gradients.safetensors"}));
  verb->callback([&context, options, features] {
    options->features_given = features->count() > 0;
    context.command = [&context, options] { return run_attend(context, *options); };
  });
}

}  // namespace gapwright::cli
