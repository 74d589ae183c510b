#include "cli/limits.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <stdexcept>
#include <thread>

#include "instances/decimal.hpp"
#include "instances/errors.hpp"

namespace gapwright::cli {
namespace {

/// A lower figure for the histogram kernel: bits of tuples it gets through per second and core.
constexpr double kBitsPerSecondAndCore = 3e11;

mpz_class machine_memory() {
  mpz_class bytes = mpz_class(::sysconf(_SC_PHYS_PAGES)) * ::sysconf(_SC_PAGE_SIZE);
  for (const char* file : {"/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"}) {
    std::string text;
    if (std::ifstream(file) >> text && !text.empty() && text.find_first_not_of("0123456789") == std::string::npos)
      bytes = std::min(bytes, mpz_class(text));
  }
  return bytes;
}

}  // namespace

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

std::string size_text(const mpz_class& n) {
  if (n > 1024 && mpz_popcount(n.get_mpz_t()) == 1) return "2^" + std::to_string(mpz_sizeinbase(n.get_mpz_t(), 2) - 1);
  return n.get_str();
}

std::string duration_text(const mpq_class& seconds) {
  if (seconds < 1) return "under 1 s";
  static constexpr std::pair<double, const char*> units[] = {{31557600, "years"}, {86400, "days"}, {3600, "hours"}, {60, "minutes"}, {1, "s"}};
  for (const auto& [length, name] : units)
    if (seconds >= length || length == 1) return "about " + decimal_down(seconds / mpq_class(length), 2) + " " + name;
  return "";
}

std::string time_text(const mpz_class& tuples, std::size_t dimension) {
  const double cores = std::max(1U, std::thread::hardware_concurrency());
  return duration_text(mpq_class(tuples * mpz_class(dimension)) / mpq_class(kBitsPerSecondAndCore * cores));
}

mpz_class memory_limit(const Context& context) {
  const std::string& text = context.memory_limit;
  if (text.empty()) return machine_memory() * 4 / 5;
  const std::size_t unit = std::string_view("KMGT").find(text.back());
  const std::string digits = text.substr(0, text.size() - (unit == std::string_view::npos ? 0 : 1));
  if (digits.empty() || digits.size() > 15 || digits.find_first_not_of("0123456789") != std::string::npos)
    throw std::invalid_argument("--memory-limit '" + text + "' is not a size; write 512M or 8G");
  mpz_class bytes(digits);
  if (unit != std::string_view::npos) bytes <<= 10 * (unit + 1);
  return bytes;
}

void check_memory(const Context& context, const std::string& what, const mpz_class& bytes) {
  const mpz_class limit = memory_limit(context);
  if (bytes > limit)
    throw LimitReached(fmt::format("{} needs {} of memory, the limit is {}; try another order -k (of a formula), a smaller input, or a higher --memory-limit", what,
                                   bytes_text(bytes), bytes_text(limit)));
}

mpq_class tuple_limit(const Context& context) {
  try {
    const mpq_class limit = parse_decimal(context.max_tuples);
    if (limit >= 0) return limit;
  } catch (const std::invalid_argument&) {
  }
  throw std::invalid_argument("--max-tuples '" + context.max_tuples + "' is not a number; write 1e18");
}

void check_tuples(const Context& context, const std::string& what, const mpz_class& tuples, std::size_t dimension) {
  const mpq_class limit = tuple_limit(context);
  if (tuples > limit)
    throw LimitReached(fmt::format("{} has {} tuples, the limit is {} (looking at every one would take {}); take a smaller input or raise --max-tuples",
                                   what, count_text(tuples), context.max_tuples, time_text(tuples, dimension)));
}

}  // namespace gapwright::cli
