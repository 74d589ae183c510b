// SPDX-License-Identifier: MIT
#pragma once
#include <cstdint>
#include <vector>

#include "checker/check.hpp"
#include "checker/dimacs.hpp"

namespace checker {

/// The claim's witness as a tuple of the formula's vectors (docs/reductions.md, section 1). The instance must hold exactly those:
/// set u has 2^(variables of group u) of them, in attention inputs the keys of value 1, which come first; with repeated rows
/// (`reduce --square`) as many queries and one key fewer in every set as fit all. Throws Rejected. The witness must have been
/// checked against the instance.
std::vector<std::uint64_t> listed_vectors(const Claim& claim, std::span<const File> instance, const Formula& formula);

}  // namespace checker
