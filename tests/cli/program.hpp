// SPDX-License-Identifier: MIT
#pragma once
#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <nlohmann/json.hpp>
#include <thread>

#include "tests/programs.hpp"
#include "tests/support.hpp"

// The real program, run as a user runs it.
namespace gapwright::test {

struct Finished {
  int code = 0;  ///< exit code, or 128 + signal
  std::string out, err;
  std::size_t error_lines() const { return static_cast<std::size_t>(std::count(err.begin(), err.end(), '\n')); }
  nlohmann::ordered_json json() const { return nlohmann::ordered_json::parse(out); }
};

struct Surroundings {
  std::string input;           ///< what standard input holds
  std::string output_to;       ///< a device instead of the captured standard output; "closed pipe" for one nobody reads
  double interrupt_after = 0;  ///< seconds until Ctrl-C; standard input then stays open and silent
  int signal = SIGINT;         ///< sent instead
};

/// Runs the program in `folder` and waits for it.
inline Finished run_in(const std::filesystem::path& folder, const std::vector<std::string>& arguments,
                       const Surroundings& around = {}, std::string program = tested_program()) {
  const TemporaryFolder streams;
  const std::string in = streams.file("in", around.input), out = streams.file("out", ""), err = streams.file("err", "");
  std::vector<char*> argv;
  argv.push_back(program.data());
  std::vector<std::string> copies = arguments;
  for (std::string& argument : copies) argv.push_back(argument.data());
  argv.push_back(nullptr);
  int silent[2], unread[2];
  if (::pipe2(silent, O_CLOEXEC) != 0 || ::pipe2(unread, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  ::close(unread[0]);
  const pid_t child = ::fork();
  if (child == 0) {
    const auto connect = [](int descriptor, int number) {
      if (::dup2(descriptor, number) < 0) ::_exit(125);
    };
    connect(around.interrupt_after > 0 ? silent[0] : ::open(in.c_str(), O_RDONLY), STDIN_FILENO);
    connect(around.output_to == "closed pipe"
                ? unread[1]
                : ::open(around.output_to.empty() ? out.c_str() : around.output_to.c_str(), O_WRONLY),
            STDOUT_FILENO);
    connect(::open(err.c_str(), O_WRONLY), STDERR_FILENO);
    std::signal(SIGINT, SIG_DFL);
    ::alarm(60);  // a program that hangs is a failure, not a hang of the tests
    if (::chdir(folder.c_str()) == 0) ::execv(argv[0], argv.data());
    ::_exit(126);
  }
  if (child < 0) throw std::runtime_error("no process");
  if (around.interrupt_after > 0) {
    std::this_thread::sleep_for(std::chrono::duration<double>(around.interrupt_after));
    ::kill(child, around.signal);
  }
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  for (const int descriptor : {silent[0], silent[1], unread[1]}) ::close(descriptor);
  return {WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status), read_text(out), read_text(err)};
}

/// Runs the program in an empty folder that is gone afterwards.
inline Finished run(const std::vector<std::string>& arguments, const Surroundings& around = {}) {
  const TemporaryFolder folder;
  const Finished finished = run_in(folder.path(), arguments, around);
  if (folder.entries() != 0) throw std::runtime_error("the program left a file behind");
  return finished;
}

/// The JSON answer without what may differ from run to run.
inline nlohmann::ordered_json without_timing(nlohmann::ordered_json json) {
  if (json.is_object()) {
    json.erase("timing");
    for (auto& [key, value] : json.items()) value = without_timing(value);
  }
  return json;
}

inline std::string data_file(const std::string& name) { return std::string(GAPWRIGHT_TEST_DATA) + "/" + name; }

/// A failed command: this code, one line on standard error that holds the text, nothing on standard output.
inline void check_fails(const Finished& finished, int code, const std::string& text) {
  CAPTURE(finished.err);
  CAPTURE(text);
  CHECK(finished.code == code);
  CHECK(finished.err.starts_with("gapwright: error: "));
  CHECK(finished.err.find(text) != std::string::npos);
  CHECK(finished.error_lines() == 1);
  CHECK(finished.out == "");
}

}  // namespace gapwright::test
