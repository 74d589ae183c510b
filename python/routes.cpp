// SPDX-License-Identifier: MIT
// path, implied, extract: two problems and where a route begins, or a bundle and a witness, in; the objects that the program gives as JSON out.
#include "atlas/extract.hpp"
#include "atlas/path.hpp"
#include "atlas/problems/sets.hpp"
#include "explore/plan/implied.hpp"
#include "python/any_instance.hpp"
#include "python/instances.hpp"
#include "python/objects.hpp"
#include "python/refuted.hpp"
#include "python/watched.hpp"

namespace gapwright::python {
namespace {

using namespace py::literals;
using Path = FilePath;

/// What the module holds of an instance, as the beginning of a route.
std::optional<InstanceStart> start_of_object(const py::object& given) {
  if (py::isinstance<RowInstance>(given)) return instance_start(given.cast<const RowInstance&>().instance, "the instance");
  if (py::isinstance<Formula>(given)) {
    const Cnf& cnf = given.cast<const Formula&>().instance;
    RouteStart sizes;
    sizes.variables = cnf.variables;
    sizes.clauses = cnf.clauses.size();
    return InstanceStart{"cnf", sizes};
  }
  if (py::isinstance<Vectors>(given)) {
    const OrthogonalVectors& ov = given.cast<const Vectors&>().instance;
    return InstanceStart{"orthogonal-vectors", sizes_of_sets(ov.sets, ov.dimension)};
  }
  if (py::isinstance<Gap01>(given)) {
    const GapMaxIp& gap = given.cast<const Gap01&>().instance;
    InstanceStart start{"gap-max-ip", sizes_of_sets(gap.sets, gap.dimension)};
    start.sizes.gap = gap.gap;
    return start;
  }
  if (py::isinstance<RealGap>(given) || py::isinstance<FactoredGap>(given))
    throw std::invalid_argument("the instance: sizes from here on are computed for 0/1 vectors only");
  if (py::isinstance<AttentionInput>(given))
    throw std::invalid_argument("the instance: an attention input's sizes stay as they are");
  return std::nullopt;
}

/// Where a route begins, before a file is read: that is done outside the interpreter's lock.
struct Beginning {
  RouteRequest request;
  std::string file;  ///< empty: none

