// SPDX-License-Identifier: MIT
// `attention_to_gradient` in campaigns, on inputs of the "sharp" embedding with a gap of any width.
//   loss         the loss that comes out of gradients is within its stated error of the loss in balls
//   at-zero      Loss(0) is the rational number it should be
//   quadrature   nodes and weights integrate x^3 exactly
//   gradient     the oracle's dLoss/dq agrees with differences of the loss in balls
//   thresholds   they are yes^2/2 and n_0 no^2/2, and the loss in balls lies on its side of them
//   decision     deciding through gradients gives the instance's side
#include <algorithm>
#include <cmath>

#include "attention/gradient.hpp"
#include "explore/fuzz/conformance.hpp"
#include "explore/fuzz/draw.hpp"
#include "explore/fuzz/mutant.hpp"
#include "reductions/attention_to_gradient.hpp"
#include "reductions/gap_max_ip_to_attention.hpp"
#include "verify/attention_balls.hpp"

namespace gapwright {
namespace {

constexpr std::uint64_t kMostTuples = 36;
constexpr std::size_t kMostRows = 16;  // delta = 1/16 is small enough for 16 rows
constexpr std::int64_t kMostThreshold = 20;
constexpr double kError = 1e-3;

/// The rule as functions, so that one of them can be corrupted.
struct View {
  GradientOracle oracle;
  std::function<double(double)> loss_at_zero;  ///< given the rule's
  std::function<Quadrature(std::size_t)> quadrature;
  std::function<void(GradientDecision&)> decision;
};

struct Mutant {
  std::string name, corrupts;
  std::function<void(const Attention&, View&)> change = {};
};

GradientOracle edited(const GradientOracle& oracle, const std::function<void(const Attention&, Matrix&)>& edit) {
  return [oracle, edit](const Attention& a) {
    GradientAnswer answer = oracle(a);
    edit(a, answer.dq);
    return answer;
  };
}

const std::vector<Mutant>& mutants() {
  static const std::vector<Mutant> all{
      {"gradient-of-the-wrong-sign", "the oracle returns -dLoss/dq",
       [](const Attention&, View& v) {
         v.oracle = edited(v.oracle, [](const Attention&, Matrix& dq) {
           for (double& x : dq.entries) x = -x;
         });
       }},
      {"scale-forgotten", "the oracle forgets the factor 1/d",
       [](const Attention&, View& v) {
         v.oracle = edited(v.oracle, [](const Attention& a, Matrix& dq) {
           for (double& x : dq.entries) x /= a.terms.softmax_scale;
         });
       }},
      {"lambda-forgotten", "the oracle is asked at lambda = 1 at every node",
       [](const Attention& a, View& v) { v.oracle = [oracle = v.oracle, &a](const Attention&) { return oracle(a); }; }},
      {"last-row-lost", "the oracle returns 0 for the last query",
       [](const Attention&, View& v) {
         v.oracle = edited(v.oracle, [](const Attention&, Matrix& dq) {
           for (std::size_t c = 0; c < dq.columns; ++c) dq.at(dq.rows - 1, c) = 0;
         });
       }},
      {"loss-at-zero-halved", "Loss(0) counts half",
       [](const Attention&, View& v) { v.loss_at_zero = [](double x) { return x / 2; }; }},
      {"first-weight-lost", "the first node of the quadrature has weight 0",
       [](const Attention&, View& v) {
         v.quadrature = [](std::size_t points) {
           Quadrature rule = gauss_legendre(points);
           rule.weights[0] = 0;
           return rule;
         };
       }},
      {"yes-threshold-doubled", "the yes threshold is yes^2, not yes^2/2",
       [](const Attention&, View& v) { v.decision = [](GradientDecision& d) { d.yes_at_least *= 2; }; }},
      {"rows-forgotten", "the no threshold is that of one row",
       [](const Attention& a, View& v) {
         v.decision = [rows = a.q.rows](GradientDecision& d) { d.no_at_most /= rows > 1 ? static_cast<double>(rows) : 2; };
       }},
      {"answer-negated", "yes and no change places",
       [](const Attention&, View& v) {
         v.decision = [](GradientDecision& d) {
           if (d.answer) d.answer = !*d.answer;
         };
       }},
  };
  return all;
}

/// Loss = 1/2 sum_i out_i^2 in balls, as rational bounds.
std::pair<mpq_class, mpq_class> loss_bounds(const Attention& a) {
  mpq_class lo = 0, hi = 0;
  for (const Ball& out : outputs_by_balls(a, 0, a.q.rows, 128, {1, nullptr, {}})) {
    lo += lower(out) * lower(out) / 2;
    hi += upper(out) * upper(out) / 2;
  }
  return {lo, hi};
}

double middle(const std::pair<mpq_class, mpq_class>& bounds) { return mpq_class((bounds.first + bounds.second) / 2).get_d(); }

void check_oracle(Judge& judge, const Attention& a, const Matrix& dq) {
  constexpr double kStep = 0x1p-14;
  for (const std::size_t place : {std::size_t{0}, dq.entries.size() - 1}) {
    Attention up = a, down = a;
    up.q.entries[place] += kStep;
    down.q.entries[place] -= kStep;
    const double slope = (middle(loss_bounds(up)) - middle(loss_bounds(down))) / (2 * kStep);
    judge.require(std::abs(slope - dq.entries[place]) <= 1e-4 * (1 + std::abs(slope)), "gradient");
  }
}

void check_quadrature(Judge& judge, const Quadrature& rule) {
  double sum = 0;
  for (std::size_t i = 0; i < rule.nodes.size(); ++i) sum += rule.weights[i] * std::pow(rule.nodes[i], 3);
  judge.require(std::abs(sum - 0.25) < 1e-13, "quadrature");
}

void run(Judge& judge, const Attention& a, const View& view, GapSide side) {
  const auto exact = loss_bounds(a);
  const AttentionToGradient rule(a, kError);
  const double forward = rule.forward_loss(view.oracle) - rule.loss_at_zero() + view.loss_at_zero(rule.loss_at_zero());
  judge.require(rule.error_bound() <= kError && mpq_class(forward - rule.error_bound()) <= exact.second &&
                    mpq_class(forward + rule.error_bound()) >= exact.first,
                "loss");
  Attention still = a;
  for (double& x : still.q.entries) x = 0;
  judge.require(
      std::abs(view.loss_at_zero(rule.loss_at_zero()) - middle(loss_bounds(still))) < 1e-12 * static_cast<double>(a.q.rows),
      "at-zero");
  check_quadrature(judge, view.quadrature(std::max<std::size_t>(2, rule.calls())));
  check_oracle(judge, a, view.oracle(a).dq);
  GradientDecision decision = decide_by_gradients(a, view.oracle);
  view.decision(decision);
  const double yes = a.terms.yes_at_least->get_d(), no = a.terms.no_at_most->get_d(), rows = static_cast<double>(a.q.rows);
  judge.require(std::abs(decision.yes_at_least - yes * yes / 2) < 1e-12 &&
                    std::abs(decision.no_at_most - rows * no * no / 2) < 1e-15 * rows &&
                    (side == GapSide::yes ? mpq_class(decision.yes_at_least * (1 - 1e-12)) <= exact.second
                                          : mpq_class(decision.no_at_most * (1 + 1e-12)) >= exact.first),
                "thresholds");
  judge.require(decision.answer == (side == GapSide::yes), "decision");
}

Findings check(const FuzzCase& c, const std::string& name) {
  const OrthogonalVectors& ov = vectors_in(c);
  const GapMaxIp g = gap_instance(ov, c.parameters);
  const auto rows = rows_of(ov);
  if (rows[0] > kMostRows || std::find(rows.begin(), rows.end(), 0) != rows.end() || c.parameters.yes_at_least > kMostThreshold)
    throw NoCase("the sets do not fit");
  const GapSide side = side_of(g.gap, largest_product(ov));
  if (side == GapSide::outside_promise) throw NoCase("the promise is broken");
  const Attention a = written_out(GapMaxIpToAttention(g).target(0));
  View view{[](const Attention& input) {
              const RunControl alone{1, nullptr, {}};
              return exact_gradient(input, exact_attention(input, Arithmetic::f64, alone).out, Arithmetic::f64, alone).gradient.q;
            },
            [](double x) { return x; }, gauss_legendre, [](GradientDecision&) {}};
  const Mutant& mutant = mutant_named(mutants(), name);
  if (mutant.change) mutant.change(a, view);
  Judge judge;
  judge.guard([&] { run(judge, a, view, side); });
  return {judge.broken, side == GapSide::yes, static_cast<bool>(mutant.change)};
}

}  // namespace

FuzzedRule fuzz_attention_to_gradient() {
  FuzzedRule rule{"attention_to_gradient",
                  {"loss", "at-zero", "quadrature", "gradient", "thresholds", "decision", "throws"},
                  names_of(mutants()),
                  {},
                  check};
  rule.draw = [](Random& random, const Cnf* formula) {
    FuzzCase c{"attention_to_gradient", {}, {}};
    FuzzParameters& p = c.parameters;
    p.order = draw_order(random, 4);
    OrthogonalVectors ov =
        formula ? vectors_of_formula(*formula, p.order, kMostTuples) : draw_vectors(random, p.order, kMostTuples, 6);
    const std::int64_t largest = largest_product(ov);
    const bool yes = random.bit() && largest > 0;
    p.yes_at_least = yes ? largest : largest + 1;
    p.no_at_most = yes ? static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(largest))) : largest;
    c.source = std::move(ov);
    return c;
  };
  return rule;
}

}  // namespace gapwright
