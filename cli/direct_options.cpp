// SPDX-License-Identifier: MIT
#include "cli/direct_options.hpp"

#include "atlas/direct_flags.hpp"

namespace gapwright::cli {

void add_direct_flags(CLI::App& verb, DirectOptions& options) {
  for (const DirectFlag& flag : direct_flags())
    verb.add_flag("--" + std::string(flag.name), options.*flag.place, std::string(flag.help));
}

}  // namespace gapwright::cli
