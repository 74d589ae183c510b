// SPDX-License-Identifier: MIT
#include "checker/bundle/manifest.hpp"

#include <initializer_list>

#include "checker/errors.hpp"

namespace checker {
namespace {

/// The object's members are these; a name after '?' may be missing.
void check_keys(const Value& value, std::initializer_list<std::string_view> keys, const std::string& place) {
  require(value.kind == Value::Kind::object, place + ": must be an object");
  std::size_t known = 0;
  for (std::string_view key : keys) {
    const bool optional = key.starts_with('?');
    if (optional) key.remove_prefix(1);
    const bool there = value.find(key) != nullptr;
    require(there || optional, place + ": '" + std::string(key) + "' is missing");
    known += there;
  }
  require(known == value.members.size(), place + ": there is a key that we do not know");
}

const std::string& text_at(const Value& value, std::string_view key, std::string_view place) {
  const Value& text = *value.find(key);
  require(text.kind == Value::Kind::string, std::string(place) + ": '" + std::string(key) + "' must be a string");
  return text.string;
}

std::uint64_t whole_number(const Value& value, const std::string& place) {
  require(value.kind == Value::Kind::whole, place + ": must be a whole number");
  return value.magnitude;
}

const std::vector<Value>& list_at(const Value& value, std::string_view key, std::string_view place) {
  const Value& list = *value.find(key);
  require(list.kind == Value::Kind::list, std::string(place) + ": '" + std::string(key) + "' must be a list");
  return list.items;
}

ManifestFile file_of(const Value& value, const std::string& place) {
  check_keys(value, {"file", "name", "problem", "bytes", "sha256"}, place);
  ManifestFile file{text_at(value, "file", place), text_at(value, "name", place), text_at(value, "problem", place),
                    text_at(value, "sha256", place), whole_number(*value.find("bytes"), place + ": bytes")};
  require(!file.file.empty() && file.file.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789.-") == std::string::npos &&
              !file.file.starts_with("."),
          place + ": 'file' must be the name of a file in the folder");
  return file;
}

std::map<std::string, std::string> values_of(const Value& value, const std::string& place) {
  require(value.kind == Value::Kind::object, place + ": must be an object");
  std::map<std::string, std::string> values;
  for (const auto& [name, entry] : value.members) {
    require(entry.kind == Value::Kind::string, place + ": all values are strings");
    values[name] = entry.string;
  }
  return values;
}

void read_provenance(const Value& value, Manifest& manifest) {
  const std::string place = "manifest: provenance";
  check_keys(value, {"tool", "version", "command", "sources"}, place);
  require(text_at(value, "tool", place) == "gapwright", place + ": tool is gapwright");
  manifest.version = text_at(value, "version", place);
  require(!manifest.version.empty() && manifest.version.find_first_not_of("0123456789.") == std::string::npos,
          place + ": version is no version");
  manifest.provenance = value;
  manifest.command = text_at(value, "command", place);
  for (const Value& source : list_at(value, "sources", place)) {
    check_keys(source, {"name", "sha256"}, place);
    manifest.origins.emplace_back(text_at(source, "name", place), text_at(source, "sha256", place));
  }
}

WitnessRule witness_of(const Value& value, const std::string& place) {
  check_keys(value, {"unit", "least"}, place);
  WitnessRule rule{text_at(value, "unit", place), std::nullopt};
  const Value& least = *value.find("least");
  if (least.kind != Value::Kind::null) rule.least = whole_number(least, place + ": least");
  return rule;
}

std::vector<std::uint64_t> numbers_of(const std::vector<Value>& list, const std::string& place) {
  std::vector<std::uint64_t> numbers;
  for (const Value& value : list) {
    numbers.push_back(whole_number(value, place));
    require(numbers.back() <= std::uint64_t{1} << 62, place + ": beyond 2^62");
  }
  return numbers;
}

LiftStep step_of(const Value& value, const std::string& place) {
  require(value.kind == Value::Kind::object && value.find("kind") && value.find("rule"), place + ": is no step");
  LiftStep step;
  step.rule = text_at(value, "rule", place);
  step.kind = text_at(value, "kind", place);
  if (step.kind == "bits") {
    check_keys(value, {"rule", "kind", "variables"}, place);
    for (const Value& set : list_at(value, "variables", place)) {
      require(set.kind == Value::Kind::list, place + ": 'variables' holds lists");
      step.variables.push_back(numbers_of(set.items, place));
      require(step.variables.back().size() < 63, place + ": an index of more than 62 bits");
    }
    return step;
  }
  require(step.kind == "rows", place + ": the kinds of a bundle are rows and bits");
  check_keys(value, {"rule", "kind", "rows", "sizes", "?first", "?shift"}, place);
  step.rows = numbers_of(list_at(value, "rows", place), place);
  step.sizes = numbers_of(list_at(value, "sizes", place), place);
  step.first = step.shift = std::vector<std::uint64_t>(step.rows.size(), 0);
  if (value.find("first")) step.first = numbers_of(list_at(value, "first", place), place);
  if (value.find("shift")) step.shift = numbers_of(list_at(value, "shift", place), place);
  require(step.sizes.size() == step.rows.size() && step.first.size() == step.rows.size() && step.shift.size() == step.rows.size(),
          place + ": rows, sizes, first and shift must be equally long");
  for (std::size_t u = 0; u < step.sizes.size(); ++u) require(step.sizes[u] > 0, place + ": a size is 0");
  return step;
}

}  // namespace

Manifest read_manifest(std::string_view text) {
  const Value json = parse_json(text, "manifest");
  check_keys(json, {"format", "provenance", "source", "target", "lift", "witness", "path"}, "manifest");
  require(text_at(json, "format", "manifest") == "gapwright-bundle-1", "manifest: format must be gapwright-bundle-1");
  Manifest manifest;
  read_provenance(*json.find("provenance"), manifest);
  for (const Value& file : list_at(json, "source", "manifest")) manifest.sources.push_back(file_of(file, "manifest: source"));
  require(!manifest.sources.empty(), "manifest: there is no source");
  manifest.target = file_of(*json.find("target"), "manifest: target");
  manifest.lift = file_of(*json.find("lift"), "manifest: lift");
  if (json.find("witness")->kind != Value::Kind::null) manifest.witness = witness_of(*json.find("witness"), "manifest: witness");
  for (const Value& step : list_at(json, "path", "manifest")) {
    const std::string place = "manifest: step " + std::to_string(manifest.path.size());
    check_keys(step, {"rule", "theorem", "parameters", "predicted", "measured"}, place);
    manifest.path.push_back({text_at(step, "rule", place), text_at(step, "theorem", place),
                             values_of(*step.find("parameters"), place), values_of(*step.find("predicted"), place),
                             values_of(*step.find("measured"), place)});
  }
  return manifest;
}

LiftTable read_lift_table(std::string_view text) {
  const Value json = parse_json(text, "lift table");
  check_keys(json, {"format", "from", "to", "steps", "?witness"}, "lift table");
  require(text_at(json, "format", "lift table") == "gapwright-lift-1", "lift table: format must be gapwright-lift-1");
  LiftTable table{text_at(json, "from", "lift table"), text_at(json, "to", "lift table"), {}, {}};
  if (const Value* rule = json.find("witness")) table.witness = witness_of(*rule, "lift table: witness");
  for (const Value& step : list_at(json, "steps", "lift table"))
    table.steps.push_back(step_of(step, "lift table: step " + std::to_string(table.steps.size())));
  return table;
}

}  // namespace checker
