// SPDX-License-Identifier: MIT
#pragma once
#include <cstdint>
#include <string>

#include "instances/attention.hpp"
#include "support/run_control.hpp"

namespace gapwright {

/// A random attention input of order k: q and every k_u rows x dimension with entries uniform in [-bound, bound), every v_u rows
/// x dimension with entries uniform in [-1, 1), softmax_scale = 1/dimension. Matrix by matrix and row by row from independent
/// Philox streams, so the first rows do not depend on how many there are. Throws std::invalid_argument for order < 2, no rows, no
/// columns, or a bound that is not finite and at least 0.
Attention random_attention(std::size_t rows, std::size_t dimension, double bound, std::size_t order, std::uint64_t seed,
                           const RunControl& control = {});

/// "gen attention --rows 9 ... --seed 1": the command that makes it, for its provenance.
std::string attention_command(std::size_t rows, std::size_t dimension, double bound, std::size_t order, std::uint64_t seed);

/// Bytes of its matrices.
mpz_class random_attention_bytes(std::size_t rows, std::size_t dimension, std::size_t order);

}  // namespace gapwright
