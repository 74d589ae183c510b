#include "cli/bundle.hpp"

#include <algorithm>
#include <filesystem>
#include <stdexcept>

#include "instances/write_file.hpp"

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

BundleWriter::BundleWriter(const std::string& folder) : folder_(folder) {
  while (folder_.size() > 1 && folder_.ends_with("/")) folder_.pop_back();
  std::error_code error;
  made_ = std::filesystem::create_directory(folder_, error);
  if (error) throw std::invalid_argument(folder_ + ": cannot be made: " + error.message());
  if (!std::filesystem::is_empty(folder_, error) || error)
    throw std::invalid_argument(folder_ + ": is not empty; name a new folder for the bundle");
}

BundleWriter::~BundleWriter() {
  if (finished_) return;
  std::error_code ignored;
  for (const std::string& file : files_) std::filesystem::remove(folder_ + "/" + file, ignored);
  if (made_) std::filesystem::remove(folder_, ignored);
}

void BundleWriter::write(const std::string& file, std::string_view text) {
  files_.push_back(file);
  write_file(folder_ + "/" + file, text);
}

void BundleWriter::finish(const ReductionRecord& record, const std::vector<InputBytes>& sources,
                          const std::string& source_problem, const std::string& target_problem) {
  Bundle bundle;
  bundle.made_by = record.made_by;
  for (std::size_t i = 0; i < sources.size(); ++i) {
    const std::string file = source_file(sources[i], source_problem, i, sources.size());
    write(file, sources[i].text());
    bundle.sources.push_back(describe_file(folder_, file, sources[i].base_name(), source_problem));
  }
  LiftTable table{target_problem, source_problem, record.lift};
  std::reverse(table.steps.begin(), table.steps.end());
  write("lift.json", lift_json(table));
  bundle.target = describe_file(folder_, "target.safetensors", "target.safetensors", target_problem);
  bundle.lift = describe_file(folder_, "lift.json", "lift.json", "lift");
  if (target_problem == "attention") bundle.witness = record.witness.value_or(AttentionWitness{});
  bundle.path = record.path;
  write("manifest.json", manifest_json(bundle));
  finished_ = true;
}

}  // namespace gapwright::cli
