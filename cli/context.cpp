#include "cli/context.hpp"
#include "instances/write_file.hpp"

#include <fmt/format.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <stdexcept>

namespace gapwright::cli {
namespace {

std::atomic<int> stop{RunControl::run};
static_assert(std::atomic<int>::is_always_lock_free, "the signal handlers need it");
const auto started = std::chrono::steady_clock::now();

void on_interrupt(int) {
  stop = RunControl::interrupted;
  std::signal(SIGINT, SIG_DFL);  // a second Ctrl-C ends at once
}
void on_alarm(int) { stop = RunControl::timed_out; }

spdlog::logger& log() {
  static const auto logger = [] {
    auto made = std::make_shared<spdlog::logger>("gapwright", std::make_shared<spdlog::sinks::stderr_sink_mt>());
    made->set_pattern("gapwright: %v");
    return made;
  }();
  return *logger;
}

std::string duration(double seconds) {
  if (seconds < 90) return fmt::format("{:.0f} s", seconds);
  if (seconds < 5400) return fmt::format("{:.0f} min", seconds / 60);
  return fmt::format("{:.1f} h", seconds / 3600);
}

/// One line on a terminal, redrawn at most ten times a second and cleared at the end.
class ProgressLine {
 public:
  explicit ProgressLine(std::string what) : what_(std::move(what)) {}
  ~ProgressLine() {
    if (drawn_) std::fputs("\r\x1b[K", stderr);
  }
  void show(double fraction) {
    const double now = seconds_since_start();
    if (now < next_) return;
    next_ = now + 0.1;
    if (now - start_ < 0.5) return;
    drawn_ = true;
    const double left = fraction > 0 ? (now - start_) * (1 - fraction) / fraction : 0;
    std::fputs(fmt::format("\r\x1b[K{}: {:.1f} % done, {} left", what_, 100 * fraction, duration(left)).c_str(), stderr);
    std::fflush(stderr);
  }

 private:
  std::string what_;
  double start_ = seconds_since_start();
  double next_ = 0;
  bool drawn_ = false;
};

}  // namespace

std::string one_line(const std::string& text) {
  std::string shown;
  for (const char c : text) {
    if (c == '\n')
      shown += "\\n";
    else if (static_cast<unsigned char>(c) < 32 || c == 127)
      shown += fmt::format("\\x{:02x}", c);
    else
      shown += c;
  }
  return shown;
}

void say(const Context& context, const std::string& text) {
  if (!context.quiet) log().info(one_line(text));
}
void warn(const std::string& text) { log().warn(one_line("warning: " + text)); }
void report_error(const std::string& text) { log().error(one_line("error: " + text)); }

void print(const Context& context, const std::string& text) { write_file(context.output, text); }

CLI::Validator whole_number() {
  return CLI::Validator(
      [](const std::string& text) {
        std::uint64_t value = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
        if (error == std::errc{} && end == text.data() + text.size()) return std::string();
        return "'" + text + "' is not a whole number below 2^64";
      },
      "NUMBER");
}

double seconds_since_start() { return std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count(); }

void start_watching(const Context& context) {
  const auto handle = [](int signal, void (*handler)(int)) {
    struct sigaction action {};
    action.sa_handler = handler;  // without SA_RESTART: waiting for input ends too
    sigaction(signal, &action, nullptr);
  };
  handle(SIGINT, on_interrupt);
  handle(SIGTERM, on_interrupt);
  struct sigaction hangup {};
  sigaction(SIGHUP, nullptr, &hangup);
  if (hangup.sa_handler != SIG_IGN) handle(SIGHUP, on_interrupt);  // nohup wants it ignored
  std::signal(SIGPIPE, SIG_IGN);  // a closed pipe is an error of the write, so that files in the making are cleared away
  if (!(context.timeout > 0)) return;
  handle(SIGALRM, on_alarm);
  constexpr double kLongest = 1e9;  // seconds: 30 years
  const double timeout = std::min(context.timeout, kLongest);
  const auto whole = static_cast<time_t>(timeout);
  const auto micros = static_cast<suseconds_t>((timeout - static_cast<double>(whole)) * 1e6);
  itimerval timer{};
  timer.it_value = {whole, whole == 0 ? std::max<suseconds_t>(micros, 1) : micros};  // 0 would mean no timer
  timer.it_interval = {0, 100'000};  // again and again: the first may come just before a wait for input begins
  setitimer(ITIMER_REAL, &timer, nullptr);
}

InputBytes open_input(const Context& context, const std::string& path) {
  const RunControl control = run_control(context, "");
  std::error_code neither;
  if (path != "-" && std::filesystem::is_regular_file(context.output, neither) && std::filesystem::equivalent(path, context.output, neither))
    throw std::invalid_argument("-o " + context.output + " would overwrite the input; name another file");
  return InputBytes::open(path, [&] { control.check(); });
}

void check_outputs(const Context& context, std::vector<OwnFile> own, const std::vector<std::string>& inputs) {
  namespace fs = std::filesystem;
  std::error_code ignored;
  const auto same = [&](const std::string& a, const std::string& b) {
    return fs::equivalent(a, b, ignored) || fs::absolute(a).lexically_normal() == fs::absolute(b).lexically_normal();
  };
  std::erase_if(own, [](const OwnFile& o) { return o.file.empty(); });
  own.push_back({"-o", context.output});
  for (std::size_t i = 0; i < own.size(); ++i) {
    const auto& [option, file] = own[i];
    for (std::size_t other = i + 1; other < own.size(); ++other) {
      if (file == "-" && own[other].file == "-")
        throw std::invalid_argument(option + " - would stand in the middle of " + (own[other].option == "-o" ? "the answer" : own[other].option + " -") +
                                    "; name a file, or send the answer elsewhere with -o");
      if (file != "-" && own[other].file != "-" && (!fs::exists(file, ignored) || fs::is_regular_file(file, ignored)) && same(file, own[other].file))
        throw std::invalid_argument(option + " and " + own[other].option + " name the same file, " + file);
    }
    if (file == "-" || file.ends_with('/') || (fs::exists(file, ignored) && !fs::is_regular_file(file, ignored))) continue;
    for (const std::string& input : inputs)
      if (option != "-o" && !input.empty() && input != "-" && same(file, input)) throw std::invalid_argument(option + " " + file + " would overwrite the input; name another file");
    OutputFile{file};  // and is gone again
  }
}

void refuse_binary_on_terminal(const Context& context) {
  if (context.output == "-" && ::isatty(STDOUT_FILENO)) throw std::invalid_argument("the output is binary; name a file with -o, or pipe it");
}

RunControl run_control(const Context& context, const std::string& what) {
  RunControl control;
  control.threads = context.threads;
  control.stop = &stop;
  if (!context.quiet && context.progress == "auto" && ::isatty(STDERR_FILENO)) {
    const auto line = std::make_shared<ProgressLine>(what);
    control.progress = [line](double fraction) { line->show(fraction); };
  }
  return control;
}

std::string examples(const std::vector<std::string>& lines) {
  std::string text = "Examples:";
  for (const auto& line : lines) text += "\n  " + line;
  return text;
}

}  // namespace gapwright::cli
