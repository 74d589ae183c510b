// SPDX-License-Identifier: MIT
#pragma once
#include <gmpxx.h>

#include <cstdint>
#include <string>
#include <vector>

#include "instances/cnf.hpp"
#include "support/run_control.hpp"

namespace gapwright {

/// A formula with its variables renamed, and the way back: variable v of the original is the literal literals[v - 1] of the
/// result.
struct TransformedCnf {
  Cnf cnf;
  std::vector<std::int32_t> literals;
};

/// Random renamings that keep the number of models. `name` is "shuffle" (variables, clauses and the literals in each clause are
/// permuted, uniformly) or "flip" (each variable is negated with probability 1/2). `step` numbers the transforms of one seed.
/// Throws std::invalid_argument for another name.
TransformedCnf transform(const Cnf& cnf, const std::string& name, std::uint64_t seed, std::uint64_t step,
                         const RunControl& control = {});

/// One after the other, with the way back from the last result to the original.
TransformedCnf transform(const Cnf& cnf, const std::vector<std::string>& names, std::uint64_t seed,
                         const RunControl& control = {});

/// Bytes of memory that transform() and writing the way back take, besides the formula itself: a second formula, and for each variable two literals
/// and the text of one, twice while it grows.
mpz_class transform_bytes(const Cnf& cnf);

/// The original's assignment for one of the result, and the other way.
Cnf::Witness pull(const std::vector<std::int32_t>& literals, const Cnf::Witness& assignment);
Cnf::Witness push(const std::vector<std::int32_t>& literals, const Cnf::Witness& assignment);

}  // namespace gapwright
