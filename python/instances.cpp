// SPDX-License-Identifier: MIT
// Formula, OrthogonalVectors and Attention: from Python data, from files, and back.
#include "python/instances.hpp"

#include <algorithm>
#include <filesystem>

#include "instances/answer_note.hpp"
#include "instances/files/dimacs.hpp"
#include "instances/files/instance_files.hpp"
#include "python/any_instance.hpp"
#include "support/errors.hpp"
#include "support/files.hpp"
#include "support/message.hpp"
#include "support/sha256.hpp"
#include "support/write_file.hpp"

namespace gapwright::python {

using namespace py::literals;

Cnf::Witness assignment_of(const Literals& literals, std::size_t variables) {
  if (literals.size() < variables)
    throw std::invalid_argument("the assignment has " + counted(literals.size(), "literal") + ", the formula " +
                                counted(variables, "variable"));
  Cnf::Witness assignment(variables), seen(variables);
  for (const std::int64_t literal : literals) {
    const auto bits = static_cast<std::uint64_t>(literal);
    const std::uint64_t v = literal < 0 ? 0 - bits : bits;
    if (v == 0 || v > variables || seen[v - 1])
      throw std::invalid_argument("literal " + std::to_string(literal) +
                                  ": an assignment has one literal, v or -v, for each variable 1 to " +
                                  std::to_string(variables));
    seen[v - 1] = true;
    assignment[v - 1] = literal > 0;
  }
  return assignment;
}

std::optional<Tuple> tuple_from(const py::object& indices) {
  Tuple tuple;
  bool in_range = true;
  for (const py::handle& one : indices) {
    const mpz_class index = integer_from(one, "index " + std::to_string(tuple.size()) + " of the tuple");
    in_range = in_range && index >= 0 && index.fits_ulong_p();
    tuple.push_back(in_range ? index.get_ui() : 0);
  }
  return in_range ? std::optional(std::move(tuple)) : std::nullopt;
}

namespace {

ReadFile read_file(const InputBytes& input) { return {std::filesystem::absolute(input.name()).string(), input.sha256()}; }

}  // namespace

InputBytes open_file(const std::string& path) {
  return InputBytes::open(path, [] {
    if (PyErr_CheckSignals() != 0) throw py::error_already_set();
  });
}

std::vector<ReadFile> files_of(const std::vector<InputFile>& inputs) {
  std::vector<ReadFile> files;
  for (const InputFile& input : inputs) files.push_back(read_file(input.bytes()));
  return files;
}

std::vector<std::string> paths_of(const std::vector<ReadFile>& files) {
  std::vector<std::string> paths;
  for (const ReadFile& file : files)
    if (!file.path.empty()) paths.push_back(file.path);
  return paths;
}

std::vector<std::string> hashes_of(const std::vector<ReadFile>& files) {
  std::vector<std::string> hashes;
  for (const ReadFile& file : files) hashes.push_back(file.sha256);
  return hashes;
}

std::string text_of(const Formula& f) {
  return dimacs_text(f.instance, f.expected ? std::vector{answer_note(*f.expected, f.reason)} : std::vector<std::string>{});
}

std::string text_hash(const Formula& f) { return f.files.empty() ? sha256_hex(text_of(f)) : f.files.front().sha256; }

namespace {

Formula formula_of(Dimacs file, std::vector<ReadFile> files) {
  return {
      {std::move(file.cnf), {}, {}, std::move(files)}, std::move(file.shown), std::move(file.shown_trouble), {}, file.weighted};
}

Formula read_formula(const InputBytes& input, bool strict) {
  expect_formula(InputFile(input));
  return formula_of(read_dimacs(input, strict), {read_file(input)});
}

/// Of text that is in no file.
Formula formula_in_memory(const InputBytes& input, bool strict, std::vector<ReadFile> files) {
  Dimacs file = read_dimacs(input, strict);
  file.cnf.made_by.command = kMadeInMemory;
  return formula_of(std::move(file), std::move(files));
}

Formula parsed_formula(const std::string& text, bool strict) {
  const InputBytes input = InputBytes::from(text, "text");
  return formula_in_memory(input, strict, {{"", input.sha256()}});
}

Vectors read_vectors(const std::vector<InputFile>& inputs) {
  OrthogonalVectorsFile file = read_orthogonal_vectors(inputs);
  return {std::move(file.vectors), file.expected, {}, files_of(inputs)};
}

AttentionInput read_attention_input(const InputFile& input) {
  expect_attention(input);
  return {read_attention(input), files_of({input})};
}

/// Any file, by its contents.
py::object read(const FilePath& path) {
  const InputFile input(open_file(path));
  const Problem& problem = problem_of(input);
  const auto kind = find_named<FileKind>(problem.name);
  if (!kind) return py::cast(std::make_shared<RowInstance>(RowInstance{read_instance(problem, {input})}));
  switch (*kind) {
    case FileKind::cnf:
      return py::cast(std::make_shared<Formula>(read_formula(input.bytes(), false)));
    case FileKind::orthogonal_vectors:
      return py::cast(std::make_shared<Vectors>(read_vectors({input})));
    case FileKind::gap_max_ip:
      return read_gap_max_ip_form(input);
    case FileKind::attention:
      break;
  }
  return py::cast(std::make_shared<AttentionInput>(read_attention_input(input)));
}

Formula make_formula(std::size_t variables, std::vector<Cnf::Clause> clauses) {
  Formula f;
  f.instance.variables = variables;
  f.instance.clauses = std::move(clauses);
  f.instance.made_by.command = kMadeInMemory;
  check_well_formed(f.instance);
  // What solve and trace tell of their source: the formula as DIMACS text, as if it had been read.
  return formula_in_memory(InputBytes::from(dimacs_text(f.instance), "formula"), false, {});
}

Vectors make_vectors(const std::vector<py::object>& sets) {
  Vectors v;
  for (std::size_t u = 0; u < sets.size(); ++u) v.instance.sets.push_back(bits_of(sets[u], "set " + std::to_string(u)));
  v.instance.dimension = v.instance.sets.empty() ? 0 : v.instance.sets[0].columns;
  v.instance.made_by.command = kMadeInMemory;
  check_well_formed(v.instance);
  return v;
}

double largest_entry(const Attention& a) {
  double largest = 0;
  const auto look = [&](const Matrix& m) {
    for (const double x : m.entries) largest = std::max(largest, std::abs(x));
  };
  look(a.q);
  for (const Matrix& m : a.keys) look(m);
  return largest;
}

AttentionInput make_attention(const py::object& q, const py::object& keys, const py::object& values,
                              const py::object& softmax_scale, const py::object& yes_at_least, const py::object& no_at_most,
                              std::optional<bool> expected, bool causal) {
  AttentionInput a;
  a.q = matrix_of(q, "q");
  a.keys = matrices_of(keys, "keys");
  a.values = matrices_of(values, "values");
  a.terms.softmax_scale = softmax_scale.is_none() ? 1.0 / static_cast<double>(std::max<std::size_t>(a.q.columns, 1))
                                                  : double_of(softmax_scale, "softmax_scale");
  a.terms.yes_at_least = rational_of(yes_at_least, "yes_at_least");
  a.terms.no_at_most = rational_of(no_at_most, "no_at_most");
  a.terms.expected = expected;
  a.terms.causal = causal;
  a.terms.made_by.command = kMadeInMemory;
  check_well_formed(a);
  check_thresholds(a.terms);
  a.terms.entry_bound = largest_entry(a);
  return a;
}

}  // namespace

void bind_instances(py::module_& module) {
  py::class_<Formula, std::shared_ptr<Formula>>(
      module, "Formula",
      "A formula in conjunctive normal form: is there an assignment that satisfies every clause?\n\n"
      "Clauses are sequences of DIMACS literals, v or -v with 1 <= v <= variables. An assignment is a list of literals,\n"
      "one per variable.")
      .def(py::init(&make_formula), "variables"_a, "clauses"_a)
      .def_static(
          "read", [](const FilePath& path, bool strict) { return read_formula(open_file(path), strict); }, "path"_a,
          py::kw_only(), "strict"_a = false,
          "A DIMACS file; raises BadInstance with file:line:column. strict: a wrong clause count is an error.")
      .def_static("parse", &parsed_formula, "text"_a, py::kw_only(), "strict"_a = false, "DIMACS text.")
      .def("dimacs", &text_of, "The formula as DIMACS text.")
      .def(
          "write", [](const Formula& f, const FilePath& path) { write_file(path, text_of(f)); }, "path"_a,
          "Writes a DIMACS file, whole or not at all.")
      .def_property_readonly("variables", [](const Formula& f) { return f.instance.variables; })
      .def_property_readonly(
          "clauses", [](const Formula& f) { return f.instance.clauses; }, "A list of lists of literals (a copy).")
      .def_property_readonly(
          "shown", [](const Formula& f) { return f.shown; },
          "Variables of the 'c p show' and 'c ind' lines it was read with, over which count_models(project=True) counts; None "
          "without.")
      .def_property_readonly(
          "expected", [](const Formula& f) { return f.expected; }, "The answer where it is proved or planted, else None.")
      .def_property_readonly(
          "planted", [](const Formula& f) { return f.planted ? std::optional(literals_of(*f.planted)) : std::nullopt; },
          "The planted model, else None.")
      .def(
          "accepts",
          [](const Formula& f, const Literals& a) { return accepts(f.instance, assignment_of(a, f.instance.variables)); },
          "assignment"_a, "True iff the assignment satisfies every clause.")
      .def(
          "violated",
          [](const Formula& f, const Literals& a) {
            return violated_clauses(f.instance, assignment_of(a, f.instance.variables));
          },
          "assignment"_a, "Number of clauses that the assignment leaves unsatisfied.")
      .def("__repr__", [](const Formula& f) {
        return "<gapwright.Formula: " + counted(f.instance.variables, "variable") + ", " +
               counted(f.instance.clauses.size(), "clause") + ">";
      });

  py::class_<Vectors, std::shared_ptr<Vectors>>(
      module, "OrthogonalVectors",
      "k-OV: is there one vector per set whose product is 0 in every coordinate?\n\n"
      "sets: k >= 2 arrays of zeros and ones, set u of shape (n_u, d). Bits are packed inside.")
      .def(py::init(&make_vectors), "sets"_a)
      .def_static(
          "read",
          [](const py::args& paths) {
            std::vector<InputFile> inputs;
            for (const py::handle& path : paths) inputs.emplace_back(open_file(path.cast<FilePath>()));
            if (inputs.empty()) throw std::invalid_argument("name a file: one safetensors file, or .npy arrays");
            return read_vectors(inputs);
          },
          "One safetensors file (x0, x1, ...), or .npy arrays.")
      .def(
          "write", [](const Vectors& v, const FilePath& path) { write_orthogonal_vectors(path, v.instance, v.expected); },
          "path"_a)
      .def_property_readonly(
          "sets", [](const Vectors& v) { return arrays_of(v.instance.sets); },
          "A tuple of uint8 arrays (n_u, d), unpacked (a copy).")
      .def_property_readonly("order", [](const Vectors& v) { return v.instance.sets.size(); })
      .def_property_readonly("dimension", [](const Vectors& v) { return v.instance.dimension; })
      .def_readonly("expected", &Vectors::expected, "The answer where it is proved or planted, else None.")
      .def_readonly("planted", &Vectors::planted, "The planted orthogonal tuple, else None.")
      .def(
          "accepts",
          [](const Vectors& v, const py::object& indices) {
            const auto tuple = tuple_from(indices);
            return tuple && accepts(v.instance, *tuple);
          },
          "tuple"_a, "True iff the tuple is in range and orthogonal.");

  py::class_<AttentionInput, std::shared_ptr<AttentionInput>>(
      module, "Attention",
      "Input of attention of order k = len(keys) + 1; k = 2 is ordinary attention.\n\n"
      "S[i; J] = softmax_scale * sum_l q[i, l] prod_u keys[u][j_u, l];  out[i] = sum_J e^S v_J / sum_J e^S,\n"
      "v_J = prod_u values[u][j_u] coordinatewise, J over all tuples of keys.\n\n"
      "q: (n_0, d). keys: one (n_1, d) array or a sequence of k - 1 arrays (n_u, d). values: likewise, (n_u, d_v).\n"
      "Float or integer arrays or tensors, copied once; 16- and 32-bit floats are widened exactly, an integer that no double\n"
      "equals raises ValueError. softmax_scale: 1/d by default.\n"
      "yes_at_least, no_at_most: exact thresholds on max_i out[i, 0] (Fraction, int or float) for decide.\n"
      "causal: row i sees only the tuples with all j_u <= i.")
      .def(py::init(&make_attention), "q"_a, "keys"_a, "values"_a, "softmax_scale"_a = py::none(), py::kw_only(),
           "yes_at_least"_a = py::none(), "no_at_most"_a = py::none(), "expected"_a = py::none(), "causal"_a = false)
      .def_static(
          "read", [](const FilePath& path) { return read_attention_input(InputFile(open_file(path))); }, "path"_a,
          "A safetensors file q, k1, ..., v1, ...; F64, F32, F16 or BF16.")
      .def(
          "write", [](const AttentionInput& a, const FilePath& path) { write_attention(path, a); }, "path"_a,
          "Writes safetensors, every entry as F64.")
      .def_property_readonly(
          "q", [](const py::object& self) { return view_of(self.cast<const AttentionInput&>().q, self); },
          "(n_0, d) float64, a read-only view.")
      .def_property_readonly(
          "keys", [](const py::object& self) { return views_of(self.cast<const AttentionInput&>().keys, self); },
          "k - 1 arrays (n_u, d) float64, read-only views.")
      .def_property_readonly(
          "values", [](const py::object& self) { return views_of(self.cast<const AttentionInput&>().values, self); },
          "k - 1 arrays (n_u, d_v) float64, read-only views.")
      .def_property_readonly("order", [](const AttentionInput& a) { return a.keys.size() + 1; })
      .def_property_readonly(
          "softmax_scale", [](const AttentionInput& a) { return a.terms.softmax_scale; },
          "What multiplies the k-linear sum in the exponent.")
      .def_property_readonly(
          "entry_bound", [](const AttentionInput& a) { return a.terms.entry_bound; },
          "B: no entry of q and the keys is larger in absolute value.")
      .def_property_readonly(
          "yes_at_least", [](const AttentionInput& a) { return fraction_of(a.terms.yes_at_least); }, "Fraction, or None.")
      .def_property_readonly(
          "no_at_most", [](const AttentionInput& a) { return fraction_of(a.terms.no_at_most); }, "Fraction, or None.")
      .def_property_readonly(
          "causal", [](const AttentionInput& a) { return a.terms.causal; }, "True when row i sees only keys 0, ..., i.")
      .def_property_readonly(
          "embedding", [](const AttentionInput& a) { return a.terms.embedding; }, "'direct', 'sharp', 'paper', or ''.")
      .def_property_readonly(
          "expected", [](const AttentionInput& a) { return a.terms.expected; },
          "The answer where it is proved or planted, else None.");
  module.def("read", &read, "path"_a,
             "An instance file of any kind, by its contents: Formula (DIMACS), OrthogonalVectors, GapMaxIp, RealGapMaxIp,\n"
             "FactoredGapMaxIp or Attention (safetensors, .npy), and Instance for other problems.");
}

}  // namespace gapwright::python
