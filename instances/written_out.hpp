// SPDX-License-Identifier: MIT
#pragma once
#include "instances/attention.hpp"
#include "instances/run_control.hpp"

namespace gapwright {

/// The same input with every entry written out, looking at the clock on the way: the tensors may take gigabytes.
Attention written_out(const BitAttention&, const RunControl&);

}  // namespace gapwright
