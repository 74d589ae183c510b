// SPDX-License-Identifier: MIT
#include "cli/certify.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "atlas/lifted_assignment.hpp"
#include "cli/formula.hpp"
#include "support/sha256.hpp"
#include "support/version.hpp"
#include "support/write_file.hpp"

#include <utility>

namespace gapwright::cli {
namespace {

std::vector<std::string> hashes_of(const std::vector<InputBytes>& inputs) {
  std::vector<std::string> hashes;
  hashes.reserve(inputs.size());
  for (const InputBytes& input : inputs) hashes.push_back(sha256_hex(input.text()));
  return hashes;
}

constexpr const char* kBesideCertificate = ".checkpoint";

std::string checkpoint_path(const CertifyOptions& options) {
  if (!options.checkpoint.empty()) return options.checkpoint;
  return options.certificate.empty() || options.certificate == "-" ? "" : options.certificate + kBesideCertificate;
}

}  // namespace

std::vector<WrittenPath> written_by(const CertifyOptions& options) {
  std::vector<std::string> beside;
  if (options.checkpoint.empty()) beside = {kBesideCertificate};
  return {{"--certificate", options.certificate, WrittenPath::file, beside}, {"--checkpoint", options.checkpoint}};
}

void add_certify_options(CLI::App& verb, CertifyOptions& options) {
  verb.add_option("--certificate", options.certificate, "write what gapwright-check needs to find the answer true by itself");
  verb.add_option("--formula", options.formula,
                  "the formula the instance comes from: a yes certificate then holds the assignment its witness lifts to");
  verb.add_option(
      "--checkpoint", options.checkpoint,
      "go on from this file when a run was stopped; written every minute, deleted at the end [CERTIFICATE.checkpoint]");
  verb.add_option("--checkpoint-every", options.every, "seconds between checkpoints")
      ->check(CLI::NonNegativeNumber)
      ->each([&options](const std::string&) { options.every_given = true; })
      ->capture_default_str();
}

Certifying::Certifying(const Context& context, const CertifyOptions& options, const std::vector<InputBytes>& inputs,
                       std::string command)
    : context_(context),
      options_(options),
      hashes_(hashes_of(inputs)),
      command_(std::move(command)),
      checkpoint_(checkpoint_path(options), fmt::format("{} {} {}", version(), command_, fmt::join(hashes_, " ")),
                  options.every) {
  if (checkpoint_.resume(recording_))
    say(context, fmt::format("going on after row {}, from {}", std::max(recording_.counts.rows(), recording_.bounds.rows()),
                             checkpoint_path(options)));
  checkpoint_.failed = [warned = false](const std::string& reason) mutable {  // each is tried, but one line says enough
    if (!std::exchange(warned, true)) warn("no checkpoint is kept, the work goes on: " + reason);
  };
  recording_.kept = [this] { checkpoint_.keep(recording_); };
}

std::optional<LiftedAssignment> Certifying::lifted(const std::optional<std::vector<std::size_t>>& witness) const {
  if (options_.formula.empty() || !witness) return std::nullopt;
  const Cnf cnf = read_formula(context_, open_input(context_, options_.formula), false);
  return lifted_assignment(cnf, options_.formula, cnf.made_by.sources.at(0).sha256, witness);
}

void Certifying::finish(const std::function<std::string()>& certificate) const {
  if (!options_.certificate.empty() && certificate)
    write_file(options_.certificate, certificate());
  else if (!options_.certificate.empty())
    warn("undecided: no certificate is written");
  checkpoint_.remove();
}

}  // namespace gapwright::cli
