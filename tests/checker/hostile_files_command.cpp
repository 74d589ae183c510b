// SPDX-License-Identifier: MIT
// gapwright-check and files made to hurt it: it keeps its limits, says one short line, and ends with an exit code that docs/trust.md names.
#include <sys/stat.h>

#include <chrono>

#include "checker/files.hpp"
#include "checker/message.hpp"
#include "tests/cli/program.hpp"

using namespace gapwright;
using namespace gapwright::test;

namespace {

struct Watched {
  Finished finished;
  double seconds = 0;
};

Watched check(const TemporaryFolder& folder, const std::vector<std::string>& arguments, const Surroundings& around = {}) {
  const auto start = std::chrono::steady_clock::now();
  Watched w{run_in(folder.path(), arguments, around, tested_checker())};
  w.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return w;
}

/// Ends with this code, one line of at most 500 bytes on standard error, and nothing on standard output.
void refused(const Watched& w, int code) {
  CAPTURE(w.finished.err);
  CHECK(w.finished.code == code);
  CHECK(w.finished.error_lines() == 1);
  CHECK(w.finished.err.size() <= 500);
  CHECK(std::none_of(w.finished.err.begin(), w.finished.err.end(),
                     [](unsigned char c) { return (c < 32 && c != '\n') || c == 127; }));
  CHECK(w.finished.out.empty());
}

std::string claim_of(const std::string& members, const std::string& instance) {
  return "{\"claim\": {\"format\": \"gapwright-certificate-1\", \"inputs\": [\"" + checker::sha256(instance) + "\"], " + members +
         "}, \"informative\": {}}";
}

std::string safetensors(const std::string& header, const std::string& data = "") {
  const std::uint64_t length = header.size();
  return std::string(reinterpret_cast<const char*>(&length), 8) + header + data;
}

std::string npy(const std::string& shape) {
  const std::string header = "{'descr': '|u1', 'fortran_order': False, 'shape': " + shape + ", }\n";
  return std::string("\x93NUMPY\1\0", 8) + static_cast<char>(header.size()) + '\0' + header;
}

const std::string kNo =
    "\"problem\": \"orthogonal-vectors\", \"verdict\": \"no\", \"order\": 2, \"rows\": {\"cut\": 1, \"counts\": [], \"runs\": "
    "[]}";

/// The answer about an instance with its claim.
Watched claimed(const TemporaryFolder& folder, const std::string& members, const std::string& instance,
                std::vector<std::string> more = {}) {
  folder.file("c", claim_of(members, instance));
  folder.file("i", instance);
  more.insert(more.end(), {"c", "i"});
  return check(folder, more);
}

}  // namespace

TEST_CASE("gapwright-check: what is never delivered, or without end, stops at a limit") {
  const TemporaryFolder folder;
  folder.file("f.cnf", "p cnf 1 1\n1 0\n");
  REQUIRE(::mkfifo(folder.file("fifo").c_str(), 0600) == 0);
  const Watched silent = check(folder, {"--time-limit", "0.1", "fifo", "f.cnf"});
  refused(silent, 5);
  CHECK(silent.seconds < 1.2);
  refused(check(folder, {"f.cnf", "/dev/zero"}), 6);
  refused(check(folder, {"--proof", "/dev/zero", "f.cnf"}), 6);
  refused(check(folder, {"--memory-limit", "1M", "--proof", folder.file("long", std::string(2 << 20, '\n')), "f.cnf"}), 5);
  CHECK(check(folder, {"--memory-limit", "16M", "--proof", "-", "f.cnf"}, {std::string(3 << 20, '\n'), "", 0, SIGINT})
            .finished.code == 3);  // within the limit, and no proof
}

TEST_CASE("gapwright-check: --memory-limit and --time-limit are numbers") {
  const TemporaryFolder folder;
  for (const char* wrong : {"0", "", "1X", "-1", "M", "1e9", "99999999999999999999", "18446744073709551615K", "1GB"})
    CHECK(check(folder, {"--memory-limit", wrong, "a", "b"}).finished.code == 2);
  for (const char* wrong : {"nan", "inf", "-1", "", "1s"})
    CHECK(check(folder, {"--time-limit", wrong, "a", "b"}).finished.code == 2);
  for (const char* right : {"100000000", "100000K", "100M", "1G", "1T"})
    CHECK(check(folder, {"--memory-limit", right, "a", "b"}).finished.code == 6);
}

