// SPDX-License-Identifier: MIT
#pragma once
#include <array>
#include <memory>
#include <string>
#include <vector>

#include "atlas/any_reduction.hpp"
#include "atlas/problem.hpp"
#include "instances/files/narrow.hpp"
#include "reductions/instance_sizes.hpp"
#include "reductions/orthogonal_vectors_to_attention.hpp"
#include "support/limits.hpp"
#include "support/named.hpp"

// All that the product knows of a rule: its row. Routes, sizes, journeys and campaigns take it from here.
namespace gapwright {

/// How many instances of the target one of the source takes.
enum class RuleKind { many_one, over_messages, over_nodes };
template <>
struct Names<RuleKind> {
  static constexpr std::string_view what = "kind";
  static constexpr std::array all{Named<RuleKind>{RuleKind::many_one, "many-one"},
                                  Named<RuleKind>{RuleKind::over_messages, "Turing over messages"},
                                  Named<RuleKind>{RuleKind::over_nodes, "Turing over quadrature nodes"}};
};

/// What a rule is applied with. A rule reads what it knows and leaves the rest alone.
struct RuleOptions {
  std::size_t order = 3;  ///< k, where the source has none of its own
  DirectOptions direct;   ///< of the direct embedding; its significand bits are those of entry_dtype
  Dtype entry_dtype = Dtype::f64;
  Limits limits;
};

/// One way from one problem to another. Rules with the same name are variants of one theorem.
struct Rule {
  std::string name = {};     ///< of the class or file: "sat_to_orthogonal_vectors"
  std::string variant = {};  ///< "" or what tells it from its siblings: "hermitian", "pruned boxes, sharp"
  std::string source = {}, target = {};
  RuleKind kind = RuleKind::many_one;
  std::string theorem = {};    ///< statement with the key of its source
  std::string size_law = {};   ///< exact
  std::string gap = {};        ///< what separates yes from no
  std::string preserves = {};  ///< witness, number of witnesses, decision
  std::string proof = {};      ///< where it is written out
  RuleParameters parameters = {};
  SizeLaw sizes = nullptr;
  bool bijective = false;  ///< witnesses of the source and of all targets correspond one to one
  /// The rule on an instance, its memory checked before anything is built. Null where it takes more than a source and options: codes,
  /// real vectors, gradients.
  std::unique_ptr<AnyReduction> (*make)(const AnyInstance& source, const RuleOptions&) = nullptr;
};

const std::vector<Rule>& rules();

/// Through a code that is tried only when it is asked for by name.
bool only_by_name(const Rule& rule);

/// "hermitian" for a variant, else the rule's name.
std::string short_name(const Rule& rule);
/// "cnf -> orthogonal-vectors"
std::string arrow(const Rule& rule);

}  // namespace gapwright
