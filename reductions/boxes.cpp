// SPDX-License-Identifier: MIT
// Gadget "boxes" (docs/reductions.md, section 5): the inner product of x_0 and the one-hot rows of the others at coin x picks the one coordinate
// (x, m_1, ..., m_{k-1}) of what the parties say there, and x_0 says whether party 0 accepts it: 1 per accepting coin.
//
// Pruned: at coin x only those m_u occur that some vector of set u says; the others are identically 0 in set u. Of the remaining combinations
// those are dropped that no vector of set 0 would accept.
#include <algorithm>

#include "instances/errors.hpp"
#include "reductions/gap_max_ip_forms.hpp"

namespace gapwright {
namespace {

using Says = std::vector<std::uint16_t>;  // T symbols

Says said(const FactoredGapMaxIp& g, std::size_t u, std::size_t row, std::size_t coin) {
  const SymbolRows& set = (*g.sets)[u];
  const auto first = set.symbols.begin() + static_cast<std::ptrdiff_t>(row * set.columns + coin * g.blocks);
  return {first, first + static_cast<std::ptrdiff_t>(g.blocks)};
}

/// All of F^T in lexicographic order.
std::vector<Says> everything(const FactoredGapMaxIp& g) {
  std::vector<Says> all{{}};
  for (std::size_t tau = 0; tau < g.blocks; ++tau) {
    std::vector<Says> longer;
    for (const Says& s : all)
      for (std::uint32_t a = 0; a < g.field.size; ++a) {
        longer.push_back(s);
        longer.back().push_back(static_cast<std::uint16_t>(a));
      }
    all = std::move(longer);
  }
  return all;
}

std::vector<Says> occurring(const FactoredGapMaxIp& g, std::size_t u, std::size_t coin) {
  std::vector<Says> all;
  for (std::size_t row = 0; row < (*g.sets)[u].rows; ++row) all.push_back(said(g, u, row, coin));
  std::sort(all.begin(), all.end());
  all.erase(std::unique(all.begin(), all.end()), all.end());
  return all;
}

/// Does party 0 with these symbols accept what the others say?
bool party_zero_accepts(const FactoredGapMaxIp& g, std::size_t coin, const Says& own, const std::vector<const Says*>& others) {
  std::uint16_t sum = 0;
  for (std::size_t tau = 0; tau < g.blocks; ++tau) {
    std::uint16_t product = own[tau];
    for (const Says* other : others) product = g.field.multiply(product, (*other)[tau]);
    sum = g.field.add(sum, product);
  }
  return sum == g.message[coin];
}

/// Calls visit(choice of what the others say, which of party 0's distinct symbols accept it) for every coordinate kept at a coin.
template <class Visit>
void each_coordinate(const FactoredGapMaxIp& g, std::size_t coin, bool pruned, const std::vector<Says>& own, const Visit& visit) {
  std::vector<std::vector<Says>> choices;
  for (std::size_t u = 1; u < g.sets->size(); ++u) choices.push_back(pruned ? occurring(g, u, coin) : everything(g));
  std::vector<std::size_t> at(choices.size(), 0);
  std::vector<const Says*> others(choices.size());
  for (;;) {
    for (std::size_t u = 0; u < at.size(); ++u) others[u] = &choices[u][at[u]];
    std::vector<bool> accepted(own.size());
    for (std::size_t o = 0; o < own.size(); ++o) accepted[o] = party_zero_accepts(g, coin, own[o], others);
    if (!pruned || std::find(accepted.begin(), accepted.end(), true) != accepted.end()) visit(others, accepted);
    std::size_t u = at.size();
    while (u-- > 0 && ++at[u] == choices[u].size()) at[u] = 0;
    if (std::all_of(at.begin(), at.end(), [](std::size_t a) { return a == 0; })) return;
  }
}

}  // namespace

mpz_class boxes_dimension(const FactoredGapMaxIp& g) {
  mpz_class dimension;
  mpz_ui_pow_ui(dimension.get_mpz_t(), g.field.size, (g.sets->size() - 1) * g.blocks);
  return dimension * g.coins;
}

mpz_class pruned_dimension(const FactoredGapMaxIp& g) {
  mpz_class dimension = 0;
  for (std::size_t coin = 0; coin < g.coins; ++coin)
    each_coordinate(g, coin, true, occurring(g, 0, coin), [&](const auto&, const auto&) { ++dimension; });
  return dimension;
}

GapMaxIp boxes(const FactoredGapMaxIp& g, bool pruned, const mpz_class& most_bits) {
  mpz_class rows = 0, upper_bound = 0;
  for (const SymbolRows& set : *g.sets) rows += set.rows;
  if (pruned) {
    for (std::size_t coin = 0; coin < g.coins; ++coin) {
      mpz_class combinations = 1;
      for (std::size_t u = 1; u < g.sets->size(); ++u) combinations *= occurring(g, u, coin).size();
      upper_bound += combinations;
    }
  } else {
    upper_bound = boxes_dimension(g);
  }
  if (upper_bound * rows > most_bits)
    throw LimitReached("the boxes gadget has up to " + upper_bound.get_str() + " coordinates, " +
                       mpz_class(upper_bound * rows / 8).get_str() +
                       " bytes in all; use the factored form, the characters gadget, or a smaller field");
  GapMaxIp instance;
  instance.dimension = pruned ? pruned_dimension(g).get_ui() : upper_bound.get_ui();
  instance.gap = g.gap;
  instance.made_by = g.made_by;
  for (const SymbolRows& set : *g.sets) instance.sets.emplace_back(set.rows, instance.dimension);
  std::size_t column = 0;
  for (std::size_t coin = 0; coin < g.coins; ++coin) {
    std::vector<std::vector<Says>> says(g.sets->size());  // of every row, at this coin
    for (std::size_t u = 0; u < says.size(); ++u)
      for (std::size_t row = 0; row < (*g.sets)[u].rows; ++row) says[u].push_back(said(g, u, row, coin));
    const auto own = occurring(g, 0, coin);
    each_coordinate(g, coin, pruned, own, [&](const std::vector<const Says*>& others, const std::vector<bool>& accepted) {
      for (std::size_t row = 0; row < says[0].size(); ++row) {
        const auto place = std::lower_bound(own.begin(), own.end(), says[0][row]) - own.begin();
        if (accepted[static_cast<std::size_t>(place)]) instance.sets[0].set(row, column);
      }
      for (std::size_t u = 1; u < says.size(); ++u)
        for (std::size_t row = 0; row < says[u].size(); ++row)
          if (says[u][row] == *others[u - 1]) instance.sets[u].set(row, column);
      ++column;
    });
  }
  return instance;
}

}  // namespace gapwright
