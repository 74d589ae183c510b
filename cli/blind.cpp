// SPDX-License-Identifier: MIT
#include "cli/blind.hpp"

#include <filesystem>
#include <nlohmann/json.hpp>

#include "cli/report.hpp"

namespace gapwright::cli {

void add_blind_options(CLI::App& verb, BlindOptions& options) {
  verb.add_flag("--blind", options.blind, "no answer, no seed, no sources and no planting in the file");
  verb.add_option("--answers", options.answers, "file for the answer, the witness, the seed and the full command");
}

Provenance shown_provenance(const BlindOptions& options, const Provenance& made_by, const std::string& command) {
  if (!options.blind) return made_by;
  Provenance shown;
  shown.command = command + " --blind";
  return shown;
}

std::optional<bool> shown_answer(const BlindOptions& options, std::optional<bool> expected) {
  return options.blind ? std::nullopt : expected;
}

void write_answers(const Context& context, const BlindOptions& options, const KnownAnswer& known) {
  if (options.answers.empty()) return;
  nlohmann::ordered_json json{
      {"file", nullptr}, {"sha256", nullptr}, {"expected", nullptr}, {"known", nullptr}, {"witness", nullptr}};
  if (context.output != "-") {
    const InputBytes written = InputBytes::open(context.output);
    json["file"] = written.base_name();
    json["sha256"] = written.sha256();
  }
  if (known.expected) json["expected"] = *known.expected ? "yes" : "no";
  if (!known.reason.empty()) json["known"] = known.reason;
  if (known.witness) json["witness"] = *known.witness;
  json["provenance"] = nlohmann::ordered_json::parse(provenance_json(known.made_by));
  OutputFile file(options.answers);
  file.write(json_text(json));
  file.commit();
}

}  // namespace gapwright::cli
