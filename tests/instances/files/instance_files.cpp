// SPDX-License-Identifier: MIT
#include "instances/files/instance_files.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <limits>

#include "instances/files/dimacs.hpp"
#include "support/errors.hpp"
#include "support/sha256.hpp"
#include "tests/support.hpp"

using namespace gapwright;
using test::message_of;

namespace {

OrthogonalVectors example_vectors() {
  OrthogonalVectors ov{70, {BitMatrix(2, 70), BitMatrix(1, 70), BitMatrix(3, 70)}, {"made by hand", 5, {}}};
  ov.sets[0].set(1, 69);
  ov.sets[2].set(0, 0);
  return ov;
}

/// Entries that doubles and decimals do not share.
Attention example_attention() {
  Attention a;
  a.q = Matrix(2, 3);
  a.keys = {Matrix(4, 3), Matrix(1, 3)};
  a.values = {Matrix(4, 2), Matrix(1, 2)};
  double x = -1.0 / 3;
  for (Matrix* m : {&a.q, &a.keys[0], &a.keys[1], &a.values[0], &a.values[1]})
    for (double& entry : m->entries) entry = x = -x * 1.01;
  a.terms.softmax_scale = 1.0 / 3;
  a.terms.entry_bound = 0.1 + 0.2 + 1;
  a.terms.yes_at_least = mpq_class(2, 3);
  a.terms.no_at_most = mpq_class(1, 3);
  a.terms.embedding = "sharp";
  a.terms.expected = true;
  return a;
}

Attention round_trip(const Attention& a) {
  const test::TemporaryFolder folder;
  write_attention(folder.file("a"), a);
  return read_attention(InputFile(InputBytes::open(folder.file("a"))));
}

std::string read_error(const std::string& path) {
  return message_of<BadInstance>([&] {
    const InputFile input(InputBytes::open(path));
    if (kind_of(input) == FileKind::orthogonal_vectors)
      read_orthogonal_vectors({input});
    else
      read_attention(input);
  });
}

}  // namespace

TEST_CASE("instance files: sets of vectors round trip, also empty sets and no coordinates") {
  const test::TemporaryFolder folder;
  for (const OrthogonalVectors& ov : {example_vectors(), OrthogonalVectors{3, {BitMatrix(0, 3), BitMatrix(2, 3)}, {}},
                                      OrthogonalVectors{0, {BitMatrix(2, 0), BitMatrix(4, 0)}, {}}})
    for (const std::optional<bool> expected : {std::optional<bool>(), std::optional(true), std::optional(false)}) {
      write_orthogonal_vectors(folder.file("x"), ov, expected);
      const InputFile input(InputBytes::open(folder.file("x")));
      CHECK(kind_of(input) == FileKind::orthogonal_vectors);
      const OrthogonalVectorsFile back = read_orthogonal_vectors({input});
      CHECK(back.vectors.sets == ov.sets);
      CHECK(back.vectors.dimension == ov.dimension);
      CHECK(back.expected == expected);
      CHECK(back.vectors.made_by.sources == std::vector<Provenance::Source>{{"x", sha256_hex(input.bytes().text())}});
    }
}

TEST_CASE("instance files: the metadata of vectors") {
  const test::TemporaryFolder folder;
  write_orthogonal_vectors(folder.file("x"), example_vectors(), false);
  const auto metadata = read_safetensors(InputBytes::open(folder.file("x"))).metadata;
  CHECK(metadata.at("problem") == "orthogonal-vectors");
  CHECK(metadata.at("order") == "3");
  CHECK(metadata.at("expected") == "no");
  CHECK(parse_provenance(metadata.at("provenance")) == example_vectors().made_by);
}

TEST_CASE("instance files: attention round trips to the last bit, thresholds outward") {
  const Attention a = example_attention(), back = round_trip(a);
  CHECK(back.q.entries == a.q.entries);
  for (std::size_t u = 0; u < 2; ++u) {
    CHECK(back.keys[u].entries == a.keys[u].entries);
    CHECK(back.values[u].entries == a.values[u].entries);
    CHECK(back.values[u].columns == 2);
  }
  CHECK(back.terms.softmax_scale == a.terms.softmax_scale);
  CHECK(back.terms.entry_bound == a.terms.entry_bound);
  CHECK(back.terms.embedding == "sharp");
  CHECK(back.terms.expected == std::optional(true));
  const mpq_class tiny(1, mpz_class("100000000000000000000000000000"));
  CHECK(*back.terms.yes_at_least < *a.terms.yes_at_least);
  CHECK(*back.terms.yes_at_least > *a.terms.yes_at_least - tiny);
  CHECK(*back.terms.no_at_most > *a.terms.no_at_most);
  CHECK(*back.terms.no_at_most < *a.terms.no_at_most + tiny);
}

