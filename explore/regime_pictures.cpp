// SPDX-License-Identifier: MIT
#include "explore/regime_pictures.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "explore/boundary.hpp"
#include "explore/code_pair.hpp"
#include "explore/formula_pair.hpp"

namespace gapwright {
namespace {

constexpr double kLargestPredictedLog2 = 32;

const char* color(std::size_t i) {
  static constexpr const char* colors[] = {"#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#444444"};
  return colors[i % std::size(colors)];
}

std::string plotted(double x) { return std::isnan(x) ? "NaN" : fmt::format("{:.17g}", x); }

std::string law_text(const BoundaryGroup& g) { return fmt::format("(ln n)^({}/k)", g.power()); }

/// The groups of one slug, one per order; they stand together.
std::vector<std::pair<std::string, std::vector<const BoundaryGroup*>>> by_slug(const std::vector<BoundaryGroup>& groups) {
  std::vector<std::pair<std::string, std::vector<const BoundaryGroup*>>> result;
  for (const BoundaryGroup& g : groups) {
    if (result.empty() || result.back().first != g.slug()) result.push_back({g.slug(), {}});
    result.back().second.push_back(&g);
  }
  return result;
}

Picture regime_picture(const std::string& slug, const std::vector<const BoundaryGroup*>& groups, HalfLengths& half_lengths) {
  const BoundaryGroup& first = *groups.front();
  Picture p;
  p.name = "regime-" + slug;
  p.title = "Where the gap shows: " + first.name();
  p.caption =
      "Entry bound B against n. Circles: the smallest B at which the yes row and all no rows are certified apart by the wanted "
      "gap (B*). Solid lines: the theorem's worst case for "
      "it. Squares: the largest B up to which the polynomial method needs at most r = n^(k-1) features for a constant error on "
      "the instance's own score interval (B_r). Dashed: the same "
      "for scores that use all the range the promise allows; it moves in steps because the degree is whole. Between B_r and B* "
      "no method here does less work than looking at all tuples.";
  if (first.family == "ksat")
    p.caption += " Random 3-SAT: n = 2^(N/k) assignments a set, one coordinate for each of the M clauses.";
  const bool through_codes = first.family == "ksat" && first.embedding == "sharp";  // B* and B_r differ by much, and by order
  if (through_codes) p.caption += " Both lines jump where another code is the best.";
  std::string plot;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    const BoundaryGroup& g = *groups[i];
    std::string measured = fmt::format("# k = {}: n, B*, B_r\n", g.order),
                predicted = fmt::format("# k = {}: n, worst-case B*, B_r (formula; NaN: depends on the instance)\n", g.order);
    for (const BoundaryPoint& b : g.points) measured += fmt::format("{} {:.17g} {:.17g}\n", b.rows, b.deciding, b.polynomial);
    Planner codes(g.order, kFormulaCodes);
    for (double x = std::max(3.0, std::log2(static_cast<double>(g.points.front().rows))); x <= kLargestPredictedLog2; x += 1) {
      const PredictedBounds bounds = predicted_bounds(g, x, half_lengths, &codes);
      predicted += fmt::format("{:.17g} {} {}\n", std::exp2(x), plotted(bounds.deciding),
                               plotted(bounds.polynomial.value_or(std::nan(""))));
    }
    p.blocks.push_back(measured);
    p.blocks.push_back(predicted);
    plot += fmt::format(
        "DATA index {0} using 1:2 with points pt 7 ps 0.7 lc rgb '{2}' title 'k = {3}', \\\n     DATA index {1} using 1:2 with "
        "lines lw 2 lc rgb '{2}' notitle, \\\n     "
        "DATA index {0} using 1:3 with points pt 4 ps 0.6 lc rgb '{2}' notitle, \\\n     DATA index {1} using 1:3 with steps lw "
        "2 dt 2 lc rgb '{2}' notitle, \\\n     ",
        2 * i, 2 * i + 1, color(i), g.order);
  }
  p.script =
      std::string("set logscale x 2\nset format x '2^{%L}'\nset xlabel 'n'\nset ylabel 'entry bound B'\n") +
      (through_codes ? "set logscale y\n" : "set yrange [0:*]\n") +
      "set grid\nset key below maxrows 2 samplen 2 font ',13'\nplot " + plot +
      "keyentry with points pt 4 ps 0.6 lc rgb 'black' title 'B_{r} measured', \\\n     "
      "keyentry with lines lw 2 lc rgb 'black' title 'gap visible (theorem)', \\\n     keyentry with lines lw 2 dt 2 lc rgb "
      "'black' title 'r passes n^{k-1}'\n";
  return p;
}

Picture fit_picture(const std::string& slug, const std::vector<std::pair<const BoundaryGroup*, BoundaryFit>>& fits) {
  Picture p;
  const BoundaryGroup& first = *fits.front().first;
  p.name = "fit-" + slug;
  p.title = "B* against c " + law_text(first) + ": " + first.name();
  p.caption = "Points: certified B*. Solid: the best c " + law_text(first) +
              ", one constant and no other term. Dashed: the form of the finite theorem, B*^" +
              (first.power() == 2 ? std::string("(k/2)") : std::string("k")) + " = a + b ln n.";
  std::string plot;
  for (std::size_t i = 0; i < fits.size(); ++i) {
    const auto& [g, fit] = fits[i];
    const double k = static_cast<double>(g->order), exponent = g->power() / k;
    std::string block = fmt::format("# k = {}: (ln n)^({}/k), B*, c (ln n)^({}/k), (a + b ln n)^({}/k), n\n", g->order,
                                    g->power(), g->power(), g->power());
    for (const BoundaryPoint& b : g->points) {
      const double x = std::log(static_cast<double>(b.rows));
      block += fmt::format("{:.17g} {:.17g} {:.17g} {:.17g} {}\n", std::pow(x, exponent), b.deciding,
                           fit.law.factor * std::pow(x, exponent),
                           std::pow(std::max(0.0, fit.offset.intercept + fit.offset.slope * x), exponent), b.rows);
    }
    p.blocks.push_back(block);
    plot += fmt::format(
        "{}DATA index {} using 1:2 with points pt 7 ps 0.7 lc rgb '{}' title 'k = {}: c = {:.4g}', \\\n     DATA index {} using "
        "1:3 with lines lw 2 lc rgb '{}' notitle, \\\n     "
        "DATA index {} using 1:4 with lines lw 1 dt 2 lc rgb '{}' notitle",
        i ? ", \\\n     " : "plot ", i, color(i), g->order, fit.law.factor, i, color(i), i, color(i));
  }
  p.script = fmt::format("set xlabel '(ln n)^{{{}/k}}'\n", first.power()) +
             "set ylabel 'B*'\nset xrange [0:*]\nset yrange [0:*]\nset grid\nset key top left reverse Left samplen 2\n" + plot +
             "\n";
  return p;
}

Picture residual_picture(const std::string& slug, const std::vector<std::pair<const BoundaryGroup*, BoundaryFit>>& fits) {
  Picture p;
  const BoundaryGroup& first = *fits.front().first;
  p.name = "residuals-" + slug;
  p.title = "Residuals of B*: " + first.name();
  p.caption = fmt::format(
      "(B* - fit)/B* in per cent. Filled: c (ln n)^({}/k), the theorem's exponent. Open, dashed: c (ln n)^({}/k), the exponent "
      "of the other kind of embedding.",
      first.power(), 3 - first.power());
  std::string plot;
  for (std::size_t i = 0; i < fits.size(); ++i) {
    const auto& [g, fit] = fits[i];
    std::string block = fmt::format("# k = {}: n, residual of {}/k, of {}/k, per cent\n", g->order, g->power(), 3 - g->power());
    for (std::size_t j = 0; j < g->points.size(); ++j)
      block += fmt::format("{} {:.17g} {:.17g}\n", g->points[j].rows, 100 * fit.law.residuals[j], 100 * fit.other.residuals[j]);
    p.blocks.push_back(block);
    plot += fmt::format(
        "DATA index {0} using 1:2 with linespoints lw 2 pt 7 ps 0.6 lc rgb '{1}' title 'k = {2}', \\\n     DATA index {0} using "
        "1:3 with linespoints dt 2 pt 6 ps 0.6 lc rgb '{1}' notitle, \\\n     ",
        i, color(i), g->order);
  }
  p.script =
      "set logscale x 2\nset format x '2^{%L}'\nset xlabel 'n'\nset ylabel 'residual, %'\nset grid\n"
      "set key " +
      std::string(first.power() == 2 ? "bottom" : "top") + " right samplen 2\nplot " + plot +
      "0 with lines lc rgb 'black' notitle\n";
  return p;
}

/// Gap and exponent of r against B, for one order.
std::optional<Picture> gap_picture(const Results& results, const BoundaryGroup& g) {
  std::map<std::size_t, std::map<double, std::pair<double, double>>> curves;  // n -> B -> gap, exponent
  for (const Record* r : results.of_kind(g.gradient ? "gradient-point" : "point")) {
    if (r->at("order") != g.order || r->at("embedding") != g.embedding || r->at("family") != g.family ||
        !g.has_dimension_rule_of(*r) || r->at("seed") != g.points.front().seed)
      continue;
    const Record& exponent = r->at("constant_error").at("exponent");
    curves[r->at("rows")][r->at("entry_bound")] = {r->at(g.gradient ? "loss_gap" : "gap").at("lo"),
                                                   exponent.is_null() ? std::nan("") : exponent.get<double>()};
  }
  std::erase_if(curves, [](const auto& curve) { return curve.second.size() < 2; });
  if (curves.empty()) return std::nullopt;
  Picture p;
  p.name = fmt::format("gap-{}-k{}", g.slug(), g.order);
  p.title = fmt::format("Gap and features at k = {}: {}", g.order, g.name());
  p.caption = fmt::format(
      "Solid, left axis: the certified gap between the yes row and all no rows at B. Dashed, right axis: x in r = n^x, the "
      "features that the polynomial method needs for a constant error; "
      "above {} it does more work than looking at all n^{} tuples of a row.",
      g.order - 1, g.order - 1);
  std::string plot;
  std::size_t i = 0;
  for (const auto& [n, curve] : curves) {
    std::string block = fmt::format("# n = {}: B, gap, exponent of r\n", n);
    for (const auto& [b, values] : curve) block += fmt::format("{:.17g} {:.17g} {}\n", b, values.first, plotted(values.second));
    p.blocks.push_back(block);
    plot += fmt::format(
        "DATA index {0} using 1:2 with linespoints lw 2 pt 7 ps 0.5 lc rgb '{1}' title 'n = {2}', \\\n     DATA index {0} using "
        "1:3 axes x1y2 with linespoints dt 2 pt 6 ps 0.5 lc rgb '{1}' notitle, \\\n     ",
        i, color(i), n);
    ++i;
  }
  p.script = fmt::format(
      "set xlabel 'entry bound B'\nset ylabel '{}'\nset y2label 'x in r = n^x'\nset ytics nomirror\nset y2tics\nset xrange "
      "[0:*]\nset yrange [-0.03:*]\nset y2range [0:{}]\nset grid\nset key bottom right samplen 2\n"
      "plot {}{:.17g} with lines dt 3 lc rgb 'black' title 'wanted gap', {} axes x1y2 with lines dt 4 lc rgb 'black' title 'r = "
      "n^{{{}}}'\n",
      g.gradient ? "certified gap of the losses" : "certified gap", 3 * (g.order - 1) + 3, plot, g.gap_wanted, g.order - 1,
      g.order - 1);
  return p;
}

std::optional<Picture> time_picture(const Results& results) {
  std::map<std::size_t, std::map<std::size_t, std::pair<double, double>>> times;  // k -> n -> least exact, polynomial seconds
  const double none = INFINITY;
  for (const Record* r : results.of_kind("point")) {
    const Record& timing = r->at("timing");
    auto& entry = times[r->at("order")].try_emplace(r->at("rows"), none, none).first->second;
    if (timing.contains("exact_seconds")) entry.first = std::min(entry.first, timing["exact_seconds"].get<double>());
    if (timing.contains("polynomial_seconds")) entry.second = std::min(entry.second, timing["polynomial_seconds"].get<double>());
  }
  Picture p;
  p.name = "time";
  p.title = "Seconds of one instance";
  p.caption =
      "Filled: exact attention, n^k tuples. Open, dashed: the polynomial method where it ran at all (small B), the fastest B of "
      "each n.";
  std::string plot;
  std::size_t i = 0;
  for (const auto& [k, sizes] : times) {
    std::string block = fmt::format("# k = {}: n, exact, polynomial seconds\n", k);
    const auto shown = [](double s) { return std::isfinite(s) ? fmt::format("{:.6g}", s) : "NaN"; };
    for (const auto& [n, seconds] : sizes) block += fmt::format("{} {} {}\n", n, shown(seconds.first), shown(seconds.second));
    p.blocks.push_back(block);
    plot += fmt::format(
        "{3}DATA index {0} using 1:2 with linespoints lw 2 pt 7 ps 0.6 lc rgb '{1}' title 'k = {2}', \\\n     DATA index {0} "
        "using 1:3 with linespoints dt 2 pt 6 ps 0.6 lc rgb '{1}' notitle",
        i, color(i), k, i ? ", \\\n     " : "plot ");
    ++i;
  }
  if (p.blocks.empty()) return std::nullopt;
  p.script =
      "set logscale x 2\nset format x '2^{%L}'\nset logscale y\nset format y '10^{%L}'\nset xlabel 'n'\nset ylabel "
      "'seconds'\nset grid\nset key top left reverse Left samplen 2\n" +
      plot + "\n";
  return p;
}

}  // namespace

