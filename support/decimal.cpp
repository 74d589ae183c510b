// SPDX-License-Identifier: MIT
// Decimals rounded in a stated direction. For value > 0 let e be the exponent with 10^e <= value < 10^(e+1); the significand
// floor(value 10^(digits-1-e)) (or ceil) is an integer with `digits` digits, and trailing zeros are dropped. Negative values swap
// the directions.
#include "support/decimal.hpp"

#include <algorithm>
#include <stdexcept>

namespace gapwright {
namespace {

mpz_class power_of_ten(long exponent) {
  mpz_class power;
  mpz_ui_pow_ui(power.get_mpz_t(), 10, static_cast<unsigned long>(exponent));
  return power;
}

mpq_class times_power_of_ten(const mpq_class& value, long exponent) {
  return exponent >= 0 ? mpq_class(value * power_of_ten(exponent)) : mpq_class(value / power_of_ten(-exponent));
}

/// The e with 10^e <= value < 10^(e+1), value > 0.
long decimal_exponent(const mpq_class& value) {
  long e = static_cast<long>(mpz_sizeinbase(value.get_num_mpz_t(), 10)) -
           static_cast<long>(mpz_sizeinbase(value.get_den_mpz_t(), 10)) + 1;
  while (times_power_of_ten(value, -e) < 1) --e;
  return e;
}

std::string positive(const mpq_class& value, int digits, bool up) {
  long e = decimal_exponent(value);
  const mpq_class shifted = times_power_of_ten(value, digits - 1 - e);
  mpz_class significand;
  if (up)
    mpz_cdiv_q(significand.get_mpz_t(), shifted.get_num_mpz_t(), shifted.get_den_mpz_t());
  else
    mpz_fdiv_q(significand.get_mpz_t(), shifted.get_num_mpz_t(), shifted.get_den_mpz_t());
  std::string text = significand.get_str();
  if (text.size() > static_cast<std::size_t>(digits)) ++e;  // 9.99 rounded up to 10.0
  text.erase(text.find_last_not_of('0') + 1);
  const long count = static_cast<long>(text.size());
  if (e < -5 || e > 20) return text.substr(0, 1) + (count > 1 ? "." + text.substr(1) : "") + "e" + std::to_string(e);
  if (e < 0) return "0." + std::string(static_cast<std::size_t>(-e - 1), '0') + text;
  if (count <= e + 1) return text + std::string(static_cast<std::size_t>(e + 1 - count), '0');
  return text.substr(0, static_cast<std::size_t>(e + 1)) + "." + text.substr(static_cast<std::size_t>(e + 1));
}

std::string rounded(const mpq_class& value, int digits, bool up) {
  if (value == 0) return "0";
  return value > 0 ? positive(value, digits, up) : "-" + positive(-value, digits, !up);
}

}  // namespace

std::string decimal_down(const mpq_class& value, int digits) { return rounded(value, digits, false); }
std::string decimal_up(const mpq_class& value, int digits) { return rounded(value, digits, true); }

mpq_class parse_decimal(std::string_view text) {
  const auto fail = [&] { throw std::invalid_argument("'" + std::string(text.substr(0, 40)) + "' is not a decimal number"); };
  std::string_view rest = text;
  const bool negative = rest.starts_with('-');
  if (negative) rest.remove_prefix(1);
  long exponent = 0;
  if (const auto e = rest.find_first_of("eE"); e != std::string_view::npos) {
    std::string_view digits = rest.substr(e + 1);
    const bool minus = digits.starts_with('-');
    if (minus || digits.starts_with('+')) digits.remove_prefix(1);
    if (digits.empty() || digits.size() > 6 || digits.find_first_not_of("0123456789") != std::string_view::npos) fail();
    exponent = std::stol(std::string(digits)) * (minus ? -1 : 1);
    if (std::abs(exponent) > 100'000) fail();
    rest = rest.substr(0, e);
  }
  std::string digits(rest);
  if (const auto point = digits.find('.'); point != std::string::npos) {
    exponent -= static_cast<long>(digits.size() - point - 1);
    digits.erase(point, 1);
  }
  if (digits.empty() || digits.find_first_not_of("0123456789") != std::string::npos) fail();
  const mpq_class value = times_power_of_ten(mpq_class(mpz_class(digits, 10)), exponent);
  return negative ? mpq_class(-value) : value;
}

}  // namespace gapwright
