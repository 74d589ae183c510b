// SPDX-License-Identifier: MIT
#pragma once
#include <string>

// What a process that must end at once, from within a signal handler, still takes away: temporary files.
namespace gapwright {

/// While it lives, clean_up_suddenly() deletes the file. There is room for 64 of them at a time and for names below
/// 4096 bytes; beyond that nothing is noted.
class SuddenEnd {
 public:
  explicit SuddenEnd(const std::string& temporary_file);
  ~SuddenEnd();
  SuddenEnd(const SuddenEnd&) = delete;
  SuddenEnd& operator=(const SuddenEnd&) = delete;

 private:
  int slot_ = -1;
};

/// May be called by a signal handler.
void clean_up_suddenly() noexcept;

}  // namespace gapwright
