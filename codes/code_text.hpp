// SPDX-License-Identifier: MIT
#pragma once
#include <string>
#include <string_view>

#include "codes/curve_check.hpp"
#include "codes/evaluation_code.hpp"
#include "codes/families.hpp"

namespace gapwright {

/// What is known of C(degree) before any function is evaluated; `dimension` is predicted by the semigroup.
struct CodeSummary {
  std::string family;
  std::uint32_t q;
  unsigned level;  ///< 0: the family has no levels
  std::uint32_t field_size;
  std::string modulus;
  std::size_t length, genus, degree, dimension, designed_distance;
  std::uint64_t generator_bytes;
  std::vector<std::size_t> pole_orders;
};
/// Throws std::invalid_argument when degree >= length.
CodeSummary summary_of(const Curve& curve, std::size_t degree);
/// The same without building the curve, whose functions can take long.
CodeSummary summary_of(const CurveRequest& request, std::size_t degree);
std::string summary_text(const CodeSummary& summary);
std::string summary_json(const CodeSummary& summary);

/// {family, p, e, modulus, q, level, genus, length, dimension, degree, designed_distance, pole_orders, points,
/// information_set, generator}; level is null for families without levels; points and generator are lists of rows, the
/// generator as evaluated.
std::string matrix_json(const EvaluationCode& code, const Progress& progress = {});
/// {words}: the rows as lists.
std::string words_json(const SymbolMatrix& words, const Progress& progress = {});
/// The most bytes of these texts of a matrix, while they are put together.
std::uint64_t matrix_text_bytes(std::size_t rows, std::size_t columns);
/// One row per line, entries separated by single spaces.
std::string matrix_text(const SymbolMatrix& matrix, const Progress& progress = {});

/// Messages or words as text: one per line, `columns` field elements separated by blanks; empty lines are skipped.
/// Throws std::invalid_argument naming the line.
SymbolMatrix parse_rows(std::string_view text, const Field& field, std::size_t columns, const Progress& progress = {});

std::string check_text(const Curve& curve, const CurveCheck& check);
std::string check_json(const Curve& curve, const CurveCheck& check);

}  // namespace gapwright
