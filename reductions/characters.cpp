// SPDX-License-Identifier: MIT
// Gadget "characters" (proof in docs/reductions.md, section 5).
//
// At a coin, party 0 accepts iff sum_tau w_tau = Phi with w_tau = prod_u W_u[tau]. Expand f(w) = [sum_tau w_tau = Phi] on F^T in products over
// tau of the functions 1 and chi^m(w_tau), m = 0..Q-2, chi a generator of the multiplicative characters, chi^m(0) = 0. Along each axis
//     fhat(1) = f(0),   fhat(chi^m) = (1/(Q-1)) sum_{y != 0} (f(y) - f(0)) chi^{-m}(y).
// Characters are multiplicative, so each term is a product over the parties: one complex coordinate. At coins of the information set all
// symbols are bits and Phi = 0, and [sum = 0] = prod_tau (1 - w_tau) because T < p: 2^T terms with coefficient +-1.
//
// Coefficients times (Q-1)^(number of characters) are integer combinations of the (Q-1)-th roots of unity; they are computed exactly as
// such (in the group ring of Z/(Q-1)), tested for 0 rigorously (a non-zero algebraic integer whose phi(Q-1) conjugates are at most A has
// absolute value at least A^{1-phi(Q-1)}), and rounded once.
//
// Real form: terms come in conjugate pairs, 2 Re(kappa z_0 ... z_{k-1}) with z_u = prod_tau chi^{m_tau}(W_u[tau]), and
//     Re(z_0 ... z_{k-1}) = (2^{k-1}/k) sum_{r<k} (-1)^r prod_u Re(e^{i pi r/k} z_u),
// k real coordinates of weight 2 |kappa| 2^{k-1}/k; the phase of kappa and the signs lie in x_0. Terms whose characters are all trivial or
// quadratic are real: one coordinate of weight |kappa|.
#include "reductions/characters.hpp"

#include <mpfr.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <map>
#include <numeric>
#include <optional>

#include "instances/zeros.hpp"
#include "support/errors.hpp"

namespace gapwright {
namespace {

/// sum_r ring[r] zeta^r, zeta = e^{2 pi i / (Q-1)}.
using Ring = std::vector<std::int64_t>;

struct Term {
  std::vector<std::uint32_t> axis;  ///< per tau: 0 for the function 1, m + 1 for chi^m
  double magnitude;                 ///< |kappa|
  mpq_class phase;                  ///< arg kappa in turns of the circle (1 is 2 pi), to 128 bits or more
};

struct Coordinate {
  std::vector<std::uint32_t> axis;
  double weight;
  mpq_class phase;    ///< of kappa, in turns; goes to x_0
  unsigned rotation;  ///< r of e^{i pi r / k}; k for a real term
};

std::vector<std::uint32_t> logarithms(const FieldTables& field) {
  for (std::uint32_t g = 1; g < field.size; ++g) {
    std::vector<std::uint32_t> log(field.size, field.size);
    std::uint16_t power = 1;
    std::uint32_t n = 0;
    for (; n + 1 < field.size && log[power] == field.size; ++n) {
      log[power] = n;
      power = field.multiply(power, static_cast<std::uint16_t>(g));
    }
    if (n + 1 == field.size) return log;
  }
  throw std::logic_error("the field has no generator");
}

std::uint32_t totient(std::uint32_t n) {
  std::uint32_t count = 0;
  for (std::uint32_t a = 1; a <= n; ++a) count += std::gcd(a, n) == 1;
  return count;
}

class Expansion {
 public:
  Expansion(const FactoredGapMaxIp& g, const RunControl& control)
      : g_(g), control_(control), order_(g.field.size - 1), log_(logarithms(g.field)) {}

  /// The non-zero terms of f_phi, one of each conjugate pair.
  std::vector<Term> terms(std::uint16_t phi) const {
    const std::size_t size = g_.field.size;
    std::size_t count = 1;
    for (std::size_t tau = 0; tau < g_.blocks; ++tau) count *= size;
    std::vector<Ring> values(count, Ring(order_));
    for (std::size_t w = 0; w < count; ++w) {
      control_.check();
      std::uint16_t sum = 0;
      for (std::size_t tau = 0, rest = w; tau < g_.blocks; ++tau, rest /= size)
        sum = g_.field.add(sum, static_cast<std::uint16_t>(rest % size));
      values[w][0] = sum == phi;
    }
    for (std::size_t stride = 1; stride < count; stride *= size) transform_axis(values, stride);
    return keep_half(values);
  }

