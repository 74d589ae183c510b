// SPDX-License-Identifier: MIT
#pragma once
#include "instances/attention.hpp"
#include "instances/gap_max_ip.hpp"
#include "reductions/delta.hpp"
#include "support/run_control.hpp"

namespace gapwright {

/// The same inner products, up to rounding, with coordinates scaled so that the largest entry of each set is 1 in absolute value and the weight
/// carries the rest. Coordinates that are 0 throughout some set are dropped.
RealGapMaxIp unit_columns(const RealGapMaxIp& instance, const RunControl& control = {});

/// d' of real_attention: copies of all coordinates and the pads, mu > 0.
mpz_class balanced_dimension(const RealGapMaxIp& instance, double mu);
/// And the bits of q, k_u, v_u as 64-bit floats.
mpz_class balanced_bits(const RealGapMaxIp& instance, double mu);

/// Real vectors ("characters") under "sharp", balanced by repetition: coordinate c appears ceil(weight_c / mu) times, pads of total weight t
/// ceil(t / mu) times, and B^k = gamma d' mu. mu <= 0 takes the mean weight. Entries must be in [-1, 1] (unit_columns). Thresholds allow for the
/// rounding of the entries. Throws LimitReached when the input would take more than `most_bits` bits.
struct RealAttention {
  Attention attention;
  mpq_class gamma;
  double mu = 0;
};
RealAttention real_attention(const RealGapMaxIp& instance, double mu = 0, const mpz_class& most_bits = mpz_class(1) << 38,
                             const mpq_class& delta = forward_delta(), const RunControl& control = {});

}  // namespace gapwright
