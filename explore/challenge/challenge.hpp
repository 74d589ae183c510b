// SPDX-License-Identifier: MIT
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "explore/challenge/challenge_instances.hpp"
#include "support/statistics.hpp"

// Does an attention algorithm survive random inputs of the form that SETH makes hard in the worst case, and up to which entry bound?
// (docs/challenge.md)
namespace gapwright {

/// What an algorithm sees. Nothing else of the instance is for it.
struct ChallengeInput {
  const Attention& attention;  ///< its terms hold softmax_scale and entry_bound only
  bool causal = false;
  Dtype entry_dtype = Dtype::f64;
};

enum class RunStatus { answered, refused, timed_out, failed };

struct AlgorithmAnswer {
  RunStatus status = RunStatus::failed;
  std::string reason;                 ///< unless answered
  Matrix out;                         ///< n x d_v
  Dtype dtype = Dtype::f64;           ///< what out was computed or written in
  double seconds = 0;                 ///< of the whole call
  std::optional<double> own_seconds;  ///< without start-up and files, as the algorithm says
};

/// Must not throw, except what its RunControl throws. Adapters: explore/exec_adapter, explore/library_adapter, algorithm_of.
using Algorithm = std::function<AlgorithmAnswer(const ChallengeInput&)>;

struct NamedAlgorithm {
  std::string name;
  Algorithm run;
};

/// Any callable: throwing LimitReached refuses, any other exception is a failure, Interrupted passes through. Its time is
/// measured; its output is taken as computed in `dtype`.
Algorithm algorithm_of(std::function<Matrix(const ChallengeInput&)> compute, Dtype dtype = Dtype::f64);

struct ChallengeOptions {
  ChallengeShape shape;
  std::vector<double> ladder{0.0625, 0.125, 0.25, 0.5, 0.75, 1,
                             1.25,   1.5,   2,    3,   4};  ///< multiples of the smallest deciding entry bound
  std::size_t pairs = 4;                                    ///< hard pairs per point
  bool independent = false;  ///< one twin of each of twice as many hard pairs: an algorithm with a memory has nothing to compare
  std::size_t control_pairs = 1;         ///< per point
  double accurate_error = 0.05;          ///< maximum absolute error of an accurate point
  std::vector<std::size_t> timing_rows;  ///< empty: a quarter of rows, half, rows
  std::size_t timing_tries = 3;          ///< the fastest counts
  std::size_t give_up_after = 3;         ///< time-outs in a row until the algorithm is not run any more
};

/// Largest errors over the answered instances of a kind; empty when none was answered.
struct ErrorPair {
  double absolute = 0;  ///< maximum absolute
  std::optional<double>
      normwise;  ///< |out - truth|_F / |truth|_F; empty when every truth is 0 in doubles (exp(-gamma) underflows)
};

/// One algorithm at one entry bound.
struct PointScore {
  std::size_t right = 0, decisions = 0;  ///< hard instances; whatever is not a right answer is wrong
  std::size_t wrong = 0, said_yes = 0;   ///< hard instances answered wrongly, and answered yes
  std::size_t control_right = 0, control_decisions = 0;
  std::size_t refused = 0, timed_out = 0, failed = 0, not_run = 0;
  std::string trouble;  ///< the first reason
  std::optional<ErrorPair> hard, control,
      naive;  ///< naive: plain softmax in the arithmetic of the algorithm's output, on the same hard instances
  bool survived() const { return decisions > 0 && right == decisions; }
  bool answered_all() const { return refused + timed_out + failed + not_run == 0; }
};

struct TimePoint {
  std::size_t rows = 0;
  double seconds = 0;                 ///< of the whole call, the fastest
  std::optional<double> own_seconds;  ///< as the algorithm says, the fastest; empty unless all runs said one
};

struct AlgorithmScore {
  std::string name;
  std::vector<PointScore> points;  ///< one per point of the ladder that was begun
  std::vector<TimePoint> times;
  std::optional<double> fitted_exponent;      ///< of own_seconds where all say it, else of seconds
  std::optional<double> whole_call_exponent;  ///< of seconds
  std::size_t impossible_seconds = 0;         ///< answers whose own_seconds exceeded the whole call, and were not believed
};

struct ChallengeReport {
  ChallengeOptions options;
  std::size_t dimension = 0;  ///< d', without padding
  double softmax_scale = 0, smallest_bound = 0;
  std::vector<LadderPoint> points;
  std::vector<AlgorithmScore> algorithms;
  double truth_radius = 0;          ///< largest over the hard instances
  double control_truth_radius = 0;  ///< largest over the controls
  bool complete = true;
  int stopped_by = RunControl::run;  ///< RunControl::Stop when not complete
};

/// Runs every algorithm on every instance. An algorithm that hangs, crashes or writes nonsense is a result. When `control` asks
/// to stop, the report so far comes back with complete = false. Throws std::invalid_argument for an empty or bad ladder, no
/// pairs, no algorithms.
ChallengeReport run_challenge(const ChallengeOptions&, const std::vector<NamedAlgorithm>&, const RunControl& = {});

/// Every instance in the order in which algorithms meet them: at each point hard pairs, then controls; which twin comes first is
/// drawn from the seed. Independent: as many yes as no at each point, in drawn order.
void for_each_instance(const ChallengeOptions&, const RunControl&,
                       const std::function<void(const LadderPoint&, const ChallengeInstance&)>&);

/// Throws std::invalid_argument for sizes of `timing_rows` that have no instances: looked at before anything is run.
void check_timing_rows(const ChallengeOptions&);

/// The sizes at which time is measured, and the NO instance used there, of the dimension of options.shape, at twice the smallest
/// deciding bound.
std::vector<std::size_t> timing_rows(const ChallengeOptions&);
Attention timing_attention(const ChallengeOptions&, std::size_t rows);

/// Over all counted points.
struct Totals {
  std::size_t right = 0, decisions = 0, control_right = 0, control_decisions = 0;
  std::optional<ErrorPair> hard, control, naive;
  double accuracy() const { return decisions == 0 ? 0 : static_cast<double>(right) / static_cast<double>(decisions); }
};
Totals totals(const ChallengeReport&, const AlgorithmScore&);

/// Covers the accuracy of an algorithm without a memory, averaged over yes and no and over the points, with 95 % confidence. Single twins
/// (independent): decisions are independent, Clopper-Pearson. Pairs: only different pairs are independent, the decisions on two twins may
/// depend on each other in any way, so each pair is one number in {0, 1/2, 1}: mean_interval with half as many numbers as decisions. A pair
/// of which one twin was answered counts as half a number: E e^(t x / 2) <= (E e^(t x))^(1/2).
ProportionInterval accuracy_interval(const ChallengeOptions&, std::size_t right, std::size_t decisions);
/// The lower end of accuracy_interval where all decisions of a point were right: 0.025^(1/n), n the independent draws (pairs, or 2 pairs
/// single twins). A coin survives the point with probability 2^(-2 pairs).
double accuracy_shown_by_survival(const ChallengeOptions&);
/// What an algorithm is to reach.
struct Requirements {
  std::optional<double>
      survival;                 ///< a multiple of the smallest deciding entry bound up to which every counted point is survived
  std::optional<double> error;  ///< no answer is off by more, of hard instances and controls
};
/// Why it falls short of them; empty where it does not. A ladder that ends below the multiple falls short.
std::string shortfall(const ChallengeReport&, const AlgorithmScore&, const Requirements&);

/// The largest B of the ladder such that every counted point up to it was survived; empty when the first was not.
std::optional<double> largest_bound_survived(const ChallengeReport&, const AlgorithmScore&);
/// The largest B such that at every point up to it, counted or not, all instances were answered within options.accurate_error.
std::optional<double> largest_bound_accurate(const ChallengeReport&, const AlgorithmScore&);
/// The smallest B with a refusal.
std::optional<double> smallest_bound_refused(const ChallengeReport&, const AlgorithmScore&);
/// Hard instances of counted points that were answered wrongly.
std::size_t wrong_answers(const ChallengeReport&, const AlgorithmScore&);
/// Indices of algorithms, best first: by bound survived, bound accurate, right decisions, fewest wrong ones (not to know is
/// better than to be wrong), controls, name.
std::vector<std::size_t> ranking(const ChallengeReport&);

}  // namespace gapwright
