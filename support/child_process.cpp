// SPDX-License-Identifier: MIT
#include "support/child_process.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <stdexcept>

#include "support/process_tree.hpp"

namespace gapwright {
namespace {

constexpr std::size_t kKeptMessages = 4096;
constexpr int kPollMilliseconds = 50;  // how soon an interruption is seen

void limit(int resource, std::uint64_t value) {
  const rlimit both{value, value};
  ::setrlimit(static_cast<__rlimit_resource>(resource), &both);
}

[[noreturn]] void be_child(const std::function<int()>& body, const ChildLimits& limits, pid_t parent) {
  ::setpgid(0, 0);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(125);
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  rlimit data{};  // our own memory limit is not the program's
  if (::getrlimit(RLIMIT_DATA, &data) == 0) limit(RLIMIT_DATA, data.rlim_max);
  if (limits.file_bytes != 0) limit(RLIMIT_FSIZE, limits.file_bytes);
  int code = 125;
  try {
    code = body();
  } catch (...) {
  }
  ::_exit(code);
}

/// Ends as the child ended.
[[noreturn]] void end_like(int status) {
  if (WIFEXITED(status)) ::_exit(WEXITSTATUS(status));
  std::signal(WTERMSIG(status), SIG_DFL);  // sanitizers, for one, handle some
  ::kill(::getpid(), WTERMSIG(status));
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  ::_exit(125);
}

/// Between us and the program: whatever the program starts stays below this process, which alone adopts orphans (our own process, and what else it
/// started, is not touched), and is killed when the program ends, when SIGTERM says so, and when we are gone.
[[noreturn]] void be_guardian(const std::function<int()>& body, const ChildLimits& limits, int messages, pid_t parent) {
  ::setpgid(0, 0);
  sigset_t watched;
  ::sigemptyset(&watched);
  ::sigaddset(&watched, SIGTERM);
  ::sigaddset(&watched, SIGCHLD);
  ::sigprocmask(SIG_SETMASK, &watched, nullptr);
  ::prctl(PR_SET_PDEATHSIG, SIGTERM);
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);
  if (::getppid() != parent) ::_exit(125);
  const int nothing = ::open("/dev/null", O_RDWR);
  ::dup2(nothing, STDIN_FILENO);
  ::dup2(nothing, STDOUT_FILENO);
  ::dup2(messages, STDERR_FILENO);
  ::close_range(STDERR_FILENO + 1, ~0U, 0);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGPIPE, SIGALRM, SIGXFSZ, SIGCHLD}) std::signal(signal, SIG_DFL);
  limit(RLIMIT_CORE, 0);
  const pid_t self = ::getpid(), child = ::fork();
  if (child == 0) be_child(body, limits, self);
  int status = child < 0 ? 125 << 8 : 0, ended = 0;
  for (bool over = child < 0; !over;) {
    over = ::sigwaitinfo(&watched, nullptr) == SIGTERM;
    while (!over && (ended = ::waitpid(-1, &status, WNOHANG)) > 0) over = ended == child;
  }
  kill_below(self);
  while (::waitpid(-1, nullptr, WNOHANG) > 0) {
  }
  std::error_code ignored;
  if (!limits.folder.empty() && ::getppid() != parent) std::filesystem::remove_all(limits.folder, ignored);
  end_like(status);
}

void keep_end(std::string& messages, const char* text, std::size_t size) {
  messages.append(text, size);
  if (messages.size() > kKeptMessages) messages.erase(0, messages.size() - kKeptMessages);
}

/// Reads what is there; false at the end of the stream.
bool drain(int descriptor, std::string& messages) {
  char buffer[4096];
  for (int rounds = 0; rounds < 64; ++rounds) {  // a flood must not keep us from the clock
    const ssize_t got = ::read(descriptor, buffer, sizeof buffer);
    if (got > 0) keep_end(messages, buffer, static_cast<std::size_t>(got));
    if (got == 0) return false;
    if (got < 0) return errno == EAGAIN || errno == EINTR;
  }
  return true;
}

/// (Not RLIMIT_AS: numpy hangs for good under a tight one, and GPU programs reserve far more addresses than they use.)
std::uint64_t resident_bytes_below(pid_t root) {
  std::uint64_t bytes = 0;
  for (const ProcessRow& row : processes_below(root)) bytes += row.resident_bytes;
  return bytes;
}

