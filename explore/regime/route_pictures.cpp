// SPDX-License-Identifier: MIT
#include "explore/regime/route_pictures.hpp"
#include "reductions/protocol_choice.hpp"

#include <fmt/format.h>
#include <gmpxx.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <vector>

namespace gapwright {
namespace {

struct Sample {
  double x, planned, measured, built;  ///< NaN where there is none
};

struct RouteCurve {
  std::string title;
  std::vector<Sample> samples;
};

double value(const Record& r, const char* key) {
  return r.contains(key) && !r[key].is_null() ? r[key].get<double>() : std::nan("");
}

/// log2 of an exact number, which may be a string of digits.
double log2_of(const Record& x) {
  if (x.is_null()) return std::nan("");
  if (!x.is_string()) return std::log2(x.get<double>());
  long exponent = 0;
  const double mantissa = mpz_get_d_2exp(&exponent, mpz_class(x.get<std::string>()).get_mpz_t());
  return std::log2(mantissa) + static_cast<double>(exponent);
}

std::string shown(double x) { return std::isnan(x) ? "NaN" : fmt::format("{:.17g}", x); }

PlotRange range_of(const std::vector<RouteCurve>& curves, const std::vector<double Sample::*>& columns) {
  PlotRange range;
  for (const RouteCurve& curve : curves)
    for (const Sample& s : curve.samples)
      for (const auto column : columns) range.add(s.*column);
  return range;
}

/// Lines planned, filled circles measured, open circles what was built.
std::string draw(Picture& picture, const std::vector<RouteCurve>& all, bool built) {
  std::string plot;
  for (std::size_t i = 0; i < all.size(); ++i) {
    std::string block = "# " + all[i].title + "\n";
    for (const Sample& s : all[i].samples)
      block += fmt::format("{} {} {} {}\n", shown(s.x), shown(s.planned), shown(s.measured), shown(s.built));
    picture.blocks.push_back(block);
    picture.frame.legend.push_back({all[i].title, plot_color(i), 0, 1});
    plot += fmt::format(
        "{0}DATA index {1} using 1:2 with lines lw 2 lc rgb '{2}', \\\n     DATA index {1} using 1:3 with points pt 7 ps 0.8 lc "
        "rgb '{2}'",
        i ? ", \\\n     " : "plot ", i, plot_color(i));
    if (built) plot += fmt::format(", \\\n     DATA index {} using 1:4 with points pt 6 ps 1.3 lc rgb '{}'", i, plot_color(i));
  }
  return plot + "\n";
}

/// Whose line is lowest where the axis ends.
std::string least_at_the_end(const std::vector<RouteCurve>& curves, const std::string& what) {
  const Sample* least = nullptr;
  std::string title = "What " + what + " each route needs";
  for (const RouteCurve& curve : curves)
    for (const Sample& s : curve.samples) {
      if (std::isnan(s.planned) || (least && (s.x < least->x || (s.x == least->x && s.planned >= least->planned)))) continue;
      least = &s;
      title = fmt::format("At n = 2^{:g} the smallest {}: {}", s.x, what, curve.title);
    }
  return title;
}

struct Group {  ///< pictures of one order and one kind of vectors
  std::string slug, subject;
  std::map<std::string, std::pair<RouteCurve, RouteCurve>> ways;  ///< B and log2 d'
};
using Groups = std::map<std::pair<std::string, std::size_t>, Group>;

Groups route_groups(const Results& results) {
  Groups routes;
  for (const Record* r : results.of_kind("route")) {
    const std::string way = r->at("route") == kDirect
                                ? std::string("direct")
                                : fmt::format("{}, {}", r->at("route").get<std::string>(), r->at("gadget").get<std::string>());
    const std::size_t k = r->at("order");
    const bool formulas = r->contains("per_variable");
    const double constant = r->at(formulas ? "per_variable" : "per_log");
    Group& group = routes[{fmt::format("{}{:g}", formulas ? "ksat-" : "", constant), k}];
    group.slug = fmt::format("{}k{}", formulas ? "ksat-" : "", k);
    group.subject = formulas ? fmt::format("k = {}: 3-SAT, d = {:g} log2 n", k, constant * static_cast<double>(k))
                             : fmt::format("k = {}, d = {:g} log2 n", k, constant);
    auto& [bound, dimension] = group.ways[way];
    bound.title = dimension.title = way;
    const double x = value(*r, "log2_rows");
    bound.samples.push_back({x, value(*r, "entry_bound"), value(*r, "deciding_measured"), value(*r, "entry_bound_measured")});
    dimension.samples.push_back({x, value(*r, "log2_dimension"), std::nan(""),
                                 log2_of(r->contains("dimension_measured") ? r->at("dimension_measured") : Record(nullptr))});
  }
  return routes;
}

Picture bound_picture(const std::string& slug, const std::string& subject, const std::vector<RouteCurve>& curves) {
  Picture p{"routes-" + slug,
            {least_at_the_end(curves, "B"), subject, "log_2 n", "entry bound B", "", {}},
            "Lines: the theorem's B from the planner, least over all codes of the route. Open circles: B of instances that were "
            "built. Filled: B* measured on them, from where on their gap shows.",
            {},
            {}};
  p.script = linear_axis('x', range_of(curves, {&Sample::x})) +
             log_axis('y', range_of(curves, {&Sample::planned, &Sample::measured, &Sample::built})) + draw(p, curves, true);
  p.frame.legend.push_back({"B of instances built", "#000000", 6, 0});
  p.frame.legend.push_back({"measured B^*", "#000000", 7, 0});
  return p;
}

Picture dimension_picture(const std::string& slug, const std::string& subject, const std::vector<RouteCurve>& curves) {
  Picture p{"dimensions-" + slug,
            {least_at_the_end(curves, "dimension"), subject, "log_2 n", "log_2 d'", "", {}},
            "log2 of d', the columns of q and of the keys, for the ways of the picture before. Open circles: d' of instances "
            "that were built.",
            {},
            {}};
  p.script = linear_axis('x', range_of(curves, {&Sample::x})) + draw(p, curves, true);
  p.frame.legend.push_back({"d' of instances built", "#000000", 6, 0});
  return p;
}

bool falls(const RouteCurve& curve) {
  const auto does_not = [](const Sample& a, const Sample& b) { return !(a.x < b.x && a.planned > b.planned); };
  return std::ranges::adjacent_find(curve.samples, does_not) == curve.samples.end();
}

Picture order_picture(const std::string& embedding, const std::vector<RouteCurve>& curves) {
  Picture p{"orders-" + embedding,
            {std::ranges::all_of(curves, falls) ? "The higher the order, the smaller the entries of hard inputs"
                                                : "Entries of hard inputs, by the order",
             "pairs: " + embedding + ", tight; the same number of tuples n^k at every order",
             "order k",
             "B^*",
             "",
             {}},
            "The same number of tuples n^k at every order. Lines: worst case by formula. Points: B* measured.",
            {},
            {}};
  p.script = linear_axis('x', range_of(curves, {&Sample::x})) + "set yrange [0:*]\nset xtics 1\n" + draw(p, curves, false);
  p.frame.legend.push_back({"worst case (theorem)", "#000000", 0, 1});
  p.frame.legend.push_back({"measured", "#000000", 7, 0});
  return p;
}

std::vector<Picture> order_pictures(const Results& results) {
  std::map<std::string, std::map<std::size_t, RouteCurve>> orders;  // embedding -> N -> B against k
  for (const Record* r : results.of_kind("order")) {
    RouteCurve& curve = orders[r->at("embedding")][r->at("variables")];
    curve.title = fmt::format("n^k = 2^{{{}}}", r->at("variables").get<std::size_t>());
    curve.samples.push_back({static_cast<double>(r->at("order").get<std::size_t>()), value(*r, "worst_case_entry_bound"),
                             value(*r, "deciding_measured"), std::nan("")});
  }
  std::vector<Picture> pictures;
  for (const auto& [embedding, sizes] : orders) {
    std::vector<RouteCurve> all;
    for (const auto& [variables, curve] : sizes) all.push_back(curve);
    pictures.push_back(order_picture(embedding, all));
  }
  return pictures;
}

}  // namespace

std::vector<Picture> route_pictures(const Results& results) {
  std::vector<Picture> pictures;
  const Groups routes = route_groups(results);
  std::map<std::string, int> slugs;  // several constants in one file: the constant joins the name
  for (const auto& [key, group] : routes) ++slugs[group.slug];
  for (const auto& [key, group] : routes) {
    const std::string slug = slugs[group.slug] > 1 ? fmt::format("{}-k{}", key.first, key.second) : group.slug;
    std::vector<RouteCurve> bounds, dimensions;
    for (const auto& [way, both] : group.ways) {
      bounds.push_back(both.first);
      dimensions.push_back(both.second);
    }
    pictures.push_back(bound_picture(slug, group.subject, bounds));
    pictures.push_back(dimension_picture(slug, group.subject, dimensions));
  }
  for (Picture& p : order_pictures(results)) pictures.push_back(std::move(p));
  return pictures;
}

}  // namespace gapwright
