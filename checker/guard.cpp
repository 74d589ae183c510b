// SPDX-License-Identifier: MIT
// The outer ring. Work looks at the clock (clock.hpp) and computes sizes before it builds (room.hpp); what happens inside a library, in a call
// of the system that waits, or in a loop that nobody thought of, is ended here: by an alarm, and by RLIMIT_DATA, which counts the heap and private
// maps. Nothing is thrown through GMP, MPFR and MPFI, which are C: whoever is refused memory ends the program at once. It writes no files, so
// nothing is left behind.
#include "checker/guard.hpp"

#include <gmp.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <new>
#include <string>

#include "checker/clock.hpp"

namespace checker {
namespace {

constexpr int kLimit = 5;
char late[200] = "";  // a signal handler may not put a text together

[[noreturn]] void end(const char* line) {
  const ssize_t ignored = ::write(STDERR_FILENO, line, std::strlen(line));
  static_cast<void>(ignored);
  ::_exit(kLimit);
}

[[noreturn]] void end_late(int) { end(late); }
[[noreturn]] void end_fat() { end("limit: out of memory; raise --memory-limit or take a smaller file\n"); }

void* allocated(std::size_t bytes) {
  if (void* const p = std::malloc(std::max<std::size_t>(bytes, 1))) return p;
  end_fat();
}
void* reallocated(void* old, std::size_t, std::size_t bytes) {
  if (void* const p = std::realloc(old, std::max<std::size_t>(bytes, 1))) return p;
  end_fat();
}
void released(void* p, std::size_t) { std::free(p); }

void set_alarm(double seconds) {
  const auto whole = static_cast<time_t>(seconds);
  itimerval timer{};
  timer.it_value = {whole, static_cast<suseconds_t>((seconds - static_cast<double>(whole)) * 1e6)};
  setitimer(ITIMER_REAL, &timer, nullptr);
}

/// Heap and private maps of now.
std::uint64_t data_bytes() {
  std::ifstream file("/proc/self/statm");  // size, resident, shared, text, library, data and stack, in pages
  std::uint64_t field = 0;
  for (int i = 0; i < 6; ++i) file >> field;
  return field * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

}  // namespace

void guard_time(double seconds) {
  constexpr double kGrace = 0.5, kLongest = 1e9;  // 30 years
  std::snprintf(late, sizeof late, "limit: %s\n", Clock(seconds).late().c_str());
  struct sigaction action {};
  action.sa_handler = end_late;
  sigaction(SIGALRM, &action, nullptr);
  sigset_t alarms;
  sigemptyset(&alarms);
  sigaddset(&alarms, SIGALRM);
  sigprocmask(SIG_UNBLOCK, &alarms, nullptr);  // whatever was inherited
  set_alarm(std::min(seconds, kLongest) + kGrace);
}

void open_end() {
  std::signal(SIGALRM, SIG_IGN);  // one that has rung and was not heard yet is forgotten
  set_alarm(0);
}

void guard_memory(std::uint64_t bytes, unsigned threads) {
  std::set_new_handler(end_fat);
  mp_set_memory_functions(allocated, reallocated, released);    // MPFR's and MPFI's too
  constexpr std::uint64_t kPerThread = std::uint64_t{9} << 20;  // a stack and an arena
  rlimit limit{};
  std::uint64_t most = 0;
  if (getrlimit(RLIMIT_DATA, &limit) != 0 || __builtin_add_overflow(data_bytes() + threads * kPerThread, bytes, &most)) return;
  limit.rlim_cur = std::min<rlim_t>({limit.rlim_cur, limit.rlim_max, most});
  setrlimit(RLIMIT_DATA, &limit);
}

}  // namespace checker
