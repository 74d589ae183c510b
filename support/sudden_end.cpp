// SPDX-License-Identifier: MIT
#include "support/sudden_end.hpp"

#include <unistd.h>

#include <array>
#include <atomic>
#include <cstring>

namespace gapwright {
namespace {

struct Slot {
  enum State : int { unused, changing, used };
  std::atomic<int> state{unused};
  char file[4096] = {};
};
static_assert(std::atomic<int>::is_always_lock_free, "signal handlers read it");
std::array<Slot, 64> slots;

int taken_slot() {
  for (std::size_t i = 0; i < slots.size(); ++i) {
    int expected = Slot::unused;
    if (slots[i].state.compare_exchange_strong(expected, Slot::changing)) return static_cast<int>(i);
  }
  return -1;
}

}  // namespace

SuddenEnd::SuddenEnd(const std::string& temporary_file) {
  if (temporary_file.size() >= sizeof Slot::file || (slot_ = taken_slot()) < 0) return;
  Slot& slot = slots[static_cast<std::size_t>(slot_)];
  std::memcpy(slot.file, temporary_file.c_str(), temporary_file.size() + 1);
  slot.state = Slot::used;
}

SuddenEnd::~SuddenEnd() {
  if (slot_ >= 0) slots[static_cast<std::size_t>(slot_)].state = Slot::unused;
}

void clean_up_suddenly() noexcept {
  for (const Slot& slot : slots) {
    if (slot.state == Slot::used) ::unlink(slot.file);
  }
}

}  // namespace gapwright
