// SPDX-License-Identifier: MIT
#include "codes/tower_functions.hpp"

#include "codes/tower_closed_forms.hpp"
#include "codes/tower_elimination.hpp"

namespace gapwright {

TowerFunctions tower_functions(std::uint32_t q, unsigned m, const Progress& progress) {
  return m <= 3 ? closed_form_tower_functions(q, m) : general_tower_functions(q, m, progress);
}

}  // namespace gapwright
