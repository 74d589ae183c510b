// SPDX-License-Identifier: MIT
// The command that a bundle records is canonical: the verb, the inputs by name, then the options that change the content, in one
// order. So it is put together here from everything else the bundle states, and must come out letter by letter.
#include <algorithm>

#include "checker/bundle/parts.hpp"
#include "checker/errors.hpp"

namespace checker {
namespace {

const ManifestStep* step_of(const Manifest& m, const std::string& rule) {
  const auto found = std::find_if(m.path.begin(), m.path.end(), [&](const ManifestStep& step) { return step.rule == rule; });
  return found == m.path.end() ? nullptr : &*found;
}

std::string value_of(const ManifestStep& step, const std::string& key) {
  const auto found = step.parameters.find(key);
  require(found != step.parameters.end(), step.rule + ": '" + key + "' is missing");
  return found->second;
}

/// " --mu M", as the command writes M; it must be the number of the step.
std::string mu_of(const std::string& command, const ManifestStep& embedding) {
  const std::size_t at = command.find(" --mu ");
  if (at == std::string::npos || !embedding.parameters.contains("mu")) return "";
  const std::string text = command.substr(at + 6, command.find(' ', at + 6) - at - 6);
  require(nearest_double(text) == nearest_double(value_of(embedding, "mu")), embedding.rule + ": mu is not the command's");
  return " --mu " + text;
}

/// A file's name as one word of a shell, which is no option and not standard input.
std::string word_of_shell(std::string name) {
  if (name.starts_with('-')) name = "./" + name;
  const char* const plain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_@%+=:,./-";
  if (!name.empty() && name.find_first_not_of(plain) == std::string::npos) return name;
  std::string word = "'";
  for (const char c : name) word += c == '\'' ? "'\\''" : std::string(1, c);
  return word + "'";
}

std::string of_code_route(const BundleFiles& files) {
  const Manifest& m = files.manifest;
  const ManifestStep *protocol = step_of(m, "orthogonal-vectors -> gap-max-ip"), *gadget = step_of(m, "gap-max-ip -> gap-max-ip"),
                     *embedding = step_of(m, "gap-max-ip -> attention");
  std::string text;
  if (protocol) {
    text += " --route " + value_of(*protocol, "route") + " --field " + value_of(*protocol, "field") + " --blocks " +
            value_of(*protocol, "blocks") + " --block-length " + value_of(*protocol, "block_length");
    if (value_of(*protocol, "level") != "0") text += " --level " + value_of(*protocol, "level");
  }
  if (gadget || protocol) {
    const std::string form = gadget ? value_of(*gadget, "form") : "factored";
    text += form == "characters" ? " --gadget characters" : " --form " + form;
  }
  if (embedding && value_of(*embedding, "embedding").starts_with("paper")) text += " --embedding paper";
  if (embedding) text += mu_of(m.command, *embedding);
  if (protocol) text += " --advice " + value_of(*protocol, "message");
  return text;
}

}  // namespace

std::string check_command(const BundleFiles& files) {
  const Manifest& m = files.manifest;
  const ManifestStep *direct = step_of(m, "orthogonal-vectors -> attention"), *embedding = step_of(m, "gap-max-ip -> attention");
  std::string text = "reduce";
  for (const ManifestFile& source : m.sources) text += " " + word_of_shell(source.name);
  text += " --to " + m.target.problem;
  if (files.formula) text += " -k " + std::to_string(files.order);
  if (direct || (files.gap && embedding)) text += " --route direct";
  for (const char* flag : {"square", "causal"})
    if (direct && value_of(*direct, flag) == "yes") text += std::string(" --") + flag;
  if (direct && value_of(*direct, "entry_dtype") != "f64") text += " --entry-dtype " + value_of(*direct, "entry_dtype");
  for (const ManifestStep* step : {direct, embedding})
    if (step && step->parameters.contains("delta")) text += " --delta " + value_of(*step, "delta");
  if ((direct && value_of(*direct, "centred") == "yes") || (embedding && value_of(*embedding, "embedding").ends_with("-centred")))
    text += " --centred";
  const std::string rest = of_code_route(files);
  const bool unknown = files.unknown_steps > 0,
             expects = m.command == text + " --expect" + rest || (unknown && m.command.find(" --expect") != std::string::npos);
  require(expects || unknown || m.command == text + rest, "provenance: the command is not the one that makes this bundle");
  const auto stated = files.target.text("expected");
  require(!expects || stated, "provenance: the command has --expect, and the target states no 'expected'");
  const bool honest = step_of(m, "orthogonal-vectors -> gap-max-ip") != nullptr;  // Merlin's own message is known to be a yes
  require(expects || honest || stated == files.expected, "target: expected comes neither from --expect nor from the source");
  return unknown ? other_words(m.command, text + (expects ? " --expect" : "") + rest) : "";
}

}  // namespace checker
