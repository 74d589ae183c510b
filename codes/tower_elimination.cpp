// SPDX-License-Identifier: MIT
// The functions without poles outside P at every level of the tower: Gaussian elimination over F_p.
//
// Theorem (docs/codes.md, Proposition C5 and Theorem C8). f = sum_e a_e(x_1) x^e has no pole outside P exactly when a_e
// is a Laurent polynomial in x_1, pi_1 divides a_e for e != 0, and f is regular over x_1 = 0. So the monomials
// x_1^i pi_1^[e != 0] x^e, i >= lowest_exponent(e), are taken by increasing pole order q^{m-1}(i + (q-1)[e != 0]) + class, which
// are all different. The vector of a monomial is its forbidden coefficients (tower_local.cpp). If it is independent of the
// vectors kept so far, it is kept. Otherwise the relation is a function f_e, its pole order that of the monomial, the least in
// its class; then the class is dropped, since all its later monomials lead a multiple x_1^n f_e. When all q^{m-1} classes are
// done, the f_e are a basis over the polynomials in x_1.
// It ends: for large i the monomial alone is regular.
//
// Vectors are sparse. Conditions are numbered when they first occur and eliminated from the newest down, so most
// vectors become pivots at once. A pivot remembers which earlier pivots it used; relations are unwound once, at the
// end of each class, instead of being carried along.
// Size law: one pivot at most for every condition and power of x_1, conditions() * window() in all.
// Example (a test repeats it): q = 5, m = 4: the 125 functions have 2,936 terms in all.
#include "codes/tower_elimination.hpp"

#include <functional>
#include <stdexcept>
#include <utility>

#include "codes/modular.hpp"
#include "codes/tower_local.hpp"

namespace gapwright {

namespace {

struct Entry {
  std::uint32_t index;
  std::uint32_t value;
};

/// A vector kept: scale * (monomial - sum of factor * earlier pivot), 1 at its own lead and 0 above it.
struct Pivot {
  TowerTerm monomial;
  std::uint32_t scale;
  std::vector<Entry> vector;
  std::vector<Entry> used;
};

class Elimination {
 public:
  /// look() is called every few thousand pivots.
  Elimination(std::uint32_t p, std::function<void()> look) : p_(p), look_(std::move(look)) {}

  /// Either keeps the vector of the monomial and returns nothing, or returns the relation it closes.
  std::vector<TowerTerm> take(const TowerTerm& monomial, const std::vector<Entry>& vector) {
    for (const Entry& entry : vector) set(entry.index, entry.value);
    std::vector<Entry> used;
    for (std::size_t word = touched_.size(); word-- > 0;) {
      while (touched_[word] != 0) {
        const std::uint32_t lead =
            static_cast<std::uint32_t>(word * 64 + 63 - static_cast<unsigned>(__builtin_clzll(touched_[word])));
        const std::uint32_t value = work_[lead];
        if (value == 0) {
          touched_[word] &= ~(std::uint64_t{1} << (lead % 64));
          continue;
        }
        if (pivot_at_[lead] < 0) {
          keep(monomial, lead, std::move(used));
          return {};
        }
        const Pivot& pivot = pivots_[static_cast<std::size_t>(pivot_at_[lead])];
        used.push_back({static_cast<std::uint32_t>(pivot_at_[lead]), value});
        for (const Entry& entry : pivot.vector) set(entry.index, (work_[entry.index] + (p_ - value) * entry.value) % p_);
        if (used.size() % between_looks == 0) look_();
      }
    }
    return relation(monomial, used);
  }

 private:
  static constexpr std::size_t between_looks = 2048;

  void set(std::uint32_t index, std::uint32_t value) {
    if (index >= work_.size()) {
      work_.resize(index + 1);
      pivot_at_.resize(index + 1, -1);
      touched_.resize(index / 64 + 1);
    }
    work_[index] = value;
    touched_[index / 64] |= std::uint64_t{1} << (index % 64);
  }

  /// The vector in work_, all of it below `lead`, becomes a pivot; work_ is left zero.
  void keep(const TowerTerm& monomial, std::uint32_t lead, std::vector<Entry> used) {
    const std::uint32_t scale = inverse_modulo(work_[lead], p_);
    Pivot pivot{monomial, scale, {}, std::move(used)};
    for (std::size_t word = lead / 64 + 1; word-- > 0;) {
      for (; touched_[word] != 0; touched_[word] &= touched_[word] - 1) {
        const std::uint32_t index =
            static_cast<std::uint32_t>(word * 64 + static_cast<unsigned>(__builtin_ctzll(touched_[word])));
        if (work_[index] != 0) pivot.vector.push_back({index, work_[index] * scale % p_});
        work_[index] = 0;
      }
    }
    pivot_at_[lead] = static_cast<std::int32_t>(pivots_.size());
    pivots_.push_back(std::move(pivot));
  }

