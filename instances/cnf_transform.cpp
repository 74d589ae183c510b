// SPDX-License-Identifier: MIT
// A clause is satisfied by an assignment of the original iff its image is satisfied by the image of the assignment, since each
// variable goes to one literal of its own; so models correspond one to one.
#include "instances/cnf_transform.hpp"

#include <cstdlib>
#include <numeric>
#include <stdexcept>

#include "instances/philox.hpp"

namespace gapwright {
namespace {

template <class T>
void permute(std::vector<T>& items, Random& random) {
  for (std::size_t i = items.size(); i > 1; --i) {
    const std::size_t j = random.below(i);
    std::swap(items[i - 1], items[j]);
  }
}

std::int32_t image(const std::vector<std::int32_t>& literals, std::int32_t literal) {
  const std::int32_t to = literals[static_cast<std::size_t>(std::abs(literal)) - 1];
  return literal > 0 ? to : -to;
}

}  // namespace

TransformedCnf transform(const Cnf& cnf, const std::string& name, std::uint64_t seed, std::uint64_t step) {
  if (name != "shuffle" && name != "flip") throw std::invalid_argument("-T " + name + ": the transforms are shuffle and flip");
  Random random(seed, (std::uint64_t{1} << 63) + step);
  TransformedCnf result{cnf, std::vector<std::int32_t>(cnf.variables)};
  std::iota(result.literals.begin(), result.literals.end(), 1);
  if (name == "shuffle") {
    permute(result.literals, random);
    permute(result.cnf.clauses, random);
    for (Cnf::Clause& clause : result.cnf.clauses) permute(clause, random);
  } else {
    for (std::int32_t& literal : result.literals)
      if (random.bit()) literal = -literal;
  }
  for (Cnf::Clause& clause : result.cnf.clauses)
    for (std::int32_t& literal : clause) literal = image(result.literals, literal);
  return result;
}

TransformedCnf transform(const Cnf& cnf, const std::vector<std::string>& names, std::uint64_t seed) {
  TransformedCnf result{cnf, std::vector<std::int32_t>(cnf.variables)};
  std::iota(result.literals.begin(), result.literals.end(), 1);
  for (std::size_t step = 0; step < names.size(); ++step) {
    TransformedCnf next = transform(result.cnf, names[step], seed, step);
    for (std::int32_t& literal : result.literals) literal = image(next.literals, literal);
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
