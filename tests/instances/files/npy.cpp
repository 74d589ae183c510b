// SPDX-License-Identifier: MIT
#include "instances/files/npy.hpp"

#include <doctest/doctest.h>

#include "instances/files/instance_files.hpp"
#include "support/errors.hpp"
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

TEST_CASE("npy: the header is read as numpy writes it, and nothing looser") {
  const std::string bytes(6, '\1');
  const auto with = [&](const std::string& header, const char* version = "\1\0") {
    std::string file = "\x93NUMPY" + std::string(version, 2);
    const std::size_t width = version[0] == 1 ? 2 : 4;
    for (std::size_t i = 0; i < width; ++i) file += static_cast<char>((header.size() >> (8 * i)) & 255);
    return InputBytes::from(file + header + bytes, "x0");
  };
  const std::string head = "{'descr': '|u1', 'fortran_order': False, 'shape': ", good = head + "(2, 3), }\n";
  for (const std::string& header : {good, head + "(2, 3)}\n", head + "(2,3,)}   \n", head + "(6,), }\n", head + "( 6 , ) }\n",
                                    std::string("{\"shape\": (2, 3), \"fortran_order\": False, \"descr\": \"|u1\"}\n")}) {
    CAPTURE(header);
    CHECK(read_npy(with(header)).data.size() == 6);
  }
  CHECK(read_npy(with(good, "\2\0")).shape == std::vector<std::uint64_t>{2, 3});
  for (const char* version : {"\0\0", "\1\1", "\2\1", "\3\2", "\4\0", "\xff\0", "\1\xff"})
    CHECK_THROWS_WITH_AS(read_npy(with(good, version)), doctest::Contains("of version"), BadInstance);
  for (const char* shape : {"(-2, -3)",
                            "(-2, 3)",
                            "(+2, 3)",
                            "(2 3)",
                            "(1 2, 3)",
                            "(2, 3",
                            "2, 3",
                            "(6)",
                            "6",
                            "[2, 3]",
                            "(2,, 3)",
                            "(, 2, 3)",
                            "(2, 3.0)",
                            "(02, 3)",
                            "(2, 0x3)",
                            "(2L, 3)",
                            "('2', 3)",
                            "(2, 3), 1",
                            "(2, (3))",
                            "(18446744073709551618, 3)",
                            "(100000000000000000000000000002, 3)",
                            "(6, ()), ",
                            "(2e0, 3)",
                            "None",
                            ""})
    CHECK_THROWS_AS(read_npy(with(head + shape + ", }\n")), BadInstance);
  for (const std::string& header : {head + "(2, 3), }",
                                    head + "(2, 3), } \n\n",
                                    head + "(2, 3), }x\n",
                                    head + "(2, 3), } }\n",
                                    head + "(2, 3), \n",
                                    "  x" + good,
                                    good + "\n",
                                    head + "(2, 3), 'shape': (6,), }\n",
                                    head + "(2, 3), 'extra': 1, }\n",
                                    head + "(2, 3), 1: 2}\n",
                                    std::string("{'descr': '|u1', 'shape': (2, 3), }\n"),
                                    std::string("{'descr': '|u1', 'fortran_order': 'False', 'shape': (2, 3), }\n"),
                                    std::string("{'descr': '|u1', 'fortran_order': 0, 'shape': (2, 3), }\n"),
                                    std::string("{'descr': '|u1', 'fortran_order': Fal se, 'shape': (2, 3), }\n"),
                                    std::string("{'descr': |u1, 'fortran_order': False, 'shape': (2, 3), }\n"),
                                    std::string("{'descr': '|u1\", 'fortran_order': False, 'shape': (2, 3), }\n"),
                                    std::string("{'descr': '| u1', 'fortran_order': False, 'shape': (2, 3), }\n"),
                                    std::string("{'descr': ('|u1', (2,)), 'fortran_order': False, 'shape': (3,), }\n"),
                                    std::string("{'descr': '|u1'  'fortran_order': False, 'shape': (2, 3), }\n"),
                                    std::string("\n"),
                                    std::string()}) {
    CAPTURE(header);
    CHECK_THROWS_AS(read_npy(with(header)), BadInstance);
  }
  for (const char* name : {"npy-negative-shape", "npy-v4"})
    CHECK_THROWS_AS(read_npy(InputBytes::open(std::string(GAPWRIGHT_TEST_DATA) + "/found/" + name + ".npy")), BadInstance);
  CHECK(read_npy(InputBytes::open(std::string(GAPWRIGHT_TEST_DATA) + "/found/npy-empty.npy")).shape ==
        std::vector<std::uint64_t>{2, 0, 3});
}

TEST_CASE("npy: every array of data/bad has its message") {
  for (const auto& path : test::data_files("bad", ".npy")) {
    CAPTURE(path.filename().string());
    const std::string expected = test::read_text(std::filesystem::path(path).replace_extension(".message"));
    const std::string message =
        test::message_of<BadInstance>([&] { read_orthogonal_vectors({InputFile(InputBytes::open(path.string()))}); });
    CHECK(message + "\n" == path.string() + expected);
  }
}
