// SPDX-License-Identifier: MIT
// Every tuple is looked at, or left out together with others for a reason that takes one line:
// - a tuple's inner product is at least the number of coordinates in which the chosen vectors, all of a block of the next set,
//   and all of the later sets are 1: when that reaches the cut, the block has nothing to count;
// - when no coordinate of the chosen vectors varies within a block, all its members give the same inner products.
// Blocks are halves of halves of a set, in its own order.
#include "checker/recount.hpp"

#include <bit>

#include "checker/errors.hpp"

namespace checker {
namespace {

constexpr std::size_t kLeaf = 16;

std::size_t common(const std::uint64_t* a, const std::uint64_t* b, std::size_t words) {
  std::size_t ones = 0;
  for (std::size_t w = 0; w < words; ++w) ones += static_cast<std::size_t>(std::popcount(a[w] & b[w]));
  return ones;
}

std::size_t common(const std::uint64_t* a, const std::uint64_t* b, const std::uint64_t* c, std::size_t words) {
  std::size_t ones = 0;
  for (std::size_t w = 0; w < words; ++w) ones += static_cast<std::size_t>(std::popcount(a[w] & b[w] & c[w]));
  return ones;
}

}  // namespace

struct Recount::Work {
  std::vector<std::vector<std::uint64_t>>
      chosen;  ///< [u]: coordinates in which the row and the keys chosen in the sets before u are 1
  std::size_t cut = 0;
  std::vector<std::uint64_t> counts[2];  ///< [1]: all values 1
  std::vector<std::uint64_t> tuple;
  bool at_least = false;
  std::size_t bound = 0;
  std::uint64_t steps = 0;
};

Recount::Recount(const Bits& rows, const std::vector<KeySet>& sets, const Clock& clock)
    : rows_(rows), sets_(sets), clock_(clock) {
  for (const KeySet& set : sets) {
    Tree trees[2];
    for (std::size_t j = 0; j < set.keys->rows; ++j) trees[set.ones[j] ? 1 : 0].members.push_back(j);
    if (__builtin_mul_overflow(main_, std::uint64_t{trees[1].members.size()}, &main_) ||
        __builtin_mul_overflow(all_, std::uint64_t{set.keys->rows}, &all_) || all_ >> 63 != 0)
      throw Limit("a row sees 2^63 tuples or more");
    for (std::size_t value : {0, 1}) {
      if (!trees[value].members.empty()) plant(trees[value], *set.keys, 0, trees[value].members.size());
      trees_[value].push_back(std::move(trees[value]));
    }
  }
  const std::vector<std::uint64_t> everywhere(rows.words, ~std::uint64_t{0});
  later_all_.assign(sets.size() + 1, everywhere);
  later_ones_[0] = later_ones_[1] = later_all_;
  for (std::size_t u = sets.size(); u-- > 0;) {
    for (auto* later : {&later_all_, &later_ones_[0], &later_ones_[1]}) (*later)[u] = (*later)[u + 1];
    for (std::size_t value : {0, 1}) {
      if (trees_[value][u].nodes.empty()) continue;
      const Node& root = trees_[value][u].nodes.front();
      for (std::size_t w = 0; w < rows.words; ++w) {
        later_all_[u][w] &= root.all[w];
        if (value == 1) later_ones_[0][u][w] &= root.all[w];
        if (value == 1) later_ones_[1][u][w] &= root.some[w];
      }
    }
  }
}

std::size_t Recount::plant(Tree& tree, const Bits& keys, std::size_t begin, std::size_t end) const {
  const std::size_t place = tree.nodes.size();
  tree.nodes.push_back(
      {begin, end, 0, 0, std::vector<std::uint64_t>(rows_.words, ~std::uint64_t{0}), std::vector<std::uint64_t>(rows_.words)});
  if (end - begin > kLeaf) {
    const std::size_t middle = begin + (end - begin) / 2;
    const std::size_t left = plant(tree, keys, begin, middle), right = plant(tree, keys, middle, end);
    tree.nodes[place].left = left;
    tree.nodes[place].right = right;
  }
  Node& node = tree.nodes[place];
  const auto take = [&](const std::uint64_t* all, const std::uint64_t* some) {
    for (std::size_t w = 0; w < rows_.words; ++w) {
      node.all[w] &= all[w];
      node.some[w] |= some[w];
    }
  };
  if (node.left != 0)
    for (const std::size_t half : {node.left, node.right}) take(tree.nodes[half].all.data(), tree.nodes[half].some.data());
  else
    for (std::size_t m = begin; m < end; ++m) take(keys.row(tree.members[m]), keys.row(tree.members[m]));
  return place;
}

Counts Recount::count(std::size_t row, std::size_t cut) const {
  Work work;
  work.chosen.assign(sets_.size() + 1, std::vector<std::uint64_t>(rows_.row(row), rows_.row(row) + rows_.words));
  work.cut = cut;
  for (auto& counts : work.counts) counts.assign(cut, 0);
  count_set(work, 0, true, 1);
  const auto trimmed = [](const std::vector<std::uint64_t>& counts) {
    std::vector<mpz_class> result(counts.begin(), counts.end());
    while (!result.empty() && result.back() == 0) result.pop_back();
    return result;
  };
  return {trimmed(work.counts[1]), trimmed(work.counts[0])};
}

void Recount::count_set(Work& work, std::size_t u, bool main, std::uint64_t weight) const {
  if (u == sets_.size()) {
    const std::size_t product = common(work.chosen[u].data(), work.chosen[u].data(), rows_.words);
    if (product < work.cut) work.counts[main][product] += weight;
    return;
  }
  for (std::size_t value : {0, 1}) {
    const Tree& tree = trees_[value][u];
    if (!tree.nodes.empty()) count_node(work, u, tree, tree.nodes.front(), main && value == 1, weight);
  }
}

void Recount::count_node(Work& work, std::size_t u, const Tree& tree, const Node& node, bool main, std::uint64_t weight) const {
  if ((++work.steps & 0xffff) == 0) clock_.check();
  const std::uint64_t* chosen = work.chosen[u].data();
  std::uint64_t* next = work.chosen[u + 1].data();
  const std::size_t words = rows_.words;
  if (common(chosen, node.all.data(), later_all_[u + 1].data(), words) >= work.cut) return;
  bool varies = false;
  for (std::size_t w = 0; w < words; ++w) varies |= (chosen[w] & node.some[w] & ~node.all[w]) != 0;
  if (!varies) {
    for (std::size_t w = 0; w < words; ++w) next[w] = chosen[w] & node.all[w];
    count_set(work, u + 1, main, weight * (node.end - node.begin));
  } else if (node.left != 0) {
    count_node(work, u, tree, tree.nodes[node.left], main, weight);
    count_node(work, u, tree, tree.nodes[node.right], main, weight);
  } else {
    const Bits& keys = *sets_[u].keys;
    for (std::size_t m = node.begin; m < node.end; ++m) {
      const std::uint64_t* key = keys.row(tree.members[m]);
      if (u + 1 == sets_.size()) {
        const std::size_t product = common(chosen, key, words);
        if (product < work.cut) work.counts[main][product] += weight;
      } else {
        for (std::size_t w = 0; w < words; ++w) next[w] = chosen[w] & key[w];
        count_set(work, u + 1, main, weight);
      }
    }
  }
}

std::optional<std::vector<std::uint64_t>> Recount::first(std::size_t row, std::size_t bound, bool at_least) const {
  if (main_ == 0) return std::nullopt;
  Work work;
  work.chosen.assign(sets_.size() + 1, std::vector<std::uint64_t>(rows_.row(row), rows_.row(row) + rows_.words));
  work.tuple.assign(sets_.size(), 0);
  work.bound = bound;
  work.at_least = at_least;
  if (!find(work, 0, trees_[1][0].nodes.front())) return std::nullopt;
  return work.tuple;
}

/// Among keys of value 1. A block is left out when the bound of its inner products excludes it.
bool Recount::find(Work& work, std::size_t u, const Node& node) const {
  if ((++work.steps & 0xffff) == 0) clock_.check();
  const std::uint64_t* chosen = work.chosen[u].data();
  const std::size_t words = rows_.words;
  const auto excluded = [&](const std::uint64_t* all, const std::uint64_t* some) {
    if (work.at_least) return common(chosen, some, later_ones_[1][u + 1].data(), words) < work.bound;
    return common(chosen, all, later_ones_[0][u + 1].data(), words) > work.bound;
  };
  if (excluded(node.all.data(), node.some.data())) return false;
  const Tree& tree = trees_[1][u];
  if (node.left != 0) return find(work, u, tree.nodes[node.left]) || find(work, u, tree.nodes[node.right]);
  for (std::size_t m = node.begin; m < node.end; ++m) {
    const std::uint64_t* key = sets_[u].keys->row(tree.members[m]);
    if (excluded(key, key)) continue;
    work.tuple[u] = tree.members[m];
    if (u + 1 == sets_.size()) return true;
    for (std::size_t w = 0; w < words; ++w) work.chosen[u + 1][w] = chosen[w] & key[w];
    if (find(work, u + 1, trees_[1][u + 1].nodes.front())) return true;
  }
  return false;
}

}  // namespace checker