TEST_CASE("gapwright-check: a proof costs what occurs in it, not what the header says") {
  const TemporaryFolder folder;
  folder.file("f.cnf", "p cnf 2147483647 9223372036854775807\n1 0\n2147483647 0\n-1 -2147483647 0\n");
  CHECK(check(folder, {"--memory-limit", "64M", "--proof", folder.file("p", "0\n"), "f.cnf"}).finished.code == 0);
}

TEST_CASE("gapwright-check: orders above 64 are refused, whatever the file") {
  const TemporaryFolder folder;
  std::string vectors, attention;
  for (int u = 0; u < 65; ++u) {
    const std::string place =
        R"(":{"dtype":"U8","shape":[1,1],"data_offsets":[)" + std::to_string(u) + "," + std::to_string(u + 1) + "]}";
    vectors += (u > 0 ? ",\"x" : "{\"x") + std::to_string(u) + place;
    attention += (u > 0 ? ",\"k" : "{\"k") + std::to_string(u + 1) + place;
  }
  refused(claimed(folder, kNo, safetensors(vectors + "}", std::string(65, '\1'))), 6);
  refused(claimed(folder, kNo, npy("(65, 0, 3)")), 6);
  const std::string claim =
      "\"problem\": \"attention\", \"verdict\": \"no\", \"order\": 65, \"entry_bound\": \"1\", \"softmax_scale\": \"1\", "
      "\"yes_at_least\": \"3/4\", \"no_at_most\": \"1/4\", \"row\": 0, "
      "\"enclosure\": {\"width\": 64, \"lo\": \"0\", \"hi\": \"1\"}, \"rows\": {\"width\": 64, \"runs\": []}";
  refused(claimed(folder, claim, safetensors(attention + "}", std::string(65, '\1'))), 6);
  std::string many;
  for (int u = 0; u < 20'000; ++u)
    many += (u > 0 ? ",\"x" : "{\"x") + std::to_string(u) + R"(":{"dtype":"U8","shape":[1,0],"data_offsets":[0,0]})";
  const Watched wide = claimed(folder, kNo, safetensors(many + "}"));
  refused(wide, 6);
  CHECK(wide.seconds < 1);
}

TEST_CASE("gapwright-check: sizes that wrap, and small files that ask for much") {
  const TemporaryFolder folder;
  const auto tensors = [](const std::string& dtype, const std::string& shape, const std::string& metadata = "{}") {
    const std::string tensor = "{\"dtype\":\"" + dtype + "\",\"shape\":" + shape + ",\"data_offsets\":[0,0]}";
    return safetensors("{\"__metadata__\":" + metadata + ",\"x0\":" + tensor + ",\"x1\":" + tensor + "}");
  };
  const std::vector<std::string> small{"--memory-limit", "256M"};
  // An empty set is a true no, however long its vectors are said to be.
  for (const char* shape : {"[0,5]", "[0,18446744073709551615]", "[0,9223372036854775808]", "[0,0]"})
    CHECK(claimed(folder, kNo, tensors("U8", shape), small).finished.code == 0);
  for (const char* shape : {"(2, 0, 5)", "(2, 0, 999999999999999999)", "(64, 0, 5)"})
    CHECK(claimed(folder,
                  std::string(shape).starts_with("(64") ? "\"problem\": \"orthogonal-vectors\", \"verdict\": \"no\", \"order\": "
                                                          "64, \"rows\": {\"cut\": 1, \"counts\": [], \"runs\": []}"
                                                        : kNo,
                  npy(shape), small)
              .finished.code == 0);
  const std::string gap = R"({"problem":"gap-max-ip","yes_at_least":"2","no_at_most":"1"})";
  const std::string empty =
      "\"problem\": \"gap-max-ip\", \"verdict\": \"no\", \"order\": 2, \"yes_at_least\": \"2\", \"no_at_most\": \"1\", "
      "\"empty_set\": 0, \"form\": ";
  CHECK(claimed(folder, empty + "\"bits\"", tensors("U8", "[0,18446744073709551615]", gap), small).finished.code == 0);
  CHECK(claimed(folder, empty + "\"real\", \"rounding\": \"0\"", tensors("F64", "[0,2305843009213693951]", gap), small)
            .finished.code == 0);
  refused(claimed(folder, kNo, tensors("U8", "[9223372036854775808,2]"), small), 6);
  refused(claimed(folder, kNo, tensors("U8", "[18446744073709551615,18446744073709551615]"), small), 6);
  refused(claimed(folder, kNo, npy("(9223372036854775808, 2)"), small), 6);
  for (const char* shape : {"[1152921504606846976,0]", "[5000000,0]"}) {
    refused(claimed(folder, kNo, tensors("U8", shape), small), 5);
    refused(claimed(folder, empty + "\"real\", \"rounding\": \"0\"", tensors("F64", shape, gap), small), 5);
  }
  const std::string formula =
      "\"problem\": \"cnf\", \"route\": \"direct\", \"verdict\": \"no\", \"order\": 24, \"entry_bound\": \"1\", "
      "\"softmax_scale\": \"1\", \"yes_at_least\": \"1\", \"no_at_most\": \"0\", "
      "\"row\": 0, \"cut\": 1, \"counts\": {\"main\": [], \"other\": []}, \"enclosure\": {\"width\": 64, \"lo\": \"0\", \"hi\": "
      "\"1\"}, \"rows\": {\"cut\": 1, \"counts\": [], \"runs\": []}";
  refused(claimed(folder, formula, "p cnf 480 1\n1 0\n"), 5);
  refused(claimed(folder, formula, "p cnf 24 1\n1 0\n", {"--memory-limit", "64M"}), 5);
}

