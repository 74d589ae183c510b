// SPDX-License-Identifier: MIT
#pragma once
#include <gmpxx.h>

#include <cstdint>
#include <vector>

#include "instances/cnf.hpp"
#include "support/run_control.hpp"

namespace gapwright {

/// How many assignments of the variables `shown` (each 1 to cnf.variables, none twice) can be extended to models, exactly. With all
/// variables shown that is the number of models; with none it is 1 for a satisfiable formula and 0 for another. Exponential in the
/// worst case; `control` ends it.
mpz_class count_projected_models(const Cnf& cnf, const std::vector<std::int32_t>& shown, const RunControl& control = {});

}  // namespace gapwright
