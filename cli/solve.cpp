// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/formula.hpp"
#include "cli/guard.hpp"
#include "cli/paths.hpp"
#include "cli/report.hpp"
#include "cli/solve_by_code.hpp"
#include "cli/solved.hpp"
#include "support/decimal.hpp"
#include "support/errors.hpp"
#include "support/listed.hpp"
#include "support/message.hpp"
#include "support/write_file.hpp"
#include "verify/attention_counts.hpp"
#include "verify/certificate.hpp"
#include "verify/orthogonal_tuples.hpp"
#include "verify/projected_models.hpp"
#include "verify/sat_oracle.hpp"
#include "verify/unsat_proof.hpp"

namespace gapwright::cli {
namespace {

struct SolveOptions {
  std::string file;
  std::string format = "text";
  bool count = false;
  bool project = false;  ///< of --count: assignments of the variables to be shown
  bool max = false;
  bool strict = false;
  std::string certificate;  ///< file; empty: none
  std::string proof;        ///< file; empty: none
  CodeRequest code;
};

CertificateContext certificate_context(const Context& context, const Cnf& cnf, const std::string& method) {
  const auto& source = cnf.made_by.sources.at(0);
  return {
      {source.sha256}, fmt::format("solve {} -k {} --route {}", source.name, context.order, route_word(context.family)), method};
}

void describe_stages(const SatToAttention& rule, const Cnf& cnf, Solved& solved) {
  const DirectEmbedding& e = rule.embedding();
  solved.text += line("formula", formula_text(cnf));
  solved.text += line("k-OV", fmt::format("k = {}: sets of {} vectors in dimension {}; {}", e.order(), sizes_text(e.set_sizes),
                                          e.vector_dimension, counted(count_text(e.main_tuples * e.query_rows), "tuple")));
  solved.text +=
      line("attention", fmt::format("direct embedding: q has {}, dimension {}; written out {}",
                                    counted(size_text(e.query_rows), "row"), e.dimension, bytes_text(e.tensor_bits / 8)));
  solved.text += line("entries", fmt::format("B = {:.17g}, gamma = B^{}/{} = {}", e.entry_bound, e.order(), e.dimension,
                                             decimal_down(e.gamma, 8)));
  solved.text += line(
      "thresholds", fmt::format("yes: out >= {}, no: out <= {}", decimal_down(e.yes_at_least, 12), decimal_up(e.no_at_most, 12)));
  auto sizes = nlohmann::ordered_json::array();
  for (const mpz_class& n : e.set_sizes) sizes.push_back(exact_json(n));
  solved.json["formula"] = {
      {"variables", cnf.variables}, {"clauses", cnf.clauses.size()}, {"sha256", cnf.made_by.sources.at(0).sha256}};
  solved.json["order"] = e.order();
  solved.json["orthogonal_vectors"] = {{"sizes", sizes}, {"dimension", e.vector_dimension}};
  solved.json["attention"] = {{"embedding", kDirect},
                              {"query_rows", exact_json(e.query_rows)},
                              {"dimension", e.dimension},
                              {"bytes", exact_json(e.tensor_bits / 8)},
                              {"entry_bound", e.entry_bound},
                              {"gamma", decimal_down(e.gamma, 17)},
                              {"yes_at_least", decimal_down(e.yes_at_least, 17)},
                              {"no_at_most", decimal_up(e.no_at_most, 17)}};
}

void decide(const Context& context, const SolveOptions& options, const SatToAttention& rule, const Cnf& cnf, Stopwatch& watch,
            Solved& solved) {
  const BitAttention attention = rule.target(0);
  const double built = watch.lap();
  Recording recording;
  const RunControl control = run_control(context, "exact attention");
  const Verdict verdict =
      decide_by_counts(attention, CountMethod::verdict, control, {}, options.certificate.empty() ? nullptr : &recording);
  const double decided = watch.lap();
  solved.text += line("exact", fmt::format("{}: row {} has out in {}, {} bits, method {}; built in {}, decided in {}",
                                           answer_text(verdict.answer), verdict.row, enclosure_text(verdict), verdict.precision,
                                           verdict.method, seconds_text(built), seconds_text(decided)));
  if (const std::string why =
          passed_threshold_text(verdict, attention.terms.yes_at_least.value(), attention.terms.no_at_most.value());
      !why.empty())
    solved.text += line("", why);
  if (!verdict.reason.empty()) solved.text += line("", verdict.reason);
  solved.json["decision"] = verdict_json(verdict, decided);
  if (verdict.answer == Answer::undecided) return;
  solved.satisfiable = verdict.answer == Answer::yes;
  if (verdict.witness) solved.assignment = rule.pull(0, *verdict.witness);
  if (!options.certificate.empty())
    write_file(options.certificate, formula_certificate(certificate_context(context, cnf, verdict.method), attention, verdict,
                                                        recording, solved.assignment, control));
  if (!verdict.witness) return;
  const bool holds = accepts(cnf, *solved.assignment);
  solved.text += line("witness", tuple_text(*verdict.witness));
  solved.text += line("assignment", assignment_text(*solved.assignment));
  solved.text += line("checked", holds ? "it satisfies " + all_counted(std::to_string(cnf.clauses.size()), "clause")
                                       : "IT DOES NOT SATISFY THE FORMULA");
  solved.contradiction |= !holds;
}

void count_models(const Context& context, const SatToAttention& rule, Stopwatch& watch, Solved& solved) {
  const mpz_class models = count_orthogonal_tuples(rule.to_vectors().target(0), run_control(context, "counting"));
  solved.satisfiable = models > 0;
  solved.text +=
      line("models", fmt::format("{} (tuples with inner product 0, all rows; {})", models.get_str(), seconds_text(watch.lap())));
  solved.json["models"] = exact_json(models);
}

void count_projected(const Context& context, const Dimacs& dimacs, Stopwatch& watch, Solved& solved) {
  const mpz_class models = count_projected_models(dimacs.cnf, *dimacs.shown, run_control(context, "counting"));
  solved.satisfiable = models > 0;
  solved.text += line("projected", fmt::format("{} of the {} to be shown can be extended to a model (by branching; {})",
                                               counted(models.get_str(), "assignment"), counted(dimacs.shown->size(), "variable"),
                                               seconds_text(watch.lap())));
  solved.json["shown"] = *dimacs.shown;
  solved.json["projected_models"] = exact_json(models);
}

/// What a file says to model counters is followed, refused or said to be left aside.
void check_count(const SolveOptions& options, const Dimacs& dimacs, const std::string& name) {
  if (options.project && !dimacs.shown)
    throw BadInstance(name + ": names no variables to project to ('c p show 1 2 0'); leave out --project");
  if (options.project && !dimacs.shown_trouble.empty())
    throw BadInstance(dimacs.shown_trouble + "; mend it or leave out --project");
  if (!options.count) return;
  if (dimacs.weighted) warn(name + ": weights ('c p weight') are not read; models are counted, each as one");
  if (dimacs.shown && !options.project)
    warn(fmt::format(
        "{}: 'c p show' or 'c ind' names {} of {}; models over all variables are counted, --project counts over those", name,
        dimacs.shown->size(), counted(dimacs.cnf.variables, "variable")));
}

void find_fewest_violated(const Context& context, const SatToAttention& rule, const Cnf& cnf, Stopwatch& watch, Solved& solved) {
  const auto best = smallest_inner_product(rule.to_vectors().target(0), run_control(context, "fewest violated clauses")).value();
  solved.assignment = rule.to_vectors().pull(0, best.first);
  const std::size_t violated = violated_clauses(cnf, *solved.assignment);
  solved.satisfiable = best.product == 0;
  solved.contradiction |= violated != best.product;
  solved.text +=
      line("violated", fmt::format("at least {} by every assignment, and no more by {} ({})", counted(best.product, "clause"),
                                   counted(best.tuples.get_str(), "assignment"), seconds_text(watch.lap())));
  solved.text += line("assignment", assignment_text(*solved.assignment));
  solved.text += line("checked", fmt::format("it violates {} of {}", violated, counted(cnf.clauses.size(), "clause")));
  solved.json["fewest_violated"] = best.product;
  solved.json["attained_by"] = exact_json(best.tuples);
}

/// The independent solver's word, and whether it contradicts ours.
void compare_with_oracle(const Context& context, const Cnf& cnf, Stopwatch& watch, Solved& solved) {
  constexpr double kSeconds = 60;
  const SatAnswer oracle = ask_cryptominisat(cnf, run_control(context, ""), kSeconds);
  const bool agrees = !oracle.satisfiable || !solved.satisfiable || *oracle.satisfiable == *solved.satisfiable;
  solved.contradiction |= !agrees;
  const std::string opinion = !oracle.satisfiable ? fmt::format("no answer within {} s", kSeconds)
                              : agrees            ? (solved.satisfiable ? "agrees" : "answers")
                                                  : "DISAGREES";
  solved.text +=
      line("CryptoMiniSat", fmt::format("{} ({}): {}", satisfiable_text(oracle.satisfiable), seconds_text(watch.lap()), opinion));
  solved.json["cryptominisat"] = satisfiable_text(oracle.satisfiable);
}

/// A DRAT proof of unsatisfiability by another solver, for another checker.
void write_proof(const Context& context, const SolveOptions& options, const Cnf& cnf, Stopwatch& watch, Solved& solved) {
  if (solved.satisfiable == true) return warn("satisfiable: there is no proof of the contrary, and none is written");
  OutputFile file(options.proof);
  const bool proved = trace_unsat_proof(cnf, file, run_control(context, "")) == false;
  solved.contradiction |= !proved && solved.satisfiable == false;
  if (!proved) return warn("CaDiCaL finds the formula satisfiable: no proof is written");
  file.commit();
  solved.text += line("CaDiCaL", fmt::format("UNSATISFIABLE ({}): DRAT proof in {}", seconds_text(watch.lap()), options.proof));
}

void solve_directly(const Context& context, const SolveOptions& options, const Dimacs& dimacs, Stopwatch& watch, Solved& solved) {
  const Cnf& cnf = dimacs.cnf;
  const SatToAttention rule = checked_pipeline(context, cnf);
  describe_stages(rule, cnf, solved);
  watch.lap();
  if (options.project) count_projected(context, dimacs, watch, solved);
  if (options.count && !options.project) count_models(context, rule, watch, solved);
  if (options.max) find_fewest_violated(context, rule, cnf, watch, solved);
  if (!options.count && !options.max) decide(context, options, rule, cnf, watch, solved);
}

Solved solve(const Context& context, const SolveOptions& options) {
  Solved solved;
  Stopwatch watch;
  const InputBytes input = open_input(context, options.file);
  const Dimacs dimacs = read_dimacs_noted(context, input, options.strict);
  const Cnf& cnf = dimacs.cnf;
  check_count(options, dimacs, input.name());
  if (!context.family)
    solve_directly(context, options, dimacs, watch, solved);
  else
    solve_by_code(context, cnf, options.code, solved);
  if (context.family && !options.certificate.empty()) {
    if (solved.satisfiable == true)
      write_file(options.certificate,
                 assignment_certificate(certificate_context(context, cnf, "assignment"), cnf, *solved.assignment));
    else
      warn(
          "no certificate is written: a code route certifies an assignment only; for no take --route direct, or reduce --to "
          "gap-max-ip and decide --certificate");
  }
  watch.lap();
  compare_with_oracle(context, cnf, watch, solved);
  if (!options.proof.empty()) write_proof(context, options, cnf, watch, solved);
  solved.text += line("answer", satisfiable_text(solved.satisfiable));
  solved.json["answer"] = satisfiable_text(solved.satisfiable);
  if (solved.assignment) {
    auto literals = nlohmann::ordered_json::array();
    for (std::size_t v = 0; v < solved.assignment->size(); ++v)
      literals.push_back((*solved.assignment)[v] ? static_cast<std::int64_t>(v + 1) : -static_cast<std::int64_t>(v + 1));
    solved.json["assignment"] = literals;
  }
  solved.json["timing"] = {{"seconds", seconds_since_start()}};
  return solved;
}

int refuted() {
  report_error("the attention verdict is contradicted; please report this formula");
  return kRefuted;
}

/// The output of solver competitions, and nothing else on standard output.
int solve_for_competition(const Context& context, const SolveOptions& options) {
  const char* const unknown = "s UNKNOWN\n";
  const auto give_up = [&](const std::string& why) {
    promise_at_timeout(nullptr, kLimit);
    let_memory_go();
    print(context, unknown);
    report_error(why);
    return static_cast<int>(kDone);
  };
  if (context.output == "-") promise_at_timeout(unknown, kDone);
  Solved solved;
  try {
    solved = solve(context, options);
  } catch (const LimitReached& e) {
    return give_up(e.what());
  } catch (const std::bad_alloc&) {
    return give_up("out of memory; take a smaller formula, another order -k or a higher --memory-limit");
  }
  promise_at_timeout(nullptr, kLimit);
  if (solved.contradiction) {
    print(context, "s UNKNOWN\n");
    return refuted();
  }
  std::string text = "s " + satisfiable_text(solved.satisfiable) + "\n";
  if (solved.satisfiable == true) {
    std::string values = "v";
    for (std::size_t v = 0; v < solved.assignment->size(); ++v) {
      const std::string literal = fmt::format(" {}{}", (*solved.assignment)[v] ? "" : "-", v + 1);
      if (values.size() + literal.size() > 78) {
        text += values + "\n";
        values = "v";
      }
      values += literal;
    }
    text += values + " 0\n";
  }
  print(context, text);
  return !solved.satisfiable ? kDone : *solved.satisfiable ? kSatisfiable : kUnsatisfiable;
}

int run_solve(const Context& context, const SolveOptions& options) {
  if (!context.family && options.code.any())
    throw std::invalid_argument(
        "--advice, --form, --gadget, --embedding, --field, --blocks, --block-length and --level belong to --route " +
        listed(code_family_names(), "or"));
  if (context.family && (options.count || options.max)) throw std::invalid_argument("--count and --max go with --route direct");
  if (context.seed_given && (!context.family || !options.code.may_sample()))
    throw std::invalid_argument("--seed goes with a code route and --advice sample:N; nothing else is drawn at random here");
  if (options.project && !options.count) throw std::invalid_argument("--project goes with --count");
  declare_paths(context, {options.file},
                {{"--certificate", options.certificate}, {"--proof", options.proof}, output_file(context)});
  if (!options.certificate.empty() && (options.count || options.max))
    throw std::invalid_argument("--certificate is for yes and no; not with --count or --max");
  if (options.format == "sat") {
    if (options.count || options.max || context.json)
      throw std::invalid_argument("--format sat stands alone: not with --count, --max or --json");
    return solve_for_competition(context, options);
  }
  const Solved solved = solve(context, options);
  print(context, context.json ? solved.json.dump(2) + "\n" : solved.text);
  if (solved.contradiction) return refuted();
  return solved.satisfiable ? kDone : kInconclusive;
}

}  // namespace

std::string satisfiable_text(std::optional<bool> answer) {
  return !answer ? "UNKNOWN" : *answer ? "SATISFIABLE" : "UNSATISFIABLE";
}

void add_solve(CLI::App& app, Context& context) {
  auto* verb = app.add_subcommand("solve", "Decide a CNF formula through exact attention, with CryptoMiniSat beside it");
  const auto options = std::make_shared<SolveOptions>();
  verb->add_option("formula", options->file, "DIMACS CNF file, - is standard input")->required();
  verb->add_option("--format", options->format, "text, or sat for the output of solver competitions")
      ->check(CLI::IsMember({"text", "sat"}));
  verb->add_flag("--count", options->count, "the exact number of models");
  verb->add_flag("--project", options->project,
                 "with --count: the number of assignments of the variables of 'c p show' or 'c ind' lines that have models");
  verb->add_flag("--max", options->max, "an assignment violating the fewest clauses");
  verb->add_flag("--strict", options->strict, "a wrong clause count in the header is an error");
  verb->add_option("--certificate", options->certificate, "write what gapwright-check needs to find the answer true by itself");
  verb->add_option("--proof", options->proof, "unsatisfiable formulas: write CaDiCaL's DRAT proof, for gapwright-check --proof");
  add_code_route_options(*verb, options->code);
  verb->footer(
      examples({"gapwright solve uf20-01.cnf --certificate certificate.json",
                "gapwright solve uf20-01.cnf --route hermitian --field 25", "gapwright solve --format sat - < uf20-01.cnf"}));
  verb->callback([&context, options] { context.command = [&context, options] { return run_solve(context, *options); }; });
}

}  // namespace gapwright::cli
