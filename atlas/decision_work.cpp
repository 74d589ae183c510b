// SPDX-License-Identifier: MIT
#include "atlas/decision_work.hpp"

#include "verify/decision_bytes.hpp"

namespace gapwright {

DecisionWork decision_work(const Cnf& cnf) { return {0, 0, decision_bytes(cnf)}; }
DecisionWork decision_work(const OrthogonalVectors& ov) { return {tuples_of(ov.sets), ov.dimension, decision_bytes(ov.sets)}; }
DecisionWork decision_work(const GapMaxIp& g) { return {tuples_of(g.sets), g.dimension, decision_bytes(g)}; }
DecisionWork decision_work(const FactoredGapMaxIp& g) { return {tuples_of(*g.sets), g.coins, decision_bytes(g)}; }
DecisionWork decision_work(const RealGapMaxIp& g) { return {tuples_of(g.sets), g.weights.size(), decision_bytes(g)}; }

}  // namespace gapwright
