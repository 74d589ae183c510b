#include "instances/npy.hpp"

#include <doctest/doctest.h>

#include "instances/errors.hpp"
#include "instances/instance_files.hpp"
#include "tests/support.hpp"

using namespace gapwright;

namespace {

InputBytes open(const std::string& name) { return InputBytes::open(std::string(GAPWRIGHT_TEST_DATA) + "/npy/" + name + ".npy"); }

}  // namespace

TEST_CASE("npy: the same matrix in every type and version") {
  const int bits[3][5] = {{1, 0, 1, 0, 0}, {0, 1, 1, 0, 1}, {1, 1, 1, 1, 1}};
  for (const char* type : {"bool", "uint8", "int8", "uint16", "int16", "uint32", "int32", "uint64", "int64", "float16", "float32",
                           "float64", "version-2", "version-3"}) {
    CAPTURE(type);
    const InputBytes input = open(std::string("matrix-") + type);
    CHECK(looks_like_npy(input));
    const Tensor matrix = read_npy(input);
    REQUIRE(matrix.shape == std::vector<std::uint64_t>{3, 5});
    for (std::size_t i = 0; i < 15; ++i) CHECK(element(matrix, i) == bits[i / 5][i % 5]);
  }
}

TEST_CASE("npy: arrays without rows or without columns") {
  CHECK(read_npy(open("no-rows")).shape == std::vector<std::uint64_t>{0, 4});
  CHECK(read_npy(open("no-columns")).shape == std::vector<std::uint64_t>{3, 0});
}

TEST_CASE("npy: every truncation and every extension is found") {
  const std::string whole = test::read_text(open("x0").name());
  for (std::size_t length = 6; length < whole.size(); ++length)
    CHECK_THROWS_AS(read_npy(InputBytes::from(whole.substr(0, length), "x0")), BadInstance);
  CHECK_THROWS_AS(read_npy(InputBytes::from(whole + "\1", "x0")), BadInstance);
  CHECK_THROWS_AS(read_npy(InputBytes::from("\x93NUMP", "x0")), BadInstance);
}

TEST_CASE("npy: a changed header is refused or read as an array of the same size") {
  const std::string whole = test::read_text(open("x0").name());
  for (std::size_t place = 0; place < whole.size(); ++place)
    for (const char byte : {'\0', ' ', '9', '\'', '(', '\xff'}) {
      std::string changed = whole;
      changed[place] = byte;
      const InputBytes input = InputBytes::from(changed, "x0");
      const std::string message = test::message_of<BadInstance>([&] {
        const Tensor tensor = read_npy(input);
        CHECK(tensor.data.size() <= whole.size());
      });
      CHECK((message == "nothing was thrown" || message.starts_with("x0: ")));
    }
}

TEST_CASE("npy: every array of data/bad has its message") {
  for (const auto& path : test::data_files("bad", ".npy")) {
    CAPTURE(path.filename().string());
    const std::string expected = test::read_text(std::filesystem::path(path).replace_extension(".message"));
    const std::string message =
        test::message_of<BadInstance>([&] { read_orthogonal_vectors({InputBytes::open(path.string())}); });
    CHECK(message + "\n" == path.string() + expected);
  }
}
