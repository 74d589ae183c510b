// SPDX-License-Identifier: MIT
#pragma once
#include <cstdint>

// What ends the program where the work itself does not look at its limits.
namespace checker {

/// Ends the program with one line and exit code 5 half a second after the time is up, unless open_end() comes first. Whoever prints calls that
/// before the first line, so that there is no other one behind it.
void guard_time(double seconds);
void open_end();

/// From here on the heap may grow by `bytes` and room for the stacks of `threads`; more ends the program with one line and exit code 5.
void guard_memory(std::uint64_t bytes, unsigned threads);

}  // namespace checker
