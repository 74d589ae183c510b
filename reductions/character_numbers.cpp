// SPDX-License-Identifier: MIT
// The characters gadget by numbers (docs/reductions.md, Theorem R11).
//
// A term chooses for each of the T axes the function 1, the trivial character (0 at 0) or one of the Q - 2 others. With b axes of the last
// kind and c trivial ones its coefficient has the absolute value
//     (Q/(Q-1))^c (Q-1)^(-b) |J|,   J = sum over y in (F*)^b, sum y = Phi, of prod conj chi_tau(y_tau),
// and |J| is known from Gauss sums: for Phi != 0 it is Q^((b-1)/2), or Q^((b-2)/2) when the characters multiply to the trivial one; for Phi = 0
// it is Q^((b-2)/2) when they do and 0 otherwise. For b = 0: 1/Q (Q/(Q-1))^c at Phi != 0 and c >= 1 (0 at c = 0), (Q-1)/Q (Q/(Q-1))^c
// at Phi = 0 and c >= 1 (1 at c = 0). Of the (Q-2)^b choices m_b = ((Q-2)^b + (Q-2)(-1)^b)/(Q-1) multiply to the trivial character.
//
// A term of trivial and quadratic characters only is real: one coordinate of weight |kappa|. The others come in conjugate pairs, each k
// coordinates of weight 2^k |kappa| / k. Every weight is the square root of a rational number, so repetitions are counted exactly.
//
// Example (a test repeats it): Q = 5, T = 4, k = 3: 215 coordinates at Phi = 0, 896 otherwise.
#include "reductions/character_numbers.hpp"

#include "support/powers.hpp"

namespace gapwright {
namespace {

mpq_class fraction(const mpz_class& numerator, const mpz_class& denominator) {
  mpq_class q(numerator, denominator);
  q.canonicalize();
  return q;
}

mpz_class choose(std::size_t n, std::size_t r) {
  mpz_class result;
  mpz_bin_uiui(result.get_mpz_t(), n, r);
  return result;
}

/// Adds `terms` terms of which `real` are real, all with this |kappa|^2.
void add_terms(std::vector<WeightClass>& classes, const mpz_class& terms, const mpz_class& real, const mpq_class& squared,
               std::size_t parties) {
  if (real > 0) classes.push_back({real, squared});
  if (terms == real) return;
  const mpq_class spread = fraction(power(2, parties), mpz_class(parties));
  classes.push_back({(terms - real) / 2 * parties, squared * spread * spread});
}

}  // namespace

std::vector<WeightClass> character_weights(CoinKind kind, std::uint64_t field_size, std::size_t blocks, std::size_t parties,
                                           const RunControl& control) {
  if (kind == CoinKind::systematic) return {{power(2, blocks), 1}};  // prod (1 - w_tau)
  const mpz_class q(field_size);
  const mpq_class trivial_squared = fraction(q * q, (q - 1) * (q - 1));  // of one trivial axis
  const bool zero = kind == CoinKind::zero, quadratic = field_size % 2 == 1;
  std::vector<WeightClass> classes;
  for (std::size_t b = 0; b <= blocks; ++b) {
    const mpz_class all = power(q - 2, b);
    const mpz_class closing = (all + (b % 2 == 0 ? mpz_class(q - 2) : mpz_class(2 - q))) / (q - 1);  // m_b; used for b >= 1
    const mpz_class real_closing = quadratic && b % 2 == 0 ? 1 : 0, real_open = quadratic && b % 2 == 1 ? 1 : 0;
    mpq_class axes = 1;  // (Q/(Q-1))^(2c)
    for (std::size_t c = 0; b + c <= blocks; ++c, axes *= trivial_squared) {
      control.check();
      const mpz_class places = choose(blocks, b) * choose(blocks - b, c);
      if (b == 0) {
        const mpq_class share = zero ? fraction(q - 1, q) : fraction(1, q);
        if (c > 0)
          classes.push_back({places, axes * share * share});
        else if (zero)
          classes.push_back({1, 1});
        continue;
      }
      const mpq_class open = axes * fraction(power(q, b - 1), power(q - 1, 2 * b));  // |kappa|^2 with |J|^2 = Q^(b-1)
      if (!zero && all > closing) add_terms(classes, places * (all - closing), places * real_open, open, parties);
      if (closing > 0)
        add_terms(classes, places * closing, places * real_closing,
                  zero ? mpq_class(open * (q - 1) * (q - 1) / q) : mpq_class(open / q), parties);
    }
  }
  return classes;
}

mpz_class coordinate_count(const std::vector<WeightClass>& classes) {
  mpz_class count = 0;
  for (const WeightClass& c : classes) count += c.coordinates;
  return count;
}

mpz_class repetitions(const mpq_class& weight_squared, const mpq_class& mu) {
  // The least r with r^2 mu^2 >= w^2.
  const mpq_class ratio = weight_squared / (mu * mu);
  mpz_class ceiling, root;
  mpz_cdiv_q(ceiling.get_mpz_t(), ratio.get_num_mpz_t(), ratio.get_den_mpz_t());
  mpz_sqrt(root.get_mpz_t(), ceiling.get_mpz_t());
  return root * root < ceiling ? mpz_class(root + 1) : root;
}

}  // namespace gapwright
