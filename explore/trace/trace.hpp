// SPDX-License-Identifier: MIT
#pragma once
#include <gmpxx.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "instances/cnf.hpp"
#include "instances/orthogonal_vectors.hpp"
#include "reductions/merlin_arthur.hpp"
#include "reductions/protocol_choice.hpp"
#include "support/limits.hpp"
#include "support/run_control.hpp"
#include "verify/verdict.hpp"

// The whole chain on a formula small enough to look at, for teaching: vectors, a score, codewords, a coin, an output row.
namespace gapwright {

struct TraceRequest {
  std::size_t order = 3;   ///< k
  std::size_t clause = 1;  ///< the one that is followed, counted from 1
  std::uint64_t seed = 1;  ///< of the coin
  ProtocolRequest code;    ///< what is fixed of the code; no family: the plainest; parties and dimension are filled in
  bool direct = false;     ///< the direct route was asked for, which has no code to follow: it is refused
  Limits limits = {};
};
constexpr std::size_t kTraceVariables = 6, kTraceClauses = 32;

/// One tuple of vectors, in all the forms it takes along the chain.
struct TracedTuple {
  OrthogonalVectors::Witness tuple;        ///< the index of the vector in each set
  Cnf::Witness assignment;                 ///< the same, as values of the variables
  std::vector<std::size_t> violated;       ///< clauses in which all k vectors are 1
  std::vector<std::vector<Symbol>> words;  ///< [party]: W_u, the symbol of block tau at coin x at position x T + tau
  std::vector<Symbol> product;             ///< Psi = sum_tau prod_u W_u[tau], one symbol per coin
  std::vector<std::size_t> accepting;      ///< coins x with Psi[x] = Phi[x]
  MerlinArthur::Transcript at_coin;        ///< everything said at the coin
};

/// All tuples of the row with this many accepting coins.
struct TracedWeight {
  std::size_t coins = 0;  ///< s
  std::uint64_t tuples = 0;
  mpq_class share;  ///< tuples e^(gamma s) / (all weights of the row), rounded down at 64 bits
};

struct Trace {
  Cnf cnf;
  std::size_t clause = 0;                 ///< counted from 0
  std::vector<std::size_t> group_starts;  ///< first variable of each group, 0-based; entry k is the number of variables
  OrthogonalVectors vectors;
  bool satisfiable = false;
  TracedTuple best;                      ///< an orthogonal tuple, else one with the fewest common ones
  std::optional<TracedTuple> violating;  ///< one that violates the clause, in the row of `best` where there is one

  ProtocolShape shape;
  mpz_class messages;                   ///< how many Merlin has
  mpz_class message;                    ///< the number of his: honest for an orthogonal `best`, else the best reply to it
  std::vector<Symbol> phi;              ///< the message, one symbol per coin
  std::vector<std::size_t> systematic;  ///< coins whose symbols are the vectors' bits
  std::size_t coin = 0;
  std::size_t wrong_at_most = 0;  ///< k D

  /// The row of `best` in the attention input ("sharp" embedding of this message's Gap-k-MaxIP instance).
  std::size_t row = 0;
  mpz_class dimension;  ///< d' of the explicit boxes
  double entry_bound = 0;
  mpq_class gamma;
  mpz_class mixed_tuples;
  std::vector<TracedWeight> weights;  ///< of data tuples, by decreasing s
  mpq_class pad_share, mixed_share;
  RowVerdict output;  ///< out_row[0], certified, against the middle of the gap
  mpq_class yes_at_least, no_at_most;

  /// The same row under the "direct" embedding, straight from k-OV.
  double direct_entry_bound = 0;
  std::size_t direct_dimension = 0;
  RowVerdict direct_output;
  mpq_class direct_yes_at_least, direct_no_at_most;
};

/// What is wrong with a request before any formula is read: std::invalid_argument for clause 0 and for the direct route, LimitReached for
/// orders above kTraceVariables.
void check_trace(const TraceRequest& request);

/// Throws what check_trace throws, LimitReached above kTraceVariables variables or kTraceClauses clauses, std::invalid_argument for a clause that
/// does not exist.
Trace trace_formula(const Cnf& cnf, const TraceRequest& request, const RunControl& control = {});

/// What clause c reads: "x1 or not x3 or x5"; "(empty)".
std::string clause_text(const Cnf& cnf, std::size_t c);

}  // namespace gapwright