PredictedBounds predicted_bounds(const BoundaryGroup& g, double log2_rows, HalfLengths& half_lengths, Planner* codes) {
  const double ln_rows = log2_rows * std::log(2.0);
  const std::size_t d =
      g.per_log > 0        ? dimension_for(g.embedding, log2_rows, g.per_log)
      : g.per_variable > 0 ? clauses_for(static_cast<std::size_t>(log2_rows * static_cast<double>(g.order) + 0.5), g.per_variable)
                           : g.fixed_dimension;
  Gap thresholds = pair_gap(g.embedding, d);
  std::size_t dimension = g.embedding == "direct"  ? d + (std::size_t{1} << (g.order - 1)) - 2
                          : g.embedding == "paper" ? 2 * d
                                                   : d + static_cast<std::size_t>(thresholds.yes_at_least);
  if (g.family == "ksat" && g.embedding == "sharp") {
    const auto plan = codes ? least_boxes(*codes, d) : std::nullopt;
    if (!plan || !plan->dimension.fits_ulong_p()) return {std::nan(""), {}};
    thresholds = plan->gap;
    dimension = plan->dimension.get_ui();
  }
  const GapKind kind = g.gradient ? GapKind::loss : g.embedding == "paper" ? GapKind::relative : GapKind::additive;
  PredictedBounds bounds{
      worst_case_boundary(g.embedding, g.order, ln_rows, static_cast<double>(dimension), thresholds, kind, g.gap_wanted), {}};
  // Largest inner product of a tuple, the smallest being 0: the pads' (sharp: t, paper: d); direct and tight: 1.
  const double spread = g.embedding == "sharp"   ? static_cast<double>(thresholds.yes_at_least)
                        : g.embedding == "paper" ? static_cast<double>(d)
                        : g.family == "tight"    ? 1
                                                 : 0;
  if (spread == 0) return bounds;
  mpz_class tuples;
  mpz_set_d(tuples.get_mpz_t(), std::floor(std::exp2(log2_rows * static_cast<double>(g.order - 1)) + 0.5));
  const double half_length = half_lengths.largest(largest_degree(dimension, tuples), g.constant_error);
  bounds.polynomial = std::pow(2 * half_length / spread * static_cast<double>(dimension), 1.0 / static_cast<double>(g.order));
  return bounds;
}

std::vector<Picture> regime_pictures(const Results& results) {
  std::vector<Picture> pictures;
  const std::vector<BoundaryGroup> groups = boundary_groups(results);
  HalfLengths half_lengths;
  for (const auto& [slug, orders] : by_slug(groups)) {
    pictures.push_back(regime_picture(slug, orders, half_lengths));
    std::vector<std::pair<const BoundaryGroup*, BoundaryFit>> fits;
    for (const BoundaryGroup* g : orders)
      if (auto fit = fit_boundary(*g)) fits.emplace_back(g, std::move(*fit));
    if (!fits.empty()) {
      pictures.push_back(fit_picture(slug, fits));
      pictures.push_back(residual_picture(slug, fits));
    }
    for (const BoundaryGroup* g : orders)
      if (auto picture = gap_picture(results, *g)) pictures.push_back(std::move(*picture));
  }
  if (auto picture = time_picture(results)) pictures.push_back(std::move(*picture));
  return pictures;
}

}  // namespace gapwright
