// SPDX-License-Identifier: MIT
#pragma once
#include <string>

#include "atlas/problem.hpp"
#include "atlas/work.hpp"

namespace gapwright {

/// "--inner-density" of the parameter inner_density: the option of `gapwright gen`.
std::string option_of(const GeneratorParameter& parameter);

/// The instance with its provenance: the canonical command, with every parameter, and the seed. A planted one expects yes; with `expect` the
/// answer of any other is found and expected. Sizes are checked against the limits before anything is built.
Generated generated(const Problem& problem, const GeneratorValues& values, bool expect, const Work& work);

}  // namespace gapwright
