// Routes: the planner's B and d' for k-OV in dimension d = C log2 n, and B* measured on built instances.
//
// Measured: a matched k-OV pair (planted orthogonal tuple), the route's protocol over the planner's code, honest Merlin's message
// for the yes instance and his best reply to the same tuple for the no instance; all tuples' accepting coins are counted.
// Attention over the boxes gadget sees inner product s for s accepting coins, one pad tuple of t = L and Xmix mixed tuples of 0,
// so outputs at every B follow from the counts (Theorem 9), whatever d' is.
#include "explore/routes.hpp"

#include <fmt/format.h>

#include <cmath>
#include <map>
#include <stdexcept>

#include "explore/regime_pictures.hpp"
#include "instances/errors.hpp"
#include "instances/matched_vectors.hpp"
#include "reductions/gap_max_ip_to_attention.hpp"
#include "reductions/orthogonal_vectors_to_gap_max_ip.hpp"
#include "verify/factored_attention.hpp"
#include "verify/orthogonal_tuples.hpp"

namespace gapwright {
namespace {

struct Way {
  const char* route;
  const char* gadget;
};
constexpr Way kWays[] = {{"direct", "none"},     {"reed-solomon", "boxes"},      {"hermitian", "boxes"},
                         {"tower", "boxes"},     {"reed-solomon", "characters"}, {"hermitian", "characters"},
                         {"tower", "characters"}};

/// Rows of the "sharp" embedding by boxes: data tuples by accepting coins, mixed tuples at 0, the tuple of all pads at t = L.
std::vector<RowCounts> rows_of(const FactoredGapMaxIp& instance, const RunControl& control) {
  const std::vector<std::uint64_t> counts = accepting_histograms(instance, 0, instance.sets->front().rows, control);
  const std::size_t width = instance.coins + 1;
  std::uint64_t all = 1, main = 1;
  for (std::size_t u = 1; u < instance.sets->size(); ++u) {
    main *= (*instance.sets)[u].rows;
    all *= (*instance.sets)[u].rows + 1;
  }
  std::vector<RowCounts> rows(counts.size() / width);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    rows[i].main.assign(counts.begin() + static_cast<std::ptrdiff_t>(i * width),
                        counts.begin() + static_cast<std::ptrdiff_t>((i + 1) * width));
    rows[i].other.assign(width, 0);
    rows[i].other[0] = all - main - 1;
    rows[i].other[instance.coins] += 1;
  }
  return rows;
}

/// A k-OV pair whose no instance has no orthogonal tuple and whose yes instance has the planted one alone.
std::optional<VectorPair> orthogonal_pair(std::size_t order, std::size_t rows, std::size_t dimension, std::uint64_t seed,
                                          const RunControl& control) {
  for (std::size_t attempt = 0; attempt < 20; ++attempt) {
    VectorPair pair =
        planted_orthogonal({order, rows, dimension, seed, attempt}, std::pow(4.0, -1.0 / static_cast<double>(order)));
    const auto orthogonal = [&](const std::vector<BitMatrix>& sets) {
      return count_orthogonal_tuples({dimension, sets, {}}, control);
    };
    if (orthogonal(pair.no) == 0 && orthogonal(pair.yes) == 1) return pair;
  }
  return std::nullopt;
}

/// B* of the way over a built pair, and whether both instances came out on the right side of the gap at the theorem's B.
struct Measured {
  std::optional<BoundaryBracket> boundary;
  bool right = false;
};

Measured measure_direct(const RouteSweep& sweep, std::size_t order, std::size_t rows, std::size_t dimension,
                        const RunControl& control) {
  const HardPair pair = hard_pair({order, rows, dimension, "direct", "planted", sweep.seed}, control);
  const PairOutputs outputs(pair.counted);
  const RowGap gap = outputs.gap(pair.yes.terms.entry_bound);
  return {outputs.boundary(GapKind::additive, sweep.gap, pair.yes.terms.entry_bound),
          gap.yes_lo >= *pair.yes.terms.yes_at_least && gap.no_hi <= *pair.yes.terms.no_at_most};
}

std::optional<Measured> measure_boxes(const RouteSweep& sweep, const PlanPoint& plan, std::size_t order, std::size_t rows,
                                      std::size_t dimension, const RunControl& control) {
  const auto pair = orthogonal_pair(order, rows, dimension, sweep.seed, control);
  if (!pair) return std::nullopt;
  const auto protocol = std::make_shared<const MerlinArthur>(build_protocol(*plan.shape, order));
  const OrthogonalVectors yes{dimension, pair->yes, {}}, no{dimension, pair->no, {}};
  const OrthogonalVectorsToGapMaxIp yes_rule(yes, protocol), no_rule(no, protocol);
  const GapEmbedding embedding =
      gap_embedding(Embedding::sharp, std::vector<mpz_class>(order, rows), plan.vector_dimension, plan.gap);
  const CountedRows counted{order,
                            1,
                            embedding.softmax_scale,
                            plan.shape->coins,
                            pair->tuple.front(),
                            rows_of(yes_rule.target(yes_rule.push(pair->tuple).first), control),
                            rows_of(no_rule.target(no_rule.best_reply(pair->tuple)), control)};
  const PairOutputs outputs(counted);
  const RowGap gap = outputs.gap(embedding.entry_bound);
  return Measured{outputs.boundary(GapKind::additive, sweep.gap, embedding.entry_bound),
                  gap.yes_lo >= embedding.yes_at_least && gap.no_hi <= embedding.no_at_most};
}

Record route_record(const RouteSweep& sweep, Planner& planner, const Way& way, std::size_t log2_rows, const std::string& key,
                    const RunControl& control) {
  const std::size_t k = planner.order(), d = dimension_for("direct", static_cast<double>(log2_rows), sweep.per_log2);
  Record record{
      {"record", "route"},         {"key", key},         {"order", k},          {"log2_rows", log2_rows}, {"vector_dimension", d},
      {"per_log", sweep.per_log2}, {"route", way.route}, {"gadget", way.gadget}};
  const bool direct = std::string(way.route) == "direct";
  const std::optional<PlanPoint> plan = direct ? planner.direct(d) : planner.least_entries(way.route, way.gadget, d);
  for (const char* name :
       {"field", "level", "coins", "degree", "blocks", "block_length", "yes_at_least", "no_at_most", "dimension",
        "log2_dimension", "entry_constant", "entry_bound", "log2_messages", "deciding_measured", "decision"})
    record[name] = nullptr;
  if (!plan) return record;
  if (plan->shape) {
    const ProtocolShape& s = *plan->shape;
    record["field"] = s.field_size;
    record["level"] = s.level;
    record["coins"] = s.coins;
    record["degree"] = s.degree;
    record["blocks"] = s.blocks;
    record["block_length"] = s.block_length;
  }
  const mpz_class rows = mpz_class(1) << log2_rows;
  const PlanFigures figures = planner.figures(*plan, std::vector<mpz_class>(k, rows));
  record["yes_at_least"] = plan->gap.yes_at_least;
  record["no_at_most"] = plan->gap.no_at_most;
  record["dimension"] = exact_integer(plan->dimension);
  record["log2_dimension"] = std::log2(std::max(1.0, plan->dimension.get_d()));
  record["entry_constant"] = plan->entry_constant.get_d();
  record["entry_bound"] = figures.entry_bound.hi;
  record["log2_messages"] = figures.log2_messages.hi;
  const double symbols =
      plan->shape ? static_cast<double>(plan->shape->coins * plan->shape->blocks) : static_cast<double>(d) / 64;
  if (std::exp2(static_cast<double>(k * log2_rows)) * symbols > sweep.measured_symbols || std::string(way.gadget) == "characters")
    return record;
  std::optional<Measured> measured;
  try {
    measured = direct ? measure_direct(sweep, k, std::size_t{1} << log2_rows, d, control)
                      : measure_boxes(sweep, *plan, k, std::size_t{1} << log2_rows, d, control);
  } catch (const LimitReached&) {
    control.check();  // so many tuples in so small a dimension: no draw keeps the promise
  }
  if (!measured) return record;
  if (measured->boundary) record["deciding_measured"] = measured->boundary->hi;
  record["decision"] = measured->right ? "right" : "wrong";
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

Record order_record(const OrderSweep& sweep, std::size_t k, std::size_t variables, const std::string& embedding,
                    const std::string& key, HalfLengths& half_lengths, const RunControl& control) {
  const double log2_rows = static_cast<double>(variables) / static_cast<double>(k), ln_rows = log2_rows * std::log(2.0);
  const double step = embedding == "direct" ? 1 : 16;
  const auto d =
      static_cast<std::size_t>(step * std::max(std::ceil(static_cast<double>(k) / step),
                                               std::ceil(sweep.per_variable * static_cast<double>(variables) / step - 1e-9)));
  BoundaryGroup group;
  group.order = k;
  group.embedding = embedding;
  group.family = "tight";
  group.fixed_dimension = d;
  group.gap_wanted = sweep.gap;
  group.constant_error = sweep.gap / 2;
  const PredictedBounds predicted = predicted_bounds(group, log2_rows, half_lengths);
  const Gap gap = pair_gap(embedding, d);
  const std::size_t dimension =
      embedding == "direct" ? d + (std::size_t{1} << (k - 1)) - 2 : d + static_cast<std::size_t>(gap.yes_at_least);
  const double constant = static_cast<double>(dimension) / static_cast<double>(gap.yes_at_least - gap.no_at_most);
  const double logarithm = static_cast<double>(k - 1) * ln_rows + std::log(16.0);
  Record record{{"record", "order"},
                {"key", key},
                {"order", k},
                {"variables", variables},
                {"log2_rows", log2_rows},
                {"embedding", embedding},
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
    const HardPair pair = hard_pair({k, std::size_t{1} << (variables / k), d, embedding, "tight", sweep.seed}, control);
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
  need(!orders.empty(), "no orders; give --orders 2,3");
  for (const std::size_t k : orders)
    if (k < 2 || k > most)
      throw std::invalid_argument("--orders takes 2 to " + std::to_string(most) + ", not " + std::to_string(k));
}

}  // namespace

RegimeCounts run_routes(const RouteSweep& sweep, const RegimeOutput& output, const RunControl& control) {
  check_orders(sweep.orders, 8);
  need(!sweep.log2_rows.empty(), "no sizes; give --log2-rows 4,8,16,32");
  if (!(sweep.per_log2 > 0) || sweep.per_log2 > 100)
    throw std::invalid_argument("--per-log takes multiples above 0 and up to 100");
  struct Item {
    std::size_t order, log2_rows;
    Way way;
  };
  std::vector<Item> items;
  std::vector<std::string> keys;
  std::vector<double> weights;
  for (const std::size_t k : sweep.orders)
    for (const std::size_t x : sweep.log2_rows) {
      if (x < 2 || x > 256) throw std::invalid_argument("--log2-rows takes 2 to 256, not " + std::to_string(x));
      for (const Way& way : kWays) {
        items.push_back({k, x, way});
        keys.push_back(fmt::format("route k={} n=2^{} d={:.17g}*log2n {} {} seed={} gap={:.17g}", k, x, sweep.per_log2, way.route,
                                   way.gadget, sweep.seed, sweep.gap));
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
  need(!sweep.variables.empty(), "no variables; give --variables 12,24,48");
  need(!sweep.embeddings.empty(), "no embeddings; give --embeddings sharp,direct");
  struct Item {
    std::size_t order, variables;
    std::string embedding;
  };
  std::vector<Item> items;
  std::vector<std::string> keys;
  std::vector<double> weights;
  for (const std::string& embedding : sweep.embeddings) {
    if (embedding != "sharp" && embedding != "direct")
      throw std::invalid_argument("explore orders compares sharp and direct, not '" + embedding + "'");
    for (const std::size_t n : sweep.variables) {
      if (n < 4 || n > 512) throw std::invalid_argument("--variables takes 4 to 512, not " + std::to_string(n));
      for (const std::size_t k : sweep.orders) {
        items.push_back({k, n, embedding});
        keys.push_back(fmt::format("order k={} N={} d={:.17g}*N {} seed={} gap={:.17g}", k, n, sweep.per_variable, embedding,
                                   sweep.seed, sweep.gap));
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
