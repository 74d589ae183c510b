// SPDX-License-Identifier: MIT
// explore: sweeps and the files of their results in; records, pictures and the report out.
#include "explore/regime/shown_results.hpp"
#include "explore/regime/sweep_run.hpp"
#include "python/instances.hpp"
#include "python/objects.hpp"
#include "python/watched.hpp"
#include "python/word.hpp"
#include "reductions/protocol_choice.hpp"
#include "support/write_file.hpp"
#include "support/written_paths.hpp"

namespace gapwright::python {
namespace {

using namespace py::literals;
using Path = FilePath;
using Sizes = std::vector<std::size_t>;
using Numbers = std::vector<double>;
using Words = std::vector<std::string>;

template <class E>
std::vector<E> values_of(const std::string& argument, const Words& words, const Words& known = names<E>()) {
  for (const std::string& word : words) check_word(argument, word, known);
  return all_named<E>(words);
}

std::string path_text(const std::optional<Path>& path) { return path ? path->string() : ""; }

/// Runs the sweep, tells warnings as Python does, and gives the records.
template <class Run>
py::object records_of(const Pace& pace, const std::optional<Path>& file, bool force, const Run& run) {
  const SweepResult result = watched_work(pace, [&](const Work& work) {
    return run(SweepOutput{path_text(file), force, work.warn}, work.control(""));
  });
  return object_of(nlohmann::ordered_json(result.records));
}

py::object regime(bool gradient, const Sizes& orders, const Sizes& rows, const Sizes& dimensions, const Numbers& per_log,
                  const Numbers& per_variable, const Words& embeddings, const Words& families,
                  const std::vector<std::uint64_t>& seeds, const std::optional<Numbers>& of_deciding, const Numbers& of_log,
                  double gap, const py::object& delta, double exact_tuples, std::size_t most_features,
                  const std::optional<Path>& output, bool force, double max_tuples, const py::object& memory_limit,
                  unsigned threads, std::optional<double> timeout) {
  const Numbers deciding = gradient ? Numbers{0.125, 0.25, 0.5, 1, 1.25} : Numbers{0.125, 0.25, 0.5, 0.75, 1, 1.25, 1.5};
  RegimeSweep sweep;
  sweep.gradient = gradient;
  sweep.orders = orders;
  sweep.rows = rows;
  sweep.dimensions = dimensions;
  sweep.per_log2 = per_log;
  sweep.per_variable = per_variable;
  sweep.embeddings = values_of<Embedding>("embeddings", embeddings);
  sweep.families = values_of<PairFamily>("families", families);
  sweep.seeds = seeds;
  sweep.of_deciding = of_deciding.value_or(of_log.empty() ? deciding : Numbers());
  sweep.of_log = of_log;
  sweep.gap = gap;
  sweep.delta = rational_of(delta, "delta");
  sweep.exact_tuples = exact_tuples;
  sweep.most_features = most_features;
  const Limits limits = limits_of(memory_limit, max_tuples);
  return records_of({threads, timeout, limits}, output, force,
                    [&](const SweepOutput& to, const RunControl& control) { return explore_regime(sweep, to, limits, control); });
}

py::object routes_sweep(const Sizes& orders, const Sizes& log2_rows, const std::string& family, double per_log,
                        double per_variable, double gap, double measured_symbols, std::size_t largest_field, std::size_t longest,
                        const py::object& delta, std::uint64_t seed, const std::optional<Path>& output, bool force,
                        double max_tuples, const py::object& memory_limit, unsigned threads, std::optional<double> timeout) {
  const Limits limits = limits_of(memory_limit, max_tuples);
  RouteSweep sweep;
  sweep.orders = orders;
  sweep.log2_rows = log2_rows;
  sweep.family = value_of<PairFamily>("family", family, route_family_words());
  sweep.per_log2 = per_log;
  sweep.per_variable = per_variable;
  sweep.seed = seed;
  sweep.gap = gap;
  sweep.delta = rational_of(delta, "delta").value_or(forward_delta());
  check_delta(sweep.delta);
  sweep.measured_symbols = measured_symbols;
  sweep.limits = {largest_field, longest};
  sweep.work = limits;
  return records_of({threads, timeout, limits}, output, force,
                    [&](const SweepOutput& to, const RunControl& control) { return explore_routes(sweep, to, control); });
}

py::object orders_sweep(const Sizes& orders, const Sizes& variables, const Words& embeddings, double per_variable, double gap,
                        double measured_tuples, const py::object& delta, std::uint64_t seed, const std::optional<Path>& output,
                        bool force, double max_tuples, const py::object& memory_limit, unsigned threads,
                        std::optional<double> timeout) {
  const Limits limits = limits_of(memory_limit, max_tuples);
  OrderSweep sweep;
  sweep.orders = orders;
  sweep.variables = variables;
  sweep.embeddings = values_of<Embedding>("embeddings", embeddings);
  sweep.per_variable = per_variable;
  sweep.seed = seed;
  sweep.gap = gap;
  sweep.delta = rational_of(delta, "delta").value_or(forward_delta());
  check_delta(sweep.delta);
  sweep.measured_tuples = measured_tuples;
  sweep.work = limits;
  return records_of({threads, timeout, limits}, output, force,
                    [&](const SweepOutput& to, const RunControl& control) { return explore_orders(sweep, to, control); });
}

/// What `show` makes of a results file, with the warning that its last line is cut off.
template <class Show>
auto shown_by(const Path& results, const Pace& pace, const Show& show) {
  return watched_work(pace, [&](const Work& work) {
    const RunControl control = work.control("");
    const InputBytes input = InputBytes::open(results.string(), [&] { control.check(); });
    return show(shown_results(input, work.warn), control);
  });
}

std::vector<std::string> plot_results(const Path& results, const Path& output, const py::object& memory_limit,
                                      std::optional<double> timeout) {
  const Limits limits = limits_of(memory_limit);
  check_written_paths({results.string()}, {{"`output`", output.string(), WrittenPath::folder, {".dat", ".gp", ".svg"}}});
  return shown_by(results, {0, timeout, limits}, [&](const ShownResults& shown, const RunControl& control) {
    std::vector<std::string> written;
    for (const Picture& picture : result_pictures(shown)) {
      control.check();
      write_picture(picture, output.string());
      written.push_back(picture.name);
    }
    return written;
  });
}

std::string report_results(const Path& results, const std::optional<Path>& output, const py::object& memory_limit,
                           std::optional<double> timeout) {
  const Limits limits = limits_of(memory_limit);
  if (output) check_written_paths({results.string()}, {{"`output`", output->string()}});
  std::string page = shown_by(results, {0, timeout, limits},
                              [](const ShownResults& shown, const RunControl& control) { return result_page(shown, control); });
  if (output) write_file(output->string(), page);
  return page;
}

void bind_regime(py::module_& module, const char* name, bool gradient) {
  const RegimeSweep defaults;
  module.def(
      name,
      [gradient](const Sizes& orders, const Sizes& rows, const Sizes& dimensions, const Numbers& per_log,
                 const Numbers& per_variable, const Words& embeddings, const Words& families,
                 const std::vector<std::uint64_t>& seeds, const std::optional<Numbers>& of_deciding, const Numbers& of_log,
                 double gap, const py::object& delta, double exact_tuples, std::size_t most_features,
                 const std::optional<Path>& output, bool force, double max_tuples, const py::object& memory_limit,
                 unsigned threads, std::optional<double> timeout) {
        return regime(gradient, orders, rows, dimensions, per_log, per_variable, embeddings, families, seeds, of_deciding, of_log,
                      gap, delta, exact_tuples, most_features, output, force, max_tuples, memory_limit, threads, timeout);
      },
      py::kw_only(), "orders"_a = gradient ? Sizes{2} : Sizes{2, 3},
      "rows"_a = gradient ? Sizes{16, 32, 64} : Sizes{16, 32, 64, 128}, "dimensions"_a = Sizes(), "per_log"_a = Numbers{12},
      "per_variable"_a = Numbers{4.26}, "embeddings"_a = Words{"sharp"}, "families"_a = Words{"planted"},
      "seeds"_a = std::vector<std::uint64_t>{1}, "of_deciding"_a = py::none(), "of_log"_a = Numbers(), "gap"_a = defaults.gap,
      "delta"_a = py::none(), "exact_tuples"_a = defaults.exact_tuples, "most_features"_a = defaults.most_features,
      "output"_a = py::none(), "force"_a = false, "max_tuples"_a = 1e18, "memory_limit"_a = py::none(), "threads"_a = 0,
      "timeout"_a = py::none());
}

}  // namespace

void bind_sweeps(py::module_& module) {
  bind_regime(module, "_explore_regime", false);
  bind_regime(module, "_explore_gradient", true);
  const RouteSweep routes;
  module.def("_explore_routes", &routes_sweep, py::kw_only(), "orders"_a = Sizes{2, 3},
             "log2_rows"_a = Sizes{4, 6, 8, 10, 12, 16, 24, 32, 48, 64}, "family"_a = "planted", "per_log"_a = routes.per_log2,
             "per_variable"_a = routes.per_variable, "gap"_a = routes.gap, "measured_symbols"_a = routes.measured_symbols,
             "largest_field"_a = routes.limits.largest_field, "longest"_a = routes.limits.longest, "delta"_a = py::none(),
             "seed"_a = routes.seed, "output"_a = py::none(), "force"_a = false, "max_tuples"_a = 1e18,
             "memory_limit"_a = py::none(), "threads"_a = 0, "timeout"_a = py::none());
  const OrderSweep orders;
  module.def("_explore_orders", &orders_sweep, py::kw_only(), "orders"_a = Sizes{2, 3, 4, 5, 6},
             "variables"_a = Sizes{12, 24, 48, 96}, "embeddings"_a = Words{"sharp", "direct"},
             "per_variable"_a = orders.per_variable, "gap"_a = orders.gap, "measured_tuples"_a = orders.measured_tuples,
             "delta"_a = py::none(), "seed"_a = orders.seed, "output"_a = py::none(), "force"_a = false, "max_tuples"_a = 1e18,
             "memory_limit"_a = py::none(), "threads"_a = 0, "timeout"_a = py::none());
  module.def("_explore_plot", &plot_results, py::kw_only(), "results"_a, "output"_a, "memory_limit"_a = py::none(),
             "timeout"_a = py::none());
  module.def("_explore_report", &report_results, py::kw_only(), "results"_a, "output"_a = py::none(),
             "memory_limit"_a = py::none(), "timeout"_a = py::none());
}

}  // namespace gapwright::python
