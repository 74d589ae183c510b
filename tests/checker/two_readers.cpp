// SPDX-License-Identifier: MIT
// What the checker's readers and the library's both take, they take for the same: otherwise a certificate would speak of another instance than the
// one that its reader sees. Texts are put together from pieces that readers could differ about.
#include <doctest/doctest.h>

#include "checker/check.hpp"
#include "checker/dimacs.hpp"
#include "checker/errors.hpp"
#include "checker/npy.hpp"
#include "checker/safetensors.hpp"
#include "instances/files/dimacs.hpp"
#include "instances/files/instance_files.hpp"
#include "support/errors.hpp"
#include "support/philox.hpp"
#include "tests/multiplier.hpp"

using namespace gapwright;

namespace {

/// What a reader makes of a text; nothing when it refuses.
template <class Read>
auto taken(Read read) -> std::optional<decltype(read())> {
  try {
    return read();
  } catch (const BadInstance&) {
  } catch (const checker::BadInput&) {
  } catch (const checker::Limit&) {
  } catch (const LimitReached&) {
  }
  return std::nullopt;
}

template <std::size_t N>
std::string piece(Random& random, const char* const (&pieces)[N]) {
  return pieces[random.below(N)];
}

}  // namespace

TEST_CASE("two readers: formulas") {
  constexpr const char* headers[] = {"p cnf 3 3\n",     "p cnf 3 3\n", "p cnf 3 3\r\n", " p cnf 3 3\n",
                                     "p  cnf\t3  3 \n", "p cnf 3\n",   "p cnf 3 3 3\n", "c p cnf 1 1\np cnf 3 3\n",
                                     "\n\np cnf 3 3\n", "p cnf 3 3\r", "p cnf 03 3\n",  "p cnf +3 3\n"};
  constexpr const char* words[] = {"1",     "2",   "-1",  "-2", "3",    "-3",        "0",  "0",    "0",           "4",  "c",
                                   "c 1 0", "cnf", "%",   "%1", "p",    "p cnf 3 3", "+1", "01",   "-0",          "00", "-01",
                                   "1.0",   "0x1", "--1", "x",  "x1 2", "\v",        "\f", "\xa0", "\xef\xbb\xbf"};
  constexpr const char* gaps[] = {" ", " ", " ", "\n", "\n", "\t", "\r\n", "\r", "\n\n", ""};
  int both = 0;
  for (int round = 0; round < cases(20'000); ++round) {
    Random random(706, static_cast<std::uint64_t>(round));
    std::string text = piece(random, headers);
    for (std::size_t w = 0, n = 1 + random.below(10); w < n; ++w) text += piece(random, words) + piece(random, gaps);
    if (random.bit()) text += " 0\n";
    const auto ours = taken([&] { return read_dimacs(InputBytes::from(text, "f")).cnf; });
    const auto checkers = taken([&] { return checker::read_dimacs(text); });
    CAPTURE(text);
    if (!ours || !checkers) continue;
    ++both;
    REQUIRE(ours->variables == checkers->variables);
    REQUIRE(ours->clauses.size() == checkers->clauses.size());
    for (std::size_t c = 0; c < ours->clauses.size(); ++c)
      REQUIRE(
          std::equal(ours->clauses[c].begin(), ours->clauses[c].end(), checkers->clauses[c].begin(), checkers->clauses[c].end()));
  }
  CHECK(both > cases(500));
}

TEST_CASE("two readers: .npy arrays") {
  constexpr const char* dtypes[] = {"'|u1'", "'|u1'", "\"|u1\"", "'|b1'", "'|i1'", "'<u1'", "u1"};
  constexpr const char* shapes[] = {"(2, 2, 3)",  "(2,2,3)",   "(2, 2, 3,)", "( 2 , 2 , 3 )", "(3, 2, 2)",    "(2, 3, 2)",
                                    "(02, 2, 3)", "(2, 0, 3)", "(2, 6)",     "(12,)",         "(2, 2, 3, 1)", "(2, 2, -3)",
                                    "(2, 3, 0)",  "(2, 2, 3",  "(12, 0, 1)", "[2, 2, 3]"};
  constexpr const char* orders[] = {"False", "False", "True", "'False'", "0"};
  constexpr const char* ends[] = {", }\n", "}\n", ", }   \n", ",}\n", ", }", ", 'shape': (2, 3, 2), }\n", "\n"};
  int both = 0;
  for (int round = 0; round < cases(20'000); ++round) {
    Random random(707, static_cast<std::uint64_t>(round));
    std::string header = "{'descr': " + piece(random, dtypes);
    header += ", 'fortran_order': " + piece(random, orders);
    header += ", 'shape': " + piece(random, shapes);
    header += piece(random, ends);
    std::string bytes = std::string("\x93NUMPY\1\0", 8) + static_cast<char>(header.size()) + '\0' + header;
    for (std::size_t i = 0, n = random.below(5) == 0 ? 0 : 12; i < n; ++i)
      bytes += random.below(400) == 0 ? '\2' : static_cast<char>(random.below(2));
    const auto ours = taken([&] { return read_orthogonal_vectors({InputFile(InputBytes::from(bytes, "f"))}).vectors; });
    const auto checkers = taken([&] { return checker::npy_sets(std::vector<checker::File>{{"f", bytes}}); });
    CAPTURE(header);
    if (!ours || !checkers) continue;
    ++both;
    REQUIRE(ours->sets.size() == checkers->size());
    for (std::size_t u = 0; u < checkers->size(); ++u) {
      const checker::Bits& set = (*checkers)[u];
      REQUIRE(ours->sets[u].rows == set.rows);
      REQUIRE(ours->dimension == set.columns);
      for (std::size_t r = 0; r < set.rows; ++r)
        for (std::size_t c = 0; c < set.columns; ++c) REQUIRE(ours->sets[u].get(r, c) == set.get(r, c));
    }
  }
  CHECK(both > cases(200));
}

TEST_CASE("two readers: headers of safetensors") {
  constexpr const char* members[] = {R"("x0":{"dtype":"U8","shape":[1,2],"data_offsets":[0,2]})",
                                     R"("x1":{"dtype":"U8","shape":[2,1],"data_offsets":[2,4]})",
                                     R"("x0":{"dtype":"U8","shape":[2,1],"data_offsets":[0,2]})",
                                     R"("x1":{"shape":[1],"dtype":"I16","data_offsets":[2,4]})",
                                     R"("x\u0030":{"dtype":"U8","shape":[2],"data_offsets":[0,2]})",
                                     R"("y":{"dtype":"U8","shape":[0,18446744073709551615],"data_offsets":[0,0]})",
                                     R"("y":{"dtype":"U8","shape":[18446744073709551616,0],"data_offsets":[4,4]})",
                                     R"("y":{"dtype":"F64","shape":[0],"data_offsets":[4,4]})",
                                     R"("x1":{"dtype":"U8","shape":[2.0],"data_offsets":[2,4]})",
                                     R"("x1":{"dtype":"U8","shape":[2],"data_offsets":[2,4],"more":1})",
                                     R"("__metadata__":{"a":"1"})",
                                     R"("__metadata__":{"a":"1","a":"2"})",
                                     R"("__metadata__":{"a":1})",
                                     R"("__metadata__":{"\u0061":"\ud83d\ude00"})",
                                     R"("__metadata__":{})",
                                     R"("":{"dtype":"BOOL","shape":[2],"data_offsets":[2,4]})"};
  constexpr const char* ends[] = {"}", "}  ", "}", "},", "}\n", "", "}\\u0000"};
  int both = 0;
  for (int round = 0; round < cases(20'000); ++round) {
    Random random(708, static_cast<std::uint64_t>(round));
    std::string header = random.below(20) == 0 ? "\xef\xbb\xbf{" : random.below(20) == 0 ? " {" : "{";
    for (std::size_t m = 0, n = 1 + random.below(3); m < n; ++m) header += (m > 0 ? "," : "") + piece(random, members);
    header += piece(random, ends);
    const std::uint64_t length = header.size();
    const std::string bytes =
        std::string(reinterpret_cast<const char*>(&length), 8) + header + std::string(random.below(4) == 0 ? 2 : 4, '\1');
    const auto ours = taken([&] { return read_safetensors(InputBytes::from(bytes, "f")); });
    const auto checkers = taken([&] { return checker::read_safetensors(bytes); });
    CAPTURE(header);
    if (!ours || !checkers) continue;
    ++both;
    REQUIRE(ours->metadata == checkers->metadata);
    REQUIRE(ours->tensors.size() == checkers->tensors.size());
    for (const auto& [name, tensor] : ours->tensors) {
      REQUIRE(checkers->tensors.contains(name));
      const checker::Tensor& other = checkers->tensors.at(name);
      REQUIRE(name_of(tensor.dtype) == other.dtype);
      REQUIRE(tensor.shape == other.shape);
      REQUIRE(tensor.data.size() == other.data.size());
      REQUIRE(std::equal(other.data.begin(), other.data.end(), reinterpret_cast<const char*>(tensor.data.data())));
    }
  }
  CHECK(both > cases(200));
}
