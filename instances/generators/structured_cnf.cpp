// SPDX-License-Identifier: MIT
// The families are those of CNFgen (Lauria, Elffers, Nordstroem, Vinyals, "CNFgen: A generator of crafted benchmarks", SAT 2017)
// with its numbering of variables; the principles themselves are older (docs/generators.md).
#include "instances/generators/structured_cnf.hpp"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <map>
#include <stdexcept>
#include <vector>

namespace gapwright {
namespace {

constexpr std::size_t kMostPoints = 1 << 20;

void check_range(const char* field, std::size_t value, std::size_t least) {
  if (value < least || value > kMostPoints)
    throw std::invalid_argument("`" + std::string(field) + "=" + std::to_string(value) + "`: give " + std::to_string(least) +
                                " to " + std::to_string(kMostPoints));
}

mpz_class binomial(std::size_t n, std::size_t k) {
  mpz_class result;
  mpz_bin_uiui(result.get_mpz_t(), n, k);
  return result;
}

std::size_t variables_of(const CnfSize& size) {
  if (size.variables > INT32_MAX)
    throw std::invalid_argument("the formula has " + size.variables.get_str() + " variables; DIMACS takes at most 2147483647");
  return size.variables.get_ui();
}

std::int32_t number_of(std::size_t value) { return static_cast<std::int32_t>(value); }

/// Pairs i < j of 0..n-1 in lexicographic order, numbered from 1.
std::int32_t pair_number(std::size_t i, std::size_t j, std::size_t n) { return number_of(i * (2 * n - i - 1) / 2 + (j - i)); }

/// All subsets of `size` of 0..n-1, lexicographically.
void for_each_subset(std::size_t n, std::size_t size, const RunControl& control,
                     const std::function<void(const std::vector<std::size_t>&)>& visit) {
  if (size > n) return;
  std::vector<std::size_t> chosen(size);
  for (std::size_t i = 0; i < size; ++i) chosen[i] = i;
  for (;;) {
    control.check();
    visit(chosen);
    std::size_t i = size;
    while (i > 0 && chosen[i - 1] == n - size + i - 1) --i;
    if (i == 0) return;
    ++chosen[i - 1];
    for (; i < size; ++i) chosen[i] = chosen[i - 1] + 1;
  }
}

/// Progressions of `length` in 1..n, by difference and then by first number.
void for_each_progression(std::size_t n, std::size_t length, const RunControl& control,
                          const std::function<void(const std::vector<std::int32_t>&)>& visit) {
  for (std::size_t step = 1; (length - 1) * step < n; ++step) {
    for (std::size_t first = 1; first + (length - 1) * step <= n; ++first) {
      control.check();
      std::vector<std::int32_t> members;
      for (std::size_t i = 0; i < length; ++i) members.push_back(number_of(first + i * step));
      visit(members);
    }
    if (length == 1) return;  // every difference gives the same progressions
  }
}

mpz_class progressions(std::size_t n, std::size_t length) {
  if (length == 1) return n;
  mpz_class count = 0;
  const std::size_t steps = (n - 1) / (length - 1);  // sum over steps of n - (length - 1) step
  count = mpz_class(steps) * n - mpz_class(length - 1) * steps * (steps + 1) / 2;
  return count;
}

/// W(a, b) for a <= b, where known and small enough that the tests recompute them (values: Ahmed, Kullmann, Snevily, "On the van
/// der Waerden numbers w(2;3,t)", 2014, and the sources there).
std::optional<std::size_t> van_der_waerden_number(std::size_t a, std::size_t b) {
  static const std::map<std::pair<std::size_t, std::size_t>, std::size_t> known{{{3, 3}, 9},  {{3, 4}, 18}, {{3, 5}, 22},
                                                                                {{3, 6}, 32}, {{3, 7}, 46}, {{4, 4}, 35}};
  if (a > b) std::swap(a, b);
  if (a == 1) return b;  // one number of the first colour is a progression, so all have the second
  if (a == 2)
    return b % 2 == 0 ? 2 * b - 1
                      : 2 * b;  // at most one number of the first colour: two runs of b - 1, one less when a step of 2 fits
  const auto found = known.find({a, b});
  return found == known.end() ? std::nullopt : std::optional(found->second);
}

}  // namespace

std::string structured_command(const std::string& family, const std::vector<std::size_t>& numbers) {
  std::string text = "gen " + family;
  for (const std::size_t number : numbers) text += " " + std::to_string(number);
  return text;
}

mpz_class formula_bytes(const CnfSize& size) { return size.clauses * 44 + size.literals * 28; }

CnfSize pigeonhole_size(std::size_t pigeons, std::size_t holes) {
  check_range("pigeons", pigeons, 0);
  check_range("holes", holes, 0);
  const mpz_class conflicts = holes * binomial(pigeons, 2);
  return {mpz_class(pigeons) * holes, pigeons + conflicts, mpz_class(pigeons) * holes + 2 * conflicts};
}

StructuredCnf pigeonhole(std::size_t pigeons, std::size_t holes, const RunControl& control) {
  StructuredCnf result;
  result.cnf.variables = variables_of(pigeonhole_size(pigeons, holes));
  const auto sits = [&](std::size_t p, std::size_t h) { return number_of(p * holes + h + 1); };
  for (std::size_t p = 0; p < pigeons; ++p) {
    control.check();
    Cnf::Clause somewhere;
    for (std::size_t h = 0; h < holes; ++h) somewhere.push_back(sits(p, h));
    result.cnf.clauses.push_back(std::move(somewhere));
  }
  for (std::size_t h = 0; h < holes; ++h)
    for (std::size_t p = 0; p < pigeons; ++p) {
      control.check();
      for (std::size_t other = p + 1; other < pigeons; ++other) result.cnf.clauses.push_back({-sits(p, h), -sits(other, h)});
    }
  result.satisfiable = pigeons <= holes;
  result.reason = "pigeonhole principle: satisfiable iff there are no more pigeons than holes";
  return result;
}

CnfSize parity_size(std::size_t points) {
  check_range("points", points, 0);
  if (points == 0) return {0, 0, 0};
  const mpz_class conflicts = points * binomial(points - 1, 2);
  return {binomial(points, 2), points + conflicts, mpz_class(points) * (points - 1) + 2 * conflicts};
}

StructuredCnf parity(std::size_t points, const RunControl& control) {
  StructuredCnf result;
  result.cnf.variables = variables_of(parity_size(points));
  for (std::size_t i = 0; i < points; ++i) {
    Cnf::Clause partner;
    for (std::size_t j = 0; j < points; ++j)
      if (j != i) partner.push_back(pair_number(std::min(i, j), std::max(i, j), points));
    for (std::size_t a = 0; a < partner.size(); ++a) {
      control.check();
      for (std::size_t b = a + 1; b < partner.size(); ++b) result.cnf.clauses.push_back({-partner[a], -partner[b]});
    }
    result.cnf.clauses.push_back(std::move(partner));
  }
  result.satisfiable = points % 2 == 0;
  result.reason = "a set falls into pairs iff its size is even";
  return result;
}

CnfSize ramsey_size(std::size_t independent, std::size_t clique, std::size_t vertices) {
  check_range("independent", independent, 1);
  check_range("clique", clique, 1);
  check_range("vertices", vertices, 0);
  const mpz_class first = binomial(vertices, independent), second = binomial(vertices, clique);
  return {binomial(vertices, 2), first + second, first * binomial(independent, 2) + second * binomial(clique, 2)};
}

StructuredCnf ramsey(std::size_t independent, std::size_t clique, std::size_t vertices, const RunControl& control) {
  StructuredCnf result;
  result.cnf.variables = variables_of(ramsey_size(independent, clique, vertices));
  const auto forbid = [&](std::size_t size, std::int32_t sign) {
    for_each_subset(vertices, size, control, [&](const std::vector<std::size_t>& chosen) {
      Cnf::Clause clause;
      for (std::size_t a = 0; a < chosen.size(); ++a)
        for (std::size_t b = a + 1; b < chosen.size(); ++b) clause.push_back(sign * pair_number(chosen[a], chosen[b], vertices));
      result.cnf.clauses.push_back(std::move(clause));
    });
  };
  forbid(independent, 1);
  forbid(clique, -1);
  const std::size_t s = std::min(independent, clique), t = std::max(independent, clique);
  const std::size_t known = s == 1 ? 1 : s == 2 ? t : s == 3 && t == 3 ? 6 : s == 3 && t == 4 ? 9 : 0;  // R(s, t)
  if (known > 0) {
    result.satisfiable = vertices < known;
    result.reason = "R(" + std::to_string(s) + ", " + std::to_string(t) + ") = " + std::to_string(known);
  } else if (binomial(s + t - 2, s - 1) <= vertices) {
    result.satisfiable = false;
    result.reason = "R(s, t) <= binomial(s + t - 2, s - 1) (Erdos, Szekeres)";
  } else if (vertices < t) {
    result.satisfiable = true;
    result.reason = "fewer vertices than the larger of the two sets: a graph of one kind does";
  } else {
    result.reason = "no answer is stated: it depends on a Ramsey number";
  }
  return result;
}

CnfSize van_der_waerden_size(std::size_t numbers, std::size_t first, std::size_t second) {
  check_range("numbers", numbers, 0);
  check_range("first", first, 1);
  check_range("second", second, 1);
  if (numbers == 0) return {0, 0, 0};
  const mpz_class a = progressions(numbers, first), b = progressions(numbers, second);
  return {numbers, a + b, a * first + b * second};
}

StructuredCnf van_der_waerden(std::size_t numbers, std::size_t first, std::size_t second, const RunControl& control) {
  StructuredCnf result;
  result.cnf.variables = variables_of(van_der_waerden_size(numbers, first, second));
  for_each_progression(numbers, first, control,
                       [&](const std::vector<std::int32_t>& members) { result.cnf.clauses.push_back(members); });
  for_each_progression(numbers, second, control, [&](std::vector<std::int32_t> members) {
    for (std::int32_t& literal : members) literal = -literal;
    result.cnf.clauses.push_back(std::move(members));
  });
  if (const auto known = van_der_waerden_number(first, second)) {
    result.satisfiable = numbers < *known;
    result.reason = "W(" + std::to_string(first) + ", " + std::to_string(second) + ") = " + std::to_string(*known);
  } else if (numbers < std::max(first, second)) {
    result.satisfiable = true;
    result.reason = "fewer numbers than the longer progression: one colour does";
  } else {
    result.reason = "no answer is stated: it depends on a van der Waerden number";
  }
  return result;
}

CnfSize ordering_size(std::size_t elements) {
  check_range("elements", elements, 0);
  const mpz_class cycles = 2 * binomial(elements, 3);
  return {binomial(elements, 2), elements + cycles,
          (elements == 0 ? mpz_class(0) : mpz_class(elements) * (elements - 1)) + 3 * cycles};
}

StructuredCnf ordering(std::size_t elements, const RunControl& control) {
  StructuredCnf result;
  result.cnf.variables = variables_of(ordering_size(elements));
  const auto before = [&](std::size_t i, std::size_t j) {
    return i < j ? pair_number(i, j, elements) : -pair_number(j, i, elements);
  };
  for_each_subset(elements, 3, control,
                  [&](const std::vector<std::size_t>& c) {  // no cycle of three in either direction: transitive
                    result.cnf.clauses.push_back({-before(c[0], c[1]), -before(c[1], c[2]), -before(c[2], c[0])});
                    result.cnf.clauses.push_back({-before(c[0], c[2]), -before(c[2], c[1]), -before(c[1], c[0])});
                  });
  for (std::size_t i = 0; i < elements; ++i) {  // someone is before i
    control.check();
    Cnf::Clause clause;
    for (std::size_t j = 0; j < elements; ++j)
      if (j != i) clause.push_back(before(j, i));
    result.cnf.clauses.push_back(std::move(clause));
  }
  result.satisfiable = elements == 0;
  result.reason = "a finite linear order has a least element";
  return result;
}

}  // namespace gapwright
