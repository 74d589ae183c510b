// SPDX-License-Identifier: MIT
// Routes: the planner's B and d' for k-OV in dimension d = C log2 n (ksat: d = M = C N, N = k log2 n), and what instances show.
//
// Measured: a matched k-OV pair (planted orthogonal tuple, or formulas one literal apart), the route's protocol over the
// planner's code, honest Merlin's message for the yes instance and his best reply to the same tuple for the no instance; all
// tuples' accepting coins are counted (explore/code_pair). Outputs at every B follow for either gadget: gamma = B^k/(d' mu). The
// yes instance's input is built where it is small, and d' and B are read off it; exact attention over it must agree with the
// counts. By characters d' depends on the zeros of the message (Theorem R11): the planner's law for that number of zeros stands
// beside it, and the no instance takes the same gamma. What is too large to be written out is measured in the factored form.
#include "explore/routes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <stdexcept>

#include "attention/exact.hpp"
#include "explore/code_pair.hpp"
#include "explore/formula_pair.hpp"
#include "explore/predicted_bounds.hpp"
#include "instances/errors.hpp"
#include "reductions/gap_max_ip_forms.hpp"
#include "reductions/gap_max_ip_to_attention.hpp"
#include "verify/claim_json.hpp"
#include "verify/orthogonal_tuples.hpp"

