// SPDX-License-Identifier: MIT
#pragma once
#include <gmpxx.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "verify/row_outputs.hpp"

// What a decision found out about its rows, in order: enough to certify its answer, and to go on after a kill.
namespace gapwright {

/// Counts of inner products below a cut, row by row; equal rows share their counts.
class CountLog {
 public:
  std::size_t cut = 0;

  void append(const RowCounts& row);  ///< its rests are not kept: the totals of a row are known
  std::size_t rows() const { return rows_; }
  const std::vector<RowCounts>& distinct() const {
    return distinct_;
  }  ///< in order of first appearance, zeros at the end dropped
  const std::vector<std::pair<std::size_t, std::size_t>>& runs() const { return runs_; }  ///< (index into distinct(), length)

 private:
  std::size_t rows_ = 0;
  std::vector<RowCounts> distinct_;
  std::map<RowCounts, std::size_t> index_;
  std::vector<std::pair<std::size_t, std::size_t>> runs_;
};

/// floor(x 2^width) of a real number x per row.
class BoundLog {
 public:
  unsigned long width = 0;

  void append(const mpz_class& floor);
  std::size_t rows() const { return rows_; }
  const std::vector<std::pair<mpz_class, std::size_t>>& runs() const { return runs_; }

 private:
  std::size_t rows_ = 0;
  std::vector<std::pair<mpz_class, std::size_t>> runs_;
};

/// Passed to a decision that shall be certified or resumable: it goes on after the rows that are already there, appends each
/// further one, and calls `kept` every now and then.
struct Recording {
  CountLog counts;
  BoundLog bounds;
  std::function<void()> kept = [] {};
};

/// As JSON text, and back. recording_of throws std::invalid_argument for other text.
std::string recording_json(const Recording&);
void read_recording(const std::string& json, Recording&);

}  // namespace gapwright
