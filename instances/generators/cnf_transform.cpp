// SPDX-License-Identifier: MIT
// A clause is satisfied by an assignment of the original iff its image is satisfied by the image of the assignment, since each
// variable goes to one literal of its own; so models correspond one to one.
#include "instances/generators/cnf_transform.hpp"

#include <cstdlib>
#include <stdexcept>

#include "support/philox.hpp"

namespace gapwright {
namespace {

template <class T>
void permute(std::vector<T>& items, Random& random, const RunControl& control) {
  for (std::size_t i = items.size(); i > 1; --i) {
    control.check_at(i);
    const std::size_t j = random.below(i);
    std::swap(items[i - 1], items[j]);
  }
}

std::int32_t image(const std::vector<std::int32_t>& literals, std::int32_t literal) {
  const std::int32_t to = literals[static_cast<std::size_t>(std::abs(literal)) - 1];
  return literal > 0 ? to : -to;
}

/// The formula, and every variable as its own image.
TransformedCnf unchanged(const Cnf& cnf, const RunControl& control) {
  TransformedCnf result;
  result.cnf.variables = cnf.variables;
  result.cnf.made_by = cnf.made_by;
  result.cnf.clauses.reserve(cnf.clauses.size());
  for (std::size_t c = 0; c < cnf.clauses.size(); ++c) {
    control.check_at(c);
    result.cnf.clauses.push_back(cnf.clauses[c]);
  }
  result.literals.reserve(cnf.variables);
  for (std::size_t v = 1; v <= cnf.variables; ++v) {
    control.check_at(v);
    result.literals.push_back(static_cast<std::int32_t>(v));
  }
  return result;
}

}  // namespace

TransformedCnf transform(const Cnf& cnf, const std::string& name, std::uint64_t seed, std::uint64_t step,
                         const RunControl& control) {
  if (name != "shuffle" && name != "flip")
    throw std::invalid_argument("`transform` " + name + ": the transforms are shuffle and flip");
  Random random(seed, (std::uint64_t{1} << 63) + step);
  TransformedCnf result = unchanged(cnf, control);
  if (name == "shuffle") {
    permute(result.literals, random, control);
    permute(result.cnf.clauses, random, control);
  } else {
    for (std::size_t v = 0; v < result.literals.size(); ++v) {
      control.check_at(v);
      if (random.bit()) result.literals[v] = -result.literals[v];
    }
  }
  std::size_t clauses = 0;
  for (Cnf::Clause& clause : result.cnf.clauses) {
    control.check_at(++clauses);
    if (name == "shuffle") permute(clause, random, control);
    for (std::int32_t& literal : clause) literal = image(result.literals, literal);
  }
  return result;
}

TransformedCnf transform(const Cnf& cnf, const std::vector<std::string>& names, std::uint64_t seed, const RunControl& control) {
  TransformedCnf result = unchanged(cnf, control);
  for (std::size_t step = 0; step < names.size(); ++step) {
    TransformedCnf next = transform(result.cnf, names[step], seed, step, control);
    for (std::size_t v = 0; v < result.literals.size(); ++v) {
      control.check_at(v);
      result.literals[v] = image(next.literals, result.literals[v]);
    }
    result.cnf = std::move(next.cnf);
  }
  return result;
}

mpz_class transform_bytes(const Cnf& cnf) {
  mpz_class literals = 0;
  for (const Cnf::Clause& clause : cnf.clauses) literals += clause.size();
  return mpz_class(cnf.clauses.size()) * 44 + literals * 4 + mpz_class(cnf.variables) * (2 * 4 + 2 * 12);
}

Cnf::Witness pull(const std::vector<std::int32_t>& literals, const Cnf::Witness& assignment) {
  Cnf::Witness original(literals.size());
  for (std::size_t v = 0; v < literals.size(); ++v)
    original[v] = assignment[static_cast<std::size_t>(std::abs(literals[v])) - 1] == (literals[v] > 0);
  return original;
}

Cnf::Witness push(const std::vector<std::int32_t>& literals, const Cnf::Witness& assignment) {
  Cnf::Witness result(literals.size());
  for (std::size_t v = 0; v < literals.size(); ++v)
    result[static_cast<std::size_t>(std::abs(literals[v])) - 1] = assignment[v] == (literals[v] > 0);
  return result;
}

}  // namespace gapwright
