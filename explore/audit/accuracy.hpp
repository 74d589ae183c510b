// SPDX-License-Identifier: MIT
#pragma once
#include "explore/audit/audit_input.hpp"
#include "support/run_control.hpp"

// How far a correct kernel may be from the truth (docs/audit.md, Theorem K1).
namespace gapwright {

/// |out - truth| <= factor e + ((L + 4 S) u + 2 u') max|v| + N h + h', L = max(32, 2 ln N + 6) + 2 sqrt N, and less than 4 S u in a row whose best tuple
/// leads by far: e is the largest error of plain softmax in the kernel's arithmetic over four orders of the
/// coordinates and keys, S the largest softmax_scale sum_l |q_l k_l| of a row and a tuple, u and u' the half units of the arithmetic and of the type,
/// N the number of tuples of keys, h and h' the smallest numbers above 0 of the arithmetic and of the type.
struct Accuracy {
  double factor = 4;           ///< F
  bool narrow_scores = false;  ///< scores are rounded to the type of the entries, as accumulate='same' says
};

/// The truth of an input, and what is allowed.
struct AuditTruth {
  Matrix out;
  double radius = 0;  ///< every entry of out is right within it
  double allowed = 0;
  double telling = 0;  ///< the size of outputs: the median over rows of the largest |out_i|
};

/// In doubles with their proved error where that is below a hundredth of what is allowed, else in balls.
AuditTruth audit_truth(const AuditInput&, Dtype dtype, const Accuracy&, const RunControl&);

}  // namespace gapwright
