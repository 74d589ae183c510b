// SPDX-License-Identifier: MIT
#include "support/limits.hpp"

#include <doctest/doctest.h>

#include <string>

#include "support/errors.hpp"
#include "support/fields_in_message.hpp"

using namespace gapwright;

namespace {

std::string refusal(const auto& call) {
  try {
    call();
  } catch (const LimitReached& e) {
    return e.what();
  }
  return "";
}

}  // namespace

TEST_CASE("limits: what is exactly at the limit is done, one byte or tuple more is refused with the number and the remedy") {
  Limits limits;
  limits.memory = 1000;
  limits.tuples = mpq_class(21, 2);
  check_memory(limits, "it", 1000);
  CHECK(refusal([&] { check_memory(limits, "it", 1001); }).starts_with("it needs 1 kB of memory, the limit is 1 kB; "));
  CHECK(refusal([&] { check_memory(limits, "it", mpz_class(1) << 4000); }).find(" PB of memory") != std::string::npos);
  check_tuples(limits, "it", 10, 64);
  CHECK(with_options(refusal([&] { check_tuples(limits, "it", 11, 64); })) ==
        "it has 11 tuples, the limit is 10.5 (looking at every one would take under 1 s); take a smaller input or raise the "
        "limit on tuples");
  CHECK(refusal([&] { check_tuples(limits, "it", mpz_class(1) << 40000, 64); }).size() < 200);
}

TEST_CASE("limits: the refusals name the fields that set them") {
  Limits limits;
  limits.memory = 1000;
  limits.tuples = 10;
  CHECK(refusal([&] { check_memory(limits, "it", 1001); }).ends_with(" limit (`memory_limit`)"));
  CHECK(refusal([&] { check_tuples(limits, "it", 11, 64); }).ends_with(" on tuples (`max_tuples`)"));
}

TEST_CASE("limits: 80 % of the memory, and 10^18 tuples, unless something else is said") {
  const Limits limits;
  CHECK(limits.memory > 0);
  CHECK(limits.memory == machine_memory() * 4 / 5);
  CHECK(limits.tuples == mpz_class("1000000000000000000"));
  Limits large;
  large.memory = mpz_class(999) << 90;
  CHECK(large.memory_bytes() == UINT64_MAX);
  large.memory = 12;
  CHECK(large.memory_bytes() == 12);
}
