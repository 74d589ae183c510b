// SPDX-License-Identifier: MIT
// In: two problems, numbers or an instance. Out: the routes between them, and what they begin with. path and implied of both faces call it.
#include "atlas/route_request.hpp"

#include <stdexcept>

#include "reductions/listable.hpp"

namespace gapwright {
namespace {

/// One number or a pair of them: both or none, and in a range that may be doubled.
template <class Number>
void check_number(const char* name, const std::optional<Number>& number, Number least) {
  if (number && (*number < least || *number > static_cast<Number>(kMostCounted)))
    throw std::invalid_argument("`" + std::string(name) + "=" + std::to_string(*number) + "`: give " + std::to_string(least) +
                                " to " + std::to_string(kMostCounted));
}

void check_together(bool first, bool second, const char* names) {
  if (first != second) throw std::invalid_argument(std::string(names) + " go together");
}

void check_numbers(const StartNumbers& n) {
  check_number("variables", n.variables, std::size_t{0});
  check_number("clauses", n.clauses, std::size_t{0});
  check_number("vectors", n.vectors, std::size_t{1});
  check_number("dimension", n.dimension, std::size_t{1});
  check_number("yes_at_least", n.yes_at_least, std::int64_t{1});
  check_number("no_at_most", n.no_at_most, std::int64_t{0});
  check_together(n.variables.has_value(), n.clauses.has_value(), "`variables` and `clauses`");
  check_together(n.vectors.has_value(), n.dimension.has_value(), "`vectors` and `dimension`");
  check_together(n.yes_at_least.has_value(), n.no_at_most.has_value(), "`yes_at_least` and `no_at_most`");
}

bool any_number(const StartNumbers& n) {
  return n.variables || n.clauses || n.vectors || n.dimension || n.yes_at_least || n.no_at_most;
}

/// The order of a route's start; a problem may have one only.
std::size_t order_of_start(const RouteRequest& request, const Problem& problem, const OrderCheck& check_order) {
  if (problem.order && request.order) check_order(problem.name, *problem.order);
  return order_between(problem.order, request.order, problem_named(request.to));
}

RouteStart start_of_instance(const RouteRequest& request, const RoutesBetween& between, const OrderCheck& check_order) {
  const InstanceStart& instance = *request.instance;
  check_begins(between, instance.problem, instance.name);
  RouteStart start = instance.sizes;
  if (start.set_sizes.empty())
    start.order = order_between({}, request.order, problem_row(between.to));
  else if (request.order)
    check_order(instance.name, start.order);
  return start;
}

RouteStart start_of_numbers(const RouteRequest& request, const Problem& problem, const OrderCheck& check_order) {
  if (!problem.start) throw std::invalid_argument("a route from " + problem.name + " has no sizes");
  check_numbers(request.numbers);
  StartNumbers numbers = request.numbers;
  numbers.order = order_of_start(request, problem, check_order);
  return problem.start(numbers);
}

}  // namespace

bool RouteRequest::sized() const { return instance.has_value() || any_number(numbers); }

RoutesBetween routes_between(const std::string& from, const std::string& to) {
  RoutesBetween between{problem_named(from).name, problem_named(to).name, {}};
  if (between.from == between.to) throw std::invalid_argument(between.from + " and " + between.to + " are the same problem");
  between.routes = routes(between.from, between.to);
  if (!between.routes.empty()) return between;
  std::string reached;
  for (const Problem& p : problems())
    if (p.name != between.from && !routes(between.from, p.name).empty()) reached += (reached.empty() ? "" : ", ") + p.name;
  throw std::invalid_argument("no rule leads from " + between.from + " to " + between.to + "; " +
                              (reached.empty() ? "it is where all routes end" : "it leads to " + reached));
}

void check_begins(const RoutesBetween& between, const std::string& kind, const std::string& name) {
  if (kind != between.from)
    throw std::invalid_argument(name + " holds an instance of " + kind + ", the route begins at " + between.from);
}

InstanceStart instance_start(const AnyInstance& instance, const std::string& name) {
  const Problem& kind = instance.problem();
  if (!kind.sizes) throw std::invalid_argument(name + ": an instance of " + kind.name + " has no sizes here");
  try {
    return {kind.name, kind.sizes(instance), name};
  } catch (const std::invalid_argument& e) {
    throw std::invalid_argument(name + ": " + e.what());
  }
}

RouteStart start_of(const RouteRequest& request, const RoutesBetween& between, const OrderCheck& check_order) {
  if (request.instance && any_number(request.numbers)) throw std::invalid_argument("give an instance, or numbers, not both");
  const Problem& problem = problem_row(between.from);
  RouteStart start;
  start.order = order_of_start(request, problem, check_order);
  if (request.sized()) {
    start = request.instance ? start_of_instance(request, between, check_order) : start_of_numbers(request, problem, check_order);
    check_start(between.from, start);
  }
  start.delta = request.delta;
  if (start.delta && (between.from == "attention" || !between.to.starts_with("attention")))
    throw std::invalid_argument("`delta` is of the step to attention, and this route has none");
  return start;
}

std::string route_name(const Route& route) {
  std::string text;
  for (const std::size_t r : route)
    if (const Rule& rule = rules()[r]; !rule.variant.empty()) text += (text.empty() ? "" : ", ") + rule.variant;
  return text.empty() ? rules()[route.front()].name : text;
}

}  // namespace gapwright
