// SPDX-License-Identifier: MIT
#pragma once
#include <cstdint>
#include <functional>
#include <string>

#include "support/run_control.hpp"

// One piece of untrusted work in a process of its own. Linux.
namespace gapwright {

struct ChildLimits {
  double seconds = 60;             ///< then all its processes are killed
  std::uint64_t memory_bytes = 0;  ///< resident, of all its processes, looked at ten times a second; 0: none
  std::uint64_t file_bytes = 0;    ///< largest file it may write; 0: none
  std::string folder = {};         ///< removed when this process is killed; empty: none
};

struct ChildEnd {
  enum How { exited, signalled, timed_out, out_of_memory } how = exited;
  int code = 0;          ///< exit status, or the number of the signal
  std::string messages;  ///< the end of what it wrote to standard error, at most 4096 bytes
  double seconds = 0;    ///< from the fork to its end
};

/// Runs body() in a forked child, with standard input and output at /dev/null and no core dump; its return value is the exit status. Whatever the
/// child started is killed at its end, in whatever session or group, and also when this process is killed; only a child that kills its parent
/// process, or asks a server outside to start something, leaves a process behind. Throws what control.check() throws, after killing all of them;
/// std::runtime_error when no process can be made.
ChildEnd run_in_child(const std::function<int()>& body, const ChildLimits& limits, const RunControl& control = {});

/// "exit status 3: last line of its messages", "killed by signal 11 (Segmentation fault)", "no answer within 60 s".
std::string describe(const ChildEnd& end, const ChildLimits& limits);

}  // namespace gapwright
