// SPDX-License-Identifier: MIT
#include "verify/checkpoint.hpp"

#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>

#include "support/errors.hpp"
#include "support/files.hpp"
#include "support/sha256.hpp"
#include "support/write_file.hpp"

namespace gapwright {
namespace {

constexpr const char* kFormat = "gapwright-checkpoint-1";

/// None when there is no such file: another process that does the same work may remove it at any time.
std::optional<InputBytes> opened(const std::string& path) {
  std::error_code ignored;
  try {
    if (std::filesystem::exists(path, ignored)) return InputBytes::open(path);
  } catch (const BadInstance&) {
    if (std::filesystem::exists(path, ignored)) throw;
  }
  return std::nullopt;
}

}  // namespace

Checkpoint::Checkpoint(std::string path, const std::string& task, double every_seconds)
    : path_(std::move(path)), task_(sha256_hex(task)), every_seconds_(every_seconds) {}

bool Checkpoint::resume(Recording& recording) const {
  if (path_.empty()) return false;
  remove_leftovers(path_);
  const std::optional<InputBytes> file = opened(path_);
  if (!file) return false;
  const auto json = nlohmann::json::parse(file->text(), nullptr, false);
  const auto text_at = [&](const char* key) -> std::string {
    return json.is_object() && json.contains(key) && json[key].is_string() ? json[key].get<std::string>() : "";
  };
  const std::string recorded = text_at("recording");
  if (text_at("format") != kFormat || text_at("sha256") != sha256_hex(recorded))
    throw BadInstance(path_ + ": is no checkpoint, or a damaged one; delete it, or name another file with `checkpoint`");
  if (text_at("task") != task_)
    throw BadInstance(path_ + ": is the checkpoint of other work; delete it, or name another file with `checkpoint`");
  read_recording(recorded, recording);
  return true;
}

void Checkpoint::keep(const Recording& recording) {
  const auto now = std::chrono::steady_clock::now();
  if (path_.empty() || std::chrono::duration<double>(now - written_).count() < every_seconds_) return;
  const std::string recorded = recording_json(recording);
  const nlohmann::ordered_json file{
      {"format", kFormat}, {"task", task_}, {"sha256", sha256_hex(recorded)}, {"recording", recorded}};
  try {
    write_file(path_, file.dump());
  } catch (const std::exception& e) {  // the work is worth more than its checkpoint: the next one may be written
    if (failed) failed(e.what());
  }
  written_ = std::chrono::steady_clock::now();
}

void Checkpoint::remove() const {
  std::error_code ignored;
  if (!path_.empty()) std::filesystem::remove(path_, ignored);
}

}  // namespace gapwright
