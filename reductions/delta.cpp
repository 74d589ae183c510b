// SPDX-License-Identifier: MIT
// delta, and what it must be (docs/reductions.md, Theorem R13).
//
// Outputs decide at any delta <= 1/4: the thresholds of sharp, paper and direct are yes = Y/(Y + P) and no = Z/(Z + P) with P > 0
// the weight of all other tuples and Z <= delta Y, so yes > no.
//
// Gradients see the loss, a sum over all rows of q: they need rows no^2 < yes^2. As Y <= P (the tuples of pads weigh at least as
// much as a tuple at the threshold and the lightest others, t <= d), no/yes = (Z/Y) (Y + P)/(Z + P) <= 2 delta, and
// delta <= 1/(4 sqrt(rows)) gives rows no^2 <= yes^2 / 4. In the causal form a yes row may have extra rows of weight at most 1 in
// its denominator (docs/challenge.md, Theorem E7), which makes that 3 delta and 9 yes^2 / 16.
// gamma grows by (1/2) ln(rows) - ln 4 over t - s_no.
//
// Example: 128 rows, 1/(4 sqrt(128)) = 0.02209708...: gradient_delta is 0.02209708.
#include "reductions/delta.hpp"

#include <stdexcept>

#include "instances/attention.hpp"
#include "support/decimal.hpp"

namespace gapwright {

mpq_class forward_delta() { return {1, 16}; }

mpq_class gradient_delta(const mpz_class& rows) {
  if (rows <= 16) return forward_delta();
  mpz_class unit, whole;  // floor(unit / (4 sqrt(rows))), unit a power of ten
  mpz_ui_pow_ui(unit.get_mpz_t(), 10, 7 + mpz_sizeinbase(rows.get_mpz_t(), 10) / 2);
  whole = unit * unit / (16 * rows);
  mpz_sqrt(whole.get_mpz_t(), whole.get_mpz_t());
  mpq_class delta(whole, unit);
  delta.canonicalize();
  return delta;
}

mpq_class chosen_delta(const std::optional<mpq_class>& asked, bool for_gradients, const mpz_class& rows) {
  mpq_class delta = asked ? *asked : for_gradients ? gradient_delta(rows) : forward_delta();
  check_delta(delta);
  return delta;
}

void check_delta(const mpq_class& delta) {
  if (delta <= 0 || delta > mpq_class(1, 4))
    throw std::invalid_argument("delta must be above 0 and at most 1/4, not " + delta.get_str());
}

std::string delta_text(const mpq_class& delta) {
  const std::string decimal = decimal_down(delta, 17);
  return parse_decimal(decimal) == delta ? decimal : delta.get_str();
}

bool losses_separate(const mpq_class& yes_at_least, const mpq_class& no_at_most, const mpz_class& rows) {
  return yes_at_least > 0 && yes_at_least * yes_at_least > rows * no_at_most * no_at_most;
}

bool separated_as_written(const mpq_class& yes_at_least, const mpq_class& no_at_most) {
  if (yes_at_least <= no_at_most) return false;
  if (yes_at_least > 2 * no_at_most) return true;  // rounding moves neither by so much; exponents may be beyond what is read
  return parse_decimal(decimal_down(yes_at_least, kThresholdDigits)) > parse_decimal(decimal_up(no_at_most, kThresholdDigits));
}

void check_separated(const mpq_class& yes_at_least, const mpq_class& no_at_most, const std::string& remedy) {
  if (separated_as_written(yes_at_least, no_at_most)) return;
  throw std::invalid_argument("the thresholds of this input would not separate (yes at least " + decimal_down(yes_at_least, 6) +
                              ", no at most " + decimal_up(no_at_most, 6) + "); " + remedy);
}

}  // namespace gapwright
