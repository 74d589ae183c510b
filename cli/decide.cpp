// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <cmath>
#include <memory>

#include "atlas/bindings.hpp"
#include "attention/exact.hpp"
#include "cli/certify.hpp"
#include "cli/commands.hpp"
#include "cli/formula.hpp"
#include "cli/honoured_options.hpp"
#include "cli/instance_input.hpp"
#include "cli/paths.hpp"
#include "cli/report.hpp"
#include "cli/word_option.hpp"
#include "instances/files/file_metadata.hpp"
#include "instances/files/instance_files.hpp"
#include "support/decimal.hpp"
#include "support/errors.hpp"
#include "support/message.hpp"
#include "verify/attention_balls.hpp"
#include "verify/attention_counts.hpp"
#include "verify/decide_method.hpp"
#include "verify/decision_bytes.hpp"
#include "verify/gap_max_ip.hpp"
#include "verify/orthogonal_tuples.hpp"
#include "verify/sat_oracle.hpp"

namespace gapwright::cli {
namespace {

struct DecideOptions {
  std::vector<std::string> files;
  DecideMethod method = DecideMethod::verdict;
  long precision = 4096;
  bool strict = false;
  bool method_given = false, precision_given = false;
  CertifyOptions certify;
};

/// Null when nothing is to be recorded.
std::unique_ptr<Certifying> certifying(const Context& context, const DecideOptions& options,
                                       const std::vector<InputBytes>& inputs) {
  if (!options.certify.recording()) return nullptr;
  std::string command = "decide";
  for (const InputBytes& input : inputs) command += " " + input.base_name();
  if (options.method != DecideMethod::verdict) command += " --method " + std::string(word_of(options.method));
  return std::make_unique<Certifying>(context, options.certify, inputs, command);
}

int finish(Answer answer, std::optional<bool> expected) {
  if (answer == Answer::undecided) return kInconclusive;
  if (expected && *expected != (answer == Answer::yes)) {
    report_error(fmt::format("the verdict is {}, the file expects {}", answer_text(answer), *expected ? "yes" : "no"));
    return kRefuted;
  }
  return kDone;
}

int decide_formula(const Context& context, const DecideOptions& options, const InputBytes& input) {
  check_order(context, input.name(), 0);
  const Cnf cnf = read_formula(context, input, options.strict);
  check_memory(context.limits, formula_text(cnf) + ", given to CryptoMiniSat,", decision_bytes(cnf));
  const double start = seconds_since_start();
  const SatAnswer oracle = ask_cryptominisat(cnf, run_control(context, ""));
  const double seconds = seconds_since_start() - start;
  const Answer answer = !oracle.satisfiable ? Answer::undecided : *oracle.satisfiable ? Answer::yes : Answer::no;
  if (answer == Answer::yes && !accepts(cnf, oracle.model))
    throw std::runtime_error("CryptoMiniSat's model does not satisfy the formula");
  if (const auto certify = certifying(context, options, {input})) {
    if (answer == Answer::no && !options.certify.certificate.empty())
      throw std::invalid_argument(
          "--certificate: CryptoMiniSat's no has none; take solve --certificate (complete counts) or solve --proof (DRAT)");
    std::function<std::string()> certificate;
    if (answer == Answer::yes)
      certificate = [&] { return assignment_certificate(certify->certificate_context("cryptominisat"), cnf, oracle.model); };
    certify->finish(certificate);
  }
  if (context.json) {
    nlohmann::ordered_json json{
        {"verdict", answer_text(answer)}, {"witness", nullptr}, {"method", "cryptominisat"}, {"timing", {{"seconds", seconds}}}};
    if (answer == Answer::yes) {
      json["witness"] = nlohmann::ordered_json::array();
      for (std::size_t v = 0; v < cnf.variables; ++v)
        json["witness"].push_back(oracle.model[v] ? static_cast<std::int64_t>(v + 1) : -static_cast<std::int64_t>(v + 1));
    }
    print(context, json.dump(2) + "\n");
  } else {
    std::string text = line("formula", formula_text(cnf)) +
                       line("verdict", answer_text(answer) + " (CryptoMiniSat; solve decides it through attention)");
    if (answer == Answer::yes) text += line("assignment", assignment_text(oracle.model));
    print(context, text + line("time", seconds_text(seconds)));
  }
  return finish(answer, std::nullopt);
}

int decide_vectors(const Context& context, const DecideOptions& options, const std::vector<InputBytes>& inputs) {
  const OrthogonalVectorsFile file = read_orthogonal_vectors(inputs);
  check_order(context, inputs[0].name(), file.vectors.sets.size());
  const mpz_class tuples = tuples_of(file.vectors.sets);
  check_memory(context.limits, inputs[0].name(), decision_bytes(file.vectors.sets));
  check_tuples(context.limits, inputs[0].name(), tuples, file.vectors.dimension);
  const double start = seconds_since_start();
  const RunControl control = run_control(context, "k-OV");
  std::optional<OrthogonalVectors::Witness> tuple;
  if (const auto recorded = certifying(context, options, inputs)) {
    const auto certified =
        certify(file.vectors, recorded->certificate_context(), recorded->lift(), control, recorded->recording());
    recorded->finish(certified.certificate);
    tuple = certified.answer;
  } else {
    tuple = first_orthogonal_tuple(file.vectors, control);
  }
  const double seconds = seconds_since_start() - start;
  const Answer answer = tuple ? Answer::yes : Answer::no;
  if (tuple && !accepts(file.vectors, *tuple)) throw std::logic_error("the tuple found is not orthogonal");
  if (context.json) {
    nlohmann::ordered_json json{
        {"verdict", answer_text(answer)}, {"witness", nullptr}, {"method", "integers"}, {"timing", {{"seconds", seconds}}}};
    if (tuple) json["witness"] = tuple_json(*tuple);
    print(context, json.dump(2) + "\n");
  } else {
    print(context, line("k-OV", fmt::format("{} sets, {} in dimension {}", file.vectors.sets.size(),
                                            counted(count_text(tuples), "tuple"), file.vectors.dimension)) +
                       line("verdict", answer_text(answer)) + (tuple ? line("witness", tuple_text(*tuple)) : "") +
                       line("time", seconds_text(seconds)));
  }
  return finish(answer, file.expected);
}

std::string side_text(GapSide side) { return side == GapSide::yes ? "yes" : side == GapSide::no ? "no" : "outside-promise"; }

mpq_class stated_rounding(const InputBytes& input) { return rational_at(read_safetensors(input), "rounding").value_or(0); }

GapVerdict decide_form(const GapMaxIpFile& file, const InputBytes& input, const RunControl& control) {
  return std::visit(
      [&](const auto& instance) {
        if constexpr (std::is_same_v<decltype(instance), const RealGapMaxIp&>)
          return decide_gap(instance, stated_rounding(input), control);
        else
          return decide_gap(instance, control);
      },
      file.instance);
}

GapVerdict decide_recorded(const GapMaxIpFile& file, const InputBytes& input, const RunControl& control, Certifying& recorded) {
  const CertificateContext about = recorded.certificate_context();
  const auto decided = std::visit(
      [&](const auto& instance) -> Certified<GapVerdict> {
        if constexpr (std::is_same_v<decltype(instance), const RealGapMaxIp&>) {
          try {
            return certify(instance, stated_rounding(input), about, recorded.lift(), control, recorded.recording());
          } catch (const BadInstance& e) {
            throw BadInstance(input.name() + ": " + e.what());
          }
        } else {
          return certify(instance, about, recorded.lift(), control, recorded.recording());
        }
      },
      file.instance);
  recorded.finish(decided.certificate);
  return decided.answer;
}

int decide_gap_max_ip(const Context& context, const DecideOptions& options, const InputBytes& input) {
  const GapMaxIpFile file = read_gap_max_ip(input);
  check_order(context, input.name(), order_of(file));
  mpz_class tuples, bytes;
  std::size_t dimension = 0;
  const auto measure = [&](const auto& instance, const auto& sets, std::size_t columns) {
    tuples = tuples_of(sets);
    bytes = decision_bytes(instance);
    dimension = columns;
  };
  if (const auto* g = file.vectors()) measure(*g, g->sets, g->dimension);
  if (const auto* g = file.real()) measure(*g, g->sets, g->weights.size());
  if (const auto* g = file.factored()) measure(*g, *g->sets, g->coins);
  check_memory(context.limits, input.name(), bytes);
  check_tuples(context.limits, input.name(), tuples, dimension);
  const double start = seconds_since_start();
  const RunControl control = run_control(context, "Gap-k-MaxIP");
  const auto certify = certifying(context, options, {input});
  const GapVerdict verdict = certify ? decide_recorded(file, input, control, *certify) : decide_form(file, input, control);
  const double seconds = seconds_since_start() - start;
  const Gap gap = file.gap();
  if (context.json) {
    nlohmann::ordered_json json{{"verdict", side_text(verdict.side)},
                                {"witness", nullptr},
                                {"row", verdict.row},
                                {"largest", verdict.largest},
                                {"error", verdict.error},
                                {"yes_at_least", gap.yes_at_least},
                                {"no_at_most", gap.no_at_most},
                                {"method", file.real() ? "float64 with error bound" : "integers"},
                                {"timing", {{"seconds", seconds}}}};
    if (verdict.witness) json["witness"] = tuple_json(*verdict.witness);
    print(context, json.dump(2) + "\n");
  } else {
    print(context,
          line("Gap-k-MaxIP", fmt::format("{} in dimension {}; yes: t = {}, no: s_no = {}", counted(count_text(tuples), "tuple"),
                                          dimension, gap.yes_at_least, gap.no_at_most)) +
              line("verdict", side_text(verdict.side)) +
              line("row", fmt::format("{}, largest inner product {:.12g}{}", verdict.row, verdict.largest,
                                      verdict.error > 0 ? fmt::format(" within {:.2g}", verdict.error) : "")) +
              (verdict.witness ? line("witness", tuple_text(*verdict.witness)) : "") + line("time", seconds_text(seconds)));
  }
  if (file.expected && *file.expected != (verdict.side == GapSide::yes)) {
    report_error(fmt::format("the verdict is {}, the file expects {}", side_text(verdict.side), *file.expected ? "yes" : "no"));
    return kRefuted;
  }
  return kDone;
}

Verdict decide_input(const Context& context, const DecideOptions& options, const InputBytes& input, const Attention& attention,
                     std::string& explanation) {
  const Precision precision{std::min<long>(64, options.precision), options.precision};
  const RunControl control = run_control(context, "exact attention");
  const CountMethod method = options.method == DecideMethod::verdict ? CountMethod::verdict : CountMethod::histogram;
  if (const auto recorded = certifying(context, options, {input})) {
    if (options.method == DecideMethod::balls)
      throw std::invalid_argument("--method balls has no certificate and no checkpoint; leave it out");
    const auto certified =
        certify(attention, method, precision, recorded->certificate_context(), recorded->lift(), control, recorded->recording());
    recorded->finish(certified.certificate);
    return certified.answer;
  }
  if (options.method != DecideMethod::balls) {
    const RecoveredBits recovered = recover_bits(attention);
    if (recovered.bits) return decide_by_counts(*recovered.bits, method, control, precision);
    explanation = recovered.reason + ": plain softmax in balls instead";
    say(context, explanation);
  }
  return decide_by_balls(attention, control, precision);
}

int decide_through_gradients(const Context& context, const Attention& attention) {
  const double start = seconds_since_start();
  const GradientDecision d = decide_by_gradients(attention, exact_gradient_oracle(run_control(context, "gradients")));
  const double seconds = seconds_since_start() - start;
  const Answer answer = !d.answer ? Answer::undecided : *d.answer ? Answer::yes : Answer::no;
  if (context.json) {
    print(context, nlohmann::ordered_json{{"verdict", answer_text(answer)},
                                          {"witness", nullptr},
                                          {"method", word_of(DecideMethod::gradient)},
                                          {"loss", d.loss},
                                          {"error", d.error},
                                          {"yes_at_least", d.yes_at_least},
                                          {"no_at_most", d.no_at_most},
                                          {"oracle_calls", d.calls},
                                          {"timing", {{"seconds", seconds}}}}
                           .dump(2) +
                       "\n");
  } else {
    print(context, line("verdict", answer_text(answer) + " (through gradients alone, in float64)") +
                       line("loss", fmt::format("{:.12g} within {:.3g}; yes at least {:.6g}, no at most {:.6g}", d.loss, d.error,
                                                d.yes_at_least, d.no_at_most)) +
                       line("oracle calls", std::to_string(d.calls)) + line("time", seconds_text(seconds)));
  }
  return finish(answer, attention.terms.expected);
}

int decide_attention(const Context& context, const DecideOptions& options, const InputBytes& input) {
  const Attention attention = read_attention(input);
  check_order(context, input.name(), attention.keys.size() + 1);
  const mpz_class tuples = tuples_of(attention);
  const bool by_counts = options.method == DecideMethod::verdict || options.method == DecideMethod::histogram;
  check_memory(context.limits, input.name(),
               by_counts                                  ? decision_bytes_by_counts(attention)
               : options.method == DecideMethod::gradient ? exact_bytes(attention, true)
                                                          : ball_bytes(attention, options.precision, context.threads));
  check_tuples(context.limits, input.name(), tuples, attention.q.columns);
  if (options.method == DecideMethod::gradient) {
    if (options.certify.recording())
      throw std::invalid_argument("--method gradient has no certificate and no checkpoint; leave it out");
    try {
      return decide_through_gradients(context, attention);
    } catch (const BadInstance& e) {
      throw BadInstance(input.name() + ": " + e.what());
    }
  }
  const double start = seconds_since_start();
  std::string explanation;
  Verdict verdict;
  try {
    verdict = decide_input(context, options, input, attention, explanation);
  } catch (const BadInstance& e) {
    throw BadInstance(input.name() + ": " + e.what());
  }
  const double seconds = seconds_since_start() - start;
  if (verdict.reason.empty()) verdict.reason = explanation;
  if (context.json && verdict.answer == Answer::no && verdict.hi > *attention.terms.no_at_most)
    verdict.reason += fmt::format(
        "{}outputs are compared with the middle of the gap: no_at_most = {}, rounded, may lie inside the enclosure of a no",
        verdict.reason.empty() ? "" : "; ", decimal_up(*attention.terms.no_at_most, 12));
  if (context.json) {
    print(context, verdict_json(verdict, seconds).dump(2) + "\n");
  } else {
    std::string text =
        line("attention", fmt::format("order {}, q {} x {}, {}, B = {:.17g}", attention.keys.size() + 1, attention.q.rows,
                                      attention.q.columns, counted(count_text(tuples), "tuple"), attention.terms.entry_bound));
    text += line("verdict", answer_text(verdict.answer));
    text += line("row", fmt::format("{}, out in {}, compared with {}", verdict.row, enclosure_text(verdict),
                                    decimal_down(verdict.between, 12)));
    if (const std::string why =
            passed_threshold_text(verdict, attention.terms.yes_at_least.value(), attention.terms.no_at_most.value());
        !why.empty())
      text += line("", why);
    if (verdict.witness) text += line("witness", tuple_text(*verdict.witness));
    text += line("method", fmt::format("{}, {} bits, {}", verdict.method, verdict.precision, seconds_text(seconds)));
    if (!verdict.reason.empty()) text += line("", verdict.reason);
    print(context, text);
  }
  return finish(verdict.answer, attention.terms.expected);
}

/// A problem that the verb knows by its row alone.
int decide_by_row(const Context& context, const DecideOptions& options, const Problem& problem, const InputBytes& input) {
  if (!problem.decide) throw std::invalid_argument("instances of " + problem.name + " cannot be decided here");
  if (options.certify.recording())
    throw std::invalid_argument("--certificate and --checkpoint: decisions of " + problem.name + " have none; leave them out");
  const AnyInstance instance = read_instance(problem, {input});
  if (problem.sizes) check_order(context, input.name(), problem.sizes(instance).order);
  const DecisionWork work = problem.work(instance);
  check_memory(context.limits, input.name(), work.bytes);
  check_tuples(context.limits, input.name(), work.tuples, work.dimension);
  const double start = seconds_since_start();
  const Decided decided = problem.decide(instance, run_control(context, problem.name));
  const double seconds = seconds_since_start() - start;
  const Answer answer = decided.yes ? Answer::yes : Answer::no;
  if (context.json) {
    nlohmann::ordered_json json{
        {"verdict", answer_text(answer)}, {"witness", nullptr}, {"method", decided.method}, {"timing", {{"seconds", seconds}}}};
    if (decided.witness) json["witness"] = *decided.witness;
    print(context, json.dump(2) + "\n");
  } else {
    print(context, line("problem", fmt::format("{}, {} in dimension {}", problem.name, counted(count_text(work.tuples), "tuple"),
                                               work.dimension)) +
                       line("verdict", answer_text(answer)) +
                       (decided.witness ? line("witness", witness_text(problem, *decided.witness)) : "") +
                       line("time", seconds_text(seconds)));
  }
  return finish(answer, problem.expected ? problem.expected(instance) : std::nullopt);
}

/// Options that say nothing about an input of this kind are refused.
void check_options(const DecideOptions& options, std::optional<FileKind> kind) {
  if (kind != FileKind::cnf && options.strict) throw std::invalid_argument("--strict goes with a formula; leave it out");
  if (kind != FileKind::attention && (options.method_given || options.precision_given))
    throw std::invalid_argument("--method and --precision go with an attention input; leave them out");
  if (options.method == DecideMethod::gradient && options.precision_given)
    throw std::invalid_argument("--method gradient computes in float64; leave out --precision");
}

void declare_decision(const Context& context, const DecideOptions& options) {
  std::vector<std::string> reads = options.files;
  if (!options.certify.formula.empty()) reads.push_back(options.certify.formula);
  std::vector<WrittenPath> writes = written_by(options.certify);
  writes.push_back(output_file(context));
  declare_paths(context, reads, writes);
}

int run_decide(const Context& context, const DecideOptions& options) {
  declare_decision(context, options);
  if (!options.certify.formula.empty() && options.certify.certificate.empty())
    throw std::invalid_argument("--formula goes with --certificate");
  if (options.certify.every_given && !options.certify.recording())
    throw std::invalid_argument("--checkpoint-every goes with --checkpoint or --certificate");
  std::vector<InputBytes> inputs;
  for (const auto& file : options.files) inputs.push_back(open_input(context, file));
  const Problem& problem = problem_of(inputs[0]);
  const std::optional<FileKind> kind = find_named<FileKind>(problem.name);
  check_options(options, kind);
  if (kind != FileKind::orthogonal_vectors && inputs.size() != 1)
    throw std::invalid_argument("one input at a time; " + options.files[1] + " is a second one");
  if (!kind) return decide_by_row(context, options, problem, inputs[0]);
  switch (*kind) {
    case FileKind::cnf:
      return decide_formula(context, options, inputs[0]);
    case FileKind::orthogonal_vectors:
      return decide_vectors(context, options, inputs);
    case FileKind::gap_max_ip:
      return decide_gap_max_ip(context, options, inputs[0]);
    case FileKind::attention:
      return decide_attention(context, options, inputs[0]);
  }
  return kInternal;
}

}  // namespace

void add_decide(CLI::App& app, Context& context) {
  auto* verb = app.add_subcommand("decide", "Decide an instance file: a formula, sets of vectors, or an attention input");
  const auto options = std::make_shared<DecideOptions>();
  verb->add_option("instance", options->files, "DIMACS, safetensors, or .npy vectors; - is standard input")->required();
  add_word_option<DecideMethod>(
      *verb, "--method", options->method,
      "for attention: verdict (count the decisive tuples), histogram (count all), balls (plain softmax), gradient "
      "(gradients alone)")
      ->default_str(std::string(word_of(options->method)));
  verb->add_option("--precision", options->precision, "bits at which to give up")
      ->check(CLI::Range(16, 1 << 20))
      ->capture_default_str();
  verb->add_flag("--strict", options->strict, "a wrong clause count in the header is an error");
  add_certify_options(*verb, options->certify);
  verb->footer(
      examples({"gapwright decide hard.safetensors --method balls --json",
                "gapwright decide hard.safetensors --certificate certificate.json", "gapwright decide x0.npy x1.npy x2.npy"}));
  verb->callback([&context, verb, options] {
    options->method_given = verb->count("--method") > 0;
    options->precision_given = verb->count("--precision") > 0;
    context.command = [&context, options] { return run_decide(context, *options); };
  });
}

}  // namespace gapwright::cli
