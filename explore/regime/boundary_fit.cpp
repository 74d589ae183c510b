// SPDX-License-Identifier: MIT
// B*(n) against the theorem's law. For "sharp" with d' / (t - s_no) constant, B^k = (d' / (t - s_no)) (ln Nmain + O(1)); for
// "direct" with d' about C log2 n, B^k = d' (ln Nmain + O(1)). At the sizes that run O(1) beside ln Nmain is not small, so three
// fits stand side by side: the law through the origin, B*^(k/power) as a line in ln n (the finite form: its intercept is the
// O(1)), and a free exponent.
#include "explore/regime/boundary_fit.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <tuple>

namespace gapwright {

std::string BoundaryGroup::name() const {
  return fmt::format("{}{}, {}, d = {}", gradient ? "gradient, " : "", word_of(embedding), word_of(family),
                     per_log > 0        ? fmt::format("{:g} log2 n", per_log)
                     : per_variable > 0 ? fmt::format("{:g} k log2 n", per_variable)
                                        : std::to_string(fixed_dimension));
}

std::string BoundaryGroup::slug() const {
  return fmt::format("{}{}-{}-{}", gradient ? "gradient-" : "", word_of(embedding), word_of(family),
                     per_log > 0        ? fmt::format("{:g}", per_log)
                     : per_variable > 0 ? fmt::format("{:g}N", per_variable)
                                        : fmt::format("d{}", fixed_dimension));
}

bool BoundaryGroup::has_dimension_rule_of(const Record& r) const {
  if (per_log > 0) return r.at("per_log") == per_log;
  if (per_variable > 0) return r.contains("per_variable") && r["per_variable"] == per_variable;
  return r.at("per_log").is_null() && !r.contains("per_variable") && r.at("vector_dimension") == fixed_dimension;
}

std::vector<BoundaryGroup> boundary_groups(const Results& results) {
  std::vector<BoundaryGroup> groups;
  for (const char* kind : {"boundary", "gradient-boundary"})
    for (const Record* r : results.of_kind(kind)) {
      if (r->at("deciding_entry_bound").is_null()) continue;
      BoundaryGroup group;
      group.gradient = std::string(kind) == "gradient-boundary";
      group.order = r->at("order");
      group.embedding = named<Embedding>(r->at("embedding").get<std::string>());
      group.family = named<PairFamily>(r->at("family").get<std::string>());
      if (r->contains("per_variable"))
        group.per_variable = r->at("per_variable");
      else if (r->at("per_log").is_null())
        group.fixed_dimension = r->at("vector_dimension");
      else
        group.per_log = r->at("per_log");
      group.gap_wanted = r->at("gap_wanted");
      group.constant_error = r->at("polynomial").at("error");
      const auto same = [&](const BoundaryGroup& g) { return g.order == group.order && g.slug() == group.slug(); };
      auto found = std::find_if(groups.begin(), groups.end(), same);
      if (found == groups.end()) found = groups.insert(groups.end(), group);
      const Record& polynomial = r->at("polynomial");
      found->points.push_back({r->at("rows"), r->at("dimension"), r->at("seed"), r->at("deciding_entry_bound").at("hi"),
                               r->at("worst_case_entry_bound"), polynomial.at("entry_bound"), polynomial.at("degree"),
                               r->at("entry_constant")});
    }
  for (BoundaryGroup& g : groups)
    std::stable_sort(g.points.begin(), g.points.end(), [](const BoundaryPoint& a, const BoundaryPoint& b) {
      return std::pair(a.rows, a.seed) < std::pair(b.rows, b.seed);
    });
  const auto place = [](const BoundaryGroup& g) {
    return std::tuple(g.gradient,
                      g.embedding == Embedding::sharp    ? 0
                      : g.embedding == Embedding::direct ? 1
                                                         : 2,
                      g.slug(), g.order);
  };
  std::stable_sort(groups.begin(), groups.end(),
                   [&](const BoundaryGroup& a, const BoundaryGroup& b) { return place(a) < place(b); });
  return groups;
}

std::optional<BoundaryFit> fit_boundary(const BoundaryGroup& group) {
  std::set<std::size_t> sizes;
  for (const BoundaryPoint& p : group.points) sizes.insert(p.rows);
  if (sizes.size() < 3) return std::nullopt;
  const double k = static_cast<double>(group.order), power = group.power();
  std::vector<double> law, other, logs, log_logs, bounds, powers, log_bounds;
  for (const BoundaryPoint& p : group.points) {
    const double x = std::log(static_cast<double>(p.rows));
    law.push_back(std::pow(x, power / k));
    other.push_back(std::pow(x, (3 - power) / k));
    logs.push_back(x);
    log_logs.push_back(std::log(x));
    bounds.push_back(p.deciding);
    powers.push_back(std::pow(p.deciding, k / power));
    log_bounds.push_back(std::log(p.deciding));
  }
  BoundaryFit fit{fit_proportional(law, bounds),  fit_proportional(other, bounds),
                  fit_line(logs, powers),         0,
                  fit_line(log_logs, log_bounds), {}};
  double squares = 0;
  for (std::size_t i = 0; i < bounds.size(); ++i) {
    const double modelled = std::pow(std::max(0.0, fit.offset.intercept + fit.offset.slope * logs[i]), power / k);
    squares += (1 - modelled / bounds[i]) * (1 - modelled / bounds[i]);
  }
  fit.offset_rms = std::sqrt(squares / static_cast<double>(bounds.size()));
  const double constant = group.points.front().entry_constant;
  const bool one_constant =
      std::all_of(group.points.begin(), group.points.end(), [&](const BoundaryPoint& p) { return p.entry_constant == constant; });
  if (group.family == PairFamily::tight) {
    const double tuples = group.gradient ? k - 0.5 : k - 1;  // what multiplies ln n: Nmain, and sqrt(n_0) more for losses
    if (power == 2)
      fit.predicted_slope = std::sqrt(tuples * group.per_log / std::log(2.0));
    else if (one_constant)
      fit.predicted_slope = tuples * constant;
  }
  return fit;
}

}  // namespace gapwright
