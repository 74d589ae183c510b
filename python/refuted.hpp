// SPDX-License-Identifier: MIT
#pragma once
#include <functional>
#include <stdexcept>

#include "atlas/decide.hpp"
#include "python/watched.hpp"

namespace gapwright::python {

/// gapwright.Refuted: a computed answer contradicts what an instance says of itself.
struct Refuted : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// The answer of decide(Work), watched. Throws Refuted when the instance says that it has the other one.
inline DecideResult decided(const Pace& pace, const std::function<DecideResult(const Work&)>& decide) {
  DecideResult result = watched_work(pace, decide);
  if (!result.contradicted()) return result;
  throw Refuted("the verdict is " + result.verdict() + ", the instance expects " + (*result.expected ? "yes" : "no"));
}

}  // namespace gapwright::python
