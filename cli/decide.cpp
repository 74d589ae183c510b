// SPDX-License-Identifier: MIT
// decide: options become a request, atlas/decide answers it, and the answer is printed.
#include "atlas/decide.hpp"

#include <fmt/format.h>

#include <memory>

#include "atlas/problems/instance_data.hpp"
#include "cli/certify.hpp"
#include "cli/commands.hpp"
#include "cli/formula.hpp"
#include "cli/honoured_options.hpp"
#include "cli/instance_input.hpp"
#include "cli/paths.hpp"
#include "cli/report.hpp"
#include "cli/word_option.hpp"
#include "support/decimal.hpp"
#include "support/message.hpp"

namespace gapwright::cli {
namespace {

struct DecideOptions {
  std::vector<std::string> files;
  DecideRequest request;
  bool strict = false;
  CertifyOptions certify;
};

/// An instance with what the verb says of it.
struct Subject {
  AnyInstance instance;
  std::optional<std::size_t> order;  ///< nothing: its problem has none
  Provenance files;
  std::string text;  ///< the first line: its sizes, where they do not come from the result
};

Subject subject_of(AnyInstance instance) {
  const Problem& problem = instance.problem();
  const auto kind = find_named<FileKind>(problem.name);
  if (!kind) {
    const auto order = problem.sizes ? std::optional(problem.sizes(instance).order) : std::nullopt;
    return {std::move(instance), order, {}, ""};
  }
  switch (*kind) {
    case FileKind::cnf: {
      const Cnf& cnf = instance.as<Dimacs>().cnf;
      return {instance, {}, cnf.made_by, formula_text(cnf)};
    }
    case FileKind::orthogonal_vectors: {
      const OrthogonalVectors& ov = instance.as<OrthogonalVectorsFile>().vectors;
      return {instance, ov.sets.size(), ov.made_by, fmt::format("{} sets, ", ov.sets.size())};
    }
    case FileKind::gap_max_ip: {
      const auto& file = instance.as<GapMaxIpFile>();
      const Provenance& files = std::visit([](const auto& g) -> const Provenance& { return g.made_by; }, file.instance);
      return {instance, order_of(file), files, ""};
    }
    case FileKind::attention: {
      const auto& a = std::get<Attention>(instance.as<AttentionData>());
      return {instance, a.keys.size() + 1, a.terms.made_by,
              fmt::format("order {}, q {} x {}", a.keys.size() + 1, a.q.rows, a.q.columns)};
    }
  }
  throw std::logic_error("a problem that is not decided");
}

const AttentionTerms& terms_of(const AnyInstance& instance) { return std::get<Attention>(instance.as<AttentionData>()).terms; }

/// "125000 tuples in dimension 30".
std::string work_text(const DecisionWork& work) {
  return fmt::format("{} in dimension {}", counted(count_text(work.tuples), "tuple"), work.dimension);
}

/// The first line: what was decided.
std::string subject_text(const Subject& subject, const DecideResult& result) {
  const AnyInstance& instance = subject.instance;
  const auto kind = find_named<FileKind>(instance.problem().name);
  if (!kind) return line("problem", instance.problem().name + ", " + work_text(result.work));
  switch (*kind) {
    case FileKind::cnf:
      return line("formula", subject.text);
    case FileKind::orthogonal_vectors:
      return line("k-OV", subject.text + work_text(result.work));
    case FileKind::gap_max_ip: {
      const Gap& gap = instance.as<GapMaxIpFile>().gap();
      return line("Gap-k-MaxIP",
                  fmt::format("{}; yes: t = {}, no: s_no = {}", work_text(result.work), gap.yes_at_least, gap.no_at_most));
    }
    case FileKind::attention:
      return line("attention", fmt::format("{}, {}, B = {:.17g}", subject.text, counted(count_text(result.work.tuples), "tuple"),
                                           terms_of(instance).entry_bound));
  }
  throw std::logic_error("a problem that is not decided");
}

/// How an answer looks, by what was found out besides it.
struct AnswerText {
  const Subject& subject;
  const DecideResult& result;
  std::string time;

  std::string witness() const {
    if (!result.witness) return "";
    const Problem& problem = subject.instance.problem();
    return line(problem.literals ? "assignment" : "witness", witness_text(problem, *result.witness));
  }
  std::string verdict(const std::string& more = "") const { return line("verdict", result.verdict() + more); }

  std::string operator()(std::monostate) const {
    const bool formula = subject.instance.problem().literals;
    return subject_text(subject, result) + verdict(formula ? " (CryptoMiniSat; solve decides it through attention)" : "") +
           witness() + line("time", time);
  }
  std::string operator()(const GapVerdict& v) const {
    const std::string within = v.error > 0 ? fmt::format(" within {:.2g}", v.error) : "";
    return subject_text(subject, result) + verdict() +
           line("row", fmt::format("{}, largest inner product {:.12g}{}", v.row, v.largest, within)) + witness() +
           line("time", time);
  }
  std::string operator()(const GradientDecision& d) const {
    return verdict(" (through gradients alone, in float64)") +
           line("loss", fmt::format("{:.12g} within {:.3g}; yes at least {:.6g}, no at most {:.6g}", d.loss, d.error,
                                    d.yes_at_least, d.no_at_most)) +
           line("oracle calls", std::to_string(d.calls)) + line("time", time);
  }
  std::string operator()(const Verdict& v) const {
    const AttentionTerms& terms = terms_of(subject.instance);
    const std::string why = passed_threshold_text(v, terms.yes_at_least.value(), terms.no_at_most.value());
    return subject_text(subject, result) + verdict() +
           line("row", fmt::format("{}, out in {}, compared with {}", v.row, enclosure_text(v), decimal_down(v.between, 12))) +
           (why.empty() ? "" : line("", why)) + witness() +
           line("method", fmt::format("{}, {} bits, {}", v.method, v.precision, time)) +
           (v.reason.empty() ? "" : line("", v.reason));
  }
};

/// The same as JSON.
struct AnswerJson {
  const Subject& subject;
  const DecideResult& result;
  double seconds;

