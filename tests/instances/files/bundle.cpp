// SPDX-License-Identifier: MIT
#include "instances/files/bundle.hpp"

#include <doctest/doctest.h>

#include "support/errors.hpp"
#include "tests/support.hpp"

using namespace gapwright;

namespace {

const std::string kHash(64, 'a');

Bundle example() {
  Bundle bundle;
  bundle.made_by = {"reduce a.cnf", 7, {{"a.cnf", kHash}}};
  bundle.sources = {{"source-0.npy", "x0.npy", "orthogonal-vectors", kHash, 12},
                    {"source-1.npy", "x1.npy", "orthogonal-vectors", kHash, 13}};
  bundle.target = {"target.safetensors", "target.safetensors", "attention", kHash, 5};
  bundle.lift = {"lift.json", "lift.json", "lift", kHash, 6};
  bundle.witness = {0.3332825, 64};
  bundle.path = {{"a -> b",
                  "theorem",
                  {{"order", "3"}},
                  {{"targets", "1"}, {"target_bits", "12345678901234567890"}},
                  {{"target_bits", "12345678901234567890"}}}};
  return bundle;
}

}  // namespace

TEST_CASE("bundle: a written manifest is read back") {
  Bundle bundle = example();
  CHECK(read_manifest(InputBytes::from(manifest_json(bundle), "m")) == bundle);
  bundle.witness->least.reset();
  bundle.made_by.seed.reset();
  CHECK(read_manifest(InputBytes::from(manifest_json(bundle), "m")) == bundle);
  bundle.target.problem = "gap-max-ip";
  bundle.witness.reset();
  CHECK(read_manifest(InputBytes::from(manifest_json(bundle), "m")) == bundle);
}

TEST_CASE("bundle: manifests that are not as written are refused") {
  const std::string text = manifest_json(example());
  const auto refused = [&](const std::string& from, const std::string& to) {
    std::string changed = text;
    const std::size_t place = changed.find(from);
    REQUIRE(place != std::string::npos);
    changed.replace(place, from.size(), to);
    return test::message_of<BadInstance>([&] { read_manifest(InputBytes::from(changed, "m")); });
  };
  CHECK(refused("gapwright-bundle-1", "gapwright-bundle-9").find("is no manifest") != std::string::npos);
  CHECK(refused("\"lift\": {", "\"left\": {").find("the key 'lift' is missing") != std::string::npos);
  CHECK(refused("\"path\": [", "\"more\": 1, \"path\": [").find("unknown key 'more'") != std::string::npos);
  CHECK(refused("\"file\": \"source-0.npy\"", "\"file\": \"../source-0.npy\"").find("name of a file in the folder") !=
        std::string::npos);
  CHECK(refused("\"file\": \"lift.json\"", "\"file\": \"..\"").find("name of a file in the folder") != std::string::npos);
  CHECK(refused(kHash, std::string(64, 'A')) == "nothing was thrown");  // the provenance is information, no claim
  CHECK(refused("\"sha256\": \"" + kHash + "\"\n    },\n    {", "\"sha256\": \"" + std::string(63, 'a') + "\"\n    },\n    {")
            .find("64 hexadecimal") != std::string::npos);
  CHECK(refused("\"bytes\": 12", "\"bytes\": -12").find("whole number") != std::string::npos);
  CHECK(refused("\"unit\": \"", "\"unit\": \"-").find("positive number") != std::string::npos);
  CHECK(refused("\"least\": 64", "\"least\": 6.5").find("whole number") != std::string::npos);
  CHECK(refused("\"problem\": \"attention\"", "\"problem\": \"gap-max-ip\"").find("goes with an attention target") !=
        std::string::npos);
  CHECK(refused("\"order\": \"3\"", "\"order\": 3").find("must be a string") != std::string::npos);
}

TEST_CASE("bundle: files are what the manifest says") {
  const test::TemporaryFolder folder;
  folder.file("a", "hello");
  BundleFile file = describe_file(folder.path().string(), "a", "b", "cnf");
  CHECK(file == BundleFile{"a", "b", "cnf", "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824", 5});
  CHECK(open_bundle_file(folder.path().string(), file).text() == "hello");
  folder.file("a", "hellO");
  CHECK(test::message_of<BadInstance>([&] { open_bundle_file(folder.path().string(), file); }).find("SHA-256 differs") !=
        std::string::npos);
  folder.file("a", "hello!");
  CHECK_THROWS_AS(open_bundle_file(folder.path().string(), file), BadInstance);
}
