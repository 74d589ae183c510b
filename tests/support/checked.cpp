// SPDX-License-Identifier: MIT
#include "support/checked.hpp"

#include <doctest/doctest.h>

#include <array>
#include <vector>

#include "instances/files/gap_max_ip_files.hpp"
#include "instances/files/instance_files.hpp"
#include "support/errors.hpp"
#include "tests/support.hpp"

using namespace gapwright;

namespace {

constexpr std::uint64_t kAll = ~std::uint64_t{0};

std::uint64_t bytes_of(std::vector<std::uint64_t> shape) { return array_bytes(shape, 8, "x"); }
std::string fault_of(std::vector<std::uint64_t> shape) {
  return test::message_of<BadInstance>([&] { bytes_of(shape); });
}

/// A safetensors file whose tensors have no bytes.
std::string empty_tensors(const std::vector<std::string>& names, const std::string& dtype, const std::string& shape,
                          const std::string& metadata = "") {
  std::string header = "{" + metadata;
  for (const std::string& name : names)
    header += (header.size() > 1 && header.back() != ',' ? "," : "") +
              ("\"" + name + "\":{\"dtype\":\"" + dtype + "\",\"shape\":" + shape + ",\"data_offsets\":[0,0]}");
  header += "}";
  const std::uint64_t length = header.size();
  return std::string(reinterpret_cast<const char*>(&length), 8) + header;
}

std::string fault_of_vectors(const std::string& text) {
  return test::message_of<BadInstance>([&] { read_orthogonal_vectors({InputFile(InputBytes::from(text, "f"))}); });
}

}  // namespace

TEST_CASE("checked: a product of 64 bits and not one more") {
  CHECK(checked_product(std::array<std::uint64_t, 2>{std::uint64_t{1} << 32, (std::uint64_t{1} << 32) - 1}) ==
        0xffffffff00000000U);
  CHECK(!checked_product(std::array<std::uint64_t, 2>{std::uint64_t{1} << 32, std::uint64_t{1} << 32}));
  CHECK(checked_product({}) == 1);
}

TEST_CASE("checked: shapes that wrap, or that no byte stands for") {
  CHECK(bytes_of({3, 4}) == 96);
  CHECK(bytes_of({}) == 8);
  CHECK(fault_of({kAll / 8, 2}) == "x has an impossible shape");
  CHECK(fault_of({std::uint64_t{1} << 32, std::uint64_t{1} << 32}) == "x has an impossible shape");
  CHECK(fault_of({0, std::uint64_t{1} << 32, std::uint64_t{1} << 32}) == "x has an impossible shape");
  CHECK(bytes_of({0, 1 << 20}) == 0);
  CHECK(bytes_of({1 << 10, 0, 1 << 10}) == 0);
  CHECK(fault_of({0, (1 << 20) + 1}).find("at most 1048576 are taken") != std::string::npos);
  CHECK(fault_of({1 << 10, 0, 1 << 11}).find("at most 1048576 are taken") != std::string::npos);
}

TEST_CASE("checked: a file without entries cannot ask for memory") {
  for (const char* shape :
       {"[0,18446744073709551615]", "[18446744073709551615,0]", "[0,1073741824]", "[2147483648,0]", "[0,9223372036854775807]"}) {
    CAPTURE(shape);
    CHECK(fault_of_vectors(empty_tensors({"x0", "x1"}, "U8", shape)).starts_with("f: tensor 'x"));
    CHECK(test::message_of<BadInstance>([&] {
            read_gap_max_ip(InputFile(
                InputBytes::from(empty_tensors({"x0", "x1"}, "F64", shape,
                                               R"("__metadata__":{"problem":"gap-max-ip","yes_at_least":"1","no_at_most":"0"},)"),
                                 "f")));
          }).starts_with("f: tensor 'x"));
  }
  CHECK(
      read_orthogonal_vectors({InputFile(InputBytes::from(empty_tensors({"x0", "x1"}, "U8", "[0,5]"), "f"))}).vectors.dimension ==
      5);
}

TEST_CASE("checked: orders above 64 are refused in every file") {
  const auto names = [](const std::string& letter, std::size_t first, std::size_t count) {
    std::vector<std::string> all;
    for (std::size_t i = 0; i < count; ++i) all.push_back(letter + std::to_string(first + i));
    return all;
  };
  CHECK(read_orthogonal_vectors({InputFile(InputBytes::from(empty_tensors(names("x", 0, 64), "U8", "[0,5]"), "f"))})
            .vectors.sets.size() == 64);
  CHECK(fault_of_vectors(empty_tensors(names("x", 0, 65), "U8", "[0,5]")) == "f: the instance has order 65; at most 64 is taken");
  CHECK(fault_of_vectors(empty_tensors(names("x", 0, 20'000), "U8", "[0,5]")) ==
        "f: the instance has order 20000; at most 64 is taken");
  auto attention = names("k", 1, 64), values = names("v", 1, 64);
  attention.insert(attention.end(), values.begin(), values.end());
  attention.push_back("q");
  CHECK(test::message_of<BadInstance>([&] {
          read_attention(InputFile(InputBytes::from(empty_tensors(attention, "F64", "[0,5]"), "f")));
        }) == "f: the input has order 65; at most 64 is taken");
  const std::string real = empty_tensors(names("x", 0, 65), "F64", "[0,5]",
                                         R"("__metadata__":{"problem":"gap-max-ip","yes_at_least":"1","no_at_most":"0"},)");
  CHECK(test::message_of<BadInstance>([&] { read_gap_max_ip(InputFile(InputBytes::from(real, "f"))); }) ==
        "f: the instance has order 65; at most 64 is taken");
  CHECK(test::message_of<BadInstance>([] {
          check_well_formed(OrthogonalVectors{1, std::vector<BitMatrix>(65, BitMatrix(1, 1)), {}});
        }).find("at most 64") != std::string::npos);
}
