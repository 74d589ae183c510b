// SPDX-License-Identifier: MIT
// In: an attention input and a request. Out: its outputs, and its gradients where an upstream gradient is given, each with a bound of its error. The
// faces call it: the program writes the result to a file, the Python module hands it out.
#include "atlas/attend.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "atlas/bindings.hpp"
#include "atlas/recorded_command.hpp"
#include "atlas/with_name.hpp"
#include "attention/narrowed.hpp"
#include "attention/polynomial_gradient.hpp"
#include "support/errors.hpp"
#include "verify/attention_balls.hpp"
#include "verify/decision_bytes.hpp"

namespace gapwright {
namespace {

/// The size of the input: polynomial does not look at tuples.
void check_size(const Attention& a, const AttendRequest& request, const Limits& limits, unsigned threads) {
  const std::string what = request.name.empty() ? "the input" : request.name;
  if (request.method != AttendMethod::polynomial) check_tuples(limits, what, tuples_of(a), a.q.columns);
  check_memory(limits, what,
               request.method == AttendMethod::certified ? ball_bytes(a, kMostCertifiedBits, threads)
                                                         : exact_bytes(a, request.upstream.has_value()));
}

AttendResult of_exact(ExactAttention exact) {
  AttendResult result;
  result.error = largest_error(exact);
  result.row_error = std::move(exact.row_error);
  result.out = std::move(exact.out);
  return result;
}

AttendResult by_exact(const Attention& a, const AttendRequest& request, const RunControl& control) {
  if (!request.upstream) return of_exact(exact_attention(a, request.dtype, control));
  ExactGradient computed = exact_gradient(a, *request.upstream, request.dtype, control);
  AttendResult result = of_exact(std::move(computed.forward));
  result.gradient = std::move(computed.gradient);
  result.gradient_error = std::move(computed.error);
  return result;
}

PolynomialOptions polynomial_options(const AttendRequest& request) {
  PolynomialOptions options;
  options.error = request.error.value_or(options.error);
  options.most_features = request.most_features.value_or(options.most_features);
  options.prove = polynomial_prover();
  options.prove_remainder = remainder_prover();
  return options;
}

AttendResult of_polynomial(Matrix out, PolynomialPlan plan) {
  AttendResult result;
  result.out = std::move(out);
  result.error = plan.error();
  result.plan = std::move(plan);
  return result;
}

AttendResult by_polynomial(const Attention& a, const AttendRequest& request, const RunControl& control) {
  if (!request.upstream) {
    PolynomialAttention computed = polynomial_attention(a, polynomial_options(request), control);
    return of_polynomial(std::move(computed.out), std::move(computed.plan));
  }
  PolynomialGradient computed = polynomial_gradient(a, *request.upstream, polynomial_options(request), control);
  AttendResult result = of_polynomial(std::move(computed.out), std::move(computed.plan));
  result.gradient = std::move(computed.gradient);
  result.gradient_error = std::move(computed.error);
  return result;
}

AttendResult by_balls(const Attention& a, const AttendRequest& request, const RunControl& control) {
  CertifiedAttention certified = certified_attention(a, request.error.value_or(kCertifiedError), control);
  AttendResult result;
  result.out = std::move(certified.out);
  result.error = certified.error;
  result.lo = std::move(certified.lo);
  result.hi = std::move(certified.hi);
  return result;
}

AttendResult computed(const Attention& a, const AttendRequest& request, const RunControl& control) {
  switch (request.method) {
    case AttendMethod::exact:
      return by_exact(a, request, control);
    case AttendMethod::polynomial:
      return by_polynomial(a, request, control);
    case AttendMethod::certified:
      return by_balls(a, request, control);
  }
  throw std::logic_error("a method that is not computed");
}

/// The rounding is counted in every bound.
void narrow(AttendResult& result) {
  for_each_tensor(result, [&](const std::string& name, Matrix& m, double& error) {
    const std::vector<double> moved = round_to_f32(m, name);
    error = bound_of_moved(error, *std::ranges::max_element(moved));
    if (name != "out" || !result.row_error) return;
    for (std::size_t r = 0; r < moved.size(); ++r) (*result.row_error)[r] = bound_of_moved((*result.row_error)[r], moved[r]);
  });
}

/// What makes the bounds smaller, if anything does. In f64 polynomial keeps to the error asked for.
std::string remedy(const AttendRequest& request) {
  if (request.dtype == Arithmetic::f32) return "use `dtype=f64`, or a larger `error`";
  if (request.method == AttendMethod::exact) return "use `method=certified`, or a larger `error`";
  return "numbers of this size have no closer double; give a larger `error`";
}

/// The bounds that are stated must be those asked for.
void check_bounds(const AttendRequest& request, const AttendResult& result) {
  if (!request.error) return;
  for_each_tensor(result, [&](const std::string& name, const Matrix&, double error) {
    if (error > *request.error)
      throw LimitReached(fmt::format("the error bound {}is {:.6g}, more than `error={}`; {}",
                                     name == "out" ? "" : "of " + name + " ", error, *request.error, remedy(request)));
  });
}

}  // namespace

void check_request(const AttendRequest& request) {
  if (request.error && !(*request.error > 0 && std::isfinite(*request.error)))
    throw std::invalid_argument("`error` is a number above 0");
  if (request.most_features && request.method != AttendMethod::polynomial)
    throw std::invalid_argument("`most_features` goes with `method=polynomial`; leave it out");
  if (!request.upstream) return;
  if (request.method == AttendMethod::certified)
    throw std::invalid_argument("`method=certified` computes outputs, not gradients; use `method=exact|polynomial`");
  if (request.error && request.method == AttendMethod::exact)
    throw std::invalid_argument(
        "`error` goes with `method=polynomial` where gradients are computed: exact ones come with the bounds they have; leave it "
        "out");
}

Provenance made_by(const AttendRequest& request, const Provenance& input) {
  Provenance outputs = input;
  outputs.command = recorded_command(request, input);
  if (request.upstream) outputs.sources.push_back(request.upstream_file);
  return outputs;
}

AttendResult attend(const Attention& attention, const AttendRequest& request, const Work& work) {
  check_request(request);
  if (request.upstream) check_upstream(attention, *request.upstream);
  const RunControl control = work.control("attend");
  check_size(attention, request, work.limits, control.threads);
  return with_name(request.name, [&] {
    AttendResult result = computed(attention, request, control);
    if (request.dtype == Arithmetic::f32) narrow(result);
    check_bounds(request, result);
    return result;
  });
}

}  // namespace gapwright
