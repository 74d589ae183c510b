// SPDX-License-Identifier: MIT
#include "support/decimal.hpp"

#include <doctest/doctest.h>

#include "support/philox.hpp"
#include "tests/multiplier.hpp"
#include "tests/support.hpp"

using namespace gapwright;

namespace {

mpq_class power_of_ten(int exponent) { return parse_decimal("1e" + std::to_string(exponent)); }

mpq_class random_rational(Random& random) {
  mpz_class numerator(static_cast<unsigned long>(random.below(1'000'000'000'000))),
      denominator(static_cast<unsigned long>(random.below(999'999) + 1));
  mpq_class value(numerator, denominator);
  value.canonicalize();
  value *= power_of_ten(static_cast<int>(random.below(81)) - 40);
  return random.bit() ? mpq_class(-value) : value;
}

}  // namespace

TEST_CASE("decimal: exact values keep their digits") {
  const std::pair<mpq_class, std::string> table[] = {
      {0, "0"},
      {1, "1"},
      {-1, "-1"},
      {mpq_class(1, 8), "0.125"},
      {mpq_class(-25, 2), "-12.5"},
      {mpq_class(1, 16), "0.0625"},
      {1000, "1000"},
      {mpq_class("123456789012345"), "123456789012345"},
      {power_of_ten(20), "100000000000000000000"},
      {power_of_ten(21), "1e21"},
      {-3 * power_of_ten(30), "-3e30"},
      {power_of_ten(-5), "0.00001"},
      {power_of_ten(-6), "1e-6"},
      {mpq_class(25, 4) * power_of_ten(-12), "6.25e-12"},
  };
  for (const auto& [value, text] : table) {
    CHECK(decimal_down(value, 20) == text);
    CHECK(decimal_up(value, 20) == text);
    CHECK(parse_decimal(text) == value);
  }
}

TEST_CASE("decimal: rounding goes outward, also where it carries and for negative values") {
  struct Case {
    mpq_class value;
    int digits;
    std::string down, up;
  };
  const Case table[] = {
      {mpq_class(2, 3), 3, "0.666", "0.667"},
      {mpq_class(-2, 3), 3, "-0.667", "-0.666"},
      {mpq_class(9999, 1000), 3, "9.99", "10"},
      {mpq_class(-9999, 1000), 3, "-10", "-9.99"},
      {mpq_class(99999, 1000), 1, "90", "100"},
      {mpq_class(999999, 100000000), 2, "0.0099", "0.01"},
      {mpq_class(9999999, 1000000) * power_of_ten(-6), 2, "9.9e-6", "0.00001"},
      {mpq_class("99999999999999999999999"), 3, "9.99e22", "1e23"},
      {mpq_class(99999, 100000) * power_of_ten(21), 2, "990000000000000000000", "1e21"},
      {mpq_class(1, 7) * power_of_ten(-300), 5, "1.4285e-301", "1.4286e-301"},
      {mpq_class(1, 3) * power_of_ten(5000), 4, "3.333e4999", "3.334e4999"},
  };
  for (const Case& c : table) {
    CHECK(decimal_down(c.value, c.digits) == c.down);
    CHECK(decimal_up(c.value, c.digits) == c.up);
  }
}

TEST_CASE("decimal: random rationals lie between their bounds, which are tight") {
  Random random(1, 0);
  for (int i = 0; i < cases(2000); ++i) {
    const mpq_class value = random_rational(random);
    const int digits = 1 + static_cast<int>(random.below(30));
    const mpq_class down = parse_decimal(decimal_down(value, digits)), up = parse_decimal(decimal_up(value, digits));
    CAPTURE(value.get_str());
    CHECK(down <= value);
    CHECK(value <= up);
    CHECK(up - down <= abs(value) * power_of_ten(1 - digits));
    CHECK(parse_decimal(decimal_down(down, digits)) == down);  // what has been rounded once stays
    CHECK(parse_decimal(decimal_up(up, digits)) == up);
  }
}

TEST_CASE("decimal: what is read as a decimal, and what is not") {
  const std::pair<const char*, mpq_class> good[] = {
      {"1e18", power_of_ten(18)},   {"1E+2", 100}, {".5", mpq_class(1, 2)}, {"5.", 5}, {"-0", 0}, {"007.50", mpq_class(15, 2)},
      {"-2.5e-1", mpq_class(-1, 4)}};
  for (const auto& [text, value] : good) CHECK(parse_decimal(text) == value);
  for (const char* text : {"", "-", ".", "e5", "1e", "1e+", "1e5.5", "1.2.3", "0x10", "nan", "inf", "1 ", " 1", "1,5", "--1",
                           "+1", "1e1000000", "1e100001"}) {
    CAPTURE(text);
    CHECK(test::message_of<std::invalid_argument>([&] { parse_decimal(text); }) ==
          "'" + std::string(text) + "' is not a decimal number");
  }
  CHECK(test::message_of<std::invalid_argument>([] { parse_decimal(std::string(1000, 'x')); }).size() < 80);
}
