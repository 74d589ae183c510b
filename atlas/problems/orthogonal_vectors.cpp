// SPDX-License-Identifier: MIT
// The row of orthogonal-vectors. An instance holds the vectors and the answer that its file expects (OrthogonalVectorsFile).
#include "atlas/decision_work.hpp"
#include "atlas/problems/instance_data.hpp"
#include "atlas/problems/sets.hpp"
#include "instances/generators/corner_vectors.hpp"
#include "verify/orthogonal_tuples.hpp"

namespace gapwright {
namespace {

const OrthogonalVectors& vectors_of(const AnyInstance& instance) { return instance.as<OrthogonalVectorsFile>().vectors; }

RouteStart start_of_vectors(const StartNumbers& numbers) { return start_of_plain_sets("orthogonal-vectors", numbers); }

Parts parts_of_vectors(const AnyInstance& instance) {
  const OrthogonalVectors& ov = vectors_of(instance);
  Parts parts{{}, instance.as<OrthogonalVectorsFile>().expected, ov.made_by};
  for (std::size_t u = 0; u < ov.sets.size(); ++u) parts.all.push_back({"x" + std::to_string(u), ov.sets[u]});
  return parts;
}

AnyInstance vectors_from_parts(const Parts& parts) {
  OrthogonalVectors ov;
  for (std::size_t u = 0; u < parts.all.size(); ++u) ov.sets.push_back(parts.bits("x" + std::to_string(u)));
  ov.dimension = ov.sets.empty() ? 0 : ov.sets[0].columns;
  ov.made_by = parts.made_by;
  check_well_formed(ov);
  return {problem_row("orthogonal-vectors"), OrthogonalVectorsFile{std::move(ov), parts.expected}};
}

std::string objection_to_tuple(const AnyInstance& instance, const std::optional<AttentionWitness>&,
                               const WitnessNumbers& witness) {
  return accepts(vectors_of(instance), tuple_of(witness)) ? "" : "its vectors are not orthogonal, or an index is out of range";
}

DecisionWork vectors_work(const AnyInstance& instance) { return decision_work(vectors_of(instance)); }

Decided decide_vectors(const AnyInstance& instance, const RunControl& control) {
  const auto tuple = first_orthogonal_tuple(vectors_of(instance), control);
  if (!tuple) return {false, {}, "integers"};
  if (!accepts(vectors_of(instance), *tuple)) throw std::logic_error("the tuple found is not orthogonal");
  return {true, WitnessNumbers(tuple->begin(), tuple->end()), "integers"};
}

}  // namespace

AnyInstance any_vectors(OrthogonalVectors vectors) {
  return {problem_row("orthogonal-vectors"), OrthogonalVectorsFile{std::move(vectors), {}}};
}

mpz_class bits_of_vectors(const AnyInstance& instance) { return vector_bits(vectors_of(instance)); }

Problem orthogonal_vectors_problem() {
  return {
      .name = "orthogonal-vectors",
      .meaning = "k-OV: one vector per set with product 0 in every coordinate",
      .witness = "an index in each set",
      .hypothesis =
          "OVH: for every order k and every e > 0 there is a constant c = c(k, e) such that no algorithm solves "
          "k-OV with n vectors a set in dimension c log n in time n^(k - e); implied by SETH [Wil05]. (One c for "
          "all e would be false [AWY15].)",
      .brute_force = "n^k",
      .abbreviations = {"ov", "k-ov"},
      .start = start_of_vectors,
      .start_numbers = kSetNumbers,
      .check_start = check_vector_sizes,
      .sizes =
          [](const AnyInstance& instance) { return sizes_of_sets(vectors_of(instance).sets, vectors_of(instance).dimension); },
      .read = [](const std::vector<InputFile>& inputs,
                 bool) { return AnyInstance(problem_row("orthogonal-vectors"), read_orthogonal_vectors(inputs)); },
      .write = [](const std::string& path, const AnyInstance& instance, std::optional<bool> expected,
                  const RunControl& control) { write_orthogonal_vectors(path, vectors_of(instance), expected, control); },
      .expected = [](const AnyInstance& instance) { return instance.as<OrthogonalVectorsFile>().expected; },
      .made_by = [](const AnyInstance& instance) { return vectors_of(instance).made_by; },
      .with_made_by =
          [](AnyInstance instance, Provenance made_by) {
            instance.changed<OrthogonalVectorsFile>().vectors.made_by = std::move(made_by);
            return instance;
          },
      .parts = parts_of_vectors,
      .from_parts = vectors_from_parts,
      .objection = objection_to_tuple,
      .witness_ranges = [](const AnyInstance& instance) { return rows_of(vectors_of(instance).sets); },
      .work = vectors_work,
      .decide = decide_vectors,
      .small = [](Random& random) { return any_vectors(draw_vectors(random, 2 + random.below(2), 40, 8)); }};
}

}  // namespace gapwright
