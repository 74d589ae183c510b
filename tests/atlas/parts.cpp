// SPDX-License-Identifier: MIT
#include "atlas/parts.hpp"

#include <doctest/doctest.h>

#include <filesystem>

#include "support/errors.hpp"
#include "support/philox.hpp"
#include "tests/support.hpp"

using namespace gapwright;

namespace {

BitMatrix random_bits(Random& random, std::size_t rows, std::size_t columns) {
  BitMatrix bits(rows, columns);
  for (std::size_t r = 0; r < rows; ++r)
    for (std::size_t c = 0; c < columns; ++c) bits.set(r, c, random.bit());
  return bits;
}

Parts sample(std::uint64_t seed) {
  Random random(41, seed);
  Parts parts;
  parts.all.push_back({"inner", random_bits(random, 1 + random.below(4), 70)});
  parts.all.push_back({"outer", random_bits(random, 1 + random.below(5), 70)});
  Matrix weights(2, 3);
  for (double& w : weights.entries) w = random.unit() - 0.5;
  parts.all.push_back({"weights", weights});
  parts.all.push_back({"target", static_cast<std::int64_t>(random.below(100)) - 50});
  if (random.bit()) parts.expected = random.bit();
  parts.made_by.command = "gen something";
  return parts;
}

}  // namespace

TEST_CASE("parts: a file gives back what was written, bits, numbers and matrices alike") {
  const test::TemporaryFolder folder;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const Parts written = sample(seed);
    const std::string path = folder.file("a.safetensors");
    write_parts(path, "some-problem", written);
    const Parts read = read_parts("some-problem", InputFile(InputBytes::open(path)));
    CHECK(read.bits("inner") == written.bits("inner"));
    CHECK(read.bits("outer") == written.bits("outer"));
    CHECK(read.matrix("weights").entries == written.matrix("weights").entries);
    CHECK(read.matrix("weights").columns == 3);
    CHECK(read.number("target") == written.number("target"));
    CHECK(read.expected == written.expected);
    CHECK(read.all.size() == 4);
    CHECK(read.made_by.sources.at(0).name == "a.safetensors");
  }
}

TEST_CASE("parts: what is missing, of another kind or of another problem is refused by name") {
  const test::TemporaryFolder folder;
  const Parts parts = sample(1);
  CHECK_THROWS_WITH_AS(parts.bits("middle"), "'middle' is missing", BadInstance);
  CHECK_THROWS_WITH_AS(parts.number("inner"), "'inner' is no whole number", BadInstance);
  CHECK_THROWS_WITH_AS(parts.matrix("target"), "'target' is no matrix of numbers", BadInstance);
  write_parts(folder.file("a.safetensors"), "some-problem", parts);
  CHECK_THROWS_AS(read_parts("another", InputFile(InputBytes::open(folder.file("a.safetensors")))), BadInstance);
}

TEST_CASE("parts: smaller versions are all smaller by one step, and reach every row, column and 1") {
  const Parts parts = sample(3);
  const auto smaller = smaller_parts(parts);
  std::size_t ones = 0, rows = 2;
  for (const char* name : {"inner", "outer"}) {
    rows += parts.bits(name).rows;
    for (std::size_t r = 0; r < parts.bits(name).rows; ++r)
      for (std::size_t c = 0; c < 70; ++c) ones += parts.bits(name).get(r, c);
  }
  CHECK(smaller.size() == rows + 70 + ones);
  for (const Parts& less : smaller) {
    CHECK(size_of(less) < size_of(parts));
    CHECK(less.bits("inner").columns == less.bits("outer").columns);
  }
}