  /// prod_tau (1 - w_tau): the terms on bits.
  std::vector<Term> bit_terms() const {
    std::vector<Term> terms;
    for (std::size_t chosen = 0; chosen < std::size_t{1} << g_.blocks; ++chosen) {
      Term term{std::vector<std::uint32_t>(g_.blocks), 1, mpq_class(std::popcount(chosen) % 2, 2)};
      for (std::size_t tau = 0; tau < g_.blocks; ++tau) term.axis[tau] = (chosen >> tau) & 1;  // 1: the trivial character
      terms.push_back(std::move(term));
    }
    return terms;
  }

  bool is_real(const std::vector<std::uint32_t>& axis) const { return conjugate(axis) == axis; }

  /// The exponent e with prod_tau chi^{m_tau}(W[tau]) = zeta^e, or nothing when the product is 0.
  std::optional<std::uint32_t> exponent(const std::vector<std::uint32_t>& axis, const std::uint16_t* symbols) const {
    std::uint64_t e = 0;
    for (std::size_t tau = 0; tau < axis.size(); ++tau) {
      if (axis[tau] == 0) continue;
      if (symbols[tau] == 0) return std::nullopt;
      e += std::uint64_t{axis[tau] - 1} * log_[symbols[tau]];
    }
    return static_cast<std::uint32_t>(e % order_);
  }

  std::uint32_t order() const { return order_; }

 private:
  void transform_axis(std::vector<Ring>& values, std::size_t stride) const {
    const std::size_t size = g_.field.size;
    std::vector<Ring> old(size), fresh(size);
    for (std::size_t base = 0; base < values.size(); ++base) {
      if (base / stride % size != 0) continue;
      control_.check();
      for (std::size_t y = 0; y < size; ++y) old[y] = values[base + y * stride];
      fresh[0] = old[0];
      for (std::uint32_t m = 0; m < order_; ++m) {
        Ring sum(order_);
        for (std::size_t y = 1; y < size; ++y) {
          const std::size_t shift = (order_ - std::uint64_t{m} * log_[y] % order_) % order_;  // chi^{-m}(y)
          for (std::size_t r = 0; r < order_; ++r) sum[(r + shift) % order_] += old[y][r] - old[0][r];
        }
        fresh[m + 1] = std::move(sum);
      }
      for (std::size_t y = 0; y < size; ++y) values[base + y * stride] = fresh[y];
    }
  }

  std::vector<std::uint32_t> conjugate(std::vector<std::uint32_t> axis) const {
    for (auto& a : axis)
      if (a > 0) a = (order_ - (a - 1)) % order_ + 1;
    return axis;
  }

  std::vector<Term> keep_half(const std::vector<Ring>& values) const {
    std::vector<Term> terms;
    for (std::size_t w = 0; w < values.size(); ++w) {
      control_.check();
      std::vector<std::uint32_t> axis(g_.blocks);
      for (std::size_t tau = 0, rest = w; tau < g_.blocks; ++tau, rest /= g_.field.size)
        axis[tau] = static_cast<std::uint32_t>(rest % g_.field.size);
      if (conjugate(axis) < axis) continue;
      if (const auto term = rounded(values[w], axis)) terms.push_back(*term);
    }
    return terms;
  }

