// SPDX-License-Identifier: MIT
// Attention: out_i = sum_J v_J e^(S[i;J]) / sum_J e^(S[i;J]) over the tuples J of keys, column 0 of the values. The instance says
// that some out_i is at least yes_at_least, or all are at most no_at_most; so an output above the middle of the two means yes,
// and all below it means no.
//
// Entries 0 and B: S = sign gamma s with s an inner product of bits, so the numbers of tuples by s, main (all values 1) and
// other, give out_i. When only s < cut is counted, each of the remaining tuples weighs between the weights of s = cut and s = d;
// with all of the main rest at one end and all of the other rest at the other, two quotients enclose out_i. Any other entries:
// the exact scores themselves.
#include <functional>
#include <map>

#include "checker/check.hpp"
#include "checker/formula_vectors.hpp"
#include "checker/instances.hpp"
#include "checker/message.hpp"
#include "checker/quotient.hpp"
#include "checker/rows.hpp"
#include "checker/statements.hpp"
#include "checker/tuples.hpp"

namespace checker {
namespace {

mpq_class middle(const AttentionTerms& terms) { return (terms.yes_at_least + terms.no_at_most) / 2; }

void check_terms(const Claim& claim, const AttentionTerms& terms, std::size_t order) {
  require(claim.order == order, "order: the instance has order " + std::to_string(order));
  require(claim.softmax_scale == terms.softmax_scale, "softmax_scale is not the instance's");
  require(claim.entry_bound == terms.entry_bound, "entry_bound is not the instance's");
  require(claim.yes_at_least == terms.yes_at_least, "yes_at_least is not the instance's");
  require(claim.no_at_most == terms.no_at_most, "no_at_most is not the instance's");
}

/// The width is the least of 64, 128, 256, ... at which the enclosures decide: `decides` says whether a smaller one does.
void check_width(std::uint64_t width, const std::function<bool(unsigned long width)>& decides) {
  std::uint64_t least = 64;
  while (least < width) least *= 2;
  require(least == width, "enclosure.width must be 64, 128, 256, ...");
  require(width == 64 || !decides(width / 2), "enclosure.width: half of it is enough");
}

/// [floor(low), floor(high) + 1] in units of 2^-width.
void check_enclosure(const Claim& claim, const mpz_class& low, const mpz_class& high, const mpq_class& between) {
  const Enclosure& e = *claim.enclosure;
  require(e.lo == scaled(low, e.width), "enclosure.lo: the output is not there");
  require(e.hi == scaled(high + 1, e.width), "enclosure.hi: the output is not there");
  if (claim.verdict == "yes")
    require(e.lo > between, "verdict: the row's output is not shown to be above the middle of the thresholds");
  else
    require(e.hi <= between, "verdict: the row's output is not shown to be below the middle of the thresholds");
}

/// Outputs from counts.
class CountedOutputs {
 public:
  CountedOutputs(const AttentionTerms& terms, const BitAttention& bits, const Recount& recount) : recount_(recount) {
    gamma_ = terms.softmax_scale < 0 ? mpq_class(-terms.softmax_scale) : terms.softmax_scale;
    for (std::size_t u = 0; u <= bits.keys.size(); ++u) gamma_ *= terms.entry_bound;
    gamma_ *= bits.centred ? 2 * bits.sign : bits.sign;
  }

  /// floor(x 2^width) of the two ends between which the output lies; equal when all is counted.
  std::pair<mpz_class, mpz_class> floors(const Counts& counts, std::size_t cut, unsigned long width) const {
    mpz_class main_rest = recount_.main_tuples(), other_rest = recount_.all_tuples() - recount_.main_tuples();
    for (const mpz_class& n : counts.main) main_rest -= n;
    for (const mpz_class& n : counts.other) other_rest -= n;
    require(main_rest >= 0 && other_rest >= 0, "counts: more tuples than a row sees");
    const std::size_t columns = recount_.columns();
    if (cut > columns) require(main_rest == 0 && other_rest == 0, "counts: fewer tuples than a row sees");
    const std::size_t heavy = gamma_ < 0 ? cut : columns, light = gamma_ < 0 ? columns : cut;
    const mpz_class low = quotient(counts, main_rest, light, other_rest, heavy).scaled_floor(width);
    if (cut > columns) return {low, low};
    return {low, quotient(counts, main_rest, heavy, other_rest, light).scaled_floor(width)};
  }

