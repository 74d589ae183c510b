// SPDX-License-Identifier: MIT
#include "verify/unsat_proof.hpp"

#include <cadical.hpp>

#include <stdexcept>

namespace gapwright {
namespace {

class StopWhenAsked : public CaDiCaL::Terminator {
 public:
  explicit StopWhenAsked(const RunControl& control) : control_(control) {}
  bool terminate() override { return control_.stop && control_.stop->load(std::memory_order_relaxed) != RunControl::run; }

 private:
  const RunControl& control_;
};

}  // namespace

std::optional<bool> trace_unsat_proof(const Cnf& cnf, OutputFile& file, const RunControl& control) {
  StopWhenAsked stop(control);
  CaDiCaL::Solver solver;
  solver.set("quiet", 1);
  solver.set("binary", 0);
  if (!solver.trace_proof(file.stream(), "proof")) throw std::runtime_error("CaDiCaL cannot write a proof");
  for (const Cnf::Clause& clause : cnf.clauses) {
    for (const std::int32_t literal : clause) solver.add(literal);
    solver.add(0);
  }
  solver.connect_terminator(&stop);
  constexpr int kSatisfiable = 10, kUnsatisfiable = 20;
  const int status = solver.solve();
  solver.disconnect_terminator();
  solver.close_proof_trace();
  control.check();
  if (status == kSatisfiable) return true;
  return status == kUnsatisfiable ? std::optional(false) : std::nullopt;
}

}  // namespace gapwright
