// SPDX-License-Identifier: MIT
#pragma once
#include <array>
#include <string>
#include <vector>

#include "explore/audit/audit_input.hpp"
#include "support/named.hpp"

// The checks of an audit: what each runs a kernel on, and what a failure looks like.
namespace gapwright {

enum class CheckKind { plain, rotate, shift, scale, rows, ties, order, columns, causal, ragged, spread, denormals, again };
template <>
struct Names<CheckKind> {
  static constexpr std::string_view what = "kind of check";
  static constexpr std::array all{
      Named<CheckKind>{CheckKind::plain, "plain"},   Named<CheckKind>{CheckKind::rotate, "rotate"},
      Named<CheckKind>{CheckKind::shift, "shift"},   Named<CheckKind>{CheckKind::scale, "scale"},
      Named<CheckKind>{CheckKind::rows, "rows"},     Named<CheckKind>{CheckKind::ties, "ties"},
      Named<CheckKind>{CheckKind::order, "order"},   Named<CheckKind>{CheckKind::columns, "columns"},
      Named<CheckKind>{CheckKind::causal, "causal"}, Named<CheckKind>{CheckKind::ragged, "ragged"},
      Named<CheckKind>{CheckKind::spread, "spread"}, Named<CheckKind>{CheckKind::denormals, "denormals"},
      Named<CheckKind>{CheckKind::again, "again"}};
};

/// The kinds that every kernel is to pass: each must have a check that passed.
const std::vector<CheckKind>& undeclared_kinds();

struct Check {
  std::string name;  ///< "shift by -327680"
  CheckKind kind;
  bool quick = false;                                           ///< it stays with `quick`
  std::function<AuditInput(Random&)> make;                      ///< its entries rounded to the type
  std::function<AuditInput(AuditInput, Random&)> between = {};  ///< of again: the input changed, run before it comes once more
};

/// In the order in which they run. `causal` declares that mask.
std::vector<Check> audit_checks(const AuditShape&, bool causal);

/// What makes a kernel fail a check of this kind, as a question.
std::string suspicion(CheckKind);

}  // namespace gapwright
