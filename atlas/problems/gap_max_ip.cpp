// SPDX-License-Identifier: MIT
// The row of gap-max-ip. An instance holds one of its three forms and the answer that its file expects (GapMaxIpFile).
#include <fmt/format.h>

#include "atlas/decision_work.hpp"
#include "atlas/problems/instance_data.hpp"
#include "atlas/problems/sets.hpp"
#include "support/message.hpp"
#include "verify/gap_max_ip.hpp"

namespace gapwright {
namespace {

const GapMaxIpFile& file_of(const AnyInstance& instance) { return instance.as<GapMaxIpFile>(); }

RouteStart start_of_gap(const StartNumbers& numbers) {
  RouteStart start = start_of_sets("gap-max-ip", numbers);
  if (!numbers.yes_at_least || !numbers.no_at_most)
    throw std::invalid_argument("a route from gap-max-ip takes `yes_at_least` and `no_at_most` too");
  start.gap = {*numbers.yes_at_least, *numbers.no_at_most};
  return start;
}

RouteStart sizes_of_gap(const AnyInstance& instance) {
  const GapMaxIp* vectors = file_of(instance).vectors();
  if (!vectors) throw std::invalid_argument("sizes from here on are computed for 0/1 vectors only");
  RouteStart start = sizes_of_sets(vectors->sets, vectors->dimension);
  start.gap = vectors->gap;
  return start;
}

/// Products of real vectors are integers up to `rounding`.
std::string objection_to_real_tuple(const RealGapMaxIp& real, const std::vector<std::size_t>& tuple) {
  if (tuple.size() != real.sets.size())
    return fmt::format("it has {} for {} sets", counted(tuple.size(), "index", "indices"), real.sets.size());
  for (std::size_t u = 0; u < tuple.size(); ++u)
    if (tuple[u] >= real.sets[u].rows) return fmt::format("set x{} has {}", u, counted(real.sets[u].rows, "vector"));
  const mpq_class product = exact_inner_product(real, tuple);
  if (product + mpq_class(real.rounding) >= static_cast<long>(real.gap.yes_at_least)) return "";
  return fmt::format("its inner product is {:.6g} within {:.2g}, needed is {}", product.get_d(), real.rounding,
                     real.gap.yes_at_least);
}

std::string objection_to_tuple_of_gap(const AnyInstance& instance, const std::optional<AttentionWitness>&,
                                      const WitnessNumbers& witness) {
  const GapMaxIpFile& file = file_of(instance);
  const std::vector<std::size_t> tuple = tuple_of(witness);
  if (file.real()) return objection_to_real_tuple(*file.real(), tuple);
  const bool holds = file.vectors() ? accepts(*file.vectors(), tuple) : accepts(*file.factored(), tuple);
  return holds ? "" : fmt::format("its inner product is below t = {}, or an index is out of range", file.gap().yes_at_least);
}

std::vector<std::size_t> ranges_of(const FactoredGapMaxIp& g) { return rows_of(*g.sets); }
std::vector<std::size_t> ranges_of(const auto& g) { return rows_of(g.sets); }

/// Outside the promise counts as no here: no tuple reaches t.
Decided decide_gap_file(const AnyInstance& instance, const RunControl& control) {
  const GapVerdict verdict = std::visit([&](const auto& g) { return decide_gap(g, control); }, file_of(instance).instance);
  Decided decided{verdict.side == GapSide::yes, {}, file_of(instance).real() ? "float64 with error bound" : "integers"};
  if (verdict.witness) decided.witness = WitnessNumbers(verdict.witness->begin(), verdict.witness->end());
  return decided;
}

void write_gap_file(const std::string& path, const AnyInstance& instance, std::optional<bool> expected,
                    const RunControl& control) {
  const GapMaxIpFile& file = file_of(instance);
  if (file.vectors()) return write_gap_max_ip(path, *file.vectors(), file.form, expected, control);
  if (file.real()) return write_gap_max_ip(path, *file.real(), expected, control);
  write_gap_max_ip(path, *file.factored(), expected, control);
}

}  // namespace

Problem gap_max_ip_problem() {
  return {.name = "gap-max-ip",
          .meaning = "Gap-k-MaxIP: is some inner product at least t, when otherwise all are at most s_no?",
          .witness = "an index in each set",
          .hypothesis =
              "for every k and e > 0 there are constants (c, Q, T) such that no algorithm solves Gap-k-MaxIP in "
              "dimension c log n, made over F_Q with T blocks, t and s_no a constant factor apart, in time n^(k - e); "
              "implied by SETH [AS24, Rub18, ARW17]",
          .brute_force = "n^k",
          .abbreviations = {"maxip", "max-ip"},
          .start = start_of_gap,
          .start_numbers = "`vectors`, `dimension`, `yes_at_least` and `no_at_most`",
          .check_start = check_gap_sizes,
          .sizes = sizes_of_gap,
          .read = [](const std::vector<InputFile>& inputs,
                     bool) { return AnyInstance(problem_row("gap-max-ip"), read_gap_max_ip(inputs.at(0))); },
          .write = write_gap_file,
          .expected = [](const AnyInstance& instance) { return file_of(instance).expected; },
          .made_by =
              [](const AnyInstance& instance) {
                return std::visit([](const auto& g) { return g.made_by; }, file_of(instance).instance);
              },
          .with_made_by =
              [](AnyInstance instance, Provenance made_by) {
                std::visit([&](auto& g) { g.made_by = std::move(made_by); }, instance.changed<GapMaxIpFile>().instance);
                return instance;
              },
          .objection = objection_to_tuple_of_gap,
          .witness_ranges =
              [](const AnyInstance& instance) {
                return std::visit([](const auto& g) { return ranges_of(g); }, file_of(instance).instance);
              },
          .work =
              [](const AnyInstance& instance) {
                return std::visit([](const auto& g) { return decision_work(g); }, file_of(instance).instance);
              },
          .decide = decide_gap_file};
}

}  // namespace gapwright