  RouteRequest read(const RunControl& control) const {
    RouteRequest whole = request;
    if (file.empty()) return whole;
    const RoutesBetween between = routes_between(request.from, request.to);
    const InputFile input(InputBytes::open(file, [&] { control.check(); }));
    const Problem& kind = problem_of(input);
    check_begins(between, kind.name, file);
    whole.instance = instance_start(read_instance(kind, {input}), file);
    return whole;
  }
};

Beginning beginning(const std::string& from, const std::string& to, const py::object& instance, std::optional<std::size_t> order,
                    const StartNumbers& numbers, const py::object& delta) {
  if (order) check_order(*order);
  Beginning b{{from, to, order, numbers, {}, rational_of(delta, "delta")}, ""};
  if (b.request.delta) check_delta(*b.request.delta);
  if (instance.is_none()) return b;
  b.request.instance = start_of_object(instance);
  if (b.request.instance) return b;
  b.file = instance.cast<Path>().string();
  if (b.request.sized()) throw std::invalid_argument("give an instance, or numbers, not both");
  return b;
}

void refuse_other_order(std::size_t asked, const std::string& what, std::size_t order) {
  if (asked != order)
    throw std::invalid_argument("order=" + std::to_string(asked) + ": " + what + " has order " + std::to_string(order) +
                                "; leave order out");
}

OrderCheck order_check(std::optional<std::size_t> order) {
  return [order](const std::string& what, std::size_t found) {
    if (order) refuse_other_order(*order, what, found);
  };
}

py::object found_paths(const std::string& from, const std::string& to, const py::object& instance,
                       std::optional<std::size_t> order, const StartNumbers& numbers, const py::object& delta, bool all,
                       const py::object& memory_limit, std::optional<double> timeout) {
  const Beginning b = beginning(from, to, instance, order, numbers, delta);
  const Limits limits = limits_of(memory_limit);
  return object_of(watched({0, timeout, limits}, [&](const RunControl& control) {
    return path_json(find_paths({b.read(control), all}, order_check(order), control));
  }));
}

py::object implied_time(const std::string& from, const std::string& to, const py::object& instance,
                        std::optional<std::size_t> order, const StartNumbers& numbers, const py::object& delta,
                        const py::object& saving, const py::object& memory_limit, std::optional<double> timeout) {
  const Beginning b = beginning(from, to, instance, order, numbers, delta);
  const mpq_class part = rational_of(saving, "saving").value_or(ImpliedRequest{}.saving);
  const Limits limits = limits_of(memory_limit);
  return object_of(watched({0, timeout, limits}, [&](const RunControl& control) {
    return implied_json(implied({b.read(control), part}, order_check(order), control));
  }));
}

/// `result` is JSON, or where that is empty the path of a file with it.
py::object extract_witness(const Path& bundle, const std::string& result, const std::optional<Path>& file,
                           const std::optional<Path>& source, const std::optional<Path>& target, const py::object& memory_limit,
                           std::optional<double> timeout) {
  const Limits limits = limits_of(memory_limit);
  const ExtractRequest request{bundle.string(), source.value_or(Path()).string(), target.value_or(Path()).string()};
  const Extracted extracted = watched({0, timeout, limits}, [&](const RunControl& control) {
    const auto open = [&](const std::string& name) { return InputBytes::open(name, [&] { control.check(); }); };
    const LiftEnds ends = open_ends(request, open);
    return extract(ends, read_result(file ? open(file->string()) : InputBytes::from(result, "result")), control);
  });
  if (!extracted.refused.empty()) throw Refuted(extracted.refused);
  return object_of(extract_json(extracted));
}

/// The arguments that path and implied share, and those of their own.
template <class Function, class... Own>
void bind_route(py::module_& module, const char* name, Function function, const char* text, Own... own) {
  module.def(
      name,
      [function](const std::string& from, const std::string& to, const py::object& instance, std::optional<std::size_t> order,
                 std::optional<std::size_t> variables, std::optional<std::size_t> clauses, std::optional<std::size_t> vectors,
                 std::optional<std::size_t> dimension, std::optional<std::int64_t> yes_at_least,
                 std::optional<std::int64_t> no_at_most, const py::object& delta, const py::object& option,
                 const py::object& memory_limit, std::optional<double> timeout) {
        const StartNumbers numbers{0, variables, clauses, vectors, dimension, yes_at_least, no_at_most};
        return function(from, to, instance, order, numbers, delta, option, memory_limit, timeout);
      },
      "source"_a, "target"_a, "instance"_a = py::none(), py::kw_only(), "order"_a = py::none(), "variables"_a = py::none(),
      "clauses"_a = py::none(), "vectors"_a = py::none(), "dimension"_a = py::none(), "yes_at_least"_a = py::none(),
      "no_at_most"_a = py::none(), "delta"_a = py::none(), own..., "memory_limit"_a = py::none(), "timeout"_a = py::none(), text);
}

}  // namespace

void bind_routes(py::module_& module) {
  bind_route(
      module, "path",
      [](const std::string& from, const std::string& to, const py::object& instance, std::optional<std::size_t> order,
         const StartNumbers& numbers, const py::object& delta, const py::object& all, const py::object& memory_limit,
         std::optional<double> timeout) {
        return found_paths(from, to, instance, order, numbers, delta, all.cast<bool>(), memory_limit, timeout);
      },
      "Every route from one problem to another, with exact sizes of each step, before anything is built (docs/atlas.md).\n\n"
      "source, target: names of problems, such as 'cnf', 'orthogonal-vectors', 'gap-max-ip', 'attention', or usual words for "
      "them ('sat', 'ov').\n"
      "Where it begins: an instance (or its path), or numbers: variables and clauses of a formula; vectors in each set and their "
      "dimension, of\n"
      "Gap-k-MaxIP also yes_at_least and no_at_most. order: 3, or the instance's; delta: of the step to attention, at most 1/4;\n"
      "all: also routes that others beat.\n\n"
      "Returns the object that `gapwright path` gives as JSON: 'routes', each with 'name', 'front' (no other is as good in "
      "instances, final\n"
      "bits and entries together), 'stages' (of each 'problem', 'sizes', 'dimension', 'bits', 'instances'; of attention "
      "'entry_bound' and the\n"
      "thresholds, decimal texts rounded outward), or 'impossible'. Without numbers the first route alone, without sizes.\n"
      "ValueError for unknown problems, problems without a route, and numbers that do not go together.",
      "all"_a = false);
  bind_route(
      module, "implied", &implied_time,
      "Which running time for the last problem would refute the hypothesis about the first, such as SETH (docs/atlas.md).\n\n"
      "source, target, and where it begins: as in path. saving: e in (brute force)^(1 - e), 1/10 unless given: a Fraction, or a "
      "number taken\n"
      "exactly.\n\n"
      "Returns the object that `gapwright implied` gives as JSON: 'hypothesis', 'exponent' and, with numbers, 'finite_exponent' "
      "(fractions as\n"
      "text), 'conditions', and 'ways': what each costs at this size, 'exponent' in enclosures {'lo', 'hi'} of floats.",
      "saving"_a = py::none());
  module.def("_extract", &extract_witness, "bundle"_a, "result"_a, "file"_a, py::kw_only(), "source"_a = py::none(),
             "target"_a = py::none(), "memory_limit"_a = py::none(), "timeout"_a = py::none());
}

}  // namespace gapwright::python
