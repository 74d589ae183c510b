// SPDX-License-Identifier: MIT
// Forward checking. Each added clause C must be RUP: assuming all its literals false, unit propagation meets a conflict; or RAT
// on its first literal p: for every clause D with -p, C and D without -p is RUP (or contains a literal and its negation). RUP
// clauses are implied; RAT clauses keep satisfiability [Jarvisalo, Heule, Biere 2012]. So if the empty clause follows, the
// formula was unsatisfiable. A deletion is ignored when the clause is the reason of a literal that holds for good: keeping a
// clause never makes a RUP step wrong, and in a RAT step it only adds a condition. Propagation watches two literals of every
// clause; units found while no assumption is made stay for good.
//
// A proof may name variables that the formula has not (definitions): nothing in the argument needs them to be old. Variables are
// numbered as they occur, so a large name costs no memory.
#include "checker/drat.hpp"

#include <algorithm>
#include <cstdint>
#include <string>
#include <unordered_map>

#include "checker/errors.hpp"
#include "checker/proof.hpp"

namespace checker {
namespace {

class Propagator {
 public:
  explicit Propagator(const Clock& clock) : clock_(clock), values_(2), reasons_(1, kNone), watchers_(2) {}

  bool conflict() const { return conflict_; }  ///< the clauses alone propagate to a conflict

  /// The clause in our own numbers of variables, 1, 2, ... as they occur.
  Clause numbered(Clause clause) {
    for (Literal& l : clause) {
      const auto [place, is_new] = numbers_.emplace(l < 0 ? -l : l, static_cast<Literal>(reasons_.size()));
      if (is_new) {
        reasons_.push_back(kNone);
        values_.resize(values_.size() + 2);
        watchers_.resize(watchers_.size() + 2);
      }
      l = l < 0 ? -place->second : place->second;
    }
    return clause;
  }

  void add(Clause clause) {
    Clause& literals = clause;
    std::sort(literals.begin(), literals.end());
    literals.erase(std::unique(literals.begin(), literals.end()), literals.end());
    const std::size_t index = clauses_.size();
    by_hash_.emplace(hash(literals), index);
    // Watched: literals not false now, if there are any.
    std::stable_partition(literals.begin(), literals.end(), [&](Literal l) { return value(l) >= 0; });
    clauses_.push_back({std::move(clause), true});
    const Clause& own = clauses_.back().literals;
    if (own.size() >= 2)
      for (std::size_t w : {0, 1}) watchers_[place(own[w])].push_back(index);
    if (own.empty() || value(own[0]) < 0)
      conflict_ = true;
    else if (value(own[0]) == 0 && (own.size() == 1 || value(own[1]) < 0))
      assign(own[0], index);
    if (!conflict_) conflict_ = !propagate();
    permanent_ = trail_.size();
  }

  bool remove(Clause clause) {
    std::sort(clause.begin(), clause.end());
    clause.erase(std::unique(clause.begin(), clause.end()), clause.end());
    const auto [from, to] = by_hash_.equal_range(hash(clause));
    for (auto it = from; it != to; ++it) {
      const std::size_t index = it->second;
      Clause sorted = clauses_[index].literals;
      std::sort(sorted.begin(), sorted.end());
      if (sorted != clause) continue;
      const bool is_reason = !sorted.empty() && std::any_of(sorted.begin(), sorted.end(), [&](Literal l) {
        return value(l) > 0 && reasons_[variable(l)] == index;
      });
      if (is_reason) return true;
      clauses_[index].alive = false;  // its watchers go when they are next looked at
      by_hash_.erase(it);
      return true;
    }
    return false;
  }

  /// Does assuming all these literals false lead to a conflict?
  bool implied(const Clause& clause, const Clause& more = {}) {
    bool conflict = conflict_;
    for (const Clause* part : {&clause, &more})
      for (const Literal l : *part) {
        if (conflict) break;
        if (value(l) > 0) conflict = true;
        if (value(l) == 0) assign(-l, kNone);
      }
    conflict = conflict || !propagate();
    while (trail_.size() > permanent_) {
      set(trail_.back(), 0);
      reasons_[variable(trail_.back())] = kNone;
      trail_.pop_back();
    }
    next_ = trail_.size();
    return conflict;
  }

