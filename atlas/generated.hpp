// SPDX-License-Identifier: MIT
#pragma once
#include <string>

#include "atlas/problem.hpp"

namespace gapwright {

/// "--inner-density" of the parameter inner_density: the option of `gapwright gen`.
std::string option_of(const GeneratorParameter& parameter);

/// What made an instance with these values: the canonical command, with every parameter, and the seed.
Provenance generated_by(const Problem& problem, const GeneratorValues& values, const std::string& more = "");

/// The instance with its provenance; a planted one expects yes.
Generated generated(const Problem& problem, const GeneratorValues& values, const RunControl& control);

}  // namespace gapwright
