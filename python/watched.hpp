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
#include <string>
#include <thread>
#include <vector>

#include "atlas/work.hpp"
#include "python/ending.hpp"
#include "python/integers.hpp"
#include "support/fields_in_message.hpp"
#include "support/limits.hpp"
#include "support/memory_size.hpp"
#include "support/message.hpp"
#include "support/run_control.hpp"

// Long work outside the interpreter's lock: other Python threads run, Ctrl-C ends it as KeyboardInterrupt, and so does a time
// limit.
namespace gapwright::python {

namespace py = pybind11;

struct Pace {
  unsigned threads = 0;           ///< 0: all cores
  std::optional<double> timeout;  ///< seconds
  Limits limits = {};             ///< its memory: what the process may grow by during the call
};

/// The clock, and how much memory the process has taken since the call began. The library refuses by computed sizes; this finds what was not
/// computed. Looked at every few milliseconds, as a thread writes a gigabyte of fresh memory in a second.
struct Watch {
  explicit Watch(const Pace& asked) : pace(asked) {}
  const Pace& pace;
  const std::chrono::steady_clock::time_point start = std::chrono::steady_clock::now();
  const mpz_class memory_before = own_memory();
  bool out_of_memory = false;

  /// Must the work stop?
  bool over() {
    out_of_memory = out_of_memory || own_memory() - memory_before > pace.limits.memory;
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
    return out_of_memory || (pace.timeout && seconds.count() > *pace.timeout);
  }
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
  Watch watch(limits);
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
    for (unsigned rounds = 1; !finished.wait_for(lock, std::chrono::milliseconds(10), [&] { return done; }); ++rounds) {
      if (stop == RunControl::run && watch.over()) stop = RunControl::timed_out;
      if (interrupted || rounds % 3 != 0) continue;
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
  if (watch.out_of_memory)
    throw LimitReached("more memory than the limit of " + bytes_text(limits.limits.memory) +
                       "; take a smaller input, fewer threads, another order or a higher memory_limit");
  if (failure) std::rethrow_exception(failure);
  return std::move(*result);
}

/// What the library says beside its answer, as Python's warnings: these may be exceptions.
inline void warn_of(const std::vector<std::string>& texts) {
  for (const std::string& text : texts)
    if (PyErr_WarnEx(PyExc_UserWarning, shown_message(with_keywords(text)).c_str(), 1) != 0) throw py::error_already_set();
}

/// Runs task(Work), watched, and tells afterwards what it warned of.
template <class Task>
auto watched_work(const Pace& pace, Task task) {
  std::vector<std::string> warnings;
  auto result = watched(pace, [&](const RunControl& control) {
    return task(Work{pace.limits, [&control](const std::string&) { return control; }, [](const std::string&) {},
                     [&warnings](const std::string& text) { warnings.push_back(text); }});
  });
  warn_of(warnings);
  return result;
}

inline void check_order(std::size_t order) {
  if (order < 2 || order > 24) throw std::invalid_argument("order " + std::to_string(order) + ": the order is 2 to 24");
}

/// memory_limit: bytes, or a text like "512M"; None is 80 % of the memory, less what the process holds already. Throws std::invalid_argument for
/// what is no size or no number.
inline Limits limits_of(const py::object& memory_limit, double max_tuples = 1e18) {
  if (!(max_tuples >= 0)) throw std::invalid_argument("max_tuples is a number, 0 or more");
  Limits limits;
  limits.tuples = std::min(max_tuples, std::numeric_limits<double>::max());
  if (memory_limit.is_none())
    limits.memory = std::max(mpz_class(0), mpz_class(limits.memory - own_memory()));
  else if (py::isinstance<py::str>(memory_limit))
    limits.memory = memory_size(memory_limit.cast<std::string>(), "memory_limit");
  else
    limits.memory = integer_from(memory_limit, "memory_limit");
  if (limits.memory < 0) throw std::invalid_argument("memory_limit is a number of bytes, 0 or more");
  return limits;
}

}  // namespace gapwright::python
