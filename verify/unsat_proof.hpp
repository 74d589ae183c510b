// SPDX-License-Identifier: MIT
#pragma once
#include <optional>

#include "instances/cnf.hpp"
#include "support/files.hpp"
#include "support/run_control.hpp"

namespace gapwright {

/// Runs CaDiCaL 1.5.3, which writes its steps to the file as a DRAT proof in text form; nothing is committed. True: satisfiable,
/// and the file is not a proof of anything; false: unsatisfiable, and it is a proof of that; empty: stopped by `control`.
std::optional<bool> trace_unsat_proof(const Cnf& cnf, OutputFile& file, const RunControl& control = {});

}  // namespace gapwright
