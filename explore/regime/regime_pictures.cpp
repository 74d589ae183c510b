// SPDX-License-Identifier: MIT
#include "explore/regime/regime_pictures.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>
#include <optional>

#include "explore/regime/boundary_fit.hpp"
#include "explore/regime/hard_pair.hpp"
#include "explore/regime/predicted_bounds.hpp"

namespace gapwright {
namespace {

constexpr double kLeastPredictedLog2 = 3, kLargestPredictedLog2 = 32;  // formulas are followed no further
constexpr double kBeyondLast = 1.25;                                   // an axis of n ends at the last point times this
constexpr std::size_t kMostCurves = 4;                                 // of different n in one picture

std::string plotted(double x) { return std::isfinite(x) ? fmt::format("{:.17g}", x) : "NaN"; }

std::string law_text(const BoundaryGroup& g) { return fmt::format("(log n)^({}/k)", g.power()); }

/// What a group's picture is of, below its title.
std::string subject_of(const BoundaryGroup& g, const std::string& rest = "") { return "pairs: " + g.name() + rest; }

LegendEntry curve_of(std::size_t i, const std::string& words, int dash = 0) { return {words, plot_color(i), 7, dash}; }

std::string plot_command(const std::vector<std::string>& curves) {
  return fmt::format("plot {}\n", fmt::join(curves, ", \\\n     "));
}

/// The axis of n ends where the data do: a little beyond, so that points at its ends are whole.
std::string axis_of_n(std::size_t least, std::size_t largest) {
  return fmt::format("set logscale x 2\nset format x '2^{{%L}}'\nset xrange [{:.6g}:{:.6g}]\n",
                     static_cast<double>(least) / kBeyondLast, static_cast<double>(largest) * kBeyondLast);
}

/// Points of a group stand by n.
std::string axis_of_sizes(const std::vector<const BoundaryGroup*>& groups) {
  std::size_t least = SIZE_MAX, largest = 0;
  for (const BoundaryGroup* g : groups)
    least = std::min(least, g->points.front().rows), largest = std::max(largest, g->points.back().rows);
  return axis_of_n(least, largest);
}

/// The groups of one slug, one per order; they stand together.
std::vector<std::pair<std::string, std::vector<const BoundaryGroup*>>> by_slug(const std::vector<BoundaryGroup>& groups) {
  std::vector<std::pair<std::string, std::vector<const BoundaryGroup*>>> result;
  for (const BoundaryGroup& g : groups) {
    if (result.empty() || result.back().first != g.slug()) result.push_back({g.slug(), {}});
    result.back().second.push_back(&g);
  }
  return result;
}

/// The family tight attains the theorem's worst case, so its law is the theorem's; of the others the theorem only bounds B*. With
/// the codes of one length limit, which ksat by sharp takes, d'/(t - s_no) is no constant, and no law is claimed.
std::string regime_title(const BoundaryGroup& g, bool through_codes) {
  if (g.family == PairFamily::tight) return "The gap shows at B = \u0398(" + law_text(g) + ")";
  if (through_codes) return "The gap shows below the theorem's worst case";
  return "The gap shows at B = O(" + law_text(g) + ")";
}

std::string regime_caption(const BoundaryGroup& first, bool through_codes) {
  std::string text =
      "Entry bound B against n. Circles: B*, the smallest B at which the yes row and all no rows are certified apart by the "
      "wanted gap. Solid lines: the theorem's worst case for it. Squares: B_r, the largest B up to which the polynomial method "
      "needs at "
      "most r = n^(k-1) features for a constant error on the instance's own score interval. Dashed: the same for scores that use "
      "all the range the promise allows; it moves in steps because the degree is whole. Between B_r and B* no method here does "
      "less work than looking at all tuples.";
  if (first.family == PairFamily::ksat)
    text += " Random 3-SAT: n = 2^(N/k) assignments a set, one coordinate for each of the M clauses.";
  return through_codes ? text + " Both lines jump where another code is the best." : text;
}

std::string measured_block(const BoundaryGroup& g) {
  std::string block = fmt::format("# k = {}: n, B*, B_r\n", g.order);
  for (const BoundaryPoint& b : g.points) block += fmt::format("{} {:.17g} {:.17g}\n", b.rows, b.deciding, b.polynomial);
  return block;
}

/// The theorem's lines, from the group's smallest n to the largest n that any order of the picture has.
std::string predicted_block(const BoundaryGroup& g, double largest_log2, HalfLengths& half_lengths) {
  std::string block = fmt::format("# k = {}: n, worst-case B*, B_r (formula; NaN: depends on the instance)\n", g.order);
  Planner codes(g.order, kFormulaCodes);
  const auto add = [&](double x) {
    const PredictedBounds bounds = predicted_bounds(g, x, half_lengths, &codes);
    block +=
        fmt::format("{:.17g} {} {}\n", std::exp2(x), plotted(bounds.deciding), plotted(bounds.polynomial.value_or(std::nan(""))));
  };
  const double least = std::log2(static_cast<double>(g.points.front().rows));
  for (double x = std::max(kLeastPredictedLog2, least); x < largest_log2; x += 1) add(x);
  add(std::max(kLeastPredictedLog2, largest_log2));
  return block;
}

Picture regime_picture(const std::string& slug, const std::vector<const BoundaryGroup*>& groups, HalfLengths& half_lengths) {
  const BoundaryGroup& first = *groups.front();
  // There B* and B_r differ by much, and by order.
  const bool through_codes = first.family == PairFamily::ksat && first.embedding == Embedding::sharp;
  Picture p{"regime-" + slug,
            {regime_title(first, through_codes), subject_of(first), "n", "entry bound B", "", {}},
            regime_caption(first, through_codes),
            {},
            {}};
  double largest_log2 = 0;
  for (const BoundaryGroup* g : groups)
    largest_log2 = std::max(largest_log2, std::log2(static_cast<double>(g->points.back().rows)));
  std::vector<std::string> curves;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    p.blocks.push_back(measured_block(*groups[i]));
    p.blocks.push_back(predicted_block(*groups[i], std::min(largest_log2, kLargestPredictedLog2), half_lengths));
    p.frame.legend.push_back({fmt::format("k = {}", groups[i]->order), plot_color(i), 7, 1});
    curves.push_back(fmt::format(
        "DATA index {0} using 1:2 with points pt 7 ps 0.7 lc rgb '{2}', \\\n     DATA index {1} using 1:2 with lines lw 2 lc rgb "
        "'{2}', \\\n     DATA index {0} using 1:3 with points pt 4 ps 0.6 lc rgb '{2}', \\\n     DATA index {1} using 1:3 with "
        "steps lw 2 dt 2 lc rgb '{2}'",
        2 * i, 2 * i + 1, plot_color(i)));
  }
  p.frame.legend.push_back({"measured B^*", "#000000", 7, 0});
  p.frame.legend.push_back({"worst case (theorem)", "#000000", 0, 1});
  p.frame.legend.push_back({"measured B_r", "#000000", 4, 0});
  p.frame.legend.push_back({"r = n^{k-1}", "#000000", 0, 2});
  p.script = axis_of_sizes(groups) + (through_codes ? "set logscale y 2\n" : "set yrange [0:*]\n") + plot_command(curves);
  return p;
}

using Fits = std::vector<std::pair<const BoundaryGroup*, BoundaryFit>>;

/// (ln n)^(p/k)
double law_argument(const BoundaryGroup& g, const BoundaryPoint& b) {
  return std::pow(std::log(static_cast<double>(b.rows)), g.power() / static_cast<double>(g.order));
}

std::string fit_block(const BoundaryGroup& g, const BoundaryFit& fit) {
  const double exponent = g.power() / static_cast<double>(g.order);
  std::string block = fmt::format("# k = {}: (ln n)^({}/k), B*, c (ln n)^({}/k), (a + b ln n)^({}/k), n\n", g.order, g.power(),
                                  g.power(), g.power());
  for (const BoundaryPoint& b : g.points) {
    const double offset = fit.offset.intercept + fit.offset.slope * std::log(static_cast<double>(b.rows)), x = law_argument(g, b);
    block += fmt::format("{:.17g} {:.17g} {:.17g} {:.17g} {}\n", x, b.deciding, fit.law.factor * x,
                         std::pow(std::max(0.0, offset), exponent), b.rows);
  }
  return block;
}

Picture fit_picture(const std::string& slug, const Fits& fits) {
  const BoundaryGroup& first = *fits.front().first;
  const std::string power = first.power() == 2 ? "2/k" : "1/k";
  Picture p{"fit-" + slug,
            {"B* follows (a + b log n)^(" + power + ") more closely than c (log n)^(" + power + ")",
             subject_of(first),
             "(ln n)^{" + power + "}",
             "B^*",
             "",
             {}},
            "Points: certified B*. Solid: the best c (ln n)^(" + power +
                "), one constant and no other term. Dashed: the form of the finite theorem, B*^" +
                (first.power() == 2 ? std::string("(k/2)") : std::string("k")) +
                " = a + b ln n. At these n the term a is not small.",
            {},
            {}};
  std::vector<std::string> curves;
  bool offset_is_better = true;
  PlotRange x;
  for (std::size_t i = 0; i < fits.size(); ++i) {
    const auto& [g, fit] = fits[i];
    offset_is_better = offset_is_better && fit.offset_rms < fit.law.rms;
    p.blocks.push_back(fit_block(*g, fit));
    for (const BoundaryPoint& b : g->points) x.add(law_argument(*g, b));
    p.frame.legend.push_back(curve_of(i, fmt::format("k = {}: c = {:.4g}", g->order, fit.law.factor), 1));
    curves.push_back(fmt::format(
        "DATA index {0} using 1:2 with points pt 7 ps 0.7 lc rgb '{1}', \\\n     DATA index {0} using 1:3 with lines lw 2 lc rgb "
        "'{1}', \\\n     DATA index {0} using 1:4 with lines lw 1 dt 2 lc rgb '{1}'",
        i, plot_color(i)));
  }
  if (!offset_is_better) p.frame.title = "B* and its fits, c (log n)^(" + power + ")";
  p.frame.legend.push_back({"c (ln n)^{" + power + "}", "#000000", 0, 1});
  p.frame.legend.push_back({"(a + b ln n)^{" + power + "}", "#000000", 0, 2});
  p.script = linear_axis('x', x) + plot_command(curves);
  return p;
}

/// Says of the theorem's exponent what holds at every order drawn.
std::string residual_title(const Fits& fits) {
  const int power = fits.front().first->power();
  const auto better = [](const auto& f) { return f.second.law.rms < f.second.other.rms; };
  if (std::ranges::all_of(fits, better)) return fmt::format("The exponent {}/k fits B* better than {}/k", power, 3 - power);
  if (std::ranges::none_of(fits, better)) return fmt::format("At these n, {}/k fits B* better than {}/k", 3 - power, power);
  return fmt::format("How well the exponents {}/k and {}/k fit B*", power, 3 - power);
}

Picture residual_picture(const std::string& slug, const Fits& fits) {
  const BoundaryGroup& first = *fits.front().first;
  const int power = first.power();
  Picture p{"residuals-" + slug,
            {residual_title(fits), subject_of(first), "n", "residual, per cent", "", {}},
            fmt::format(
                "(B* - fit)/B*. Filled: c (ln n)^({}/k), the theorem's exponent. Open, dashed: c (ln n)^({}/k), the exponent of "
                "the other kind of embedding.",
                power, 3 - power),
            {},
            {}};
  std::vector<std::string> curves{"0 with lines lc rgb 'black'"};
  std::vector<const BoundaryGroup*> groups;
  for (std::size_t i = 0; i < fits.size(); ++i) {
    const auto& [g, fit] = fits[i];
    groups.push_back(g);
    std::string block = fmt::format("# k = {}: n, residual of {}/k, of {}/k, per cent\n", g->order, power, 3 - power);
    for (std::size_t j = 0; j < g->points.size(); ++j)
      block += fmt::format("{} {:.17g} {:.17g}\n", g->points[j].rows, 100 * fit.law.residuals[j], 100 * fit.other.residuals[j]);
    p.blocks.push_back(block);
    p.frame.legend.push_back(curve_of(i, fmt::format("k = {}", g->order), 1));
    curves.push_back(fmt::format(
        "DATA index {0} using 1:2 with linespoints lw 2 pt 7 ps 0.6 lc rgb '{1}', \\\n     DATA index {0} using 1:3 with "
        "linespoints dt 2 pt 6 ps 0.6 lc rgb '{1}'",
        i, plot_color(i)));
  }
  p.frame.legend.push_back({fmt::format("exponent {}/k", power), "#000000", 7, 1});
  p.frame.legend.push_back({fmt::format("exponent {}/k", 3 - power), "#000000", 6, 2});
  p.script = axis_of_sizes(groups) + plot_command(curves);
  return p;
}

/// At most four, evenly spread, both ends kept: more curves are not told apart.
template <class Map>
void keep_four(Map& curves) {
  const std::size_t count = curves.size();
  if (count <= kMostCurves) return;
  std::size_t place = 0, kept = 0;
  std::erase_if(curves, [&](const auto&) {
    const bool keep = kept < kMostCurves && place++ == kept * (count - 1) / (kMostCurves - 1);
    kept += keep;
    return !keep;
  });
}

struct GapPoint {
  double gap, exponent;  ///< x of r = n^x; NaN where the degree is beyond what is studied
  bool visible;          ///< as the record says
};
using GapCurves = std::map<std::size_t, std::map<double, GapPoint>>;  ///< n -> B -> point

GapCurves gap_curves(const Results& results, const BoundaryGroup& g) {
  GapCurves curves;
  for (const Record* r : results.of_kind(g.gradient ? "gradient-point" : "point")) {
    if (r->at("order") != g.order || r->at("embedding") != word_of(g.embedding) || r->at("family") != word_of(g.family) ||
        !g.has_dimension_rule_of(*r) || r->at("seed") != g.points.front().seed)
      continue;
    const Record& exponent = r->at("constant_error").at("exponent");
    curves[r->at("rows")][r->at("entry_bound")] = {r->at(g.gradient ? "loss_gap" : "gap").at("lo"),
                                                   exponent.is_null() ? std::nan("") : exponent.get<double>(), r->at("visible")};
  }
  std::erase_if(curves, [](const auto& curve) { return curve.second.size() < 2; });
  keep_four(curves);
  return curves;
}

/// n^(k-1), the tuples of a row.
std::string tuples_text(const BoundaryGroup& g) { return g.order == 2 ? "n" : fmt::format("n^{}", g.order - 1); }

std::string gap_title(const GapCurves& curves, const BoundaryGroup& g) {
  bool some_shows = false;
  for (const auto& [n, curve] : curves)
    for (const auto& [b, point] : curve) {
      if (point.visible && point.exponent <= static_cast<double>(g.order - 1))
        return fmt::format("k = {}: the gap, and the features r, against B", g.order);
      some_shows |= point.visible;
    }
  return some_shows ? fmt::format("k = {}: where the gap shows, r is above {}", g.order, tuples_text(g))
                    : fmt::format("k = {}: the gap shows at no B of this picture", g.order);
}

/// Gap and exponent of r against B, for one order.
std::optional<Picture> gap_picture(const Results& results, const BoundaryGroup& g) {
  const GapCurves curves = gap_curves(results, g);
  if (curves.empty()) return std::nullopt;
  const bool relative = g.embedding == Embedding::paper && !g.gradient;  // no one height stands for the wanted gap
  const std::string wanted = relative ? fmt::format("; wanted gap: {:.4g} of the yes output", g.gap_wanted) : "",
                    y_label = g.gradient ? "certified gap of the losses" : "certified gap";
  Picture p{fmt::format("gap-{}-k{}", g.slug(), g.order),
            {gap_title(curves, g), subject_of(g, wanted), "entry bound B", y_label, "x in r = n^x", {}},
            fmt::format(
                "Solid, left axis: the certified gap between the yes row and all no rows. Dashed, right axis: x in r = n^x, the "
                "features of the polynomial method at a constant error; above {} it does more than look at all {} tuples.",
                g.order - 1, tuples_text(g)),
            {},
            {}};
  std::vector<std::string> drawn;
  double largest = static_cast<double>(g.order - 1);
  for (const auto& [n, curve] : curves) {
    std::string block = fmt::format("# n = {}: B, gap, exponent of r\n", n);
    for (const auto& [b, point] : curve) {
      block += fmt::format("{:.17g} {:.17g} {}\n", b, point.gap, plotted(point.exponent));
      if (point.exponent > largest) largest = point.exponent;
    }
    const std::size_t i = p.blocks.size();
    p.blocks.push_back(block);
    p.frame.legend.push_back(curve_of(i, fmt::format("n = {}", n), 1));
    drawn.push_back(fmt::format(
        "DATA index {0} using 1:2 with linespoints lw 2 pt 7 ps 0.5 lc rgb '{1}', \\\n     DATA index {0} using 1:3 axes x1y2 "
        "with linespoints dt 2 pt 6 ps 0.5 lc rgb '{1}'",
        i, plot_color(i)));
  }
  if (!relative) drawn.push_back(fmt::format("{:.17g} with lines dt 3 lc rgb 'black'", g.gap_wanted));
  drawn.push_back(fmt::format("{} axes x1y2 with lines dt 4 lc rgb 'black'", g.order - 1));
  p.frame.legend.insert(p.frame.legend.end(), {{"gap", "#000000", 7, 1}, {"x", "#000000", 6, 2}});
  if (!relative) p.frame.legend.push_back({"wanted gap", "#000000", 0, 3});
  p.frame.legend.push_back({"r = " + tuples_text(g), "#000000", 0, 4});
  p.script = fmt::format("set ytics nomirror\nset y2tics\nset xrange [0:*]\nset yrange [-0.03:*]\nset y2range [0:{:.6g}]\n",
                         1.05 * largest) +
             plot_command(drawn);
  return p;
}

struct Seconds {
  double exact = INFINITY, polynomial = INFINITY;  ///< the fastest of all B
};
struct Times {
  std::map<std::size_t, std::map<std::size_t, Seconds>> of;  ///< k -> n
  std::size_t hidden = 0, visible = 0;                       ///< runs of the polynomial method, by whether the gap shows there
};

Times times_of(const Results& results) {
  Times times;
  for (const Record* r : results.of_kind("point")) {
    const Record& timing = r->at("timing");
    Seconds& entry = times.of[r->at("order")][r->at("rows")];
    if (timing.contains("exact_seconds")) entry.exact = std::min(entry.exact, timing["exact_seconds"].get<double>());
    if (!timing.contains("polynomial_seconds")) continue;
    entry.polynomial = std::min(entry.polynomial, timing["polynomial_seconds"].get<double>());
    ++(r->at("visible").get<bool>() ? times.visible : times.hidden);
  }
  for (auto& [k, sizes] : times.of)
    std::erase_if(sizes, [](const auto& s) { return std::isinf(s.second.exact) && std::isinf(s.second.polynomial); });
  std::erase_if(times.of, [](const auto& order) { return order.second.empty(); });
  return times;
}

std::string time_title(const Times& times) {
  return times.hidden > 0 && times.visible == 0 ? "The polynomial method runs only where the gap is hidden"
                                                : "Seconds of one instance, by method and size";
}

std::optional<Picture> time_picture(const Results& results) {
  const Times times = times_of(results);
  if (times.of.empty()) return std::nullopt;
  Picture p{"time",
            {time_title(times), "seconds of one instance, all pairs of the file", "n", "seconds", "", {}},
            "Filled: exact attention, n^k tuples. Open, dashed: the polynomial method where it ran at all, the fastest B of each "
            "n; it refuses a B that asks for too many features.",
            {},
            {}};
  std::vector<std::string> curves;
  std::size_t least = SIZE_MAX, largest = 0;
  for (const auto& [k, sizes] : times.of) {
    std::string block = fmt::format("# k = {}: n, exact, polynomial seconds\n", k);
    for (const auto& [n, seconds] : sizes)
      block += fmt::format("{} {} {}\n", n, plotted(seconds.exact), plotted(seconds.polynomial));
    least = std::min(least, sizes.begin()->first), largest = std::max(largest, sizes.rbegin()->first);
    const std::size_t i = p.blocks.size();
    p.blocks.push_back(block);
    p.frame.legend.push_back(curve_of(i, fmt::format("k = {}", k), 1));
    curves.push_back(fmt::format(
        "DATA index {0} using 1:2 with linespoints lw 2 pt 7 ps 0.6 lc rgb '{1}', \\\n     DATA index {0} using 1:3 with "
        "linespoints dt 2 pt 6 ps 0.6 lc rgb '{1}'",
        i, plot_color(i)));
  }
  p.frame.legend.insert(p.frame.legend.end(), {{"exact", "#000000", 7, 1}, {"polynomial", "#000000", 6, 2}});
  p.script = fmt::format("{}set logscale y\nset format y '10^{{%L}}'\n", axis_of_n(least, largest)) + plot_command(curves);
  return p;
}

}  // namespace

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
