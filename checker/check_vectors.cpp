// SPDX-License-Identifier: MIT
// k-OV: is some tuple's inner product 0? Gap-k-MaxIP: is some inner product at least t = yes_at_least? No: all are at most
// s_no = no_at_most; anything else is outside the promise. Real vectors stand for integers up to `rounding`, so t and s_no are
// moved by it towards each other.
#include "checker/check.hpp"
#include "checker/instances.hpp"
#include "checker/message.hpp"
#include "checker/npy.hpp"
#include "checker/quotient.hpp"
#include "checker/rows.hpp"
#include "checker/statements.hpp"
#include "checker/tuples.hpp"

namespace checker {
namespace {

std::vector<KeySet> key_sets(const std::vector<Bits>& sets) {
  std::vector<KeySet> keys;
  for (std::size_t u = 1; u < sets.size(); ++u) keys.push_back({&sets[u], std::vector<bool>(sets[u].rows, true)});
  return keys;
}

std::vector<std::uint64_t> with_row(std::uint64_t row, std::vector<std::uint64_t> tuple) {
  tuple.insert(tuple.begin(), row);
  return tuple;
}

std::string rows_text(std::uint64_t rows) { return counted(std::to_string(rows), "row"); }

bool complete(const Options& options, std::uint64_t rows) { return options.sample == 0 || options.sample >= rows; }

/// A Gap-k-MaxIP instance over integers, whichever form it has.
struct IntegerGap {
  std::uint64_t rows = 0;
  std::size_t largest_product = 0;
  std::function<Counts(std::size_t row)> count;
  std::function<std::optional<std::vector<std::uint64_t>>(std::size_t row, std::size_t at_least)> first;
  std::function<std::size_t(const std::vector<std::uint64_t>& tuple)> product;  ///< of a tuple that first() gave
};

/// No tuple at all: the answer is no.
Accepted check_empty(const Claim& claim, const std::vector<std::uint64_t>& rows) {
  const std::uint64_t set = *claim.empty_set;
  require(set < rows.size() && rows[set] == 0, "empty_set: that set has vectors");
  require(std::find(rows.begin(), rows.end(), std::uint64_t{0}) - rows.begin() == static_cast<std::ptrdiff_t>(set),
          "empty_set: an earlier one is empty");
  return {"set " + std::to_string(set) + " is empty", true};
}

template <class Sets>
std::vector<std::uint64_t> rows_of(const Sets& sets) {
  std::vector<std::uint64_t> rows;
  rows.reserve(sets.size());
  for (const auto& set : sets) rows.push_back(set.rows);
  return rows;
}

Accepted check_integers(const Claim& claim, const IntegerGap& gap, const Options& options, const Clock& clock) {
  require(claim.row < gap.rows, "row: the instance has " + std::to_string(gap.rows) + " rows");
  const mpq_class product(mpz_class(*claim.inner_product));
  if (claim.verdict == "yes") {
    require(product >= claim.yes_at_least, "verdict: the inner product is below yes_at_least");
    const auto first = gap.first(claim.row, mpz_class(claim.yes_at_least.get_num()).get_ui());
    require(first && with_row(claim.row, *first) == *claim.witness,
            "witness: it is not the row's first tuple of inner product at least yes_at_least");
    require(gap.product(*claim.witness) == *claim.inner_product, "inner_product: the witness has another");
    return {rows_text(gap.rows), true};
  }
  const RowCounts& claimed = *claim.rows;
  require(claimed.cut == gap.largest_product + 1, "rows.cut must be " + std::to_string(gap.largest_product + 1));
  require(length_of(claimed.runs) == gap.rows, "rows.runs: the instance has " + std::to_string(gap.rows) + " rows");
  std::size_t largest = 0;
  const auto top = [&](std::size_t run) { return claimed.counts[claimed.runs[run].first].main.size(); };
  for (std::size_t r = 0; r < claimed.runs.size(); ++r) {
    require(top(r) > 0, "rows.counts: a row without tuples");
    if (top(r) > top(largest)) largest = r;
  }
  require(top(largest) - 1 == *claim.inner_product,
          "inner_product: the largest one counted is " + std::to_string(top(largest) - 1));
  require(claim.row == start_of(claimed.runs, largest), "row: another row has the largest inner product first");
  require(claim.verdict == (product <= claim.no_at_most ? "no" : "outside-promise") && product < claim.yes_at_least,
          "verdict: the largest inner product says otherwise");
  each_row<std::uint64_t>(claimed.runs, gap.rows, options, clock, [&](std::uint64_t row, const std::uint64_t& entry) {
    require(gap.count(row) == claimed.counts[entry], "rows: row " + std::to_string(row) + " has other counts");
  });
  return {rows_text(gap.rows), complete(options, gap.rows)};
}

Accepted check_bit_gap(const Claim& claim, const Safetensors& tensors, const Options& options, const Clock& clock) {
  const std::vector<Bits> sets = bit_sets(tensors);
  require(claim.order == sets.size(), "order: the instance has order " + std::to_string(sets.size()));
  if (claim.empty_set) return check_empty(claim, rows_of(sets));
  const auto keys = key_sets(sets);
  const Recount recount(sets[0], keys, clock);
  IntegerGap gap;
  gap.rows = sets[0].rows;
  gap.largest_product = sets[0].columns;
  gap.count = [&](std::size_t row) { return recount.count(row, sets[0].columns + 1); };
  gap.first = [&](std::size_t row, std::size_t at_least) { return recount.first(row, at_least, true); };
  gap.product = [&](const std::vector<std::uint64_t>& tuple) {
    std::size_t ones = 0;
    for (std::size_t c = 0; c < sets[0].columns; ++c) {
      bool all = true;
      for (std::size_t u = 0; u < sets.size(); ++u) all = all && sets[u].get(tuple[u], c);
      ones += all;
    }
    return ones;
  };
  return check_integers(claim, gap, options, clock);
}

Accepted check_symbol_gap(const Claim& claim, const Safetensors& tensors, const Options& options, const Clock& clock) {
  const SymbolGap symbols = symbol_gap(tensors);
  require(claim.order == symbols.sets.size(), "order: the instance has order " + std::to_string(symbols.sets.size()));
  if (claim.empty_set) return check_empty(claim, {symbols.rows.begin(), symbols.rows.end()});
  IntegerGap gap;
  gap.rows = symbols.rows[0];
  gap.largest_product = symbols.coins;
  gap.count = [&](std::size_t row) {
    std::vector<std::uint64_t> counts(symbols.coins + 1);
    each_symbol_tuple(symbols, row, clock, [&](const auto&, std::size_t accepting) {
      ++counts[accepting];
      return true;
    });
    Counts result{{counts.begin(), counts.end()}, {}};
    while (!result.main.empty() && result.main.back() == 0) result.main.pop_back();
    return result;
  };
  std::size_t product = 0;
  gap.first = [&](std::size_t row, std::size_t at_least) {
    std::optional<std::vector<std::uint64_t>> found;
    each_symbol_tuple(symbols, row, clock, [&](const auto& tuple, std::size_t accepting) {
      if (accepting < at_least) return true;
      found = tuple;
      product = accepting;
      return false;
    });
    return found;
  };
  gap.product = [&](const std::vector<std::uint64_t>&) { return product; };
  return check_integers(claim, gap, options, clock);
}

/// A Gap-k-MaxIP instance over real numbers, t and s_no moved towards each other.
struct RealGap {
  std::vector<ExactMatrix> sets;
  long exponent = 0;
  mpq_class yes, no;
  std::uint64_t rows() const { return sets[0].rows; }
};

constexpr unsigned long kRealWidth = 64;  // of the enclosure of an inner product

std::vector<ExactMatrix> real_sets(const Safetensors& tensors) {
  std::vector<ExactMatrix> sets;
  const std::size_t order = tensors.numbered("x", 0);
  if (order < 2 || order != tensors.tensors.size()) throw BadInput("vectors are tensors x0, x1, ... and nothing else");
  for (std::size_t u = 0; u < order; ++u) sets.push_back(exact_matrix(tensors.tensor("x" + std::to_string(u), 2)));
  for (const ExactMatrix& set : sets)
    if (set.columns != sets[0].columns) throw BadInput("the sets have vectors of different dimensions");
  return sets;
}

mpz_class in_widths(const mpq_class& product) { return floor_of(product / scaled(1, kRealWidth)); }

void check_enclosed(const Claim& claim, const mpq_class& product) {
  const mpz_class low = in_widths(product);
  require(claim.enclosure->lo == scaled(low, kRealWidth), "enclosure.lo: the inner product is not there");
  require(claim.enclosure->hi == scaled(low + 1, kRealWidth), "enclosure.hi: the inner product is not there");
}

Accepted check_real_yes(const Claim& claim, const RealGap& gap, const Clock& clock) {
  std::optional<std::vector<std::uint64_t>> first;
  mpq_class product;
  each_real_tuple(gap.sets, claim.row, clock, [&](const auto& tuple, const mpz_class& sum) {
    product = times_power_of_two(sum, gap.exponent);
    if (product < gap.yes) return true;
    first = tuple;
    return false;
  });
  require(first && with_row(claim.row, *first) == *claim.witness,
          "witness: it is not the row's first tuple of inner product at least yes_at_least");
  check_enclosed(claim, product);
  return {rows_text(gap.rows()), true};
}

/// The largest inner product of the row, where it has a tuple.
std::optional<mpq_class> largest_product(const RealGap& gap, std::uint64_t row, const Clock& clock) {
  std::optional<mpz_class> best;
  each_real_tuple(gap.sets, row, clock, [&](const auto&, const mpz_class& sum) {
    if (!best || sum > *best) best = sum;
    return true;
  });
  if (!best) return std::nullopt;
  return times_power_of_two(*best, gap.exponent);
}

Accepted check_real_no(const Claim& claim, const RealGap& gap, const Options& options, const Clock& clock) {
  const RowBounds& claimed = *claim.bounds;
  require(claimed.width == kRealWidth, "rows.width: it differs from enclosure.width");
  require(length_of(claimed.runs) == gap.rows(), "rows.runs: the instance has " + std::to_string(gap.rows()) + " rows");
  std::size_t largest = 0;
  for (std::size_t r = 1; r < claimed.runs.size(); ++r)
    if (claimed.runs[r].first > claimed.runs[largest].first) largest = r;
  require(claim.row == start_of(claimed.runs, largest), "row: another row has the largest inner product first");
  const mpq_class top = claimed.runs[largest].first;
  check_enclosed(claim, top);
  require(top <= gap.no || claim.verdict != "no", "verdict: the largest inner product is above no_at_most");
  std::atomic<bool> above{false};  // a row that is neither no nor yes
  each_row<mpq_class>(claimed.runs, gap.rows(), options, clock, [&](std::uint64_t row, const mpq_class& bound) {
    const auto exact = largest_product(gap, row, clock);
    require(exact && scaled(in_widths(*exact), kRealWidth) == bound,
            "rows: row " + std::to_string(row) + " has another largest inner product");
    require(*exact < gap.yes, "verdict: row " + std::to_string(row) + " reaches yes_at_least");
    if (*exact > gap.no) above = true;
  });
  const bool all = complete(options, gap.rows());
  require(!above || claim.verdict == "outside-promise", "verdict: a row's largest inner product is above no_at_most");
  require(above || !all || claim.verdict == "no", "verdict: no inner product is above no_at_most");
  return {rows_text(gap.rows()), all};
}

Accepted check_real_gap(const Claim& claim, const Safetensors& tensors, const Options& options, const Clock& clock) {
  RealGap gap{real_sets(tensors), 0, claim.yes_at_least - claim.rounding, claim.no_at_most + claim.rounding};
  require(claim.order == gap.sets.size(), "order: the instance has order " + std::to_string(gap.sets.size()));
  require(claim.rounding == decimal(tensors.text("rounding").value_or("0")), "rounding is not the instance's");
  require(claim.rounding >= 0 && 2 * claim.rounding < claim.yes_at_least - claim.no_at_most, "rounding: it leaves no gap");
  if (claim.empty_set) return check_empty(claim, rows_of(gap.sets));
  require(claim.row < gap.rows(), "row: the instance has " + std::to_string(gap.rows()) + " rows");
  require(claim.enclosure->width == kRealWidth, "enclosure.width must be 64");
  gap.exponent = exponent_of(gap.sets);
  return claim.verdict == "yes" ? check_real_yes(claim, gap, clock) : check_real_no(claim, gap, options, clock);
}

/// All files are read: several arrays, or one safetensors file.
std::vector<Bits> vector_sets(const Claim& claim, std::span<const File> files) {
  if (is_npy(files[0].bytes)) return npy_sets(files);
  const Safetensors tensors = read_safetensors(files[0].bytes);
  check_own_hash(tensors, files[0].bytes);
  check_meaning(tensors, "orthogonal-vectors", tensors.numbered("x", 0));
  check_expected(tensors, claim.verdict);
  return bit_sets(tensors);
}

}  // namespace

Accepted check_gap_max_ip(const Claim& claim, const File& file, const Options& options, const Clock& clock) {
  const Safetensors tensors = read_safetensors(file.bytes);
  check_own_hash(tensors, file.bytes);
  check_meaning(tensors, "gap-max-ip", tensors.numbered("x", 0));
  check_expected(tensors, claim.verdict);
  const auto threshold = [&](const std::string& key) {
    require(tensors.text(key).has_value(), key + ": it is missing in the file's metadata");
    return decimal(*tensors.text(key));
  };
  require(claim.yes_at_least == threshold("yes_at_least"), "yes_at_least is not the instance's");
  require(claim.no_at_most == threshold("no_at_most"), "no_at_most is not the instance's");
  constexpr long kLargestProduct = 1L << 62;
  require(claim.yes_at_least.get_den() == 1 && claim.no_at_most.get_den() == 1 && claim.no_at_most >= 0 &&
              claim.yes_at_least > claim.no_at_most && claim.yes_at_least <= kLargestProduct,
          "yes_at_least and no_at_most must be integers, 0 <= no_at_most < yes_at_least <= 2^62");
  const std::string form = tensors_of(tensors);
  require(claim.form == form, "form: the instance's is " + form);
  check_form(tensors, form);
  if (form == "bits") return check_bit_gap(claim, tensors, options, clock);
  if (form == "symbols") return check_symbol_gap(claim, tensors, options, clock);
  return check_real_gap(claim, tensors, options, clock);
}

Accepted check_orthogonal_vectors(const Claim& claim, std::span<const File> files, const Options& options, const Clock& clock) {
  const std::vector<Bits> sets = vector_sets(claim, files);
  require(claim.order == sets.size(), "order: the instance has order " + std::to_string(sets.size()));
  const auto keys = key_sets(sets);
  const Recount recount(sets[0], keys, clock);
  const std::uint64_t rows = sets[0].rows;
  if (claim.verdict == "yes") {
    require(claim.row < rows, "row: the instance has " + std::to_string(rows) + " rows");
    const auto first = recount.first(claim.row, 0, false);
    require(first && with_row(claim.row, *first) == *claim.witness, "witness: it is not the row's first orthogonal tuple");
    return {rows_text(rows), true};
  }
  const RowCounts& claimed = *claim.rows;
  require(claimed.cut == 1, "rows.cut must be 1");
  require(length_of(claimed.runs) == rows, "rows.runs: the instance has " + std::to_string(rows) + " rows");
  for (const Counts& counts : claimed.counts)
    require(counts.main.empty() && counts.other.empty(), "rows.counts: an orthogonal tuple is counted, but the verdict is no");
  each_row<std::uint64_t>(claimed.runs, rows, options, clock, [&](std::uint64_t row, const std::uint64_t&) {
    require(recount.count(row, 1).main.empty(), "rows: row " + std::to_string(row) + " has an orthogonal tuple");
  });
  return {rows_text(rows), complete(options, rows)};
}

}  // namespace checker
