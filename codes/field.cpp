// SPDX-License-Identifier: MIT
// Finite fields of at most 2^16 elements.
//
// Built: logarithm tables of F_Q = F_p[w] / (modulus), Q = p^e. FLINT supplies the Conway polynomial of (p, e) and the
// least primitive root of a prime; everything after that is ours, and tests/codes/field.cpp compares it with FLINT's
// arithmetic.
// Why tables: every loop of this room is "look up a product, add it"; two loads and an addition beat any polynomial
// arithmetic while the tables (12 bytes per element, doubled against a modulo) stay in cache.
// Multiplication has no test for zero: log 0 is 2Q - 2 and exp is 0 from there on. For a, b != 0 the sum of logs is at
// most 2Q - 4; otherwise it is at least 2Q - 2 and at most 4Q - 4.
// Addition: exclusive or for p = 2, one conditional subtraction for e = 1, a Q x Q table for odd p, e >= 2, Q <= 2^10,
// digits of the base p beyond that (rare: such fields serve long codes over large alphabets only).
// Size law: 4Q symbols + Q logs + Q negatives, and Q^2 symbols for the table of sums where there is one.
// Example (a test repeats it): in F_25, w^2 = -4w - 2 = w + 3, so 5 * 5 = 8 as integers; 4 * 4 = 1; 24 + 1 = 20.
#include "codes/field.hpp"

#include <flint/fmpz.h>
#include <flint/fq_nmod.h>
#include <flint/nmod_poly.h>
#include <flint/ulong_extras.h>

#include <charconv>
#include <new>
#include <stdexcept>

namespace gapwright {

namespace {

constexpr std::uint32_t largest_field = 1u << 16;
constexpr std::uint32_t largest_table = 1u << 10;

/// FLINT's context for F_p[w] / (Conway polynomial), released at the end of the scope.
class ConwayField {
 public:
  ConwayField(std::uint32_t p, unsigned e) {
    fmpz_init_set_ui(prime_, p);
    found_ = _fq_nmod_ctx_init_conway(context_, prime_, e, "w") != 0;
  }
  ConwayField(const ConwayField&) = delete;
  ConwayField& operator=(const ConwayField&) = delete;
  ~ConwayField() {
    if (found_) fq_nmod_ctx_clear(context_);
    fmpz_clear(prime_);
  }
  std::vector<std::uint32_t> modulus(unsigned e) const {
    if (!found_) throw std::logic_error("no Conway polynomial of this size is known");
    std::vector<std::uint32_t> coefficients(e + 1);
    for (unsigned i = 0; i <= e; ++i) {
      coefficients[i] = static_cast<std::uint32_t>(nmod_poly_get_coeff_ui(fq_nmod_ctx_modulus(context_), static_cast<slong>(i)));
    }
    return coefficients;
  }

