// SPDX-License-Identifier: MIT
#include "checker/bundle/parts.hpp"

#include <algorithm>
#include <cmath>

#include "checker/errors.hpp"
#include "checker/formula_vectors.hpp"

namespace checker {
namespace {

constexpr const char* kListing = "SAT to k-OV [Wil05]: models and orthogonal tuples are in bijection";
constexpr mpfr_prec_t kThresholdPrecision = 320;
constexpr const char* kDirect = "k-OV to attention, direct embedding";

/// targets 1, and the same size before and after.
void check_size(const ManifestStep& step, const mpz_class& bits) {
  check_value(step.predicted, "targets", "1", step.rule + ": predicted");
  check_value(step.predicted, "target_bits", bits.get_str(), step.rule + ": predicted");
  check_value(step.measured, "target_bits", bits.get_str(), step.rule + ": measured");
}

int significand_of(const std::string& dtype) {
  require(dtype == "f64" || dtype == "f32" || dtype == "f16" || dtype == "bf16", "entry_dtype is f64, f32, f16 or bf16");
  return dtype == "f64" ? 53 : dtype == "f32" ? 24 : dtype == "f16" ? 11 : 8;
}

bool is_yes(const std::map<std::string, std::string>& values, const std::string& key, const std::string& place) {
  const auto found = values.find(key);
  require(found != values.end() && (found->second == "yes" || found->second == "no"), place + ": " + key + " is yes or no");
  return found->second == "yes";
}

void check_attention_entries(const BundleFiles& files, const DirectTarget& t) {
  const Safetensors& target = files.target;
  require(target.tensors.size() == 2 * files.order - 1, "target: there are other tensors than q, k1, ..., v1, ...");
  check_matrix(target.tensor("q", 2), t.bits.queries, 0, t.bits.sign * t.entry_bound, "q");
  for (std::size_t u = 1; u < files.order; ++u) {
    const std::string number = std::to_string(u);
    check_matrix(target.tensor("k" + number, 2), t.bits.keys[u - 1], t.bits.centred ? -t.entry_bound : 0, t.entry_bound,
                 "k" + number);
    Bits ones(t.bits.ones[u - 1].size(), 1);
    for (std::size_t j = 0; j < ones.rows; ++j)
      if (t.bits.ones[u - 1][j]) ones.set(j, 0);
    check_matrix(target.tensor("v" + number, 2), ones, 0, 1, "v" + number);
  }
}

void check_vector_target(const BundleFiles& files) {
  const std::vector<Bits> sets = bit_sets(files.target);
  require(sets.size() == files.vectors.size(), "target: has another number of sets");
  for (std::size_t u = 0; u < sets.size(); ++u) {
    require(files.target.tensor("x" + std::to_string(u), 2).dtype == "U8", "target: vectors must be U8");
    require(sets[u].rows == files.vectors[u].rows && sets[u].columns == files.vectors[u].columns &&
                sets[u].data == files.vectors[u].data,
            "target: x" + std::to_string(u) + " is not the list of the formula's vectors");
  }
}

}  // namespace

void check_listing(const ManifestStep& step, const BundleFiles& files) {
  require(step.theorem == kListing, step.rule + ": theorem: another text");
  check_names(step.parameters, {"order"}, step.rule);
  check_value(step.parameters, "order", std::to_string(files.order), step.rule);
  check_names(step.predicted, {"targets", "target_bits"}, step.rule);
  check_names(step.measured, {"target_bits"}, step.rule);
  mpz_class bits = 0;
  for (const Bits& set : files.vectors) bits += mpz_class(set.rows) * mpz_class(set.columns);
  check_size(step, bits);
}

std::optional<DirectTarget> check_direct_target(const BundleFiles& files) {
  const Manifest& m = files.manifest;
  if (files.formula) check_listing(m.path.front(), files);
  if (m.target.problem == "orthogonal-vectors") {
    check_vector_target(files);
    return std::nullopt;
  }
  const ManifestStep& step = m.path.back();
  require(step.rule == "orthogonal-vectors -> attention" && step.theorem == kDirect, step.rule + ": theorem: another text");
  check_names(parameters_without_delta(step), {"square", "causal", "centred", "entry_dtype", "entry_bound"}, step.rule);
  check_names(step.predicted, {"targets", "target_bits"}, step.rule);
  check_names(step.measured, {"target_bits"}, step.rule);
  const DirectTarget t =
      lay_out(vector_sets(files.vectors),
              {is_yes(step.parameters, "square", step.rule), is_yes(step.parameters, "causal", step.rule),
               is_yes(step.parameters, "centred", step.rule), significand_of(step.parameters.at("entry_dtype")), delta_of(step)});
  check_size(step, 64 * tensor_elements(files.target));
  check_double(step.parameters.at("entry_bound"), t.entry_bound, step.rule + ": entry_bound");
  check_value(step.parameters, "entry_bound", metadata_at(files.target, "entry_bound"), step.rule);
  check_double(metadata_at(files.target, "softmax_scale"), t.softmax_scale, "target: softmax_scale");
  require(metadata_at(files.target, "embedding") == (t.bits.centred ? "direct-centred" : "direct"),
          "target: embedding is direct");
  require(m.witness->unit == "1" && !m.witness->least, "manifest: witness: the direct embedding has unit 1 and no least");
  check_thresholds(files.target, t.yes_at_least.value(kThresholdPrecision), t.no_at_most.value(kThresholdPrecision));
  check_attention_entries(files, t);
  return t;
}

LiftTable check_lift_table(const BundleFiles& files, const std::optional<DirectTarget>& layout) {
  const Manifest& m = files.manifest;
  LiftTable table = read_lift_table(files.lift_bytes);
  require(table.from == m.target.problem && table.to == m.sources[0].problem, "lift table: leads between other problems");
  const bool same = m.witness ? table.witness.value_or(WitnessRule{"1", std::nullopt}) == *m.witness : !table.witness;
  require(same, "lift table: witness: is not that of the manifest");
  std::vector<std::string> rules;
  for (const ManifestStep& step : m.path)
    if (step.rule != "gap-max-ip -> gap-max-ip") rules.push_back(step.rule);  // a gadget keeps indices
  require(table.steps.size() == rules.size(), "lift table: has another number of steps than the path");
  for (std::size_t i = 0; i < rules.size(); ++i) {
    const LiftStep& step = table.steps[rules.size() - 1 - i];
    const std::string place = "lift table: '" + rules[i] + "'";
    require(step.rule == rules[i], place + ": the step is of another rule");
    if (i + files.unknown_end >= rules.size()) {
      check_unknown_end(step, files);
      continue;
    }
    if (i < files.unknown_steps) {
      check_unknown_lift_step(step, files, i + 1 == files.unknown_steps);
      continue;
    }
    if (rules[i] == "cnf -> orthogonal-vectors") {
      require(step.kind == "bits", place + ": the kind is bits");
      std::vector<std::vector<std::uint64_t>> right;
      std::uint64_t next = 1;
      for (const std::size_t group : group_sizes(*files.formula, files.order)) {
        right.emplace_back();
        for (std::size_t b = 0; b < group; ++b) right.back().push_back(next++);
      }
      require(step.variables == right, place + ": variables are not in the groups of split and list");
      continue;
    }
    require(step.kind == "rows" && step.rows.size() == files.order, place + ": rows, one number per matrix");
    for (std::size_t u = 0; u < files.order; ++u) {
      if (layout && rules[i] == "orthogonal-vectors -> attention") {
        require(step.rows[u] == layout->rows[u] && step.sizes[u] == layout->sizes[u] && step.first[u] == layout->first[u] &&
                    step.shift[u] == layout->shift[u],
                place + ": does not fit the layout of the target");
        continue;
      }
      require(step.rows[u] == files.sizes[u] && step.sizes[u] == files.sizes[u] && step.first[u] == 0 && step.shift[u] == 0,
              place + ": indices stay on this step");
    }
  }
  return table;
}

}  // namespace checker