TEST_CASE("instance files: scales and bounds of every size survive") {
  for (const double x : {5e-324, 2.3e-308, 1e-5, 1.0, 1e22, 1.7976931348623157e308}) {
    Attention a = example_attention();
    for (Matrix* m : {&a.q, &a.keys[0], &a.keys[1]}) *m = Matrix(m->rows, m->columns);
    a.terms.softmax_scale = -x;
    a.terms.entry_bound = x;
    CHECK(round_trip(a).terms.softmax_scale == -x);
    CHECK(round_trip(a).terms.entry_bound == x);
  }
}

TEST_CASE("instance files: bits and their entries written out give the same file") {
  const test::TemporaryFolder folder;
  BitAttention bits;
  bits.terms = example_attention().terms;
  bits.sign = -1;
  bits.queries = BitMatrix(2, 3);
  bits.queries.set(1, 2);
  bits.keys = {BitMatrix(3, 3)};
  bits.keys[0].set(0, 1);
  bits.values = {{1, 0, 1}};
  write_attention(folder.file("a"), bits);
  write_attention(folder.file("b"), written_out(bits));
  // A zero query entry is +0 in both, so the bytes agree.
  CHECK(test::read_text(folder.file("a")) == test::read_text(folder.file("b")));
  CHECK(kind_of(InputFile(InputBytes::open(folder.file("a")))) == FileKind::attention);
}

TEST_CASE("instance files: every safetensors file of data/bad has its message") {
  for (const auto& path : test::data_files("bad", ".safetensors")) {
    if (path.stem() == "no-thresholds") continue;  // well formed; only nothing to decide
    CAPTURE(path.filename().string());
    CHECK(read_error(path.string()) + "\n" ==
          path.string() + test::read_text(std::filesystem::path(path).replace_extension(".message")));
  }
}

TEST_CASE("instance files: entries of narrower types, without metadata of ours") {
  const std::string header =
      R"({"__metadata__":{"softmax_scale":"0.5","order":"2"},"q":{"dtype":"F16","shape":[1,1],"data_offsets":[0,2]},)"
      R"("k1":{"dtype":"BF16","shape":[1,1],"data_offsets":[2,4]},"v1":{"dtype":"F32","shape":[1,1],"data_offsets":[4,8]}})";
  const std::uint64_t length = header.size();
  const std::string data("\x00\xc0\xc0\x3f\x00\x00\x80\x3e", 8);  // -2, 1.5, 0.25
  const Attention a =
      read_attention(InputFile(InputBytes::from(std::string(reinterpret_cast<const char*>(&length), 8) + header + data, "f")));
  CHECK(a.q.at(0, 0) == -2);
  CHECK(a.keys[0].at(0, 0) == 1.5);
  CHECK(a.values[0].at(0, 0) == 0.25);
  CHECK(a.terms.entry_bound == 2);
  CHECK_FALSE(a.terms.yes_at_least);
  CHECK_FALSE(a.terms.expected);
}

TEST_CASE("instance files: what kind a file is") {
  for (const char* text : {"", "p cnf 0 0", "c {\np cnf 0 0\n", "12345678", "abcdefghi"})
    CHECK(kind_of(InputFile(InputBytes::from(text, "f"))) == FileKind::cnf);
  CHECK(kind_of(InputFile(InputBytes::from("\x93NUMPY", "f"))) == FileKind::orthogonal_vectors);
  CHECK_THROWS_AS(kind_of(InputFile(InputBytes::from(std::string("\0\0\0\0\0\0\0\0\0", 9), "f"))), BadInstance);
}

