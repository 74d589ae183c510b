// SPDX-License-Identifier: MIT
#include "instances/lift.hpp"

#include <cstdlib>
#include <stdexcept>

namespace gapwright {
namespace {

void check_length(const WitnessNumbers& witness, std::size_t expected, const char* what) {
  if (witness.size() != expected)
    throw std::invalid_argument("the witness has " + std::to_string(witness.size()) + " numbers; expected are " +
                                std::to_string(expected) + " " + what);
}

void check_index(std::int64_t index, std::uint64_t first, std::uint64_t count, std::size_t set) {
  if (index < 0 || static_cast<std::uint64_t>(index) < first || static_cast<std::uint64_t>(index) - first >= count)
    throw std::invalid_argument("the witness has index " + std::to_string(index) + " at position " + std::to_string(set) +
                                "; only " + std::to_string(first) + " to " + std::to_string(first + count - 1) +
                                " stand for vectors");
}

std::uint64_t at_or_zero(const std::vector<std::uint64_t>& values, std::size_t u) { return values.empty() ? 0 : values[u]; }

WitnessNumbers undo(const LiftStep& step, const WitnessNumbers& witness) {
  WitnessNumbers result;
  if (step.kind == LiftStep::Kind::rows) {
    check_length(witness, step.rows.size(), "indices");
    for (std::size_t u = 0; u < witness.size(); ++u) {
      check_index(witness[u], at_or_zero(step.first, u), step.rows[u], u);
      result.push_back(
          static_cast<std::int64_t>((static_cast<std::uint64_t>(witness[u]) + at_or_zero(step.shift, u)) % step.sizes[u]));
    }
  } else if (step.kind == LiftStep::Kind::bits) {
    check_length(witness, step.variables.size(), "indices");
    std::size_t variables = 0;
    for (const auto& set : step.variables) variables += set.size();
    result.resize(variables);
    for (std::size_t u = 0; u < witness.size(); ++u) {
      check_index(witness[u], 0, std::uint64_t{1} << step.variables[u].size(), u);
      for (std::size_t b = 0; b < step.variables[u].size(); ++b) {
        const std::int64_t v = step.variables[u][b];
        result[static_cast<std::size_t>(v) - 1] = ((witness[u] >> b) & 1) != 0 ? v : -v;
      }
    }
  } else {
    check_length(witness, step.literals.size(), "literals");
    const std::vector<bool> assignment = assignment_of(witness);
    for (std::size_t v = 0; v < step.literals.size(); ++v) {
      const std::int32_t literal = step.literals[v];
      const bool value = assignment[static_cast<std::size_t>(std::abs(literal)) - 1] == (literal > 0);
      result.push_back(value ? static_cast<std::int64_t>(v + 1) : -static_cast<std::int64_t>(v + 1));
    }
  }
  return result;
}

}  // namespace

LiftStep identity_lift(const std::string& rule, const std::vector<std::size_t>& rows) {
  return {rule, LiftStep::Kind::rows, {rows.begin(), rows.end()}, {rows.begin(), rows.end()}, {}, {}};
}

WitnessNumbers lift(const LiftTable& table, const WitnessNumbers& witness) {
  WitnessNumbers result = witness;
  for (const LiftStep& step : table.steps) result = undo(step, result);
  return result;
}

WitnessNumbers literals_of(const std::vector<bool>& assignment) {
  WitnessNumbers literals;
  for (std::size_t v = 0; v < assignment.size(); ++v)
    literals.push_back(assignment[v] ? static_cast<std::int64_t>(v + 1) : -static_cast<std::int64_t>(v + 1));
  return literals;
}

std::vector<bool> assignment_of(const WitnessNumbers& literals) {
  std::vector<bool> assignment;
  for (std::size_t v = 0; v < literals.size(); ++v) {
    const auto number = static_cast<std::int64_t>(v + 1);
    if (literals[v] != number && literals[v] != -number)
      throw std::invalid_argument("literal " + std::to_string(v + 1) + " of the assignment is " + std::to_string(literals[v]) +
                                  "; it must be " + std::to_string(number) + " or -" + std::to_string(number));
    assignment.push_back(literals[v] > 0);
  }
  return assignment;
}

}  // namespace gapwright
