// SPDX-License-Identifier: MIT
#include "instances/files/safetensors.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstring>
#include <limits>

#include "support/errors.hpp"
#include "tests/support.hpp"

using namespace gapwright;
using test::message_of;

namespace {

std::string bytes_of(const auto& values) {
  return {reinterpret_cast<const char*>(std::data(values)), std::size(values) * sizeof(*std::data(values))};
}

TensorPlan plan(const std::string& name, Dtype dtype, std::vector<std::uint64_t> shape, const std::string& data) {
  return {name, dtype, std::move(shape), [data](const auto& sink) {
            const auto bytes = std::as_bytes(std::span(data));
            sink(bytes.first(bytes.size() / 2));
            sink(bytes.subspan(bytes.size() / 2));
          }};
}

/// A container with this header, as another program would write it.
std::string container(const std::string& header, const std::string& data) {
  const std::uint64_t length = header.size();
  return std::string(reinterpret_cast<const char*>(&length), 8) + header + data;
}

Safetensors read(const std::string& bytes) { return read_safetensors(InputBytes::from(bytes, "f")); }

std::string error(const std::string& bytes) {
  return message_of<BadInstance>([&] { read(bytes); });
}

/// A small file of ours.
std::string written() {
  const test::TemporaryFolder folder;
  const std::vector<TensorPlan> tensors{plan("x0", Dtype::u8, {2, 3}, std::string("\1\0\1\1\1\0", 6)),
                                        plan("x1", Dtype::u8, {0, 3}, ""),
                                        plan("y", Dtype::f64, {1}, bytes_of(std::vector<double>{-0.75}))};
  write_safetensors(folder.file("s"), {{"order", "2"}, {"note", "\"quoted\" \xc3\xa9 {}"}}, tensors);
  CHECK(folder.entries() == 1);
  return test::read_text(folder.file("s"));
}

}  // namespace

TEST_CASE("safetensors: what is written is read back") {
  const std::string bytes = written();
  const Safetensors file = read(bytes);
  CHECK(file.metadata.at("order") == "2");
  CHECK(file.metadata.at("note") == "\"quoted\" \xc3\xa9 {}");
  CHECK(file.metadata.at("format") == "gapwright-1");
  CHECK(file.metadata.at("sha256").size() == 64);
  REQUIRE(file.tensors.size() == 3);
  const Tensor &x0 = file.tensors.at("x0"), &x1 = file.tensors.at("x1"), &y = file.tensors.at("y");
  CHECK(x0.shape == std::vector<std::uint64_t>{2, 3});
  CHECK(element(x0, 0) == 1);
  CHECK(element(x0, 5) == 0);
  CHECK(element_count(x1) == 0);
  CHECK(element(y, 0) == -0.75);
  CHECK((bytes.size() - 8 - 6 - 8) % 8 == 0);  // the data starts on a multiple of 8
  CHECK(written() == bytes);
}

TEST_CASE("safetensors: any changed byte of a file of ours is found") {
  const std::string bytes = written();
  for (std::size_t place = 0; place < bytes.size(); ++place)
    for (const int change : {0x01, 0x02, 0x10, 0x20, 0x80, 0xff}) {
      std::string changed = bytes;
      changed[place] = static_cast<char>(changed[place] ^ change);
      const std::string message = error(changed);
      if (!message.starts_with("f: ")) FAIL("byte " << place << " xor " << change << ": " << message);
    }
}

TEST_CASE("safetensors: bytes that a JSON reader skips or reads alike are found too") {
  const std::string bytes = written();
  for (std::size_t place = 0; place < bytes.size(); ++place)
    for (const char byte : {' ', '\n', '\t', '0', '"', '\\', '}'}) {
      if (bytes[place] == byte) continue;
      std::string changed = bytes;
      changed[place] = byte;
      const std::string message = error(changed);
      if (!message.starts_with("f: ")) FAIL("byte " << place << ": " << message);
    }
}

