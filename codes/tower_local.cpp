// SPDX-License-Identifier: MIT
// Expansions over x_1 = 0 on every level of the tower, arithmetic in F_p only.
//
// Theorem (docs/codes.md, Theorem C7). A place of type j has x_1 = .. = x_j = 0 and x_{j+1} = om, om^{q-1} = -1 (type
// m: all 0). With power series s_l that vanish at 0, s_1 = x_1 and s_{l+1}^q + s_{l+1} = s_l^q / (s_l^{q-1} + 1), and
// with theta_r = sum_a binom(r, a) x_1^{-q^a}: x_l = s_l (l <= j),  x_{j+1} = om + s_{j+1},  x_{j+1+i} = w_i - om^2
// theta_{j-i} (1 <= i <= j), the w_i unramified and integral; the x_l with l >= 2j + 2 (the tail) ramify totally. A
// function is regular at all places of type j exactly when, expanded in om^a prod w_i^{b_i} tail (a <= q - 2, b_i <= q - 1), no
// coefficient has a negative power of x_1, and none has a power <= 0 where the tail is not trivial. A condition of this file is
// one (j, a, b, tail): a series over F_p.
//
// The product of one monomial's factors depends on few numbers: e_2..e_j, the power k of s_{j+1}, the powers d_i of
// theta_{j-i}. There are at most q^{m-1} such products per type; each is one multiplication away from another, so all
// are tabulated, and an expansion is a signed sum of table rows: om^n = (-1)^{n div (q-1)} om^{n mod (q-1)}, binomials
// for c of om^c and b_i of w_i^{b_i}.
// Precision (Lemma C9 there): series modulo x_1^{q^{m-2}} suffice, because the poles of the thetas and the shift by
// x_1^{lowest} together stay below q^{m-2}.
// Size law: at most m q^{m-1} series of 2 q^{m-2} - 1 symbols.
// Example (a test repeats it): q = 3, m = 3: x_3 = w_1 - om^2 / x_1 at type 1 and om^2 = -1, so pi_1 x_3 has exactly
// one entry with a negative exponent, 1 / x_1 with coefficient 1; lowest exponents of the classes 0, 1, 2 are -2, -1,
// 0.
#include "codes/tower_local.hpp"

#include <algorithm>

#include "codes/modular.hpp"

