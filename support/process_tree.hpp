// SPDX-License-Identifier: MIT
#pragma once
#include <sys/types.h>

#include <cstdint>
#include <vector>

// The processes below one, as /proc lists them. Linux.
namespace gapwright {

struct ProcessRow {
  pid_t process = 0, parent = 0;
  bool ended = false;  ///< a zombie: only its exit status is left
  std::uint64_t resident_bytes = 0;
};

/// Children of `root`, their children, and so on, without `root`.
std::vector<ProcessRow> processes_below(pid_t root);

/// Kills what lives below `root` until nothing does; gives up after two seconds (a program that forks faster than that).
void kill_below(pid_t root);

}  // namespace gapwright