 private:
  fmpz_t prime_;
  fq_nmod_ctx_t context_;
  bool found_;
};

/// w a, for e >= 2: shift the digits and subtract the leading one times the modulus.
Symbol times_w(Symbol a, std::uint32_t p, std::uint32_t size, const std::vector<std::uint32_t>& modulus) {
  const std::uint32_t lead = a / (size / p);
  std::uint32_t rest = (a % (size / p)) * p;
  std::uint32_t result = 0;
  std::uint32_t weight = 1;
  for (std::size_t i = 0; i + 1 < modulus.size(); ++i, rest /= p, weight *= p) {
    result += (rest % p + lead * (p - modulus[i])) % p * weight;
  }
  return static_cast<Symbol>(result);
}

}  // namespace

std::optional<PrimePower> prime_power(std::int64_t n) {
  if (n < 2 || n > (std::int64_t{1} << 32)) return std::nullopt;
  std::int64_t p = 2;
  while (p * p <= n && n % p != 0) ++p;
  if (n % p != 0) p = n;
  unsigned e = 0;
  for (; n % p == 0; n /= p) ++e;
  if (n != 1) return std::nullopt;
  return PrimePower{static_cast<std::uint32_t>(p), e};
}

void check_field_size(std::int64_t size) {
  if (!prime_power(size) || size > largest_field)
    throw std::invalid_argument("field size " + std::to_string(size) +
                                " is not possible: allowed are the prime powers from 2 to 65536");
}

Field::Field(std::int64_t size) {
  check_field_size(size);
  const auto power = prime_power(size);
  size_ = static_cast<std::uint32_t>(size);
  characteristic_ = power->prime;
  degree_ = power->exponent;
  modulus_ = degree_ == 1 ? std::vector<std::uint32_t>{0, 1} : ConwayField(characteristic_, degree_).modulus(degree_);

  const std::uint32_t p = characteristic_;
  const std::uint32_t order = size_ - 1;
  exp_.assign(4 * std::size_t{size_}, 0);
  log_.assign(size_, 2 * order);
  const std::uint64_t root = degree_ == 1 ? n_primitive_root_prime(p) : 0;
  std::uint32_t element = 1;
  for (std::uint32_t n = 0; n < order; ++n) {
    exp_[n] = exp_[n + order] = static_cast<Symbol>(element);
    log_[element] = n;
    element =
        degree_ == 1 ? static_cast<std::uint32_t>(element * root % p) : times_w(static_cast<Symbol>(element), p, size_, modulus_);
  }
  if (element != 1) throw std::logic_error("the generator's order is not Q - 1");

  negative_.resize(size_);
  const std::uint32_t log_of_minus_one = p == 2 ? 0 : order / 2;
  for (std::uint32_t a = 0; a < size_; ++a) negative_[a] = exp_[log_[a] + log_of_minus_one];
  if (p != 2 && degree_ > 1 && size_ <= largest_table) {
    sum_.resize(std::size_t{size_} * size_);
    for (std::uint32_t a = 0, i = 0; a < size_; ++a) {
      for (std::uint32_t b = 0; b < size_; ++b, ++i) sum_[i] = add_by_digits(static_cast<Symbol>(a), static_cast<Symbol>(b));
    }
  }
}

std::string Field::modulus_text() const {
  std::string text;
  for (std::size_t i = modulus_.size(); i-- > 0;) {
    const std::uint32_t c = modulus_[i];
    if (c == 0) continue;
    if (!text.empty()) text += " + ";
    if (c != 1 || i == 0) text += std::to_string(c);
    if (i >= 1) text += 'w';
    if (i >= 2) text.append(1, '^').append(std::to_string(i));
  }
  return text;
}

Symbol Field::add_by_digits(Symbol a, Symbol b) const {
  const std::uint32_t p = characteristic_;
  std::uint32_t result = 0;
  for (std::uint32_t x = a, y = b, weight = 1; x != 0 || y != 0; x /= p, y /= p, weight *= p) {
    result += (x % p + y % p) % p * weight;
  }
  return static_cast<Symbol>(result);
}

Symbol Field::add(Symbol a, Symbol b) const {
  if (characteristic_ == 2) return a ^ b;
  if (degree_ == 1) {
    const std::uint32_t sum = std::uint32_t{a} + b;
    return static_cast<Symbol>(sum >= size_ ? sum - size_ : sum);
  }
  return sum_.empty() ? add_by_digits(a, b) : sum_[std::size_t{a} * size_ + b];
}

Symbol Field::inverse(Symbol a) const {
  if (a == 0) throw std::invalid_argument("0 has no inverse");
  return exp_[size_ - 1 - log_[a]];
}

Symbol Field::power(Symbol a, std::int64_t exponent) const {
  if (exponent == 0) return 1;
  if (a == 0 && exponent < 0) throw std::invalid_argument("0 has no inverse");
  if (a == 0) return 0;
  const std::int64_t order = size_ - 1;
  const std::int64_t reduced = (exponent % order + order) % order;
  return exp_[static_cast<std::size_t>(log_[a] * reduced % order)];
}

std::uint32_t Field::log(Symbol a) const {
  if (a == 0) throw std::invalid_argument("0 has no logarithm");
  return log_[a];
}

void Field::add_multiple(std::span<Symbol> y, Symbol c, std::span<const Symbol> x) const {
  const Symbol* product = exp_.data() + log_[c];
  const std::size_t n = y.size();
  if (characteristic_ == 2) {
    for (std::size_t i = 0; i < n; ++i) y[i] ^= product[log_[x[i]]];
  } else if (degree_ == 1) {
    for (std::size_t i = 0; i < n; ++i) {
      const std::uint32_t sum = std::uint32_t{y[i]} + product[log_[x[i]]];
      y[i] = static_cast<Symbol>(sum >= size_ ? sum - size_ : sum);
    }
  } else if (!sum_.empty()) {
    for (std::size_t i = 0; i < n; ++i) y[i] = sum_[std::size_t{product[log_[x[i]]]} * size_ + y[i]];
  } else {
    for (std::size_t i = 0; i < n; ++i) y[i] = add_by_digits(y[i], product[log_[x[i]]]);
  }
}

void Field::scale(std::span<Symbol> x, Symbol c) const {
  for (Symbol& s : x) s = multiply(s, c);
}

std::vector<std::uint16_t> Field::addition_table() const {
  if (size_ > largest_table) {
    throw std::invalid_argument("tables are written for fields of at most 1024 elements, not " + std::to_string(size_));
  }
  std::vector<std::uint16_t> table;
  table.reserve(std::size_t{size_} * size_);
  for (std::uint32_t a = 0; a < size_; ++a) {
    for (std::uint32_t b = 0; b < size_; ++b) table.push_back(add(static_cast<Symbol>(a), static_cast<Symbol>(b)));
  }
  return table;
}

std::vector<std::uint16_t> Field::multiplication_table() const {
  if (size_ > largest_table) {
    throw std::invalid_argument("tables are written for fields of at most 1024 elements, not " + std::to_string(size_));
  }
  std::vector<std::uint16_t> table;
  table.reserve(std::size_t{size_} * size_);
  for (std::uint32_t a = 0; a < size_; ++a) {
    for (std::uint32_t b = 0; b < size_; ++b) table.push_back(multiply(static_cast<Symbol>(a), static_cast<Symbol>(b)));
  }
  return table;
}

Symbol Field::parse(std::string_view text) const {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || !contains(value)) {
    std::string shown;  // what() ends at a zero byte
    for (const char c : text.substr(0, 40)) shown += c == '\0' ? std::string("\\x00") : std::string(1, c);
    throw std::invalid_argument("\"" + shown + "\" is not an element of the field of " + std::to_string(size_) +
                                " elements: allowed are the integers 0 to " + std::to_string(size_ - 1));
  }
  return static_cast<Symbol>(value);
}

namespace {

FLINT_NORETURN void throw_bad_alloc() { throw std::bad_alloc(); }

}  // namespace

void throw_when_flint_is_out_of_memory() { flint_set_abort(throw_bad_alloc); }

}  // namespace gapwright
