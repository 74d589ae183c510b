// SPDX-License-Identifier: MIT
// In: a sweep, and the file that its results go on in. Out: its records. Both faces call it.
#include "explore/regime/sweep_run.hpp"

#include <fmt/format.h>

#include <memory>
#include <set>
#include <stdexcept>

#include "atlas/bindings.hpp"
#include "explore/regime/sweep_command.hpp"
#include "support/fields_in_message.hpp"
#include "support/said_json.hpp"
#include "support/version.hpp"

namespace gapwright {
namespace {

/// The record "sweep" that says by which command the results below it were made.
void write_header(ResultsLog& log, const std::string& command) {
  const std::string key = "sweep " + command;
  if (!log.has(key))
    log.append({{"record", "sweep"}, {"key", key}, {"tool", "gapwright"}, {"version", version()}, {"command", command}});
}

std::unique_ptr<ResultsLog> open_results(const SweepOutput& output) {
  if (output.file.empty()) return nullptr;
  auto log = std::make_unique<ResultsLog>(output.file);
  if (log->was_cut() && output.warn)
    output.warn(output.file + ": the last line was cut off; it is moved to " + output.file + ".cut and computed again");
  return log;
}

template <class Run>
SweepResult explore(const std::string& command, const SweepOutput& output, const Run& run) {
  const std::unique_ptr<ResultsLog> log = open_results(output);
  if (log) write_header(*log, command);
  SweepResult result;
  std::set<std::string> taken;
  const auto take = [&](const Record& record) {
    if (taken.insert(record.at("key").get<std::string>()).second) result.records.push_back(record);
  };
  RegimeOutput to;
  to.find = [&](const std::string& key) {
    const Record* const found = output.force || !log ? nullptr : log->find(key);
    if (found) take(*found);
    return found;
  };
  to.emit = [&](const Record& computed) {
    if (log) log->append(said_json(computed, with_options));  // the program's words, as in the header's command, whoever writes
    take(computed);
  };
  result.counts = run(to);
  return result;
}

void check_pairs(const RegimeSweep& sweep, const Limits& limits) {
  for (const PairRequest& r : pairs_of(sweep)) {
    const std::string what = fmt::format("a pair of k = {}, n = {}, d = {}", r.order, r.rows, r.dimension);
    check_tuples(limits, what, 2 * pair_tuples(r), r.dimension);
    const mpz_class dimension = (r.embedding == Embedding::sharp ? 2 : 4) * r.dimension;
    const mpz_class written = r.family == PairFamily::ksat && r.embedding == Embedding::sharp
                                  ? mpz_class(kMostWrittenBytes)
                                  : written_bytes(r.order, r.rows, dimension);
    check_memory(limits, what, pair_bytes(r) + 2 * written);
  }
}

void check_gap(double gap) {
  if (!(gap > 0) || gap > 0.3) throw std::invalid_argument("`gap` must be above 0 and at most 0.3");
}

}  // namespace

SweepResult explore_regime(RegimeSweep sweep, const SweepOutput& output, const Limits& limits, const RunControl& control) {
  if (!sweep.prove) sweep.prove = polynomial_prover();
  if (!sweep.prove_remainder) sweep.prove_remainder = remainder_prover();
  check_pairs(sweep, limits);
  return explore(command_of(sweep), output, [&](const RegimeOutput& to) { return run_regime(sweep, to, control); });
}

SweepResult explore_routes(const RouteSweep& sweep, const SweepOutput& output, const RunControl& control) {
  check_gap(sweep.gap);
  return explore(command_of(sweep), output, [&](const RegimeOutput& to) { return run_routes(sweep, to, control); });
}

SweepResult explore_orders(const OrderSweep& sweep, const SweepOutput& output, const RunControl& control) {
  check_gap(sweep.gap);
  if (!(sweep.per_variable >= 0.1) || sweep.per_variable > 100)
    throw std::invalid_argument("`per_variable` takes ratios of 0.1 to 100");
  return explore(command_of(sweep), output, [&](const RegimeOutput& to) { return run_orders(sweep, to, control); });
}

}  // namespace gapwright
