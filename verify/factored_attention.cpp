// SPDX-License-Identifier: MIT
// Attention over a factored Gap-k-MaxIP instance, decided on integers (docs/reductions.md, sections 3 and 5).
//
// The score of a data tuple is gamma times the number of coins that accept it; the pads of the "sharp" embedding add one tuple of weight
// e^(gamma t) and mixed_tuples of weight 1. So the histogram of accepting coins of a row gives its output exactly, in balls, although the
// vectors of the boxes gadget are far too long to be written.
//
// Histograms: the last party's vectors in blocks, their multiples by every field element in a table (accepting_kernel.hpp), then all prefixes.
#include "verify/factored_attention.hpp"

#include <algorithm>
#include <map>

#include "support/errors.hpp"
#include "support/parallel_rows.hpp"
#include "verify/accepting_kernel.hpp"
#include "verify/row_outputs.hpp"

namespace gapwright {
namespace {

/// Digits of a symbol in base p, Q = p^digits.
std::size_t digits_in(std::size_t field_size, std::size_t characteristic) {
  std::size_t digits = 0;
  for (std::size_t size = 1; size < field_size; size *= characteristic) ++digits;
  return digits;
}

std::size_t characteristic_of(std::size_t field_size) {
  std::size_t p = 2;
  while (p < field_size && field_size % p != 0) ++p;
  return p;
}

std::size_t bytes_per_lane(std::size_t coins, std::size_t blocks, std::size_t field_size, std::size_t digits) {
  return coins * blocks * field_size * digits * sizeof(std::uint16_t);
}

/// How many vectors at a time keep the table within 64 MB; fewer than 32 are never worth a table.
std::size_t lanes_within(std::size_t bytes_per_lane) {
  constexpr std::size_t kTable = std::size_t{64} << 20;
  return std::clamp<std::size_t>(kTable / std::max<std::size_t>(bytes_per_lane, 1) / 32 * 32, 32, 4096);
}

std::size_t whole_vectors(std::size_t count) { return (count + 31) / 32 * 32; }

/// The table of multiples for the vectors first, first + 1, ... of the last set.
class Multiples {
 public:
  Multiples(const FactoredGapMaxIp& g, std::size_t first, std::size_t count)
      : g_(g), digits_(digits_in(g.field.size, g.field.characteristic)), lanes_(whole_vectors(count)) {
    const SymbolRows& set = g.sets->back();
    const std::size_t places = g.coins * g.blocks, q = g.field.size;
    table_.resize(places * q * digits_ * lanes_);
    for (std::size_t place = 0; place < places; ++place)
      for (std::size_t a = 0; a < q; ++a)
        for (std::size_t lane = 0; lane < count; ++lane) {
          std::uint32_t value = g.field.multiply(static_cast<std::uint16_t>(a), set.at(first + lane, place));
          for (std::size_t digit = 0; digit < digits_; ++digit, value /= g.field.characteristic)
            table_[((place * q + a) * digits_ + digit) * lanes_ + lane] =
                static_cast<std::uint16_t>(value % g.field.characteristic);
        }
    for (std::uint32_t symbol : g.message)
      for (std::size_t digit = 0; digit < digits_; ++digit, symbol /= g.field.characteristic)
        message_.push_back(static_cast<std::uint16_t>(symbol % g.field.characteristic));
  }

  static std::size_t block_size(const FactoredGapMaxIp& g) {
    return lanes_within(bytes_per_lane(g.coins, g.blocks, g.field.size, digits_in(g.field.size, g.field.characteristic)));
  }

  std::size_t lanes() const { return lanes_; }
  kernels::AcceptingTask task() const {
    return {table_.data(), message_.data(), g_.coins, g_.blocks,
            g_.field.size, digits_,         lanes_,   static_cast<std::uint16_t>(g_.field.characteristic)};
  }

