// SPDX-License-Identifier: MIT
// In: an instance and a request. Out: the instance it becomes, what each rule promised and what was counted, and the ways of witnesses.
// The faces call it: the program writes the target into a file or a bundle, the Python module hands it out.
#include "atlas/reduce.hpp"

#include <algorithm>

#include "atlas/decide.hpp"
#include "atlas/direct_flags.hpp"
#include "atlas/direct_sizes.hpp"
#include "atlas/journey.hpp"
#include "atlas/problems/instance_data.hpp"
#include "atlas/recorded_command.hpp"
#include "atlas/reduce_by_code.hpp"
#include "atlas/witness_numbers.hpp"
#include "reductions/listable.hpp"
#include "reductions/pipeline.hpp"
#include "reductions/written_sizes.hpp"
#include "support/errors.hpp"
#include "support/listed.hpp"
#include "verify/decision_bytes.hpp"
#include "verify/sat_oracle.hpp"

namespace gapwright {
namespace {

RuleOptions rule_options(const ReduceRequest& request, const Limits& limits) {
  RuleOptions options{request.order, request.direct, request.entry_dtype, limits};
  options.direct.delta = request.embedding_delta();
  options.direct.significand_bits = significand_bits(request.entry_dtype);
  return options;
}

/// Leads the target on along rules that need no more than the request.
void lead_on(Journey& j, const std::string& to) {
  const Route route = journey_between(j.made.target.problem().name, to, j.request.direct.centred);
  auto made = std::make_shared<Made>(
      made_through(j.made.target, route, rule_options(j.request, j.work.limits), j.work.control("building")));
  for (std::size_t i = 0; i < made->path.size(); ++i)
    j.made.promised.push_back({made->path[i].rule, made->reductions[i]->guarantee()});
  j.made.path.insert(j.made.path.end(), made->path.begin(), made->path.end());
  j.made.lift.insert(j.made.lift.end(), made->lift.begin(), made->lift.end());
  j.made.target = std::move(made->target);  // and `made` keeps the rules alone
  j.made.made_by = made_by(j.made.target);
  j.then([made](const WitnessNumbers& witness) { return push(*made, witness); });
}

std::optional<bool> answer_of(const Journey& j, const AnyInstance& instance) {
  const Answer answer = decide(instance, {"`expect`: " + j.what}, j.work).answer;
  return answer == Answer::undecided ? std::nullopt : std::optional(answer == Answer::yes);
}

/// Vectors to attention, without a code.
void embed_directly(Journey& j) {
  const OrthogonalVectors& ov = j.made.target.as<OrthogonalVectorsFile>().vectors;
  const DirectEmbedding e = OrthogonalVectorsToAttention(ov, rule_options(j.request, j.work.limits).direct).embedding();
  check_memory(j.work.limits, j.what, decision_bytes(e));
  j.check_room("the attention input", tensor_bytes(e.tensor_bits));
  if (j.request.expect && !j.answered) j.take_answer(answer_of(j, j.made.target));
  lead_on(j, "attention");
  j.made.witness = AttentionWitness{};
}

/// The formula's sizes at this order, before anything is built.
void check_formula(Journey& j, const Cnf& cnf) {
  check_listable(cnf, j.request.order);
  const SatToAttention rule(cnf, j.request.order, rule_options(j.request, j.work.limits).direct);
  const DirectEmbedding& e = rule.embedding();
  check_direct_sizes(e, j.what, j.work.limits);
  if (j.request.to_attention()) j.check_room("the attention input", tensor_bytes(e.tensor_bits));
}

/// A witness of a source, a formula's if it is found in time: without one Merlin's messages are sampled.
std::optional<WitnessNumbers> source_witness(const AnyInstance& source, const Journey& j) {
  const Problem& problem = source.problem();
  if (problem.literals) {
    const auto model = model_within(j.request.code.honest_seconds, source.as<Dimacs>().cnf, j.work.control(""));
    return model ? std::optional(numbers_of(*model)) : std::nullopt;
  }
  return decide(source, {"the search for a witness of " + j.what}, j.work).witness;
}

/// What Merlin knows of a source that became vectors: its witness, led there.
std::optional<OrthogonalVectors::Witness> led_witness(const AnyInstance& source, const Journey& j) {
  const auto witness = source_witness(source, j);
  return witness ? std::optional(witness_from<OrthogonalVectors::Witness>(j.made.push(*witness))) : std::nullopt;
}

void reduce_vectors(Journey& j, const Witnesses& honest) {
  if (j.request.to_vectors()) return;
  if (j.request.by_code())
    reduce_by_code(j, honest);
  else
    embed_directly(j);
}

/// The expected answer where it is asked for, of the source.
void answer_first(Journey& j, const AnyInstance& source) {
  if (!j.request.expect) return;
  j.take_answer(answer_of(j, source));
  j.answered = true;
}

/// Where neither a code nor the embedding asks for more than the rows of rules have.
void reduce_along_rules(Journey& j, const AnyInstance& source) {
  if (source.problem().literals) check_listable(source.as<Dimacs>().cnf, j.request.order);
  answer_first(j, source);
  lead_on(j, j.request.to);
}

/// A formula, or a problem whose rules lead to vectors.
void reduce_to_vectors(Journey& j, const AnyInstance& source) {
  const Problem& problem = source.problem();
  if (problem.name == word_of(FileKind::cnf) && !j.request.by_code()) check_formula(j, source.as<Dimacs>().cnf);
  if (j.request.by_code()) written_form(j.request);  // refuses before any work
  if (!j.request.by_code()) answer_first(j, source);
  lead_on(j, "orthogonal-vectors");
  reduce_vectors(j, [&] { return led_witness(source, j); });
}

std::optional<OrthogonalVectors::Witness> found_tuple(const Journey& j) {
  const auto witness = decide(j.made.target, {"the search for an orthogonal tuple in " + j.what}, j.work).witness;
  return witness ? std::optional(witness_from<OrthogonalVectors::Witness>(*witness)) : std::nullopt;
}

bool has_layout(const ReduceRequest& r) { return any_layout(r.direct) || r.entry_dtype != Dtype::f64; }

/// "`square`, `causal` and `entry_dtype`": what has_layout looks at.
std::string layout_text() {
  std::vector<std::string> fields = layout_fields();
  fields.push_back("`entry_dtype`");
  return listed(fields, "and");
}

void check_past_codes(const ReduceRequest& r) {
  if (r.expect || r.family || r.code.of_the_protocol())
    throw std::invalid_argument(
        "this is past the codes: of `route`, `message`, `field`, `blocks`, `block_length`, `level` and `expect` none goes with a "
        "Gap-k-MaxIP instance");
  if (has_layout(r)) throw std::invalid_argument(layout_text() + " go with the direct route");
}

void check_before_codes(const ReduceRequest& r) {
  const bool code = r.family || r.code.any();
  if (r.to_attention() && !r.by_code() && r.code.any())
    throw std::invalid_argument(
        "`route=direct` has no code; leave out the options of the code routes (`message`, `form`, `gadget`, `embedding`, `mu`, "
        "`field`, ...), or name a route");
  if (r.to_vectors() && has_layout(r))
    throw std::invalid_argument(layout_text() + " go with `to=attention`, and `to=orthogonal-vectors` comes before it");
  if (r.by_code() && has_layout(r)) throw std::invalid_argument(layout_text() + " go with `to=attention` on the direct route");
  if (!r.by_code() && !r.to_attention() && has_layout(r)) throw std::invalid_argument(layout_text() + " go with `to=attention`");
  if (!r.by_code() && !r.to_attention() && !r.to_vectors() && code)
    throw std::invalid_argument("no code leads to " + r.to + "; leave out `route` and the options of the code routes");
}

/// Another problem than vectors, Gap-k-MaxIP and attention.
bool along_rules(const ReduceRequest& r) { return !find_named<FileKind>(r.to); }

void check_along_rules(const ReduceRequest& r, const Problem& source) {
  if (source.name == r.to) throw std::invalid_argument("`to=" + r.to + "`: this is an instance of it already");
  journey_between(source.name, r.to);
  if (source.literals) order_between({}, r.order, problem_row(r.to));
}

}  // namespace

std::vector<std::string> target_words() {
  std::vector<std::string> words;
  for (const Problem& p : problems()) {
    const auto makes = [&](const Rule& rule) { return rule.target == p.name && rule.make; };
    if (p.name == word_of(FileKind::gap_max_ip) || std::ranges::any_of(rules(), makes)) words.push_back(p.name);
  }
  return words;
}

void check_request(const ReduceRequest& r, const Problem& source) {
  const bool past_codes = source.name == word_of(FileKind::gap_max_ip);
  if (source.literals && r.order < 2) throw std::invalid_argument("the `order` is at least 2");
  if (source.name == word_of(FileKind::attention))
    throw std::invalid_argument("this is an attention input already; decide it, or reduce a formula or vectors");
  if (past_codes)
    check_past_codes(r);
  else
    check_before_codes(r);
  for (const DirectFlag& flag : direct_flags())
    if (!flag.layout && r.direct.*flag.place && !r.to_attention())
      throw std::invalid_argument("`" + std::string(flag.name) + "` goes with `to=attention`");
  if (r.delta && !r.to_attention()) throw std::invalid_argument("`delta` goes with `to=attention`");
  if (r.delta) check_delta(*r.delta);
  if (r.to_vectors() && (r.family || r.code.any()))
    throw std::invalid_argument(
        "`to=orthogonal-vectors` comes before the codes; leave out `route` and the options of the code routes");
  if (r.to_vectors() && source.name == r.to)
    throw std::invalid_argument("`to=orthogonal-vectors`: these are vectors already; reduce them to gap-max-ip or attention");
  if (r.to_vectors() && past_codes)
    throw std::invalid_argument("`to=orthogonal-vectors`: a Gap-k-MaxIP instance is reduced to attention");
  if (along_rules(r)) check_along_rules(r, source);
}

Reduced reduce(AnyInstance given, const std::string& what, const ReduceRequest& request, const Work& work,
               const std::function<void(const std::string& what, const mpz_class& bytes)>& check_room) {
  const Problem& problem = given.problem();
  check_request(request, problem);
  const AnyInstance source = to_be_reduced(std::move(given), request);
  Reduced made{source};
  made.expected = problem.expected ? problem.expected(source) : request.known;
  Journey j{request, what, work, check_room, made};
  if (along_rules(request))
    reduce_along_rules(j, source);
  else if (problem.name == word_of(FileKind::gap_max_ip))
    reduce_gap(j);
  else if (problem.name == word_of(FileKind::orthogonal_vectors))
    reduce_vectors(j, [&] { return found_tuple(j); });
  else
    reduce_to_vectors(j, source);
  return made;
}

}  // namespace gapwright
