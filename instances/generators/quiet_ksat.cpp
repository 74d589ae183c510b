// SPDX-License-Identifier: MIT
// Quiet planting for width-SAT, seen through split and list.
//
// The variables fall into k groups; set u of the k-OV instance lists the assignments of group u, and its vector has a 1 in
// coordinate c iff the assignment satisfies no literal of clause c. Plain planting (clauses conditioned on being satisfied) makes
// more than half of the literals true, so the planted vectors have fewer ones than others: they show. Here they do not.
//
// A clause: its variables are uniform among the sets that touch at least two groups, in both models. Let it have j_u variables in
// group u, g groups touched. Null model: signs uniform. Planted: relative to the planted assignment, let e_u say that all j_u
// literals of group u are false. Draw e with P(e_u = 1) = 2^{-j_u} for each u and never all e_u = 1; then, independently in each
// group, all literals false if e_u = 1, else one of the 2^{j_u} - 1 other sign patterns, uniformly. e is drawn from a mixture of
// two such laws:
//   7/24:  any g - 1 of the e_u are independent: the first g - 1 are drawn so, and the last is 1 with probability
//          p_g (1 - (-1)^z prod p_u/(1 - p_u)), z the number of zeros, the product over them, p_u = 2^{-j_u} (the law of
//          random_vectors.cpp with unequal probabilities);
//   17/24: a uniform pair a, b of the touched groups has (e_a, e_b) = (1,0), (0,1), (0,0) with probability
//          p_a, p_b, 1 - p_a - p_b; others independent.
//
// Theorem. The planted assignment satisfies the formula, and for every u the set x_u (all its vectors) is distributed exactly as
// in the null model, even given the planted assignment. In particular the weight of each planted vector is distributed as that of
// any vector. Proof. Some e_u is 0, so some literal is true. x_u depends on nothing but the variables of the clauses and the
// signs of the literals of group u. Given the variables, clauses are independent, and the sign pattern in group u is uniform:
// all-false has probability 2^{-j_u}, and the others share the rest equally. In the null model it is uniform too. (The laws: in
// the first, P(e) = prod + (-1)^{g - |e| + 1} prod p_u, whose marginals of g - 1 groups are products because the last terms
// cancel, and which is >= 0 because p_u <= 1/2; in the second the pair has marginals p_a, p_b.) []
//
// What is not hidden: two sets together are correlated, and the formula has more structure than the null model's, as every
// planting must have. With the first law alone, width 3 and each literal in its own group, an odd number of literals would be
// true: a linear system over F_2. With the second alone the planted assignment's complement would satisfy the formula too. 7/24
// is within 2e-4 of the weight that maximises the entropy there (2 q^4, 1/q the golden ratio: the law of Jia, Moore, Strain,
// "Generating hard satisfiable formulas by hiding solutions deceptively", 2005).
//
// Example: k = 2, width 3, two literals in group 0: they are both false with probability 1/4, then the third is true; else it is
// true with probability 1/3. So the third is true with probability 1/4 + 3/4 1/3 = 1/2, and the pair is uniform.
#include "instances/generators/quiet_ksat.hpp"

#include <map>
#include <numeric>
#include <stdexcept>
#include <string>

#include "instances/generators/exact_coin.hpp"

