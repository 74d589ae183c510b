// SPDX-License-Identifier: MIT
// The three forms of Gap-k-MaxIP: 0/1 vectors, real vectors, and the symbols of a field.
#include "instances/files/gap_max_ip_files.hpp"
#include "python/instances.hpp"
#include "python/word.hpp"
#include "support/errors.hpp"

namespace gapwright::python {
namespace {

using namespace py::literals;

Gap01 make_gap(const std::vector<py::object>& sets, std::int64_t yes_at_least, std::int64_t no_at_most) {
  Gap01 g;
  for (std::size_t u = 0; u < sets.size(); ++u) g.instance.sets.push_back(bits_of(sets[u], "set " + std::to_string(u)));
  g.instance.dimension = g.instance.sets.empty() ? 0 : g.instance.sets[0].columns;
  g.instance.gap = {yes_at_least, no_at_most};
  g.instance.made_by.command = kMadeInMemory;
  check_well_formed(g.instance);
  return g;
}

RealGap make_real_gap(const py::object& sets, std::int64_t yes_at_least, std::int64_t no_at_most,
                      const std::optional<std::vector<py::object>>& weights, const py::object& rounding) {
  RealGap g;
  g.instance.sets = matrices_of(sets, "sets");
  const std::size_t dimension = g.instance.sets.empty() ? 0 : g.instance.sets[0].columns;
  g.instance.weights.assign(weights ? 0 : dimension, 1.0);
  for (const py::object& weight : weights.value_or(std::vector<py::object>()))
    g.instance.weights.push_back(double_of(weight, "weights[" + std::to_string(g.instance.weights.size()) + "]"));
  g.instance.rounding = double_of(rounding, "rounding");
  g.rounding = rational_of(rounding, "rounding").value();
  g.instance.gap = {yes_at_least, no_at_most};
  g.instance.made_by.command = kMadeInMemory;
  check_well_formed(g.instance);
  return g;
}

/// What each form is called, and how to read it.
std::string class_of(const GapMaxIpFile& file) {
  return file.vectors() ? "GapMaxIp" : file.real() ? "RealGapMaxIp" : "FactoredGapMaxIp";
}

GapMaxIpFile read_form(const InputFile& input, const char* wanted) {
  GapMaxIpFile file = read_gap_max_ip(input);
  if (class_of(file) != wanted) throw BadInstance(input.name() + ": holds another form; use " + class_of(file) + ".read");
  return file;
}

Gap01 bits_in(GapMaxIpFile file, const InputFile& input) {
  return {{std::get<GapMaxIp>(std::move(file.instance)), file.expected, {}, files_of({input})}, file.form};
}
RealGap reals_in(GapMaxIpFile file, const InputFile& input) {
  return {{std::get<RealGapMaxIp>(std::move(file.instance)), file.expected, {}, files_of({input})}, file.rounding, false};
}
FactoredGap symbols_in(GapMaxIpFile file, const InputFile& input) {
  return {std::get<FactoredGapMaxIp>(std::move(file.instance)), file.expected, {}, files_of({input})};
}

/// Reads one form, and says which class has the other.
template <class Gap>
auto reader_of(Gap (*gap_in)(GapMaxIpFile, const InputFile&), const char* wanted) {
  return [=](const FilePath& path) {
    const InputFile input(open_file(path));
    return gap_in(read_form(input, wanted), input);
  };
}

py::ssize_t size_of(std::size_t n) { return static_cast<py::ssize_t>(n); }

const std::vector<SymbolRows>& sets_of(const FactoredGapMaxIp& g) { return *g.sets; }
const std::vector<Matrix>& sets_of(const RealGapMaxIp& g) { return g.sets; }

template <class Instance>
bool in_range(const Instance& g, const Tuple& t) {
  const auto& sets = sets_of(g);
  bool inside = t.size() == sets.size();
  for (std::size_t u = 0; inside && u < t.size(); ++u) inside = t[u] < sets[u].rows;
  return inside;
}

/// accepts() is total: what is no index of a vector makes no witness.
template <class Gap>
bool accepts_tuple(const Gap& g, const py::object& indices) {
  const auto tuple = tuple_from(indices);
  return tuple && accepts(g.instance, *tuple);
}

template <class Gap, class Class>
void bind_gap(Class& of) {
  of.def_property_readonly(
        "yes_at_least", [](const Gap& g) { return g.instance.gap.yes_at_least; }, "t")
      .def_property_readonly(
          "no_at_most", [](const Gap& g) { return g.instance.gap.no_at_most; }, "s_no")
      .def_property_readonly(
          "expected", [](const Gap& g) { return g.expected; }, "The answer where it is proved or planted, else None.");
}

template <class Gap, class Class>
void bind_product(Class& of, const char* doc) {
  of.def(
      "inner_product",
      [](const Gap& g, const py::object& indices) {
        const auto tuple = tuple_from(indices);
        if (!tuple || !in_range(g.instance, *tuple)) throw std::invalid_argument("a tuple has one index per set, in range");
        return inner_product(g.instance, *tuple);
      },
      "tuple"_a, doc);
}

void bind_bits(py::module_& module) {
  py::class_<Gap01, std::shared_ptr<Gap01>> gap(
      module, "GapMaxIp",
      "Gap-k-MaxIP on 0/1 vectors: is some inner product at least yes_at_least, when otherwise all are at most no_at_most?\n\n"
      "sets: k >= 2 arrays of zeros and ones, set u of shape (n_u, d). Bits are packed inside.");
  gap.def(py::init(&make_gap), "sets"_a, py::kw_only(), "yes_at_least"_a, "no_at_most"_a)
      .def_static("read", reader_of(&bits_in, "GapMaxIp"), "path"_a, "A safetensors file in explicit or pruned form.")
      .def(
          "write",
          [](const Gap01& g, const FilePath& path, const std::optional<std::string>& form) {
            const auto said = words_for<Form>({Form::full, Form::pruned});
            write_gap_max_ip(path, g.instance, form ? value_of<Form>("form", *form, said) : g.form, g.expected);
          },
          "path"_a, py::kw_only(), "form"_a = py::none(),
          "Writes safetensors; form is what the file is said to be, unless given what the instance was made or read as.")
      .def_property_readonly(
          "sets", [](const Gap01& g) { return arrays_of(g.instance.sets); },
          "A tuple of uint8 arrays (n_u, d), unpacked (a copy).")
      .def_property_readonly(
          "order", [](const Gap01& g) { return g.instance.sets.size(); }, "k")
      .def_property_readonly(
          "dimension", [](const Gap01& g) { return g.instance.dimension; }, "d")
      .def_readonly("planted", &Gap01::planted, "The planted tuple, else None.")
      .def("accepts", &accepts_tuple<Gap01>, "tuple"_a, "True iff the tuple is in range and reaches yes_at_least.");
  bind_gap<Gap01>(gap);
}

void bind_real(py::module_& module) {
  py::class_<RealGap, std::shared_ptr<RealGap>> gap(
      module, "RealGapMaxIp",
      "Gap-k-MaxIP on real vectors: inner products sum_c weights[c] prod_u sets[u][j_u, c] are integers up to `rounding`.\n\n"
      "sets: k >= 2 float arrays (n_u, d). weights: (d,), positive, 1 by default. Made by reduce(..., gadget='characters').");
  gap.def(py::init(&make_real_gap), "sets"_a, py::kw_only(), "yes_at_least"_a, "no_at_most"_a, "weights"_a = py::none(),
          "rounding"_a = 0.0)
      .def_static("read", reader_of(&reals_in, "RealGapMaxIp"), "path"_a,
                  "A safetensors file in the form characters; its weights lie in the entries.")
      .def(
          "write", [](const RealGap& g, const FilePath& path) { write_gap_max_ip(path, g.instance, g.expected); }, "path"_a,
          "Writes safetensors, weights^(1/k) multiplied into each set.")
      .def_property_readonly(
          "sets", [](const py::object& self) { return views_of(self.cast<const RealGap&>().instance.sets, self); },
          "A tuple of float64 arrays (n_u, d), read-only views.")
      .def_property_readonly(
          "weights",
          [](const RealGap& g) { return owning(std::vector<double>(g.instance.weights), {size_of(g.instance.weights.size())}); },
          "(d,) float64, a copy.")
      .def_property_readonly(
          "rounding", [](const RealGap& g) { return g.instance.rounding; },
          "No inner product is further than this from the integer it stands for.")
      .def_property_readonly(
          "order", [](const RealGap& g) { return g.instance.sets.size(); }, "k")
      .def_property_readonly(
          "dimension", [](const RealGap& g) { return g.instance.weights.size(); }, "d");
  bind_gap<RealGap>(gap);
  bind_product<RealGap>(gap, "Of one vector of each set, in float64.");
}

void bind_factored(py::module_& module) {
  py::class_<FactoredGap, std::shared_ptr<FactoredGap>> gap(
      module, "FactoredGapMaxIp",
      "Gap-k-MaxIP as the symbols of the protocol over a field of Q elements 0 .. Q - 1, with L coins and T blocks.\n\n"
      "The inner product of a tuple is the number of coins x with sum_tau prod_u sets[u][j_u, x, tau] = message[x], in the\n"
      "field. Made by reduce(..., form='factored'); reduce(factored, form='pruned') or gadget='characters' gives vectors.");
  gap.def_static("read", reader_of(&symbols_in, "FactoredGapMaxIp"), "path"_a, "A safetensors file in factored form.")
      .def(
          "write", [](const FactoredGap& g, const FilePath& path) { write_gap_max_ip(path, g.instance, g.expected); }, "path"_a,
          "Writes safetensors.")
      .def_property_readonly(
          "sets",
          [](const py::object& self) {
            const FactoredGapMaxIp& g = self.cast<const FactoredGap&>().instance;
            return tuple_of(*g.sets, [&](const SymbolRows& m) {
              return view_of(m.symbols, {size_of(m.rows), size_of(g.coins), size_of(g.blocks)}, self);
            });
          },
          "A tuple of uint16 arrays (n_u, L, T), read-only views.")
      .def_property_readonly(
          "message",
          [](const py::object& self) {
            const FactoredGapMaxIp& g = self.cast<const FactoredGap&>().instance;
            return view_of(g.message, {size_of(g.coins)}, self);
          },
          "(L,) uint16: Merlin's message, a read-only view.")
      .def_property_readonly(
          "systematic",
          [](const FactoredGap& g) {
            std::vector<std::int64_t> coins(g.instance.systematic.begin(), g.instance.systematic.end());
            const auto count = size_of(coins.size());
            return owning(std::move(coins), {count});
          },
          "Coins at which all symbols are 0 or 1 and the message is 0; int64.")
      .def_property_readonly(
          "coins", [](const FactoredGap& g) { return g.instance.coins; }, "L")
      .def_property_readonly(
          "blocks", [](const FactoredGap& g) { return g.instance.blocks; }, "T")
      .def_property_readonly(
          "order", [](const FactoredGap& g) { return g.instance.sets->size(); }, "k")
      .def_property_readonly(
          "field_size", [](const FactoredGap& g) { return g.instance.field.size; }, "Q")
      .def_property_readonly(
          "characteristic", [](const FactoredGap& g) { return g.instance.field.characteristic; }, "p")
      .def_property_readonly(
          "addition",
          [](const py::object& self) {
            const FieldTables& field = self.cast<const FactoredGap&>().instance.field;
            return view_of(field.sum, {size_of(field.size), size_of(field.size)}, self);
          },
          "(Q, Q) uint16: entry [a, b] is a + b.")
      .def_property_readonly(
          "multiplication",
          [](const py::object& self) {
            const FieldTables& field = self.cast<const FactoredGap&>().instance.field;
            return view_of(field.product, {size_of(field.size), size_of(field.size)}, self);
          },
          "(Q, Q) uint16: entry [a, b] is a b.")
      .def("accepts", &accepts_tuple<FactoredGap>, "tuple"_a, "True iff the tuple is in range and reaches yes_at_least.");
  bind_gap<FactoredGap>(gap);
  bind_product<FactoredGap>(gap, "Number of coins that accept the tuple.");
}

}  // namespace

py::object read_gap_max_ip_form(const InputFile& input) {
  GapMaxIpFile file = read_gap_max_ip(input);
  if (file.vectors()) return py::cast(std::make_shared<Gap01>(bits_in(std::move(file), input)));
  if (file.real()) return py::cast(std::make_shared<RealGap>(reals_in(std::move(file), input)));
  return py::cast(std::make_shared<FactoredGap>(symbols_in(std::move(file), input)));
}

void bind_gap_max_ip(py::module_& module) {
  bind_bits(module);
  bind_real(module);
  bind_factored(module);
}

}  // namespace gapwright::python
