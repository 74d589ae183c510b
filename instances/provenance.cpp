#include "instances/provenance.hpp"

#include <nlohmann/json.hpp>

#include "instances/version.hpp"

namespace gapwright {

std::string provenance_json(const Provenance& made_by) {
  nlohmann::ordered_json json;
  json["tool"] = "gapwright";
  json["version"] = version();
  json["command"] = made_by.command;
  if (made_by.seed) json["seed"] = std::to_string(*made_by.seed);
  json["sources"] = nlohmann::ordered_json::array();
  for (const auto& source : made_by.sources) json["sources"].push_back({{"name", source.name}, {"sha256", source.sha256}});
  return json.dump();
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
  if (const std::string seed = string_at(json, "seed");
      !seed.empty() && seed.size() < 20 && seed.find_first_not_of("0123456789") == std::string::npos)
    made_by.seed = std::stoull(seed);
  if (const auto sources = json.find("sources"); sources != json.end() && sources->is_array())
    for (const auto& source : *sources)
      if (source.is_object()) made_by.sources.push_back({string_at(source, "name"), string_at(source, "sha256")});
  return made_by;
}

}  // namespace gapwright
