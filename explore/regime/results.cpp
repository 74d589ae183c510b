// SPDX-License-Identifier: MIT
#include "explore/regime/results.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include "explore/regime/known_words.hpp"
#include "support/closed_pipe.hpp"
#include "support/errors.hpp"

namespace gapwright {
namespace {

bool is_record(const Record& r) {
  return r.is_object() && r.contains("record") && r["record"].is_string() && r.contains("key") && r["key"].is_string();
}

/// May a line without an end be a record that was being written? Beside records anything may be; alone, only what begins as
/// append() begins.
bool may_be_cut(std::string_view fragment, const Results& before) {
  constexpr std::string_view begin = R"({"record":")";
  const std::size_t common = std::min(fragment.size(), begin.size());
  return !before.records.empty() || fragment.substr(0, common) == begin.substr(0, common);
}

[[noreturn]] void refuse_line(const std::string& name, std::size_t line) {
  throw BadInstance(
      name + ":" + std::to_string(line) +
      ": not a line of results (a JSON object with \"record\" and \"key\"); remove the line, or write to another file");
}

struct Descriptor {
  int number;
  ~Descriptor() {
    if (number >= 0) ::close(number);
  }
};

[[noreturn]] void fail_to_write(const std::string& name, bool cut, const std::string& reason) {
  throw std::runtime_error(name + ": writing failed" + (cut ? ", and its last line is cut: " : ": ") + reason);
}

/// All of the text or, in a regular file, nothing of it.
void write_whole(int descriptor, const std::string& text, const std::string& name) {
  struct stat before {};
  const bool regular = ::fstat(descriptor, &before) == 0 && S_ISREG(before.st_mode);
  for (std::size_t written = 0; written < text.size();) {
    const ssize_t count = ::write(descriptor, text.data() + written, text.size() - written);
    if (count > 0) {
      written += static_cast<std::size_t>(count);
    } else if (errno == EPIPE && descriptor == STDOUT_FILENO) {
      throw ClosedPipe();
    } else if (errno != EINTR) {
      const std::string reason = std::strerror(errno);
      const bool cut = regular && written > 0 && ::ftruncate(descriptor, before.st_size) != 0;
      fail_to_write(name, cut, reason);
    }
  }
}

}  // namespace

std::vector<const Record*> Results::of_kind(const std::string& kind) const {
  std::vector<const Record*> found;
  for (const Record& r : records)
    if (r["record"] == kind) found.push_back(&r);
  return found;
}

Results parse_results(std::string_view text, const std::string& name) {
  Results results;
  std::map<std::string, std::size_t> place;
  std::size_t line = 0;
  for (std::size_t begin = 0; begin < text.size();) {
    ++line;
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    const bool whole = end < text.size();
    const std::string_view content = text.substr(begin, end - begin);
    begin = end + 1;
    if (content.empty() || content == "\r") continue;
    Record record = Record::parse(content, nullptr, false);
    if (!is_record(record)) {
      if (whole || !may_be_cut(content, results)) refuse_line(name, line);
      results.cut = content;
      break;
    }
    check_words(record, name + ":" + std::to_string(line));
    results.ends_in_record = !whole;
    const auto [known, fresh] = place.emplace(record["key"].get<std::string>(), results.records.size());
    if (fresh) {
      results.records.push_back(std::move(record));
      results.lines.push_back(line);
    } else {
      results.records[known->second] = std::move(record);
      results.lines[known->second] = line;
    }
  }
  return results;
}

ResultsLog::ResultsLog(std::string path) : path_(std::move(path)) {
  if (path_ == "-") {
    descriptor_ = STDOUT_FILENO;
    return;
  }
  std::error_code error;
  if (std::filesystem::is_directory(path_, error))
    throw std::invalid_argument(path_ + " is a folder; `output` takes the name of a results file");
  descriptor_ = ::open(path_.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
  if (descriptor_ < 0) throw std::invalid_argument(path_ + ": cannot be written: " + std::strerror(errno));
  try {
    if (std::filesystem::is_regular_file(path_, error)) take_up();
  } catch (...) {
    ::close(descriptor_);
    throw;
  }
}

void ResultsLog::take_up() {
  if (::flock(descriptor_, LOCK_EX | LOCK_NB) != 0)
    throw std::invalid_argument(path_ + ": another process writes to this file; name another one with `output`");
  const InputBytes input = InputBytes::open(path_);
  Results results = parse_results(input.text(), path_);
  for (Record& r : results.records) {
    std::string key = r["key"].get<std::string>();
    keys_.insert_or_assign(std::move(key), std::move(r));
  }
  cut_ = !results.cut.empty();
  if (cut_) {
    const std::string name = path_ + ".cut";
    const Descriptor kept{::open(name.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666)};
    if (kept.number < 0) throw std::invalid_argument(name + ": cannot be written: " + std::strerror(errno));
    write_whole(kept.number, results.cut + "\n", name);
    if (::ftruncate(descriptor_, static_cast<off_t>(input.text().size() - results.cut.size())) != 0)
      throw std::invalid_argument(path_ + ": cannot be written: " + std::strerror(errno));
  }
  if (results.ends_in_record) write_whole(descriptor_, "\n", path_);
}

ResultsLog::~ResultsLog() {
  if (descriptor_ >= 0 && descriptor_ != STDOUT_FILENO) ::close(descriptor_);
}

const Record* ResultsLog::find(const std::string& key) const {
  const auto found = keys_.find(key);
  return found == keys_.end() ? nullptr : &found->second;
}

void ResultsLog::append(const Record& record) {
  write_whole(descriptor_, record.dump() + "\n", path_ == "-" ? "standard output" : path_);
  keys_.insert_or_assign(record["key"].get<std::string>(), record);
}

}  // namespace gapwright
