// SPDX-License-Identifier: MIT
#pragma once
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "codes/curve.hpp"
#include "codes/modular.hpp"

namespace gapwright {

/// What names a curve within its family. What the family does not use is left at its default.
struct CurveParameters {
  std::int64_t q = 0;
  std::int64_t level = 1;   ///< families with levels only
  std::int64_t length = 0;  ///< families that choose their points only: the first so many, all points if 0
};

/// A code for campaigns: small, so that its messages can be tried.
struct SmallCode {
  std::int64_t q, level;
  std::size_t degree;
  unsigned turn = 2;  ///< all families' codes of an earlier turn are listed first
};

/// All that the toolkit knows of a family of codes. A new family is a file with its curve and its row, and its line in the table of families.cpp.
struct CodeFamily {
  std::string name;                                     ///< "hermitian"
  std::string title;                                    ///< of its codes: "Hermitian"
  std::string meaning;                                  ///< in one line
  std::string curve, field, length, genus, parameters;  ///< what `gapwright code list` tells; parameters as fields, "`q`"
  bool has_levels = false;
  bool chooses_points = false;
  bool only_by_name = false;     ///< left out where families are compared; for who asks for it
  unsigned field_degree = 1;     ///< the field is F_{q^field_degree}
  std::int64_t first_level = 1;  ///< the least that is no curve of another family again

  // By numbers, nothing is built. The parameters are as `check` wants them.
  std::size_t (*length_of)(const CurveParameters&) = nullptr;
  std::size_t (*genus_of)(const CurveParameters&) = nullptr;
  /// The pole orders at P up to `top`, increasing.
  std::vector<std::size_t> (*semigroup_of)(const CurveParameters&, std::size_t top) = nullptr;

  /// Throws std::invalid_argument, in one line saying what is allowed.
  void (*check)(const CurveParameters&) = nullptr;
  CurvePointer (*build)(const CurveParameters&, const Progress&, std::uint64_t memory_limit) = nullptr;

  std::vector<SmallCode> small_codes = {};  ///< that campaigns draw from

  std::size_t field_size(std::int64_t q) const { return integer_power(static_cast<std::size_t>(q), field_degree); }
};

/// In the order in which they are tried and told.
const std::vector<CodeFamily>& code_families();
/// Throws std::invalid_argument with the names there are.
const CodeFamily& code_family(std::string_view name);
/// Those that are tried where nobody names one.
const std::vector<std::reference_wrapper<const CodeFamily>>& compared_families();
std::vector<std::string> code_family_names();
/// The names of those that have the property.
std::vector<std::string> code_family_names(bool CodeFamily::*property);
/// "field size", "square root of the field size", "cube root of the field size": what the family's parameter q is.
std::string what_q_is(const CodeFamily&);
/// A family's small code, and the list of all: by turns, in each in the order of the families.
struct SmallCodeOf {
  const CodeFamily* family;
  SmallCode code;
};
const std::vector<SmallCodeOf>& small_codes();
/// The one that small cases shrink to, and that shows a trace where none is asked for.
const CodeFamily& plainest_family();

/// How a text that names fields is said; as it is, unless a face says otherwise.
using SaidAs = std::string (*)(std::string_view);
std::string families_text(SaidAs said = nullptr);
std::string families_json(SaidAs said = nullptr);

/// A curve by its family's name and its parameters.
struct CurveRequest {
  std::string family;
  CurveParameters parameters = {};
};
/// The family, after a check of the parameters. Throws std::invalid_argument, in one line saying what is allowed.
const CodeFamily& family_of(const CurveRequest& request);
/// The same, and CodeTooLarge for a curve that takes more than `memory_limit` bytes.
CurvePointer curve_of(const CurveRequest& request, const Progress& progress = {},
                      std::uint64_t memory_limit = default_tower_limit);

}  // namespace gapwright
