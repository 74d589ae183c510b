#pragma once
#include <sys/types.h>

#include <string>

// What a process that must end at once, from within a signal handler, still takes away: temporary files, groups of child processes.
namespace gapwright {

/// While it lives, clean_up_suddenly() deletes the file, or kills the process group. There is room for 64 of them at a time and for names below
/// 4096 bytes; beyond that nothing is noted.
class SuddenEnd {
 public:
  explicit SuddenEnd(const std::string& temporary_file);
  explicit SuddenEnd(pid_t process_group);
  ~SuddenEnd();
  SuddenEnd(const SuddenEnd&) = delete;
  SuddenEnd& operator=(const SuddenEnd&) = delete;

 private:
  int slot_ = -1;
};

/// May be called by a signal handler.
void clean_up_suddenly() noexcept;

}  // namespace gapwright
