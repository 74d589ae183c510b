// SPDX-License-Identifier: MIT
#include "python/reduce.hpp"

#include "atlas/problems/instance_data.hpp"
#include "atlas/problems/sets.hpp"
#include "reductions/written_sizes.hpp"

namespace gapwright::python {
namespace {

using Target = decltype(Reduction::target);

/// The row's data with what is known of the answer.
template <class Data>
AnyInstance copied(const char* problem, Data data, const mpz_class& bytes, const Limits& limits) {
  check_memory(limits, "a copy of the source", bytes);
  return {problem_row(problem), std::move(data)};
}

std::shared_ptr<AttentionInput> written(AttentionData data, std::optional<bool> expected, const RunControl& control) {
  const auto* bits = std::get_if<BitAttention>(&data);
  auto input = std::make_shared<AttentionInput>(
      AttentionInput{bits ? written_out(*bits, control) : std::get<Attention>(std::move(data)), {}});
  input->terms.expected = expected;
  return input;
}

template <class Known, class Instance>
std::shared_ptr<Known> known(Instance instance, std::optional<bool> expected) {
  auto made = std::make_shared<Known>();
  made->instance = std::move(instance);
  made->expected = expected;
  return made;
}

std::shared_ptr<RealGap> known_real(RealGapMaxIp real, std::optional<bool> expected) {
  auto made = known<RealGap>(std::move(real), expected);
  made->rounding = made->instance.rounding;
  made->unit = true;
  return made;
}

std::shared_ptr<RowInstance> known_row(const AnyInstance& target, std::optional<bool> expected) {
  Parts parts = target.problem().parts(target);
  parts.expected = expected;
  return std::make_shared<RowInstance>(RowInstance{target.problem().from_parts(parts)});
}

Target target_of(AnyInstance target, std::optional<bool> expected, const RunControl& control) {
  const std::string& problem = target.problem().name;
  if (problem == word_of(FileKind::orthogonal_vectors))
    return known<Vectors>(std::move(target).taken<OrthogonalVectorsFile>().vectors, expected);
  if (problem == word_of(FileKind::attention)) return written(std::move(target).taken<AttentionData>(), expected, control);
  if (problem != word_of(FileKind::gap_max_ip)) return known_row(target, expected);
  GapMaxIpFile file = std::move(target).taken<GapMaxIpFile>();
  if (file.vectors()) {
    auto made = known<Gap01>(std::get<GapMaxIp>(std::move(file.instance)), expected);
    made->form = file.form;
    return made;
  }
  if (file.real()) return known_real(std::get<RealGapMaxIp>(std::move(file.instance)), expected);
  return known<FactoredGap>(std::get<FactoredGapMaxIp>(std::move(file.instance)), expected);
}

}  // namespace

AnyInstance source_of(const Formula& f, const Limits& limits) {
  Dimacs dimacs;
  dimacs.cnf = f.instance;
  return copied("cnf", std::move(dimacs), formula_bytes(f.instance), limits);
}
AnyInstance source_of(const Vectors& v, const Limits& limits) {
  return copied("orthogonal-vectors", OrthogonalVectorsFile{v.instance, v.expected}, packed_bytes(v.instance.sets), limits);
}
AnyInstance source_of(const RowInstance& row, const Limits&) { return row.instance; }
AnyInstance source_of(const Gap01& g, const Limits& limits) {
  return copied("gap-max-ip", GapMaxIpFile{g.instance, g.expected, g.form}, packed_bytes(g.instance.sets), limits);
}
AnyInstance source_of(const RealGap& g, const Limits& limits) {
  return copied("gap-max-ip", GapMaxIpFile{g.instance, g.expected}, file_bytes(g.instance), limits);
}
AnyInstance source_of(const FactoredGap& g, const Limits& limits) {
  return copied("gap-max-ip", GapMaxIpFile{g.instance, g.expected}, 0, limits);  // its symbols are shared
}

Reduction reduced(AnyInstance source, const ReduceRequest& request, const Work& work) {
  Reduction r;
  const Problem& problem = source.problem();
  if (problem.literals)
    r.variables = source.as<Dimacs>().cnf.variables;
  else
    r.sizes = problem.witness_ranges(source);
  Reduced made = reduce(std::move(source), problem.literals ? "the formula" : "the instance", request, work,
                        [&](const std::string& what, const mpz_class& bytes) { check_memory(work.limits, what, bytes); });
  r.steps = std::move(made.promised);
  r.message = made.message;
  r.push = std::move(made.push);
  r.lift.steps.assign(made.lift.rbegin(), made.lift.rend());
  r.target = target_of(std::move(made.target), made.expected, work.control(""));
  return r;
}

}  // namespace gapwright::python
