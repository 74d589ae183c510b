// SPDX-License-Identifier: MIT
// A trace calls the same rules as `solve`; nothing is computed in a second way here. The tuple that is followed is an orthogonal
// one when the formula is satisfiable, else one with the fewest common ones. Merlin's message is the honest one for an orthogonal
// tuple, else his best reply. So every coin accepts the tuple exactly when it is orthogonal, and in every other case, as for the
// tuple that violates the chosen clause, at most k D coins do: the dichotomy of docs/reductions.md, to be seen on one example.
//
// Worked example (repeated by a test): (x1 or x2)(not x1 or x3), k = 3, one variable a group. Vector 1 of set 0 (x1 = true) is 0
// in clause 1 and 1 in clause 2. Tuple (0, 1, 0) has product 0 in both clauses, (0, 0, 0) violates clause 1.
#include "explore/trace/trace.hpp"

#include <algorithm>

#include "reductions/gap_max_ip_to_attention.hpp"
#include "reductions/orthogonal_vectors_to_attention.hpp"
#include "reductions/orthogonal_vectors_to_gap_max_ip.hpp"
#include "reductions/sat_to_orthogonal_vectors.hpp"
#include "support/errors.hpp"
#include "support/philox.hpp"
#include "verify/attention_counts.hpp"
#include "verify/factored_attention.hpp"
#include "verify/orthogonal_tuples.hpp"
#include "verify/row_outputs.hpp"

