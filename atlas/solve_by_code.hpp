// SPDX-License-Identifier: MIT
#pragma once
#include "atlas/solve.hpp"

// The part of solving that goes through a code, and what both parts hold on the way.
namespace gapwright {

struct Solving {
  const Cnf& cnf;
  const SolveRequest& request;
  const Work& work;
  SolveResult& found;

  /// What the deciding witness leads back to; that it is no model is a contradiction.
  void take_model(Cnf::Witness model) const;
};

/// Runs Merlin's messages as far as the advice allows, and fills in everything but the independent solver's word.
void solve_by_code(const Solving& solving);

}  // namespace gapwright
