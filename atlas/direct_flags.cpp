// SPDX-License-Identifier: MIT
// The table of the embedding's yes-or-no choices. The direct rule's row, reduce and the program's options read it.
#include "atlas/direct_flags.hpp"

#include <algorithm>

namespace gapwright {

const std::vector<DirectFlag>& direct_flags() {
  static const std::vector<DirectFlag> all{
      {"square", "repeat rows until q and all keys have equally many", &DirectOptions::square, true},
      {"causal", "the same answer under a causal mask: keys first, queries after, all matrices of equally many rows",
       &DirectOptions::causal, true},
      {"centred", "order 2: keys B and -B in place of B and 0, the same answer with B smaller by the square root of 2",
       &DirectOptions::centred}};
  return all;
}

std::string recorded_flags(const DirectOptions& options, bool layout) {
  std::string text;
  for (const DirectFlag& flag : direct_flags())
    if (flag.layout == layout && options.*flag.place) text += " --" + std::string(flag.name);
  return text;
}

bool any_layout(const DirectOptions& options) {
  return std::ranges::any_of(direct_flags(), [&](const DirectFlag& flag) { return flag.layout && options.*flag.place; });
}

std::vector<std::string> layout_fields() {
  std::vector<std::string> fields;
  for (const DirectFlag& flag : direct_flags())
    if (flag.layout) fields.push_back("`" + std::string(flag.name) + "`");
  return fields;
}

}  // namespace gapwright
