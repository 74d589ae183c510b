// SPDX-License-Identifier: MIT
#pragma once
#include <string>
#include <vector>

#include "explore/plan/planner.hpp"
#include "explore/regime/regime.hpp"
#include "support/limits.hpp"

namespace gapwright {

/// The families whose routes are swept.
std::vector<std::string> route_family_words();

/// B and d' of every route as functions of n, for k-OV in dimension d = C log2 n.
struct RouteSweep {
  std::vector<std::size_t> orders;
  std::vector<std::size_t> log2_rows;
  PairFamily family = PairFamily::planted;  ///< planted: random k-OV; ksat: random 3-SAT, d = M clauses, N = k log2 n; no other
  double per_log2 = 12;                     ///< planted
  double per_variable = 4.26;               ///< ksat: M/N
  std::uint64_t seed = 1;
  double gap = 0.25;
  mpq_class delta = forward_delta();  ///< of the embedding
  double measured_symbols = 1e8;      ///< instances are built and measured up to n^k (L T) symbol products, over codes that are
                                      ///< built in moments: length 20,000, of towers 1,000
  PlanLimits limits;
  Limits work;  ///< what measuring one pair may take
};
/// One record "route" per order, n and way (direct; each family of codes by boxes and by characters): what the planner
/// says, and where it is small enough B, d', certified gap and B* of a matched pair. Throws std::invalid_argument when the sweep
/// is empty, LimitReached before a pair is measured that would take more than is allowed.
RegimeCounts run_routes(const RouteSweep& sweep, const RegimeOutput& output, const RunControl& control);

/// Columns of a table of records: key, heading.
using RecordColumns = std::vector<std::pair<std::string, std::string>>;
RecordColumns route_columns();
RecordColumns order_columns();

/// The trade-off between order and entries: the same 2^N tuples n^k at every order.
struct OrderSweep {
  std::vector<std::size_t> orders;
  std::vector<std::size_t> variables;  ///< N: n = 2^(N/k)
  std::vector<Embedding> embeddings;   ///< sharp, direct
  double per_variable = 4.26;          ///< d = C N, the clauses of a random 3-SAT formula at the threshold
  std::uint64_t seed = 1;
  double gap = 0.25;
  mpq_class delta = forward_delta();
  double measured_tuples = 2e8;  ///< tight pairs are built and measured up to this many tuples
  Limits work;                   ///< what measuring one pair may take; LimitReached before a pair that would take more
};
/// One record "order" per N, embedding and order.
RegimeCounts run_orders(const OrderSweep& sweep, const RegimeOutput& output, const RunControl& control);

}  // namespace gapwright
