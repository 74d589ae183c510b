// SPDX-License-Identifier: MIT
#include "instances/files/input_file.hpp"

#include <doctest/doctest.h>

#include <type_traits>

#include "atlas/problem.hpp"
#include "instances/files/instance_files.hpp"
#include "instances/generators/random_attention.hpp"
#include "support/errors.hpp"
#include "support/sha256.hpp"
#include "tests/support.hpp"

using namespace gapwright;

// What is read as an instance is an InputFile, and no bytes become one by themselves: handing on bytes, which would be parsed again, does not compile.
static_assert(!std::is_convertible_v<InputBytes, InputFile>);
static_assert(!std::is_invocable_v<decltype(read_attention), InputBytes>);
static_assert(!std::is_invocable_v<decltype(read_gap_max_ip), InputBytes>);
static_assert(!std::is_invocable_v<decltype(read_orthogonal_vectors), std::vector<InputBytes>>);
static_assert(!std::is_invocable_v<decltype(read_parts), std::string, InputBytes>);
static_assert(!std::is_invocable_v<decltype(problem_of), InputBytes>);
static_assert(!std::is_invocable_v<decltype(read_instance), Problem, std::vector<InputBytes>, bool>);

TEST_CASE("input files: whoever reads one and its copies, it is parsed once and hashed once") {
  const test::TemporaryFolder folder;
  write_attention(folder.file("a"), random_attention(3, 2, 1, 2, 1));
  const InputFile file(InputBytes::open(folder.file("a")));
  const InputFile copy = file;
  const Safetensors* const parsed = &copy.tensors();
  const std::string* const hash = &InputBytes(copy.bytes()).sha256();
  CHECK(kind_of(file) == FileKind::attention);
  CHECK(&problem_of(file) == &problem_row("attention"));
  CHECK(read_attention(file).terms.made_by.sources == read_attention(copy).terms.made_by.sources);
  CHECK(&file.tensors() == parsed);
  CHECK(&file.bytes().sha256() == hash);
  CHECK(*hash == sha256_hex(test::read_text(folder.file("a"))));
  CHECK(read_attention(file).terms.made_by.sources.at(0).sha256 == *hash);
}

TEST_CASE("input files: what is no safetensors file is opened, and says so when its tensors are asked for") {
  const InputFile formula(InputBytes::from("p cnf 0 0\n", "f.cnf"));
  CHECK(kind_of(formula) == FileKind::cnf);
  for (int asked = 0; asked < 2; ++asked) CHECK_THROWS_AS(formula.tensors(), BadInstance);
  CHECK(formula.bytes().sha256() == sha256_hex("p cnf 0 0\n"));
  CHECK(InputBytes::from("", "nothing").sha256() == sha256_hex(""));
}