namespace gapwright {
namespace {

/// Yes instances are written out and run up to this many bytes.
constexpr std::size_t kMostCompared = std::size_t{1} << 26;

/// Codes that are built in moments; towers take a basis of their function field.
constexpr std::size_t kLongestBuilt = 20'000, kLongestTower = 1000;

/// What tells records of another delta apart.
std::string delta_key(const mpq_class& delta) { return delta == forward_delta() ? "" : " delta=" + delta.get_str(); }

struct Way {
  const char* route;
  const char* gadget;
};
constexpr Way kWays[] = {{"direct", "none"},     {"reed-solomon", "boxes"},      {"hermitian", "boxes"},
                         {"tower", "boxes"},     {"reed-solomon", "characters"}, {"hermitian", "characters"},
                         {"tower", "characters"}};

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

/// A pair that was built or counted, at the theorem's B.
struct Measured {
  std::string form;  ///< of the yes instance: explicit (boxes, direct), characters, or factored (too large to be written out)
  mpz_class dimension, law_dimension;  ///< d', and what the planner's law gives for this message
  double entry_bound = 0;              ///< B
  RowGap gap;
  bool right = false;  ///< both instances are on their side of the middle of the thresholds
  std::optional<BoundaryBracket> boundary;
  std::optional<double> exact_error;  ///< largest distance of float64 attention over the input from the certified outputs
};

/// Exact attention over the yes instance against its outputs from the counts.
std::optional<double> exact_error(const Attention& input, const PairOutputs& outputs, const RunControl& control) {
  const std::vector<double> certified = outputs.all(input.terms.entry_bound).yes;
  const Matrix out = exact_attention(input, Arithmetic::f64, control).out;
  double most = 0;
  for (std::size_t i = 0; i < certified.size(); ++i) most = std::max(most, std::abs(out.at(i, 0) - certified[i]));
  return most;
}

void judge(Measured& m, const RouteSweep& sweep, const PairOutputs& outputs, const AttentionTerms& terms) {
  m.entry_bound = terms.entry_bound;
  m.gap = outputs.gap(terms.entry_bound);
  const mpq_class between = (*terms.yes_at_least + *terms.no_at_most) / 2;  // the thresholds themselves may be attained
  m.right = m.gap.yes_lo > between && m.gap.no_hi < between;
  m.boundary = outputs.boundary(GapKind::additive, sweep.gap, terms.entry_bound);
}

Measured measure_direct(const RouteSweep& sweep, std::size_t order, std::size_t rows, std::size_t dimension,
                        const RunControl& control) {
  const HardPair pair = hard_pair({order, rows, dimension, "direct", sweep.family, sweep.seed, 0, 0, sweep.delta}, control);
  const PairOutputs outputs(pair.counted);
  Measured m;
  m.form = "explicit";
  m.dimension = pair.dimension;
  m.law_dimension = mpz_class(dimension) + (mpz_class(1) << (order - 1)) - 2;
  judge(m, sweep, outputs, pair.yes.terms);
  if (written_bytes(order, rows, m.dimension) <= kMostCompared)
    m.exact_error = exact_error(written_out(pair.yes), outputs, control);
  return m;
}

std::optional<VectorPair> route_pair(const RouteSweep& sweep, std::size_t order, std::size_t rows, std::size_t dimension,
                                     const RunControl& control) {
  if (sweep.family != "ksat") return orthogonal_pair(order, rows, dimension, sweep.seed, control);
  return listed(formula_pair(formula_variables(order, rows), dimension, sweep.seed, control), order, control).vectors;
}

std::size_t message_zeros(const FactoredGapMaxIp& instance) {
  const auto zeros = std::count(instance.message.begin(), instance.message.end(), std::uint16_t{0});
  return static_cast<std::size_t>(zeros) - instance.systematic.size();
}

std::optional<Measured> measure_code(const RouteSweep& sweep, const Planner& planner, const PlanPoint& plan, std::size_t rows,
                                     std::size_t dimension, const RunControl& control) {
  const std::size_t k = planner.order();
  const auto vectors = route_pair(sweep, k, rows, dimension, control);
  if (!vectors) return std::nullopt;
  const CodePair pair = code_pair(*vectors, dimension, *plan.shape, control);
  const bool by_characters = plan.gadget == "characters", small = written_bytes(k, rows, plan.dimension) <= kMostCompared;
  Measured m;
  m.law_dimension = by_characters ? planner.characters_dimension(plan, message_zeros(pair.yes)) : plan.dimension;
  std::optional<Attention> input;
  AttentionTerms terms;
  if (small) {
    m.form = by_characters ? "characters" : "explicit";
    const mpz_class bits = mpz_class(64) * kMostCompared;
    if (by_characters) {
      input = real_attention(characters(pair.yes, bits), plan.mu.get_d(), bits, sweep.delta).attention;
    } else {
      const GapMaxIp explicit_form = boxes(pair.yes, false, bits);
      input = written_out(GapMaxIpToAttention(explicit_form, Embedding::sharp, false, sweep.delta).target(0));
    }
    m.dimension = input->q.columns;
    terms = input->terms;
  } else {
    m.form = "factored";
    const FactoredAttention factored = factored_attention(pair.yes, sweep.delta);
    terms = factored.terms;
    m.dimension = factored.dimension;
    if (by_characters) {
      m.dimension = m.law_dimension;
      terms.softmax_scale = 1 / m.dimension.get_d();
      terms.entry_bound = std::pow(factored.gamma.get_d() * m.dimension.get_d() * plan.mu.get_d(), 1.0 / static_cast<double>(k));
      terms.entry_bound *= 1 + 1e-14;
    }
  }
  const CountedRows counted = counted_rows(pair, terms.softmax_scale / plan.mu.get_d(), control);
  const PairOutputs outputs(counted);
  judge(m, sweep, outputs, terms);
  if (input) m.exact_error = exact_error(*input, outputs, control);
  return m;
}

/// Both instances of a pair are counted over all tuples. By a code: symbols of every coin and block, indexed, and counts up to L of every row; what
/// is written out is held in doubles, and once more while it is embedded.
void check_pair(const RouteSweep& sweep, const PlanPoint& plan, const PairRequest& r) {
  const std::string what =
      fmt::format("a pair of k = {}, n = {} by {}", r.order, r.rows, plan.shape ? plan.route + " and " + plan.gadget : "direct");
  check_tuples(sweep.work, what, 2 * pair_tuples(r), r.dimension);
  const mpz_class written = std::min(written_bytes(r.order, r.rows, plan.dimension), mpz_class(kMostCompared));
  const mpz_class counted =
      plan.shape ? mpz_class(mpz_class(r.rows) * plan.shape->coins * (2 * 2 * 8 + 2 * 2 * r.order * plan.shape->blocks))
                 : pair_bytes(r);
  check_memory(sweep.work, what, counted + 2 * written);
}

Record route_record(const RouteSweep& sweep, Planner& planner, const Way& way, std::size_t log2_rows, const std::string& key,
                    const RunControl& control) {
  const bool formulas = sweep.family == "ksat";
  const std::size_t k = planner.order(), d = formulas ? clauses_for(k * log2_rows, sweep.per_variable)
                                                      : dimension_for("direct", static_cast<double>(log2_rows), sweep.per_log2);
  Record record{{"record", "route"},
                {"key", key},
                {"order", k},
                {"log2_rows", log2_rows},
                {"vector_dimension", d},
                {"per_log", formulas ? Record(nullptr) : Record(sweep.per_log2)},
                {"family", sweep.family},
                {"route", way.route},
                {"gadget", way.gadget}};
  if (formulas) record["per_variable"] = sweep.per_variable;
  const bool direct = std::string(way.route) == "direct";
  const std::optional<PlanPoint> plan = direct ? planner.direct(d) : planner.least_entries(way.route, way.gadget, d, control);
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
  const PlanFigures figures = planner.figures(*plan, std::vector<mpz_class>(k, rows), sweep.delta);
  record["yes_at_least"] = plan->gap.yes_at_least;
  record["no_at_most"] = plan->gap.no_at_most;
  record["dimension"] = exact_json(plan->dimension);
  record["log2_dimension"] = std::log2(std::max(1.0, plan->dimension.get_d()));
  record["entry_constant"] = plan->entry_constant.get_d();
  record["entry_bound"] = figures.entry_bound.hi;
  record["log2_messages"] = figures.log2_messages.hi;
  const double symbols =
      plan->shape ? static_cast<double>(plan->shape->coins * plan->shape->blocks) : static_cast<double>(d) / 64;
  if (std::exp2(static_cast<double>(k * log2_rows)) * symbols > sweep.measured_symbols) return record;
  if (plan->shape && plan->shape->coins > (plan->shape->route == "tower" ? kLongestTower : kLongestBuilt)) return record;
  check_pair(sweep, *plan, {k, std::size_t{1} << log2_rows, d, "direct", sweep.family, sweep.seed, 0, 0, sweep.delta});
  std::optional<Measured> measured;
  try {
    measured = direct ? measure_direct(sweep, k, std::size_t{1} << log2_rows, d, control)
                      : measure_code(sweep, planner, *plan, std::size_t{1} << log2_rows, d, control);
  } catch (const LimitReached&) {
    control.check();  // so many tuples in so small a dimension: no draw keeps the promise
  }
  if (!measured) return record;
  record["form_measured"] = measured->form;
  record["dimension_measured"] = exact_json(measured->dimension);
  record["law_dimension"] = exact_json(measured->law_dimension);
  record["entry_bound_measured"] = measured->entry_bound;
  record["gap_measured"] = enclosure(measured->gap.lo(), measured->gap.hi());
  if (measured->boundary) record["deciding_measured"] = measured->boundary->hi;
  record["decision"] = measured->right ? "right" : "wrong";
  if (measured->exact_error) record["exact_error"] = *measured->exact_error;
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
  const double logarithm = static_cast<double>(k - 1) * ln_rows + std::log(1 / sweep.delta.get_d());
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
    const PairRequest request{k, std::size_t{1} << (variables / k), d, embedding, "tight", sweep.seed, 0, 0, sweep.delta};
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
  need(!orders.empty(), "no orders; give --orders 2,3");
  for (const std::size_t k : orders)
    if (k < 2 || k > most)
      throw std::invalid_argument("--orders takes 2 to " + std::to_string(most) + ", not " + std::to_string(k));
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

RegimeCounts run_routes(const RouteSweep& sweep, const RegimeOutput& output, const RunControl& control) {
  check_orders(sweep.orders, 8);
  need(!sweep.log2_rows.empty(), "no sizes; give --log2-rows 4,8,16,32");
  if (!(sweep.per_log2 > 0) || sweep.per_log2 > 100)
    throw std::invalid_argument("--per-log takes multiples above 0 and up to 100");
  if (!(sweep.per_variable > 0) || sweep.per_variable > 100)
    throw std::invalid_argument("--per-variable takes ratios above 0 and up to 100");
  if (sweep.family != "planted" && sweep.family != "ksat")
    throw std::invalid_argument("unknown family '" + sweep.family + "'; there are planted and ksat");
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
        keys.push_back(fmt::format("route k={} n=2^{} d={} {} {} seed={} gap={:.17g}", k, x,
                                   sweep.family == "ksat" ? fmt::format("{:.17g}*N ksat", sweep.per_variable)
                                                          : fmt::format("{:.17g}*log2n", sweep.per_log2),
                                   way.route, way.gadget, sweep.seed, sweep.gap) +
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
                                   sweep.seed, sweep.gap) +
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
