// SPDX-License-Identifier: MIT
#pragma once
#include <chrono>
#include <functional>
#include <string>

#include "verify/row_log.hpp"

namespace gapwright {

/// A file from which a long decision goes on after it was stopped, by kill -9 too: written whole under another name and renamed,
/// every now and then. The answer does not depend on it: rows that were recorded are not counted again.
class Checkpoint {
 public:
  /// `task` names the work (inputs, method, version). An empty path: no checkpoint.
  Checkpoint(std::string path, const std::string& task, double every_seconds);

  /// Takes up what the file holds; false when there is none. Throws BadInstance when it belongs to other work, or was damaged.
  bool resume(Recording& recording) const;
  void keep(const Recording& recording);  ///< writes, if the time has come
  void remove() const;                    ///< when the work is done

  /// Called with the reason when a checkpoint cannot be written; the work goes on, and the next one is tried in its time.
  std::function<void(const std::string&)> failed;

 private:
  std::string path_, task_;
  double every_seconds_;
  std::chrono::steady_clock::time_point written_ = std::chrono::steady_clock::now();
};

}  // namespace gapwright
