// SPDX-License-Identifier: MIT
// The product of two matrices over F_Q, Q = p^e: batch encoding, systematic forms and membership tests are all this
// product.
//
// Built: (a b)[r][x] = sum_i a[r][i] b[i][x]. Write a[r][i] = sum_j c_j w^j with digits c_j in F_p. Then a row of the
// product is the F_p-combination sum_{i,j} c_j (w^j b[i]): no field multiplication is left in the inner loop. Odd p:
// the digits of w^j b[i] are laid out in e planes of small integers, whole vectors of them are multiplied by c_j and
// added, and reduction modulo p waits until the accumulator could overflow (4,095 terms for p = 5 and 16 bits). p = 2:
// the combination is an exclusive or of symbols. Rows with digit 0 are skipped, so a message of bits costs additions
// only, and about half of them.
// Columns are cut into tiles so that the expanded rows of a tile stay in the second-level cache while all rows of a
// pass over it; only rows that some message uses are expanded. Work: e^2 (odd p) or e/2 (p = 2) vector operations per
// product of two symbols, 8 symbols to the operation on the baseline processor.
// Right because integers are only ever reduced late: an accumulator holds at most flush (p-1)^2 + p - 1 <= its largest
// value.
#include "codes/multiply.hpp"

#include <algorithm>
#include <limits>
#include <stdexcept>
#include <type_traits>

namespace gapwright {

namespace {

/// One row w^j b[i] of a tile that takes part in a combination, with its digit c_j.
struct Term {
  const Symbol* row;
  std::uint32_t digit;
};

struct ExclusiveOr {
  using Wide = Symbol;
  static Wide step(Wide sum, std::uint32_t, Symbol x) { return sum ^ x; }
};

template <class Accumulator>
struct MultiplyAdd {
  using Wide = Accumulator;
  static Wide step(Wide sum, std::uint32_t digit, Symbol x) {
    if constexpr (std::is_same_v<Wide, std::uint16_t>) {
      return static_cast<Wide>(sum + static_cast<Wide>(digit * x));
    } else {
      return sum + static_cast<Wide>(digit) * x;
    }
  }
};

/// sums += all the terms, four rows at a time to spare traffic with the accumulators.
template <class Step>
void accumulate(std::span<const Term> terms, typename Step::Wide* sums, std::size_t width) {
  std::size_t t = 0;
  for (; t + 4 <= terms.size(); t += 4) {
    const Term a = terms[t], b = terms[t + 1], c = terms[t + 2], d = terms[t + 3];
    for (std::size_t x = 0; x < width; ++x) {
      auto sum = Step::step(sums[x], a.digit, a.row[x]);
      sum = Step::step(sum, b.digit, b.row[x]);
      sum = Step::step(sum, c.digit, c.row[x]);
      sums[x] = Step::step(sum, d.digit, d.row[x]);
    }
  }
  for (; t < terms.size(); ++t) {
    for (std::size_t x = 0; x < width; ++x) sums[x] = Step::step(sums[x], terms[t].digit, terms[t].row[x]);
  }
}

class Product {
 public:
  Product(const Field& field, const SymbolMatrix& a, const SymbolMatrix& b)
      : field_(field), a_(a), b_(b), p_(field.characteristic()), e_(field.degree()), planes_(p_ == 2 ? 1 : e_) {
    digits_.resize(std::size_t{field.size()} * e_);
    for (std::uint32_t s = 0; s < field.size(); ++s) {
      std::uint32_t rest = s;
      for (unsigned t = 0; t < e_; ++t, rest /= p_) digits_[std::size_t{s} * e_ + t] = static_cast<Symbol>(rest % p_);
    }
    const std::size_t tiles = std::max<std::size_t>(1, (b.columns + widest_tile - 1) / widest_tile);
    tile_ = ((b.columns + tiles - 1) / tiles + 15) / 16 * 16;  // equal tiles, whole vectors
  }

  SymbolMatrix run(const Progress& progress) {
    const std::uint64_t largest = std::uint64_t{p_ - 1} * (p_ - 1);
    SymbolMatrix result = zero_symbols(a_.rows, b_.columns, progress);
    for (std::size_t first = 0; first < b_.columns; first += tile_) {
      if (p_ == 2) {
        fill<ExclusiveOr>(result, first, std::numeric_limits<std::size_t>::max(), progress);
      } else if (16 * largest + p_ < (1u << 16)) {
        fill<MultiplyAdd<std::uint16_t>>(result, first, ((1u << 16) - p_) / largest, progress);
      } else if (16 * largest + p_ < (std::uint64_t{1} << 32)) {
        fill<MultiplyAdd<std::uint32_t>>(result, first, ((std::uint64_t{1} << 32) - p_) / largest, progress);
      } else {
        fill<MultiplyAdd<std::uint64_t>>(result, first, std::size_t{1} << 31, progress);
      }
    }
    return result;
  }

 private:
  static constexpr std::size_t widest_tile = 512;
  static constexpr std::size_t cache = std::size_t{1} << 14;  // symbols of expanded rows held at a time
  static constexpr std::size_t batch = 512;                   // rows of a that share an expansion

