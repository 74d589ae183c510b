// SPDX-License-Identifier: MIT
#pragma once
#include <functional>
#include <map>

#include "checker/bundle/bundle.hpp"
#include "checker/errors.hpp"
#include "checker/files.hpp"
#include "tests/cli/program.hpp"

// Bundles as files in memory, and faults in them.
namespace gapwright::test::bundle {

using Json = nlohmann::ordered_json;
using Files = std::map<std::string, std::string>;

/// The files of the bundle that `reduce` with these arguments writes.
inline Files made(const TemporaryFolder& folder, std::vector<std::string> arguments) {
  static int number = 0;
  const std::string name = "bundle-" + std::to_string(number++);
  arguments.insert(arguments.begin(), "reduce");
  arguments.insert(arguments.end(), {"-o", name + "/", "--quiet"});
  const Finished finished = run_in(folder.path(), arguments);
  CAPTURE(finished.err);
  REQUIRE(finished.code == 0);
  Files files;
  for (const auto& entry : std::filesystem::directory_iterator(folder.path() / name))
    files[entry.path().filename().string()] = read_text(entry.path());
  return files;
}

inline checker::BundleAccepted check(const Files& files) {
  return checker::check_bundle([&](const std::string& name) {
    const auto found = files.find(name);
    if (found == files.end()) throw checker::BadInput(name + ": is missing");
    return found->second;
  });
}

/// Why it was not accepted; empty when it was.
inline std::string refusal(const Files& files) {
  try {
    check(files);
  } catch (const checker::Rejected& e) {
    return e.what();
  } catch (const checker::BadInput& e) {
    return e.what();
  }
  return "";
}

/// Honest about its own bytes: sizes and hashes as they are now.
inline Files rehashed(Files files) {
  Json manifest = Json::parse(files.at("manifest.json"));
  const auto describe = [&](Json& entry) {
    const std::string& bytes = files.at(entry["file"].get<std::string>());
    entry["bytes"] = bytes.size();
    entry["sha256"] = checker::sha256(bytes);
  };
  for (Json& source : manifest["source"]) describe(source);
  describe(manifest["target"]);
  describe(manifest["lift"]);
  files["manifest.json"] = manifest.dump(2);
  return files;
}

inline void each_leaf(Json& value, const std::string& path, const std::function<void(Json&, const std::string&)>& visit) {
  if (value.is_structured() && !value.empty()) {
    for (auto& [key, item] : value.items()) each_leaf(item, path + "/" + key, visit);
    return;
  }
  visit(value, path);
}

/// Other values for a leaf, near the right one.
inline std::vector<Json> others(const Json& leaf) {
  if (leaf.is_number())
    return {leaf.get<std::uint64_t>() + 1, leaf.get<std::uint64_t>() == 0 ? 7 : leaf.get<std::uint64_t>() - 1, nullptr};
  if (leaf.is_null()) return {0, "1", true};
  if (!leaf.is_string()) return {1};
  std::string text = leaf.get<std::string>(), longer = text + "0";
  if (text.empty()) return {"x"};
  char& last = text.back();
  last = last == '1' ? '2' : '1';
  return {text, longer, "", 1};
}

/// Every leaf of the manifest changed in some ways; returns how many were accepted all the same, those at `unread` places aside.
inline std::size_t accepted_mutants(
    const Files& files, std::size_t& mutants,
    const std::function<bool(const std::string& path)>& unread = [](const std::string&) { return false; }) {
  std::size_t accepted = 0;
  Json manifest = Json::parse(files.at("manifest.json"));
  each_leaf(manifest, "", [&](Json& leaf, const std::string& path) {
    const Json right = leaf;
    for (const Json& other : others(right)) {
      leaf = other;
      Files changed = files;
      changed["manifest.json"] = manifest.dump();
      ++mutants;
      if (unread(path) || !refusal(changed).empty()) continue;
      ++accepted;
      MESSAGE("accepted: ", path, " = ", other.dump());
    }
    leaf = right;
  });
  return accepted;
}

/// The first `from` in a file is `to`.
inline Files replaced(Files files, const std::string& name, const std::string& from, const std::string& to) {
  std::string& text = files.at(name);
  const auto at = text.find(from);
  REQUIRE(at != std::string::npos);
  text.replace(at, from.size(), to);
  return files;
}

/// The target fits its own SHA-256, and the manifest the files.
inline Files honest_again(Files files) {
  std::string& target = files.at("target.safetensors");
  const std::string key = "\"sha256\":\"";
  const auto own = target.find(key, target.find("__metadata__"));
  REQUIRE(own != std::string::npos);
  target.replace(own + key.size(), 64, 64, '0');
  target.replace(own + key.size(), 64, checker::sha256(target));
  return rehashed(files);
}

}  // namespace gapwright::test::bundle
