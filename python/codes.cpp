// SPDX-License-Identifier: MIT
// The codes of every family.
#include "codes/code_text.hpp"
#include "codes/curve_check.hpp"
#include "codes/families.hpp"
#include "codes/minimum_distance.hpp"
#include "codes/systematic_encoder.hpp"
#include "python/instances.hpp"
#include "python/watched.hpp"
#include "reductions/protocol_choice.hpp"

namespace gapwright::python {
namespace {

using namespace py::literals;

struct Code {
  EvaluationCode code;
  SystematicEncoder encoder;
};

void check_degree(std::int64_t degree) {
  if (degree < 0) throw std::invalid_argument("degree " + std::to_string(degree) + ": degrees are 0 to the length minus 1");
}

std::shared_ptr<Code> make_code(const CurveRequest& request, std::int64_t degree, const py::object& memory_limit,
                                std::optional<double> timeout) {
  check_degree(degree);
  const Limits limits = limits_of(memory_limit);
  const std::uint64_t bytes = limits.memory_bytes();
  return watched({0, timeout, limits}, [&](const RunControl& control) {
    const CurvePointer curve = curve_of(request, watched_progress(control), bytes);
    require_encoder(*curve, static_cast<std::size_t>(degree), bytes);
    EvaluationCode code = evaluation_code(curve, static_cast<std::size_t>(degree), watched_progress(control), bytes);
    SystematicEncoder encoder(code, watched_progress(control));
    return std::make_shared<Code>(Code{std::move(code), std::move(encoder)});
  });
}

py::array positions(const std::vector<std::size_t>& all) {
  std::vector<std::int64_t> values(all.begin(), all.end());
  const auto n = static_cast<py::ssize_t>(values.size());
  return owning(std::move(values), {n});
}

/// map(rows, progress), which holds, besides the rows themselves, this many symbols for each of them: a word; or, of a word
/// that is tested, what it is at the information set, the word that agrees with it there, and the difference.
template <class Map>
auto mapped(const py::object& rows, const char* name, std::size_t symbols, const py::object& memory_limit,
            std::optional<double> timeout, Map map) {
  const Limits limits = limits_of(memory_limit);
  const SymbolArray given(rows, name);
  check_memory(limits, name, mpz_class(given.rows()) * (mpz_class(given.columns()) + symbols) * sizeof(Symbol));
  return watched({0, timeout, limits}, [&](const RunControl& control) {
    const Progress progress = watched_progress(control);
    return map(given.read(progress), progress);
  });
}

py::array parity_check(const Code& c, const py::object& memory_limit, std::optional<double> timeout) {
  const Limits limits = limits_of(memory_limit);
  check_memory(limits, "the parity check matrix",
               mpz_class(c.code.length() - c.code.dimension()) * c.code.length() * sizeof(Symbol));
  return array_of(watched({0, timeout, limits},
                          [&](const RunControl& control) { return c.encoder.parity_check(watched_progress(control)); }));
}

/// A line for each family: "'tower' (q: square root of the field size; level)".
std::string families_doc() {
  std::string text;
  for (const CodeFamily& family : code_families())
    text += "  '" + family.name + "' (q: " + what_q_is(family) + (family.chooses_points ? "; length: number of points" : "") +
            (family.has_levels ? "; level" : "") + ")\n";
  return text;
}

}  // namespace

void bind_codes(py::module_& module) {
  py::class_<Code, std::shared_ptr<Code>>(
      module, "Code",
      ("C(degree): the values of the functions with pole order at most degree, at the points of a curve.\n\n"
       "family is one of\n" +
       families_doc() + "Field elements are 0 .. Q - 1, c_0 + c_1 w + ... as c_0 + c_1 p + ...")
          .c_str())
      .def(py::init([](const std::string& family, std::int64_t q, std::int64_t degree, std::int64_t level, std::int64_t length,
                       const py::object& memory_limit, std::optional<double> timeout) {
             return make_code({family, {q, level, length}}, degree, memory_limit, timeout);
           }),
           "family"_a, "q"_a, "degree"_a, py::kw_only(), "level"_a = 1, "length"_a = 0, "memory_limit"_a = py::none(),
           "timeout"_a = py::none())
      .def_property_readonly(
          "length", [](const Code& c) { return c.code.length(); }, "L")
      .def_property_readonly(
          "dimension", [](const Code& c) { return c.code.dimension(); }, "K, a measured rank.")
      .def_property_readonly(
          "degree", [](const Code& c) { return c.code.degree; }, "D")
      .def_property_readonly(
          "designed_distance", [](const Code& c) { return designed_distance(c.code); }, "L - D, a lower bound of the distance.")
      .def_property_readonly(
          "field_size", [](const Code& c) { return c.code.field().size(); }, "Q")
      .def_property_readonly(
          "modulus", [](const Code& c) { return c.code.field().modulus_text(); }, "Of the generator w of the field over F_p.")
      .def_property_readonly("genus", [](const Code& c) { return c.code.curve->genus(); })
      .def_property_readonly(
          "pole_orders", [](const Code& c) { return positions(c.code.curve->pole_orders(c.code.degree)); },
          "(K,) of the rows of the generator.")
      .def_property_readonly(
          "information_set", [](const Code& c) { return positions(c.code.information_set); },
          "(K,) positions that determine a word.")
      .def_property_readonly(
          "points", [](const Code& c) { return array_of(c.code.curve->points()); }, "One row per point, its coordinates.")
      .def_property_readonly(
          "generator", [](const py::object& self) { return view_of(self.cast<const Code&>().code.generator, self); },
          "(K, L) uint16, one row per function; a read-only view.")
      .def(
          "encode",
          [](const Code& c, const py::object& m, const py::object& memory_limit, std::optional<double> timeout) {
            return array_of(mapped(m, "messages", c.code.length(), memory_limit, timeout,
                                   [&](const SymbolMatrix& s, const Progress& p) { return c.encoder.encode(s, p); }));
          },
          "messages"_a, py::kw_only(), "memory_limit"_a = py::none(), "timeout"_a = py::none(),
          "(rows, K) messages to (rows, L) words that carry them at the information set.")
      .def(
          "unencode",
          [](const Code& c, const py::object& m, const py::object& memory_limit, std::optional<double> timeout) {
            return array_of(mapped(m, "words", 2 * c.code.length(), memory_limit, timeout,
                                   [&](const SymbolMatrix& s, const Progress& p) { return c.encoder.unencode(s, p); }));
          },
          "words"_a, py::kw_only(), "memory_limit"_a = py::none(), "timeout"_a = py::none(),
          "(rows, L) words to their messages; ValueError names a row that is not a word.")
      .def(
          "syndromes",
          [](const Code& c, const py::object& m, const py::object& memory_limit, std::optional<double> timeout) {
            return array_of(mapped(m, "words", 2 * c.code.length(), memory_limit, timeout,
                                   [&](const SymbolMatrix& s, const Progress& p) { return c.encoder.syndromes(s, p); }));
          },
          "words"_a, py::kw_only(), "memory_limit"_a = py::none(), "timeout"_a = py::none(),
          "(rows, L - K), zero exactly for words.")
      .def(
          "contains",
          [](const Code& c, const py::object& m, const py::object& memory_limit, std::optional<double> timeout) {
            return mapped(m, "words", 2 * c.code.length(), memory_limit, timeout,
                          [&](const SymbolMatrix& s, const Progress& p) { return c.encoder.contains(s, p); });
          },
          "words"_a, py::kw_only(), "memory_limit"_a = py::none(), "timeout"_a = py::none(), "For each row: is it a word?")
      .def(
          "minimum_distance",
          [](const Code& c, std::uint64_t most_words, std::optional<double> timeout) {
            return watched({0, timeout}, [&](const RunControl& control) {
              return minimum_distance(c.code, most_words, watched_progress(control));
            });
          },
          py::kw_only(), "most_words"_a = 100'000'000, "timeout"_a = py::none(),
          "The least weight of a word other than 0, by looking at them all up to multiples; ValueError above most_words words.")
      .def("parity_check", &parity_check, py::kw_only(), "memory_limit"_a = py::none(), "timeout"_a = py::none(), "(L - K, L)");
  module.def(
      "check_code",
      [](const std::string& family, std::int64_t q, std::int64_t level, std::int64_t length, std::optional<std::int64_t> degree,
         const py::object& memory_limit, std::optional<double> timeout) {
        if (degree) check_degree(*degree);
        const Limits limits = limits_of(memory_limit);
        const CurveCheck c = watched({0, timeout, limits}, [&](const RunControl& control) {
          const CurvePointer curve = curve_of({family, {q, level, length}}, watched_progress(control), limits.memory_bytes());
          return check_curve(*curve, degree ? static_cast<std::size_t>(*degree) : degree_to_check(*curve), 20000,
                             watched_progress(control), limits.memory_bytes());
        });
        return py::dict("passed"_a = c.passed(), "degree"_a = c.degree, "orders_found"_a = c.orders_found,
                        "orders_expected"_a = c.orders_expected, "rank_found"_a = c.rank_found,
                        "rank_expected"_a = c.rank_expected, "products"_a = c.products, "products_inside"_a = c.products_inside);
      },
      "family"_a, "q"_a, py::kw_only(), "level"_a = 1, "length"_a = 0, "degree"_a = py::none(), "memory_limit"_a = py::none(),
      "timeout"_a = py::none(),
      "The three checks of a curve's functions: pole orders, rank, product closure, with their numbers.");
}

}  // namespace gapwright::python
