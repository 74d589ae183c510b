// SPDX-License-Identifier: MIT
#include "explore/fuzz/shrink.hpp"

#include <algorithm>
#include <functional>
#include <vector>

#include "atlas/problem.hpp"
#include "support/errors.hpp"

namespace gapwright {
namespace {

using Visit = std::function<bool(const FuzzCase&)>;  ///< true: taken, stop looking

/// The formula without one variable: its literals vanish, later variables move down.
Cnf without_variable(const Cnf& cnf, std::int32_t variable) {
  Cnf smaller = cnf;
  --smaller.variables;
  for (Cnf::Clause& clause : smaller.clauses) {
    std::erase_if(clause, [&](std::int32_t literal) { return std::abs(literal) == variable; });
    for (std::int32_t& literal : clause)
      if (std::abs(literal) > variable) literal -= literal > 0 ? 1 : -1;
  }
  return smaller;
}

bool smaller_formulas(const FuzzCase& c, const Cnf& cnf, const Visit& visit) {
  const auto with = [&](Cnf changed) {
    FuzzCase candidate = c;
    candidate.source = std::move(changed);
    return visit(candidate);
  };
  for (std::size_t piece = cnf.clauses.size(); piece > 0; piece /= 2)
    for (std::size_t first = 0; first + piece <= cnf.clauses.size(); first += piece) {
      Cnf changed = cnf;
      changed.clauses.erase(changed.clauses.begin() + static_cast<std::ptrdiff_t>(first),
                            changed.clauses.begin() + static_cast<std::ptrdiff_t>(first + piece));
      if (with(changed)) return true;
    }
  for (std::size_t v = cnf.variables; v > 0; --v)
    if (with(without_variable(cnf, static_cast<std::int32_t>(v)))) return true;
  for (std::size_t i = 0; i < cnf.clauses.size(); ++i)
    for (std::size_t l = 0; l < cnf.clauses[i].size(); ++l) {
      Cnf changed = cnf;
      changed.clauses[i].erase(changed.clauses[i].begin() + static_cast<std::ptrdiff_t>(l));
      if (with(changed)) return true;
      const std::int32_t literal = cnf.clauses[i][l];
      for (const std::int32_t simpler : {std::abs(literal), literal > 1 ? literal - 1 : literal < -1 ? literal + 1 : literal}) {
        if (simpler == literal) continue;
        changed = cnf;
        changed.clauses[i][l] = simpler;
        if (with(changed)) return true;
      }
    }
  return false;
}

using VisitVectors = std::function<bool(OrthogonalVectors)>;

bool fewer_vectors(const OrthogonalVectors& ov, const VisitVectors& visit) {
  for (std::size_t u = 0; u < ov.sets.size() && ov.sets.size() > 2; ++u) {
    OrthogonalVectors changed = ov;
    changed.sets.erase(changed.sets.begin() + static_cast<std::ptrdiff_t>(u));
    if (visit(changed)) return true;
  }
  for (std::size_t u = 0; u < ov.sets.size(); ++u)
    for (std::size_t r = 0; r < ov.sets[u].rows && ov.sets[u].rows > 1; ++r) {
      OrthogonalVectors changed = ov;
      changed.sets[u] = without_row(ov.sets[u], r);
      if (visit(changed)) return true;
    }
  return false;
}

bool fewer_coordinates(const OrthogonalVectors& ov, const VisitVectors& visit) {
  for (std::size_t column = 0; column < ov.dimension && ov.dimension > 1; ++column) {
    OrthogonalVectors changed = ov;
    --changed.dimension;
    for (BitMatrix& set : changed.sets) set = without_column(set, column);
    if (visit(changed)) return true;
  }
  return false;
}

bool fewer_ones(const OrthogonalVectors& ov, const VisitVectors& visit) {
  for (std::size_t u = 0; u < ov.sets.size(); ++u)
    for (std::size_t r = 0; r < ov.sets[u].rows; ++r)
      for (std::size_t column = 0; column < ov.dimension; ++column) {
        if (!ov.sets[u].get(r, column)) continue;
        OrthogonalVectors changed = ov;
        changed.sets[u].set(r, column, false);
        if (visit(changed)) return true;
      }
  return false;
}

bool smaller_vectors(const FuzzCase& c, const OrthogonalVectors& ov, const Visit& visit) {
  const VisitVectors with = [&](OrthogonalVectors changed) {
    FuzzCase candidate = c;
    candidate.parameters.order = changed.sets.size();
    candidate.source = std::move(changed);
    return visit(candidate);
  };
  return fewer_vectors(ov, with) || fewer_coordinates(ov, with) || fewer_ones(ov, with);
}

bool smaller_instances(const FuzzCase& c, const AnyInstance& instance, const Visit& visit) {
  const Problem& problem = instance.problem();
  return std::ranges::any_of(smaller_parts(problem.parts(instance)), [&](const Parts& parts) {
    try {
      FuzzCase candidate = c;
      candidate.source = problem.from_parts(parts);
      return visit(candidate);
    } catch (const BadInstance&) {
      return false;
    }
  });
}

bool smaller_sources(const FuzzCase& c, const Visit& visit) {
  if (const auto* cnf = std::get_if<Cnf>(&c.source)) return smaller_formulas(c, *cnf, visit);
  if (const auto* instance = std::get_if<AnyInstance>(&c.source)) return smaller_instances(c, *instance, visit);
  return smaller_vectors(c, std::get<OrthogonalVectors>(c.source), visit);
}

bool smaller_parameters(const FuzzCase& c, const Visit& visit) {
  const auto with = [&](const std::function<void(FuzzParameters&)>& edit) {
    FuzzCase candidate = c;
    edit(candidate.parameters);
    return !(candidate.parameters == c.parameters) && visit(candidate);
  };
  const bool formula = std::holds_alternative<Cnf>(c.source);
  return (formula && c.parameters.order > 2 && with([](FuzzParameters& p) { --p.order; })) ||
         with([](FuzzParameters& p) { p.square = false; }) || with([](FuzzParameters& p) { p.causal = false; }) ||
         with([](FuzzParameters& p) { p.centred = false; }) || with([](FuzzParameters& p) { p.significand_bits = 53; }) ||
         with([](FuzzParameters& p) { p.embedding = Embedding::sharp; }) || with([](FuzzParameters& p) { p.choice = 0; }) ||
         with([](FuzzParameters& p) { p.choice %= 97; }) ||
         with([](FuzzParameters& p) { p.family = &plainest_family(), p.level = 1; }) ||
         (c.parameters.blocks > 1 && with([](FuzzParameters& p) { --p.blocks; })) ||
         (c.parameters.degree > 0 && with([](FuzzParameters& p) { --p.degree; })) ||
         (c.parameters.q > 2 && with([](FuzzParameters& p) { --p.q; })) ||
         (c.parameters.q > 5 && with([](FuzzParameters& p) { p.q = 5; })) ||
         (c.parameters.no_at_most > 0 && with([](FuzzParameters& p) { --p.no_at_most, --p.yes_at_least; })) ||
         (c.parameters.yes_at_least > 1 && with([](FuzzParameters& p) { --p.yes_at_least; }));
}

}  // namespace

FuzzCase shrunk(FuzzCase best, const std::function<bool(const FuzzCase&)>& still_fails, std::size_t most_tries) {
  std::size_t tries = 0;
  bool moved = true;
  while (moved && tries < most_tries) {
    FuzzCase next = best;
    const Visit visit = [&](const FuzzCase& candidate) {
      if (size_of(candidate) >= size_of(best) || ++tries > most_tries || !still_fails(candidate)) return false;
      next = candidate;
      return true;
    };
    moved = smaller_parameters(best, visit) || smaller_sources(best, visit);
    if (moved) best = std::move(next);
  }
  return best;
}

}  // namespace gapwright
