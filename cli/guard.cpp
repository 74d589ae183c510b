// SPDX-License-Identifier: MIT
// Two rings. The inner one is the work: it looks at stop_asked() through RunControl, and sizes are computed and refused before anything is built.
// The outer one is here, for work that is inside a library or was estimated wrongly: an alarm every tenth of a second ends the process once it is 0.8
// seconds late, from the signal handler, with calls that are allowed there alone; and RLIMIT_DATA refuses memory, which counts heap and private maps
// of this process (not of children, which get the old limit back; explore/child_process).
#include "cli/guard.hpp"

#include <sys/resource.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <exception>
#include <fstream>
#include <new>
#include <stdexcept>
#include <string_view>
#include <system_error>
#include <thread>

#include "cli/context.hpp"
#include "codes/field.hpp"
#include "support/run_control.hpp"
#include "support/sudden_end.hpp"

namespace gapwright::cli {
namespace {

constexpr double kGraceAfterTimeout = 0.8, kGraceAfterSignal = 5;  // seconds
constexpr const char* kOutOfMemory =
    "gapwright: error: out of memory; take a smaller input, fewer threads -j or a higher --memory-limit\n";

std::atomic<int> stop{RunControl::run};
std::atomic<std::int64_t> patience{INT64_MAX};  ///< milliseconds of the monotonic clock; later than that the process is ended
std::atomic<const char*> last_line{nullptr};
std::atomic<int> last_code{kLimit};
std::atomic<int> told{-1};  ///< the exit code, once the one line of an error is printed
static_assert(std::atomic<int>::is_always_lock_free && std::atomic<std::int64_t>::is_always_lock_free, "signal handlers need it");

std::int64_t milliseconds() {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<std::int64_t>(now.tv_sec) * 1000 + now.tv_nsec / 1'000'000;
}

void write_text(int descriptor, std::string_view text) {
  const ssize_t ignored = ::write(descriptor, text.data(), text.size());
  static_cast<void>(ignored);
}

[[noreturn]] void end_as_promised() {
  if (const char* line = last_line) write_text(STDOUT_FILENO, line);
  ::_exit(last_code);
}

[[noreturn]] void end_now() {
  clean_up_suddenly();
  if (told >= 0) ::_exit(told);
  if (stop == RunControl::interrupted) {
    write_text(STDERR_FILENO, "gapwright: error: interrupted\n");
    ::_exit(kInterrupted);
  }
  write_text(STDERR_FILENO, "gapwright: error: the time limit was reached; raise the time limit or take a smaller input\n");
  end_as_promised();
}

void tick_every_tenth(double first) {
  const auto whole = static_cast<time_t>(first);
  const auto micros = static_cast<suseconds_t>((first - static_cast<double>(whole)) * 1e6);
  itimerval timer{};
  timer.it_value = {whole, whole == 0 ? std::max<suseconds_t>(micros, 1) : micros};  // 0 would mean no timer
  timer.it_interval = {0, 100'000};  // again and again: the first may come just before a wait for input begins
  setitimer(ITIMER_REAL, &timer, nullptr);
}

void ask(int why, double grace) {
  int running = RunControl::run;
  if (stop.compare_exchange_strong(running, why)) patience = milliseconds() + static_cast<std::int64_t>(grace * 1000);
}

void on_interrupt(int) {
  const int before = errno;
  if (stop == RunControl::interrupted) end_now();  // a second Ctrl-C
  stop = RunControl::run;
  ask(RunControl::interrupted, kGraceAfterSignal);
  tick_every_tenth(0.1);
  errno = before;
}

void on_alarm(int) {
  const int before = errno;
  ask(RunControl::timed_out, kGraceAfterTimeout);
  if (milliseconds() > patience) end_now();
  errno = before;
}

void handle(int signal, void (*handler)(int)) {
  struct sigaction action {};
  action.sa_handler = handler;  // without SA_RESTART: waiting for input ends too
  sigaction(signal, &action, nullptr);
}

[[noreturn]] void end_at_a_limit(std::string_view line) {
  clean_up_suddenly();
  write_text(STDERR_FILENO, line);
  end_as_promised();
}

/// Memory that is refused where no exception may pass (a destructor, the end of a thread, a library's own thread) ends the process as it would
/// have ended elsewhere: one line, exit code 5, no temporary file left.
[[noreturn]] void end_uncaught() {
  try {
    if (const auto failure = std::current_exception()) std::rethrow_exception(failure);
  } catch (const std::bad_alloc&) {
    end_at_a_limit(kOutOfMemory);
  } catch (const std::length_error&) {  // a vector beyond all addresses
    end_at_a_limit(kOutOfMemory);
  } catch (const std::system_error& e) {
    if (e.code() == std::errc::resource_unavailable_try_again)
      end_at_a_limit("gapwright: error: no further thread can be started; give fewer with -j, or a higher --memory-limit\n");
  } catch (...) {
  }
  std::abort();
}

/// Heap and private maps of now.
mpz_class data_bytes() {
  std::ifstream file("/proc/self/statm");  // size, resident, shared, text, library, data and stack, in pages
  long long field = 0;
  for (int i = 0; i < 6; ++i) file >> field;
  return mpz_class(static_cast<unsigned long>(std::max(0LL, field))) * ::sysconf(_SC_PAGESIZE);
}

void* allocated(std::size_t bytes) {
  if (void* const p = std::malloc(std::max<std::size_t>(bytes, 1))) return p;
  throw std::bad_alloc();
}
void* reallocated(void* old, std::size_t, std::size_t bytes) {
  if (void* const p = std::realloc(old, std::max<std::size_t>(bytes, 1))) return p;
  throw std::bad_alloc();
}
void released(void* p, std::size_t) { std::free(p); }

rlim_t data_limit_before = RLIM_INFINITY;

}  // namespace

const std::atomic<int>& stop_asked() { return stop; }

void end_is_told(int exit_code) { told = exit_code; }

void promise_at_timeout(const char* line, int exit_code) {
  last_line = line;
  last_code = exit_code;
}

void guard_time(double timeout) {
  handle(SIGALRM, on_alarm);
  handle(SIGINT, on_interrupt);
  handle(SIGTERM, on_interrupt);
  struct sigaction hangup {};
  sigaction(SIGHUP, nullptr, &hangup);
  if (hangup.sa_handler != SIG_IGN) handle(SIGHUP, on_interrupt);  // nohup wants it ignored
  std::signal(SIGXFSZ, SIG_IGN);    // a file that may not grow is an error of the write, reported in one line
  constexpr double kLongest = 1e9;  // seconds: 30 years
  if (timeout > 0) tick_every_tenth(std::min(timeout, kLongest));
}

void let_memory_go() {
  rlimit limit{};
  if (getrlimit(RLIMIT_DATA, &limit) != 0) return;
  limit.rlim_cur = data_limit_before;
  setrlimit(RLIMIT_DATA, &limit);
}

void guard_memory(const mpz_class& bytes, unsigned threads) {
  mp_set_memory_functions(allocated, reallocated, released);
  throw_when_flint_is_out_of_memory();
  std::set_terminate(end_uncaught);
  constexpr std::size_t kStack = std::size_t{8} << 20, kArena = std::size_t{1} << 20;
  const mpz_class most =
      data_bytes() + bytes +
      mpz_class(threads != 0 ? threads : std::max(1U, std::thread::hardware_concurrency())) * (kStack + kArena);
  rlimit limit{};
  if (!most.fits_ulong_p() || getrlimit(RLIMIT_DATA, &limit) != 0) return;
  data_limit_before = limit.rlim_cur;
  limit.rlim_cur = std::min<rlim_t>(limit.rlim_cur, most.get_ui());
  setrlimit(RLIMIT_DATA, &limit);
}

}  // namespace gapwright::cli
