// SPDX-License-Identifier: MIT
#include "checker/field.hpp"

#include <doctest/doctest.h>

#include <chrono>

#include "checker/errors.hpp"
#include "support/philox.hpp"
#include "tests/multiplier.hpp"

using namespace gapwright;

namespace {

struct Tables {
  std::size_t size;
  std::vector<std::uint16_t> sum, product;
};

/// F_p[x] modulo x^m + lower[m-1] x^(m-1) + ... + lower[0]; elements are numbers to base p.
Tables field(std::size_t p, const std::vector<std::size_t>& lower) {
  const std::size_t m = lower.size();
  std::size_t size = 1;
  for (std::size_t i = 0; i < m; ++i) size *= p;
  const auto digits = [&](std::size_t a) {
    std::vector<std::size_t> d(m);
    for (std::size_t& digit : d) digit = a % p, a /= p;
    return d;
  };
  const auto number = [&](const std::vector<std::size_t>& d) {
    std::size_t a = 0;
    for (std::size_t i = m; i-- > 0;) a = a * p + d[i];
    return static_cast<std::uint16_t>(a);
  };
  Tables t{size, std::vector<std::uint16_t>(size * size), std::vector<std::uint16_t>(size * size)};
  for (std::size_t a = 0; a < size; ++a)
    for (std::size_t b = 0; b < size; ++b) {
      const auto x = digits(a), y = digits(b);
      std::vector<std::size_t> added(m), product(2 * m);
      for (std::size_t i = 0; i < m; ++i) {
        added[i] = (x[i] + y[i]) % p;
        for (std::size_t j = 0; j < m; ++j) product[i + j] = (product[i + j] + x[i] * y[j]) % p;
      }
      for (std::size_t i = 2 * m; i-- > m;)
        for (std::size_t j = 0; j < m; ++j) product[i - m + j] = (product[i - m + j] + product[i] * (p - lower[j])) % p;
      product.resize(m);
      t.sum[a * size + b] = number(added);
      t.product[a * size + b] = number(product);
    }
  return t;
}

std::string field_verdict(const Tables& t) {
  try {
    checker::check_field(t.size, t.sum, t.product);
    return "a field";
  } catch (const checker::Rejected& e) {
    return e.what();
  }
}

/// Every element renamed.
Tables renamed(const Tables& t, const std::vector<std::size_t>& name) {
  Tables r = t;
  for (std::size_t a = 0; a < t.size; ++a)
    for (std::size_t b = 0; b < t.size; ++b) {
      r.sum[name[a] * t.size + name[b]] = static_cast<std::uint16_t>(name[t.sum[a * t.size + b]]);
      r.product[name[a] * t.size + name[b]] = static_cast<std::uint16_t>(name[t.product[a * t.size + b]]);
    }
  return r;
}

}  // namespace

TEST_CASE("checker: the tables of fields are accepted, under any names of the elements but 0 and 1") {
  for (const std::size_t p : {2U, 3U, 5U, 7U, 31U}) CHECK(field_verdict(field(p, {0})) == "a field");
  const Tables f4 = field(2, {1, 1}), f9 = field(3, {1, 0}), f8 = field(2, {1, 1, 0}), f25 = field(5, {2, 0});
  for (const Tables& t : {f4, f9, f8, f25}) CHECK(field_verdict(t) == "a field");
  CHECK(field_verdict(renamed(f9, {0, 1, 5, 3, 8, 2, 7, 4, 6})) == "a field");
  CHECK(field_verdict(renamed(f9, {0, 2, 1, 3, 4, 5, 6, 7, 8})) != "a field");
  CHECK(field_verdict(renamed(f9, {1, 0, 2, 3, 4, 5, 6, 7, 8})) != "a field");
}

TEST_CASE("checker: rings that are no fields") {
  Tables ring4 = field(2, {0, 0}), product_ring = field(2, {0, 1}), integers4 = field(2, {1, 1});
  for (std::size_t a = 0; a < 4; ++a)
    for (std::size_t b = 0; b < 4; ++b) {
      integers4.sum[a * 4 + b] = static_cast<std::uint16_t>((a + b) % 4);
      integers4.product[a * 4 + b] = static_cast<std::uint16_t>(a * b % 4);
    }
  for (const Tables& t : {ring4, product_ring, integers4}) CHECK(field_verdict(t).starts_with("field_"));
  Tables six{6, std::vector<std::uint16_t>(36), std::vector<std::uint16_t>(36)};
  for (std::size_t a = 0; a < 36; ++a) {
    six.sum[a] = static_cast<std::uint16_t>((a / 6 + a % 6) % 6);
    six.product[a] = static_cast<std::uint16_t>(a / 6 * (a % 6) % 6);
  }
  CHECK(field_verdict(six).find("no field of 6") != std::string::npos);
  // The addition of F_9 and a multiplication that is a group, with another generator's table: it does not distribute.
  Tables wrong = field(3, {1, 0});
  const Tables other = renamed(wrong, {0, 1, 4, 3, 2, 5, 6, 7, 8});
  wrong.product = other.product;
  CHECK(field_verdict(wrong).find("distribute") != std::string::npos);
}

TEST_CASE("checker: one entry changed anywhere is found") {
  for (const Tables& right : {field(2, {1, 1}), field(7, {0}), field(3, {1, 0}), field(2, {1, 1, 0, 0})})
    for (int round = 0; round < cases(200); ++round) {
      Random random(2017, static_cast<std::uint64_t>(round));
      Tables t = right;
      auto& table = random.below(2) == 0 ? t.sum : t.product;
      std::uint16_t& entry = table[random.below(table.size())];
      entry = static_cast<std::uint16_t>((entry + 1 + random.below(t.size - 1)) % t.size);
      CHECK(field_verdict(t) != "a field");
    }
}

TEST_CASE("checker: the largest field takes milliseconds") {
  const Tables t = field(2, {1, 0, 0, 1, 0, 0, 0, 0, 0, 0});
  const auto start = std::chrono::steady_clock::now();
  CHECK(field_verdict(t) == "a field");
  CHECK(std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count() < 0.5);
}
