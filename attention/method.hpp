// SPDX-License-Identifier: MIT
#pragma once
#include "attention/exact.hpp"
#include "support/named.hpp"

namespace gapwright {

/// How outputs are computed: over all tuples in floating point, by the polynomial method, or in balls.
enum class AttendMethod { exact, polynomial, certified };
template <>
struct Names<AttendMethod> {
  static constexpr std::string_view what = "method";
  static constexpr std::array all{Named<AttendMethod>{AttendMethod::exact, "exact"},
                                  Named<AttendMethod>{AttendMethod::polynomial, "polynomial"},
                                  Named<AttendMethod>{AttendMethod::certified, "certified"}};
};

template <>
struct Names<Arithmetic> {
  static constexpr std::string_view what = "type";
  static constexpr std::array all{Named<Arithmetic>{Arithmetic::f64, "f64"}, Named<Arithmetic>{Arithmetic::f32, "f32"}};
};

}  // namespace gapwright