  /// The tile of columns that starts at `first`: for a batch of rows of a, block after block of rows of b.
  template <class Step>
  void fill(SymbolMatrix& result, std::size_t first, std::size_t flush, const Progress& progress) {
    using Wide = typename Step::Wide;
    const std::size_t count = std::min(tile_, b_.columns - first);
    const std::size_t stride = planes_ * tile_;
    const std::size_t block = std::clamp<std::size_t>(cache / (e_ * stride), 1, std::max<std::size_t>(1, flush / e_));
    std::vector<Wide> sums;
    std::vector<Term> terms;
    for (std::size_t top = 0; top < a_.rows; top += batch) {
      const std::size_t height = std::min(batch, a_.rows - top);
      sums.assign(height * stride, 0);
      std::size_t pending = 0;  // terms that a sum may have taken since it was last reduced
      for (std::size_t i = 0; i < b_.rows; i += block) {
        const std::size_t depth = std::min(block, b_.rows - i);
        expand(first, count, i, depth, top, height);
        if (p_ != 2 && pending + depth * e_ > flush) {
          reduce(sums);
          pending = 0;
        }
        pending += depth * e_;
        for (std::size_t r = 0; r < height; ++r) {
          list_terms(a_.row(top + r).subspan(i, depth), terms);
          accumulate<Step>(terms, sums.data() + r * stride, planes_ == 1 ? count : stride);
        }
        if (progress) tell(progress, first, count, top, height, i + depth);  // milliseconds of work
      }
      if (p_ != 2) reduce(sums);
      for (std::size_t r = 0; r < height; ++r) {
        Symbol* out = result.row(top + r).data() + first;
        for (std::size_t x = 0; x < count; ++x) {
          std::uint32_t symbol = 0;
          for (std::size_t t = planes_; t-- > 0;) {
            symbol = symbol * p_ + static_cast<std::uint32_t>(sums[r * stride + t * tile_ + x]);
          }
          out[x] = static_cast<Symbol>(symbol);
        }
      }
    }
  }

  /// Done is: all columns before `first`; of `count` more the rows before `top`; of `height` more the first `depth` rows of b.
  void tell(const Progress& progress, std::size_t first, std::size_t count, std::size_t top, std::size_t height,
            std::size_t depth) const {
    const auto real = [](std::size_t n) { return static_cast<double>(n); };
    const double rows = real(top) + real(height) * real(depth) / real(b_.rows);
    progress(std::min(1.0, (real(first) + real(count) * rows / real(a_.rows)) / real(b_.columns)));
  }

  /// Writes the planes of w^j b[i] on the columns of a tile, for every (i, j) of the block that the batch uses.
  void expand(std::size_t first, std::size_t count, std::size_t i, std::size_t depth, std::size_t top, std::size_t height) {
    used_.assign(depth * e_, 0);
    for (std::size_t r = 0; r < height; ++r) {
      const std::span<const Symbol> row = a_.row(top + r).subspan(i, depth);
      for (std::size_t n = 0; n < depth; ++n) {
        for (unsigned j = 0; j < e_; ++j) used_[n * e_ + j] |= digits_[std::size_t{row[n]} * e_ + j];
      }
    }
    expanded_.resize(depth * e_ * planes_ * tile_);
    std::uint32_t power_of_w = 1;
    for (unsigned j = 0; j < e_; ++j, power_of_w *= p_) {
      for (std::size_t n = 0; n < depth; ++n) {
        if (!used_[n * e_ + j]) continue;
        Symbol* row = expanded_.data() + (n * e_ + j) * planes_ * tile_;
        const Symbol* source = b_.row(i + n).data() + first;
        for (std::size_t x = 0; x < count; ++x) {
          const Symbol s = field_.multiply(static_cast<Symbol>(power_of_w), source[x]);
          if (planes_ == 1) {
            row[x] = s;
          } else {
            for (std::size_t t = 0; t < planes_; ++t) row[t * tile_ + x] = digits_[std::size_t{s} * e_ + t];
          }
        }
      }
    }
  }

  void list_terms(std::span<const Symbol> row, std::vector<Term>& terms) const {
    terms.clear();
    for (std::size_t n = 0; n < row.size(); ++n) {
      const Symbol* c = digits_.data() + std::size_t{row[n]} * e_;
      for (unsigned j = 0; j < e_; ++j) {
        if (c[j]) terms.push_back({expanded_.data() + (n * e_ + j) * planes_ * tile_, c[j]});
      }
    }
  }

  /// Every sum modulo p. Below 2^16 by multiplication: with m = floor(2^32 / p) + 1, s < 2^16: s (m p - 2^32) < 2^32.
  template <class Wide>
  void reduce(std::vector<Wide>& sums) const {
    if constexpr (std::is_same_v<Wide, std::uint16_t>) {
      const std::uint64_t m = (std::uint64_t{1} << 32) / p_ + 1;
      for (Wide& s : sums) s = static_cast<Wide>(s - p_ * ((s * m) >> 32));
    } else {
      for (Wide& s : sums) s %= p_;
    }
  }

  const Field& field_;
  const SymbolMatrix& a_;
  const SymbolMatrix& b_;
  const std::uint32_t p_;
  const unsigned e_;
  const std::size_t planes_;
  std::size_t tile_;              // columns handled together
  std::vector<Symbol> digits_;    // e digits of every element
  std::vector<Symbol> used_;      // is (i, j) of the block in any row of the batch?
  std::vector<Symbol> expanded_;  // [(i, j) of the block][plane][column of the tile]
};

}  // namespace

SymbolMatrix multiply(const Field& field, const SymbolMatrix& a, const SymbolMatrix& b, const Progress& progress) {
  if (a.columns != b.rows) {
    throw std::invalid_argument("a matrix with " + std::to_string(a.columns) + " columns cannot be multiplied by one with " +
                                std::to_string(b.rows) + " rows");
  }
  return Product(field, a, b).run(progress);
}

}  // namespace gapwright