 private:
  const FactoredGapMaxIp& g_;
  std::size_t digits_, lanes_;
  std::vector<std::uint16_t> table_, message_;
};

/// Calls visit(prefix tuple of parties 1 .. k-2, accepted coins of each vector of the block) for every prefix of a row, in lexicographic order.
class RowScores {
 public:
  RowScores(const FactoredGapMaxIp& g, const Multiples& multiples, const RunControl& control)
      : g_(g),
        multiples_(multiples),
        control_(control),
        products_(g.sets->size(), std::vector<std::uint16_t>(g.coins * g.blocks)),
        accepted_(multiples.lanes()) {}

  template <class Visit>
  void each(std::size_t row, const Visit& visit) {
    const SymbolRows& set = g_.sets->front();
    std::copy_n(set.symbols.begin() + static_cast<std::ptrdiff_t>(row * set.columns), set.columns, products_[0].begin());
    tuple_.clear();
    extend(1, visit);
  }

 private:
  template <class Visit>
  void extend(std::size_t u, const Visit& visit) {
    if (u + 1 == g_.sets->size()) {
      count_(multiples_.task(), products_[u - 1].data(), accepted_.data());
      visit(tuple_, accepted_);
      return;
    }
    const SymbolRows& set = (*g_.sets)[u];
    for (std::size_t j = 0; j < set.rows; ++j) {
      if (u + 2 == g_.sets->size()) control_.check();
      const std::uint16_t* symbols = set.symbols.data() + j * set.columns;
      for (std::size_t c = 0; c < set.columns; ++c) products_[u][c] = g_.field.multiply(products_[u - 1][c], symbols[c]);
      tuple_.push_back(j);
      extend(u + 1, visit);
      tuple_.pop_back();
    }
  }

