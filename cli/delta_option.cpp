// SPDX-License-Identifier: MIT
#include "cli/delta_option.hpp"

#include "cli/number_list.hpp"

namespace gapwright::cli {

void add_delta_option(CLI::App& verb, std::string& text) {
  verb.add_option(
      "--delta", text,
      "NO outputs stay below it, as 1/16 or 0.0625, at most 1/4 [1/16; for gradients 1/(4 sqrt(rows)) where that is smaller]");
}

std::optional<mpq_class> delta_of(const std::string& text) {
  if (text.empty()) return std::nullopt;
  const mpq_class delta = fraction("--delta", text);
  if (delta <= 0 || delta > mpq_class(1, 4))
    throw std::invalid_argument("--delta " + text + ": give a number above 0 and at most 1/4");
  return delta;
}

}  // namespace gapwright::cli
