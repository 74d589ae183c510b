// SPDX-License-Identifier: MIT
// Routes: the planner's B and d' for k-OV in dimension d = C log2 n (ksat: d = M = C N, N = k log2 n), and what instances show
// (explore/regime/route_measured.cpp).
#include "explore/regime/routes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <stdexcept>

#include "explore/regime/formula_pair.hpp"
#include "explore/regime/predicted_bounds.hpp"
#include "explore/regime/route_measured.hpp"
#include "support/listed.hpp"
#include "verify/claim_json.hpp"

namespace gapwright {
namespace {

/// What tells records of another delta apart.
std::string delta_key(const mpq_class& delta) { return delta == forward_delta() ? "" : " delta=" + delta.get_str(); }

struct Way {
  const CodeFamily* family = nullptr;  ///< null: direct, without a gadget
  std::optional<Gadget> gadget;
};

std::vector<Way> all_ways() {
  std::vector<Way> ways{{}};
  for (const Gadget gadget : {Gadget::boxes, Gadget::characters})
    for (const CodeFamily& family : compared_families()) ways.push_back({&family, gadget});
  return ways;
}

/// The fields of the way, all null.
Record empty_route_record(const RouteSweep& sweep, const Way& way, std::size_t k, std::size_t log2_rows, std::size_t dimension,
                          const std::string& key) {
  const bool formulas = sweep.family == PairFamily::ksat;
  Record record{{"record", "route"},
                {"key", key},
                {"order", k},
                {"log2_rows", log2_rows},
                {"vector_dimension", dimension},
                {"per_log", formulas ? Record(nullptr) : Record(sweep.per_log2)},
                {"family", word_of(sweep.family)},
                {"route", route_word(way.family)},
                {"gadget", gadget_word(way.gadget)}};
  if (formulas) record["per_variable"] = sweep.per_variable;
  for (const char* name : {"field",
                           "level",
                           "coins",
                           "degree",
                           "blocks",
                           "block_length",
                           "yes_at_least",
                           "no_at_most",
                           "dimension",
                           "log2_dimension",
                           "entry_constant",
                           "entry_bound",
                           "log2_messages",
                           "form_measured",
                           "dimension_measured",
                           "law_dimension",
                           "entry_bound_measured",
                           "gap_measured",
                           "deciding_measured",
                           "decision",
                           "exact_error"})
    record[name] = nullptr;
  return record;
}

void add_plan(Record& record, const PlanPoint& plan, const PlanFigures& figures) {
  if (plan.shape) {
    const ProtocolShape& s = *plan.shape;
    record["field"] = s.field_size;
    record["level"] = s.level;
    record["coins"] = s.coins;
    record["degree"] = s.degree;
    record["blocks"] = s.blocks;
    record["block_length"] = s.block_length;
  }
  record["yes_at_least"] = plan.gap.yes_at_least;
  record["no_at_most"] = plan.gap.no_at_most;
  record["dimension"] = exact_json(plan.dimension);
  record["log2_dimension"] = std::log2(std::max(1.0, plan.dimension.get_d()));
  record["entry_constant"] = plan.entry_constant.get_d();
  record["entry_bound"] = figures.entry_bound.hi;
  record["log2_messages"] = figures.log2_messages.hi;
}

void add_measured(Record& record, const MeasuredRoute& measured) {
  record["form_measured"] = word_of(measured.form);
  record["dimension_measured"] = exact_json(measured.dimension);
  record["law_dimension"] = exact_json(measured.law_dimension);
  record["entry_bound_measured"] = measured.entry_bound;
  record["gap_measured"] = enclosure(measured.gap.lo(), measured.gap.hi());
  if (measured.boundary) record["deciding_measured"] = measured.boundary->hi;
  record["decision"] = measured.right ? "right" : "wrong";
  if (measured.exact_error) record["exact_error"] = *measured.exact_error;
}

Record route_record(const RouteSweep& sweep, Planner& planner, const Way& way, std::size_t log2_rows, const std::string& key,
                    const RunControl& control) {
  const std::size_t k = planner.order();
  const std::size_t d = sweep.family == PairFamily::ksat
                            ? clauses_for(k * log2_rows, sweep.per_variable)
                            : dimension_for(Embedding::direct, static_cast<double>(log2_rows), sweep.per_log2);
  Record record = empty_route_record(sweep, way, k, log2_rows, d, key);
  const std::optional<PlanPoint> plan =
      way.family ? planner.least_entries(*way.family, *way.gadget, d, control) : planner.direct(d);
  if (!plan) return record;
  const mpz_class rows = mpz_class(1) << log2_rows;
  add_plan(record, *plan, planner.figures(*plan, std::vector<mpz_class>(k, rows), sweep.delta));
  if (const auto measured = measured_route(sweep, planner, *plan, log2_rows, d, control)) add_measured(record, *measured);
  return record;
}

/// Runs compute(i) for the keys that are missing, with progress by `weights`.
RegimeCounts run_missing(const std::vector<std::string>& keys, const std::vector<double>& weights, const RegimeOutput& output,
                         const RunControl& control, const std::function<Record(std::size_t)>& compute) {
  RegimeCounts counts;
  double total = 0, done = 0;
  for (std::size_t i = 0; i < keys.size(); ++i) total += output.find(keys[i]) ? 0 : weights[i];
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (output.find(keys[i])) {
      ++counts.kept;
      continue;
    }
    control.check();
    output.emit(compute(i));
    ++counts.computed;
    done += weights[i];
    if (control.progress) control.progress(done / total);
  }
  return counts;
}

Record order_record(const OrderSweep& sweep, std::size_t k, std::size_t variables, Embedding embedding, const std::string& key,
                    HalfLengths& half_lengths, const RunControl& control) {
  const double log2_rows = static_cast<double>(variables) / static_cast<double>(k), ln_rows = log2_rows * std::log(2.0);
  const double step = embedding == Embedding::direct ? 1 : 16;
  const auto d =
      static_cast<std::size_t>(step * std::max(std::ceil(static_cast<double>(k) / step),
                                               std::ceil(sweep.per_variable * static_cast<double>(variables) / step - 1e-9)));
  BoundaryGroup group;
  group.order = k;
  group.embedding = embedding;
  group.family = PairFamily::tight;
  group.fixed_dimension = d;
  group.gap_wanted = sweep.gap;
  group.constant_error = sweep.gap / 2;
  const PredictedBounds predicted = predicted_bounds(group, log2_rows, half_lengths);
  const Gap gap = pair_gap(embedding, d);
  const std::size_t dimension =
      embedding == Embedding::direct ? d + (std::size_t{1} << (k - 1)) - 2 : d + static_cast<std::size_t>(gap.yes_at_least);
  const double constant = static_cast<double>(dimension) / static_cast<double>(gap.yes_at_least - gap.no_at_most);
  const double logarithm = static_cast<double>(k - 1) * ln_rows + std::log(1 / sweep.delta.get_d());
  Record record{{"record", "order"},
                {"key", key},
                {"order", k},
                {"variables", variables},
                {"log2_rows", log2_rows},
                {"embedding", word_of(embedding)},
                {"vector_dimension", d},
                {"dimension", dimension},
                {"entry_constant", constant},
                {"entry_bound", std::pow(constant * logarithm, 1.0 / static_cast<double>(k))},
                {"worst_case_entry_bound", predicted.deciding},
                {"deciding_measured", nullptr},
                {"polynomial_entry_bound", predicted.polynomial ? Record(*predicted.polynomial) : Record(nullptr)},
                {"log2_tensor_bytes",
                 std::log2(8.0 * static_cast<double>(k) * (std::exp2(log2_rows) + 1) * static_cast<double>(dimension))}};
  if (variables % k == 0 && variables / k >= 2 && std::exp2(static_cast<double>(variables)) <= sweep.measured_tuples) {
    const PairRequest request{k,          std::size_t{1} << (variables / k), d, embedding, PairFamily::tight, sweep.seed, 0, 0,
                              sweep.delta};
    const std::string what = fmt::format("a pair of k = {}, n = {}, d = {}", k, request.rows, d);
    check_tuples(sweep.work, what, 2 * pair_tuples(request), d);
    check_memory(sweep.work, what, pair_bytes(request));
    const HardPair pair = hard_pair(request, control);
    const auto found =
        PairOutputs(pair.counted)
            .boundary(GapKind::additive, sweep.gap, std::max(pair.yes.terms.entry_bound, 1.01 * predicted.deciding));
    if (found) record["deciding_measured"] = found->hi;
  }
  return record;
}

void need(bool there, const char* what) {
  if (!there) throw std::invalid_argument(std::string("the sweep is empty: ") + what);
}

void check_orders(const std::vector<std::size_t>& orders, std::size_t most) {
  need(!orders.empty(), "no orders; give `orders` 2,3");
  for (const std::size_t k : orders)
    if (k < 2 || k > most)
      throw std::invalid_argument("`orders` takes 2 to " + std::to_string(most) + ", not " + std::to_string(k));
}

}  // namespace