  const FactoredGapMaxIp& g_;
  const Multiples& multiples_;
  const RunControl& control_;
  std::vector<std::vector<std::uint16_t>> products_;  // products_[u]: of the symbols of parties 0 .. u
  std::vector<std::uint16_t> accepted_;
  std::vector<std::size_t> tuple_;
  kernels::CountAccepting count_ = kernels::count_accepting();
};

std::int64_t largest_of(const std::uint64_t* histogram, std::size_t coins) {
  std::size_t s = coins;
  while (s > 0 && histogram[s] == 0) --s;
  return static_cast<std::int64_t>(s);
}

/// The lexicographically first tuple of the row that the most coins accept; `histogram` is the row's.
FactoredGapMaxIp::Witness best_tuple(const FactoredGapMaxIp& g, std::size_t row, const std::uint64_t* histogram,
                                     const RunControl& control) {
  const auto coins = static_cast<std::size_t>(largest_of(histogram, g.coins));
  FactoredGapMaxIp::Witness best;
  const std::size_t block = Multiples::block_size(g), keys = g.sets->back().rows;
  for (std::size_t first = 0; first < keys; first += block) {
    const std::size_t count = std::min(block, keys - first);
    RowScores(g, Multiples(g, first, count), control)
        .each(row, [&](const std::vector<std::size_t>& prefix, const std::vector<std::uint16_t>& accepted) {
          const auto found = std::find_if(accepted.begin(), accepted.begin() + static_cast<std::ptrdiff_t>(count),
                                          [&](std::uint16_t a) { return a >= coins; });
          if (found == accepted.begin() + static_cast<std::ptrdiff_t>(count)) return;
          FactoredGapMaxIp::Witness tuple{row};
          tuple.insert(tuple.end(), prefix.begin(), prefix.end());
          tuple.push_back(first + static_cast<std::size_t>(found - accepted.begin()));
          if (best.empty() || tuple < best) best = tuple;
        });
  }
  return best;
}

}  // namespace

mpz_class multiples_bytes(std::size_t coins, std::size_t blocks, std::size_t field_size, std::size_t keys) {
  const std::size_t per_lane = bytes_per_lane(coins, blocks, field_size, digits_in(field_size, characteristic_of(field_size)));
  return mpz_class(per_lane) * whole_vectors(std::min(lanes_within(per_lane), keys));
}

std::vector<std::uint64_t> accepting_histograms(const FactoredGapMaxIp& g, std::size_t first_row, std::size_t last_row,
                                                const RunControl& control) {
  if (g.coins > 65535) throw LimitReached("scores are counted for at most 65535 coins, here are " + std::to_string(g.coins));
  const std::size_t width = g.coins + 1, block = Multiples::block_size(g), keys = g.sets->back().rows;
  std::vector<std::uint64_t> counts((last_row - first_row) * width);
  for (std::size_t first = 0; first < keys; first += block) {
    const std::size_t count = std::min(block, keys - first);
    const Multiples multiples(g, first, count);
    RunControl part = control;
    if (control.progress)
      part.progress = [&](double fraction) {
        control.progress((static_cast<double>(first) + fraction * static_cast<double>(count)) / static_cast<double>(keys));
      };
    for_row_pieces(first_row, last_row, 1, part, [&](std::size_t begin, std::size_t end) {
      RowScores scores(g, multiples, part);
      for (std::size_t row = begin; row < end; ++row) {
        std::uint64_t* histogram = counts.data() + (row - first_row) * width;
        scores.each(row, [&](const auto&, const std::vector<std::uint16_t>& accepted) {
          for (std::size_t lane = 0; lane < count; ++lane) ++histogram[accepted[lane]];
        });
      }
    });
  }
  return counts;
}

GapSide side_of_instance(const FactoredGapMaxIp& g, const RunControl& control) {
  const std::size_t rows = g.sets->front().rows;
  const auto counts = accepting_histograms(g, 0, rows, control);
  GapSide side = GapSide::no;
  for (std::size_t row = 0; row < rows; ++row) {
    const GapSide of_row = side_of(g.gap, largest_of(counts.data() + row * (g.coins + 1), g.coins));
    if (of_row == GapSide::yes) return GapSide::yes;
    if (of_row == GapSide::outside_promise) side = GapSide::outside_promise;
  }
  return side;
}

Verdict decide_factored(const FactoredAttention& a, const RunControl& control, const Precision& precision) {
  const FactoredGapMaxIp& g = a.gap_max_ip;
  Verdict verdict = begin_verdict(a.terms, "factored histogram");
  if (!a.mixed_tuples.fits_ulong_p()) throw LimitReached("a row sees 2^64 or more tuples; use fewer vectors");
  const RowOutputs outputs(a.gamma, 1, g.coins);
  const std::size_t rows = g.sets->front().rows, width = g.coins + 1;
  RowCounts counts;
  counts.other.assign(width, 0);
  counts.other[0] = a.mixed_tuples.get_ui();
  counts.other[static_cast<std::size_t>(g.gap.yes_at_least)] += 1;
  std::map<RowCounts, RowVerdict> known;
  constexpr std::size_t kRows = 64;
  for (std::size_t begin = 0; begin < rows; begin += kRows) {
    const std::size_t end = std::min(rows, begin + kRows);
    RunControl part = control;
    if (control.progress)
      part.progress = [&](double fraction) {
        control.progress((static_cast<double>(begin) + fraction * static_cast<double>(end - begin)) / static_cast<double>(rows));
      };
    const auto histograms = accepting_histograms(g, begin, end, part);
    for (std::size_t row = begin; row < end; ++row) {
      counts.main.assign(histograms.begin() + static_cast<std::ptrdiff_t>((row - begin) * width),
                         histograms.begin() + static_cast<std::ptrdiff_t>((row - begin + 1) * width));
      auto found = known.find(counts);
      if (found == known.end()) found = known.emplace(counts, outputs.classify(counts, verdict.between, precision)).first;
      const bool accepted = largest_of(counts.main.data(), g.coins) >= g.gap.yes_at_least;
      if (absorb(verdict, row, found->second, [&] { return accepted; })) {
        verdict.witness = best_tuple(g, row, histograms.data() + (row - begin) * width, control);
        return verdict;
      }
    }
  }
  finish(verdict, precision);
  if (verdict.answer == Answer::yes)
    verdict.witness = best_tuple(g, verdict.row, accepting_histograms(g, verdict.row, verdict.row + 1, control).data(), control);
  return verdict;
}

}  // namespace gapwright
