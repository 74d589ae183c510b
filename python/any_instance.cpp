// SPDX-License-Identifier: MIT
// Instance: problems that the module knows by their row alone. In: parts as arrays and numbers, or a file; out: the same, decisions, files.
#include "python/any_instance.hpp"

#include "atlas/generated.hpp"
#include "python/instances.hpp"
#include "python/refuted.hpp"
#include "python/watched.hpp"
#include "support/errors.hpp"

namespace gapwright::python {
namespace {

using namespace py::literals;

const Problem& problem_with_parts(const std::string& word) {
  const Problem& problem = problem_named(word);
  if (!problem.from_parts)
    throw std::invalid_argument("problem='" + problem.name + "' has a class of its own: Formula, GapMaxIp or Attention");
  return problem;
}

Part part_from(const std::string& name, const py::handle& given) {
  if (py::isinstance<py::int_>(given)) {
    const mpz_class number = integer_from(given, name);
    if (!number.fits_slong_p()) throw std::invalid_argument(name + " is beyond 64 bits");
    return {name, static_cast<std::int64_t>(number.get_si())};
  }
  const auto object = py::reinterpret_borrow<py::object>(given);
  const py::array array = array_from(object);
  if (array.dtype().kind() == 'f') return {name, matrix_of(object, name)};
  return {name, bits_of(object, name)};
}

RowInstance make_instance(const std::string& word, const py::kwargs& parts) {
  const Problem& problem = problem_with_parts(word);
  Parts all;
  all.made_by.command = kMadeInMemory;
  for (const auto& [name, value] : parts) all.all.push_back(part_from(name.cast<std::string>(), value));
  return {instance_of_parts(problem, all)};
}

py::dict arrays_of_parts(const RowInstance& row) {
  py::dict arrays;
  for (const Part& part : row.instance.problem().parts(row.instance).all) {
    const py::str name(part.name);
    if (const auto* bits = std::get_if<BitMatrix>(&part.value)) arrays[name] = array_of(*bits);
    if (const auto* m = std::get_if<Matrix>(&part.value)) arrays[name] = array_of(*m);
    if (const auto* number = std::get_if<std::int64_t>(&part.value)) arrays[name] = *number;
  }
  return arrays;
}

py::dict metadata_of_parts(const RowInstance& row) {
  const Parts parts = row.instance.problem().parts(row.instance);
  py::list sources;
  for (const auto& source : parts.made_by.sources) sources.append(py::dict("name"_a = source.name, "sha256"_a = source.sha256));
  return py::dict("problem"_a = row.instance.problem().name, "expected"_a = parts.expected, "command"_a = parts.made_by.command,
                  "seed"_a = parts.made_by.seed, "sources"_a = sources);
}

std::optional<bool> expected_of(const AnyInstance& instance) {
  return instance.problem().expected ? instance.problem().expected(instance) : std::nullopt;
}

py::dict decide_instance(const RowInstance& row, double max_tuples, const py::object& memory_limit,
                         std::optional<double> timeout) {
  const DecideResult result = decided(row, max_tuples, memory_limit, timeout);
  return py::dict("verdict"_a = result.verdict(), "witness"_a = result.witness, "method"_a = result.method);
}

mpq_class generator_value(const GeneratorParameter& parameter, const py::object& given) {
  if (given.is_none()) {
    if (parameter.kind == GeneratorParameter::Kind::flag) return 0;
    if (parameter.standard.empty()) throw py::type_error(parameter.name + " is missing");
    return mpq_class(parameter.standard);
  }
  if (parameter.kind == GeneratorParameter::Kind::flag) {
    if (!py::isinstance<py::bool_>(given)) throw py::type_error(parameter.name + " is True or False");
    return given.cast<bool>() ? 1 : 0;
  }
  if (parameter.kind == GeneratorParameter::Kind::fraction) return rational_of(given, parameter.name.c_str()).value();
  const mpz_class count = integer_from(given, parameter.name);
  if (count < 0 || !count.fits_ulong_p()) throw std::invalid_argument(parameter.name + " is a whole number, 0 or more");
  return mpq_class(count);
}

RowInstance generate_instance(const std::string& word, std::uint64_t seed, bool expect, double max_tuples,
                              const py::object& memory_limit, std::optional<double> timeout, const py::kwargs& given) {
  const Problem& problem = problem_named(word);
  if (!problem.generator)
    throw std::invalid_argument("problem='" + problem.name + "' has a generator of its own, such as random_ksat");
  GeneratorValues values{{}, seed};
  py::dict left = given;
  for (const GeneratorParameter& parameter : problem.generator->parameters) {
    const py::str name(parameter.name);
    values.values.push_back(generator_value(parameter, left.contains(name) ? py::object(left[name]) : py::object(py::none())));
    if (left.contains(name)) left.attr("pop")(name);
  }
  for (const auto& [name, value] : left) throw py::type_error("generate() has no argument " + py::repr(name).cast<std::string>());
  Generated made = watched_work({0, timeout, limits_of(memory_limit, max_tuples)},
                                [&](const Work& work) { return generated(problem, values, expect, work); });
  return {std::move(made.instance), std::move(made.planted)};
}

}  // namespace

DecideResult decided(const RowInstance& row, double max_tuples, const py::object& memory_limit, std::optional<double> timeout) {
  return decided({0, timeout, limits_of(memory_limit, max_tuples)},
                 [&](const Work& work) { return decide(row.instance, {}, work); });
}

void bind_any_instance(py::module_& module) {
  py::class_<RowInstance, std::shared_ptr<RowInstance>>(
      module, "Instance",
      "An instance of a problem that has no class of its own.\n\n"
      "problem: its name, as gapwright list problems tells it. Keyword arguments: its parts by name, arrays of zeros and ones\n"
      "(rows, columns), arrays of floats, or whole numbers. Raises BadInstance for parts that are no instance.")
      .def(py::init(&make_instance), "problem"_a)
      .def_property_readonly("problem", [](const RowInstance& row) { return row.instance.problem().name; })
      .def_property_readonly("arrays", &arrays_of_parts, "The parts by name: uint8 or float64 arrays (copies), or int.")
      .def_property_readonly("metadata", &metadata_of_parts, "problem, expected, command, seed, sources.")
      .def_property_readonly(
          "expected", [](const RowInstance& row) { return expected_of(row.instance); },
          "The answer where it is proved or planted, else None.")
      .def_readonly("planted", &RowInstance::planted, "The planted witness, else None.")
      .def(
          "write",
          [](const RowInstance& row, const FilePath& path) { write_instance(path, row.instance, expected_of(row.instance)); },
          "path"_a, "Writes a safetensors file, whole or not at all.")
      .def(
          "accepts",
          [](const RowInstance& row, const py::object& witness) {
            const auto numbers = witness_from(witness);
            return numbers && row.instance.problem().objection(row.instance, {}, *numbers).empty();
          },
          "witness"_a, "True iff the integers are a witness.")
      .def(
          "decide", &decide_instance, py::kw_only(), "max_tuples"_a = 1e18, "memory_limit"_a = py::none(),
          "timeout"_a = py::none(),
          "A dict: verdict 'yes' or 'no', witness (a list, or None), method. Raises Refuted when the instance expects the other\n"
          "answer, LimitReached beyond a limit.")
      .def("__repr__", [](const RowInstance& row) { return "<gapwright.Instance of " + row.instance.problem().name + ">"; });
  module.def("_generate", &generate_instance, "problem"_a, py::kw_only(), "seed"_a = 1, "expect"_a = false, "max_tuples"_a = 1e18,
             "memory_limit"_a = py::none(), "timeout"_a = py::none());
  module.def("_generated_problems", [] {
    std::vector<std::string> names;
    for (const Problem& problem : problems())
      if (problem.generator) names.push_back(problem.name);
    return names;
  });
}

}  // namespace gapwright::python
