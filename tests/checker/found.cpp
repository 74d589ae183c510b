// SPDX-License-Identifier: MIT
// Small certificates and proofs that were once judged wrongly, and others of their kinds.
#include <doctest/doctest.h>

#include "checker/check.hpp"
#include "checker/drat.hpp"
#include "checker/errors.hpp"
#include "checker/files.hpp"
#include "checker/npy.hpp"
#include "tests/support.hpp"

using namespace gapwright;

namespace {

std::string found(const std::string& name) {
  return test::read_text(std::filesystem::path(GAPWRIGHT_TEST_DATA) / "found" / name);
}

template <class Work>
std::string outcome(Work work) {
  try {
    return work();
  } catch (const checker::Rejected& e) {
    return std::string("rejected: ") + e.what();
  } catch (const checker::BadInput& e) {
    return std::string("bad: ") + e.what();
  } catch (const checker::Limit& e) {
    return std::string("limit: ") + e.what();
  }
}

std::string verdict(const std::string& certificate, const std::vector<std::string>& instances) {
  return outcome([&] {
    std::vector<checker::File> files;
    for (const std::string& bytes : instances) files.push_back({"i", bytes});
    return "accepted: " + checker::check({"c", certificate}, files).text;
  });
}

/// A claim with the hashes of these files.
std::string claim_of(const std::string& members, const std::vector<std::string>& instances) {
  std::string hashes;
  for (const std::string& bytes : instances) hashes += (hashes.empty() ? "\"" : ", \"") + checker::sha256(bytes) + "\"";
  return "{\"claim\": {\"format\": \"gapwright-certificate-1\", \"inputs\": [" + hashes + "], " + members +
         "}, \"informative\": {}}";
}

std::string npy(const std::string& shape, const std::string& data, char major = 1, char minor = 0) {
  const std::string header = "{'descr': '|u1', 'fortran_order': False, 'shape': " + shape + ", }\n";
  std::string bytes = std::string("\x93NUMPY") + major + minor + static_cast<char>(header.size()) + '\0';
  if (major > 1) bytes += std::string(2, '\0');
  return bytes + header + data;
}

std::string floats_file(const std::string& metadata, const std::vector<std::pair<std::string, double>>& tensors) {
  std::string header = "{\"__metadata__\":" + metadata, data;
  for (const auto& [name, value] : tensors) {
    header += ",\"" + name + "\":{\"dtype\":\"F64\",\"shape\":[1,1],\"data_offsets\":[" + std::to_string(data.size()) + "," +
              std::to_string(data.size() + 8) + "]}";
    data.append(reinterpret_cast<const char*>(&value), 8);
  }
  header += "}";
  const std::uint64_t length = header.size();
  return std::string(reinterpret_cast<const char*>(&length), 8) + header + data;
}

}  // namespace

TEST_CASE("checker: real vectors are floats, everything named is read, a witness at the cut is the heaviest") {
  CHECK(verdict(found("i64.json"), {found("i64.safetensors")}).find("rejected: form") == 0);
  CHECK(verdict(found("two-inputs.json"), {found("ov-no.safetensors"), found("ov-yes.safetensors")}).find("rejected: inputs") ==
        0);
  CHECK(verdict(found("cut.json"), {found("cut.safetensors")}).find("rejected: cut") == 0);
}

