// SPDX-License-Identifier: MIT
// attend: attention of an input file by one of three methods, with the error that each can promise, and its gradient.
#include <fmt/format.h>

#include <sstream>

#include "atlas/attend.hpp"
#include "atlas/problem.hpp"
#include "cli/attend_reference.hpp"
#include "cli/commands.hpp"
#include "cli/honoured_options.hpp"
#include "cli/paths.hpp"
#include "cli/report.hpp"
#include "cli/word_option.hpp"
#include "instances/files/file_metadata.hpp"
#include "instances/files/instance_files.hpp"
#include "support/message.hpp"
#include "verify/decision_bytes.hpp"

namespace gapwright::cli {
namespace {

struct AttendOptions {
  std::string file, gradient, reference;
  AttendRequest request;
  std::optional<Arithmetic> dtype;  ///< nothing: that of the file
};

std::string number(double x) { return fmt::format("{:.6g}", x); }

/// What the bound of the error rests on.
std::string_view error_kind(AttendMethod method) { return method == AttendMethod::exact ? "a-posteriori bound" : "certified"; }

Arithmetic dtype_of(const InputFile& input) {
  return input.tensors().tensors.at("q").dtype == Dtype::f64 ? Arithmetic::f64 : Arithmetic::f32;
}

TensorPlan plan_of(const std::string& name, const Matrix& m, Arithmetic dtype) {
  return {name, dtype == Arithmetic::f32 ? Dtype::f32 : Dtype::f64, {m.rows, m.columns}, [&m, dtype](const auto& sink) {
            if (dtype == Arithmetic::f64) return sink(std::as_bytes(std::span(m.entries)));
            const std::vector<float> entries(m.entries.begin(), m.entries.end());  // which are numbers of f32
            sink(std::as_bytes(std::span(entries)));
          }};
}

std::map<std::string, std::string> metadata_of(const Attention& a, const AttendRequest& request, const AttendResult& result) {
  std::map<std::string, std::string> metadata{{"problem", "attention-output"},
                                              {"order", std::to_string(a.keys.size() + 1)},
                                              {"method", std::string(word_of(request.method))},
                                              {"provenance", provenance_json(made_by(request, a.terms.made_by))}};
  if (result.plan) {
    metadata["degree"] = std::to_string(result.plan->degree);
    metadata["features"] = std::to_string(result.plan->features);
  }
  return metadata;
}

void write(const Context& context, const Attention& a, const AttendRequest& request, const AttendResult& result) {
  std::vector<TensorPlan> tensors;
  auto metadata = metadata_of(a, request, result);
  for_each_tensor(result, [&](const std::string& name, const Matrix& m, double error) {
    tensors.push_back(plan_of(name, m, request.dtype));
    metadata[name == "out" ? "error_bound" : "error_bound_" + name] = fmt::format("{:.17g}", error);
  });
  write_safetensors(context.output, std::move(metadata), tensors);
}

/// What attend reads.
struct Inputs {
  Attention attention;
  AttendRequest request;
  std::optional<Reference> reference;
};

Inputs read_inputs(const Context& context, const AttendOptions& options) {
  std::vector<std::string> reads{options.file};
  for (const std::string& other : {options.gradient, options.reference})
    if (!other.empty()) reads.push_back(other);
  declare_paths(context, reads, {output_file(context)});
  const InputFile input(open_input(context, options.file));
  expect_attention(input);
  Inputs in{read_attention(input), options.request, {}};
  in.request.name = options.file;
  check_order(context, input.name(), in.attention.keys.size() + 1);
  in.request.dtype = options.dtype.value_or(dtype_of(input));
  if (!options.gradient.empty()) {
    const InputBytes upstream = open_input(context, options.gradient);
    in.request.upstream = read_upstream(upstream, in.attention);
    in.request.upstream_file = {upstream.base_name(), upstream.sha256()};
  }
  if (!options.reference.empty()) in.reference = read_reference(context, options.reference, in.attention);
  return in;
}

/// More apart than both bounds allow.
bool refuted(const std::string& file, const AttendResult& result, const Measured& measured, const Reference& reference) {
  if (!(measured.absolute > (result.error + reference.radius) * (1 + 0x1p-50))) return false;
  report_error(fmt::format(
      "{}: out differs from {} by {}, more than the error bound {} and the reference's {} together: one of them is refuted", file,
      reference.file, number(measured.absolute), number(result.error), number(reference.radius)));
  return true;
}

struct Outcome {
  AttendResult result;
  std::optional<Measured> measured;
  double seconds = 0;
};

std::string plan_text(const PolynomialPlan& plan) {
  return fmt::format("half-length R = {}, degree g = {}, r = {}, approximation {} (proved {}), rounding {}",
                     number(plan.scores.half_length()), plan.degree, counted(plan.features, "feature"),
                     number(plan.approximation_error),
                     plan.moment == 0 ? "on the interval" : fmt::format("with moment {} of the scores", plan.moment),
                     number(plan.rounding_error));
}

std::string gradient_text(const AttendResult& result) {
  std::string within;
  for_each_tensor(result, [&](const std::string& name, const Matrix&, double error) {
    if (name != "out") within += fmt::format("{}{} within {}", within.empty() ? "" : ", ", name, number(error));
  });
  return within;
}

std::string outcome_text(const Inputs& in, const Outcome& outcome) {
  const Attention& a = in.attention;
  const AttendResult& result = outcome.result;
  const auto& [method, dtype] = std::pair(in.request.method, in.request.dtype);
  std::string text =
      line("attention", fmt::format("order {}, q {} x {}, {}, values of {}", a.keys.size() + 1, a.q.rows, a.q.columns,
                                    counted(count_text(tuples_of(a)), "tuple"), counted(a.values[0].columns, "column")));
  if (result.plan) text += line("polynomial", plan_text(*result.plan));
  if (outcome.measured) text += line("measured", measured_text(*outcome.measured, *in.reference));
  text += line("error", fmt::format("every entry of out within {} ({})", number(result.error), error_kind(method)));
  if (result.gradient) text += line("gradient", fmt::format("{} ({})", gradient_text(result), error_kind(method)));
  return text + line("time", fmt::format("{} ({}, {})", seconds_text(outcome.seconds), word_of(method), word_of(dtype)));
}

nlohmann::ordered_json measured_json(const Measured& measured, const Reference& reference) {
  nlohmann::ordered_json json{
      {"largest_difference", measured.absolute}, {"relative", measured.relative}, {"reference_radius", reference.radius}};
  if (measured.gap_decided) json["gap_decided"] = *measured.gap_decided;
  return json;
}

nlohmann::ordered_json outcome_json(const Inputs& in, const Outcome& outcome) {
  const AttendResult& result = outcome.result;
  nlohmann::ordered_json json{
      {"method", word_of(in.request.method)}, {"error_bound", result.error}, {"error_kind", error_kind(in.request.method)}};
  for_each_tensor(result, [&](const std::string& name, const Matrix&, double error) {
    if (name != "out") json["gradient_error_bounds"][name] = error;
  });
  if (const auto& plan = result.plan) {
    json["half_length"] = plan->scores.half_length();
    json["degree"] = static_cast<double>(plan->degree);
    json["features"] = static_cast<double>(plan->features);
  }
  if (outcome.measured) json["measured"] = measured_json(*outcome.measured, *in.reference);
  json["timing"] = {{"seconds", outcome.seconds}};
  return json;
}

/// Standard output may hold the tensors.
void report(const Context& context, const Inputs& in, const Outcome& outcome) {
  if (context.output != "-")
    return print(Context{}, context.json ? outcome_json(in, outcome).dump(2) + "\n" : outcome_text(in, outcome));
  std::istringstream lines(outcome_text(in, outcome));
  for (std::string one; std::getline(lines, one);) say(context, one);
}

int run_attend(const Context& context, const AttendOptions& options) {
  check_request(options.request);
  refuse_binary_on_terminal(context);
  const Inputs in = read_inputs(context, options);
  const double start = seconds_since_start();
  Outcome outcome{attend(in.attention, in.request, work_of(context)), {}, 0};
  outcome.seconds = seconds_since_start() - start;
  if (in.reference) {
    outcome.measured = measure(in.attention, outcome.result.out, *in.reference);
    if (refuted(options.file, outcome.result, *outcome.measured, *in.reference)) return kRefuted;
  }
  write(context, in.attention, in.request, outcome.result);
  report(context, in, outcome);
  return kDone;
}

}  // namespace

void add_attend(CLI::App& app, Context& context) {
  auto* verb = app.add_subcommand("attend", "Compute attention of an input file, with an error bound, and its gradient");
  const auto options = std::make_shared<AttendOptions>();
  verb->add_option("input", options->file, "attention input (safetensors); - is standard input")->required();
  add_word_option<AttendMethod>(
      *verb, "--method", options->request.method,
      "exact (all tuples, in floating point), polynomial (near-linear, for small entries), certified (balls)")
      ->default_str(std::string(word_of(options->request.method)));
  add_word_option<Arithmetic>(*verb, "--dtype", options->dtype,
                              "f32 or f64: what exact computes in, and the type of out [that of the file]",
                              words_for<Arithmetic>({Arithmetic::f32, Arithmetic::f64}));
  verb->add_option("--error", options->request.error, "largest absolute error of any output entry [polynomial: 1e-3]")
      ->check(positive_number());
  verb->add_option("--gradient", options->gradient,
                   "upstream gradient dLoss/dout (safetensors, one tensor): also write dq, dk1, ..., dv1, ...");
  verb->add_option("--reference", options->reference,
                   "an output of attend for the same input, best of --method certified: also measure the errors against it");
  verb->add_option("--max-features", options->request.most_features, "polynomial: refuse more monomials")
      ->check(whole_number())
      ->default_str(std::to_string(PolynomialOptions{}.most_features));
  verb->footer(
      examples({"gapwright attend hard.safetensors -o out.safetensors",
                "gapwright attend bounded.safetensors --method polynomial --error 1e-3 -o out.safetensors",
                "gapwright attend random.safetensors --dtype f32 --gradient upstream.safetensors -o gradients.safetensors"}));
  verb->callback([&context, options] { context.command = [&context, options] { return run_attend(context, *options); }; });
}

}  // namespace gapwright::cli