namespace gapwright {
namespace {

constexpr long kTraceBits = 64;

void check_request(const Cnf& cnf, const TraceRequest& request) {
  const std::string size = std::to_string(cnf.variables) + " variables and " + std::to_string(cnf.clauses.size()) + " clauses";
  if (cnf.variables > kTraceVariables || cnf.clauses.size() > kTraceClauses)
    throw LimitReached("a trace shows formulas of up to " + std::to_string(kTraceVariables) + " variables and " +
                       std::to_string(kTraceClauses) + " clauses, this one has " + size +
                       "; use solve, which shows the stages of any formula");
  if (request.clause > cnf.clauses.size())
    throw std::invalid_argument(cnf.clauses.empty() ? "the formula has no clause to follow; every assignment satisfies it"
                                                    : "`clause=" + std::to_string(request.clause) + "`: clauses are 1 to " +
                                                          std::to_string(cnf.clauses.size()));
}

/// Calls visit(tuple) for every tuple in lexicographic order.
template <class Visit>
void for_each_tuple(const OrthogonalVectors& ov, Visit visit) {
  OrthogonalVectors::Witness tuple(ov.sets.size(), 0);
  while (true) {
    visit(tuple);
    std::size_t u = tuple.size();
    while (u > 0 && ++tuple[u - 1] == ov.sets[u - 1].rows) tuple[--u] = 0;
    if (u == 0) return;
  }
}

bool all_one(const OrthogonalVectors& ov, const OrthogonalVectors::Witness& tuple, std::size_t column) {
  for (std::size_t u = 0; u < tuple.size(); ++u)
    if (!ov.sets[u].get(tuple[u], column)) return false;
  return true;
}

/// The first tuple that violates the clause, in the given row if there is one. None for a clause that is always true.
std::optional<OrthogonalVectors::Witness> violating_tuple(const OrthogonalVectors& ov, std::size_t clause, std::size_t row) {
  std::optional<OrthogonalVectors::Witness> first, in_row;
  for_each_tuple(ov, [&](const OrthogonalVectors::Witness& tuple) {
    if (!all_one(ov, tuple, clause)) return;
    if (!first) first = tuple;
    if (!in_row && tuple[0] == row) in_row = tuple;
  });
  return in_row ? in_row : first;
}

std::vector<std::vector<Symbol>> encoded(const OrthogonalVectors& ov, const OrthogonalVectors::Witness& tuple,
                                         const MerlinArthur& protocol) {
  std::vector<std::vector<Symbol>> words;
  for (std::size_t u = 0; u < tuple.size(); ++u) {
    const SymbolMatrix set = protocol.encode(ov.sets[u]);
    const auto row = set.row(tuple[u]);
    words.emplace_back(row.begin(), row.end());
  }
  return words;
}

TracedTuple traced(const Trace& trace, const SatToOrthogonalVectors& sat, const MerlinArthur& protocol,
                   OrthogonalVectors::Witness tuple) {
  TracedTuple t;
  t.assignment = sat.pull(0, tuple);
  for (std::size_t c = 0; c < trace.cnf.clauses.size(); ++c)
    if (all_one(trace.vectors, tuple, c)) t.violated.push_back(c);
  t.words = encoded(trace.vectors, tuple, protocol);
  t.product = protocol.product_word(t.words);
  for (std::size_t x = 0; x < protocol.coins(); ++x)
    if (protocol.run(trace.phi, t.words, x).accepted) t.accepting.push_back(x);
  t.at_coin = protocol.run(trace.phi, t.words, trace.coin);
  t.tuple = std::move(tuple);
  return t;
}

/// Histogram, shares and output of the row under the sharp embedding.
void trace_row(Trace& trace, FactoredGapMaxIp instance) {
  const FactoredAttention attention = factored_attention(std::move(instance));
  const FactoredGapMaxIp& g = attention.gap_max_ip;
  trace.dimension = attention.dimension;
  trace.entry_bound = attention.terms.entry_bound;
  trace.gamma = attention.gamma;
  trace.mixed_tuples = attention.mixed_tuples;
  trace.yes_at_least = *attention.terms.yes_at_least;
  trace.no_at_most = *attention.terms.no_at_most;
  RowCounts counts;
  counts.main = accepting_histograms(g, trace.row, trace.row + 1);
  counts.other.assign(g.coins + 1, 0);
  counts.other[0] = trace.mixed_tuples.get_ui();
  counts.other[g.coins] += 1;  // the tuple of all pads
  const RowOutputs outputs(trace.gamma, 1, g.coins);
  trace.output = outputs.classify(counts, middle_of_gap(attention.terms), {});
  // A share is the output of the row in which only these tuples have value 1.
  const auto share = [&](std::size_t s, std::uint64_t tuples) {
    RowCounts only;
    only.main.assign(g.coins + 1, 0);
    only.other.assign(g.coins + 1, 0);
    for (std::size_t i = 0; i <= g.coins; ++i) only.other[i] = counts.main[i] + counts.other[i];
    only.main[s] = tuples;
    only.other[s] -= tuples;
    return lower(outputs.output(only, kTraceBits).lo);
  };
  for (std::size_t s = g.coins + 1; s-- > 0;)
    if (counts.main[s] > 0) trace.weights.push_back({s, counts.main[s], share(s, counts.main[s])});
  trace.pad_share = share(g.coins, 1);
  trace.mixed_share = share(0, trace.mixed_tuples.get_ui());
}

void trace_direct_row(Trace& trace) {
  const OrthogonalVectorsToAttention rule(trace.vectors);
  const BitAttention attention = rule.target(0);
  trace.direct_entry_bound = rule.embedding().entry_bound;
  trace.direct_dimension = rule.embedding().dimension;
  trace.direct_yes_at_least = rule.embedding().yes_at_least;
  trace.direct_no_at_most = rule.embedding().no_at_most;
  const Ball out = outputs_by_counts(attention, trace.row, trace.row + 1, 2 * kTraceBits).at(0);
  trace.direct_output = compare(lower(out), upper(out), middle_of_gap(attention.terms), 2 * kTraceBits);
}

}  // namespace

void check_trace(const TraceRequest& request) {
  if (request.clause == 0) throw std::invalid_argument("`clause=0`: clauses count from 1");
  if (request.direct)
    throw std::invalid_argument("`route=direct` has no code to follow; a trace shows the direct embedding beside each code");
  if (request.order > kTraceVariables)
    throw LimitReached("`order=" + std::to_string(request.order) + "`: a trace shows orders of up to " +
                       std::to_string(kTraceVariables) + "; use solve");
}

Trace trace_formula(const Cnf& cnf, const TraceRequest& request, const RunControl& control) {
  check_trace(request);
  check_request(cnf, request);
  const SatToOrthogonalVectors sat(cnf, request.order);
  Trace trace;
  trace.cnf = cnf;
  trace.clause = request.clause - 1;
  trace.vectors = sat.target(0);
  trace.group_starts.push_back(0);
  for (const BitMatrix& set : trace.vectors.sets) {
    std::size_t variables = 0;
    while ((std::size_t{1} << variables) < set.rows) ++variables;
    trace.group_starts.push_back(trace.group_starts.back() + variables);
  }
  const OrthogonalVectors::Witness best = smallest_inner_product(trace.vectors)->first;
  trace.satisfiable = accepts(trace.vectors, best);
  trace.row = best[0];

  ProtocolRequest code = request.code;
  if (!code.family) code.family = &plainest_family();
  code.parties = request.order;
  code.dimension = trace.vectors.dimension;
  trace.shape = choose_protocol(code);
  const auto protocol = std::make_shared<const MerlinArthur>(build_protocol(trace.shape, request.order, control, request.limits));
  control.check();
  const OrthogonalVectorsToGapMaxIp rule(trace.vectors, protocol);
  trace.messages = protocol->messages();
  trace.message = rule.best_reply(best);
  trace.phi = protocol->message(trace.message);
  trace.systematic = protocol->code().information_set;
  trace.wrong_at_most = protocol->largest_wrong_acceptance();
  trace.coin = Random(request.seed, 0).below(protocol->coins());
  control.check();
  trace.best = traced(trace, sat, *protocol, best);
  if (auto tuple = violating_tuple(trace.vectors, trace.clause, trace.row))
    trace.violating = traced(trace, sat, *protocol, std::move(*tuple));
  control.check();
  check_memory(request.limits, "the traced row",
               multiples_bytes(trace.shape.coins, trace.shape.blocks, trace.shape.field_size, trace.vectors.sets.back().rows));
  trace_row(trace, rule.target(trace.message));
  trace_direct_row(trace);
  return trace;
}

std::string clause_text(const Cnf& cnf, std::size_t c) {
  std::string text;
  for (const std::int32_t literal : cnf.clauses[c])
    text += std::string(text.empty() ? "" : " or ") + (literal < 0 ? "not x" : "x") +
            std::to_string(literal < 0 ? -literal : literal);
  return text.empty() ? "(empty)" : text;
}

}  // namespace gapwright