TEST_CASE("checker: empty sets and vectors of dimension 0") {
  CHECK(verdict(found("zero.json"), {found("zero.npy"), found("zero2.npy")}).starts_with("accepted"));
  const std::string no = "\"problem\": \"orthogonal-vectors\", \"verdict\": \"no\", \"order\": 2, \"rows\": ";
  const std::vector<std::string> empty{npy("(2, 3)", std::string(6, '\1')), npy("(0, 3)", "")},
      flat{npy("(2, 0)", ""), npy("(5, 0)", "")};
  CHECK(verdict(claim_of(no + "{\"cut\": 1, \"counts\": [{\"main\": [], \"other\": []}], \"runs\": [[0, 2]]}", empty), empty)
            .starts_with("accepted"));
  CHECK(verdict(claim_of(no + "{\"cut\": 1, \"counts\": [{\"main\": [], \"other\": []}], \"runs\": [[0, 2]]}", flat), flat)
            .starts_with("rejected"));
  const std::string yes = "\"problem\": \"orthogonal-vectors\", \"verdict\": \"yes\", \"order\": 2, \"row\": 0, \"witness\": ";
  CHECK(verdict(claim_of(yes + "[0, 0]", flat), flat).starts_with("accepted"));
  CHECK(verdict(claim_of(yes + "[0, 0]", empty), empty).starts_with("rejected"));
  const std::vector<std::string> huge{npy("(1000000000000, 0)", ""), npy("(5, 0)", "")};
  CHECK(verdict(claim_of(yes + "[0, 0]", huge), huge).starts_with("limit"));
}

TEST_CASE("checker: .npy in versions 1.0, 2.0 and 3.0, shapes of natural numbers") {
  const auto sets = [](const std::string& bytes) {
    return outcome([&] { return std::to_string(checker::npy_sets(std::vector<checker::File>{{"i", bytes}}).size()); });
  };
  const std::string data(12, '\1');
  for (const char major : {1, 2, 3}) CHECK(sets(npy("(2, 2, 3)", data, major)) == "2");
  CHECK(sets(npy("(2,2,3)", data)) == "2");
  CHECK(sets(found("npy-negative-shape.npy")).starts_with("bad"));
  CHECK(sets(found("npy-v4.npy")).starts_with("bad"));
  CHECK(sets(npy("(2, 2, 3)", data, 1, 1)).starts_with("bad"));
  CHECK(sets(npy("(2, 2, 3)", data, 0)).starts_with("bad"));
  for (const char* shape : {"(-2, 2, 3)", "(2, -2, -3)", "(2. 2. 3)", "(2 2 3)", "[2, 2, 3]", "(2, 2, 3", "(+2, 2, 3)",
                            "(2, 2, 0x3)", "(2, 2, 3), 'more': 1", "(,2, 2, 3)", "(2,, 2, 3)", "(2, 2, 3.0)", "(02, 2, 3)",
                            "(2, 2, 03)", "(00, 2, 3)", "(2,\n2, 3)", "(2, 2, 3), }\n'x': (2"})
    CHECK(sets(npy(shape, data)).starts_with("bad"));
  std::string doubly = npy("(2, 2, 3)", data);
  std::replace(doubly.begin(), doubly.end(), '\'', '"');
  CHECK(sets(doubly) == "2");
  CHECK(sets(npy("(2, 2, 3)   ", data)) == "2");
  CHECK(sets(npy("(0, 2, 3)", "")).starts_with("bad"));
}

