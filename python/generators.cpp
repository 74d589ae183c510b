// SPDX-License-Identifier: MIT
// The families of `gapwright gen`, one function each; gapwright.generate chooses among them by name.
#include "instances/generators/binomial.hpp"
#include "instances/generators/quiet_ksat.hpp"
#include "instances/generators/random_attention.hpp"
#include "instances/generators/random_ksat.hpp"
#include "instances/generators/random_vectors.hpp"
#include "instances/generators/structured_cnf.hpp"
#include "python/instances.hpp"
#include "python/watched.hpp"

namespace gapwright::python {
namespace {

using namespace py::literals;

/// Nothing for "".
template <class E>
std::optional<E> planting_of(const std::string& plant) {
  if (plant.empty()) return std::nullopt;
  if (const auto value = find_named<E>(plant)) return value;
  throw std::invalid_argument("plant='" + plant + "': give '" + names<E>()[0] + "', '" + names<E>()[1] + "' or nothing");
}

Formula random_formula(std::size_t variables, std::size_t clauses, std::size_t width, const std::string& plant, bool spread,
                       std::optional<std::size_t> given_order, std::uint64_t seed, const py::object& memory_limit,
                       std::optional<double> timeout) {
  const std::optional<KsatPlanting> planting = planting_of<KsatPlanting>(plant);
  const Limits limits = limits_of(memory_limit);
  check_memory(limits, "the formula", ksat_bytes(variables, clauses, width, planting.has_value()));
  const bool quiet = planting == KsatPlanting::quiet;
  const std::size_t order = given_order.value_or(3);
  check_order(order);
  if (given_order && !quiet && !spread) throw std::invalid_argument("order goes with plant='quiet' or spread=True; leave it out");
  if (spread && planting == KsatPlanting::uniform)
    throw std::invalid_argument("spread goes with plant='quiet', or with no planting");
  RandomKsat made = watched({0, timeout, limits}, [&](const RunControl& control) {
    return quiet || spread ? quiet_ksat(variables, clauses, width, order, quiet, seed, control)
                           : random_ksat(variables, clauses, width, planting.has_value(), seed, control);
  });
  made.cnf.made_by.command = ksat_command(variables, clauses, width, planting, spread, order);
  note_seed(made.cnf.made_by, seed);
  const char* reason = made.planted ? "planted" : "";
  return {{std::move(made.cnf), made.planted ? std::optional(true) : std::nullopt, made.planted, {}}, {}, {}, reason};
}

RandomSets request_of(std::size_t vectors, std::size_t dimension, std::size_t order, const py::object& density,
                      const std::string& plant, std::uint64_t seed, const Limits& limits) {
  const Planting planting = planting_of<Planting>(plant).value_or(Planting::none);
  check_order(order);
  check_memory(limits, "the vectors", sets_bytes(order, vectors, dimension));
  return {order, vectors, dimension, rational_of(density, "density").value_or(mpq_class(1, 2)), planting, seed};
}

/// A family whose formulas are given by a few numbers.
template <class... Numbers>
auto structured(const char* family, CnfSize (*size)(Numbers...), auto make) {
  return [=](Numbers... numbers, const py::object& memory_limit, std::optional<double> timeout) {
    const Limits limits = limits_of(memory_limit);
    const CnfSize s = size(numbers...);
    check_memory(limits, "the formula", formula_bytes(s));
    StructuredCnf made = watched({0, timeout, limits}, [&](const RunControl& control) { return make(numbers..., control); });
    made.cnf.made_by.command = structured_command(family, {static_cast<std::size_t>(numbers)...});
    return Formula{{std::move(made.cnf), made.satisfiable, {}, {}}, {}, {}, made.reason};
  };
}

}  // namespace

void bind_generators(py::module_& module) {
  module.def("_random_ksat", &random_formula, py::kw_only(), "variables"_a, "clauses"_a, "width"_a = 3, "plant"_a = "",
             "spread"_a = false, "order"_a = py::none(), "seed"_a = 1, "memory_limit"_a = py::none(), "timeout"_a = py::none());
  module.def("_pigeonhole", structured("pigeonhole", pigeonhole_size, pigeonhole), py::kw_only(), "pigeons"_a, "holes"_a,
             "memory_limit"_a = py::none(), "timeout"_a = py::none());
  module.def("_parity", structured("parity", parity_size, parity), py::kw_only(), "points"_a, "memory_limit"_a = py::none(),
             "timeout"_a = py::none());
  module.def("_ordering", structured("ordering", ordering_size, ordering), py::kw_only(), "elements"_a,
             "memory_limit"_a = py::none(), "timeout"_a = py::none());
  module.def("_ramsey", structured("ramsey", ramsey_size, ramsey), py::kw_only(), "independent"_a, "clique"_a, "vertices"_a,
             "memory_limit"_a = py::none(), "timeout"_a = py::none());
  module.def("_van_der_waerden", structured("van-der-waerden", van_der_waerden_size, van_der_waerden), py::kw_only(), "numbers"_a,
             "first"_a, "second"_a, "memory_limit"_a = py::none(), "timeout"_a = py::none());
  const py::object half = py::module_::import("fractions").attr("Fraction")(1, 2);
  module.def(
      "_orthogonal_vectors",
      [](std::size_t vectors, std::size_t dimension, std::size_t order, const py::object& density, const std::string& plant,
         std::uint64_t seed, const py::object& memory_limit, std::optional<double> timeout) {
        const Limits limits = limits_of(memory_limit);
        const RandomSets request = request_of(vectors, dimension, order, density, plant, seed, limits);
        RandomOrthogonalVectors made =
            watched({0, timeout, limits}, [&](const RunControl& control) { return random_orthogonal_vectors(request, control); });
        made.vectors.made_by.command = vectors_command(request);
        return Vectors{std::move(made.vectors), made.planted ? std::optional(true) : std::nullopt, made.planted, {}};
      },
      py::kw_only(), "vectors"_a, "dimension"_a, "order"_a = 3, "density"_a = half, "plant"_a = "", "seed"_a = 1,
      "memory_limit"_a = py::none(), "timeout"_a = py::none());
  module.def(
      "_gap_max_ip",
      [](std::size_t vectors, std::size_t dimension, std::size_t order, const py::object& density, const std::string& plant,
         std::uint64_t seed, std::optional<std::int64_t> yes_at_least, std::optional<std::int64_t> no_at_most,
         const py::object& memory_limit, std::optional<double> timeout) {
        const Limits limits = limits_of(memory_limit);
        const RandomSets request = request_of(vectors, dimension, order, density, plant, seed, limits);
        if (yes_at_least.has_value() != no_at_most.has_value())
          throw std::invalid_argument("give yes_at_least and no_at_most together, or neither");
        if (!yes_at_least || request.planting == Planting::camouflaged)
          check_memory(limits, "the thresholds", 2 * tail_bytes(dimension) + sets_bytes(order, vectors, dimension));
        const auto given = yes_at_least ? std::optional(Gap{*yes_at_least, *no_at_most}) : std::nullopt;
        RandomGapMaxIp made = watched({0, timeout, limits}, [&](const RunControl& control) {
          return random_gap_max_ip(request, given ? *given : random_gap(request, control), control);
        });
        made.instance.made_by.command = gap_command(request, given);
        return Gap01{{std::move(made.instance), made.planted ? std::optional(true) : std::nullopt, made.planted, {}}};
      },
      py::kw_only(), "vectors"_a, "dimension"_a, "order"_a = 3, "density"_a = half, "plant"_a = "", "seed"_a = 1,
      "yes_at_least"_a = py::none(), "no_at_most"_a = py::none(), "memory_limit"_a = py::none(), "timeout"_a = py::none());
  module.def(
      "_attention",
      [](std::size_t rows, std::size_t dimension, const py::object& entry_bound, std::size_t order, std::uint64_t seed,
         const py::object& memory_limit, std::optional<double> timeout) {
        check_order(order);
        const Limits limits = limits_of(memory_limit);
        check_memory(limits, "the attention input", random_attention_bytes(rows, dimension, order));
        const double bound = double_of(entry_bound, "entry_bound");
        return watched({0, timeout, limits}, [&](const RunControl& control) {
          AttentionInput made{random_attention(rows, dimension, bound, order, seed, control), {}};
          made.terms.made_by.command = attention_command(rows, dimension, bound, order, seed);
          return made;
        });
      },
      py::kw_only(), "rows"_a, "dimension"_a, "entry_bound"_a = 1.0, "order"_a = 3, "seed"_a = 1, "memory_limit"_a = py::none(),
      "timeout"_a = py::none());
}

}  // namespace gapwright::python
