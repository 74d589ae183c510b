// SPDX-License-Identifier: MIT
#pragma once
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "cli/code_route.hpp"
#include "cli/context.hpp"
#include "instances/cnf.hpp"

namespace gapwright::cli {

/// Everything `solve` finds out; printed as text, JSON or competition output.
// NOLINTNEXTLINE(bugprone-exception-escape): to move JSON calls a check of its parents, which throws nothing
struct Solved {
  std::optional<bool> satisfiable;
  std::optional<Cnf::Witness> assignment;
  bool contradiction = false;
  std::string text;
  nlohmann::ordered_json json;
};

class Stopwatch {
 public:
  double lap() {
    const double now = seconds_since_start(), lap = now - last_;
    last_ = now;
    return lap;
  }

 private:
  double last_ = seconds_since_start();
};

std::string satisfiable_text(std::optional<bool> answer);

/// Decides by the route context.route (a code) as far as the advice allows; fills in everything but the independent solver's comparison.
void solve_by_code(const Context& context, const Cnf& cnf, const CodeRequest& options, Solved& solved);

}  // namespace gapwright::cli
