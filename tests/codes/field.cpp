// SPDX-License-Identifier: MIT
#include "codes/field.hpp"

#include <doctest/doctest.h>
#include <flint/fq_nmod.h>
#include <flint/nmod_poly.h>
#include <flint/nmod_poly_factor.h>

#include <set>
#include <stdexcept>

#include "tests/codes/random.hpp"
#include "tests/multiplier.hpp"

using gapwright::Field;
using gapwright::Symbol;

namespace {

/// FLINT's arithmetic on the same integers, in the field with the modulus that Field shows.
class FlintField {
 public:
  explicit FlintField(const Field& field) : p_(field.characteristic()) {
    nmod_poly_init(modulus_, p_);
    if (field.degree() == 1) {
      nmod_poly_set_coeff_ui(modulus_, 1, 1);
    } else {
      for (unsigned i = 0; i <= field.degree(); ++i) {
        nmod_poly_set_coeff_ui(modulus_, static_cast<slong>(i), field.modulus()[i]);
      }
    }
    fq_nmod_ctx_init_modulus(context_, modulus_, "w");
  }
  FlintField(const FlintField&) = delete;
  FlintField& operator=(const FlintField&) = delete;
  ~FlintField() {
    fq_nmod_ctx_clear(context_);
    nmod_poly_clear(modulus_);
  }
  bool irreducible() const { return nmod_poly_is_irreducible(modulus_) != 0; }

  template <class Operation>
  std::uint32_t apply(std::uint32_t a, std::uint32_t b, const Operation& operation) const {
    fq_nmod_t x, y, z;
    fq_nmod_init(x, context_);
    fq_nmod_init(y, context_);
    fq_nmod_init(z, context_);
    set(x, a);
    set(y, b);
    operation(z, x, y, context_);
    std::uint32_t result = 0;
    for (slong i = nmod_poly_length(z); i-- > 0;) {
      result = result * p_ + static_cast<std::uint32_t>(nmod_poly_get_coeff_ui(z, i));
    }
    fq_nmod_clear(x, context_);
    fq_nmod_clear(y, context_);
    fq_nmod_clear(z, context_);
    return result;
  }

 private:
  void set(fq_nmod_t x, std::uint32_t a) const {
    for (slong i = 0; a != 0; ++i, a /= p_) nmod_poly_set_coeff_ui(x, i, a % p_);
  }
  std::uint32_t p_;
  nmod_poly_t modulus_;
  fq_nmod_ctx_t context_;
};

}  // namespace

TEST_CASE("field: sums and products agree with FLINT") {
  TestRandom random{1};
  for (std::int64_t size : {2, 3, 4, 5, 8, 9, 25, 49, 64, 81, 121, 243, 257, 961, 1009, 1024, 2187, 6561, 65521, 65536}) {
    CAPTURE(size);
    const Field field(size);
    const FlintField flint(field);
    CHECK(flint.irreducible());
    for (int n = 0; n < cases(300); ++n) {
      const std::uint32_t a = n == 0 ? 0 : random.below(field.size());
      const std::uint32_t b = n == 1 ? 0 : random.below(field.size());
      const Symbol x = static_cast<Symbol>(a);
      const Symbol y = static_cast<Symbol>(b);
      REQUIRE(field.add(x, y) == flint.apply(a, b, fq_nmod_add));
      REQUIRE(field.subtract(x, y) == flint.apply(a, b, fq_nmod_sub));
      REQUIRE(field.multiply(x, y) == flint.apply(a, b, fq_nmod_mul));
    }
  }
}

TEST_CASE("field: the example of F_25 and its modulus") {
  const Field field(25);
  CHECK(field.modulus() == std::vector<std::uint32_t>{2, 4, 1});
  CHECK(field.modulus_text() == "w^2 + 4w + 2");
  CHECK(field.multiply(5, 5) == 8);
  CHECK(field.multiply(4, 4) == 1);
  CHECK(field.add(24, 1) == 20);
  CHECK(field.generator() == 5);
  CHECK(Field(7).modulus() == std::vector<std::uint32_t>{0, 1});
  CHECK(Field(7).generator() == 3);
}