 private:
  Quotient quotient(const Counts& counts, const mpz_class& main_rest, std::size_t main_place, const mpz_class& other_rest,
                    std::size_t other_place) const {
    Quotient q;
    const auto add = [&](std::size_t s, const mpz_class& tuples, bool main) {
      if (tuples != 0) q.add(gamma_ * mpz_class(static_cast<unsigned long>(s)), main ? tuples : mpz_class(0), tuples);
    };
    for (std::size_t s = 0; s < counts.main.size(); ++s) add(s, counts.main[s], true);
    for (std::size_t s = 0; s < counts.other.size(); ++s) add(s, counts.other[s], false);
    add(main_place, main_rest, true);
    add(other_place, other_rest, false);
    return q;
  }

  const Recount& recount_;
  mpq_class gamma_;
};

void check_cut(std::uint64_t cut, std::size_t columns, const std::string& what) {
  require(cut == 1 || cut == columns + 1, what + " must be 1, or " + std::to_string(columns + 1) + " to count everything");
}

void check_bits_witness(const Claim& claim, const BitAttention& bits, const Recount& recount) {
  const auto& main = claim.counts->main;
  std::size_t best = bits.sign < 0 ? 0 : main.size();
  while (bits.sign < 0 && best < main.size() && main[best] == 0) ++best;
  require(!main.empty(), "counts.main: no tuple speaks for the row");
  if (bits.sign > 0) --best;
  require(claim.witness->size() == bits.keys.size() + 1 && claim.witness->front() == claim.row,
          "witness must be the row and one key of each key matrix");
  const auto first = recount.first(claim.row, best, bits.sign > 0);
  require(first && std::equal(first->begin(), first->end(), claim.witness->begin() + 1, claim.witness->end()),
          "witness: it is not the row's first tuple of largest weight with all values 1");
}

void check_bits_rows(const Claim& claim, const BitAttention& bits, const Recount& recount, const CountedOutputs& outputs,
                     const mpq_class& between, const Options& options, const Clock& clock) {
  const std::uint64_t rows = bits.queries.rows;
  const unsigned long width = claim.enclosure->width;
  const RowCounts& claimed = *claim.rows;
  check_cut(claimed.cut, bits.queries.columns, "rows.cut");
  require(length_of(claimed.runs) == rows, "rows.runs: the instance has " + std::to_string(rows) + " rows");
  std::vector<mpz_class> bounds;
  for (const Counts& counts : claimed.counts) {
    bounds.push_back(outputs.floors(counts, claimed.cut, width).second);
    require(scaled(bounds.back() + 1, width) <= between,
            "rows.counts: they do not keep every output below the middle of the thresholds");
  }
  std::size_t largest = 0;
  for (std::size_t r = 1; r < claimed.runs.size(); ++r)
    if (bounds[claimed.runs[r].first] > bounds[claimed.runs[largest].first]) largest = r;
  require(claim.row == start_of(claimed.runs, largest), "row: another row has the largest bound first");
  each_row<std::uint64_t>(claimed.runs, rows, options, clock, [&](std::uint64_t row, const std::uint64_t& entry) {
    require(recount.count(row, claimed.cut) == claimed.counts[entry], "rows: row " + std::to_string(row) + " has other counts");
  });
}

Accepted check_bits(const Claim& claim, const AttentionTerms& terms, const BitAttention& bits, const Options& options,
                    const Clock& clock) {
  std::vector<KeySet> sets;
  for (std::size_t u = 0; u < bits.keys.size(); ++u) sets.push_back({&bits.keys[u], bits.ones[u]});
  const Recount recount(bits.queries, sets, clock);
  const CountedOutputs outputs(terms, bits, recount);
  const std::uint64_t rows = bits.queries.rows;
  const std::size_t columns = bits.queries.columns;
  require(claim.row < rows, "row: the instance has " + std::to_string(rows) + " rows");
  check_cut(*claim.cut, columns, "cut");
  require(claim.verdict == "no" || bits.sign < 0 || *claim.cut > columns,
          "cut: weights rise with the inner product, so the tuples beyond the cut are the heaviest; all must be counted");
  const unsigned long width = claim.enclosure->width;
  const mpq_class between = middle(terms);
  const auto [low, high] = outputs.floors(*claim.counts, *claim.cut, width);
  check_enclosure(claim, low, high, between);
  check_width(width, [&](unsigned long half) {
    const auto [lower, upper] = outputs.floors(*claim.counts, *claim.cut, half);
    if (claim.verdict == "yes") return scaled(lower, half) > between;
    bool all = scaled(upper + 1, half) <= between;
    for (const Counts& counts : claim.rows->counts)
      all = all && scaled(outputs.floors(counts, claim.rows->cut, half).second + 1, half) <= between;
    return all;
  });
  if (claim.verdict == "yes")
    check_bits_witness(claim, bits, recount);
  else
    check_bits_rows(claim, bits, recount, outputs, between, options, clock);
  require(recount.count(claim.row, *claim.cut) == *claim.counts, "counts: row " + std::to_string(claim.row) + " has others");
  const bool complete = claim.verdict == "yes" || options.sample == 0 || options.sample >= rows;
  return {counted(std::to_string(rows), "row") + " of " + counted(recount.all_tuples().get_str(), "tuple"), complete};
}

/// Attention with entries of any kind, by exact scores.
class RealAttention {
 public:
  explicit RealAttention(const AttentionFile& file) : scale_(file.terms.softmax_scale) {
    for (const Tensor* tensor : file.tensors) matrices_.push_back(exact_matrix(*tensor));
    for (const Tensor* tensor : file.values) values_.push_back(exact_matrix(*tensor, 1));
    scale_ *= times_power_of_two(1, exponent_of(matrices_));
  }