TEST_CASE("safetensors: every truncation and every extension is found") {
  const std::string bytes = written();
  for (std::size_t length = 0; length < bytes.size(); ++length) CHECK(error(bytes.substr(0, length)).starts_with("f: "));
  CHECK(error(bytes + '\0') == "f: 1 bytes follow the last tensor; the file is longer than its header says");
  CHECK(error("1234567") == "f: shorter than the 8 bytes every safetensors file starts with");
}

TEST_CASE("safetensors: a byte put in or taken out is found") {
  const std::string bytes = written();
  for (std::size_t place = 0; place < bytes.size(); ++place) {
    std::string more = bytes, fewer = bytes;
    CHECK(error(more.insert(place, 1, ' ')).starts_with("f: "));
    CHECK(error(fewer.erase(place, 1)).starts_with("f: "));
  }
}

TEST_CASE("safetensors: files of other programs need no metadata") {
  const std::string tensor = R"("w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]})", data(4, '\0');
  CHECK(read(container("{" + tensor + "}", data)).tensors.at("w").dtype == Dtype::f32);
  CHECK(read(container("{" + tensor + ",\"__metadata__\":{\"format\":\"pt\"}}  ", data)).metadata.at("format") == "pt");
  CHECK(read(container("{" + tensor + ",\"__metadata__\":{}}", data)).metadata.empty());
  CHECK(read(container("{}", "")).tensors.empty());
  CHECK(element_count(read(container(R"({"w":{"dtype":"F32","shape":[],"data_offsets":[0,4]}})", data)).tensors.at("w")) == 1);
}

TEST_CASE("safetensors: broken containers") {
  const std::string tensor = R"("w":{"dtype":"U8","shape":[4],"data_offsets":[0,4]})", data(4, '\0');
  struct Case {
    std::string header, message;
  };
  const Case table[] = {
      {"", "the header is not a JSON object; is this a safetensors file?"},
      {"null", "the header is not a JSON object; is this a safetensors file?"},
      {"{" + tensor, "the header is not a JSON object; is this a safetensors file?"},
      {"{" + tensor + "}{}", "the header is not a JSON object; is this a safetensors file?"},
      {"{" + tensor + ",\"\xff\":1}", "the header is not a JSON object; is this a safetensors file?"},
      {std::string(200000, '['), "the header is not a JSON object; is this a safetensors file?"},
      {"{" + tensor + "," + tensor + "}", "the header has a key twice"},
      {R"({"w":{"dtype":"U8","shape":[9],"shape":[4],"data_offsets":[0,4]}})", "the header has a key twice"},
      {"{" + tensor + R"(,"__metadata__":{"a":"1","a":"2"}})", "the header has a key twice"},
      {"{" + tensor + R"(,"__metadata__":["a"]})", "'__metadata__' is not a map of strings"},
      {"{" + tensor + R"(,"__metadata__":{"a":null}})", "metadata 'a' is not a string"},
      {R"({"a\nb":[]})", "tensor 'a\\nb' needs exactly dtype, shape and data_offsets"},
      {R"({"w":[]})", "tensor 'w' needs exactly dtype, shape and data_offsets"},
      {R"({"w":{"dtype":"U8","shape":[4]}})", "tensor 'w' needs exactly dtype, shape and data_offsets"},
      {R"({"w":{"dtype":8,"shape":[4],"data_offsets":[0,4]}})", "tensor 'w' needs exactly dtype, shape and data_offsets"},
      {R"({"w":{"dtype":"U8","shape":[4],"data_offsets":[0,4],"more":1}})",
       "tensor 'w' needs exactly dtype, shape and data_offsets"},
      {R"({"w":{"dtype":"u8","shape":[4],"data_offsets":[0,4]}})", "tensor 'w' has the unknown dtype 'u8'"},
      {R"({"w":{"dtype":"U8","shape":4,"data_offsets":[0,4]}})", "tensor 'w' has no list 'shape'"},
      {R"({"w":{"dtype":"U8","shape":[4.0],"data_offsets":[0,4]}})", "tensor 'w' has a bad number in 'shape'"},
      {R"({"w":{"dtype":"U8","shape":[-4],"data_offsets":[0,4]}})", "tensor 'w' has a bad number in 'shape'"},
      {R"({"w":{"dtype":"U8","shape":[4],"data_offsets":[-1,3]}})", "tensor 'w' has a bad number in 'data_offsets'"},
      {R"({"w":{"dtype":"U8","shape":[4],"data_offsets":[0,18446744073709551616]}})",
       "tensor 'w' has a bad number in 'data_offsets'"},
      {R"({"w":{"dtype":"U8","shape":[4],"data_offsets":[0,4,4]}})", "tensor 'w' has bad data_offsets"},
      {R"({"w":{"dtype":"U8","shape":[4],"data_offsets":[4,0]}})", "tensor 'w' has bad data_offsets"},
      {R"({"w":{"dtype":"U8","shape":[4],"data_offsets":[1,5]}})",
       "tensor 'w' ends at data byte 5, the file has 4: it is cut short; copy or write it again"},
      {R"({"w":{"dtype":"U8","shape":[3],"data_offsets":[0,4]}})", "tensor 'w' has a shape that does not fit its 4 bytes"},
      {R"({"w":{"dtype":"U16","shape":[4],"data_offsets":[0,4]}})", "tensor 'w' has a shape that does not fit its 4 bytes"},
      {R"({"w":{"dtype":"F64","shape":[2305843009213693952],"data_offsets":[0,0]}})", "tensor 'w' has an impossible shape"},
      {R"({"w":{"dtype":"U8","shape":[4294967296,4294967296],"data_offsets":[0,0]}})", "tensor 'w' has an impossible shape"},
      {R"({"w":{"dtype":"U8","shape":[3],"data_offsets":[1,4]}})", "there is a hole before tensor 'w'"},
      {R"({"v":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"w":{"dtype":"U8","shape":[2],"data_offsets":[2,4]}})",
       "there is a hole before tensor 'w'"},
      {R"({"v":{"dtype":"U8","shape":[3],"data_offsets":[0,3]},"w":{"dtype":"U8","shape":[2],"data_offsets":[2,4]}})",
       "tensor 'w' overlaps another tensor"},
      {R"({"w":{"dtype":"U8","shape":[3],"data_offsets":[0,3]}})",
       "1 bytes follow the last tensor; the file is longer than its header says"},
      {"{}", "4 bytes follow the last tensor; the file is longer than its header says"},
  };
  for (const Case& c : table) {
    CAPTURE(c.header.substr(0, 200));
    CHECK(error(container(c.header, data)) == "f: " + c.message);
  }
}

