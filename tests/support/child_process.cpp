// SPDX-License-Identifier: MIT
// What a program starts does not outlive it, whatever session or group that is in; what we started otherwise is not touched.
#include "support/child_process.hpp"

#include <doctest/doctest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <thread>

#include "support/process_tree.hpp"
#include "tests/support.hpp"

using namespace gapwright;

namespace {

/// Forks twice, each time into a session of its own, with an empty environment; what is left sleeps and has written its number.
std::string daemon_command(const std::string& pid_file) {
  return "setsid sh -c 'setsid env -i sh -c \"echo \\$\\$ > " + pid_file + ".part; mv " + pid_file + ".part " + pid_file +
         "; exec sleep 100\" &' & while [ ! -e " + pid_file + " ]; do sleep 0.01; done; ";
}

ChildEnd run_script(const std::string& script, const ChildLimits& limits = {10, 0, 0}) {
  return run_in_child(
      [&] {
        ::execl("/bin/sh", "sh", "-c", script.c_str(), nullptr);
        return 127;
      },
      limits);
}

bool lives(pid_t process) {
  const std::filesystem::path status = "/proc/" + std::to_string(process) + "/status";
  return std::filesystem::exists(status) && test::read_text(status).find("State:\tZ") == std::string::npos;
}

pid_t number_in(const std::string& file) { return std::atoi(test::read_text(file).c_str()); }

/// A process of ours: killed at the end.
struct Own {
  pid_t process = ::fork();
  Own() {
    if (process == 0)
      for (;;) ::pause();
  }
  ~Own() {
    ::kill(process, SIGKILL);
    ::waitpid(process, nullptr, 0);
  }
};

}  // namespace

TEST_CASE("child process: what leaves its session and group is killed at the end") {
  const Own other;
  for (const char* end : {"exit 3", "kill -SEGV $$", "sleep 100", "kill -KILL 0"}) {
    CAPTURE(end);
    const test::TemporaryFolder folder;
    const std::string pid = folder.file("pid");
    const ChildLimits limits{std::string(end) == "sleep 100" ? 5.0 : 60.0, 0,
                             0};  // time for the daemon to begin, on a machine that is shared
    const std::string how = describe(run_script(daemon_command(pid) + end, limits), limits);
    CHECK(how.starts_with(std::string(end) == "exit 3"      ? "exit status 3"
                          : std::string(end) == "sleep 100" ? "no answer"
                                                            : "killed by signal"));
    CHECK(number_in(pid) > 0);
    CHECK(!lives(number_in(pid)));
    CHECK(lives(other.process));
  }
}

TEST_CASE("child process: a program that stops its guardian is killed all the same") {
  const test::TemporaryFolder folder;
  const std::string pid = folder.file("pid");
  CHECK(run_script(daemon_command(pid) + "kill -STOP $PPID; sleep 100", {5, 0, 0}).how == ChildEnd::timed_out);
  CHECK(!lives(number_in(pid)));
}

TEST_CASE("child process: memory counts in every session") {
  const std::string take = "setsid /usr/bin/python3 -c 'import time; x = b\"x\" * 200_000_000; time.sleep(100)' & sleep 100";
  CHECK(run_script(take, {30, 100'000'000, 0}).how == ChildEnd::out_of_memory);
}

TEST_CASE("child process: when we are killed, so are all, and the folder goes") {
  const test::TemporaryFolder folder;
  const std::string pid = folder.file("pid"), work = folder.file("work");
  std::filesystem::create_directory(work);
  const pid_t ours = ::fork();
  if (ours == 0) {
    ChildLimits limits{60, 0, 0};
    limits.folder = work;
    run_script(daemon_command(pid) + "sleep 100", limits);
    ::_exit(0);
  }
  const auto within = [](auto holds) {
    for (int i = 0; i < 500 && !holds(); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(10));
    return holds();
  };
  REQUIRE(within([&] { return std::filesystem::exists(pid); }));
  ::kill(ours, SIGKILL);
  ::waitpid(ours, nullptr, 0);
  CHECK(within([&] { return !lives(number_in(pid)); }));
  CHECK(within([&] { return !std::filesystem::exists(work); }));
}

TEST_CASE("process tree: children of children, and nobody else") {
  const Own own;
  const auto below = processes_below(::getpid());
  CHECK(std::any_of(below.begin(), below.end(), [&](const ProcessRow& row) {
    return row.process == own.process && row.parent == ::getpid() && row.resident_bytes > 0;
  }));
  CHECK(std::none_of(below.begin(), below.end(),
                     [](const ProcessRow& row) { return row.process == ::getpid() || row.process == 1; }));
  CHECK(processes_below(own.process).empty());
}