namespace gapwright {
namespace {

mpq_class all_false(std::size_t literals) {
  mpq_class p(1);
  mpq_div_2exp(p.get_mpq_t(), p.get_mpq_t(), literals);
  return p;
}

/// Which of the touched groups have no true literal; never all of them.
std::vector<bool> draw_false_groups(const std::vector<std::size_t>& literals, Random& random, const RunControl& control) {
  const std::size_t g = literals.size();
  std::vector<bool> e(g);
  if (ExactCoin(mpq_class(7, 24)).toss(random)) {
    mpq_class sign = 1;
    for (std::size_t u = 0; u + 1 < g; ++u) {
      control.check();  // of many literals these are numbers of many bits
      const mpq_class p = all_false(literals[u]);
      e[u] = ExactCoin(p).toss(random);
      if (!e[u]) sign *= -p / (1 - p);
    }
    e[g - 1] = ExactCoin(all_false(literals[g - 1]) * (1 - sign)).toss(random);
    return e;
  }
  for (std::size_t u = 0; u < g; ++u) e[u] = ExactCoin(all_false(literals[u])).toss(random);
  const std::size_t a = random.below(g);
  std::size_t b = random.below(g - 1);
  if (b >= a) ++b;
  const mpq_class pa = all_false(literals[a]), pb = all_false(literals[b]);
  e[a] = ExactCoin(pa).toss(random);
  e[b] = !e[a] && ExactCoin(pb / (1 - pa)).toss(random);
  return e;
}

/// Signs of one group's literals relative to the planted assignment: true or false, not all false unless asked.
std::vector<bool> draw_pattern(std::size_t literals, bool all_are_false, Random& random) {
  std::vector<bool> pattern(literals);
  if (all_are_false) return pattern;
  for (bool some = false; !some;)
    for (std::size_t i = 0; i < literals; ++i) {
      pattern[i] = random.bit();
      some = some || pattern[i];
    }
  return pattern;
}

/// The clause's variables by touched group, in increasing order.
std::vector<std::vector<std::int32_t>> by_group(const std::vector<std::int32_t>& chosen, std::size_t variables,
                                                std::size_t order) {
  std::map<std::size_t, std::vector<std::int32_t>> groups;
  for (const std::int32_t v : chosen) groups[group_of(v, variables, order)].push_back(v);
  std::vector<std::vector<std::int32_t>> result;
  result.reserve(groups.size());
  for (auto& [u, members] : groups) result.push_back(std::move(members));
  return result;
}

}  // namespace

std::size_t group_of(std::int32_t variable, std::size_t variables, std::size_t order) {
  const std::size_t v = static_cast<std::size_t>(variable) - 1, small = variables / order, larger = variables % order;
  return v < larger * (small + 1) ? v / (small + 1) : larger + (v - larger * (small + 1)) / small;
}

std::string ksat_command(std::size_t variables, std::size_t clauses, std::size_t width, std::optional<KsatPlanting> planting,
                         bool spread, std::size_t order) {
  const bool quiet = planting == KsatPlanting::quiet;
  std::string text = "gen random-ksat --variables " + std::to_string(variables) + " --clauses " + std::to_string(clauses) +
                     " --width " + std::to_string(width);
  if (quiet || spread)
    text += std::string(quiet ? " --plant=quiet" : " --spread") + " -k " + std::to_string(order);
  else if (planting)
    text += " --plant";
  return text;
}

RandomKsat quiet_ksat(std::size_t variables, std::size_t clauses, std::size_t width, std::size_t order, bool plant,
                      std::uint64_t seed, const RunControl& control) {
  if (order < 2)
    throw std::invalid_argument("`order=" + std::to_string(order) + "`: quiet planting needs at least 2 groups of variables");
  if (clauses > 0 && width < 2)
    throw std::invalid_argument("`width=" + std::to_string(width) +
                                "`: quiet planting needs clauses that touch two groups; use `width=2` or more");
  RandomKsat result = begin_ksat(variables, clauses, width, plant, seed, control);
  for (std::size_t c = 0; c < clauses; ++c) {
    control.check();
    Random random(seed, c + 1);
    std::vector<std::vector<std::int32_t>> groups;
    do groups = by_group(random_variables(random, variables, width, control), variables, order);
    while (groups.size() < 2);
    std::vector<std::size_t> literals;
    literals.reserve(groups.size());
    for (const auto& members : groups) literals.push_back(members.size());
    const std::vector<bool> all_are_false =
        plant ? draw_false_groups(literals, random, control) : std::vector<bool>(groups.size());
    Cnf::Clause clause;
    for (std::size_t u = 0; u < groups.size(); ++u) {
      const std::vector<bool> pattern = plant ? draw_pattern(groups[u].size(), all_are_false[u], random) : std::vector<bool>();
      for (std::size_t i = 0; i < groups[u].size(); ++i) {
        const std::int32_t v = groups[u][i];
        const bool positive = plant ? (*result.planted)[static_cast<std::size_t>(v) - 1] == pattern[i] : random.bit();
        clause.push_back(positive ? v : -v);
      }
    }
    result.cnf.clauses.push_back(std::move(clause));
  }
  return result;
}

}  // namespace gapwright
