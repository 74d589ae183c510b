// SPDX-License-Identifier: MIT
#pragma once
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

/// All that the toolkit knows of a family of codes. A new family is a file with its curve and its row, and its line in the table of families.cpp.
struct CodeFamily {
  std::string name;                                     ///< "hermitian"
  std::string meaning;                                  ///< in one line
  std::string curve, field, length, genus, parameters;  ///< what `gapwright code list` tells; parameters as fields, "`q`"
  bool has_levels = false;
  bool chooses_points = false;
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

  std::size_t field_size(std::int64_t q) const { return integer_power(static_cast<std::size_t>(q), field_degree); }
};

// The rows, each in the file of its curve.
CodeFamily reed_solomon_family();
CodeFamily hermitian_family();
CodeFamily tower_family();

/// In the order in which they are tried and told.
const std::vector<CodeFamily>& code_families();
/// Throws std::invalid_argument with the names there are.
const CodeFamily& code_family(std::string_view name);
std::vector<std::string> code_family_names();
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
