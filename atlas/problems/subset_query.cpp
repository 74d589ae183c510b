// SPDX-License-Identifier: MIT
// The row of subset-query. An instance holds the two families and the answer that its file expects.
#include "instances/subset_query.hpp"

#include "atlas/problem.hpp"
#include "atlas/problems/sets.hpp"
#include "atlas/problems/subset_query_data.hpp"
#include "instances/generators/random_subset_query.hpp"
#include "verify/contained_pair.hpp"

namespace gapwright {
namespace {

const SubsetQuery& query_of(const AnyInstance& instance) { return instance.as<SubsetQueryData>().query; }

Parts parts_of_query(const AnyInstance& instance) {
  const auto& [query, expected] = instance.as<SubsetQueryData>();
  return {{{"inner", query.inner}, {"outer", query.outer}}, expected, query.made_by};
}

AnyInstance query_from_parts(const Parts& parts) {
  SubsetQuery query{parts.bits("inner"), parts.bits("outer"), parts.made_by};
  check_well_formed(query);
  return {problem_row("subset-query"), SubsetQueryData{std::move(query), parts.expected}};
}

RouteStart sizes_of_query(const AnyInstance& instance) {
  const SubsetQuery& query = query_of(instance);
  return sizes_of_sets(std::vector<BitMatrix>{query.inner, query.outer}, query.inner.columns);
}

std::string objection_to_pair(const AnyInstance& instance, const std::optional<AttentionWitness>&,
                              const WitnessNumbers& witness) {
  return accepts(query_of(instance), tuple_of(witness))
             ? ""
             : "its first set is not contained in its second, or an index is out of range";
}

std::vector<std::size_t> ranges_of_pair(const AnyInstance& instance) {
  return {query_of(instance).inner.rows, query_of(instance).outer.rows};
}

DecisionWork query_work(const AnyInstance& instance) {
  const SubsetQuery& query = query_of(instance);
  return {pairs_of(query), query.inner.columns, decision_bytes(query)};
}

Decided decide_query(const AnyInstance& instance, const RunControl& control) {
  const auto pair = first_contained_pair(query_of(instance), control);
  if (!pair) return {false, {}, "words of bits"};
  return {true, WitnessNumbers(pair->begin(), pair->end()), "words of bits"};
}

RandomSubsetQueryRequest request_of(const GeneratorValues& g) {
  const auto count = [&](std::size_t i) { return mpz_class(g.values[i]).get_ui(); };
  return {count(0), count(1), count(2), g.values[3], g.values[4], g.values[5] != 0, g.seed};
}

Generated random_query(const GeneratorValues& values, const RunControl& control) {
  RandomSubsetQuery made = random_subset_query(request_of(values), control);
  Generated generated{{problem_row("subset-query"), SubsetQueryData{std::move(made.query), {}}}, {}};
  if (made.planted) generated.planted = WitnessNumbers(made.planted->begin(), made.planted->end());
  return generated;
}

/// Up to five sets over up to eight elements; often an empty inner set, a full outer one, or one element missing.
AnyInstance small_query(Random& random) {
  RandomSubsetQueryRequest request{1 + random.below(5), 1 + random.below(5), 1 + random.below(8)};
  request.inner_density = mpq_class(1 + random.below(7), 8);
  request.outer_density = mpq_class(1 + random.below(7), 8);
  request.plant = random.below(4) == 0;
  request.seed = random.word();
  SubsetQuery query = random_subset_query(request).query;
  const std::size_t i = random.below(query.inner.rows), j = random.below(query.outer.rows);
  const std::uint64_t corner = random.below(6);
  for (std::size_t c = 0; c < query.inner.columns && corner < 3; ++c) {
    if (corner == 0) query.inner.set(i, c, false);
    if (corner == 1) query.outer.set(j, c);
    if (corner == 2) query.outer.set(j, c, c > 0 || !query.inner.get(i, c));
  }
  return {problem_row("subset-query"), SubsetQueryData{std::move(query), {}}};
}

Generator query_generator() {
  using Kind = GeneratorParameter::Kind;
  return {"random subset query, plain or with a planted pair of which one set is contained in the other",
          {{"inner", "sets of the family whose sets may be contained", Kind::count},
           {"outer", "sets of the family that may contain them", Kind::count},
           {"universe", "elements", Kind::count},
           {"inner_density", "probability of an element in an inner set, as 1/4 or 0.3", Kind::fraction, "1/4"},
           {"outer_density", "probability of an element in an outer set", Kind::fraction, "3/4"},
           {"plant", "plant a pair; its inner set is lighter than others, and its outer set heavier", Kind::flag}},
          [](const GeneratorValues& values) { return subset_query_bytes(request_of(values)); },
          random_query};
}

}  // namespace

Problem subset_query_problem() {
  return {.name = "subset-query",
          .meaning = "subset query: is some set of one family contained in some set of another?",
          .witness = "a set of inner and a set of outer that contains it",
          .hypothesis =
              "for every e > 0 there is a constant c such that no algorithm answers n queries to n sets over c log n "
              "elements in time n^(2 - e); equivalent to OVH at k = 2, as complements lead both ways",
          .brute_force = "n^2",
          .abbreviations = {"subset"},
          .order = 2,
          .start = [](const StartNumbers& numbers) { return start_of_plain_sets("subset-query", numbers); },
          .start_numbers = kSetNumbers,
          .check_start = check_vector_sizes,
          .sizes = sizes_of_query,
          .expected = [](const AnyInstance& instance) { return instance.as<SubsetQueryData>().expected; },
          .made_by = [](const AnyInstance& instance) { return query_of(instance).made_by; },
          .with_made_by =
              [](AnyInstance instance, Provenance made_by) {
                instance.changed<SubsetQueryData>().query.made_by = std::move(made_by);
                return instance;
              },
          .parts = parts_of_query,
          .from_parts = query_from_parts,
          .objection = objection_to_pair,
          .witness_ranges = ranges_of_pair,
          .work = query_work,
          .decide = decide_query,
          .generator = query_generator(),
          .small = small_query};
}

}  // namespace gapwright
