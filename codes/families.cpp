// SPDX-License-Identifier: MIT
// The table of the families. Everything that differs between them stands in their rows.
#include "codes/families.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "support/listed.hpp"

namespace gapwright {

// The rows, each in the file of its curve.
CodeFamily reed_solomon_family();
CodeFamily hermitian_family();
CodeFamily tower_family();
CodeFamily norm_trace_family();

const std::vector<CodeFamily>& code_families() {
  static const std::vector<CodeFamily> families{reed_solomon_family(), hermitian_family(), tower_family(), norm_trace_family()};
  return families;
}

const std::vector<std::reference_wrapper<const CodeFamily>>& compared_families() {
  static const std::vector<std::reference_wrapper<const CodeFamily>> compared = [] {
    std::vector<std::reference_wrapper<const CodeFamily>> families;
    for (const CodeFamily& family : code_families())
      if (!family.only_by_name) families.emplace_back(family);
    return families;
  }();
  return compared;
}

std::vector<std::string> code_family_names() {
  std::vector<std::string> names;
  for (const CodeFamily& family : code_families()) names.push_back(family.name);
  return names;
}

std::vector<std::string> code_family_names(bool CodeFamily::*property) {
  std::vector<std::string> names;
  for (const CodeFamily& family : code_families())
    if (family.*property) names.push_back(family.name);
  return names;
}

std::string what_q_is(const CodeFamily& family) {
  const unsigned degree = family.field_degree;
  if (degree == 1) return "field size";
  return (degree == 2 ? "square" : degree == 3 ? "cube" : fmt::format("{}-th", degree)) + " root of the field size";
}

const std::vector<SmallCodeOf>& small_codes() {
  static const std::vector<SmallCodeOf> all = [] {
    std::vector<SmallCodeOf> codes;
    for (const CodeFamily& family : code_families())
      for (const SmallCode& code : family.small_codes) codes.push_back({&family, code});
    std::ranges::stable_sort(codes, {}, [](const SmallCodeOf& c) { return c.code.turn; });
    return codes;
  }();
  return all;
}

const CodeFamily& plainest_family() { return code_families().front(); }

namespace {

std::string parameters_of(const CodeFamily& family, SaidAs said) { return said ? said(family.parameters) : family.parameters; }

}  // namespace

const CodeFamily& code_family(std::string_view name) {
  const auto found = std::ranges::find(code_families(), name, &CodeFamily::name);
  if (found == code_families().end())
    throw std::invalid_argument(
        fmt::format("\"{}\" is not a family of codes: allowed are {}", name, listed(code_family_names(), "and")));
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
    throw std::invalid_argument(fmt::format("a level is allowed for the family {} only, not for {}",
                                            listed(code_family_names(&CodeFamily::has_levels), "and"), family.name));
  if (!family.chooses_points && request.parameters.length != 0)
    throw std::invalid_argument(
        fmt::format("a length is allowed for the family {} only: the length of {} follows from its other parameters",
                    listed(code_family_names(&CodeFamily::chooses_points), "and"), family.name));
  family.check(request.parameters);
  return family;
}

CurvePointer curve_of(const CurveRequest& request, const Progress& progress, std::uint64_t memory_limit) {
  return family_of(request).build(request.parameters, progress, memory_limit);
}

}  // namespace gapwright