TEST_CASE("checker: what changes the meaning of a file is honoured or refused") {
  const std::string claim =
      "\"problem\": \"attention\", \"verdict\": \"yes\", \"order\": 2, \"entry_bound\": \"1\", \"softmax_scale\": \"1\", "
      "\"yes_at_least\": \"3/4\", "
      "\"no_at_most\": \"1/4\", \"row\": 0, \"witness\": [0, 0], \"cut\": 2, \"counts\": {\"main\": [0, 1], \"other\": []}, "
      "\"enclosure\": {\"width\": 64, \"lo\": "
      "\"1\", \"hi\": \"18446744073709551617/18446744073709551616\"}";
  const auto with = [&](const std::string& more) {
    const std::string file =
        floats_file("{\"softmax_scale\":\"1\",\"yes_at_least\":\"0.75\",\"no_at_most\":\"0.25\"" + more + "}",
                    {{"q", 1}, {"k1", 1}, {"v1", 1}});
    return verdict(claim_of(claim, {file}), {file});
  };
  for (const char* right :
       {"", ",\"causal\":\"false\"", ",\"problem\":\"attention\"", ",\"order\":\"2\"", ",\"expected\":\"yes\"", ",\"note\":\"\"",
        ",\"format\":\"pt\"", ",\"format\":\"\"", ",\"format\":\"gapwright-2\"", ",\"embedding\":\"\"",
        ",\"embedding\":\"direct\"", ",\"embedding\":\"sharp\"", ",\"embedding\":\"paper\"", ",\"embedding\":\"paper-centred\""})
    CHECK(with(right).starts_with("accepted"));
  for (const char* wrong : {"causal\":\"true",
                            "causal\":\"True",
                            "causal\":\"1",
                            "causal\":\"",
                            "Causal\":\"true",
                            "causal \":\"true",
                            " causal\":\"true",
                            "_causal\":\"true",
                            "softmaxScale\":\"2",
                            "Order\":\"2",
                            "problem\":\"gap-max-ip",
                            "order\":\"3",
                            "expected\":\"no",
                            "Expected\":\"no",
                            "note\":\"gapwright-1",
                            "format\":\"pt\",\"sha256\":\"0",
                            "embedding\":\"foo",
                            "embedding\":\"-centred",
                            "embedding\":\"Direct",
                            "embedding\":\"direct ",
                            "embedding\":\"direct-centred-centred",
                            "form\":\"explicit",
                            "rounding\":\"1",
                            "format\":\"gapwright-1",
                            "sha256\":\"0",
                            "entry-bound\":\"1"})
    CHECK(with(std::string(",\"") + wrong + "\"").starts_with("rejected"));
}

TEST_CASE("checker: a witness is lifted only when it is one of the formula's vectors, whatever its value") {
  const auto file_with = [](const std::string& values) {  // two queries, three keys; the last one of value 2
    std::string bytes(8, '\0');
    const std::string header =
        R"({"__metadata__":{"softmax_scale":"1","yes_at_least":"0.75","no_at_most":"0.25"},"q":{"dtype":"F64","shape":[2,1],"data_offsets":[0,16]},)"
        R"("k1":{"dtype":"F64","shape":[3,1],"data_offsets":[16,40]},"v1":{"dtype":"F64","shape":[3,1],"data_offsets":[40,64]}})";
    bytes[0] = static_cast<char>(header.size() & 255), bytes[1] = static_cast<char>(header.size() >> 8);
    return bytes + header + values;
  };
  std::string values;
  for (const double x : {1., 1., 1., 1., 1., 1., 1., 2.}) values.append(reinterpret_cast<const char*>(&x), 8);
  const std::string instance = file_with(values), formula = "p cnf 2 1\n1 -2 0\n";
  const std::string claim =
      "\"problem\": \"attention\", \"verdict\": \"yes\", \"order\": 2, \"entry_bound\": \"1\", \"softmax_scale\": \"1\", "
      "\"yes_at_least\": \"3/4\", \"no_at_most\": \"1/4\", \"row\": 0, "
      "\"witness\": [0, 2], \"enclosure\": {\"width\": 64, \"lo\": \"24595658764946068821/18446744073709551616\", \"hi\": "
      "\"12297829382473034411/9223372036854775808\"}";
  CHECK(verdict(claim_of(claim, {instance}), {instance}).starts_with("accepted"));
  const std::string linked = claim + ", \"formula\": \"" + checker::sha256(formula) + "\", \"assignment\": [-1, -2]";
  CHECK(verdict(claim_of(linked, {instance}), {instance, formula}).starts_with("rejected: witness"));
}

TEST_CASE("checker: rounding is a statement about real vectors") {
  const std::string tensor = R"({"dtype":"U8","shape":[1,2],"data_offsets":)",
                    claim =
                        "\"problem\": \"gap-max-ip\", \"verdict\": \"no\", \"order\": 2, \"form\": \"bits\", \"yes_at_least\": "
                        "\"2\", \"no_at_most\": \"1\", "
                        "\"row\": 0, \"inner_product\": 1, \"rows\": {\"cut\": 3, \"counts\": [{\"main\": [0, 1], \"other\": "
                        "[]}], \"runs\": [[0, 1]]}";
  const auto with = [&](const std::string& more) {
    const std::string header = R"({"__metadata__":{"problem":"gap-max-ip","yes_at_least":"2","no_at_most":"1")" + more +
                               "},\"x0\":" + tensor + "[0,2]},\"x1\":" + tensor + "[2,4]}}";
    const std::uint64_t length = header.size();
    const std::string file = std::string(reinterpret_cast<const char*>(&length), 8) + header + std::string("\1\1\1\0", 4);
    return verdict(claim_of(claim, {file}), {file});
  };
  CHECK(with("").starts_with("accepted"));
  CHECK(with(",\"rounding\":\"1\"").starts_with("rejected: rounding"));
}

