// SPDX-License-Identifier: MIT
#include "verify/sat_oracle.hpp"

#include <cryptominisat5/cryptominisat.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <string>
#include <thread>

namespace gapwright {
namespace {

/// Interrupts the solver from a second thread when the run is to stop.
class Watcher {
 public:
  Watcher(CMSat::SATSolver& solver, const RunControl& control)
      : thread_([this, &solver, &control] {
          while (!done_) {
            if (control.stop && control.stop->load() != RunControl::run) solver.interrupt_asap();
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
          }
        }) {}
  ~Watcher() {
    done_ = true;
    thread_.join();
  }

 private:
  std::atomic<bool> done_{false};
  std::thread thread_;
};

}  // namespace

SatAnswer ask_cryptominisat(const Cnf& cnf, const RunControl& control, double seconds) {
  constexpr std::size_t kMostVariables = (std::size_t{1} << 28) - 1;  // beyond, CryptoMiniSat throws what is no std::exception
  if (cnf.variables > kMostVariables)
    throw LimitReached("CryptoMiniSat takes at most " + std::to_string(kMostVariables) + " variables, the formula has " +
                       std::to_string(cnf.variables) + "; drop those that occur nowhere");
  CMSat::SATSolver solver;
  solver.set_max_time(seconds);
  solver.new_vars(cnf.variables);
  std::vector<CMSat::Lit> clause;
  for (const auto& literals : cnf.clauses) {
    clause.clear();
    for (const std::int32_t literal : literals)
      clause.emplace_back(static_cast<std::uint32_t>(std::abs(literal)) - 1, literal < 0);
    if (!solver.add_clause(clause)) return {false, {}};
  }
  CMSat::lbool answer = CMSat::l_Undef;
  if (control.stop) {
    const Watcher watcher(solver, control);
    answer = solver.solve();
  } else {
    answer = solver.solve();
  }
  control.check();
  if (answer == CMSat::l_Undef) return {};
  if (answer == CMSat::l_False) return {false, {}};
  SatAnswer result{true, Cnf::Witness(cnf.variables)};
  const auto& model = solver.get_model();
  for (std::size_t v = 0; v < cnf.variables; ++v) result.model[v] = model[v] == CMSat::l_True;
  return result;
}

std::optional<Cnf::Witness> model_within(double seconds, const Cnf& cnf, const RunControl& control) {
  const SatAnswer oracle = ask_cryptominisat(cnf, control, seconds);
  return oracle.satisfiable == true ? std::optional(oracle.model) : std::nullopt;
}

}  // namespace gapwright
