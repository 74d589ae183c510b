// SPDX-License-Identifier: MIT
#pragma once
#include "support/named.hpp"

namespace gapwright {

/// How an attention input is decided: by counts of the decisive tuples, by counts of all, by plain softmax in balls, or through gradients alone.
enum class DecideMethod { verdict, histogram, balls, gradient };
template <>
struct Names<DecideMethod> {
  static constexpr std::string_view what = "method";
  static constexpr std::array all{
      Named<DecideMethod>{DecideMethod::verdict, "verdict"}, Named<DecideMethod>{DecideMethod::histogram, "histogram"},
      Named<DecideMethod>{DecideMethod::balls, "balls"}, Named<DecideMethod>{DecideMethod::gradient, "gradient"}};
};

}  // namespace gapwright