namespace gapwright {

namespace {

/// s_1, ..., s_m modulo x_1^precision, constant term first.
std::vector<std::vector<Symbol>> zero_branch(std::uint32_t q, std::uint32_t p, unsigned m, std::size_t precision,
                                             const std::function<void()>& look) {
  std::vector<std::vector<Symbol>> s(m, std::vector<Symbol>(precision));
  if (precision > 1) s[0][1] = 1;
  const auto multiply = [&](const std::vector<Symbol>& a, const std::vector<Symbol>& b) {
    std::vector<Symbol> c(precision);
    for (std::size_t i = 0; i < precision; ++i) {
      for (std::size_t k = 0; a[i] != 0 && i + k < precision; ++k)
        c[i + k] = static_cast<Symbol>((c[i + k] + std::uint32_t{a[i]} * b[k]) % p);
    }
    return c;
  };
  for (unsigned l = 1; l < m; ++l) {
    std::vector<Symbol> power(precision);  // s_l^{q-1}
    power[0] = 1;
    for (std::uint32_t n = 1; n < q; ++n) {
      power = multiply(power, s[l - 1]);
      look();
    }
    std::vector<Symbol> h(precision);  // s_l^q = h (1 + s_l^{q-1}), coefficient by coefficient
    for (std::size_t t = 0; t < precision; ++t) {
      std::uint32_t c = t % q == 0 ? s[l - 1][t / q] : 0;
      for (std::size_t u = 1; u <= t; ++u) c = (c + std::uint32_t{p - power[u]} * h[t - u]) % p;
      h[t] = static_cast<Symbol>(c);
      if (t % 256 == 0) look();
    }
    for (std::size_t t = 1; t < precision; ++t) {  // s_{l+1} = h - s_{l+1}^q
      s[l][t] = static_cast<Symbol>((h[t] + (t % q == 0 ? p - s[l][t / q] : 0)) % p);
    }
  }
  return s;
}

}  // namespace

TowerExpansions::TowerExpansions(std::uint32_t q, unsigned m, const std::function<void()>& look)
    : q_(q),
      p_(prime_power(q)->prime),
      m_(m),
      window_(m < 2 ? 1 : static_cast<std::int32_t>(integer_power(q, m - 2))),
      binomials_(binomials_modulo(p_, std::max(q, m))) {
  const std::size_t precision = static_cast<std::size_t>(window_);
  std::vector<Series> s;
  for (const std::vector<Symbol>& series : zero_branch(q, p_, m, precision, look)) {
    Series shifted(2 * precision - 1);
    std::copy(series.begin(), series.end(), shifted.begin() + window_ - 1);
    s.push_back(std::move(shifted));
  }
  for (unsigned j = 1; j <= m; ++j) add_type(j, s, look);
}

std::uint64_t TowerExpansions::bytes(std::uint32_t q, unsigned m) {
  return m < 2 ? 64 : std::uint64_t{m} * integer_power(q, m - 1) * (4 * integer_power(q, m - 2) + 24);
}

TowerExpansions::Series TowerExpansions::times(const Series& a, const Series& b) const {
  const std::int32_t size = 2 * window_ - 1;
  Series c(a.size());
  for (std::int32_t i = 0; i < size; ++i) {
    const std::uint32_t factor = b[static_cast<std::size_t>(i)];
    if (factor == 0) continue;
    const std::int32_t shift = i - (window_ - 1);
    for (std::int32_t k = std::max(0, -shift); k < size - std::max(0, shift); ++k) {
      const std::int32_t to = k + shift;
      Symbol& sum = c[static_cast<std::size_t>(to)];
      sum = static_cast<Symbol>((sum + factor * a[static_cast<std::size_t>(k)]) % p_);
    }
  }
  return c;
}

void TowerExpansions::add_type(unsigned j, const std::vector<Series>& s, const std::function<void()>& look) {
  Type type{j, std::min(j, j + 1 <= m_ ? m_ - j - 1 : 0), 2 * j + 1 <= m_ ? m_ - 2 * j - 1 : 0, conditions_, {}};
  conditions_ += static_cast<std::uint32_t>((q_ - 1) * integer_power(q_, type.corrected + type.tail));

  // One factor for each digit of the index (e_2, ..., e_j, k, d_1, ...): s_2, ..., s_{j+1}, -theta_{j-1}, -theta_{j-2},
  // ...
  std::vector<Series> factors(s.begin() + 1, s.begin() + std::min(j + 1, m_));
  for (unsigned i = 1; i <= type.corrected; ++i) {
    Series theta(s[0].size());
    for (unsigned a = 0; a <= j - i; ++a) {
      const std::int32_t position = window_ - 1 - static_cast<std::int32_t>(integer_power(q_, a));
      if (position >= 0) theta[static_cast<std::size_t>(position)] = static_cast<Symbol>((p_ - binomials_[j - i][a]) % p_);
    }
    factors.push_back(std::move(theta));
  }

  Series pi_1(s[0].size());
  pi_1[static_cast<std::size_t>(window_ - 1)] = 1;
  if (static_cast<std::int32_t>(q_) <= window_) pi_1[static_cast<std::size_t>(window_) + q_ - 2] = 1;
  type.products.resize(integer_power(q_, static_cast<unsigned>(factors.size())));
  type.products[0] = pi_1;
  for (std::size_t n = 1; n < type.products.size(); ++n) {
    std::size_t weight = 1;
    std::size_t digit = factors.size() - 1;
    for (; n / weight % q_ == 0; weight *= q_) --digit;
    type.products[n] = times(type.products[n - weight], factors[digit]);
    look();
  }
  types_.push_back(std::move(type));
}

std::vector<std::uint32_t> TowerExpansions::exponents(std::uint32_t monomial_class) const {
  std::vector<std::uint32_t> e(m_ + 1);  // e[l] for l = 2..m
  for (unsigned l = m_; l >= 2; --l, monomial_class /= q_) e[l] = monomial_class % q_;
  return e;
}

std::int32_t TowerExpansions::lowest_exponent(std::uint32_t monomial_class) const {
  const std::vector<std::uint32_t> e = exponents(monomial_class);
  std::int64_t deepest = 0;
  for (unsigned j = 1; j + 2 <= m_; ++j) {  // the pole of prod x_l^{q-1-e_l} at type j, times q^{m-3}
    std::int64_t pole = 0;
    for (unsigned l = j + 2; l <= m_; ++l)
      pole += std::int64_t{q_ - 1 - e[l]} * static_cast<std::int64_t>(integer_power(q_, 2 * j + m_ - 2 - l));
    deepest = std::max(deepest, pole);
  }
  return m_ < 3 ? 0 : -static_cast<std::int32_t>(deepest / static_cast<std::int64_t>(integer_power(q_, m_ - 3)));
}

std::vector<PolarEntry> TowerExpansions::entries(std::uint32_t monomial_class) const {
  std::vector<PolarEntry> out;
  const std::int32_t lowest = lowest_exponent(monomial_class);
  if (monomial_class == 0) {  // the monomial 1, without pi_1
    if (lowest < 0) {
      for (const Type& type : types_) out.push_back({type.first, 0, 0, 1});
    }
    return out;
  }
  const std::vector<std::uint32_t> e = exponents(monomial_class);
  for (const Type& type : types_) append(type, e, lowest, out);
  return out;
}

std::vector<std::uint32_t> TowerExpansions::sums_of(const Type& type, const std::vector<std::uint32_t>& e) const {
  const unsigned j = type.j;
  std::size_t prefix = 0;
  for (unsigned l = 2; l <= std::min(j, m_); ++l) prefix = prefix * q_ + e[l];
  const std::size_t size = static_cast<std::size_t>(2 * window_ - 1);
  const std::size_t powers_of_w = integer_power(q_, type.corrected);
  const std::uint32_t at_om = j + 1 <= m_ ? e[j + 1] : 0;
  std::vector<std::uint32_t> sums((q_ - 1) * powers_of_w * size);

  for (std::size_t b = 0; b < powers_of_w; ++b) {
    std::uint32_t coefficient = 1;
    std::uint32_t power_of_om = 0;
    std::size_t thetas = 0;  // the digits d_i = e_{j+1+i} - b_i
    bool possible = true;
    std::size_t weight = 1;
    for (unsigned i = type.corrected; i >= 1 && possible; --i, weight *= q_) {
      const std::uint32_t b_i = static_cast<std::uint32_t>(b / weight % q_);
      const std::uint32_t e_i = e[j + 1 + i];
      possible = b_i <= e_i;
      if (!possible) break;
      coefficient = coefficient * binomials_[e_i][b_i] % p_;
      power_of_om += 2 * (e_i - b_i);
      thetas += (e_i - b_i) * weight;
    }
    for (std::uint32_t c = 0; possible && c <= at_om; ++c) {
      const std::uint32_t n = power_of_om + c;
      std::uint32_t factor = coefficient * binomials_[at_om][c] % p_;
      if (n / (q_ - 1) % 2 == 1) factor = (p_ - factor) % p_;
      if (factor == 0) continue;
      const std::size_t index = j + 1 <= m_ ? (prefix * q_ + at_om - c) * powers_of_w + thetas : prefix;
      const Series& product = type.products[index];
      std::uint32_t* sum = sums.data() + (n % (q_ - 1) * powers_of_w + b) * size;
      for (std::size_t t = 0; t < size; ++t) sum[t] = (sum[t] + factor * product[t]) % p_;
    }
  }
  return sums;
}

void TowerExpansions::append(const Type& type, const std::vector<std::uint32_t>& e, std::int32_t lowest,
                             std::vector<PolarEntry>& out) const {
  std::size_t tail = 0;
  for (unsigned l = 2 * type.j + 2; l <= m_; ++l) tail = tail * q_ + e[l];
  const std::int32_t limit = tail == 0 ? 0 : 1;
  const std::vector<std::uint32_t> sums = sums_of(type, e);
  const std::size_t size = static_cast<std::size_t>(2 * window_ - 1), powers_of_w = integer_power(q_, type.corrected);
  const std::size_t end = static_cast<std::size_t>(limit - lowest + window_ - 1);  // exponents below limit - lowest
  const std::size_t tails = integer_power(q_, type.tail);
  for (std::size_t key = 0; key < (q_ - 1) * powers_of_w; ++key) {
    for (std::size_t t = 0; t < std::min(size, end); ++t) {
      const std::uint32_t value = sums[key * size + t];
      if (value == 0) continue;
      out.push_back({type.first + static_cast<std::uint32_t>(key * tails + tail), static_cast<std::int32_t>(t) - (window_ - 1),
                     limit, static_cast<Symbol>(value)});
    }
  }
}

}  // namespace gapwright