  /// kappa as magnitude and phase, each rounded once; nothing when it is exactly 0.
  std::optional<Term> rounded(const Ring& ring, const std::vector<std::uint32_t>& axis) const {
    mpz_class size = 1;  // bounds every conjugate
    for (const std::int64_t r : ring) size += std::abs(r);
    const auto zero_bits = static_cast<long>(mpz_sizeinbase(size.get_mpz_t(), 2) * totient(order_));
    const mpfr_prec_t precision = 128 + 2 * zero_bits;
    mpfr_t re, im, angle, part;
    mpfr_inits2(precision, re, im, angle, part, static_cast<mpfr_ptr>(nullptr));
    mpfr_set_zero(re, 1);
    mpfr_set_zero(im, 1);
    for (std::uint32_t r = 0; r < order_; ++r) {
      if (ring[r] == 0) continue;
      mpfr_const_pi(angle, MPFR_RNDN);
      mpfr_mul_ui(angle, angle, 2UL * r, MPFR_RNDN);
      mpfr_div_ui(angle, angle, order_, MPFR_RNDN);
      mpfr_cos(part, angle, MPFR_RNDN);
      mpfr_mul_si(part, part, ring[r], MPFR_RNDN);
      mpfr_add(re, re, part, MPFR_RNDN);
      mpfr_sin(part, angle, MPFR_RNDN);
      mpfr_mul_si(part, part, ring[r], MPFR_RNDN);
      mpfr_add(im, im, part, MPFR_RNDN);
    }
    std::optional<Term> term;
    mpfr_hypot(part, re, im, MPFR_RNDN);
    if (!mpfr_zero_p(part) && mpfr_get_exp(part) > -zero_bits) {
      mpfr_atan2(angle, im, re, MPFR_RNDN);
      const bool real = is_real(axis);
      const mpq_class turn = real ? mpq_class(mpfr_sgn(re) < 0 ? 1 : 0, 2) : phase_in_turns(angle);
      for (const std::uint32_t a : axis)
        if (a > 0) mpfr_div_ui(part, part, order_, MPFR_RNDN);
      term = Term{axis, mpfr_get_d(part, MPFR_RNDN), turn};
    }
    mpfr_clears(re, im, angle, part, static_cast<mpfr_ptr>(nullptr));
    return term;
  }

  static mpq_class phase_in_turns(mpfr_t angle) {
    mpq_class turns;
    mpfr_t pi;
    mpfr_init2(pi, mpfr_get_prec(angle));
    mpfr_const_pi(pi, MPFR_RNDN);
    mpfr_div(angle, angle, pi, MPFR_RNDN);
    mpfr_div_ui(angle, angle, 2, MPFR_RNDN);
    mpfr_clear(pi);
    mpfr_get_q(turns.get_mpq_t(), angle);
    return turns;
  }

  const FactoredGapMaxIp& g_;
  const RunControl& control_;
  std::uint32_t order_;
  std::vector<std::uint32_t> log_;
};

/// cos(2 pi turns), rounded once, exact at the quarters.
double cosine_of_turns(const mpq_class& turns) {
  const mpq_class quarters = 4 * turns;
  if (quarters.get_den() == 1)
    return mpz_odd_p(quarters.get_num_mpz_t()) ? 0 : mpz_divisible_2exp_p(quarters.get_num_mpz_t(), 2) ? 1 : -1;
  mpfr_t angle, pi;
  mpfr_inits2(192, angle, pi, static_cast<mpfr_ptr>(nullptr));
  mpfr_set_q(angle, turns.get_mpq_t(), MPFR_RNDN);
  mpfr_const_pi(pi, MPFR_RNDN);
  mpfr_mul(angle, angle, pi, MPFR_RNDN);
  mpfr_mul_2ui(angle, angle, 1, MPFR_RNDN);
  mpfr_cos(angle, angle, MPFR_RNDN);
  const double cosine = mpfr_get_d(angle, MPFR_RNDN);
  mpfr_clears(angle, pi, static_cast<mpfr_ptr>(nullptr));
  return cosine;
}

/// Entries of set u in one coordinate, by the exponent e of prod_tau chi^{m_tau}(W_u[tau]) = zeta^e.
std::vector<double> entries_by_exponent(const Coordinate& c, std::size_t u, std::size_t k, std::uint32_t order) {
  const bool real = c.rotation == k;
  mpq_class start = u == 0 ? c.phase : mpq_class(0);
  if (!real) start += mpq_class(c.rotation, 2 * static_cast<unsigned long>(k));
  if (!real && u == 0 && c.rotation % 2 == 1) start += mpq_class(1, 2);  // the sign (-1)^r
  start.canonicalize();
  std::vector<double> entries;
  for (std::uint32_t e = 0; e < order; ++e) {
    mpq_class turns = start + mpq_class(e, order);
    turns.canonicalize();
    entries.push_back(cosine_of_turns(turns));
  }
  return entries;
}

std::vector<Coordinate> real_coordinates(const Expansion& expansion, const std::vector<Term>& terms, std::size_t k) {
  std::vector<Coordinate> coordinates;
  for (const Term& term : terms) {
    if (expansion.is_real(term.axis)) {
      coordinates.push_back({term.axis, term.magnitude, term.phase, static_cast<unsigned>(k)});
      continue;
    }
    for (unsigned r = 0; r < k; ++r)
      coordinates.push_back(
          {term.axis, std::ldexp(2 * term.magnitude, static_cast<int>(k) - 1) / static_cast<double>(k), term.phase, r});
  }
  return coordinates;
}

/// Terms by coin: of the bits at systematic coins, else of Phi at the coin.
class CoinTerms {
 public:
  CoinTerms(const FactoredGapMaxIp& g, const RunControl& control) : expansion(g, control), k_(g.sets->size()), g_(g) {}
  const std::vector<Coordinate>& at(std::size_t coin) {
    const bool bits = std::binary_search(g_.systematic.begin(), g_.systematic.end(), coin);
    const std::uint32_t key = bits ? g_.field.size : g_.message[coin];
    auto found = known_.find(key);
    if (found == known_.end())
      found =
          known_.emplace(key, real_coordinates(expansion, bits ? expansion.bit_terms() : expansion.terms(g_.message[coin]), k_))
              .first;
    return found->second;
  }
  const Expansion expansion;

