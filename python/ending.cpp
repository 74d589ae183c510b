// SPDX-License-Identifier: MIT
#include "python/ending.hpp"

#include <pybind11/pybind11.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <stdexcept>
#include <thread>

namespace gapwright::python {
namespace {

namespace py = pybind11;

constexpr auto kPatience = std::chrono::seconds(5);  // for work that does not stop when it is asked to

std::atomic<pid_t> process = ::getpid();
std::atomic<int> calls = 0;
std::atomic<bool> ending = false;
std::atomic<std::thread::id> ender;

[[noreturn]] void sleep_until_the_end() {
  for (;;) ::pause();
}

void end_calls() {
  if (::getpid() != process) return;  // the calls are those of the process that was forked
  ender = std::this_thread::get_id();
  ending = true;
  const py::gil_scoped_release released;
  const auto give_up = std::chrono::steady_clock::now() + kPatience;
  while (calls > 0 && std::chrono::steady_clock::now() < give_up) std::this_thread::sleep_for(std::chrono::milliseconds(5));
}

}  // namespace

void watch_the_end() { py::module_::import("atexit").attr("register")(py::cpp_function(&end_calls)); }

bool interpreter_ends() { return ending && ender.load() != std::this_thread::get_id(); }

Inside::Inside() {
  if (const pid_t here = ::getpid(); here != process) {
    if (calls > 0)
      throw std::runtime_error(
          "this process was forked while another thread was inside gapwright, whose locks it can never get; "
          "start it with multiprocessing's 'spawn' or 'forkserver'");
    process = here;
  }
  ++calls;
  if (!interpreter_ends()) return;
  --calls;
  PyEval_SaveThread();
  sleep_until_the_end();
}

Inside::~Inside() { --calls; }

void Inside::leave_unless_ending() const {
  if (!interpreter_ends()) return;
  --calls;
  sleep_until_the_end();
}

}  // namespace gapwright::python