TEST_CASE("safetensors: header lengths beyond the file or the format's limit") {
  std::string bytes = container("{}", "");
  for (const std::uint64_t length : {std::uint64_t{3}, std::uint64_t{1} << 40, ~std::uint64_t{0}, ~std::uint64_t{0} - 7}) {
    std::memcpy(bytes.data(), &length, 8);
    CHECK(error(bytes).starts_with("f: the header should have " + std::to_string(length) + " bytes, the file has 2 "));
  }
}

TEST_CASE("safetensors: every dtype has its name, its size and its values") {
  struct Case {
    Dtype dtype;
    std::string name, bytes;
    double first, second;
  };
  const Case table[] = {
      {Dtype::boolean, "BOOL", bytes_of(std::vector<std::uint8_t>{1, 0}), 1, 0},
      {Dtype::u8, "U8", bytes_of(std::vector<std::uint8_t>{255, 2}), 255, 2},
      {Dtype::i8, "I8", bytes_of(std::vector<std::int8_t>{-128, 127}), -128, 127},
      {Dtype::u16, "U16", bytes_of(std::vector<std::uint16_t>{65535, 3}), 65535, 3},
      {Dtype::i16, "I16", bytes_of(std::vector<std::int16_t>{-32768, 3}), -32768, 3},
      {Dtype::u32, "U32", bytes_of(std::vector<std::uint32_t>{4294967295, 4}), 4294967295.0, 4},
      {Dtype::i32, "I32", bytes_of(std::vector<std::int32_t>{INT32_MIN, 4}), -2147483648.0, 4},
      {Dtype::u64, "U64", bytes_of(std::vector<std::uint64_t>{std::uint64_t{1} << 63, 5}), 0x1p63, 5},
      {Dtype::i64, "I64", bytes_of(std::vector<std::int64_t>{INT64_MIN, -5}), -0x1p63, -5},
      {Dtype::f16, "F16", bytes_of(std::vector<std::uint16_t>{0x3c00, 0xc100}), 1, -2.5},
      {Dtype::bf16, "BF16", bytes_of(std::vector<std::uint16_t>{0x3f80, 0xc020}), 1, -2.5},
      {Dtype::f32, "F32", bytes_of(std::vector<float>{0.1F, -2.5F}), double{0.1F}, -2.5},
      {Dtype::f64, "F64", bytes_of(std::vector<double>{0.1, 1e300}), 0.1, 1e300},
  };
  for (const Case& c : table) {
    CAPTURE(c.name);
    CHECK(name_of(c.dtype) == c.name);
    CHECK(2 * size_of(c.dtype) == c.bytes.size());
    const auto size = std::to_string(c.bytes.size());
    const auto file =
        read(container("{\"w\":{\"dtype\":\"" + c.name + "\",\"shape\":[2],\"data_offsets\":[0," + size + "]}}", c.bytes));
    const Tensor& w = file.tensors.at("w");
    CHECK(w.dtype == c.dtype);
    CHECK(element_count(w) == 2);
    CHECK(element(w, 0) == c.first);
    CHECK(element(w, 1) == c.second);
  }
}

