// SPDX-License-Identifier: MIT
#include "cli/certify.hpp"

#include <filesystem>

#include "cli/formula.hpp"
#include "cli/paths.hpp"

namespace gapwright::cli {

void add_certify_options(CLI::App& verb, CertifyOptions& options) {
  verb.add_option("--certificate", options.record.certificate,
                  "write what gapwright-check needs to find the answer true by itself");
  verb.add_option("--formula", options.formula,
                  "the formula the instance comes from: a yes certificate then holds the assignment its witness lifts to");
  verb.add_option(
      "--checkpoint", options.record.checkpoint,
      "go on from this file when a run was stopped; written every minute, deleted at the end [CERTIFICATE.checkpoint]");
  verb.add_option("--checkpoint-every", options.record.every, "seconds between checkpoints")
      ->check(CLI::NonNegativeNumber)
      ->each([&options](const std::string&) { options.every_given = true; })
      ->capture_default_str();
}

void check_certify_options(const CertifyOptions& options) {
  if (!options.formula.empty() && options.record.certificate.empty())
    throw std::invalid_argument("--formula goes with --certificate");
  if (options.every_given && !options.record.recording())
    throw std::invalid_argument("--checkpoint-every goes with --checkpoint or --certificate");
}

RecordRequest record_request(const Context& context, const CertifyOptions& options, const Provenance& files) {
  RecordRequest record = options.record;
  for (const Provenance::Source& file : files.sources) record.files.push_back(file.sha256);
  if (options.formula.empty()) return record;
  record.formula_name = std::filesystem::path(options.formula).filename().string();
  record.formula = [&context, path = options.formula] {
    auto cnf = std::make_shared<const Cnf>(read_formula(context, open_input(context, path), false));
    return SourceFormula{cnf, path, cnf->made_by.sources.at(0).sha256};
  };
  return record;
}

}  // namespace gapwright::cli
