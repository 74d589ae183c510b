// SPDX-License-Identifier: MIT
#pragma once
#include <cstdint>
#include <optional>
#include <vector>

#include "checker/bits.hpp"
#include "checker/claim.hpp"
#include "checker/clock.hpp"

// Inner products of vectors of bits, counted anew.
namespace checker {

/// A row sees one key of each key set; a key's value is 0 or 1.
struct KeySet {
  const Bits* keys = nullptr;
  std::vector<bool> ones;  ///< which keys have value 1
};

class Recount {
 public:
  /// Throws Limit when a row sees 2^63 tuples or more. What is pointed to must stay.
  Recount(const Bits& rows, const std::vector<KeySet>& sets, const Clock& clock);

  mpz_class main_tuples() const { return static_cast<unsigned long>(main_); }  ///< per row, all values 1
  mpz_class all_tuples() const { return static_cast<unsigned long>(all_); }
  std::size_t columns() const { return rows_.columns; }

  /// The tuples of a row with each inner product below the cut.
  Counts count(std::size_t row, std::size_t cut) const;

  /// The lexicographically first tuple of keys of value 1 whose inner product is at most (or with at_least, at least) the bound.
  std::optional<std::vector<std::uint64_t>> first(std::size_t row, std::size_t bound, bool at_least) const;

 private:
  /// Consecutive members of a set, halved again and again down to a few.
  struct Node {
    std::size_t begin, end;                ///< places in Tree::members
    std::size_t left = 0, right = 0;       ///< nodes; 0: a leaf
    std::vector<std::uint64_t> all, some;  ///< coordinates in which all, or some, are 1
  };
  struct Tree {
    std::vector<std::size_t> members;  ///< keys, in order
    std::vector<Node> nodes;           ///< the first is the root; none: no members
  };
  struct Work;
  std::size_t plant(Tree& tree, const Bits& keys, std::size_t begin, std::size_t end) const;
  void count_set(Work& work, std::size_t u, bool main, std::uint64_t weight) const;
  void count_node(Work& work, std::size_t u, const Tree& tree, const Node& node, bool main, std::uint64_t weight) const;
  bool find(Work& work, std::size_t u, const Node& node) const;

  const Bits& rows_;
  const std::vector<KeySet>& sets_;
  const Clock& clock_;
  std::vector<Tree> trees_[2];                             ///< [value][set]
  std::vector<std::vector<std::uint64_t>> later_all_;      ///< [u]: coordinates in which every key of the sets u, u + 1, ... is 1
  std::vector<std::vector<std::uint64_t>> later_ones_[2];  ///< the same for keys of value 1: [0] every, [1] some key of each set
  std::uint64_t main_ = 1, all_ = 1;
};

}  // namespace checker
