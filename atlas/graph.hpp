// SPDX-License-Identifier: MIT
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "codes/families.hpp"
#include "instances/vocabulary.hpp"

// The atlas: every problem and every rule of the toolkit as a directed graph, and what each rule's theorem says. A new rule is
// one entry in atlas.cpp. Sizes in numbers: route_sizes.hpp.
namespace gapwright {

struct Problem {
  std::string name;  ///< "cnf"
  std::string meaning;
  std::string witness;      ///< what proves a yes
  std::string hypothesis;   ///< the lower bound people believe here, with its name; for the later problems: what implies it
  std::string brute_force;  ///< time without any idea
};

/// How many instances of the target one of the source takes.
enum class RuleKind { many_one, over_messages, over_nodes };
template <>
struct Names<RuleKind> {
  static constexpr std::string_view what = "kind";
  static constexpr std::array all{Named<RuleKind>{RuleKind::many_one, "many-one"},
                                  Named<RuleKind>{RuleKind::over_messages, "Turing over messages"},
                                  Named<RuleKind>{RuleKind::over_nodes, "Turing over quadrature nodes"}};
};

/// What tells a rule's variants apart.
struct RuleParameters {
  const CodeFamily* family = nullptr;  ///< of the code, where the rule takes one
  std::optional<Form> form = {};       ///< of the vectors that are embedded
  std::optional<Embedding> embedding = {};
  bool centred = false;  ///< keys are B and -B
};

/// One way from one problem to another. Rules with the same name are variants of one theorem.
struct Rule {
  std::string name;     ///< of the class or file: "sat_to_orthogonal_vectors"
  std::string variant;  ///< "" or what tells it from its siblings: "hermitian", "pruned boxes, sharp"
  std::string source, target;
  RuleKind kind = RuleKind::many_one;
  std::string theorem;    ///< statement with the key of its source
  std::string size_law;   ///< exact
  std::string gap;        ///< what separates yes from no
  std::string preserves;  ///< witness, number of witnesses, decision
  std::string proof;      ///< where it is written out
  RuleParameters parameters = {};
};

const std::vector<Problem>& problems();
const std::vector<Rule>& rules();

/// "hermitian" for a variant, else the rule's name.
std::string short_name(const Rule& rule);

/// Every path without a repeated problem, as indices into rules(), in order of length and then of rules(). Throws
/// std::invalid_argument for an unknown problem.
using Route = std::vector<std::size_t>;
std::vector<Route> routes(const std::string& source, const std::string& target);

/// The graph in Graphviz's language: problems as boxes, rules as arrows with variants, gaps and kinds.
std::string atlas_dot();

}  // namespace gapwright
