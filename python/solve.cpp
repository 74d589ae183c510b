// SPDX-License-Identifier: MIT
// solve: keywords become a request, atlas/solve answers it, and the result is handed out. Long work runs outside the interpreter's lock.
#include "python/solve.hpp"

#include "python/code_words.hpp"

namespace gapwright::python {
namespace {

using namespace py::literals;
using MaybePath = std::optional<FilePath>;

SolveResult solve_formula(const std::shared_ptr<Formula>& formula, std::size_t order, const std::string& route,
                          const py::object& advice, const std::string& gadget, const std::string& form,
                          const std::string& embedding, const py::object& mu, std::optional<std::size_t> field,
                          std::optional<std::size_t> blocks, std::optional<std::size_t> block_length,
                          std::optional<std::size_t> level, std::optional<std::uint64_t> seed, bool count, bool project, bool max,
                          bool oracle, const MaybePath& certificate, const MaybePath& proof, double max_tuples,
                          const py::object& memory_limit, unsigned threads, std::optional<double> timeout) {
  SolveRequest request;
  request.order = order;
  request.family = family_of_route(route);
  request.code = code_request(advice_from(advice, "advice"), {gadget, form, embedding, mu, field, blocks, block_length, level});
  request.seed = seed;
  request.count = count;
  request.project = project;
  request.max = max;
  if (!oracle) request.oracle_seconds.reset();
  if (certificate) request.certificate = certificate->string();
  if (proof) request.proof = proof->string();
  return solved(*formula, std::move(request), {threads, timeout, limits_of(memory_limit, max_tuples)});
}

py::object models_of(const std::optional<ModelCount>& count) {
  return count ? integer_of(count->models) : py::object(py::none());
}

/// The same keys as in the program's JSON.
py::object protocol_of(const SolveResult& result) {
  const CodeStages* const s = result.code();
  if (!s) return py::none();
  return py::dict("field"_a = s->shape.field_size, "level"_a = s->shape.level, "length"_a = s->shape.coins,
                  "degree"_a = s->shape.degree, "block_length"_a = s->shape.block_length, "blocks"_a = s->shape.blocks,
                  "messages"_a = integer_of(s->cost.merlin_messages), "yes_at_least"_a = s->shape.coins,
                  "no_at_most"_a = s->largest_wrong_acceptance);
}
py::object advice_of(const SolveResult& result) {
  const CodeStages* const s = result.code();
  if (!s) return py::none();
  return py::dict("messages"_a = s->messages, "no"_a = s->no, "all"_a = s->all);
}

std::string route_of(const SolveResult& result) {
  return std::string(route_word(result.code() ? result.code()->shape.family : nullptr));
}

std::string shown_result(const SolveResult& result) {
  return std::string("<gapwright.Solution: ") +
         (!result.satisfiable   ? "undecided"
          : *result.satisfiable ? "satisfiable"
                                : "unsatisfiable") +
         ">";
}

void bind_counts_of_solution(py::class_<SolveResult>& solution) {
  solution
      .def_property_readonly(
          "models", [](const SolveResult& r) { return models_of(r.models); }, "With count: the number of models.")
      .def_property_readonly(
          "projected_models", [](const SolveResult& r) { return models_of(r.projected); },
          "With project: how many assignments of the variables Formula.shown have models.")
      .def_property_readonly(
          "fewest_violated", [](const SolveResult& r) { return r.fewest ? std::optional(r.fewest->clauses) : std::nullopt; },
          "With max: every assignment violates at least so many clauses, and `assignment` no more.")
      .def_property_readonly(
          "attained_by",
          [](const SolveResult& r) { return r.fewest ? integer_of(r.fewest->attained_by) : py::object(py::none()); },
          "With max: how many assignments violate so few.");
}

void bind_solution(py::module_& module) {
  py::class_<SolveResult> solution(module, "Solution", "What solve found out about a formula; None is what was not asked.");
  solution
      .def_property_readonly(
          "satisfiable", [](const SolveResult& r) { return r.satisfiable; }, "True, False, or None when undecided.")
      .def_property_readonly(
          "assignment",
          [](const SolveResult& r) { return r.assignment ? std::optional(literals_of(*r.assignment)) : std::nullopt; },
          "Literals of a model, checked against the formula, or with max of an assignment that violates the fewest clauses.")
      .def_property_readonly(
          "verdict", [](const SolveResult& r) { return r.decision ? std::optional(r.decision->verdict) : std::nullopt; },
          "The Verdict of the attention input; through a code, of that of the last message that was run.")
      .def_property_readonly(
          "oracle", [](const SolveResult& r) { return r.oracle ? r.oracle->satisfiable : std::nullopt; },
          "CryptoMiniSat's answer; None also when it has none within a minute.")
      .def_property_readonly("route", &route_of, "'direct', or the family of the code.")
      .def_property_readonly("protocol", &protocol_of,
                             "Through a code: a dict of field, level, length, degree, block_length, blocks, messages, "
                             "yes_at_least, no_at_most.")
      .def_property_readonly("advice", &advice_of,
                             "Through a code: a dict of messages (to be run), no (found so, one after the other), all (there are "
                             "no others).")
      .def_property_readonly(
          "proved", [](const SolveResult& r) { return r.proof_seconds.has_value(); }, "Whether a DRAT proof was written.")
      .def_property_readonly(
          "entry_bound", [](const SolveResult& r) { return r.input.entry_bound; }, "B of the attention input.")
      .def_property_readonly("yes_at_least", [](const SolveResult& r) { return fraction_of(r.input.yes_at_least); })
      .def_property_readonly("no_at_most", [](const SolveResult& r) { return fraction_of(r.input.no_at_most); })
      .def("__repr__", &shown_result);
  bind_counts_of_solution(solution);
}

std::string solve_doc() {
  return "Decides a formula through exact attention of order k, with a certified enclosure and a checked model.\n\n"
         "route: 'direct', or through a code: " +
         quoted_families() +
         ". field, blocks, block_length, level fix the code;\n"
         "form 'factored' (the default), 'explicit' or 'pruned'; embedding 'sharp' or, of vectors, 'paper'. advice: Merlin's\n"
         "messages to run: 'honest', 'all', 'sample:N' (drawn by seed), or the number of one; by default honest where a model "
         "is\n"
         "found within a minute, else sample:16. One message proves a yes; only all of them prove a no, else satisfiable is "
         "None.\n"
         "count: the number of models; with project: of assignments of the variables Formula.shown that have models. max: an\n"
         "assignment that violates the fewest clauses. These go with the direct route.\n"
         "oracle: also ask CryptoMiniSat, for a minute; a contradiction raises RuntimeError. certificate: a file for\n"
         "gapwright-check, about the file that the formula was read from, or else about what write() writes. proof: a file for\n"
         "CaDiCaL's DRAT proof that there is no model. What is asked for and not written is warned of.\n"
         "threads: 0 is all cores. timeout: seconds.";
}

}  // namespace

SolveResult solved(const Formula& formula, SolveRequest request, const Pace& pace) {
  check_order(request.order);
  request.reads = paths_of(formula.files);
  check_request(request);
  request.paths_checked = true;
  if (!request.certificate.empty()) request.sha256 = text_hash(formula);
  SolveResult result = watched_work(pace, [&](const Work& work) {
    return gapwright::solve(formula.instance, {formula.shown, formula.shown_trouble, formula.weighted}, request, work);
  });
  if (result.contradiction) throw std::runtime_error(SolveResult::kContradiction);
  return result;
}

void bind_solve(py::module_& module) {
  bind_solution(module);
  module.def("solve", &solve_formula, solve_doc().c_str(), "formula"_a, py::kw_only(), "order"_a = 3, "route"_a = "direct",
             "advice"_a = py::none(), "gadget"_a = "boxes", "form"_a = "", "embedding"_a = "sharp", "mu"_a = 0.0,
             "field"_a = py::none(), "blocks"_a = py::none(), "block_length"_a = py::none(), "level"_a = py::none(),
             "seed"_a = py::none(), "count"_a = false, "project"_a = false, "max"_a = false, "oracle"_a = true,
             "certificate"_a = py::none(), "proof"_a = py::none(), "max_tuples"_a = 1e18, "memory_limit"_a = py::none(),
             "threads"_a = 0, "timeout"_a = py::none());
}

}  // namespace gapwright::python
