// SPDX-License-Identifier: MIT
#include "support/process_tree.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>
#include <string>
#include <thread>

namespace gapwright {
namespace {

/// "pid (name) state parent group ..."; the 24th field is the resident pages. A name may hold blanks and brackets.
std::optional<ProcessRow> row_of(const std::filesystem::path& folder, pid_t process) {
  std::ifstream file(folder / "stat");
  std::string stat;
  if (!std::getline(file, stat) || stat.rfind(')') == std::string::npos) return std::nullopt;
  std::istringstream fields(stat.substr(stat.rfind(')') + 1));
  ProcessRow row;
  row.process = process;
  std::string field;
  if (!(fields >> field >> row.parent)) return std::nullopt;
  row.ended = field == "Z" || field == "X";
  for (int skipped = 5; skipped <= 23 && fields >> field; ++skipped) {
  }
  long long pages = 0;
  if (fields >> pages && pages > 0)
    row.resident_bytes = static_cast<std::uint64_t>(pages) * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
  return row;
}

std::vector<ProcessRow> all_processes() {
  std::vector<ProcessRow> all;
  std::error_code failed;
  for (std::filesystem::directory_iterator entry("/proc", failed), end; !failed && entry != end; entry.increment(failed)) {
    const std::string name = entry->path().filename().string();
    if (name.find_first_not_of("0123456789") != std::string::npos) continue;
    if (const auto row = row_of(entry->path(), static_cast<pid_t>(std::stol(name)))) all.push_back(*row);
  }
  return all;
}

}  // namespace

std::vector<ProcessRow> processes_below(pid_t root) {
  std::vector<ProcessRow> others = all_processes(), below;
  std::vector<pid_t> known{root};
  for (bool grown = true; grown;) {
    const auto first = std::partition(others.begin(), others.end(),
                                      [&](const ProcessRow& row) { return std::ranges::find(known, row.parent) == known.end(); });
    grown = first != others.end();
    for (auto row = first; row != others.end(); ++row) known.push_back(row->process);
    below.insert(below.end(), first, others.end());
    others.erase(first, others.end());
  }
  return below;
}

void kill_below(pid_t root) {
  const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(2);
  do {
    std::vector<ProcessRow> rows = processes_below(root);
    std::erase_if(rows, [](const ProcessRow& row) { return row.ended; });
    if (rows.empty()) return;
    for (const ProcessRow& row : rows) ::kill(row.process, SIGKILL);
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  } while (std::chrono::steady_clock::now() < give_up);
}

}  // namespace gapwright
