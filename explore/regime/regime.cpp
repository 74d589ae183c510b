// SPDX-License-Identifier: MIT
// The regime: for matched pairs of hard instances, from which B on the gap is visible, and what the fast and the exact method
// need there.
//
// Per pair (k, n, d, embedding, family, seed) all inner products are counted once; outputs at any B follow (explore/boundary). A
// record "boundary" says where the gap becomes visible (B*, certified on both sides) and up to which B the polynomial method
// keeps r <= Nmain = n^(k-1) at a constant error (B_r). A record "point" looks at one B: the certified gap, half of which is the
// error an algorithm may make; degree g and r = C(d' + g, g) for the constant error and for that error, from the true score
// interval; and runs of both methods within the budgets, each judged by its decision: the yes instance's largest output above the
// middle of the certified gap, the no instance's below.
#include "explore/regime/regime.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <functional>
#include <limits>
#include <stdexcept>

#include "explore/regime/feature_count.hpp"
#include "explore/regime/formula_pair.hpp"
#include "explore/regime/regime_runs.hpp"
#include "support/errors.hpp"
#include "verify/claim_json.hpp"

namespace gapwright {
namespace {

double down(const mpq_class& q) { return std::nextafter(q.get_d(), -std::numeric_limits<double>::infinity()); }
double up(const mpq_class& q) { return std::nextafter(q.get_d(), std::numeric_limits<double>::infinity()); }

std::string pair_key(const RegimeSweep& sweep, const PairRequest& r) {
  return fmt::format("k={} n={} d={}{} {} {} seed={} {}gap={:.17g}{}", r.order, r.rows, r.dimension,
                     r.per_log2 > 0       ? fmt::format("={:.17g}*log2n", r.per_log2)
                     : r.per_variable > 0 ? fmt::format("={:.17g}*N", r.per_variable)
                                          : "",
                     word_of(r.embedding), word_of(r.family), r.seed, sweep.gradient ? "gradient " : "", sweep.gap,
                     sweep.delta ? " delta=" + sweep.delta->get_str() : "");
}

Record pair_fields(const RegimeSweep& sweep, const PairRequest& r, const std::string& kind, const std::string& key) {
  Record record{{"record", sweep.gradient ? "gradient-" + kind : kind},
                {"key", key},
                {"order", r.order},
                {"rows", r.rows},
                {"vector_dimension", r.dimension},
                {"per_log", r.per_log2 > 0 ? Record(r.per_log2) : Record(nullptr)},
                {"embedding", word_of(r.embedding)},
                {"family", word_of(r.family)},
                {"seed", r.seed}};
  if (r.per_variable > 0) record["per_variable"] = r.per_variable;
  return record;
}

double natural_root(const PairRequest& r) {
  return std::pow(std::log(static_cast<double>(r.rows)), 1.0 / static_cast<double>(r.order));
}

mpz_class main_tuples(const PairRequest& r) { return pair_tuples(r) / mpz_class(r.rows); }

const char* kind_name(GapKind kind) {
  return kind == GapKind::additive ? "additive" : kind == GapKind::relative ? "relative" : "loss";
}

/// The constant error at which the methods are compared: half of an additive gap at the boundary.
double constant_error(const RegimeSweep& sweep) { return sweep.gap / 2; }

/// gamma = B^k / d' and back.
double gamma_of(const HardPair& pair, double bound) {
  return std::pow(bound, static_cast<double>(pair.request.order)) * pair.counted.softmax_scale;
}

Record formula_fields(const FormulaOrigin& f) {
  Record record{{"variables", f.variables},
                {"clauses", f.clauses},
                {"formula_seed", exact_json(mpz_class(std::to_string(f.formula_seed)))},
                {"models", exact_json(f.models)}};
  if (f.shape)
    record.update({{"route", f.shape->family->name},
                   {"field", f.shape->field_size},
                   {"level", f.shape->level},
                   {"coins", f.shape->coins},
                   {"degree", f.shape->degree},
                   {"blocks", f.shape->blocks},
                   {"block_length", f.shape->block_length}});
  return record;
}

Record needs(const HardPair& pair, double half_length, double error) {
  Record record{{"error", error}, {"degree", nullptr}, {"features", nullptr}, {"exponent", nullptr}};
  const auto degree = degree_for(half_length, error);
  if (!degree) return record;
  const mpz_class features = feature_count(pair.dimension, *degree);
  record["degree"] = *degree;
  record["features"] = exact_json(features);
  record["exponent"] = natural_log(features) / std::log(static_cast<double>(pair.request.rows));  // r = n^exponent
  return record;
}

Record boundary_record(const RegimeSweep& sweep, const HardPair& pair, const PairOutputs& outputs, const std::string& key,
                       HalfLengths& half_lengths) {
  const PairRequest& r = pair.request;
  const auto [kind, target] = visible_gap(sweep, r.embedding);
  Record record = pair_fields(sweep, r, "boundary", key);
  const std::size_t d = pair.dimension;
  record["dimension"] = d;
  record["yes_at_least"] = r.embedding == Embedding::direct ? 0 : pair.gap.yes_at_least;
  record["no_at_most"] = r.embedding == Embedding::direct ? 1 : pair.gap.no_at_most;
  record["entry_constant"] = static_cast<double>(d) / static_cast<double>(pair.gap.yes_at_least - pair.gap.no_at_most);
  record["main_tuples"] = exact_json(main_tuples(r));
  record["draws"] = pair.attempts;
  record["products"] = {{"lo", outputs.least_product()}, {"hi", outputs.largest_product()}};
  record["gap_kind"] = kind_name(kind);
  record["gap_wanted"] = target;
  const double worst = worst_case_boundary(r.embedding, r.order, std::log(static_cast<double>(r.rows)), static_cast<double>(d),
                                           pair.gap, kind, target);
  const auto found = outputs.boundary(kind, target, std::max(pair.yes.terms.entry_bound, 1.01 * worst));
  record["deciding_entry_bound"] = found ? Record{{"lo", found->lo}, {"hi", found->hi}} : Record(nullptr);
  record["worst_case_entry_bound"] = worst;
  record["theorem_entry_bound"] = pair.yes.terms.entry_bound;
  record["theorem_delta"] = r.delta.get_d();
  // The largest B with r <= Nmain at the constant error: the degree that r allows, the half-length that the degree allows, and
  // the B of that.
  const std::size_t degree = largest_degree(d, main_tuples(r));
  const double half_length = half_lengths.largest(degree, constant_error(sweep));
  const double spread = static_cast<double>(outputs.largest_product() - outputs.least_product());
  record["polynomial"] = {
      {"error", constant_error(sweep)},
      {"degree", degree},
      {"features", exact_json(feature_count(d, degree))},
      {"half_length", half_length},
      {"entry_bound", std::pow(2 * half_length / spread / pair.counted.softmax_scale, 1.0 / static_cast<double>(r.order))}};
  if (pair.formula) record["formula"] = formula_fields(*pair.formula);
  record["timing"] = {{"count_seconds", pair.count_seconds}};
  return record;
}

Record point_record(const RegimeSweep& sweep, const HardPair& pair, const PairOutputs& outputs, const Record& boundary,
                    double bound, const std::string& key, const RunControl& control) {
  const PairRequest& r = pair.request;
  Record record = pair_fields(sweep, r, "point", key);
  record["dimension"] = pair.dimension;
  record["entry_bound"] = bound;
  record["of_log"] = bound / natural_root(r);
  record["of_deciding"] = bound / boundary.at("deciding_entry_bound").at("hi").get<double>();
  record["gamma"] = gamma_of(pair, bound);
  const RowGap gap = outputs.gap(bound);
  record["yes"] = enclosure(gap.yes_lo, gap.yes_hi);
  record["no"] = enclosure(gap.no_lo, gap.no_hi);
  record["gap"] = enclosure(gap.lo(), gap.hi());
  const double required = std::max(0.0, down(gap.lo() / 2));
  record["required_error"] = required;
  const auto [kind, target] = visible_gap(sweep, r.embedding);
  if (kind == GapKind::loss) {
    const auto [lo, hi] = outputs.loss_gap(bound);
    record["loss_gap"] = enclosure(lo, hi);
    record["visible"] = lo >= mpq_class(target);
  } else {
    record["visible"] = kind == GapKind::additive ? gap.lo() >= mpq_class(target) : gap.lo() >= mpq_class(target) * gap.yes_hi;
  }
  const double half_length =
      record["gamma"].get<double>() * static_cast<double>(outputs.largest_product() - outputs.least_product()) / 2;
  record["half_length"] = half_length;
  record["constant_error"] = needs(pair, half_length, constant_error(sweep));
  record["deciding_error"] = needs(pair, half_length, required);
  record.update(sweep.gradient ? gradient_runs(sweep, pair, outputs, bound, control)
                               : forward_runs(sweep, pair, outputs, bound, gap, control));
  return record;
}

constexpr double kLargestPower = 1e6;  // of a multiple of B: what a score is multiplied by at most

void check_multiples(const char* field, const std::vector<double>& multiples, const std::vector<std::size_t>& orders) {
  const std::size_t order = *std::max_element(orders.begin(), orders.end());
  const double most = std::pow(kLargestPower, 1.0 / static_cast<double>(order));
  for (const double m : multiples)
    if (!(m > 0) || m > most * (1 + 1e-12))
      throw std::invalid_argument(
          fmt::format("`{}` takes multiples above 0 and, at order {}, up to {:.4g}, not {:.6g}", field, order, most, m));
}

/// What --delta must keep where gradients decide.
void check_losses(const AttentionTerms& terms, const PairRequest& r) {
  if (losses_separate(*terms.yes_at_least, *terms.no_at_most, r.rows)) return;
  throw std::invalid_argument(
      fmt::format("`delta={}`: at {} rows the losses of yes and no instances do not separate; {:.6g} does", r.delta.get_str(),
                  r.rows, gradient_delta(r.rows).get_d()));
}

struct Point {
  double multiple;
  bool of_deciding;
};

std::vector<Point> points_of(const RegimeSweep& sweep) {
  std::vector<Point> points;
  for (const double m : sweep.of_deciding) points.push_back({m, true});
  for (const double m : sweep.of_log) points.push_back({m, false});
  return points;
}

std::string point_key(const std::string& pair, const Point& p) {
  return fmt::format("{} B={:.17g}*{}", pair, p.multiple, p.of_deciding ? "deciding" : "log");
}

void check_sweep(const RegimeSweep& sweep) {
  const auto need = [](bool there, const char* what) {
    if (!there) throw std::invalid_argument(std::string("the sweep is empty: ") + what);
  };
  need(!sweep.orders.empty(), "no orders; give `orders` 2,3");
  need(!sweep.rows.empty(), "no rows; give `rows` 64,128 or `rows` 16..256");
  const bool formulas = std::ranges::find(sweep.families, PairFamily::ksat) != sweep.families.end();
  const bool vectors = static_cast<std::size_t>(formulas) < sweep.families.size();
  need(!sweep.dimensions.empty() || !sweep.per_log2.empty() || !vectors,
       "no dimensions; give `per_log` 12 or `dimensions` 64,128");
  need(!sweep.dimensions.empty() || !sweep.per_variable.empty() || !formulas,
       "no clauses; give `per_variable` 4.26 or `dimensions` 64,128");
  need(!sweep.embeddings.empty(), "no embeddings; give `embeddings` sharp,direct");
  need(!sweep.families.empty(), "no families; give `families` planted,tight");
  need(!sweep.seeds.empty(), "no seeds; give `seeds` 1,2,3");
  if (!(sweep.gap > 0) || sweep.gap > 0.3)
    throw std::invalid_argument("`gap` must be above 0 and at most 0.3: the theorem promises 0.33 for every order up to 4");
  check_multiples("of_deciding", sweep.of_deciding, sweep.orders);
  check_multiples("of_log", sweep.of_log, sweep.orders);
  for (const PairFamily family : sweep.families)
    for (const Embedding embedding : sweep.embeddings) check_goes_with(embedding, family);
}

/// The request at every dimension of the sweep, and there with every seed.
void add_dimensions(std::vector<PairRequest>& pairs, const RegimeSweep& sweep, PairRequest request) {
  const std::size_t k = request.order;
  const auto add = [&](std::size_t d, double per_log2, double per_variable) {
    if (d < k)
      throw std::invalid_argument("`dimensions` takes " + std::to_string(k) + " or more at order " + std::to_string(k) +
                                  ", not " + std::to_string(d));
    request.dimension = d;
    request.per_log2 = per_log2;
    request.per_variable = per_variable;
    request.delta = chosen_delta(sweep.delta, sweep.gradient, request.rows);
    for (const std::uint64_t seed : sweep.seeds) {
      request.seed = seed;
      pairs.push_back(request);
    }
  };
  for (const std::size_t d : sweep.dimensions) add(d, 0, 0);
  if (request.family == PairFamily::ksat) {
    const std::size_t variables = formula_variables(k, request.rows);
    if (sweep.dimensions.empty())
      for (const double c : sweep.per_variable) {
        if (!(c > 0) || c > 100) throw std::invalid_argument("`per_variable` takes ratios above 0 and up to 100");
        add(clauses_for(variables, c), 0, c);
      }
  } else if (sweep.dimensions.empty())
    for (const double c : sweep.per_log2) {
      if (!(c > 0) || c > 1e4) throw std::invalid_argument("`per_log` takes multiples above 0 and up to 10000");
      add(dimension_for(request.embedding, std::log2(static_cast<double>(request.rows)), c), c, 0);
    }
}

/// What all pairs of a run share.
struct Run {
  const RegimeSweep& sweep;
  const RegimeOutput& output;
  std::vector<Point> points;
  const RunControl& control;
  RunControl quiet;  ///< reports no progress
};

bool is_to_do(const Run& run, const PairRequest& r) {
  const std::string key = pair_key(run.sweep, r);
  if (!run.output.find(key)) return true;
  return std::any_of(run.points.begin(), run.points.end(), [&](const Point& p) { return !run.output.find(point_key(key, p)); });
}

/// Progress is by work: tuples times coordinates, and something for every point.
double weight_of(const Run& run, const PairRequest& r) {
  if (!is_to_do(run, r)) return 0;
  const double tuples = pair_tuples(r).get_d();
  const double exact = tuples <= run.sweep.exact_tuples ? 20 * tuples : 0;
  return 1e6 + tuples * static_cast<double>(r.dimension) / 64 +
         static_cast<double>(run.points.size()) * (exact + static_cast<double>(r.rows) * 1e4);
}

/// Calls progress(part of the pair's work that is done).
void run_pair(const Run& run, const PairRequest& request, HalfLengths& half_lengths, RegimeCounts& counts,
              const std::function<void(double)>& progress) {
  const std::string key = pair_key(run.sweep, request);
  const HardPair pair = hard_pair(request, run.quiet);
  if (run.sweep.gradient) check_losses(pair.yes.terms, request);
  const PairOutputs outputs(pair.counted);
  const Record* known = run.output.find(key);
  const Record boundary = known ? *known : boundary_record(run.sweep, pair, outputs, key, half_lengths);
  if (known)
    ++counts.kept;
  else {
    run.output.emit(boundary);
    ++counts.computed;
  }
  for (std::size_t p = 0; p < run.points.size(); ++p) {
    const Point& at = run.points[p];
    const std::string point = point_key(key, at);
    run.control.check();
    if (run.output.find(point)) {
      ++counts.kept;
    } else if (!boundary.at("deciding_entry_bound").is_null()) {
      const double unit = at.of_deciding ? boundary.at("deciding_entry_bound").at("hi").get<double>() : natural_root(request);
      run.output.emit(point_record(run.sweep, pair, outputs, boundary, at.multiple * unit, point, run.quiet));
      ++counts.computed;
    }
    progress(static_cast<double>(p + 1) / static_cast<double>(run.points.size() + 1));
  }
}

}  // namespace

Record enclosure(const mpq_class& lo, const mpq_class& hi) { return {{"lo", down(lo)}, {"hi", up(hi)}}; }

std::pair<GapKind, double> visible_gap(const RegimeSweep& sweep, Embedding embedding) {
  if (sweep.gradient) return {GapKind::loss, sweep.gap / 4};
  return {embedding == Embedding::paper ? GapKind::relative : GapKind::additive, sweep.gap};
}

std::vector<PairRequest> pairs_of(const RegimeSweep& sweep) {
  check_sweep(sweep);
  std::vector<PairRequest> pairs;
  for (const std::size_t k : sweep.orders) {
    if (k < 2 || k > 16) throw std::invalid_argument("`orders` takes 2 to 16, not " + std::to_string(k));
    for (const Embedding embedding : sweep.embeddings)
      for (const PairFamily family : sweep.families)
        for (const std::size_t n : sweep.rows) {
          if (n < 4) throw std::invalid_argument("`rows` takes 4 or more, not " + std::to_string(n));
          PairRequest request;
          request.order = k;
          request.rows = n;
          request.embedding = embedding;
          request.family = family;
          add_dimensions(pairs, sweep, request);
        }
  }
  return pairs;
}

RegimeCounts run_regime(const RegimeSweep& sweep, const RegimeOutput& output, const RunControl& control) {
  const std::vector<PairRequest> pairs = pairs_of(sweep);
  const Run run{sweep, output, points_of(sweep), control, {control.threads, control.stop, {}}};
  std::vector<double> weights;
  double total = 0, done = 0;
  for (const PairRequest& r : pairs) total += weights.emplace_back(weight_of(run, r));
  RegimeCounts counts;
  HalfLengths half_lengths;
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    if (!is_to_do(run, pairs[i])) {
      counts.kept += 1 + run.points.size();
      continue;
    }
    control.check();
    const auto progress = [&](double part) {
      if (control.progress && total > 0) control.progress((done + weights[i] * part) / total);
    };
    run_pair(run, pairs[i], half_lengths, counts, progress);
    done += weights[i];
    progress(0);
  }
  return counts;
}

}  // namespace gapwright