  /// monomial - sum of factor * pivot, written in monomials; these are in increasing order of pole order, like the
  /// pivots.
  std::vector<TowerTerm> relation(const TowerTerm& monomial, const std::vector<Entry>& used) const {
    std::vector<std::uint32_t> weight(pivots_.size());
    for (const Entry& entry : used) weight[entry.index] = (p_ - entry.value) % p_;
    for (std::size_t k = pivots_.size(); k-- > 0;) {
      if (k % between_looks == 0) look_();
      weight[k] = weight[k] * pivots_[k].scale % p_;
      if (weight[k] == 0) continue;
      for (const Entry& entry : pivots_[k].used) {
        weight[entry.index] = (weight[entry.index] + (p_ - weight[k]) * entry.value) % p_;
      }
    }
    std::vector<TowerTerm> terms;
    for (std::size_t k = 0; k < pivots_.size(); ++k) {
      if (weight[k] == 0) continue;
      terms.push_back(pivots_[k].monomial);
      terms.back().coefficient = static_cast<Symbol>(weight[k]);
    }
    terms.push_back(monomial);
    return terms;
  }

  std::uint32_t p_;
  std::function<void()> look_;
  std::vector<std::uint32_t> work_;
  std::vector<std::uint64_t> touched_;  // a bit for every index that may be non-zero in work_
  std::vector<std::int32_t> pivot_at_;  // the pivot with this lead, or -1
  std::vector<Pivot> pivots_;
};

/// Numbers conditions by their first occurrence.
class Numbering {
 public:
  Numbering(std::size_t conditions, std::size_t window) : window_(window), number_(conditions * window, -1) {}

  /// The conditions that entries break when the function is multiplied by t^exponent.
  void broken(const std::vector<PolarEntry>& entries, std::int32_t exponent, std::vector<Entry>& vector) {
    vector.clear();
    for (const PolarEntry& entry : entries) {
      if (entry.exponent + exponent >= entry.limit) continue;
      std::int32_t& number = number_[entry.condition * window_ + static_cast<std::size_t>(-(entry.exponent + exponent))];
      if (number < 0) number = next_++;
      vector.push_back({static_cast<std::uint32_t>(number), entry.value});
    }
  }

 private:
  std::size_t window_;
  std::vector<std::int32_t> number_;
  std::int32_t next_ = 0;
};

}  // namespace

TowerFunctions general_tower_functions(std::uint32_t q, unsigned m, const Progress& progress) {
  std::uint32_t missing = 0;  // of the functions, once the expansions are there
  const auto look = [&] {
    if (progress) progress(missing == 0 ? 0 : 1.0 - static_cast<double>(missing) / static_cast<double>(integer_power(q, m - 1)));
  };
  const TowerExpansions expansions(q, m, look);
  const std::uint32_t classes = static_cast<std::uint32_t>(integer_power(q, m - 1));
  const std::size_t window = static_cast<std::size_t>(expansions.window());

  std::vector<std::vector<PolarEntry>> entries(classes);
  std::vector<std::int32_t> lowest(classes);
  for (std::uint32_t c = 0; c < classes; ++c) {
    entries[c] = expansions.entries(c);
    lowest[c] = expansions.lowest_exponent(c);
    look();
  }

  TowerFunctions result{q, m, std::vector<TowerFunction>(classes)};
  Numbering numbering(expansions.conditions(), window);
  missing = classes;
  Elimination elimination(prime_power(q)->prime, look);
  std::vector<Entry> vector;
  // The pole order is q^{m-1} * step + class.
  for (std::int32_t step = 1 - static_cast<std::int32_t>(window); missing > 0; ++step) {
    for (std::uint32_t c = 0; c < classes; ++c) {
      const std::int32_t exponent = step - (c == 0 ? 0 : static_cast<std::int32_t>(q) - 1);
      if (exponent < lowest[c] || !result.functions[c].terms.empty()) continue;
      look();
      numbering.broken(entries[c], exponent, vector);
      std::vector<TowerTerm> relation = elimination.take({exponent, c, 1}, vector);
      if (relation.empty()) continue;
      if (step < 0) throw std::logic_error("a function without poles outside P cannot have negative pole order");
      result.functions[c] = {static_cast<std::size_t>(step) * classes + c, std::move(relation)};
      --missing;
    }
    if (progress) progress(1.0 - static_cast<double>(missing) / classes);
  }
  return result;
}

}  // namespace gapwright
