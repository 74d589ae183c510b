// SPDX-License-Identifier: MIT
#pragma once
#include <algorithm>
#include <array>
#include <optional>
#include <ranges>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "support/did_you_mean.hpp"
#include "support/listed.hpp"

// A closed set of values, and the one word that files, options and arguments have for each.
namespace gapwright {

template <class E>
struct Named {
  E value;
  std::string_view name;
};

/// The table of the set E, specialised once beside it:
///   static constexpr std::string_view what = "gadget";
///   static constexpr std::array all{Named<Gadget>{Gadget::boxes, "boxes"}, ...};
template <class E>
struct Names;

template <class E>
constexpr std::string_view word_of(E value) {
  const auto found = std::ranges::find(Names<E>::all, value, &Named<E>::value);
  if (found == Names<E>::all.end()) throw std::logic_error("a value without a name");
  return found->name;
}

template <class E>
constexpr std::optional<E> find_named(std::string_view name) {
  const auto found = std::ranges::find(Names<E>::all, name, &Named<E>::name);
  return found == Names<E>::all.end() ? std::nullopt : std::optional(found->value);
}

/// Every word of the set, in the order of its table.
template <class E>
std::vector<std::string> names() {
  std::vector<std::string> all;
  all.reserve(Names<E>::all.size());
  for (const Named<E>& n : Names<E>::all) all.emplace_back(n.name);
  return all;
}

template <class E>
std::vector<std::string> words_for(const std::vector<E>& values) {
  std::vector<std::string> all;
  all.reserve(values.size());
  for (const E value : values) all.emplace_back(word_of(value));
  return all;
}

/// Throws std::invalid_argument with the words there are, and the nearest one.
template <class E>
E named(std::string_view name) {
  if (const auto value = find_named<E>(name)) return *value;
  const std::vector<std::string> known = names<E>();
  throw std::invalid_argument("unknown " + std::string(Names<E>::what) + " '" + std::string(name.substr(0, 40)) +
                              "'; there are " + listed(known, "and") + did_you_mean(std::string(name), known));
}

template <class E>
std::vector<E> all_named(const std::vector<std::string>& names) {
  std::vector<E> values;
  values.reserve(names.size());
  for (const std::string& name : names) values.push_back(named<E>(name));
  return values;
}

}  // namespace gapwright
