// SPDX-License-Identifier: MIT
#pragma once
#include <cstddef>
#include <functional>

#include "support/run_control.hpp"

namespace gapwright {

/// Calls work(begin, end) on pieces of [first, last) from control.threads threads, with progress; what work writes must depend on the row
/// only. Exceptions of work, and of control, end the loop and come out here.
void for_row_pieces(std::size_t first, std::size_t last, std::size_t piece, const RunControl& control,
                    const std::function<void(std::size_t, std::size_t)>& work);

}  // namespace gapwright
