// challenge with Python callables: the same runs and the same numbers as `gapwright challenge`, under the same names.
#include <pythread.h>

#include "explore/challenge.hpp"
#include "instances/errors.hpp"
#include "python/instances.hpp"
#include "python/watched.hpp"

namespace gapwright::python {
namespace {

using namespace py::literals;

/// A fresh array: the algorithm may change it, and keep it.
py::array copy_of(const Matrix& m) { return array_of(Matrix(m)); }

py::tuple copies_of(const std::vector<Matrix>& all) {
  py::tuple copies(all.size());
  for (std::size_t u = 0; u < all.size(); ++u) copies[u] = copy_of(all[u]);
  return copies;
}

/// Calls the function under the interpreter's lock; what it raises becomes what an Algorithm may throw.
Matrix call(const py::object& function, const ChallengeInput& input, std::atomic<unsigned long>& thread) {
  const py::gil_scoped_acquire held;
  thread = PyThread_get_thread_ident();
  try {
    py::dict options;
    if (input.causal) options["causal"] = true;
    const Attention& a = input.attention;
    const py::object out = function(copy_of(a.q), copies_of(a.keys), copies_of(a.values), a.terms.softmax_scale, **options);
    thread = 0;
    return matrix_of(py::array::ensure(out), "the output");
  } catch (py::error_already_set& e) {
    thread = 0;
    if (e.matches(PyExc_KeyboardInterrupt)) throw Interrupted();
    if (e.matches(py::module_::import("gapwright").attr("LimitReached"))) throw LimitReached(std::string(py::str(e.value())));
    throw std::runtime_error(std::string(py::str(e.type().attr("__name__"))) + ": " + std::string(py::str(e.value())));
  }
}

py::object error_of(const std::optional<ErrorPair>& e) {
  if (!e) return py::none();
  return py::dict("maximum_absolute"_a = e->absolute, "normwise_relative"_a = e->normwise);
}

py::dict point_of(const LadderPoint& point, const PointScore& score) {
  return py::dict("multiple"_a = point.multiple, "entry_bound"_a = point.entry_bound,
                  "gap"_a = mpq_class(point.yes_at_least - point.no_at_most).get_d(), "below_threshold"_a = point.below_threshold,
                  "right"_a = score.right, "decisions"_a = score.decisions, "wrong"_a = score.wrong,
                  "control_right"_a = score.control_right, "control_decisions"_a = score.control_decisions,
                  "refused"_a = score.refused, "failed"_a = score.failed, "trouble"_a = score.trouble,
                  "errors"_a = error_of(score.hard), "control_errors"_a = error_of(score.control),
                  "naive_errors"_a = error_of(score.naive));
}

py::dict score_of(const ChallengeReport& report, const AlgorithmScore& score) {
  const Totals sum = totals(report, score);
  const ProportionInterval interval = proportion_interval(sum.right, sum.decisions);
  py::list points, times;
  for (std::size_t p = 0; p < score.points.size(); ++p) points.append(point_of(report.points[p], score.points[p]));
  for (const TimePoint& t : score.times) times.append(py::dict("rows"_a = t.rows, "seconds"_a = t.seconds));
  py::dict d("algorithm"_a = score.name, "order"_a = report.options.shape.order, "rows"_a = report.options.shape.rows,
             "dimension"_a = report.dimension, "seed"_a = report.options.shape.seed, "softmax_scale"_a = report.softmax_scale,
             "smallest_deciding_entry_bound"_a = report.smallest_bound, "complete"_a = report.complete);
  d["decision_accuracy"] = sum.decisions == 0 ? py::object(py::none()) : py::float_(sum.accuracy());
  d["decision_accuracy_interval"] = py::dict("lo"_a = interval.lo, "hi"_a = interval.hi, "confidence"_a = 0.95);
  d["decisions"] = py::dict("right"_a = sum.right, "wrong"_a = wrong_answers(report, score), "of"_a = sum.decisions);
  d["largest_entry_bound_survived"] = largest_bound_survived(report, score);
  d["largest_entry_bound_accurate"] = largest_bound_accurate(report, score);
  d["smallest_entry_bound_refused"] = smallest_bound_refused(report, score);
  d["control_decisions"] = py::dict("right"_a = sum.control_right, "of"_a = sum.control_decisions);
  d["errors"] = py::dict("hard"_a = error_of(sum.hard), "control"_a = error_of(sum.control), "naive"_a = error_of(sum.naive),
                         "reference_radius"_a = report.truth_radius, "control_reference_radius"_a = report.control_truth_radius);
  d["points"] = points;
  d["times"] = times;
  d["fitted_exponent"] = score.fitted_exponent;
  return d;
}

py::list challenge(const std::vector<std::pair<std::string, py::object>>& algorithms, std::size_t order, std::size_t rows,
                   std::size_t dimension, bool causal, std::size_t pad_dimension, std::uint64_t seed,
                   std::optional<std::vector<double>> ladder, std::size_t pairs, std::size_t control_pairs,
                   std::vector<std::size_t> timing, unsigned threads, std::optional<double> timeout) {
  ChallengeOptions options;
  options.shape.order = order;
  options.shape.rows = rows;
  options.shape.dimension = dimension;
  options.shape.causal = causal;
  options.shape.pad_dimension = pad_dimension;
  options.shape.seed = seed;
  if (ladder) options.ladder = *ladder;
  options.pairs = pairs;
  options.control_pairs = control_pairs;
  options.timing_rows = std::move(timing);
  std::atomic<unsigned long> thread{0};  // the one that is inside Python code
  std::vector<NamedAlgorithm> named;
  for (const auto& [name, function] : algorithms)
    named.push_back({name, algorithm_of([&thread, function = &function](const ChallengeInput& input) {
                       return call(*function, input, thread);
                     })});
  const ChallengeReport report = watched(
      {threads, timeout}, [&](const RunControl& control) { return run_challenge(options, named, control); },
      [&] {
        if (thread != 0) PyThreadState_SetAsyncExc(thread, PyExc_KeyboardInterrupt);
      });
  py::list scores;
  for (const std::size_t a : ranking(report)) scores.append(score_of(report, report.algorithms[a]));
  return scores;
}

}  // namespace

void bind_challenge(py::module_& module) {
  module.def("_challenge", &challenge, "algorithms"_a, py::kw_only(), "order"_a = 2, "rows"_a = 256, "dimension"_a = 0,
             "causal"_a = false, "pad_dimension"_a = 0, "seed"_a = 1, "ladder"_a = py::none(), "pairs"_a = 4,
             "control_pairs"_a = 1, "timing_rows"_a = std::vector<std::size_t>(), "threads"_a = 0, "timeout"_a = py::none());
}

}  // namespace gapwright::python