TEST_CASE("field: logarithms, inverses and powers") {
  for (std::int64_t size : {2, 3, 4, 7, 27, 32, 49, 1021}) {
    CAPTURE(size);
    const Field field(size);
    std::set<Symbol> powers;
    for (std::uint32_t n = 0; n + 1 < field.size(); ++n) {
      const Symbol a = field.exp(n);
      powers.insert(a);
      REQUIRE(field.log(a) == n);
      REQUIRE(field.multiply(a, field.inverse(a)) == 1);
      REQUIRE(field.power(a, -2) == field.inverse(field.multiply(a, a)));
      REQUIRE(field.power(a, field.size()) == a);
      REQUIRE(field.add(a, field.negative(a)) == 0);
    }
    CHECK(powers.size() == field.size() - 1);
    CHECK(powers.count(0) == 0);
  }
  const Field field(9);
  CHECK(field.power(0, 0) == 1);
  CHECK(field.power(0, 5) == 0);
  CHECK(field.negative(0) == 0);
  CHECK_THROWS_AS(field.inverse(0), std::invalid_argument);
  CHECK_THROWS_AS(field.log(0), std::invalid_argument);
  CHECK_THROWS_AS(field.power(0, -1), std::invalid_argument);
}

TEST_CASE("field: tables are the operations as plain data") {
  for (std::int64_t size : {2, 5, 8, 9, 25}) {
    const Field field(size);
    const auto sums = field.addition_table();
    const auto products = field.multiplication_table();
    REQUIRE(sums.size() == field.size() * field.size());
    for (std::uint32_t a = 0; a < field.size(); ++a) {
      for (std::uint32_t b = 0; b < field.size(); ++b) {
        REQUIRE(sums[a * field.size() + b] == field.add(static_cast<Symbol>(a), static_cast<Symbol>(b)));
        REQUIRE(products[a * field.size() + b] == field.multiply(static_cast<Symbol>(a), static_cast<Symbol>(b)));
      }
    }
  }
  CHECK(refuses_saying([] { Field(1031).addition_table(); }, "at most 1024"));
  CHECK(refuses_saying([] { Field(2048).multiplication_table(); }, "at most 1024"));
}

TEST_CASE("field: adding a multiple of a row and scaling, in every kind of field") {
  TestRandom random{2};
  for (std::int64_t size : {4, 7, 25, 6561}) {
    CAPTURE(size);
    const Field field(size);
    for (int n = 0; n < cases(20); ++n) {
      const auto x = random.matrix(1, 33, field.size()).symbols;
      const auto y = random.matrix(1, 33, field.size()).symbols;
      const Symbol c = n == 0 ? Symbol{0} : static_cast<Symbol>(random.below(field.size()));
      auto sum = y;
      field.add_multiple(sum, c, x);
      auto scaled = x;
      field.scale(scaled, c);
      for (std::size_t i = 0; i < x.size(); ++i) {
        REQUIRE(sum[i] == field.add(y[i], field.multiply(c, x[i])));
        REQUIRE(scaled[i] == field.multiply(c, x[i]));
      }
    }
  }
}

TEST_CASE("field: every prime power up to the limit has a field") {
  int fields = 0;
  for (std::int64_t size = 2; size <= 65536; ++size) {
    const auto power = gapwright::prime_power(size);
    if (!power || power->exponent < 2 || size > cases(5000)) continue;
    const Field field(size);
    CHECK(field.size() == size);
    ++fields;
  }
  CHECK(fields > 10);  // also when the multiplier is small
}

TEST_CASE("field: sizes that are not possible are refused with what is allowed") {
  for (std::int64_t size : {-7, 0, 1, 6, 12, 100, 65537, 131072}) {
    CAPTURE(size);
    CHECK(refuses_saying([&] { Field{size}; }, "prime powers from 2 to 65536"));
  }
  CHECK_FALSE(gapwright::prime_power(36).has_value());
  CHECK(gapwright::prime_power(343)->prime == 7);
  CHECK(gapwright::prime_power(343)->exponent == 3);
}

TEST_CASE("field: elements parse as integers and nothing else") {
  const Field field(9);
  CHECK(field.parse("8") == 8);
  for (const char* text : {"", "9", "-1", "1.0", "x", "3 ", "99999999999999999999"}) {
    CAPTURE(text);
    CHECK(refuses_saying([&] { field.parse(text); }, "integers 0 to 8"));
  }
}