RecordColumns route_columns() {
  return {{"order", "k"},
          {"log2_rows", "log2 n"},
          {"vector_dimension", "d"},
          {"route", "route"},
          {"gadget", "gadget"},
          {"field", "Q"},
          {"coins", "L"},
          {"blocks", "T"},
          {"dimension", "d'"},
          {"dimension_measured", "d' built"},
          {"entry_constant", "d' mu/(t - s_no)"},
          {"entry_bound", "B"},
          {"entry_bound_measured", "B built"},
          {"deciding_measured", "B* measured"},
          {"decision", "verdicts"}};
}

RecordColumns order_columns() {
  return {{"embedding", "embedding"},
          {"variables", "N"},
          {"order", "k"},
          {"log2_rows", "log2 n"},
          {"vector_dimension", "d"},
          {"dimension", "d'"},
          {"entry_bound", "B, theorem"},
          {"worst_case_entry_bound", "B*, worst case"},
          {"deciding_measured", "B* measured"},
          {"polynomial_entry_bound", "B_r"},
          {"log2_tensor_bytes", "log2 bytes of q, k, v"}};
}

std::vector<std::string> route_family_words() { return words_for<PairFamily>({PairFamily::planted, PairFamily::ksat}); }

RegimeCounts run_routes(const RouteSweep& sweep, const RegimeOutput& output, const RunControl& control) {
  check_orders(sweep.orders, 8);
  need(!sweep.log2_rows.empty(), "no sizes; give `log2_rows` 4,8,16,32");
  if (!(sweep.per_log2 > 0) || sweep.per_log2 > 100)
    throw std::invalid_argument("`per_log` takes multiples above 0 and up to 100");
  if (!(sweep.per_variable > 0) || sweep.per_variable > 100)
    throw std::invalid_argument("`per_variable` takes ratios above 0 and up to 100");
  if (sweep.family == PairFamily::tight)
    throw std::invalid_argument("the family of routes is " + listed(route_family_words(), "or") + ", not tight");
  struct Item {
    std::size_t order, log2_rows;
    Way way;
  };
  const std::vector<Way> ways = all_ways();
  std::vector<Item> items;
  std::vector<std::string> keys;
  std::vector<double> weights;
  for (const std::size_t k : sweep.orders)
    for (const std::size_t x : sweep.log2_rows) {
      if (x < 2 || x > 256) throw std::invalid_argument("`log2_rows` takes 2 to 256, not " + std::to_string(x));
      for (const Way& way : ways) {
        items.push_back({k, x, way});
        keys.push_back(fmt::format("route k={} n=2^{} d={} {} {} seed={} gap={:.17g}", k, x,
                                   sweep.family == PairFamily::ksat ? fmt::format("{:.17g}*N ksat", sweep.per_variable)
                                                                    : fmt::format("{:.17g}*log2n", sweep.per_log2),
                                   route_word(way.family), gadget_word(way.gadget), sweep.seed, sweep.gap) +
                       delta_key(sweep.delta));
        weights.push_back(static_cast<double>(k * x));
      }
    }
  std::map<std::size_t, Planner> planners;
  const RunControl quiet{control.threads, control.stop, {}};
  return run_missing(keys, weights, output, control, [&](std::size_t i) {
    Planner& planner = planners.try_emplace(items[i].order, items[i].order, sweep.limits).first->second;
    return route_record(sweep, planner, items[i].way, items[i].log2_rows, keys[i], quiet);
  });
}

