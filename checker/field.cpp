// SPDX-License-Identifier: MIT
// That two Q x Q tables are a field, in O(Q^2) steps instead of the Q^3 of associativity and distributivity taken word by word.
//
// Theorem. Let Q be a power p^m of a prime, and suppose
//   (1) there is a bijection f from (Z/p)^m to the elements with f(0) = 0 and sum[f(a)][f(b)] = f(a + b) for all a, b;
//   (2) product[0][x] = product[x][0] = 0, and some g has the powers g^0 = 1, g^1, ..., g^(Q-2), all different and not 0, with
//       product[g^i][g^j] = g^(i + j mod Q-1) for all i, j;
//   (3) product[g][x + y] = product[g][x] + product[g][y] for all x, y.
// Then the tables are a field. Proof. (1) f is an isomorphism of groups: addition is associative and commutative, 0 is neutral,
// every element has a negative. (2) i -> g^i is an isomorphism of Z/(Q-1) with the elements other than 0: there multiplication is
// associative and commutative, 1 is neutral, and there are inverses; with a factor 0 every product is 0. (3) The map x -> g x is
// additive; x -> g^i x is that map i times over, by (2), and x -> 0 x is 0: so a (x + y) = a x + a y for all a, and the other side
// follows as multiplication commutes.
// Conversely every field with neutral elements 0 and 1 passes: its additive group is (Z/p)^m, and with generators taken greedily
// (the least element not reached yet) the sums below run through all of it, p times as many with each generator; its other
// elements are a cyclic group under multiplication. All comparisons are made, none is sampled. In F_4 = {0, 1, w, w + 1} the
// generators are 1 and w, and g = w.
#include "checker/field.hpp"

#include "checker/errors.hpp"

namespace checker {
namespace {

using Table = std::vector<std::uint16_t>;

/// The p of a prime power.
std::size_t characteristic_of(std::size_t size) {
  std::size_t p = 2;
  while (size % p != 0) ++p;
  std::size_t rest = size;
  while (rest % p == 0) rest /= p;
  require(rest == 1, "field_sum: there is no field of " + std::to_string(size) + " elements");
  return p;
}

/// Digit by digit modulo p.
std::size_t added(std::size_t a, std::size_t b, std::size_t p) {
  std::size_t result = 0;
  for (std::size_t place = 1; a > 0 || b > 0; a /= p, b /= p, place *= p) result += (a + b) % p * place;
  return result;
}

void check_addition(std::size_t size, const Table& sum) {
  const std::size_t p = characteristic_of(size);
  std::vector<std::size_t> f{0};  // f[a], a in digits to base p
  std::vector<bool> reached(size);
  reached[0] = true;
  for (std::size_t generator = 1; f.size() < size;) {
    while (reached[generator]) ++generator;  // f is one-to-one so far and not onto, so there is one
    const std::size_t before = f.size();
    for (std::size_t a = before; a < before * p; ++a) {
      f.push_back(sum[f[a - before] * size + generator]);
      require(!reached[f.back()], "field_sum: sums of " + std::to_string(generator) + " meet again too early");
      reached[f.back()] = true;
    }
  }
  for (std::size_t a = 0; a < size; ++a)
    for (std::size_t b = 0; b < size; ++b)
      if (sum[f[a] * size + f[b]] != f[added(a, b, p)])
        throw Rejected("field_sum: " + std::to_string(f[a]) + " + " + std::to_string(f[b]) +
                       " is not what the other sums make it");
}

/// Powers of an element of order size - 1; none: no such element.
std::vector<std::size_t> powers_of_a_generator(std::size_t size, const Table& product) {
  for (std::size_t g = 1; g < size; ++g) {
    std::vector<std::size_t> powers{1};
    std::vector<bool> seen(size);
    seen[0] = seen[1] = true;
    for (std::size_t next = product[size + g]; !seen[next]; next = product[next * size + g]) {
      seen[next] = true;
      powers.push_back(next);
    }
    if (powers.size() == size - 1) return powers;
  }
  return {};
}

void check_multiplication(std::size_t size, const Table& sum, const Table& product) {
  for (std::size_t x = 0; x < size; ++x)
    require(product[x] == 0 && product[x * size] == 0, "field_product: 0 times " + std::to_string(x) + " is not 0");
  const std::vector<std::size_t> powers = powers_of_a_generator(size, product);
  require(!powers.empty(), "field_product: no element's powers are all but 0");
  for (std::size_t i = 0; i + 1 < size; ++i)
    for (std::size_t j = 0; j + 1 < size; ++j)
      if (product[powers[i] * size + powers[j]] != powers[(i + j) % (size - 1)])
        throw Rejected("field_product: " + std::to_string(powers[i]) + " times " + std::to_string(powers[j]) +
                       " is not what the powers make it");
  const std::size_t g = powers[size > 2 ? 1 : 0];
  for (std::size_t x = 0; x < size; ++x)
    for (std::size_t y = 0; y < size; ++y)
      if (product[g * size + sum[x * size + y]] != sum[product[g * size + x] * size + product[g * size + y]])
        throw Rejected("field_product: it does not distribute over field_sum at " + std::to_string(g) + " (" + std::to_string(x) +
                       " + " + std::to_string(y) + ")");
}

}  // namespace

void check_field(std::size_t size, const Table& sum, const Table& product) {
  check_addition(size, sum);
  check_multiplication(size, sum, product);
}

}  // namespace checker
