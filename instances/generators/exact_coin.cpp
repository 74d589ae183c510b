// SPDX-License-Identifier: MIT
#include "instances/generators/exact_coin.hpp"

#include <stdexcept>

namespace gapwright {
namespace {

/// floor(2^32 q), and what is left of 2^32 q in `rest`.
std::uint64_t next_word(const mpq_class& q, mpq_class& rest) {
  mpz_class floor;
  const mpq_class scaled = q * mpq_class(mpz_class(1) << 32);
  mpz_fdiv_q(floor.get_mpz_t(), scaled.get_num_mpz_t(), scaled.get_den_mpz_t());
  rest = scaled - floor;
  return floor.get_ui();
}

}  // namespace

ExactCoin::ExactCoin(const mpq_class& probability) {
  if (probability < 0 || probability > 1)
    throw std::invalid_argument("a probability is between 0 and 1, here " + probability.get_str());
  first_ = next_word(probability, rest_);
}

bool ExactCoin::later_words(Random& random) const {
  mpq_class rest = rest_;
  for (;;) {
    const std::uint64_t expected = next_word(rest, rest);
    const std::uint32_t word = random.word();
    if (word != expected) return word < expected;
  }
}

}  // namespace gapwright
