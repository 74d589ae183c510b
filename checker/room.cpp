// SPDX-License-Identifier: MIT
#include "checker/room.hpp"

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <fstream>

#include "checker/errors.hpp"

namespace checker {
namespace {

std::atomic<std::uint64_t> bytes_there{std::uint64_t{1} << 31};

/// The number in a file, if it holds one that fits.
std::uint64_t number_in(const std::string& path, std::uint64_t otherwise) {
  std::uint64_t number = 0;
  return std::ifstream(path) >> number ? number : otherwise;
}

/// The folder of our control group below /sys/fs/cgroup (version 2: the line "0::/folder").
std::string own_group() {
  std::ifstream file("/proc/self/cgroup");
  for (std::string line; std::getline(file, line);)
    if (line.starts_with("0::")) return line.substr(3);
  return "";
}

}  // namespace

void set_room(std::uint64_t bytes) { bytes_there = bytes; }

std::uint64_t room() { return bytes_there; }

void check_room(const mpz_class& bytes, const std::string& what) {
  if (bytes <= mpz_class(room())) return;
  const std::string megabytes = mpz_class(bytes >> 20).get_str();
  throw Limit(what + ": needs " + (megabytes.size() < 30 ? megabytes : "10^" + std::to_string(megabytes.size() - 1)) +
              " MB, and " + std::to_string(room() >> 20) + " MB are allowed; raise --memory-limit");
}

std::uint64_t usual_room() {
  std::uint64_t bytes =
      static_cast<std::uint64_t>(::sysconf(_SC_PHYS_PAGES)) * static_cast<std::uint64_t>(::sysconf(_SC_PAGE_SIZE));
  bytes = std::min(bytes, number_in("/sys/fs/cgroup/memory/memory.limit_in_bytes", bytes));
  for (std::string group = own_group();; group.erase(group.rfind('/'))) {
    bytes = std::min(bytes, number_in("/sys/fs/cgroup" + group + "/memory.max", bytes));
    if (group.empty() || group[0] != '/') break;
  }
  return bytes / 5 * 4;
}

}  // namespace checker
