#pragma once
#include <cstdint>
#include <string>
#include <vector>

// Lists as options take them: "2,3,4", whole numbers also as "16..256", which doubles from the first up to the last.
namespace gapwright::cli {

/// Throw std::invalid_argument with the option's name and the word that is not one. Empty words are left out, so "" is an empty
/// list.
std::vector<std::size_t> whole_numbers(const std::string& option, const std::string& text);
std::vector<double> decimals(const std::string& option, const std::string& text);
std::vector<std::string> words(const std::string& text);

}  // namespace gapwright::cli
