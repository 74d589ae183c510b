// SPDX-License-Identifier: MIT
// Files that are meant under a causal mask, and metadata that changes the meaning, in every verb that reads them.
#include <cmath>

#include "instances/files/gap_max_ip_files.hpp"
#include "instances/files/instance_files.hpp"
#include "tests/cli/program.hpp"

using namespace gapwright;
using namespace gapwright::test;

namespace {

/// One row of q, a key and its value of F64, with these metadata.
std::string attention_text(const std::string& metadata) {
  std::string header =
      R"({"__metadata__":{)" + metadata +
      R"(},"q":{"dtype":"F64","shape":[1,1],"data_offsets":[0,8]},"k1":{"dtype":"F64","shape":[1,1],"data_offsets":[8,16]},)"
      R"("v1":{"dtype":"F64","shape":[1,1],"data_offsets":[16,24]}})";
  while (header.size() % 8 != 0) header += ' ';
  std::string text(8, '\0');
  for (int byte = 0; byte < 8; ++byte)
    text[static_cast<std::size_t>(byte)] = static_cast<char>(header.size() >> (8 * byte) & 0xff);
  return text + header + std::string(24, '\0');
}

constexpr const char* kTerms = R"("softmax_scale":"1","yes_at_least":"0.6","no_at_most":"0.4")";

}  // namespace

TEST_CASE("causal file: decide, attend and extract compute the mask or refuse it") {
  const TemporaryFolder folder;
  const std::string file = data_file("found/causal.safetensors");
  for (const std::string method : {"verdict", "histogram", "balls"}) {
    const Finished decided = run_in(folder.path(), {"decide", file, "--method", method, "--json"});
    CHECK(decided.code == 0);
    CHECK(decided.json()["verdict"] == "yes");
    CHECK(decided.json()["method"] == "balls");
  }
  CHECK(run_in(folder.path(), {"decide", file, "--method", "gradient"}).code == 5);
  CHECK(run_in(folder.path(), {"decide", file, "--certificate", "c.json"}).code == 5);
  CHECK(run_in(folder.path(), {"attend", file, "--method", "polynomial", "-o", "p"}).code == 5);
  for (const std::string method : {"exact", "certified"}) {
    REQUIRE(run_in(folder.path(), {"attend", file, "--method", method, "-o", method}).code == 0);
    const Safetensors out = read_safetensors(InputBytes::open(folder.file(method)));
    CHECK(element(out.tensors.at("out"), 0) == 1);  // row 0 sees key 0 alone
  }
}

TEST_CASE("causal file: the metadata survive reading and writing") {
  const TemporaryFolder folder;
  Attention a = read_attention(InputFile(InputBytes::open(data_file("found/causal.safetensors"))));
  CHECK(a.terms.causal);
  write_attention(folder.file("again"), a);
  CHECK(read_attention(InputFile(InputBytes::open(folder.file("again")))).terms.causal);
}

TEST_CASE("metadata that change the meaning are read strictly") {
  const TemporaryFolder folder;
  const auto code = [&](const std::string& metadata) {
    const std::string file = folder.file("x.safetensors", attention_text(kTerms + metadata));
    const int decided = run_in(folder.path(), {"decide", file}).code;
    for (const std::string method : {"exact", "certified", "polynomial"}) {
      const int attended = run_in(folder.path(), {"attend", file, "--method", method, "-o", "out"}).code;
      if (decided == 6) CHECK(attended == 6);
    }
    return decided;
  };
  CHECK(code("") == 0);
  CHECK(code(R"(,"causal":"true")") == 0);
  CHECK(code(R"(,"causal":"false","embedding":"sharp-centred","note":"mine")") == 0);
  for (const std::string wrong :
       {R"("causal":"True")", R"("causal":"1")", R"("causal":"")", R"("causal":"true ")", R"("Causal":"true")",
        R"("causal ":"true")", R"("softmaxScale":"1")", R"("embedding":"sharper")", R"("order":"02")", R"("order":"3")",
        R"("problem":"Attention")", R"("form":"explicit")", R"("rounding":"0.1")", R"("metric":"euclidean")",
        R"("expected":"Yes")", R"("entry_bound":"one")", R"("softmax-scale":"2")"}) {
    CAPTURE(wrong);
    CHECK(code("," + wrong) == 6);
  }
  CHECK(run_in(folder.path(), {"decide", data_file("found/causal-True.safetensors")}).code == 6);
  for (const std::string scale : {"1e", "inf", "nan", " 1", "1 ", "0x1p0"})
    CHECK(run_in(folder.path(),
                 {"decide",
                  folder.file("y.safetensors",
                              attention_text(R"("yes_at_least":"0.6","no_at_most":"0.4","softmax_scale":")" + scale + "\""))})
              .code == 6);
}

