#pragma once
#include <cstdint>
#include <functional>
#include <string>

#include "instances/run_control.hpp"

// One piece of untrusted work in a process of its own. Linux.
namespace gapwright {

struct ChildLimits {
  double seconds = 60;             ///< then the whole process group is killed
  std::uint64_t memory_bytes = 0;  ///< resident, of the whole group, looked at ten times a second; 0: none
  std::uint64_t file_bytes = 0;    ///< largest file it may write; 0: none
};

struct ChildEnd {
  enum How { exited, signalled, timed_out, out_of_memory } how = exited;
  int code = 0;          ///< exit status, or the number of the signal
  std::string messages;  ///< the end of what it wrote to standard error, at most 4096 bytes
  double seconds = 0;    ///< from the fork to its end
};

/// Runs body() in a forked child that leads its own process group, with standard input and output at /dev/null and no core dump;
/// its return value is the exit status. Whatever is left of the group is killed at the end. Throws what control.check() throws,
/// after killing the group; std::runtime_error when no process can be made.
ChildEnd run_in_child(const std::function<int()>& body, const ChildLimits& limits, const RunControl& control = {});

/// "exit status 3: last line of its messages", "killed by signal 11 (Segmentation fault)", "no answer within 60 s".
std::string describe(const ChildEnd& end, const ChildLimits& limits);

}  // namespace gapwright
