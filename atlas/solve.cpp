// SPDX-License-Identifier: MIT
// In: a formula and a request. Out: its answer through exact attention with what was computed on the way, the word of an independent solver, and a
// certificate and a proof where they are asked for. The faces call it: the program prints the result, the Python module hands it out.
#include "atlas/solve.hpp"

#include <fmt/format.h>

#include <stdexcept>

#include "atlas/direct_sizes.hpp"
#include "atlas/recorded_command.hpp"
#include "atlas/solve_by_code.hpp"
#include "reductions/listable.hpp"
#include "reductions/pipeline.hpp"
#include "support/errors.hpp"
#include "support/files.hpp"
#include "support/listed.hpp"
#include "support/message.hpp"
#include "support/stopwatch.hpp"
#include "support/write_file.hpp"
#include "verify/attention_counts.hpp"
#include "verify/certificate.hpp"
#include "verify/orthogonal_tuples.hpp"
#include "verify/projected_models.hpp"
#include "verify/sat_oracle.hpp"
#include "verify/unsat_proof.hpp"

namespace gapwright {
namespace {

CertificateContext context_of(const Solving& s, const std::string& method) {
  return {{s.request.sha256}, recorded_command(s.request, s.cnf.made_by), method};
}

void certify_direct(const Solving& s, const BitAttention& attention, const Recording& recording, const RunControl& control) {
  const Verdict& verdict = s.found.decision->verdict;
  if (s.request.certificate.empty() || s.found.contradiction) return;
  if (verdict.answer == Answer::undecided) return s.work.warn("undecided: no certificate is written");
  write_file(s.request.certificate,
             formula_certificate(context_of(s, verdict.method), attention, verdict, recording, s.found.assignment, control));
}

void decide_directly(const Solving& s, const SatToAttention& rule) {
  Stopwatch watch;
  const BitAttention attention = rule.target(0, s.work.control("building"));
  AttentionAnswer& decision = s.found.decision.emplace();
  decision.built = watch.lap();
  Recording recording;
  const RunControl control = s.work.control("exact attention");
  decision.verdict =
      decide_by_counts(attention, CountMethod::verdict, control, {}, s.request.certificate.empty() ? nullptr : &recording);
  decision.decided = watch.lap();
  if (decision.verdict.answer != Answer::undecided) s.found.satisfiable = decision.verdict.answer == Answer::yes;
  if (decision.verdict.witness) s.take_model(rule.pull(0, *decision.verdict.witness));
  certify_direct(s, attention, recording, control);
}

void count_all(const Solving& s, const SatToAttention& rule) {
  Stopwatch watch;
  const OrthogonalVectors vectors = rule.to_vectors().target(0, s.work.control("building"));
  s.found.models = {count_orthogonal_tuples(vectors, s.work.control("counting"))};
  s.found.models->seconds = watch.lap();
  s.found.satisfiable = s.found.models->models > 0;
}

void count_projected(const Solving& s, const std::vector<std::int32_t>& shown) {
  Stopwatch watch;
  s.found.projected = {count_projected_models(s.cnf, shown, s.work.control("counting"))};
  s.found.projected->seconds = watch.lap();
  s.found.satisfiable = s.found.projected->models > 0;
}

void find_fewest_violated(const Solving& s, const SatToAttention& rule) {
  Stopwatch watch;
  const OrthogonalVectors vectors = rule.to_vectors().target(0, s.work.control("building"));
  const SmallestProduct best = smallest_inner_product(vectors, s.work.control("fewest violated clauses")).value();
  s.found.assignment = rule.to_vectors().pull(0, best.first);
  s.found.violated = violated_clauses(s.cnf, *s.found.assignment);
  s.found.contradiction |= s.found.violated != best.product;
  s.found.satisfiable = best.product == 0;
  s.found.fewest = {best.product, best.tuples, watch.lap()};
}

void solve_directly(const Solving& s, const ForCounters& counters) {
  if (s.request.project && !s.request.max && s.request.numbers_alone) return count_projected(s, *counters.shown);
  check_listable(s.cnf, s.request.order);
  const SatToAttention rule(s.cnf, s.request.order);
  const DirectEmbedding& e = rule.embedding();
  check_direct_sizes(e, s.request.name, s.work.limits);
  s.found.stages = e;
  s.found.input = {e.entry_bound, e.gamma, e.yes_at_least, e.no_at_most};
  if (s.request.project) count_projected(s, *counters.shown);
  if (s.request.count && !s.request.project) count_all(s, rule);
  if (s.request.max) find_fewest_violated(s, rule);
  if (!s.request.count && !s.request.max) decide_directly(s, rule);
}

void certify_assignment(const Solving& s) {
  if (s.request.certificate.empty()) return;
  if (s.found.satisfiable != true)
    return s.work.warn(
        "no certificate is written: a code route certifies an assignment only; for no take `route=direct`, or reduce "
        "`to=gap-max-ip` and decide `certificate`");
  write_file(s.request.certificate, assignment_certificate(context_of(s, "assignment"), s.cnf, *s.found.assignment));
}

/// The independent solver's word, and whether it contradicts ours.
void ask_oracle(const Solving& s) {
  if (!s.request.oracle_seconds) return;
  Stopwatch watch;
  const auto said = ask_cryptominisat(s.cnf, s.work.control(""), *s.request.oracle_seconds).satisfiable;
  const bool agrees = !said || !s.found.satisfiable || *said == *s.found.satisfiable;
  s.found.contradiction |= !agrees;
  s.found.oracle = {said, agrees, watch.lap()};
}

/// A DRAT proof of unsatisfiability by another solver, for another checker.
void write_proof(const Solving& s) {
  if (s.request.proof.empty()) return;
  if (s.found.satisfiable == true) return s.work.warn("satisfiable: there is no proof of the contrary, and none is written");
  Stopwatch watch;
  OutputFile file(s.request.proof);
  const bool proved = trace_unsat_proof(s.cnf, file, s.work.control("")) == false;
  s.found.contradiction |= !proved && s.found.satisfiable == false;
  if (!proved) return s.work.warn("CaDiCaL finds the formula satisfiable: no proof is written");
  file.commit();
  s.found.proof_seconds = watch.lap();
}

/// What comments say to model counters is followed, refused or said to be left aside.
void heed(const ForCounters& counters, const Cnf& cnf, const SolveRequest& request, const Work& work) {
  if (request.project && !counters.shown)
    throw BadInstance(request.file + ": names no variables to project to ('c p show 1 2 0'); leave out `project`");
  if (request.project && !counters.trouble.empty()) throw BadInstance(counters.trouble + "; mend it or leave out `project`");
  if (!request.count) return;
  if (counters.weighted) work.warn(request.file + ": weights ('c p weight') are not read; models are counted, each as one");
  if (counters.shown && !request.project)
    work.warn(fmt::format(
        "{}: 'c p show' or 'c ind' names {} of {}; models over all variables are counted, `project` counts over those",
        request.file, counters.shown->size(), counted(cnf.variables, "variable")));
}

void check_code(const CodeRequest& code) {
  if (code.gadget == Gadget::characters || code.mu != 0)
    throw std::invalid_argument(
        "solve takes the gadget boxes; write a characters instance with reduce `gadget=characters` and decide it");
  if (code.embedding == Embedding::paper && code.form.value_or(Form::factored) == Form::factored)
    throw std::invalid_argument("`embedding=paper` needs its vectors: add `form=explicit` or pruned");
}

}  // namespace

void Solving::take_model(Cnf::Witness model) const {
  found.violated = violated_clauses(cnf, model);
  found.contradiction |= found.violated != 0;
  found.assignment = std::move(model);
}

std::vector<WrittenPath> written_by(const SolveRequest& request) {
  std::vector<WrittenPath> writes;
  if (!request.certificate.empty()) writes.push_back({"`certificate`", request.certificate});
  if (!request.proof.empty()) writes.push_back({"`proof`", request.proof});
  return writes;
}

void check_request(const SolveRequest& r) {
  if (!r.family && r.code.any())
    throw std::invalid_argument(
        "`advice`, `form`, `gadget`, `embedding`, `mu`, `field`, `blocks`, `block_length` and `level` belong to `route` " +
        listed(code_family_names(), "or"));
  if (r.family && (r.count || r.max)) throw std::invalid_argument("`count` and `max` go with `route=direct`");
  if (r.seed && (!r.family || !r.code.may_sample()))
    throw std::invalid_argument("`seed` goes with a code route and `advice=sample:N`; nothing else is drawn at random here");
  if (r.project && !r.count) throw std::invalid_argument("`project` goes with `count`");
  if (!r.certificate.empty() && (r.count || r.max))
    throw std::invalid_argument("`certificate` is for yes and no; not with `count` or `max`");
  check_code(r.code);
  if (!r.paths_checked) check_written_paths(r.reads, written_by(r));
}

SolveResult solve(const Cnf& cnf, const ForCounters& counters, const SolveRequest& request, const Work& work) {
  check_request(request);
  heed(counters, cnf, request, work);
  SolveResult found;
  found.order = request.order;
  const Solving s{cnf, request, work, found};
  if (request.family) {
    solve_by_code(s);
    certify_assignment(s);
  } else {
    solve_directly(s, counters);
  }
  ask_oracle(s);
  write_proof(s);
  return found;
}

}  // namespace gapwright
