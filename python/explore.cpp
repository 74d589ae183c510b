// SPDX-License-Identifier: MIT
// challenge with Python callables, and plan: the same runs and the same numbers as the program's, as JSON text under the same
// keys.
#include "explore/challenge/challenge_json.hpp"

#include <pythread.h>

#include "explore/audit/audit_json.hpp"
#include "explore/challenge/challenge.hpp"
#include "explore/plan/plan.hpp"
#include "instances/files/narrow.hpp"
#include "python/instances.hpp"
#include "python/watched.hpp"
#include "python/word.hpp"
#include "support/errors.hpp"

namespace gapwright::python {
namespace {

using namespace py::literals;

std::string text_of(const nlohmann::ordered_json& json) {
  return json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

/// How arrays are handed to a callable.
struct Layout {
  Dtype dtype = Dtype::f64;  ///< bf16 as float32, which holds it exactly
  bool four_axes = false;    ///< (1, 1, rows, columns)
};

/// A fresh array: the algorithm may change it, and keep it.
py::object handed(const Matrix& m, const Layout& layout) {
  py::object array = array_of(Matrix(m));
  if (layout.dtype != Dtype::f64) array = array.attr("astype")(layout.dtype == Dtype::f16 ? "float16" : "float32");
  return layout.four_axes ? py::object(array.attr("reshape")(1, 1, m.rows, m.columns)) : array;
}

py::tuple handed(const std::vector<Matrix>& all, const Layout& layout) {
  return tuple_of(all, [&](const Matrix& m) { return handed(m, layout); });
}

/// Kernels return the outputs alone, or first in a tuple with what else they computed (weights, sums of the softmax).
py::object first_output(const py::object& returned) {
  if (!py::isinstance<py::tuple>(returned) || py::len(returned) == 0) return returned;
  const py::object first = returned.cast<py::tuple>()[0];
  return py::hasattr(first, "ndim") && first.attr("ndim").cast<int>() >= 2 ? first : returned;
}

/// The type that outputs were given in, with which naive softmax is then computed.
Dtype dtype_of(const py::object& out, const py::array& array) {
  if (py::hasattr(out, "dtype") && std::string(py::str(out.attr("dtype"))).find("bfloat16") != std::string::npos)
    return Dtype::bf16;
  if (array.dtype().kind() != 'f') return Dtype::f64;
  return array.itemsize() == 2 ? Dtype::f16 : array.itemsize() == 4 ? Dtype::f32 : Dtype::f64;
}

/// The output as (rows, columns), and the type that it was given in.
Matrix taken(const py::object& returned, Dtype& dtype) {
  const py::object out = first_output(returned);
  if (out.is_none()) throw std::invalid_argument("the function returned None; it returns the outputs, (rows, columns)");
  py::array array = array_from(out);
  dtype = dtype_of(out, array);
  if (array.ndim() == 4 && array.shape(0) == 1 && array.shape(1) == 1)
    array = array.attr("reshape")(array.shape(2), array.shape(3));
  return matrix_of(array, "the output");
}

/// What an exception says, even one that cannot say it.
std::string words_of(const py::error_already_set& e) {
  try {
    return py::str(e.value());
  } catch (const py::error_already_set&) {
    return "its text cannot be read";
  }
}

/// Calls the function under the interpreter's lock; what it raises becomes what an Algorithm may throw.
Matrix call(const py::object& function, const ChallengeInput& input, bool four_axes, std::atomic<unsigned long>& thread,
            Dtype& dtype) {
  if (interpreter_ends()) throw Interrupted();
  const py::gil_scoped_acquire held;
  thread = PyThread_get_thread_ident();
  try {
    py::dict options;
    if (input.causal) options["causal"] = true;
    const Attention& a = input.attention;
    const Layout layout{input.entry_dtype, four_axes};
    const py::object out =
        function(handed(a.q, layout), handed(a.keys, layout), handed(a.values, layout), a.terms.softmax_scale, **options);
    thread = 0;
    return taken(out, dtype);
  } catch (py::error_already_set& e) {
    thread = 0;
    if (e.matches(PyExc_KeyboardInterrupt)) throw Interrupted();
    if (e.matches(py::module_::import("gapwright").attr("LimitReached"))) throw LimitReached(words_of(e));
    throw std::runtime_error(std::string(py::str(e.type().attr("__name__"))) + ": " + words_of(e));
  }
}

SoftmaxScale scale_of(const py::object& scale) {
  if (py::isinstance<py::str>(scale)) {
    const std::string text = scale.cast<std::string>();
    if (text == "1/d") return {SoftmaxScale::one_over_d, 0};
    if (text == "1/sqrt(d)") return {SoftmaxScale::one_over_root_d, 0};
    throw std::invalid_argument("softmax_scale='" + text + "': give '1/d', '1/sqrt(d)' or a number");
  }
  const double value = double_of(scale, "softmax_scale");
  if (!(value > 0)) throw std::invalid_argument("softmax_scale is a number above 0");
  return {SoftmaxScale::given, value};
}

std::string challenge(const std::vector<std::pair<std::string, py::object>>& algorithms, std::size_t order,
                      std::optional<std::size_t> rows, std::size_t dimension, bool causal, std::size_t pad_dimension,
                      const py::object& softmax_scale, const std::string& entry_dtype, bool four_axes, std::uint64_t seed,
                      std::optional<std::vector<double>> ladder, std::size_t pairs, bool independent, std::size_t control_pairs,
                      double accurate_error, std::vector<std::size_t> timing_rows, double max_tuples,
                      const py::object& memory_limit, unsigned threads, std::optional<double> timeout) {
  ChallengeOptions options;
  options.shape.order = order;
  options.shape.rows = rows.value_or(default_rows(order));
  options.shape.dimension = dimension;
  options.shape.causal = causal;
  options.shape.pad_dimension = pad_dimension;
  options.shape.scale = scale_of(softmax_scale);
  options.shape.entry_dtype = value_of<Dtype>("entry_dtype", entry_dtype);
  options.shape.seed = seed;
  if (ladder) options.ladder = *ladder;
  options.pairs = pairs;
  options.independent = independent;
  options.control_pairs = control_pairs;
  options.accurate_error = accurate_error;
  options.timing_rows = std::move(timing_rows);
  mpz_class tuples;
  mpz_ui_pow_ui(tuples.get_mpz_t(), options.shape.rows, std::min<std::size_t>(order, 64));  // larger orders are refused below
  const Limits limits = limits_of(memory_limit, max_tuples);
  std::size_t most_rows = options.shape.rows;
  for (const std::size_t n : options.timing_rows) most_rows = std::max(most_rows, n);
  check_tuples(limits, "an instance", tuples, 64);
  check_memory(limits, "an instance", mpz_class(most_rows) * order * 8 * (mpz_class(pad_dimension) + dimension + 1000));
  std::atomic<unsigned long> thread{0};  // the one that is inside Python code
  std::vector<NamedAlgorithm> named;
  for (const auto& [name, function] : algorithms) {
    const auto dtype = std::make_shared<Dtype>(Dtype::f64);
    const Algorithm run = algorithm_of([&thread, called = &function, four_axes, dtype](const ChallengeInput& input) {
      return call(*called, input, four_axes, thread, *dtype);
    });
    named.push_back({name, [run, dtype](const ChallengeInput& input) {
                       AlgorithmAnswer answer = run(input);
                       answer.dtype = *dtype;
                       return answer;
                     }});
  }
  const ChallengeReport report = watched(
      {threads, timeout, limits}, [&](const RunControl& control) { return run_challenge(options, named, control); },
      [&] {
        if (thread != 0) PyThreadState_SetAsyncExc(thread, PyExc_KeyboardInterrupt);
      });
  return text_of(challenge_json(report));
}

/// The kernel as an Algorithm, called under the interpreter's lock by `thread`.
Algorithm kernel_of(const py::object& function, std::atomic<unsigned long>& thread) {
  return algorithm_of([&thread, called = &function](const ChallengeInput& input) {
    Dtype dtype = Dtype::f64;
    return call(*called, input, false, thread, dtype);
  });
}

AuditRequest audit_request(std::size_t order, std::size_t rows, std::size_t dimension, std::size_t columns,
                           const std::string& dtype, bool own_scale, bool causal, bool narrow_scores, double factor, bool quick,
                           bool fail_fast, std::vector<std::string> only, std::vector<std::string> skip, std::uint64_t seed) {
  AuditRequest request;
  request.shape = {order, rows, dimension, columns, value_of<Dtype>("dtype", dtype), own_scale, seed};
  request.causal = causal;
  request.accuracy = {factor, narrow_scores};
  request.quick = quick;
  request.fail_fast = fail_fast;
  request.only = std::move(only);
  request.skip = std::move(skip);
  return request;
}

/// The result as JSON text, and the inputs of failed checks by the check's number.
py::tuple audit_function(const std::string& name, const py::object& function, const AuditRequest& request,
                         const py::object& memory_limit, unsigned threads, std::optional<double> timeout) {
  AuditRequest limited = request;
  const Limits limits = limited.limits = limits_of(memory_limit, 1e18);
  std::atomic<unsigned long> thread{0};
  const Algorithm kernel = kernel_of(function, thread);
  AuditResult result = watched(
      {threads, timeout, limits}, [&](const RunControl& control) { return audit(limited, kernel, control); },
      [&] {
        if (thread != 0) PyThreadState_SetAsyncExc(thread, PyExc_KeyboardInterrupt);
      });
  if (result.stopped_by == RunControl::interrupted) throw Interrupted();
  py::dict failing;
  for (std::size_t i = 0; i < result.checks.size(); ++i)
    if (std::optional<AuditInput>& input = result.checks[i].failing) {
      input->attention.terms.causal = input->causal;
      auto handed_out = std::make_shared<AttentionInput>();
      static_cast<Attention&>(*handed_out) = std::move(input->attention);
      failing[py::int_(i)] = handed_out;
    }
  return py::make_tuple(text_of(audit_json(result, name)), audit_text(result, name), failing);
}

std::string plan(std::size_t variables, std::size_t clauses, std::size_t order, bool all, std::size_t up_to,
                 std::size_t largest_field, std::size_t longest, const py::object& delta, const py::object& memory_limit,
                 std::optional<double> timeout) {
  check_order(order);
  if (largest_field < 2 || largest_field > 1024) throw std::invalid_argument("largest_field is 2 to 1024");
  const PlanRequest request{
      order, variables, clauses, up_to, all, {largest_field, longest}, rational_of(delta, "delta").value_or(forward_delta())};
  const Limits limits = limits_of(memory_limit);
  check_memory(limits, "the list of codes", curve_numbers_bytes(largest_field, std::min(longest, kLongestPlannedCode)));
  return watched({0, timeout, limits},
                 [&](const RunControl& control) { return text_of(plan_json(make_plan(request, control), control)); });
}

}  // namespace

void bind_explore(py::module_& module) {
  module.def("_challenge", &challenge, "algorithms"_a, py::kw_only(), "order"_a = 2, "rows"_a = py::none(), "dimension"_a = 0,
             "causal"_a = false, "pad_dimension"_a = 0, "softmax_scale"_a = "1/d", "entry_dtype"_a = "f64", "four_axes"_a = false,
             "seed"_a = 1, "ladder"_a = py::none(), "pairs"_a = ChallengeOptions{}.pairs, "independent"_a = false,
             "control_pairs"_a = ChallengeOptions{}.control_pairs, "accurate_error"_a = ChallengeOptions{}.accurate_error,
             "timing_rows"_a = std::vector<std::size_t>(), "max_tuples"_a = 1e18, "memory_limit"_a = py::none(), "threads"_a = 0,
             "timeout"_a = py::none());
  module.def(
      "_audit",
      [](const std::string& name, const py::object& function, std::size_t order, std::size_t rows, std::size_t dimension,
         std::size_t columns, const std::string& dtype, bool own_scale, bool causal, bool narrow_scores, double factor,
         bool quick, bool fail_fast, std::vector<std::string> only, std::vector<std::string> skip, std::uint64_t seed,
         const py::object& memory_limit, unsigned threads, std::optional<double> timeout) {
        return audit_function(name, function,
                              audit_request(order, rows, dimension, columns, dtype, own_scale, causal, narrow_scores, factor,
                                            quick, fail_fast, std::move(only), std::move(skip), seed),
                              memory_limit, threads, timeout);
      },
      "name"_a, "function"_a, py::kw_only(), "order"_a, "rows"_a, "dimension"_a, "columns"_a, "dtype"_a, "own_scale"_a,
      "causal"_a, "narrow_scores"_a, "factor"_a, "quick"_a, "fail_fast"_a, "only"_a, "skip"_a, "seed"_a, "memory_limit"_a,
      "threads"_a, "timeout"_a);
  module.def(
      "_audit_checks",
      [](std::size_t order, std::size_t rows, std::size_t dimension, std::size_t columns, const std::string& dtype,
         bool own_scale, bool causal, bool quick, std::vector<std::string> only, std::vector<std::string> skip) {
        std::vector<std::string> all;
        for (const Check& check : checks_of(audit_request(order, rows, dimension, columns, dtype, own_scale, causal, false, 4,
                                                          quick, false, std::move(only), std::move(skip), 1)))
          all.push_back(check.name);
        return all;
      },
      py::kw_only(), "order"_a, "rows"_a, "dimension"_a, "columns"_a, "dtype"_a, "own_scale"_a, "causal"_a, "quick"_a, "only"_a,
      "skip"_a);
  module.def("_plan", &plan, py::kw_only(), "variables"_a, "clauses"_a, "order"_a = 3, "all"_a = false, "up_to"_a = 0,
             "largest_field"_a = PlanLimits{}.largest_field, "longest"_a = PlanLimits{}.longest, "delta"_a = py::none(),
             "memory_limit"_a = py::none(), "timeout"_a = py::none());
}

}  // namespace gapwright::python
