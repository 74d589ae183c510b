// SPDX-License-Identifier: MIT
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "reductions/orthogonal_vectors_to_attention.hpp"

namespace gapwright {

/// A yes-or-no choice of the embedding into attention, said once: the program makes an option of it, recorded commands and bundles tell it.
struct DirectFlag {
  std::string_view name;  ///< of the field, and of the option behind "--"
  std::string_view help;
  bool DirectOptions::*place;
  bool layout = false;  ///< of the rows alone, and so of the direct route alone
};

/// In the order in which commands and bundles tell them.
const std::vector<DirectFlag>& direct_flags();

/// " --square --causal": those of the layout that are set, or the others.
std::string recorded_flags(const DirectOptions&, bool layout);

bool any_layout(const DirectOptions&);     ///< some flag of the layout is set
std::vector<std::string> layout_fields();  ///< "`square`" and so on

}  // namespace gapwright
