// SPDX-License-Identifier: MIT
// The table of the families. Everything that differs between them stands in their rows.
#include "codes/families.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <stdexcept>

namespace gapwright {

const std::vector<CodeFamily>& code_families() {
  static const std::vector<CodeFamily> families{reed_solomon_family(), hermitian_family(), tower_family()};
  return families;
}

std::vector<std::string> code_family_names() {
  std::vector<std::string> names;
  for (const CodeFamily& family : code_families()) names.push_back(family.name);
  return names;
}

const CodeFamily& plainest_family() { return code_families().front(); }

namespace {

/// "reed-solomon, hermitian and tower"
std::string listed(const std::vector<std::string>& names) {
  return fmt::format("{} and {}", fmt::join(names.begin(), names.end() - 1, ", "), names.back());
}

std::string names_with(bool CodeFamily::*property) {
  std::vector<std::string> names;
  for (const CodeFamily& family : code_families())
    if (family.*property) names.push_back(family.name);
  return names.size() == 1 ? names[0] : listed(names);
}

std::string parameters_of(const CodeFamily& family, SaidAs said) { return said ? said(family.parameters) : family.parameters; }

}  // namespace

const CodeFamily& code_family(std::string_view name) {
  const auto found = std::ranges::find(code_families(), name, &CodeFamily::name);
  if (found == code_families().end())
    throw std::invalid_argument(
        fmt::format("\"{}\" is not a family of codes: allowed are {}", name, listed(code_family_names())));
  return *found;
}

std::string families_text(SaidAs said) {
  std::string text;
  for (const CodeFamily& family : code_families()) {
    text += family.name + "\n  curve   " + family.curve + "\n  field   " + family.field + "\n  length  " + family.length +
            "\n  genus   " + family.genus + "\n  options " + parameters_of(family, said) + "\n";
  }
  return text;
}

std::string families_json(SaidAs said) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const CodeFamily& family : code_families()) {
    list.push_back({{"family", family.name},
                    {"curve", family.curve},
                    {"field", family.field},
                    {"length", family.length},
                    {"genus", family.genus},
                    {"options", parameters_of(family, said)}});
  }
  return list.dump() + "\n";
}

const CodeFamily& family_of(const CurveRequest& request) {
  const CodeFamily& family = code_family(request.family);
  if (!family.has_levels && request.parameters.level != 1)
    throw std::invalid_argument(
        fmt::format("a level is allowed for the family {} only, not for {}", names_with(&CodeFamily::has_levels), family.name));
  if (!family.chooses_points && request.parameters.length != 0)
    throw std::invalid_argument(
        fmt::format("a length is allowed for the family {} only: the length of {} follows from its other parameters",
                    names_with(&CodeFamily::chooses_points), family.name));
  family.check(request.parameters);
  return family;
}

CurvePointer curve_of(const CurveRequest& request, const Progress& progress, std::uint64_t memory_limit) {
  return family_of(request).build(request.parameters, progress, memory_limit);
}

}  // namespace gapwright
