// SPDX-License-Identifier: MIT
#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "atlas/code_request.hpp"
#include "atlas/work.hpp"
#include "instances/cnf.hpp"
#include "reductions/orthogonal_vectors_to_attention.hpp"
#include "support/written_paths.hpp"
#include "verify/verdict.hpp"

// A formula decided through exact attention: the request, its checks, and what is found out. Both faces call this.
namespace gapwright {

struct SolveRequest {
  std::string name = "the formula";    ///< in messages on sizes
  std::string file = "the formula";    ///< in messages on its comments
  std::size_t order = 3;               ///< k
  const CodeFamily* family = nullptr;  ///< of the code; null: direct
  CodeRequest code = {};
  std::optional<std::uint64_t> seed = {};  ///< of sampled messages; nothing: 1
  bool count = false;                      ///< the number of models
  bool project = false;                    ///< with count: of assignments of the variables to be shown
  bool max = false;                        ///< an assignment that violates the fewest clauses
  bool numbers_alone = false;              ///< of projected counting: not the sizes of lists, which it does without
  std::optional<double> oracle_seconds = kOracleSeconds;  ///< of processor time for CryptoMiniSat; nothing: not asked
  std::string certificate = {}, proof = {};               ///< files to write; empty: none
  std::string sha256 = {};                                ///< of the formula's file, for the certificate
  std::vector<std::string> reads = {};                    ///< paths of the files that the formula was read from
  bool paths_checked = false;                             ///< by check_written_paths, with all that is written besides

  static constexpr double kOracleSeconds = 60;
};

/// The files that are asked for.
std::vector<WrittenPath> written_by(const SolveRequest& request);

/// Throws std::invalid_argument for fields that mean nothing to each other, and for files that are one, overwrite what was read or cannot be
/// written.
void check_request(const SolveRequest& request);

/// What a formula's comments say to model counters.
struct ForCounters {
  const std::optional<std::vector<std::int32_t>>& shown;  ///< the variables to count over
  const std::string& trouble;                             ///< why that cannot be done; empty: it can
  bool weighted = false;
};

/// The attention input that was decided: of the last message, where there are several.
struct DecidedInput {
  double entry_bound = 0;
  mpq_class gamma, yes_at_least, no_at_most;
};

/// What a code route came through.
struct CodeStages {
  std::size_t dimension = 0;  ///< of the k-OV vectors
  ProtocolShape shape;
  MerlinArthur::Cost cost;
  std::size_t largest_wrong_acceptance = 0;  ///< s_no
  Form form = Form::factored;
  std::string embedding = {};
  mpz_class attention_dimension = {};
  std::string advice = {};           ///< in words
  std::size_t messages = 0, no = 0;  ///< to be run, and found NO on every row before the first that is not
  bool all = false;                  ///< there are no other messages
};

struct AttentionAnswer {
  Verdict verdict;
  double built = 0, decided = 0;  ///< seconds; of a code route both in `decided`
};
struct ModelCount {
  mpz_class models;
  double seconds = 0;
};
struct FewestViolated {
  std::size_t clauses = 0;
  mpz_class attained_by;  ///< assignments
  double seconds = 0;
};
struct OracleAnswer {
  std::optional<bool> satisfiable;  ///< nothing: no answer in time
  bool agrees = true;               ///< or one of both has no answer
  double seconds = 0;
};

struct SolveResult {  // NOLINT(bugprone-exception-escape): its assignment is the compiler's, which knows what throws
  std::optional<bool> satisfiable;
  std::optional<Cnf::Witness> assignment;
  std::size_t violated = 0;    ///< clauses by the assignment
  bool contradiction = false;  ///< of an assignment, the solver or the proof with the answer: a mistake of ours
  std::size_t order = 0;
  std::variant<DirectEmbedding, CodeStages> stages;
  DecidedInput input;
  std::optional<AttentionAnswer> decision = {};  ///< unless something else was asked
  std::optional<ModelCount> models = {}, projected = {};
  std::optional<FewestViolated> fewest = {};
  std::optional<OracleAnswer> oracle = {};
  std::optional<double> proof_seconds = {};  ///< of a proof that was written

  static constexpr const char* kContradiction = "the attention verdict is contradicted; please report this formula";
  const CodeStages* code() const { return std::get_if<CodeStages>(&stages); }
};

/// Sizes are checked against the limits before anything is built. Throws as check_request too, and BadInstance for variables to be shown that are
/// not there. What is left aside or not written is said by work.warn.
SolveResult solve(const Cnf& cnf, const ForCounters& counters, const SolveRequest& request, const Work& work);

}  // namespace gapwright