RegimeCounts run_orders(const OrderSweep& sweep, const RegimeOutput& output, const RunControl& control) {
  check_orders(sweep.orders, 12);
  need(!sweep.variables.empty(), "no variables; give `variables` 12,24,48");
  need(!sweep.embeddings.empty(), "no embeddings; give `embeddings` sharp,direct");
  struct Item {
    std::size_t order, variables;
    Embedding embedding;
  };
  std::vector<Item> items;
  std::vector<std::string> keys;
  std::vector<double> weights;
  for (const Embedding embedding : sweep.embeddings) {
    if (embedding == Embedding::paper) throw std::invalid_argument("explore orders compares sharp and direct, not 'paper'");
    for (const std::size_t n : sweep.variables) {
      if (n < 4 || n > 512) throw std::invalid_argument("`variables` takes 4 to 512, not " + std::to_string(n));
      for (const std::size_t k : sweep.orders) {
        items.push_back({k, n, embedding});
        keys.push_back(fmt::format("order k={} N={} d={:.17g}*N {} seed={} gap={:.17g}", k, n, sweep.per_variable,
                                   word_of(embedding), sweep.seed, sweep.gap) +
                       delta_key(sweep.delta));
        weights.push_back(
            1 + (std::exp2(static_cast<double>(n)) <= sweep.measured_tuples ? std::exp2(static_cast<double>(n)) / 1e6 : 0));
      }
    }
  }
  const RunControl quiet{control.threads, control.stop, {}};
  HalfLengths half_lengths;
  return run_missing(keys, weights, output, control, [&](std::size_t i) {
    return order_record(sweep, items[i].order, items[i].variables, items[i].embedding, keys[i], half_lengths, quiet);
  });
}

}  // namespace gapwright