TEST_CASE("instance files: sets from several arrays, one array a file") {
  const std::string folder = std::string(GAPWRIGHT_TEST_DATA) + "/npy/";
  const auto open = [&](const char* name) { return InputFile(InputBytes::open(folder + name + ".npy")); };
  const OrthogonalVectors ov = read_orthogonal_vectors({open("x0"), open("x1"), open("x2")}).vectors;
  REQUIRE(ov.sets.size() == 3);
  CHECK(ov.dimension == 4);
  CHECK(ov.sets[0].rows == 3);
  CHECK(ov.sets[1].rows == 2);
  CHECK(ov.sets[2].get(0, 3));
  CHECK(ov.made_by.sources.size() == 3);
  CHECK(read_orthogonal_vectors({open("three-sets")}).vectors.sets.size() == 3);
  CHECK(read_orthogonal_vectors({open("no-rows"), open("x0")}).vectors.sets[0].rows == 0);
  CHECK(message_of<BadInstance>([&] {
          read_orthogonal_vectors({open("x0"), open("three-sets")});
        }).find("give one array of shape (k, n, d)") != std::string::npos);
  CHECK(message_of<BadInstance>([&] {
          read_orthogonal_vectors({open("x0"), open("matrix-uint8")});
        }).ends_with("set x1 has vectors of dimension 5, the first set has 4"));
  CHECK(message_of<BadInstance>([&] {
          read_orthogonal_vectors({open("x0"), InputFile(InputBytes::from("p cnf 0 0", "f.cnf"))});
        }) == "f.cnf: not an .npy file");
}

TEST_CASE("instance files: a shape without bytes costs no time, and may not state more rows than a machine would look at") {
  const auto rows_of = [](const std::string& rows) {
    const std::string header = R"({"x0":{"dtype":"U8","shape":[)" + rows +
                               R"(,0],"data_offsets":[0,0]},"x1":{"dtype":"U8","shape":[1,0],"data_offsets":[0,0]}})";
    const std::uint64_t length = header.size();
    return read_orthogonal_vectors(
               {InputFile(InputBytes::from(std::string(reinterpret_cast<const char*>(&length), 8) + header, "f"))})
        .vectors.sets[0]
        .rows;
  };
  CHECK(rows_of("1048576") == 1'048'576U);
  for (const char* rows : {"1048577", "1000000000000000000", "18446744073709551615"}) CHECK_THROWS_AS(rows_of(rows), BadInstance);
}

namespace {

/// How often `read` looks whether it is to stop; it is ended at each of these looks.
template <class Read>
int looks(const std::string& path, Read read) {
  for (int most = 0;; ++most) {
    int left = std::numeric_limits<int>::max();
    const InputBytes input = InputBytes::open(path, [&left] {
      if (left-- == 0) throw Interrupted();
    });
    left = most;
    try {
      read(input);
      return most;
    } catch (const Interrupted&) {
    }
  }
}

}  // namespace

TEST_CASE("instance files: reading looks now and then whether it is to stop") {
  const test::TemporaryFolder folder;
  std::string clauses;
  for (int i = 0; i < 70'000; ++i) clauses += "1 0\n";
  folder.file("f", "p cnf 1 70000\n" + clauses);
  CHECK(looks(folder.file("f"), [](const InputBytes& f) { read_dimacs(f); }) == 4);  // 140001 tokens, and the hash
  OrthogonalVectors ov{400, {BitMatrix(400, 400), BitMatrix(1, 400)}, {}};
  write_orthogonal_vectors(folder.file("v"), ov, std::nullopt);
  CHECK(looks(folder.file("v"), [](const InputBytes& f) { read_orthogonal_vectors({InputFile(f)}); }) == 6);
  Attention a = example_attention();
  a.q = Matrix(30'000, 3);
  write_attention(folder.file("a"), a);
  CHECK(looks(folder.file("a"), [](const InputBytes& f) { read_attention(InputFile(f)); }) == 8);
}

TEST_CASE("instance files: writing stops when asked, and leaves nothing") {
  const test::TemporaryFolder folder;
  std::atomic<int> stop{RunControl::interrupted};
  RunControl control;
  control.stop = &stop;
  CHECK_THROWS_AS(write_attention(folder.file("a"), example_attention(), control), Interrupted);
  CHECK_THROWS_AS(write_orthogonal_vectors(folder.file("x"), example_vectors(), std::nullopt, control), Interrupted);
  CHECK(folder.entries() == 0);
}
