// SPDX-License-Identifier: MIT
#include "reductions/implied_exponent.hpp"

#include <stdexcept>

namespace gapwright {

ImpliedExponent implied_exponent(std::size_t order, const mpq_class& saving, std::size_t variables) {
  if (order < 2) throw std::invalid_argument("the order is at least 2");
  if (saving < 0 || saving >= 1) throw std::invalid_argument("the saving is at least 0 and below 1");
  ImpliedExponent exponent{order * (1 - saving), 0};
  if (variables > 0) exponent.finite = (1 - saving) * mpq_class(mpz_class(variables), mpz_class((variables + order - 1) / order));
  exponent.asymptotic.canonicalize();
  exponent.finite.canonicalize();
  return exponent;
}

}  // namespace gapwright
