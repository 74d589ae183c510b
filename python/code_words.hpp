// SPDX-License-Identifier: MIT
#pragma once
#include <pybind11/pybind11.h>

#include <optional>
#include <string>

#include "atlas/code_request.hpp"

// The keywords of the code routes, which reduce and solve share.
namespace gapwright::python {

namespace py = pybind11;

struct CodeWords {
  const std::string& gadget;
  const std::string& form;  ///< empty: the function's default
  const std::string& embedding;
  const py::object& mu;
  std::optional<std::size_t> field, blocks, block_length, level;
};
/// Throws std::invalid_argument for words there are not.
CodeRequest code_request(std::optional<AskedAdvice> advice, const CodeWords& words);

/// A word, or the number of a message; nothing for None. Throws as advice_named.
std::optional<AskedAdvice> advice_from(const py::object& advice, const std::string& keyword);

/// Null for 'direct'. Throws std::invalid_argument with the words there are.
const CodeFamily* family_of_route(const std::string& route);

/// "'reed-solomon', 'hermitian'": words to choose from.
std::string quoted_families();

}  // namespace gapwright::python