TEST_CASE("safetensors: halves are widened exactly") {
  const auto widened = [](Dtype dtype, std::uint16_t bits) {
    return element({"h", dtype, {1}, std::as_bytes(std::span(&bits, 1))}, 0);
  };
  constexpr double infinity = std::numeric_limits<double>::infinity();
  CHECK(widened(Dtype::f16, 0x0001) == 0x1p-24);
  CHECK(widened(Dtype::f16, 0x03ff) == 1023 * 0x1p-24);
  CHECK(widened(Dtype::f16, 0x0400) == 0x1p-14);
  CHECK(widened(Dtype::f16, 0x7bff) == 65504);
  CHECK(widened(Dtype::f16, 0x7c00) == infinity);
  CHECK(widened(Dtype::f16, 0xfc00) == -infinity);
  CHECK(std::isnan(widened(Dtype::f16, 0x7e00)));
  CHECK(std::isnan(widened(Dtype::f16, 0xfc01)));
  CHECK(std::signbit(widened(Dtype::f16, 0x8000)));
  CHECK(widened(Dtype::bf16, 0x0001) == 0x1p-133);
  CHECK(widened(Dtype::bf16, 0x8001) == -0x1p-133);
  CHECK(widened(Dtype::bf16, 0x7f7f) == 255 * 0x1p120);
  CHECK(widened(Dtype::bf16, 0x7f80) == infinity);
  CHECK(std::isnan(widened(Dtype::bf16, 0x7fc0)));
  for (std::uint32_t bits = 0; bits < 0x7c00;
       ++bits) {  // finite and positive: the values increase by the spacing of their binade
    const double here = widened(Dtype::f16, static_cast<std::uint16_t>(bits));
    const double next = widened(Dtype::f16, static_cast<std::uint16_t>(bits + 1));
    if (bits + 1 < 0x7c00 && next - here != std::ldexp(1.0, std::max(int(bits >> 10), 1) - 25)) FAIL("bits " << bits);
  }
}

TEST_CASE("safetensors: a writer that fails leaves nothing") {
  const test::TemporaryFolder folder;
  const std::vector<TensorPlan> tensors{
      {"x", Dtype::u8, {4}, [](const auto&) { throw BadInstance("interrupted while writing"); }}};
  CHECK_THROWS_AS(write_safetensors(folder.file("s"), {}, tensors), BadInstance);
  CHECK(folder.entries() == 0);
  CHECK_THROWS_AS(write_safetensors(folder.file("none/s"), {}, {}), std::invalid_argument);
}
