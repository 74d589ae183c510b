// SPDX-License-Identifier: MIT
#include "verify/recover_bits.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace gapwright {
namespace {

struct Recovered {
  BitMatrix bits;
  int sign = 0;  ///< 0: all entries are 0
};

/// Are all entries bound or -bound, and both occur?
bool is_centred(const Matrix& m, double bound) {
  const auto [least, largest] = std::minmax_element(m.entries.begin(), m.entries.end());
  return *least == -bound && *largest == bound &&
         std::all_of(m.entries.begin(), m.entries.end(), [&](double x) { return std::abs(x) == bound; });
}

/// Centred keys: a one for each bound. Scores are then twice the products of the bits, up to a shift of each row.
Recovered centred_bits_of(const Matrix& m) {
  Recovered result{BitMatrix(m.rows, m.columns), 1};
  for (std::size_t r = 0; r < m.rows; ++r)
    for (std::size_t c = 0; c < m.columns; ++c)
      if (m.at(r, c) > 0) result.bits.set(r, c);
  return result;
}

/// Empty when the entries are not 0 or sign * bound with one sign; then `reason` says which is not.
std::optional<Recovered> bits_of(const Matrix& m, double bound, const std::string& name, std::string& reason) {
  Recovered result{BitMatrix(m.rows, m.columns)};
  for (std::size_t r = 0; r < m.rows; ++r)
    for (std::size_t c = 0; c < m.columns; ++c) {
      const double x = m.at(r, c);
      if (x == 0) continue;
      const int sign = x > 0 ? 1 : -1;
      if (std::abs(x) != bound || (result.sign != 0 && sign != result.sign)) {
        reason = fmt::format("the entries are not bits times B ({}[{}, {}] = {} is neither 0 nor {}{})", name, r, c, x, bound,
                             result.sign == 0 ? " up to sign" : " with its matrix's sign");
        return std::nullopt;
      }
      result.sign = sign;
      result.bits.set(r, c);
    }
  return result;
}

}  // namespace

RecoveredBits recover_bits(const Attention& a) {
  RecoveredBits result;
  if (a.terms.causal) {
    result.reason = "under a causal mask rows see different keys";
    return result;
  }
  BitAttention bits;
  bits.terms = a.terms;
  auto queries = bits_of(a.q, a.terms.entry_bound, "q", result.reason);
  if (!queries) return result;
  bits.queries = std::move(queries->bits);
  bits.sign = queries->sign;
  bits.centred = a.keys.size() == 1 && is_centred(a.keys[0], a.terms.entry_bound);
  bool some_zero = queries->sign == 0;  // then all scores are 0 under either sign, and -1 is counted faster
  for (std::size_t u = 0; u < a.keys.size(); ++u) {
    const std::string number = std::to_string(u + 1);
    auto keys = bits.centred ? centred_bits_of(a.keys[u]) : bits_of(a.keys[u], a.terms.entry_bound, "k" + number, result.reason);
    if (!keys) return result;
    bits.sign *= keys->sign;
    some_zero |= keys->sign == 0;
    bits.keys.push_back(std::move(keys->bits));
    const Matrix& v = a.values[u];
    std::vector<std::uint8_t> column(v.rows);
    for (std::size_t r = 0; r < v.rows; ++r) {
      const double x = v.at(r, 0);
      if (x != 0 && x != 1) {
        result.reason = fmt::format("the entries are not bits times B (v{}[{}, 0] = {} is neither 0 nor 1)", number, r, x);
        return result;
      }
      column[r] = x == 1;
    }
    bits.values.push_back(std::move(column));
  }
  if (a.terms.softmax_scale < 0) {
    bits.sign = -bits.sign;
    bits.terms.softmax_scale = -a.terms.softmax_scale;
  }
  if (some_zero) bits.sign = -1;
  result.bits = std::move(bits);
  return result;
}

}  // namespace gapwright
