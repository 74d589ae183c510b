// SPDX-License-Identifier: MIT
// Gadget "boxes" (docs/reductions.md, section 5): the inner product of x_0 and the one-hot rows of the others at coin x picks the one coordinate
// (x, m_1, ..., m_{k-1}) of what the parties say there, and x_0 says whether party 0 accepts it: 1 per accepting coin.
//
// Pruned: at coin x only those m_u occur that some vector of set u says; the others are identically 0 in set u. Of the remaining combinations
// those are dropped that no vector of set 0 would accept.
#include "reductions/boxes.hpp"

#include <algorithm>

#include "instances/zeros.hpp"
#include "support/errors.hpp"

namespace gapwright {
namespace {

/// T symbols of a row at a coin, or of F^T: looked at where they lie.
using Says = const std::uint16_t*;

Says said(const FactoredGapMaxIp& g, std::size_t u, std::size_t row, std::size_t coin) {
  const SymbolRows& set = (*g.sets)[u];
  return set.symbols.data() + row * set.columns + coin * g.blocks;
}

struct Before {
  std::size_t blocks;
  bool operator()(Says a, Says b) const { return std::lexicographical_compare(a, a + blocks, b, b + blocks); }
};

/// All of F^T in lexicographic order, one behind the other.
std::vector<std::uint16_t> everything(const FactoredGapMaxIp& g) {
  std::size_t count = 1;
  for (std::size_t tau = 0; tau < g.blocks; ++tau) count *= g.field.size;
  std::vector<std::uint16_t> all(count * g.blocks);
  for (std::size_t w = 0; w < count; ++w)
    for (std::size_t tau = g.blocks, rest = w; tau-- > 0; rest /= g.field.size)
      all[w * g.blocks + tau] = static_cast<std::uint16_t>(rest % g.field.size);
  return all;
}

/// What some vector of the set says at the coin, in lexicographic order.
std::vector<Says> occurring(const FactoredGapMaxIp& g, std::size_t u, std::size_t coin) {
  std::vector<Says> all((*g.sets)[u].rows);
  for (std::size_t row = 0; row < all.size(); ++row) all[row] = said(g, u, row, coin);
  std::sort(all.begin(), all.end(), Before{g.blocks});
  const auto same = [&](Says a, Says b) { return std::equal(a, a + g.blocks, b); };
  all.erase(std::unique(all.begin(), all.end(), same), all.end());
  return all;
}

/// Does party 0 with these symbols accept what the others say?
bool party_zero_accepts(const FactoredGapMaxIp& g, std::size_t coin, Says own, const std::vector<Says>& others) {
  std::uint16_t sum = 0;
  for (std::size_t tau = 0; tau < g.blocks; ++tau) {
    std::uint16_t product = own[tau];
    for (const Says other : others) product = g.field.multiply(product, other[tau]);
    sum = g.field.add(sum, product);
  }
  return sum == g.message[coin];
}

/// Calls visit(choice of what the others say, which of party 0's distinct symbols accept it) for every coordinate kept at a coin.
template <class Visit>
void each_coordinate(const FactoredGapMaxIp& g, std::size_t coin, bool pruned, const std::vector<Says>& own,
                     const RunControl& control, const Visit& visit) {
  const std::vector<std::uint16_t> all = pruned ? std::vector<std::uint16_t>() : everything(g);
  std::vector<Says> each;
  for (std::size_t w = 0; w < all.size(); w += g.blocks) each.push_back(all.data() + w);
  std::vector<std::vector<Says>> choices;
  for (std::size_t u = 1; u < g.sets->size(); ++u) choices.push_back(pruned ? occurring(g, u, coin) : each);
  std::vector<std::size_t> at(choices.size(), 0);
  std::vector<Says> others(choices.size());
  for (;;) {
    control.check();
    for (std::size_t u = 0; u < at.size(); ++u) others[u] = choices[u][at[u]];
    std::vector<bool> accepted(own.size());
    for (std::size_t o = 0; o < own.size(); ++o) accepted[o] = party_zero_accepts(g, coin, own[o], others);
    if (!pruned || std::find(accepted.begin(), accepted.end(), true) != accepted.end()) visit(others, accepted);
    std::size_t u = at.size();
    while (u-- > 0 && ++at[u] == choices[u].size()) at[u] = 0;
    if (std::all_of(at.begin(), at.end(), [](std::size_t a) { return a == 0; })) return;
  }
}

/// Upper bound of the number of coordinates: what the others say at a coin, combined in all ways.
mpz_class most_coordinates(const FactoredGapMaxIp& g, bool pruned, const RunControl& control) {
  if (!pruned) return boxes_dimension(g);
  mpz_class most = 0;
  for (std::size_t coin = 0; coin < g.coins; ++coin) {
    mpz_class combinations = 1;
    for (std::size_t u = 1; u < g.sets->size(); ++u) {
      control.check();
      combinations *= occurring(g, u, coin).size();
    }
    most += combinations;
  }
  return most;
}

/// Bits of the vectors, and of the places where all rows of all sets say something at one coin.
mpz_class boxes_bits(const FactoredGapMaxIp& g, const mpz_class& dimension) {
  mpz_class rows = 0;
  for (const SymbolRows& set : *g.sets) rows += set.rows;
  return rows * ((dimension + 63) / 64 * 64) + 2 * rows * 8 * sizeof(Says);
}

void check_boxes(const FactoredGapMaxIp& g, const mpz_class& dimension, const mpz_class& most_bits) {
  const mpz_class bits = boxes_bits(g, dimension);
  if (bits > most_bits)
    throw LimitReached("the boxes gadget has up to " + dimension.get_str() + " coordinates, " + mpz_class(bits / 8).get_str() +
                       " bytes in all; use the factored form, the characters gadget, or a smaller field");
}

}  // namespace

mpz_class boxes_dimension(const FactoredGapMaxIp& g) {
  mpz_class dimension;
  mpz_ui_pow_ui(dimension.get_mpz_t(), g.field.size, (g.sets->size() - 1) * g.blocks);
  return dimension * g.coins;
}

mpz_class pruned_dimension(const FactoredGapMaxIp& g, const RunControl& control) {
  mpz_class dimension = 0;
  for (std::size_t coin = 0; coin < g.coins; ++coin)
    each_coordinate(g, coin, true, occurring(g, 0, coin), control, [&](const auto&, const auto&) { ++dimension; });
  return dimension;
}

GapMaxIp boxes(const FactoredGapMaxIp& g, bool pruned, const mpz_class& most_bits, const RunControl& control) {
  check_boxes(g, 0, most_bits);
  const mpz_class upper_bound = most_coordinates(g, pruned, control);
  check_boxes(g, upper_bound, most_bits);
  GapMaxIp instance;
  instance.dimension = pruned ? pruned_dimension(g, control).get_ui() : upper_bound.get_ui();
  instance.gap = g.gap;
  instance.made_by = g.made_by;
  for (const SymbolRows& set : *g.sets) instance.sets.push_back(zero_bits(set.rows, instance.dimension, control));
  const Before before{g.blocks};
  std::size_t column = 0;
  for (std::size_t coin = 0; coin < g.coins; ++coin) {
    const std::vector<Says> own = occurring(g, 0, coin);
    std::vector<std::uint32_t> place((*g.sets)[0].rows);  // of every row of set 0 among what its set says
    for (std::size_t row = 0; row < place.size(); ++row)
      place[row] =
          static_cast<std::uint32_t>(std::lower_bound(own.begin(), own.end(), said(g, 0, row, coin), before) - own.begin());
    each_coordinate(g, coin, pruned, own, control, [&](const std::vector<Says>& others, const std::vector<bool>& accepted) {
      for (std::size_t row = 0; row < place.size(); ++row)
        if (accepted[place[row]]) instance.sets[0].set(row, column);
      for (std::size_t u = 1; u < instance.sets.size(); ++u)
        for (std::size_t row = 0; row < instance.sets[u].rows; ++row) {
          const Says own_words = said(g, u, row, coin);
          if (std::equal(own_words, own_words + g.blocks, others[u - 1])) instance.sets[u].set(row, column);
        }
      ++column;
    });
  }
  return instance;
}

}  // namespace gapwright
