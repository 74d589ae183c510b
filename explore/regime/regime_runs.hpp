// SPDX-License-Identifier: MIT
#pragma once
#include "explore/regime/regime.hpp"

namespace gapwright {

/// What the methods do at one B, each as fields of a point: "exact", "polynomial", and "timing".
Record forward_runs(const RegimeSweep& sweep, const HardPair& pair, const PairOutputs& outputs, double entry_bound,
                    const RowGap& gap, const RunControl& control);
/// The same for gradients of 1/2 sum out^2: also "calls" of a gradient oracle that decide, and the error it may make.
Record gradient_runs(const RegimeSweep& sweep, const HardPair& pair, const PairOutputs& outputs, double entry_bound,
                     const RunControl& control);

}  // namespace gapwright
