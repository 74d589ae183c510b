// SPDX-License-Identifier: MIT
#include "checker/guard.hpp"

#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

namespace {

/// The exit code of a process that an alarm reaches: before its last words, or once these have begun.
int code_when_late(bool at_the_end) {
  const pid_t child = ::fork();
  if (child == 0) {
    ::close(STDERR_FILENO);
    checker::guard_time(1000);
    if (at_the_end) checker::open_end();
    ::raise(SIGALRM);
    ::_exit(0);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

}  // namespace

TEST_CASE("checker: an alarm that rings while the verdict is printed says nothing any more") {
  CHECK(code_when_late(false) == 5);
  CHECK(code_when_late(true) == 0);
}
