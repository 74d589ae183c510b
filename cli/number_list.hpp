// SPDX-License-Identifier: MIT
#pragma once
#include <gmpxx.h>

#include <cstdint>
#include <string>
#include <vector>

// Numbers as options take them: lists "2,3,4", whole numbers also as "16..256", which doubles from the first up to the last; fractions.
namespace gapwright::cli {

/// Throw std::invalid_argument with the option's name and the word that is not one. Empty words are left out, so "" is an empty
/// list.
std::vector<std::size_t> whole_numbers(const std::string& option, const std::string& text);
std::vector<double> decimals(const std::string& option, const std::string& text);
std::vector<std::string> words(const std::string& text);

/// "1/10" or "0.1", exactly; std::invalid_argument with the option's name.
mpq_class fraction(const std::string& option, const std::string& text);

}  // namespace gapwright::cli