/// The guardian, gone with all below it when this goes.
struct Guardian {
  pid_t process;
  int handle;    ///< becomes readable when it ends
  int messages;  ///< reading end
  bool reaped = false;
  ~Guardian() {
    constexpr int kPatienceMilliseconds = 1000;  // a program may have stopped it
    if (!reaped) {
      ::kill(process, SIGTERM);
      pollfd ended{handle, POLLIN, 0};
      while (::poll(&ended, 1, kPatienceMilliseconds) < 0 && errno == EINTR) {
      }
      if (ended.revents == 0) kill_below(process);
      ::kill(process, SIGKILL);
      ::waitpid(process, nullptr, 0);
    }
    ::close(handle);
    ::close(messages);
  }
};

/// Throws std::runtime_error when no process can be made.
Guardian start_guardian(const std::function<int()>& body, const ChildLimits& limits) {
  int pipe_ends[2];
  if (::pipe2(pipe_ends, O_CLOEXEC) != 0) throw std::runtime_error(std::string("no pipe: ") + std::strerror(errno));
  ::fcntl(pipe_ends[0], F_SETFL, O_NONBLOCK);  // ours alone: a program that writes much must wait, not fail
  const pid_t parent = ::getpid();
  const pid_t child = ::fork();
  if (child == 0) be_guardian(body, limits, pipe_ends[1], parent);
  const int fork_error = errno;
  ::close(pipe_ends[1]);
  if (child < 0) {
    ::close(pipe_ends[0]);
    throw std::runtime_error(std::string("no process: ") + std::strerror(fork_error));
  }
  return {child, static_cast<int>(::syscall(SYS_pidfd_open, child, 0U)), pipe_ends[0]};
}

/// Whether it has ended, and how.
bool has_ended(Guardian& guardian, ChildEnd& end) {
  int status = 0;
  if (::waitpid(guardian.process, &status, WNOHANG) != guardian.process) return false;
  guardian.reaped = true;
  end.how = WIFSIGNALED(status) ? ChildEnd::signalled : ChildEnd::exited;
  end.code = WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status);
  return true;
}

}  // namespace

ChildEnd run_in_child(const std::function<int()>& body, const ChildLimits& limits, const RunControl& control) {
  const auto start = std::chrono::steady_clock::now();
  const auto elapsed = [&] { return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count(); };
  Guardian guardian = start_guardian(body, limits);
  ChildEnd end;
  bool open = true;
  double next_look = 0.1;
  do {
    pollfd watched[2] = {{guardian.handle, POLLIN, 0}, {open ? guardian.messages : -1, POLLIN, 0}};
    const double left = limits.seconds - elapsed();
    if (left <= 0) {
      end.how = ChildEnd::timed_out;
      break;
    }
    ::poll(watched, 2, std::min(kPollMilliseconds, static_cast<int>(left * 1000) + 1));
    control.check();
    if (limits.memory_bytes != 0 && elapsed() >= next_look) {
      next_look = elapsed() + 0.1;
      if (resident_bytes_below(guardian.process) > limits.memory_bytes) {
        end.how = ChildEnd::out_of_memory;
        break;
      }
    }
    if (open && watched[1].revents != 0) open = drain(guardian.messages, end.messages);
  } while (!has_ended(guardian, end));
  end.seconds = elapsed();
  if (open) drain(guardian.messages, end.messages);
  return end;
}

std::string describe(const ChildEnd& end, const ChildLimits& limits) {
  if (end.how == ChildEnd::timed_out) return fmt::format("no answer within {:g} s", limits.seconds);
  if (end.how == ChildEnd::out_of_memory) return fmt::format("more than {} bytes of memory", limits.memory_bytes);
  if (end.how == ChildEnd::signalled) return fmt::format("killed by signal {} ({})", end.code, ::strsignal(end.code));
  std::string text = end.messages;
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r' || text.back() == ' ')) text.pop_back();
  text = text.substr(text.find_last_of('\n') + 1).substr(0, 200);
  for (char& c : text)
    if (static_cast<unsigned char>(c) < 32 || static_cast<unsigned char>(c) >= 127) c = '?';
  return fmt::format("exit status {}{}{}", end.code, text.empty() ? "" : ": ", text);
}

}  // namespace gapwright
