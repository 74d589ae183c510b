// SPDX-License-Identifier: MIT
#pragma once
#include <gmpxx.h>

#include <string>
#include <string_view>

namespace gapwright {

/// A decimal number with `digits` significant digits that is at most (down) or at least (up) the rational; exact values keep
/// fewer digits. Form: "0", "12.5", "6.25e-12".
std::string decimal_down(const mpq_class& value, int digits);
std::string decimal_up(const mpq_class& value, int digits);

/// The exact rational of a decimal text such as "-0.0625" or "1e-9"; throws std::invalid_argument for anything else, and for
/// exponents beyond 100,000.
mpq_class parse_decimal(std::string_view text);

}  // namespace gapwright
