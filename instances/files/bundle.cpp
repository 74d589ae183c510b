// SPDX-License-Identifier: MIT
#include "instances/files/bundle.hpp"

#include "instances/files/witness_json.hpp"
#include "support/errors.hpp"
#include "support/strict_json.hpp"
#include "support/version.hpp"

namespace gapwright {
namespace {

using Json = nlohmann::ordered_json;
constexpr const char* kBundleFormat = "gapwright-bundle-1";

Json file_json(const BundleFile& file) {
  return {{"file", file.file}, {"name", file.name}, {"problem", file.problem}, {"bytes", file.bytes}, {"sha256", file.sha256}};
}

BundleFile file_of(const Json& json, const std::string& place) {
  check_keys(json, {"file", "name", "problem", "bytes", "sha256"}, place);
  BundleFile file{string_at(json, "file", place), string_at(json, "name", place), string_at(json, "problem", place),
                  string_at(json, "sha256", place), count_at(json.at("bytes"), place + ": bytes")};
  if (file.file.empty() || file.file == "." || file.file == ".." || file.file.find('/') != std::string::npos ||
      file.file.find('\0') != std::string::npos)
    throw BadInstance(place + ": 'file' must be the name of a file in the folder");
  if (file.sha256.size() != 64 || file.sha256.find_first_not_of("0123456789abcdef") != std::string::npos)
    throw BadInstance(place + ": 'sha256' must be 64 hexadecimal digits");
  return file;
}

Json values_json(const NamedValues& values) {
  Json json = Json::object();
  for (const auto& [name, value] : values) json[name] = value;
  return json;
}

NamedValues values_of(const Json& json, const std::string& place) {
  if (!json.is_object()) throw BadInstance(place + ": must be an object");
  NamedValues values;
  for (const auto& [name, value] : json.items()) {
    if (!value.is_string()) throw BadInstance(place + ": '" + name.substr(0, 40) + "' must be a string");
    values.emplace_back(name, value.get<std::string>());
  }
  return values;
}

}  // namespace

std::string manifest_json(const Bundle& bundle) {
  Json json{{"format", kBundleFormat}};
  json["provenance"] = Json::parse(provenance_json(bundle.made_by));
  json["source"] = Json::array();
  for (const BundleFile& file : bundle.sources) json["source"].push_back(file_json(file));
  json["target"] = file_json(bundle.target);
  json["lift"] = file_json(bundle.lift);
  json["witness"] = nullptr;
  if (bundle.witness) json["witness"] = witness_rule_json(*bundle.witness);
  json["path"] = Json::array();
  for (const BundleStep& step : bundle.path)
    json["path"].push_back({{"rule", step.rule},
                            {"theorem", step.theorem},
                            {"parameters", values_json(step.parameters)},
                            {"predicted", values_json(step.predicted)},
                            {"measured", values_json(step.measured)}});
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

Bundle read_manifest(const InputBytes& input) {
  const Json json = parse_strict_json(input);
  const std::string& place = input.name();
  check_keys(json, {"format", "provenance", "source", "target", "lift", "witness", "path"}, place);
  if (string_at(json, "format", place) != kBundleFormat) throw BadInstance(place + ": is no manifest of format " + kBundleFormat);
  Bundle bundle;
  bundle.made_by = parse_provenance(json.at("provenance").dump(-1, ' ', false, Json::error_handler_t::replace));
  for (const Json& file : array_at(json, "source", place)) bundle.sources.push_back(file_of(file, place + ": source"));
  if (bundle.sources.empty()) throw BadInstance(place + ": there is no source");
  bundle.target = file_of(json.at("target"), place + ": target");
  bundle.lift = file_of(json.at("lift"), place + ": lift");
  if (!json.at("witness").is_null()) bundle.witness = read_witness_rule(json.at("witness"), place + ": witness");
  if (bundle.witness.has_value() != (bundle.target.problem == "attention"))
    throw BadInstance(place + ": 'witness' goes with an attention target, and only with one");
  for (const Json& step : array_at(json, "path", place)) {
    const std::string where = place + ": path";
    check_keys(step, {"rule", "theorem", "parameters", "predicted", "measured"}, where);
    bundle.path.push_back({string_at(step, "rule", where), string_at(step, "theorem", where),
                           values_of(step.at("parameters"), where), values_of(step.at("predicted"), where),
                           values_of(step.at("measured"), where)});
  }
  return bundle;
}

InputBytes open_bundle_file(const std::string& folder, const BundleFile& file) {
  InputBytes input = InputBytes::open(folder + "/" + file.file);
  if (input.bytes().size() != file.bytes || input.sha256() != file.sha256)
    throw BadInstance(input.name() + ": is not the file that the manifest describes; its size or SHA-256 differs");
  return input;
}

BundleFile described_file(const std::string& file, const std::string& name, const std::string& problem,
                          const InputBytes& contents) {
  return {file, name, problem, contents.sha256(), contents.bytes().size()};
}

BundleFile describe_file(const std::string& folder, const std::string& file, const std::string& name,
                         const std::string& problem) {
  return described_file(file, name, problem, InputBytes::open(folder + "/" + file));
}

}  // namespace gapwright
