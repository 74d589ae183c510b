// SPDX-License-Identifier: MIT
// trace: a small formula in, the object of `gapwright trace --json`, or its text or picture, out.
#include "explore/trace/trace.hpp"
#include "explore/trace/trace_text.hpp"

#include "python/instances.hpp"
#include "python/objects.hpp"
#include "python/watched.hpp"
#include "python/word.hpp"

namespace gapwright::python {
namespace {

using namespace py::literals;

TraceRequest trace_request(std::size_t order, std::size_t clause, const std::optional<std::string>& route, std::uint64_t seed) {
  TraceRequest request;
  request.order = order;
  request.clause = clause;
  request.seed = seed;
  if (!route) return request;
  check_word("route", *route, route_words());
  request.code.family = family_on_route(*route);
  request.direct = request.code.family == nullptr;
  return request;
}

py::object trace(const std::shared_ptr<Formula>& formula, std::size_t order, std::size_t clause,
                 const std::optional<std::string>& route, std::optional<std::size_t> field, std::optional<std::size_t> blocks,
                 std::optional<std::size_t> block_length, std::optional<std::size_t> level, std::uint64_t seed,
                 const std::optional<std::string>& format, const py::object& memory_limit, std::optional<double> timeout) {
  check_order(order);
  const TraceFormat shape = format ? value_of<TraceFormat>("format", *format) : TraceFormat::text;
  TraceRequest request = trace_request(order, clause, route, seed);
  request.code.field_size = field;
  request.code.blocks = blocks;
  request.code.block_length = block_length;
  request.code.level = level;
  request.limits = limits_of(memory_limit);
  const Trace traced = watched({0, timeout, request.limits},
                               [&](const RunControl& control) { return trace_formula(formula->instance, request, control); });
  if (format) return py::str(shown_trace(traced, shape));
  return object_of(trace_json(traced), {"number", "of", "mixed_tuples", "dimension"});
}

}  // namespace

void bind_trace(py::module_& module) {
  module.def("trace", &trace, "formula"_a, py::kw_only(), "order"_a = 3, "clause"_a = 1, "route"_a = py::none(),
             "field"_a = py::none(), "blocks"_a = py::none(), "block_length"_a = py::none(), "level"_a = py::none(), "seed"_a = 1,
             "format"_a = py::none(), "memory_limit"_a = py::none(), "timeout"_a = py::none(),
             "One clause of a formula of at most 6 variables and 32 clauses, followed down to an output row of attention.\n\n"
             "clause: counted from 1; route and field (Q), blocks (T), block_length (K), level: of the code, chosen unless "
             "given; seed: of the\n"
             "coin. The direct embedding is shown beside the code, so route='direct' is refused.\n\n"
             "Returns the object that `gapwright trace` gives as JSON: 'vectors' (per set a list of 0/1 rows), 'code', Merlin's "
             "'message', the tuples 'best' and\n"
             "'violating', the weights of their 'row', 'output' and 'direct_output'. format='text' or 'svg': the story or the "
             "picture, a str.\n"
             "LimitReached for larger formulas and orders, ValueError for a clause that is none and a code that does not fit.");
}

}  // namespace gapwright::python
