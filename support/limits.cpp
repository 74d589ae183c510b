// SPDX-License-Identifier: MIT
// Memory and numbers of tuples that work may take: asked by the program and by the Python module before anything is built.
//
// The memory of the machine is what the kernel would give this process: physical memory, or less where a control group says so. A group's limit
// holds for all groups below it, so every folder from the process's own up to the root is asked (/proc/self/cgroup: "0::/a/b" for version 2,
// "9:memory:/a/b" for version 1); a container often shows its own group as the root.
#include "support/limits.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <thread>
#include <utility>

#include "support/decimal.hpp"
#include "support/errors.hpp"
#include "support/message.hpp"

namespace gapwright {
namespace {

/// A lower figure for the histogram kernel: bits of tuples it gets through per second and core.
constexpr double kBitsPerSecondAndCore = 3e11;

void take_smaller(mpz_class& bytes, const std::string& file) {
  std::string text;  // "max" where there is no limit
  if (std::ifstream(file) >> text && text.size() <= 20 && text.find_first_not_of("0123456789") == std::string::npos)
    bytes = std::min(bytes, mpz_class(text));
}

void take_group_limits(mpz_class& bytes, const std::string& root, std::string group, const char* file) {
  while (true) {
    take_smaller(bytes, root + group + "/" + file);
    if (group.empty()) return;
    group.erase(group.find_last_of('/'));
  }
}

}  // namespace

mpz_class machine_memory() {
  mpz_class bytes = mpz_class(::sysconf(_SC_PHYS_PAGES)) * ::sysconf(_SC_PAGE_SIZE);
  std::ifstream groups("/proc/self/cgroup");
  std::string own = "/", own_memory = "/";
  for (std::string line; std::getline(groups, line);) {
    const std::size_t first = line.find(':'), second = line.find(':', first + 1);
    if (second == std::string::npos || line.substr(second + 1, 1) != "/") continue;
    const std::string controllers = line.substr(first + 1, second - first - 1);
    if (controllers.empty()) own = line.substr(second + 1);
    if (controllers == "memory") own_memory = line.substr(second + 1);
  }
  take_group_limits(bytes, "/sys/fs/cgroup", own == "/" ? "" : own, "memory.max");
  take_group_limits(bytes, "/sys/fs/cgroup/memory", own_memory == "/" ? "" : own_memory, "memory.limit_in_bytes");
  return bytes;
}

void check_memory(const Limits& limits, const std::string& what, const mpz_class& bytes) {
  if (bytes > limits.memory)
    throw LimitReached(
        fmt::format("{} needs {} of memory, the limit is {}; try another order k (of a formula), a smaller input, or a higher "
                    "memory limit (`memory_limit`)",
                    what, bytes_text(bytes), bytes_text(limits.memory)));
}

void check_tuples(const Limits& limits, const std::string& what, const mpz_class& tuples, std::size_t dimension) {
  if (tuples > limits.tuples)
    throw LimitReached(
        fmt::format("{} has {}, the limit is {} (looking at every one would take {}); take a smaller input or raise the "
                    "limit on tuples (`max_tuples`)",
                    what, counted(count_text(tuples), "tuple"),
                    limits.tuples.get_den() == 1 ? count_text(limits.tuples.get_num()) : decimal_down(limits.tuples, 6),
                    time_text(tuples, dimension)));
}

std::string count_text(const mpz_class& n) {
  if (n < 1'000'000) return n.get_str();
  return mpz_sizeinbase(n.get_mpz_t(), 2) < 1000 ? fmt::format("{:.3g}", n.get_d()) : decimal_down(n, 3);
}

std::string bytes_text(const mpz_class& bytes) {
  static constexpr const char* units[] = {"bytes", "kB", "MB", "GB", "TB", "PB"};
  mpq_class value(bytes);
  std::size_t unit = 0;
  for (; value >= 1000 && unit < 5; ++unit) value /= 1000;
  if (value >= 10'000) return count_text(mpz_class(value)) + " PB";
  return decimal_down(value, 3) + " " + units[unit];
}

/// Sizes of more bits are shown by three digits.
constexpr std::size_t kDigitsShown = 128;

std::string size_text(const mpz_class& n) {
  if (n > 1024 && mpz_popcount(n.get_mpz_t()) == 1) return "2^" + std::to_string(mpz_sizeinbase(n.get_mpz_t(), 2) - 1);
  if (mpz_sizeinbase(n.get_mpz_t(), 2) > kDigitsShown) return "about " + count_text(n);
  return n.get_str();
}

std::string sizes_text(const std::vector<mpz_class>& sizes) {
  std::string text;
  for (const mpz_class& n : sizes) text += (text.empty() ? "" : ", ") + size_text(n);
  return text;
}

std::string duration_text(const mpq_class& seconds) {
  if (seconds < 1) return "under 1 s";
  static constexpr std::pair<double, const char*> units[] = {
      {31557600, "years"}, {86400, "days"}, {3600, "hours"}, {60, "minutes"}, {1, "s"}};
  for (const auto& [length, name] : units)
    if (seconds >= length || length == 1) return "about " + decimal_down(seconds / mpq_class(length), 2) + " " + name;
  return "";
}

std::string time_text(const mpz_class& tuples, std::size_t dimension) {
  const double cores = std::max(1U, std::thread::hardware_concurrency());
  return duration_text(mpq_class(tuples * mpz_class(dimension)) / mpq_class(kBitsPerSecondAndCore * cores));
}

}  // namespace gapwright
