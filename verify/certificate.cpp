// SPDX-License-Identifier: MIT
// What makes a NO convincing: the claim holds, for every row, how many tuples have which inner product below a cut. Whoever
// counts them again and finds the same numbers knows a bound of every output; the bounds are below the middle of the thresholds.
// A YES is one row: its witness, how many tuples of it have which inner product, and so its output.
//
// Every number has one form only, so that a claim that differs anywhere is another claim: counts are exact, an output x is given
// as floor(x 2^w) / 2^w, the witness is the row's lexicographically first tuple of largest weight with all values 1.
#include "verify/certificate.hpp"

#include <algorithm>
#include <cstdlib>

#include "support/errors.hpp"
#include "support/version.hpp"
#include "verify/attention_counts.hpp"
#include "verify/claim_json.hpp"
#include "verify/weight_quotient.hpp"

namespace gapwright {
namespace {

using Json = nlohmann::ordered_json;

constexpr unsigned long kWidth = 64;
constexpr unsigned long kThresholdWidth = 64;  // of the thresholds that formula_certificate states
/// A row that sees more tuples is enclosed by its counts below the cut; counting all its inner products would take minutes.
constexpr unsigned long kMostTuples = 1UL << 33;

Json list(const std::vector<std::size_t>& tuple) {
  Json json = Json::array();
  for (const std::size_t j : tuple) json.push_back(j);
  return json;
}

Json literals(const Cnf::Witness& assignment) {
  Json json = Json::array();
  for (std::size_t v = 0; v < assignment.size(); ++v)
    json.push_back(assignment[v] ? static_cast<std::int64_t>(v + 1) : -static_cast<std::int64_t>(v + 1));
  return json;
}

std::string finished(const CertificateContext& context, const Json& claim) {
  const Json informative{{"tool", "gapwright"}, {"version", version()}, {"command", context.command}, {"method", context.method}};
  return Json{{"claim", claim}, {"informative", informative}}.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

Json begun(const CertificateContext& context, const std::string& problem, const std::string& verdict) {
  return {{"format", "gapwright-certificate-1"}, {"problem", problem}, {"inputs", context.inputs}, {"verdict", verdict}};
}

void add_lifted(Json& claim, const std::optional<LiftedAssignment>& lifted) {
  if (!lifted) return;
  claim["formula"] = lifted->formula_sha256;
  claim["assignment"] = literals(lifted->assignment);
}

void add_terms(Json& claim, const AttentionTerms& terms) {
  claim["entry_bound"] = fraction_json(mpq_class(terms.entry_bound));
  claim["softmax_scale"] = fraction_json(mpq_class(terms.softmax_scale));
  claim["yes_at_least"] = fraction_json(*terms.yes_at_least);
  claim["no_at_most"] = fraction_json(*terms.no_at_most);
}

/// [floor(low), floor(high) + 1] in units of 2^-width.
Json enclosure_json(const mpz_class& low, const mpz_class& high, unsigned long width) {
  return {{"width", width}, {"lo", fraction_json(scaled_down(low, width))}, {"hi", fraction_json(scaled_down(high + 1, width))}};
}

void check_decided(const Verdict& verdict) {
  if (verdict.answer == Answer::undecided) throw BadInstance("undecided, so there is nothing to certify: " + verdict.reason);
  if (verdict.answer == Answer::yes && !verdict.witness)
    throw BadInstance("no tuple has values 1 only, so there is no witness to certify");
}

/// Floors of the outputs that counts of inner products allow.
class CountedFloors {
 public:
  explicit CountedFloors(const BitAttention& a)
      : totals_(tuple_totals(a)), gamma_(score_weight(a) * a.sign), columns_(a.queries.columns) {}

  /// Of the two ends between which the output lies.
  std::pair<mpz_class, mpz_class> of(const RowCounts& row, std::size_t cut, unsigned long width) const {
    mpz_class main_rest = totals_.main, other_rest = totals_.all - totals_.main;
    for (const std::uint64_t n : row.main) main_rest -= n;
    for (const std::uint64_t n : row.other) other_rest -= n;
    const mpz_class low = quotient(row, main_rest, other_rest, cut, true).scaled_floor(width);
    return {low, main_rest + other_rest == 0 ? low : quotient(row, main_rest, other_rest, cut, false).scaled_floor(width)};
  }

 private:
  WeightQuotient quotient(const RowCounts& row, const mpz_class& main_rest, const mpz_class& other_rest, std::size_t cut,
                          bool low) const {
    WeightQuotient q;
    const auto add = [&](std::size_t s, const mpz_class& tuples, bool main) {
      if (tuples != 0) q.add(gamma_ * mpz_class(s), main ? tuples : mpz_class(0), tuples);
    };
    for (std::size_t s = 0; s < row.main.size(); ++s) add(s, mpz_class(row.main[s]), true);
    for (std::size_t s = 0; s < row.other.size(); ++s) add(s, mpz_class(row.other[s]), false);
    const std::size_t heaviest = gamma_ < 0 ? cut : columns_, lightest = gamma_ < 0 ? columns_ : cut;
    add(low ? lightest : heaviest, main_rest, true);
    add(low ? heaviest : lightest, other_rest, false);
    return q;
  }

  TupleTotals totals_;
  mpq_class gamma_;
  std::size_t columns_;
};

/// The first row of the largest bound; nothing where a bound at this width is above the middle.
std::optional<std::size_t> row_of_largest(const CountedFloors& floors, const CountLog& log, const mpq_class& between,
                                          unsigned long width) {
  std::vector<mpz_class> bounds;
  for (const RowCounts& entry : log.distinct()) {
    bounds.push_back(floors.of(entry, log.cut, width).second);
    if (scaled_down(bounds.back() + 1, width) > between) return std::nullopt;
  }
  std::optional<mpz_class> largest;
  std::size_t row = 0, start = 0;
  for (const auto& [index, length] : log.runs()) {
    if (!largest || bounds[index] > *largest) {
      largest = bounds[index];
      row = start;
    }
    start += length;
  }
  return row;
}

/// row, cut, counts, enclosure and, for no, rows, at the least width that decides.
void add_counts(Json& claim, const BitAttention& a, const mpq_class& between, const Verdict& verdict, const Recording& recording,
                const RunControl& control) {
  check_decided(verdict);
  const CountedFloors floors(a);
  const TupleTotals totals = tuple_totals(a);
  const bool yes = verdict.answer == Answer::yes;
  const std::size_t everything = a.queries.columns + 1;
  const std::size_t cut = a.sign < 0 && totals.all > kMostTuples ? 1 : everything;
  std::optional<RowCounts> counts;
  if (yes) counts = count_row(a, verdict.row, cut, control);
  for (unsigned long width = kWidth; width <= kWidestGrid; width *= 2) {
    control.check();
    std::size_t row = verdict.row;
    if (!yes) {
      const auto shown = row_of_largest(floors, recording.counts, between, width);
      if (!shown) continue;
      row = *shown;
      counts = count_row(a, row, cut, control);
    }
    const auto [low, high] = floors.of(*counts, cut, width);
    if (yes ? scaled_down(low, width) <= between : scaled_down(high + 1, width) > between) continue;
    claim["row"] = row;
    if (yes) claim["witness"] = list(*verdict.witness);
    claim["cut"] = cut;
    claim["counts"] = counts_json(*counts);
    claim["enclosure"] = enclosure_json(low, high, width);
    if (!yes) claim["rows"] = rows_json(recording.counts);
    return;
  }
  if (yes && cut < everything)
    throw LimitReached("row " + std::to_string(verdict.row) +
                       " has more than 2^33 tuples, and those of inner product 0 alone do not show its output above the "
                       "middle of the gap; decide it without a certificate");
  throw LimitReached("a certificate states outputs to at most " + std::to_string(kWidestGrid) +
                     " binary places, which do not tell an output from the middle of the gap; decide it without a certificate");
}

std::string answer_text(const Verdict& verdict) {
  check_decided(verdict);
  return verdict.answer == Answer::yes ? "yes" : "no";
}

}  // namespace

std::string attention_certificate(const CertificateContext& context, const AttentionTerms& stated, const BitAttention& bits,
                                  const Verdict& verdict, const Recording& recording,
                                  const std::optional<LiftedAssignment>& lifted, const RunControl& control) {
  Json claim = begun(context, "attention", answer_text(verdict));
  claim["order"] = bits.keys.size() + 1;
  add_terms(claim, stated);
  add_counts(claim, bits, middle_of_gap(stated), verdict, recording, control);
  add_lifted(claim, lifted);
  return finished(context, claim);
}

std::string attention_certificate(const CertificateContext& context, const Attention& attention, const Verdict& verdict,
                                  const Recording& recording, const std::optional<LiftedAssignment>& lifted) {
  Json claim = begun(context, "attention", answer_text(verdict));
  claim["order"] = attention.keys.size() + 1;
  add_terms(claim, attention.terms);
  claim["row"] = verdict.row;
  if (verdict.witness) claim["witness"] = list(*verdict.witness);
  const unsigned long width = recording.bounds.width;
  claim["enclosure"] = {{"width", width}, {"lo", fraction_json(verdict.lo)}, {"hi", fraction_json(verdict.hi)}};
  if (!verdict.witness) claim["rows"] = rows_json(recording.bounds);
  add_lifted(claim, lifted);
  return finished(context, claim);
}

std::string formula_certificate(const CertificateContext& context, const BitAttention& attention, const Verdict& verdict,
                                const Recording& recording, const std::optional<Cnf::Witness>& assignment,
                                const RunControl& control) {
  Json claim = begun(context, "cnf", answer_text(verdict));
  // What the direct embedding's theorem proves, rounded outward to a fixed number of binary places (docs/reductions.md, Theorem
  // R2).
  const TupleTotals totals = tuple_totals(attention);
  const mpq_class gamma = score_weight(attention), tuples(totals.main), mixed(totals.all - totals.main - 1);
  WeightQuotient yes, no;
  yes.add(0, 1, 2);
  yes.add(-gamma, 0, mixed);
  no.add(0, 0, 1);
  no.add(-gamma, tuples, tuples + mixed);
  AttentionTerms terms = attention.terms;
  terms.yes_at_least = scaled_down(yes.scaled_floor(kThresholdWidth), kThresholdWidth);
  terms.no_at_most = scaled_down(no.scaled_floor(kThresholdWidth) + 1, kThresholdWidth);
  claim["route"] = "direct";
  claim["order"] = attention.keys.size() + 1;
  add_terms(claim, terms);
  add_counts(claim, attention, middle_of_gap(terms), verdict, recording, control);
  if (assignment) claim["assignment"] = literals(*assignment);
  return finished(context, claim);
}

std::string assignment_certificate(const CertificateContext& context, const Cnf& cnf, Cnf::Witness model) {
  // true_literals[c]: how many literals of clause c hold. A variable may become false when none of its clauses hangs on it alone.
  std::vector<std::size_t> true_literals(cnf.clauses.size());
  std::vector<std::vector<std::size_t>> clauses_with(
      cnf.variables);  // by variable: the clauses with it, as positive literal, once each
  std::vector<std::vector<std::size_t>> clauses_without(cnf.variables);
  for (std::size_t c = 0; c < cnf.clauses.size(); ++c) {
    Cnf::Clause clause = cnf.clauses[c];
    std::sort(clause.begin(), clause.end());
    clause.erase(std::unique(clause.begin(), clause.end()), clause.end());
    for (const std::int32_t literal : clause) {
      const auto v = static_cast<std::size_t>(std::abs(literal)) - 1;
      (literal > 0 ? clauses_with : clauses_without)[v].push_back(c);
      true_literals[c] += model[v] == (literal > 0);
    }
  }
  for (bool changed = true; changed;) {  // a variable made false can free another
    changed = false;
    for (std::size_t v = 0; v < cnf.variables; ++v) {
      if (!model[v]) continue;
      for (const std::size_t c : clauses_without[v]) ++true_literals[c];
      for (const std::size_t c : clauses_with[v]) --true_literals[c];
      const bool needed =
          std::any_of(clauses_with[v].begin(), clauses_with[v].end(), [&](std::size_t c) { return true_literals[c] == 0; });
      changed |= !needed;
      if (!needed) {
        model[v] = false;
        continue;
      }
      for (const std::size_t c : clauses_without[v]) --true_literals[c];
      for (const std::size_t c : clauses_with[v]) ++true_literals[c];
    }
  }
  Json claim = begun(context, "cnf", "yes");
  claim["assignment"] = literals(model);
  return finished(context, claim);
}

std::string orthogonal_vectors_certificate(const CertificateContext& context, std::size_t order,
                                           const std::optional<std::vector<std::size_t>>& witness, const Recording& recording,
                                           const std::optional<LiftedAssignment>& lifted) {
  Json claim = begun(context, "orthogonal-vectors", witness ? "yes" : "no");
  claim["order"] = order;
  if (witness) {
    claim["row"] = witness->front();
    claim["witness"] = list(*witness);
  } else {
    claim["rows"] = rows_json(recording.counts);
  }
  add_lifted(claim, lifted);
  return finished(context, claim);
}

namespace {

Json begun_gap(const CertificateContext& context, const std::string& form, std::size_t order, const Gap& gap, GapSide side) {
  Json claim = begun(context, "gap-max-ip", side == GapSide::yes ? "yes" : side == GapSide::no ? "no" : "outside-promise");
  claim["form"] = form;
  claim["order"] = order;
  claim["yes_at_least"] = std::to_string(gap.yes_at_least);
  claim["no_at_most"] = std::to_string(gap.no_at_most);
  return claim;
}

}  // namespace

std::string empty_gap_certificate(const CertificateContext& context, const std::string& form, std::size_t order, const Gap& gap,
                                  const std::optional<mpq_class>& rounding, std::size_t empty_set) {
  Json claim = begun_gap(context, form, order, gap, GapSide::no);
  if (rounding) claim["rounding"] = fraction_json(*rounding);
  claim["empty_set"] = empty_set;
  return finished(context, claim);
}

std::string gap_max_ip_certificate(const CertificateContext& context, const std::string& form, std::size_t order, const Gap& gap,
                                   const GapVerdict& verdict, std::int64_t inner_product, const Recording& recording,
                                   const std::optional<LiftedAssignment>& lifted) {
  Json claim = begun_gap(context, form, order, gap, verdict.side);
  claim["row"] = verdict.row;
  claim["inner_product"] = inner_product;
  if (verdict.witness)
    claim["witness"] = list(*verdict.witness);
  else
    claim["rows"] = rows_json(recording.counts);
  add_lifted(claim, lifted);
  return finished(context, claim);
}

std::string gap_max_ip_certificate(const CertificateContext& context, std::size_t order, const Gap& gap,
                                   const mpq_class& rounding, const ExactGapVerdict& verdict, const Recording& recording,
                                   const std::optional<LiftedAssignment>& lifted) {
  Json claim = begun_gap(context, "real", order, gap, verdict.side);
  claim["rounding"] = fraction_json(rounding);
  claim["row"] = verdict.row;
  claim["enclosure"] = enclosure_json(verdict.floor, verdict.floor, recording.bounds.width);
  if (verdict.witness)
    claim["witness"] = list(*verdict.witness);
  else
    claim["rows"] = rows_json(recording.bounds);
  add_lifted(claim, lifted);
  return finished(context, claim);
}

}  // namespace gapwright
