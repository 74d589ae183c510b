// SPDX-License-Identifier: MIT
#include "codes/families.hpp"

#include <nlohmann/json.hpp>
#include <stdexcept>

namespace gapwright {

const std::vector<CodeFamily>& code_families() {
  static const std::vector<CodeFamily> families{
      {"reed-solomon", "projective line", "F_q", "any number of points up to q", "0", "-q, --length"},
      {"hermitian", "y^q + y = x^(q+1)", "F_(q^2)", "q^3", "q (q - 1) / 2", "-q"},
      {"tower", "x_(i+1)^q + x_(i+1) = x_i^q / (x_i^(q-1) + 1), i < level", "F_(q^2)", "(q^2 - q) q^(level-1)",
       "(q^floor(level/2) - 1) (q^ceil(level/2) - 1)", "-q, --level"},
  };
  return families;
}

std::string families_text() {
  std::string text;
  for (const CodeFamily& family : code_families()) {
    text += family.name + "\n  curve   " + family.curve + "\n  field   " + family.field + "\n  length  " + family.length +
            "\n  genus   " + family.genus + "\n  options " + family.parameters + "\n";
  }
  return text;
}

std::string families_json() {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const CodeFamily& family : code_families()) {
    list.push_back({{"family", family.name},
                    {"curve", family.curve},
                    {"field", family.field},
                    {"length", family.length},
                    {"genus", family.genus},
                    {"options", family.parameters}});
  }
  return list.dump() + "\n";
}

CurvePointer curve_of(const CurveRequest& request, const Progress& progress, std::uint64_t memory_limit) {
  if (request.family != "tower" && request.level != 1) {
    throw std::invalid_argument("a level is allowed for the family tower only, not for " + request.family);
  }
  if (request.family != "reed-solomon" && request.length != 0) {
    throw std::invalid_argument("a length is allowed for the family reed-solomon only: the length of " + request.family +
                                " follows from its other parameters");
  }
  if (request.family == "reed-solomon") {
    return request.length == 0 ? projective_line(request.q) : projective_line_with_length(request.q, request.length);
  }
  if (request.family == "hermitian") return hermitian(request.q);
  if (request.family == "tower") return garcia_stichtenoth(request.q, request.level, progress, memory_limit);
  throw std::invalid_argument("\"" + request.family +
                              "\" is not a family of codes: allowed are reed-solomon, hermitian and tower");
}

}  // namespace gapwright