  nlohmann::ordered_json begun() const {
    nlohmann::ordered_json json{{"verdict", result.verdict()}, {"witness", nullptr}};
    if (result.witness) json["witness"] = *result.witness;
    return json;
  }
  nlohmann::ordered_json ended(nlohmann::ordered_json json) const {
    json["timing"] = {{"seconds", seconds}};
    return json;
  }

  nlohmann::ordered_json operator()(std::monostate) const {
    auto json = begun();
    json["method"] = result.method;
    return ended(json);
  }
  nlohmann::ordered_json operator()(const GapVerdict& v) const {
    const Gap& gap = subject.instance.as<GapMaxIpFile>().gap();
    auto json = begun();
    json.update({{"row", v.row},
                 {"largest", v.largest},
                 {"error", v.error},
                 {"yes_at_least", gap.yes_at_least},
                 {"no_at_most", gap.no_at_most},
                 {"method", result.method}});
    return ended(json);
  }
  nlohmann::ordered_json operator()(const GradientDecision& d) const {
    auto json = begun();
    json.update({{"method", result.method},
                 {"loss", d.loss},
                 {"error", d.error},
                 {"yes_at_least", d.yes_at_least},
                 {"no_at_most", d.no_at_most},
                 {"oracle_calls", d.calls}});
    return ended(json);
  }
  nlohmann::ordered_json operator()(Verdict v) const {
    const mpq_class& no_at_most = terms_of(subject.instance).no_at_most.value();
    if (v.answer == Answer::no && v.hi > no_at_most)
      v.reason += fmt::format(
          "{}outputs are compared with the middle of the gap: no_at_most = {}, rounded, may lie inside the enclosure of a no",
          v.reason.empty() ? "" : "; ", decimal_up(no_at_most, 12));
    return verdict_json(v, seconds);
  }
};

int decision_exit_code(const DecideResult& result) {
  if (result.answer == Answer::undecided) return kInconclusive;
  if (!result.contradicted()) return kDone;
  report_error(fmt::format("the verdict is {}, the file expects {}", result.verdict(), *result.expected ? "yes" : "no"));
  return kRefuted;
}

void declare_decision(const Context& context, const RecordRequest& record) {
  std::vector<WrittenPath> writes = written_by(record);
  writes.push_back(output_file(context));
  declare_paths(context, record.reads, writes);
}

/// Options that say nothing about such an input are refused before it is read.
void check_decision(const DecideOptions& options, const DecideRequest& request, const Problem& problem) {
  if (options.strict && !problem.literals) throw std::invalid_argument("--strict goes with a formula; leave it out");
  check_request(request, problem);
  if (options.files.size() != 1 && problem.name != word_of(FileKind::orthogonal_vectors))
    throw std::invalid_argument("one input at a time; " + options.files[1] + " is a second one");
}

int run_decide(const Context& context, DecideOptions options) {
  options.certify.record.reads = options.files;
  if (!options.certify.formula.empty()) options.certify.record.reads.push_back(options.certify.formula);
  declare_decision(context, options.certify.record);
  options.certify.record.paths_checked = true;
  check_certify_options(options.certify);
  std::vector<InputFile> inputs;
  for (const auto& file : options.files) inputs.emplace_back(open_input(context, file));
  const Problem& problem = problem_of(inputs[0]);
  DecideRequest request = options.request;
  request.record = options.certify.record;
  check_decision(options, request, problem);
  if (problem.literals) check_order(context, inputs[0].name(), 0);
  const Subject subject = subject_of(read_noted(context, problem, inputs, options.strict));
  if (subject.order) check_order(context, inputs[0].name(), *subject.order);
  request.name = problem.literals ? subject.text : inputs[0].name();
  request.record = record_request(context, options.certify, subject.files);
  const double start = seconds_since_start();
  const DecideResult result = decide(subject.instance, request, work_of(context));
  const double seconds = seconds_since_start() - start;
  print(context, context.json ? std::visit(AnswerJson{subject, result, seconds}, result.detail).dump(2) + "\n"
                              : std::visit(AnswerText{subject, result, seconds_text(seconds)}, result.detail));
  return decision_exit_code(result);
}

}  // namespace

void add_decide(CLI::App& app, Context& context) {
  auto* verb = app.add_subcommand("decide", "Decide an instance file: a formula, sets of vectors, or an attention input");
  const auto options = std::make_shared<DecideOptions>();
  verb->add_option("instance", options->files, "DIMACS, safetensors, or .npy vectors; - is standard input")->required();
  add_word_option<DecideMethod>(
      *verb, "--method", options->request.method,
      "for attention: verdict (count the decisive tuples), histogram (count all), balls (plain softmax), gradient "
      "(gradients alone)")
      ->default_str(std::string(word_of(DecideMethod::verdict)));
  verb->add_option("--precision", options->request.precision, "bits at which to give up")
      ->check(CLI::Range(16, 1 << 20))
      ->default_str(std::to_string(options->request.last_precision()));
  verb->add_flag("--strict", options->strict, "a wrong clause count in the header is an error");
  add_certify_options(*verb, options->certify);
  verb->footer(
      examples({"gapwright decide hard.safetensors --method balls --json",
                "gapwright decide hard.safetensors --certificate certificate.json", "gapwright decide x0.npy x1.npy x2.npy"}));
  verb->callback([&context, options] { context.command = [&context, options] { return run_decide(context, *options); }; });
}

}  // namespace gapwright::cli
