// SPDX-License-Identifier: MIT
#pragma once
#include "atlas/rule.hpp"
#include "explore/fuzz/rules.hpp"

namespace gapwright {

/// The campaign of a rule that campaigns know by its row alone.
FuzzedRule fuzz_by_row(const Rule& rule);
/// Do the rows of its problems tell what a campaign needs: small sources, parts, witnesses, decisions?
bool can_be_fuzzed(const Rule& rule);

}  // namespace gapwright