  std::uint64_t rows() const { return matrices_[0].rows; }

  mpz_class scaled_floor(std::size_t row, unsigned long width, const Clock& clock) const {
    std::map<mpz_class, std::pair<mpz_class, unsigned long>> weights;  // by score: sum of values, number of tuples
    each_real_tuple(matrices_, row, clock, [&](const auto& tuple, const mpz_class& score) {
      auto& [sum, tuples] = weights[score];
      sum += value(tuple);
      ++tuples;
      return true;
    });
    Quotient q;
    for (const auto& [score, weight] : weights)
      q.add(scale_ * score, times_power_of_two(weight.first, exponent_of(values_)), mpz_class(weight.second));
    return q.scaled_floor(width);
  }

  /// The first tuple of largest weight among those of largest value.
  std::vector<std::uint64_t> heaviest(std::size_t row, const Clock& clock) const {
    std::vector<std::uint64_t> best;
    mpz_class best_value, best_score;
    const int sign = scale_ < 0 ? -1 : 1;
    each_real_tuple(matrices_, row, clock, [&](const auto& tuple, const mpz_class& score) {
      const mpz_class v = value(tuple), s = sign * score;
      if (best.empty() || v > best_value || (v == best_value && s > best_score)) {
        best = tuple;
        best_value = v;
        best_score = s;
      }
      return true;
    });
    best.insert(best.begin(), row);
    return best;
  }

 private:
  mpz_class value(const std::vector<std::uint64_t>& tuple) const {
    mpz_class v = 1;
    for (std::size_t u = 0; u < tuple.size(); ++u) v *= values_[u].at(tuple[u], 0);
    return v;
  }

