// SPDX-License-Identifier: MIT
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "atlas/work.hpp"
#include "attention/gradient.hpp"
#include "attention/method.hpp"
#include "attention/polynomial.hpp"
#include "instances/provenance.hpp"

// Attention of an input with a bound of its error, and its gradients: the request, its checks, and the result. Both faces call this.
namespace gapwright {

struct AttendRequest {
  std::string name = {};  ///< of the input in messages, as that of its file; empty: "the input"
  AttendMethod method = AttendMethod::exact;
  Arithmetic dtype = Arithmetic::f64;  ///< what exact computes in; and f32: all results are rounded to it
  /// Largest absolute error of any entry, the rounding counted. Nothing: as it comes from exact, 1e-3 of polynomial, 2^-52 of certified.
  std::optional<double> error = {};
  std::optional<std::size_t> most_features = {};  ///< of polynomial: refuse more monomials; nothing: 400,000
  std::optional<Matrix> upstream = {};            ///< dLoss/dout, n_0 x d_v: the gradients too
  Provenance::Source upstream_file = {};          ///< that it was read from
};

/// Throws std::invalid_argument for fields that mean nothing to each other.
void check_request(const AttendRequest& request);

/// What the outputs come from: the input and the upstream gradient, and the canonical command.
Provenance made_by(const AttendRequest& request, const Provenance& input);

struct AttendResult {
  Matrix out;
  double error = 0;                              ///< |out - exact| of every entry is at most this
  std::optional<std::vector<double>> row_error;  ///< of exact: the same for each row
  std::optional<Matrix> lo, hi;                  ///< of certified: exact outputs lie in between
  std::optional<PolynomialPlan> plan;            ///< of polynomial
  std::optional<AttentionGradient> gradient;     ///< where upstream was given
  GradientError gradient_error;                  ///< of its every entry
};

/// use(name, matrix, error) for `out` and every gradient, by the names that files give them: dq, dk1, ..., dv1, ...
template <class Result, class Use>
void for_each_tensor(Result& result, const Use& use) {
  use("out", result.out, result.error);
  if (!result.gradient) return;
  use("dq", result.gradient->q, result.gradient_error.q);
  for (std::size_t u = 0; u < result.gradient->keys.size(); ++u)
    use("dk" + std::to_string(u + 1), result.gradient->keys[u], result.gradient_error.keys[u]);
  for (std::size_t u = 0; u < result.gradient->values.size(); ++u)
    use("dv" + std::to_string(u + 1), result.gradient->values[u], result.gradient_error.values[u]);
}

/// Sizes are checked against the limits before anything is computed. Throws as check_request too, std::invalid_argument for an upstream gradient of
/// another shape, and LimitReached where no bound as small as the error asked for can be stated.
AttendResult attend(const Attention& attention, const AttendRequest& request, const Work& work);

}  // namespace gapwright
