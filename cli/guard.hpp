// SPDX-License-Identifier: MIT
#pragma once
#include <gmpxx.h>
#include <atomic>
#include <cstdint>

// What holds the program to its limits where the work itself does not look at them: the clock, Ctrl-C and kill, and memory.
namespace gapwright::cli {

/// A RunControl::Stop, set by signals and by the time limit.
const std::atomic<int>& stop_asked();

/// Ctrl-C, SIGTERM and SIGHUP (unless ignored) ask to stop, and so does the time limit (seconds, 0: none). What has not stopped 0.8 seconds after
/// the time limit, or five after a signal, is ended: one line, its exit code, no temporary file and no child process left.
void guard_time(double timeout);

/// An error has its one line: whoever is late from here on ends with this exit code and without another line.
void end_is_told(int exit_code);

/// What is printed on standard output, and the exit code, when the time limit or the memory limit ends the program at once: for formats that
/// promise a last line. Null: nothing any more.
void promise_at_timeout(const char* line, int exit_code);

/// From here on the heap may grow by `bytes` and room for the stacks of `threads`; more makes operator new, GMP and FLINT throw std::bad_alloc.
void guard_memory(const mpz_class& bytes, unsigned threads);
/// The end of that: for what is still to be said when memory was refused.
void let_memory_go();

}  // namespace gapwright::cli