TEST_CASE("checker: thresholds of 150,000 digits") {
  const std::string zeros(150'000, '0');
  const std::string file = floats_file("{\"softmax_scale\":\"1\",\"yes_at_least\":\"0.9\",\"no_at_most\":\"0." + zeros + "1\"}",
                                       {{"q", 1}, {"k1", 1}, {"v1", 1}});
  const std::string claim =
      "\"problem\": \"attention\", \"verdict\": \"yes\", \"order\": 2, \"entry_bound\": \"1\", \"softmax_scale\": \"1\", "
      "\"yes_at_least\": \"9/10\", \"no_at_most\": \"1/10" +
      zeros +
      "\", \"row\": 0, \"witness\": [0, 0], \"cut\": 2, \"counts\": {\"main\": [0, 1], \"other\": []}, \"enclosure\": "
      "{\"width\": 64, \"lo\": \"1\", \"hi\": "
      "\"18446744073709551617/18446744073709551616\"}";
  CHECK(verdict(claim_of(claim, {file}), {file}).starts_with("accepted"));
}

TEST_CASE("checker: proofs with new variables, binary proofs, and proofs that are not needed") {
  const checker::Formula formula = checker::read_dimacs(found("free.cnf"));
  const auto proved = [&](const std::string& proof) {
    return outcome([&] {
      const checker::ProofSize size = checker::check_drat(formula, proof, checker::Clock(10));
      return std::to_string(size.added) + " added, " + std::to_string(size.deleted) + " deleted, " + std::to_string(size.unread) +
             " unread";
    });
  };
  CHECK(proved(found("extension.drat")) == "4 added, 0 deleted, 0 unread");
  CHECK(proved("2147483647 1 0\n2147483647 2 0\n-2147483647 -1 -2 0\n1 0\n0\n") == "4 added, 0 deleted, 0 unread");
  CHECK(proved("2147483648 1 0\n1 0\n").starts_with("bad"));
  const auto bytes = [](std::initializer_list<int> list) { return std::string(list.begin(), list.end()); };
  CHECK(proved(bytes({'a', 6, 2, 0, 'a', 6, 4, 0, 'd', 2, 6, 0, 'a', 2, 0, 'a', 0})) == "3 added, 1 deleted, 0 unread");
  CHECK(proved(bytes({'a', 2, 0, 'x', 'x', 'x'})) == "1 added, 0 deleted, 3 unread");
  CHECK(proved(bytes({'a', 2})).starts_with("bad"));
  CHECK(proved(bytes({'b', 2, 0})).starts_with("bad"));
  CHECK(proved(bytes({'a', 1, 0})).starts_with("bad"));
  CHECK(proved(bytes({'a', 0x82 - 256, 0x80 - 256, 0x80 - 256, 0x80 - 256, 0x20, 0})).starts_with("bad"));
  const checker::ProofSize size =
      checker::check_drat(checker::read_dimacs("p cnf 1 2\n1 0\n-1 0\n"), "whatever", checker::Clock(10));
  CHECK(size.added + size.deleted == 0);
  CHECK(size.unread == 8);
}

TEST_CASE("checker: a file of another program may say any format, and a saturated output is told from 1") {
  CHECK(verdict(found("format-pt.json"), {found("format-pt.safetensors")}).starts_with("accepted"));
  CHECK(verdict(found("saturated.json"), {found("saturated.safetensors")}).starts_with("accepted"));
}
