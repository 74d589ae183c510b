// SPDX-License-Identifier: MIT
#include "instances/provenance.hpp"

#include <charconv>
#include <nlohmann/json.hpp>

#include "support/version.hpp"

namespace gapwright {

void note_seed(Provenance& made_by, std::uint64_t seed) {
  made_by.command += " --seed " + std::to_string(seed);
  made_by.seed = seed;
}

std::string provenance_json(const Provenance& made_by) {
  nlohmann::ordered_json json;
  json["tool"] = "gapwright";
  json["version"] = version();
  json["command"] = made_by.command;
  if (made_by.seed) json["seed"] = std::to_string(*made_by.seed);
  json["sources"] = nlohmann::ordered_json::array();
  for (const auto& source : made_by.sources) json["sources"].push_back({{"name", source.name}, {"sha256", source.sha256}});
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);  // file names may be any bytes
}

Provenance parse_provenance(const std::string& text) {
  const auto json = nlohmann::json::parse(text, nullptr, false);
  Provenance made_by;
  if (!json.is_object()) return made_by;
  const auto string_at = [](const nlohmann::json& object, const char* key) -> std::string {
    const auto found = object.find(key);
    return found != object.end() && found->is_string() ? found->get<std::string>() : "";
  };
  made_by.command = string_at(json, "command");
  if (const std::string seed = string_at(json, "seed"); !seed.empty()) {
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(seed.data(), seed.data() + seed.size(), value);
    if (error == std::errc{} && end == seed.data() + seed.size()) made_by.seed = value;
  }
  if (const auto sources = json.find("sources"); sources != json.end() && sources->is_array())
    for (const auto& source : *sources)
      if (source.is_object()) made_by.sources.push_back({string_at(source, "name"), string_at(source, "sha256")});
  return made_by;
}

}  // namespace gapwright
