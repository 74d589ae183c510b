// SPDX-License-Identifier: MIT
#pragma once
#include <optional>

#include "instances/subset_query.hpp"

namespace gapwright {

/// What an instance of subset-query holds.
struct SubsetQueryData {
  SubsetQuery query;
  std::optional<bool> expected;
};

}  // namespace gapwright
