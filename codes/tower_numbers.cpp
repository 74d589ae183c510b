// SPDX-License-Identifier: MIT
// Length, genus, conductor and semigroup of the tower: what is known without computing any function.
//
// Cited, not proved here: the genus from [GS96], the semigroup of P from [PST99]. Both serve to predict sizes and to
// check the functions found; no property of a code rests on them. They are consistent: the gaps of S_m number the
// genus (a test counts).
// Example (a test repeats it): q = 3, m = 3: length 54, genus 16, conductor 18, orders 0, 9, 18, 19, ...
#include "codes/tower_numbers.hpp"

#include "codes/modular.hpp"

namespace gapwright {

std::size_t tower_length(std::uint32_t q, unsigned m) { return (q - 1) * integer_power(q, m); }

std::size_t tower_genus(std::uint32_t q, unsigned m) {
  return (integer_power(q, m / 2) - 1) * (integer_power(q, (m + 1) / 2) - 1);
}

std::size_t tower_conductor(std::uint32_t q, unsigned m) { return integer_power(q, m) - integer_power(q, (m + 1) / 2); }

std::vector<std::size_t> tower_semigroup(std::uint32_t q, unsigned m, std::size_t top) {
  std::vector<std::size_t> orders;
  const std::size_t conductor = tower_conductor(q, m);
  if (m > 1) {
    for (std::size_t s : tower_semigroup(q, m - 1, top / q)) {
      if (q * s < conductor) orders.push_back(q * s);
    }
  }
  for (std::size_t s = conductor; s <= top; ++s) orders.push_back(s);
  return orders;
}

}  // namespace gapwright