  mpq_class scale_;
  std::vector<ExactMatrix> matrices_, values_;
};

Accepted check_real(const Claim& claim, const AttentionFile& file, const Options& options, const Clock& clock) {
  const RealAttention attention(file);
  const std::uint64_t rows = attention.rows();
  require(claim.row < rows, "row: the instance has " + std::to_string(rows) + " rows");
  const unsigned long width = claim.enclosure->width;
  const mpq_class between = middle(file.terms);
  const auto coarser = [&](const mpz_class& low, unsigned long half) {
    return mpz_class(low >> (width - half));
  };  // floor(x 2^half)
  if (claim.verdict == "yes") {
    const mpz_class low = attention.scaled_floor(claim.row, width, clock);
    check_enclosure(claim, low, low, between);
    check_width(width, [&](unsigned long half) { return scaled(coarser(low, half), half) > between; });
    require(*claim.witness == attention.heaviest(claim.row, clock),
            "witness: it is not the row's first tuple of largest weight among those of largest value");
    return {counted(std::to_string(rows), "row"), true};
  }
  const RowBounds& claimed = *claim.bounds;
  require(claimed.width == width, "rows.width: it differs from enclosure.width");
  require(length_of(claimed.runs) == rows, "rows.runs: the instance has " + std::to_string(rows) + " rows");
  std::size_t largest = 0;
  for (std::size_t r = 0; r < claimed.runs.size(); ++r) {
    require(claimed.runs[r].first + scaled(1, width) <= between,
            "rows.runs: they do not keep every output below the middle of the thresholds");
    if (claimed.runs[r].first > claimed.runs[largest].first) largest = r;
  }
  require(claim.row == start_of(claimed.runs, largest), "row: another row has the largest output first");
  const mpz_class low = floor_of(claimed.runs[largest].first / scaled(1, width));
  check_enclosure(claim, low, low, between);
  check_width(
      width, [&](unsigned long half) { return scaled(coarser(low, half) + 1, half) <= between; });  // the largest decides for all
  each_row<mpq_class>(claimed.runs, rows, options, clock, [&](std::uint64_t row, const mpq_class& bound) {
    require(scaled(attention.scaled_floor(row, width, clock), width) == bound,
            "rows: row " + std::to_string(row) + " has another output");
  });
  return {counted(std::to_string(rows), "row"), options.sample == 0 || options.sample >= rows};
}

/// An assignment alone is one of many models. So that no single changed literal makes another, every true variable must be
/// needed: some clause would be violated if it were false.
void check_needed(const Formula& formula, const std::vector<std::int64_t>& assignment) {
  std::vector<bool> needed(assignment.size());
  for (const auto& clause : formula.clauses) {
    std::int64_t only = 0;
    bool several = false, negated = false;
    for (const std::int64_t literal : clause) {
      const bool holds = assignment[static_cast<std::size_t>(literal < 0 ? -literal : literal) - 1] == literal;
      several |= holds && only != 0 && only != literal;
      if (holds) only = literal;
    }
    for (const std::int64_t literal : clause) negated |= literal == -only;
    if (only > 0 && !several && !negated) needed[static_cast<std::size_t>(only) - 1] = true;
  }
  for (std::size_t v = 0; v < needed.size(); ++v)
    require(assignment[v] < 0 || needed[v], "assignment: variable " + std::to_string(v + 1) + " could as well be false");
}

}  // namespace

Accepted check_attention(const Claim& claim, const File& file, const Options& options, const Clock& clock) {
  const Safetensors tensors = read_safetensors(file.bytes);
  check_own_hash(tensors, file.bytes);
  const AttentionFile attention = attention_file(tensors);
  check_expected(tensors, claim.verdict);
  check_terms(claim, attention.terms, attention.order);
  require(attention.bits.has_value() == claim.counts.has_value(),
          attention.bits ? "counts are missing: the entries are bits times B" : "counts: the entries are not bits times B");
  return attention.bits ? check_bits(claim, attention.terms, *attention.bits, options, clock)
                        : check_real(claim, attention, options, clock);
}

Accepted check_formula(const Claim& claim, const File& file, const Options& options, const Clock& clock) {
  const Formula formula = read_dimacs(file.bytes);
  if (claim.assignment) require(formula.satisfied_by(*claim.assignment), "assignment: it does not satisfy the formula");
  if (!claim.route) check_needed(formula, *claim.assignment);
  if (!claim.route)
    return {"the assignment satisfies " +
                (formula.clauses.size() == 1 ? "the one clause" : "all " + std::to_string(formula.clauses.size()) + " clauses"),
            true};
  const EmbeddedFormula embedded = embed_formula(formula, claim.order);
  check_terms(claim, embedded.terms, claim.order);
  if (claim.assignment)
    require(claim.witness->size() == claim.order && *claim.assignment == lift(formula, *claim.witness),
            "assignment: it is not the lift of the witness");
  return check_bits(claim, embedded.terms, embedded.bits, options, clock);
}

}  // namespace checker