TEST_CASE("a masked key, entries of 1e5 and a no beyond the printed threshold have their verdicts") {
  const TemporaryFolder folder;
  for (const std::string name : {"att-masked-1e9", "extreme"}) {
    const std::string file = data_file("found/" + name + ".safetensors");
    const Finished decided = run_in(folder.path(), {"decide", file, "--json"});
    CHECK(decided.code == 0);
    CHECK(decided.json()["verdict"] == "no");
    CHECK(run_in(folder.path(), {"attend", file, "--method", "certified", "-o", "out"}).code == 0);
    CHECK(run_in(folder.path(), {"decide", file, "--certificate", "c.json"}).code == 0);
    CHECK(run_in(folder.path(), {"c.json", file}, {}, tested_checker()).code == 0);
  }
  // 0.45 is a no at 0.6 and 0.4: q = 0, values 9 times 1 of 20.
  Attention a;
  a.terms.softmax_scale = 1;
  a.terms.yes_at_least = mpq_class(3, 5);
  a.terms.no_at_most = mpq_class(2, 5);
  a.q = Matrix(1, 1);
  a.keys = {Matrix(20, 1)};
  a.values = {Matrix(20, 1)};
  std::fill_n(a.values[0].entries.begin(), 9, 1.0);
  write_attention(folder.file("between"), a);
  const Finished between = run_in(folder.path(), {"decide", folder.file("between")});
  CHECK(between.out.find("compared with the middle of the gap") != std::string::npos);
}

TEST_CASE("real vectors: the file's rounding decides, with a certificate and without") {
  const TemporaryFolder folder;
  const std::string file = data_file("found/real-rounding.safetensors");
  const Finished plain = run_in(folder.path(), {"decide", file, "--json"}),
                 certified = run_in(folder.path(), {"decide", file, "--certificate", "c.json", "--json"});
  CHECK(plain.json()["verdict"] == "yes");
  CHECK(plain.json()["row"] == 1);
  CHECK(certified.json()["verdict"] == "yes");
  CHECK(certified.json()["witness"] == plain.json()["witness"]);
}

TEST_CASE("vectors without a coordinate: the sharp embedding takes them, the paper's refuses") {
  const TemporaryFolder folder;
  GapMaxIp empty;
  empty.sets.assign(2, BitMatrix(3, 0));
  empty.gap = {2, 0};
  write_gap_max_ip(folder.file("g"), empty, Form::pruned, std::nullopt);
  CHECK(run_in(folder.path(), {"decide", "g", "--json"}).json()["verdict"] == "no");
  CHECK(run_in(folder.path(), {"reduce", "g", "--to", "attention", "--embedding", "paper", "-o", "paper"}).code == 2);
  REQUIRE(run_in(folder.path(), {"reduce", "g", "--to", "attention", "-o", "sharp"}).code == 0);
  CHECK(run_in(folder.path(), {"decide", "sharp", "--json"}).json()["verdict"] == "no");
}

TEST_CASE("solve and trace through a code whose boxes have more than 2^1024 coordinates") {
  const TemporaryFolder folder;
  const std::string cnf = folder.file("f.cnf", "p cnf 4 3\n1 2 0\n-1 3 4 0\n-2 -3 0\n");
  for (const std::string blocks : {"80", "200"}) {
    const Finished solved =
        run_in(folder.path(), {"solve", cnf, "--route", "reed-solomon", "-k", "3", "--blocks", blocks, "--json"});
    CHECK(solved.code == 0);
    CHECK(solved.out.find("\"SATISFIABLE\"") != std::string::npos);
    CHECK(run_in(folder.path(), {"trace", cnf, "--route", "reed-solomon", "-k", "3", "--blocks", blocks}).code == 0);
  }
}
