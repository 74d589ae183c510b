// SPDX-License-Identifier: MIT
#pragma once
#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "support/named.hpp"

namespace gapwright::cli {

/// An option whose value is one of these words of the set E; `value` may be optional.
template <class E, class Value>
CLI::Option* add_word_option(CLI::App& app, const std::string& name, Value& value, const std::string& description,
                             const std::vector<std::string>& words = names<E>()) {
  return app
      .add_option_function<std::string>(
          name, [&value](const std::string& word) { value = named<E>(word); }, description)
      ->check(CLI::IsMember(words));
}

}  // namespace gapwright::cli
