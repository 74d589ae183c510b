// SPDX-License-Identifier: MIT
#pragma once
#include <string>
#include <vector>

#include "codes/curve.hpp"

namespace gapwright {

/// What `gapwright code list` tells of one family.
struct CodeFamily {
  std::string name;
  std::string curve;
  std::string field;
  std::string length;
  std::string genus;
  std::string parameters;
};
const std::vector<CodeFamily>& code_families();
std::string families_text();
std::string families_json();

/// The parameters that name a curve. What a family does not use must be left at its default.
struct CurveRequest {
  std::string family;
  std::int64_t q = 0;
  std::int64_t level = 1;   ///< tower only
  std::int64_t length = 0;  ///< reed-solomon only: the points 0 .. length - 1, all points if 0
};
/// Throws std::invalid_argument, in one line saying what is allowed, and CodeTooLarge for a tower of more than `memory_limit` bytes.
CurvePointer curve_of(const CurveRequest& request, const Progress& progress = {},
                      std::uint64_t memory_limit = default_tower_limit);

}  // namespace gapwright
