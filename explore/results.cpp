#include "explore/results.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include "instances/closed_pipe.hpp"
#include "instances/errors.hpp"

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
    const std::size_t end = text.find('\n', begin);
    if (end == std::string_view::npos) {  // what was being written when the run ended
      if (!may_be_cut(text.substr(begin), results)) refuse_line(name, line);
      results.cut = true;
      break;
    }
    const std::string_view content = text.substr(begin, end - begin);
    begin = results.whole_bytes = end + 1;
    if (content.empty() || content == "\r") continue;
    Record record = Record::parse(content, nullptr, false);
    if (!is_record(record)) refuse_line(name, line);
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
    stream_ = stdout;
    return;
  }
  std::error_code error;
  const auto status = std::filesystem::status(path_, error);
  if (std::filesystem::is_directory(status))
    throw std::invalid_argument(path_ + " is a folder; -o takes the name of a results file");
  if (std::filesystem::is_regular_file(status)) {
    std::size_t whole = 0;
    {
      const InputBytes input = InputBytes::open(path_);
      Results results = parse_results(input.text(), path_);
      cut_ = results.cut;
      whole = results.whole_bytes;
      for (Record& r : results.records) {
        std::string key = r["key"].get<std::string>();
        keys_.insert_or_assign(std::move(key), std::move(r));
      }
    }
    if (cut_ && ::truncate(path_.c_str(), static_cast<off_t>(whole)) != 0)
      throw std::invalid_argument(path_ + ": cannot be written: " + std::strerror(errno));
  }
  stream_ = std::fopen(path_.c_str(), "ab");
  if (!stream_) throw std::invalid_argument(path_ + ": cannot be written: " + std::strerror(errno));
}

ResultsLog::~ResultsLog() {
  if (stream_ && stream_ != stdout) std::fclose(stream_);
}

const Record* ResultsLog::find(const std::string& key) const {
  const auto found = keys_.find(key);
  return found == keys_.end() ? nullptr : &found->second;
}

void ResultsLog::append(const Record& record) {
  const std::string text = record.dump() + "\n";
  if (std::fwrite(text.data(), 1, text.size(), stream_) != text.size() || std::fflush(stream_) != 0) {
    if (stream_ == stdout && errno == EPIPE) throw ClosedPipe();
    throw std::runtime_error((path_ == "-" ? "standard output" : path_) + ": cannot be written: " + std::strerror(errno));
  }
  keys_.insert_or_assign(record["key"].get<std::string>(), record);
}

}  // namespace gapwright
