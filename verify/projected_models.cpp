// SPDX-License-Identifier: MIT
// Counting by branching. Let F be a formula under a partial assignment and s the number of unassigned shown variables. Then
//   count(F) = 0             if a clause is empty,
//   count(F) = 2^s           if every clause is satisfied,
//   count(F) = count(F, l)   if l is the only literal left in a clause: every model sets it,
//   count(F) = count(F, x) + count(F, not x) for a shown variable x: assignments of the shown variables that differ in x differ,
//   count(F) = 2^s           if F is satisfiable and no clause that is left holds a shown variable, else 0,
// and these cases are all there are. In the third case a forced shown variable takes one value, so that its factor is 1; in the
// last one the clauses left constrain hidden variables only, so that every value of the s free shown ones is extended by the same
// model of them. Nothing is shared with the count of orthogonal tuples, which tests compare it with.
#include "verify/projected_models.hpp"

#include <cstdlib>

namespace gapwright {
namespace {

class Counter {
 public:
  Counter(const Cnf& cnf, const std::vector<std::int32_t>& shown, const RunControl& control)
      : cnf_(cnf), control_(control), shown_(cnf.variables + 1), value_(cnf.variables + 1), free_shown_(shown.size()) {
    for (const std::int32_t v : shown) shown_[static_cast<std::size_t>(v)] = true;
  }

  mpz_class count() {
    const std::size_t start = trail_.size();
    mpz_class models;
    if (propagate()) {
      const std::int32_t branch = literal_left();
      if (branch == 0 || !is_shown(branch))
        models = branch == 0 || satisfiable() ? mpz_class(1) << free_shown_ : mpz_class(0);
      else
        models = with(branch, &Counter::count) + with(-branch, &Counter::count);
    }
    undo(start);
    return models;
  }

 private:
  bool is_shown(std::int32_t literal) const { return shown_[static_cast<std::size_t>(std::abs(literal))]; }
  /// 1 true, -1 false, 0 open.
  int value(std::int32_t literal) const {
    const signed char of_variable = value_[static_cast<std::size_t>(std::abs(literal))];
    return literal > 0 ? of_variable : -of_variable;
  }

  bool satisfiable() {
    const std::size_t start = trail_.size();
    bool found = false;
    if (propagate()) {
      const std::int32_t branch = literal_left();
      found = branch == 0 || with(branch, &Counter::satisfiable) || with(-branch, &Counter::satisfiable);
    }
    undo(start);
    return found;
  }

  template <class Result>
  Result with(std::int32_t literal, Result (Counter::*look)()) {
    control_.check();
    assign(literal);
    Result result = (this->*look)();
    undo(trail_.size() - 1);
    return result;
  }

  void assign(std::int32_t literal) {
    value_[static_cast<std::size_t>(std::abs(literal))] = literal > 0 ? 1 : -1;
    free_shown_ -= is_shown(literal) ? 1 : 0;
    trail_.push_back(literal);
  }
  void undo(std::size_t length) {
    for (; trail_.size() > length; trail_.pop_back()) {
      value_[static_cast<std::size_t>(std::abs(trail_.back()))] = 0;
      free_shown_ += is_shown(trail_.back()) ? 1 : 0;
    }
  }

  /// Sets what single literals force, again and again; false when a clause has none left.
  bool propagate() {
    for (bool changed = true; changed;) {
      changed = false;
      for (const Cnf::Clause& clause : cnf_.clauses) {
        std::int32_t only = 0;
        bool open = false;  // satisfied, or two different literals left
        for (const std::int32_t literal : clause) {
          const int v = value(literal);
          open = open || v > 0 || (v == 0 && only != 0 && only != literal);
          if (v == 0) only = literal;
        }
        if (open) continue;
        if (only == 0) return false;
        assign(only);
        changed = true;
      }
    }
    return true;
  }

  /// A literal of a clause that is not satisfied, of a shown variable where there is one; 0 when all clauses are satisfied.
  std::int32_t literal_left() const {
    std::int32_t hidden = 0;
    for (const Cnf::Clause& clause : cnf_.clauses) {
      std::int32_t open = 0;
      bool satisfied = false;
      for (const std::int32_t literal : clause) {
        satisfied = satisfied || value(literal) > 0;
        if (value(literal) == 0 && (open == 0 || !is_shown(open))) open = literal;
      }
      if (satisfied) continue;
      if (is_shown(open)) return open;
      hidden = open;
    }
    return hidden;
  }

  const Cnf& cnf_;
  const RunControl& control_;
  std::vector<bool> shown_;
  std::vector<signed char> value_;
  std::vector<std::int32_t> trail_;
  std::size_t free_shown_;
};

}  // namespace

mpz_class count_projected_models(const Cnf& cnf, const std::vector<std::int32_t>& shown, const RunControl& control) {
  return Counter(cnf, shown, control).count();
}

}  // namespace gapwright