  bool implied_by_resolution(const Clause& clause) {
    if (clause.empty()) return false;
    const Literal pivot = clause.front();
    for (std::size_t index = 0; index < clauses_.size(); ++index) {
      if (!clauses_[index].alive) continue;
      Clause other = clauses_[index].literals;
      const auto negated = std::find(other.begin(), other.end(), -pivot);
      if (negated == other.end()) continue;
      other.erase(negated);
      const bool tautology = std::any_of(other.begin(), other.end(), [&](Literal l) {
        return l != pivot && std::find(clause.begin(), clause.end(), -l) != clause.end();
      });
      if (!tautology && !implied(clause, other)) return false;
    }
    return true;
  }

 private:
  static constexpr std::size_t kNone = SIZE_MAX;
  struct Stored {
    Clause literals;
    bool alive;
  };

  static std::size_t variable(Literal l) { return static_cast<std::size_t>(l < 0 ? -l : l); }
  static std::size_t place(Literal l) { return 2 * variable(l) + (l < 0 ? 1 : 0); }
  int value(Literal l) const { return values_[place(l)]; }
  void set(Literal l, int v) {
    values_[place(l)] = static_cast<std::int8_t>(v);
    values_[place(-l)] = static_cast<std::int8_t>(-v);
  }
  void assign(Literal l, std::size_t reason) {
    set(l, 1);
    reasons_[variable(l)] = reason;
    trail_.push_back(l);
  }
  static std::uint64_t hash(const Clause& sorted) {
    std::uint64_t h = 1469598103934665603U;
    for (const Literal l : sorted) h = (h ^ static_cast<std::uint64_t>(l)) * 1099511628211U;
    return h;
  }

  /// False when a clause has all its literals false.
  bool propagate() {
    for (; next_ < trail_.size(); ++next_) {
      if ((++steps_ & 0xfff) == 0) clock_.check();
      const Literal falsified = -trail_[next_];
      auto& watchers = watchers_[place(falsified)];
      std::size_t kept = 0;
      for (std::size_t i = 0; i < watchers.size(); ++i) {
        const std::size_t index = watchers[i];
        Stored& stored = clauses_[index];
        if (!stored.alive) continue;
        Clause& c = stored.literals;
        if (c[0] == falsified) std::swap(c[0], c[1]);
        if (value(c[0]) <= 0) {
          std::size_t other = 2;
          while (other < c.size() && value(c[other]) < 0) ++other;
          if (other < c.size()) {
            std::swap(c[1], c[other]);
            watchers_[place(c[1])].push_back(index);
            continue;
          }
        }
        watchers[kept++] = index;
        if (value(c[0]) > 0) continue;
        if (value(c[0]) < 0) {
          while (++i < watchers.size()) watchers[kept++] = watchers[i];
          watchers.resize(kept);
          return false;
        }
        assign(c[0], index);
      }
      watchers.resize(kept);
    }
    return true;
  }

  const Clock& clock_;
  std::vector<Stored> clauses_;
  std::vector<std::int8_t> values_;                 ///< by place: 1 true, -1 false, 0 open
  std::vector<std::size_t> reasons_;                ///< by variable: the clause that made it true or false
  std::vector<std::vector<std::size_t>> watchers_;  ///< by place: clauses that watch the literal
  std::unordered_multimap<std::uint64_t, std::size_t> by_hash_;
  std::unordered_map<Literal, Literal> numbers_;
  std::vector<Literal> trail_;
  std::size_t next_ = 0, permanent_ = 0, steps_ = 0;
  bool conflict_ = false;
};

}  // namespace

ProofSize check_drat(const Formula& formula, std::string_view bytes, const Clock& clock) {
  Propagator propagator(clock);
  for (const auto& clause : formula.clauses) propagator.add(propagator.numbered(clause));
  ProofSize size;
  Proof proof(bytes);
  while (!propagator.conflict()) {
    const std::optional<ProofStep> step = proof.next();
    if (!step) throw Rejected("the proof does not end in a conflict");
    const Clause clause = propagator.numbered(step->clause);
    if (step->deletion) {
      if (!propagator.remove(clause)) throw Rejected(step->place + ": the clause to delete is not there");
      ++size.deleted;
      continue;
    }
    if (!propagator.implied(clause) && !propagator.implied_by_resolution(clause))
      throw Rejected(step->place + ": the clause does not follow");
    propagator.add(clause);
    ++size.added;
  }
  size.unread = proof.unread();
  return size;
}

}  // namespace checker
