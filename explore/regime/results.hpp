// SPDX-License-Identifier: MIT
#pragma once
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "support/files.hpp"

// Results of sweeps: one JSON object a line, each with the strings "record" (its kind) and "key" (which one it is). Lines are
// only appended, so an interrupted run loses at most the line it was writing.
namespace gapwright {

using Record = nlohmann::ordered_json;

/// What a results file holds: of several records with one key the last.
struct Results {
  std::vector<Record> records;
  std::vector<std::size_t> lines;  ///< where each stands, from 1
  std::string cut;                 ///< a last line without an end that is no record: what an interrupted run leaves
  bool ends_in_record = false;     ///< the last line is a record without an end: whole
  std::vector<const Record*> of_kind(const std::string& kind) const;
};

/// Throws BadInstance with file:line for a line that is not such an object, unless it is the last, has no end and may be cut
/// off: then records stand before it, or it begins like one. Also for a record whose words or sizes are none that sweeps write
/// (explore/known_words).
Results parse_results(std::string_view text, const std::string& name);

/// A results file that is continued; "-" writes to standard output and continues nothing.
class ResultsLog {
 public:
  /// Reads what is there and moves a last line that was cut off to the end of PATH.cut. Throws BadInstance, the file untouched,
  /// or std::invalid_argument when it cannot be written or another process writes to it.
  explicit ResultsLog(std::string path);
  ~ResultsLog();
  ResultsLog(const ResultsLog&) = delete;
  ResultsLog& operator=(const ResultsLog&) = delete;

  bool was_cut() const { return cut_; }
  bool has(const std::string& key) const { return keys_.contains(key); }
  const Record* find(const std::string& key) const;
  /// Writes the line. Throws std::runtime_error when that fails; of a file nothing of the line stays then.
  void append(const Record& record);

 private:
  void take_up();
  std::string path_;
  std::map<std::string, Record> keys_;
  bool cut_ = false;
  int descriptor_ = -1;
};

}  // namespace gapwright
