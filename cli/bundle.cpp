// SPDX-License-Identifier: MIT
#include "cli/bundle.hpp"

#include <algorithm>
#include <filesystem>
#include <stdexcept>

#include "instances/files/lift_file.hpp"
#include "support/write_file.hpp"

namespace gapwright::cli {
namespace {

/// "source.cnf", or "source-1.npy" when there are several.
std::string source_file(const InputBytes& input, const std::string& problem, std::size_t index, std::size_t count) {
  const bool array = input.text().starts_with("\x93NUMPY");
  return "source" + (count > 1 ? "-" + std::to_string(index) : "") +
         (problem == "cnf" ? ".cnf"
          : array          ? ".npy"
                           : ".safetensors");
}

}  // namespace

bool names_folder(const std::string& output) {
  std::error_code ignored;
  return output.ends_with("/") || std::filesystem::is_directory(output, ignored);
}

WrittenPath bundle_files(const Context& context) {
  return {"-o",
          context.output,
          WrittenPath::folder,
          {"manifest.json", "lift.json", "target.safetensors", "source.cnf", "source.safetensors", ".npy"}};
}

BundleWriter::BundleWriter(const std::string& folder) : folder_(folder), files_(folder) {
  if (!files_.folder_is_empty()) throw std::invalid_argument(folder + ": is not empty; name a new folder for the bundle");
  target_ = files_.add("target.safetensors");
}

void BundleWriter::finish(const Reduced& made, const std::vector<InputFile>& sources, const std::string& source_problem,
                          const std::string& target_problem) {
  Bundle bundle;
  bundle.made_by = made.made_by;
  for (std::size_t i = 0; i < sources.size(); ++i) {
    const InputBytes& source = sources[i].bytes();
    const std::string file = source_file(source, source_problem, i, sources.size());
    write_file(files_.add(file), source.text());
    bundle.sources.push_back(described_file(file, source.base_name(), source_problem, source));
  }
  if (target_problem == "attention") bundle.witness = made.witness.value_or(AttentionWitness{});
  LiftTable table{target_problem, source_problem, made.lift};
  std::reverse(table.steps.begin(), table.steps.end());
  if (bundle.witness && *bundle.witness != AttentionWitness{})
    table.witness = bundle.witness;  // the table is used without the manifest too
  write_file(files_.add("lift.json"), lift_json(table));
  bundle.target = describe_file(folder_, "target.safetensors", "target.safetensors", target_problem);
  bundle.lift = describe_file(folder_, "lift.json", "lift.json", "lift");
  bundle.path = made.path;
  write_file(files_.add("manifest.json"), manifest_json(bundle));
  files_.finish();
}

}  // namespace gapwright::cli
