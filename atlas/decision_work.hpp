// SPDX-License-Identifier: MIT
#pragma once
#include "atlas/problem.hpp"
#include "instances/cnf.hpp"
#include "instances/gap_max_ip.hpp"
#include "instances/orthogonal_vectors.hpp"

// What it takes to decide an instance of a problem that has a type here: for its row, and for atlas/decide.
namespace gapwright {

DecisionWork decision_work(const Cnf&);
DecisionWork decision_work(const OrthogonalVectors&);
DecisionWork decision_work(const GapMaxIp&);
DecisionWork decision_work(const FactoredGapMaxIp&);
DecisionWork decision_work(const RealGapMaxIp&);

}  // namespace gapwright
