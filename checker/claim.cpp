// SPDX-License-Identifier: MIT
#include "checker/claim.hpp"

#include <algorithm>
#include <set>

#include "checker/errors.hpp"

namespace checker {
namespace {

constexpr std::uint64_t kLargestInteger = std::uint64_t{1}
                                          << 53;  ///< larger numbers are strings: other readers of JSON would round them
constexpr std::uint64_t kWidest = 1 << 20;        ///< bits of an enclosure
constexpr std::size_t kMostDigits = 1'200'000;    ///< a decimal of a file, at most 10^6 digits and e-100000, as a fraction

const Value& member(const Value& object, std::string_view place, std::string_view key) {
  const Value* value = object.find(key);
  require(value != nullptr, std::string(place) + ": the key '" + std::string(key) + "' is missing");
  return *value;
}

/// The object has exactly these keys.
void exact_keys(const Value& object, const std::string& place, const std::set<std::string>& keys) {
  require(object.kind == Value::Kind::object, place + " must be an object");
  for (const std::string& key : keys) member(object, place, key);
  for (const auto& [key, value] : object.members)
    require(keys.contains(key), place + ": the key '" + key.substr(0, 40) + "' does not belong here");
}

std::uint64_t whole(const Value& value, const std::string& place) {
  require(value.kind == Value::Kind::whole && value.magnitude <= kLargestInteger,
          place + " must be a whole number of at most 2^53");
  return value.magnitude;
}

const std::string& text(const Value& value, std::string_view place) {
  require(value.kind == Value::Kind::string, std::string(place) + " must be a string");
  return value.string;
}

std::string one_of(const Value& value, const std::string& place, const std::set<std::string>& choices) {
  require(choices.contains(text(value, place)), place + " is '" + value.string.substr(0, 40) + "'");
  return value.string;
}

const std::vector<Value>& list(const Value& value, std::string_view place) {
  require(value.kind == Value::Kind::list, std::string(place) + " must be a list");
  return value.items;
}

bool all_digits(const std::string& s) {
  return !s.empty() && s.size() <= kMostDigits && s.find_first_not_of("0123456789") == std::string::npos;
}

/// A number of tuples: a JSON number up to 2^53, beyond that a string of digits.
mpz_class count(const Value& value, const std::string& place) {
  if (value.kind != Value::Kind::string) return mpz_class(whole(value, place));
  require(all_digits(value.string) && value.string[0] != '0', place + " must be a whole number");
  mpz_class n(value.string, 10);
  require(n > mpz_class(kLargestInteger), place + " must be a JSON number, being at most 2^53");
  return n;
}

/// A reduced fraction "p/q", or "p" when q = 1.
mpq_class fraction(const Value& value, const std::string& place) {
  const std::string& s = text(value, place);
  const std::string unsigned_part = s.substr(s.starts_with('-') ? 1 : 0);
  const std::size_t slash = unsigned_part.find('/');
  const bool readable =
      all_digits(unsigned_part.substr(0, slash)) && (slash == std::string::npos || all_digits(unsigned_part.substr(slash + 1)));
  require(readable, place + " must be a fraction p/q");
  mpq_class q;
  require(q.set_str(s, 10) == 0 && q.get_den() != 0, place + " must be a fraction p/q");
  q.canonicalize();
  require(q.get_str() == s, place + " must be a reduced fraction");
  return q;
}

std::string hash(const Value& value, const std::string& place) {
  const std::string& s = text(value, place);
  require(s.size() == 64 && s.find_first_not_of("0123456789abcdef") == std::string::npos,
          place + " must be a SHA-256 in 64 lower-case hexadecimal digits");
  return s;
}

std::vector<mpz_class> bins(const Value& value, const std::string& place, std::uint64_t cut) {
  std::vector<mpz_class> result;
  for (const Value& item : list(value, place)) result.push_back(count(item, place));
  require(result.size() <= cut, place + " has entries from the cut on");
  require(result.empty() || result.back() != 0, place + " must not end in 0");
  return result;
}

std::uint64_t width_of(const Value& value, const std::string& place) {
  const std::uint64_t width = whole(value, place);
  require(width > 0 && width <= kWidest, place + " must be 1 to " + std::to_string(kWidest));
  return width;
}

Enclosure enclosure(const Value& value) {
  exact_keys(value, "enclosure", {"width", "lo", "hi"});
  return {width_of(*value.find("width"), "enclosure.width"), fraction(*value.find("lo"), "enclosure.lo"),
          fraction(*value.find("hi"), "enclosure.hi")};
}

/// Calls read(entry, length) for each run [entry, length].
template <class Read>
void each_run(const Value& value, const Read& read) {
  for (const Value& run : list(value, "rows.runs")) {
    require(list(run, "rows.runs").size() == 2, "rows.runs: a run is [entry, length]");
    const std::uint64_t length = whole(run.items[1], "rows.runs");
    require(length > 0, "rows.runs: a run must not be empty");
    read(run.items[0], length);
  }
}

RowCounts row_counts(const Value& value) {
  exact_keys(value, "rows", {"cut", "counts", "runs"});
  RowCounts rows;
  rows.cut = whole(*value.find("cut"), "rows.cut");
  for (const Value& item : list(*value.find("counts"), "rows.counts")) {
    exact_keys(item, "rows.counts", {"main", "other"});
    rows.counts.push_back(
        {bins(*item.find("main"), "rows.counts.main", rows.cut), bins(*item.find("other"), "rows.counts.other", rows.cut)});
  }
  std::uint64_t seen = 0;
  each_run(*value.find("runs"), [&](const Value& entry, std::uint64_t length) {
    const std::uint64_t index = whole(entry, "rows.runs");
    require(index <= seen && index < rows.counts.size(), "rows.runs: entries must be numbered as they first occur");
    require(rows.runs.empty() || rows.runs.back().first != index, "rows.runs: neighbours must differ");
    seen += index == seen;
    rows.runs.emplace_back(index, length);
  });
  require(seen == rows.counts.size(), "rows.counts: an entry is not used");
  return rows;
}

RowBounds row_bounds(const Value& value) {
  exact_keys(value, "rows", {"width", "runs"});
  RowBounds rows;
  rows.width = width_of(*value.find("width"), "rows.width");
  each_run(*value.find("runs"), [&](const Value& entry, std::uint64_t length) {
    const mpq_class bound = fraction(entry, "rows.runs");
    require(rows.runs.empty() || rows.runs.back().first != bound, "rows.runs: neighbours must differ");
    rows.runs.emplace_back(bound, length);
  });
  return rows;
}

std::vector<std::int64_t> assignment(const Value& value) {
  std::vector<std::int64_t> literals;
  for (const Value& item : list(value, "assignment")) {
    const std::size_t variable = literals.size() + 1;
    const bool negative = item.kind == Value::Kind::negative;
    require((negative || item.kind == Value::Kind::whole) && item.magnitude == variable,
            "assignment: entry " + std::to_string(variable) + " must be that variable or its negation");
    literals.push_back(negative ? -static_cast<std::int64_t>(variable) : static_cast<std::int64_t>(variable));
  }
  return literals;
}

/// The keys of a claim of this problem, form and verdict. `counted`: the attention input has entries 0 and B only.
std::set<std::string> keys_of(const Claim& claim, bool with_formula, bool counted, bool empty) {
  std::set<std::string> keys{"format", "problem", "inputs", "verdict"};
  if (claim.problem == "cnf" && !claim.route) {
    keys.insert("assignment");
    return keys;
  }
  keys.insert("order");
  if (empty) {
    keys.insert({"form", "yes_at_least", "no_at_most", "empty_set"});
    if (claim.form == "real") keys.insert("rounding");
    return keys;
  }
  if (claim.problem != "orthogonal-vectors" || claim.verdict == "yes") keys.insert("row");
  keys.insert(claim.verdict == "yes" ? "witness" : "rows");
  if (claim.problem == "attention" || claim.problem == "cnf") {
    keys.insert({"entry_bound", "softmax_scale", "yes_at_least", "no_at_most", "enclosure"});
    if (counted) keys.insert({"cut", "counts"});
  }
  if (claim.problem == "cnf") keys.insert("route");
  if (claim.problem == "cnf" && claim.verdict == "yes") keys.insert("assignment");
  if (claim.problem == "gap-max-ip") {
    keys.insert({"form", "yes_at_least", "no_at_most"});
    keys.insert(claim.form == "real" ? "enclosure" : "inner_product");
    if (claim.form == "real") keys.insert("rounding");
  }
  if (with_formula) keys.insert({"formula", "assignment"});
  return keys;
}

const Value& at(const Value& claim, std::string_view key) { return member(claim, "claim", key); }

/// What says which keys a claim has.
struct Heading {
  bool with_formula = false;
  bool counted = false;  ///< the attention input has entries 0 and B only
  bool empty = false;    ///< a set without vectors decides
};

Heading read_heading(const Value& value, Claim& claim) {
  one_of(at(value, "format"), "format", {"gapwright-certificate-1"});
  claim.problem = one_of(at(value, "problem"), "problem", {"attention", "orthogonal-vectors", "gap-max-ip", "cnf"});
  const bool vectors = claim.problem == "gap-max-ip", cnf = claim.problem == "cnf";
  if (vectors) claim.form = one_of(at(value, "form"), "form", {"bits", "symbols", "real"});
  claim.verdict = one_of(at(value, "verdict"), "verdict",
                         vectors ? std::set<std::string>{"yes", "no", "outside-promise"} : std::set<std::string>{"yes", "no"});
  if (cnf && value.find("route")) claim.route = one_of(at(value, "route"), "route", {"direct"});
  require(!cnf || claim.route || claim.verdict == "yes", "an assignment alone shows only yes");
  return {!cnf && claim.verdict == "yes" && value.find("formula"), cnf || value.find("counts"),
          vectors && claim.verdict == "no" && value.find("empty_set")};
}

Counts counts_of(const Value& value, std::uint64_t cut) {
  exact_keys(value, "counts", {"main", "other"});
  return {bins(*value.find("main"), "counts.main", cut), bins(*value.find("other"), "counts.other", cut)};
}

/// What shows the verdict, as far as it is there.
void read_evidence(const Value& value, const std::set<std::string>& keys, Claim& claim) {
  if (keys.contains("witness")) {
    claim.witness.emplace();
    for (const Value& item : list(at(value, "witness"), "witness")) claim.witness->push_back(whole(item, "witness"));
  }
  if (keys.contains("formula")) claim.formula = hash(at(value, "formula"), "formula");
  if (keys.contains("assignment")) claim.assignment = assignment(at(value, "assignment"));
  if (keys.contains("enclosure")) claim.enclosure = enclosure(at(value, "enclosure"));
  if (keys.contains("inner_product")) claim.inner_product = whole(at(value, "inner_product"), "inner_product");
  if (keys.contains("counts")) {
    claim.cut = whole(at(value, "cut"), "cut");
    claim.counts = counts_of(at(value, "counts"), *claim.cut);
  }
}

}  // namespace

Claim decode(const Value& value) {
  Claim claim;
  const Heading heading = read_heading(value, claim);
  const auto keys = keys_of(claim, heading.with_formula, heading.counted, heading.empty);
  exact_keys(value, "claim", keys);
  for (const Value& item : list(at(value, "inputs"), "inputs")) claim.inputs.push_back(hash(item, "inputs"));
  require(!claim.inputs.empty(), "inputs must not be empty");
  if (keys.contains("order")) claim.order = whole(at(value, "order"), "order");
  if (heading.empty) claim.empty_set = whole(at(value, "empty_set"), "empty_set");
  if (keys.contains("row")) claim.row = whole(at(value, "row"), "row");
  for (const auto& [key, place] : {std::pair("entry_bound", &claim.entry_bound),
                                   {"softmax_scale", &claim.softmax_scale},
                                   {"rounding", &claim.rounding},
                                   {"yes_at_least", &claim.yes_at_least},
                                   {"no_at_most", &claim.no_at_most}})
    if (keys.contains(key)) *place = fraction(at(value, key), key);
  read_evidence(value, keys, claim);
  if (keys.contains("rows")) {
    if (claim.form == "real" || (claim.problem == "attention" && !heading.counted))
      claim.bounds = row_bounds(at(value, "rows"));
    else
      claim.rows = row_counts(at(value, "rows"));
  }
  return claim;
}

}  // namespace checker
