// SPDX-License-Identifier: MIT
#pragma once
#include <string>

#include "explore/regime/results.hpp"

namespace gapwright {

/// A results file comes from anywhere, and what it says goes into scripts, file names and pages. Throws BadInstance, beginning with `place`
/// (file:line), when a member that names something holds another word than those that sweeps write, a command holds what a shell would act on,
/// or a size is out of range. What a record leaves out is not missed here.
void check_words(const Record& record, const std::string& place);

}  // namespace gapwright
