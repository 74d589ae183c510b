// SPDX-License-Identifier: MIT
#pragma once

// Calls that are inside the library while the interpreter ends. A daemon thread that asks for the interpreter's lock then is ended by Python, by
// unwinding its stack, which would take std::terminate with it. So it never asks again: an atexit function asks all running calls to stop, waits for
// their work to end (the lock is free meanwhile), and their threads then sleep until the process is gone. The thread that ends the interpreter may
// go on calling.
namespace gapwright::python {

/// Registers the atexit function.
void watch_the_end();

/// True when the interpreter is ending and this is not the thread that ends it.
bool interpreter_ends();

/// One call that is inside the library. Throws std::runtime_error in a process that was forked while another thread was inside, which inherits
/// locks that nobody will open (forking between calls is fine). A call that begins while the interpreter ends never returns.
class Inside {
 public:
  Inside();
  ~Inside();
  Inside(const Inside&) = delete;
  Inside& operator=(const Inside&) = delete;
  /// For a call whose work is done, before it takes the interpreter's lock again: does not return when the interpreter ends.
  void leave_unless_ending() const;
};

}  // namespace gapwright::python