TEST_CASE("gapwright-check: messages are short and plain, whatever names and files say") {
  const TemporaryFolder folder;
  folder.file("f.cnf", "p cnf 1 1\n1 0\n");
  refused(check(folder, {std::string(4000, 'x') + "\x1b[31m\xc2\x9b\x9b\n", "f.cnf"}), 6);
  refused(check(folder, {"f.cnf", "\x1b]0;title\x07"}), 6);
  folder.file("bad.cnf", "p cnf 1 1\n\x1b[2J\xc2\x9b 0\n");
  refused(check(folder, {"--proof", "f.cnf", "bad.cnf"}), 6);
  const std::string name = std::string(3000, 'y') + "\\u009b\\u001b";
  refused(claimed(folder, kNo, safetensors("{\"" + name + "\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,9]}}", "1")),
          6);
  const Finished rejected = claimed(folder, kNo,
                                    safetensors("{\"__metadata__\":{\"problem\":\"" + name +
                                                "\"},\"x0\":{\"dtype\":\"U8\",\"shape\":[0,1],\"data_offsets\":[0,0]}}"))
                                .finished;
  CHECK(rejected.code == 3);
  CHECK(rejected.out.size() <= 500);
  CHECK(rejected.out.find('\x1b') == std::string::npos);
  CHECK(rejected.out.find("\xc2\x9b") == std::string::npos);
  CHECK(checker::printable("a\nb\x7f\xc2\x85\xc2\xa0\xff\xe2\x82") == "a\\x0ab\\x7f\\xc2\\x85\xc2\xa0\\xff\\xe2\\x82");
  CHECK(checker::printable("\xed\xa0\x80\xc0\x80\xf4\x90\x80\x80") == "\\xed\\xa0\\x80\\xc0\\x80\\xf4\\x90\\x80\\x80");
  const std::string cut = checker::printable("begin" + std::string(1'000'000, '\1') + "end");
  CHECK(cut.size() <= 470);
  CHECK(cut.starts_with("begin"));
  CHECK(cut.ends_with("end"));
}

TEST_CASE("gapwright-check: a closed pipe is no failure, a full disk is one") {
  const TemporaryFolder folder;
  folder.file("f.cnf", "p cnf 1 2\n1 0\n-1 0\n");
  folder.file("p", "");
  const Finished gone = check(folder, {"--proof", "p", "f.cnf"}, {"", "closed pipe", 0, SIGINT}).finished;
  CHECK(gone.code == 141);
  CHECK(gone.err.empty());
  const Finished full = check(folder, {"--proof", "p", "f.cnf"}, {"", "/dev/full", 0, SIGINT}).finished;
  CHECK(full.code == 1);
  CHECK(full.error_lines() == 1);
}
