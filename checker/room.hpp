// SPDX-License-Identifier: MIT
#pragma once
#include <gmpxx.h>

#include <cstdint>
#include <string>

// How much memory there is. Sizes are computed and compared with it before anything large is built.
namespace checker {

/// At first 2 GiB.
void set_room(std::uint64_t bytes);
std::uint64_t room();

/// Throws Limit when there are fewer bytes.
void check_room(const mpz_class& bytes, const std::string& what);

/// 80 % of the machine's memory, or of what its control group may take when that is less.
std::uint64_t usual_room();

}  // namespace checker
