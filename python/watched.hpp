// SPDX-License-Identifier: MIT
#pragma once
#include <flint/flint.h>
#include <pybind11/pybind11.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <exception>
#include <functional>
#include <limits>
#include <mutex>
#include <optional>
#include <thread>

#include "instances/limits.hpp"
#include "instances/run_control.hpp"
#include "python/ending.hpp"

// Long work outside the interpreter's lock: other Python threads run, Ctrl-C ends it as KeyboardInterrupt, and so does a time
// limit.
namespace gapwright::python {

namespace py = pybind11;

struct Pace {
  unsigned threads = 0;           ///< 0: all cores
  std::optional<double> timeout;  ///< seconds
};

/// Runs work(RunControl) on a thread of its own, while this one looks for signals. The work must not touch Python objects.
/// `on_interrupt` is called once, under the interpreter's lock, when a signal handler has raised.
template <class Work>
auto watched(const Pace& limits, Work work, const std::function<void()>& on_interrupt = {}) {
  constexpr unsigned kMostThreads = 1024;
  if (limits.threads > kMostThreads) throw std::invalid_argument("threads is 0 (all cores) to " + std::to_string(kMostThreads));
  if (limits.timeout && !(*limits.timeout >= 0)) throw std::invalid_argument("timeout is a number of seconds, 0 or more");
  const Inside inside;
  using Result = decltype(work(RunControl{}));
  std::atomic<int> stop{RunControl::run};
  std::optional<Result> result;
  std::exception_ptr failure;
  std::mutex mutex;
  std::condition_variable finished;
  bool done = false;
  const RunControl control{limits.threads, &stop, {}};
  const auto start = std::chrono::steady_clock::now();
  bool interrupted = false;
  {
    const py::gil_scoped_release released;
    std::thread worker([&] {
      try {
        result.emplace(work(control));
      } catch (...) {
        failure = std::current_exception();
      }
      flint_cleanup();  // caches of ball arithmetic belong to this thread, which ends
      const std::lock_guard lock(mutex);
      done = true;
      finished.notify_one();
    });
    std::unique_lock lock(mutex);
    while (!finished.wait_for(lock, std::chrono::milliseconds(30), [&] { return done; })) {
      if (limits.timeout && std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count() > *limits.timeout &&
          stop == RunControl::run)
        stop = RunControl::timed_out;
      if (interrupted) continue;
      lock.unlock();
      {
        const py::gil_scoped_acquire held;  // also while the interpreter ends: it waits for this call
        interrupted = interpreter_ends() || PyErr_CheckSignals() != 0;
        if (interrupted && on_interrupt) on_interrupt();
      }
      if (interrupted) stop = RunControl::interrupted;
      lock.lock();
    }
    lock.unlock();
    worker.join();
    inside.leave_unless_ending();
  }
  if (interrupted) throw py::error_already_set();  // KeyboardInterrupt, or what the program's own handler raised
  if (failure) std::rethrow_exception(failure);
  return std::move(*result);
}

inline void check_order(std::size_t order) {
  if (order < 2 || order > 24) throw std::invalid_argument("order " + std::to_string(order) + ": the order is 2 to 24");
}

/// 80 % of the memory, and so many tuples. Throws std::invalid_argument for a number that is none.
inline Limits limits_of(double max_tuples) {
  if (!(max_tuples >= 0)) throw std::invalid_argument("max_tuples is a number, 0 or more");
  Limits limits;
  limits.tuples = std::min(max_tuples, std::numeric_limits<double>::max());
  return limits;
}

}  // namespace gapwright::python