 private:
  std::size_t k_;
  const FactoredGapMaxIp& g_;
  std::map<std::uint32_t, std::vector<Coordinate>> known_;
};

void check_table(const FactoredGapMaxIp& g) {
  double entries = 1;
  for (std::size_t tau = 0; tau < g.blocks; ++tau) entries *= g.field.size;
  if (entries * g.field.size > 0x1p25)
    throw LimitReached("the characters gadget expands a function on F^T with Q^T = " + std::to_string(g.field.size) + "^" +
                       std::to_string(g.blocks) +
                       " values, more than it takes on; use the factored form, fewer blocks or a smaller field");
}

}  // namespace

std::vector<std::size_t> character_coordinates(const FactoredGapMaxIp& g, const RunControl& control) {
  check_table(g);
  CoinTerms terms(g, control);
  std::vector<std::size_t> counts;
  for (std::size_t coin = 0; coin < g.coins; ++coin) counts.push_back(terms.at(coin).size());
  return counts;
}

RealGapMaxIp characters(const FactoredGapMaxIp& g, const mpz_class& most_bits, const RunControl& control) {
  check_table(g);
  CoinTerms terms(g, control);
  const auto counts = character_coordinates(g, control);
  const std::size_t dimension = std::accumulate(counts.begin(), counts.end(), std::size_t{0});
  mpz_class rows = 0;
  for (const SymbolRows& set : *g.sets) rows += set.rows;
  if (rows * dimension * 64 > most_bits)
    throw LimitReached("the characters gadget has " + std::to_string(dimension) + " coordinates, " +
                       mpz_class(rows * dimension * 8).get_str() + " bytes in all; use the factored form or a larger limit");
  RealGapMaxIp instance;
  instance.gap = g.gap;
  instance.made_by = g.made_by;
  const std::size_t k = g.sets->size();
  for (const SymbolRows& set : *g.sets) instance.sets.push_back(zero_matrix(set.rows, dimension, control));
  std::size_t column = 0;
  for (std::size_t coin = 0; coin < g.coins; ++coin)
    for (const Coordinate& c : terms.at(coin)) {
      instance.weights.push_back(c.weight);
      for (std::size_t u = 0; u < k; ++u) {
        const auto entries = entries_by_exponent(c, u, k, terms.expansion.order());
        const SymbolRows& set = (*g.sets)[u];
        control.check();
        for (std::size_t row = 0; row < set.rows; ++row)
          if (const auto e = terms.expansion.exponent(c.axis, set.symbols.data() + row * set.columns + coin * g.blocks))
            instance.sets[u].at(row, column) = entries[*e];
      }
      ++column;
    }
  // Written out, a factor is the cosine times the k-th root of the weight: with room, a relative error of (1 + 2^-53)^8 - 1 each.
  const double mass = std::accumulate(instance.weights.begin(), instance.weights.end(), 0.0);
  instance.rounding = mass * 8.5 * static_cast<double>(k) * 0x1p-53;
  return instance;
}

}  // namespace gapwright
