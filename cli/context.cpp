// SPDX-License-Identifier: MIT
#include "cli/context.hpp"

#include "cli/guard.hpp"
#include "cli/paths.hpp"
#include "support/fields_in_message.hpp"
#include "support/message.hpp"
#include "support/write_file.hpp"

#include <fmt/format.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <charconv>
#include <chrono>
#include <cmath>
#include <csignal>
#include <cstdio>
#include <stdexcept>

namespace gapwright::cli {
namespace {

const auto started = std::chrono::steady_clock::now();

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
  explicit ProgressLine(const std::string& what) : what_(shown_message(what)) {}
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

void say(const Context& context, const std::string& text) {
  if (!context.quiet) log().info(shown_message(text));
}
void warn(const std::string& text) { log().warn("warning: " + shown_message(with_options(text))); }
void report_error(const std::string& text) { report_wrong_usage(with_options(text)); }
void report_wrong_usage(const std::string& text) { log().error("error: " + shown_message(text)); }

void print(const Context& context, const std::string& text) {
  require_declared_output(context);
  write_file(context.output, text);
}

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

CLI::Validator positive_number() {
  return CLI::Validator(
      [](const std::string& text) {
        double value = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
        if (error == std::errc{} && end == text.data() + text.size() && std::isfinite(value) && value > 0) return std::string();
        return "'" + text + "' is not a positive number";
      },
      "NUMBER");
}

CLI::Validator positive_whole_number() {
  return CLI::Validator(
      [](const std::string& text) {
        std::uint64_t value = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
        if (error == std::errc{} && end == text.data() + text.size() && value > 0) return std::string();
        return "'" + text + "' is not a positive whole number below 2^64";
      },
      "NUMBER");
}

CLI::Validator seconds() {
  return CLI::Validator(
      [](const std::string& text) {
        double value = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
        const bool is_one = error == std::errc{} && end == text.data() + text.size() && std::isfinite(value) && value >= 0;
        return is_one ? std::string() : "'" + text + "' is not a number of seconds";
      },
      "SECONDS");
}

double seconds_since_start() { return std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count(); }

void start_watching(const Context& context) {
  std::signal(SIGPIPE, SIG_IGN);  // a closed pipe is an error of the write, so that files in the making are cleared away
  guard_time(context.timeout);
  guard_memory(context.limits.memory, context.threads);
}

void refuse_binary_on_terminal(const Context& context) {
  if (context.output == "-" && ::isatty(STDOUT_FILENO))
    throw std::invalid_argument("the output is binary; name a file with -o, or pipe it");
}

RunControl run_control(const Context& context, const std::string& what) {
  RunControl control;
  control.threads = context.threads;
  control.stop = &stop_asked();
  if (!context.quiet && context.progress == "auto" && ::isatty(STDERR_FILENO)) {
    const auto line = std::make_shared<ProgressLine>(what);
    control.progress = [line](double fraction) { line->show(fraction); };
  }
  return control;
}

Work work_of(const Context& context) {
  return {context.limits, [&context](const std::string& what) { return run_control(context, what); },
          [&context](const std::string& text) { say(context, text); }, warn};
}

std::string examples(const std::vector<std::string>& lines) {
  std::string text = "Examples:";
  for (const auto& line : lines) text += "\n  " + line;
  return text;
}

}  // namespace gapwright::cli
