// SPDX-License-Identifier: MIT
// P(X = 0) = (1-p)^n, and each next term is the last times (n - i)/(i + 1) p/(1-p): all positive, so relative errors only add up.
// A floating-point operation of GMP truncates with a relative error below 2^-120; a term takes at most 4 n + 200 of them and a
// tail n more, in all fewer than 2^30 for n <= 2^24, so every value is within a factor (1 - 2^-120)^(2^30) > 1 - 2^-60 of the
// truth, and 1 + 2^-41 makes it an upper bound.
#include "instances/generators/binomial.hpp"

#include <stdexcept>

namespace gapwright {
namespace {

constexpr mp_bitcnt_t kBits = 128;
constexpr std::uint64_t kMostTrials = std::uint64_t{1} << 24;

mpf_class number(const mpq_class& q) {
  const mpf_class above(q.get_num(), kBits), below(q.get_den(), kBits);
  mpf_class result(0, kBits);
  result = above / below;
  return result;
}

}  // namespace

BinomialTails::BinomialTails(std::uint64_t trials, const mpq_class& p, const RunControl& control) {
  if (p <= 0 || p >= 1) throw std::invalid_argument("the success probability must be strictly between 0 and 1");
  if (trials > kMostTrials) throw std::invalid_argument("at most 2^24 trials, here " + std::to_string(trials));
  const mpf_class odds = number(p / (1 - p));
  mpf_class term(0, kBits), up(1, kBits);
  mpf_pow_ui(term.get_mpf_t(), number(1 - p).get_mpf_t(), trials);
  mpf_div_2exp(up.get_mpf_t(), up.get_mpf_t(), 41);
  up += 1;
  term *= up;
  at_least_.reserve(trials + 1);
  at_most_.reserve(trials + 1);
  for (std::uint64_t i = 0; i <= trials; ++i) {
    control.check_at(i);
    at_least_.push_back(term);
    term *= odds * static_cast<unsigned long>(trials - i);
    term /= static_cast<unsigned long>(i + 1);
  }
  at_most_.push_back(at_least_[0]);
  for (std::uint64_t i = 1; i <= trials; ++i) {
    control.check_at(i);
    at_most_.push_back(at_least_[i] + at_most_[i - 1]);
  }
  for (std::uint64_t i = trials; i-- > 0;) {
    control.check_at(i);
    at_least_[i] += at_least_[i + 1];
  }
}

mpz_class tail_bytes(std::uint64_t trials) {
  constexpr unsigned long kDigits = 48;  // what the heap gives for the limbs of one number
  return 2 * (mpz_class(trials) + 1) * (sizeof(mpf_class) + kDigits);
}

mpf_class BinomialTails::at_least(std::uint64_t count) const {
  return count < at_least_.size() ? at_least_[count] : mpf_class(0, kBits);
}

mpf_class BinomialTails::at_most(std::uint64_t count) const {
  return count < at_most_.size() ? at_most_[count] : at_most_.back();
}

}  // namespace gapwright
