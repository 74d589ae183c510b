// SPDX-License-Identifier: MIT
#include "explore/route_pictures.hpp"

#include <fmt/format.h>
#include <gmpxx.h>

#include <cmath>
#include <map>

namespace gapwright {
namespace {

const char* color(std::size_t i) {
  static constexpr const char* colors[] = {"#444444", "#0072b2", "#56b4e9", "#d55e00", "#e69f00", "#009e73", "#cc79a7"};
  return colors[i % std::size(colors)];
}

struct Curve {
  std::string title;
  std::string data;  ///< lines "x y measured-y", or "x y measured-y built-y"
};

std::string value(const Record& r, const char* key) {
  return r.contains(key) && !r[key].is_null() ? fmt::format("{:.17g}", r[key].get<double>()) : std::string("NaN");
}

/// log2 of an exact number, which may be a string of digits.
std::string log2_of(const Record& x) {
  if (x.is_null()) return "NaN";
  if (!x.is_string()) return fmt::format("{:.17g}", std::log2(x.get<double>()));
  long exponent = 0;
  const double mantissa = mpz_get_d_2exp(&exponent, mpz_class(x.get<std::string>()).get_mpz_t());
  return fmt::format("{:.17g}", std::log2(mantissa) + static_cast<double>(exponent));
}

/// Lines planned, filled circles measured, open circles (a fourth column) what was built.
std::string curves(Picture& picture, const std::vector<Curve>& all, bool built = false) {
  std::string plot;
  for (std::size_t i = 0; i < all.size(); ++i) {
    picture.blocks.push_back("# " + all[i].title + "\n" + all[i].data);
    plot += fmt::format(
        "{0}DATA index {1} using 1:2 with lines lw 2 lc rgb '{2}' title {3}, \\\n     DATA index {1} using 1:3 with points pt "
        "7 ps 0.8 lc rgb '{2}' notitle",
        i ? ", \\\n     " : "plot ", i, color(i), gnuplot_quoted(all[i].title));
    if (built) plot += fmt::format(", \\\n     DATA index {} using 1:4 with points pt 6 ps 1.3 lc rgb '{}' notitle", i, color(i));
  }
  return plot + "\n";
}

}  // namespace

std::vector<Picture> route_pictures(const Results& results) {
  std::vector<Picture> pictures;
  struct Group {  // pictures of one order and one kind of vectors
    std::string slug, title;
    std::map<std::string, std::pair<Curve, Curve>> ways;  // B and log2 d'
  };
  std::map<std::pair<std::string, std::size_t>, Group> routes;
  for (const Record* r : results.of_kind("route")) {
    const std::string way = r->at("route") == "direct"
                                ? std::string("direct")
                                : fmt::format("{}, {}", r->at("route").get<std::string>(), r->at("gadget").get<std::string>());
    const std::size_t k = r->at("order");
    const bool formulas = r->contains("per_variable");
    const double constant = r->at(formulas ? "per_variable" : "per_log");
    Group& group = routes[{fmt::format("{}{:g}", formulas ? "ksat-" : "", constant), k}];
    group.slug = fmt::format("{}k{}", formulas ? "ksat-" : "", k);
    group.title = formulas ? fmt::format("k = {}: 3-SAT, d = {:g} log2 n", k, constant * static_cast<double>(k))
                           : fmt::format("k = {}, d = {:g} log2 n", k, constant);
    auto& [bound, dimension] = group.ways[way];
    bound.title = dimension.title = way;
    const Record built = r->contains("dimension_measured") ? r->at("dimension_measured") : Record(nullptr);
    bound.data += fmt::format("{} {} {} {}\n", value(*r, "log2_rows"), value(*r, "entry_bound"), value(*r, "deciding_measured"),
                              value(*r, "entry_bound_measured"));
    dimension.data += fmt::format("{} {} NaN {}\n", value(*r, "log2_rows"), value(*r, "log2_dimension"), log2_of(built));
  }
  std::map<std::string, int> slugs;  // several constants in one file: the constant joins the name
  for (const auto& [key, group] : routes) ++slugs[group.slug];
  for (const auto& [key, group] : routes) {
    const std::string slug = slugs[group.slug] > 1 ? fmt::format("{}-k{}", key.first, key.second) : group.slug;
    std::vector<Curve> bounds, dimensions;
    for (const auto& [way, both] : group.ways) {
      bounds.push_back(both.first);
      dimensions.push_back(both.second);
    }
    Picture b{
        "routes-" + slug,
        "B that each route needs, " + group.title,
        "Lines: the theorem's B from the planner, least over all codes of the route. Open circles: B of instances that were "
        "built. Filled: B* measured on them, from where on their gap shows.",
        {},
        {}};
    b.script =
        "set xlabel 'log_2 n'\nset ylabel 'entry bound B'\nset logscale y\nset grid\nset key below maxrows 4 samplen 2 font "
        "',12'\n" +
        curves(b, bounds, true);
    pictures.push_back(std::move(b));
    Picture d{"dimensions-" + slug,
              "Dimension that each route needs, " + group.title,
              "log2 of d', the columns of q and of the keys, for the ways of the picture before. Open circles: d' of instances "
              "that were built.",
              {},
              {}};
    d.script = "set xlabel 'log_2 n'\nset ylabel 'log_2 d'''\nset grid\nset key below maxrows 4 samplen 2 font ',12'\n" +
               curves(d, dimensions, true);
    pictures.push_back(std::move(d));
  }
  std::map<std::string, std::map<std::size_t, Curve>> orders;  // embedding -> N -> B against k
  std::map<std::string, std::map<std::size_t, Curve>> polynomial;
  for (const Record* r : results.of_kind("order")) {
    Curve& curve = orders[r->at("embedding")][r->at("variables")];
    curve.title = fmt::format("n^k = 2^{{{}}}", r->at("variables").get<std::size_t>());
    curve.data += fmt::format("{} {} {}\n", r->at("order").get<std::size_t>(), value(*r, "worst_case_entry_bound"),
                              value(*r, "deciding_measured"));
  }
  for (const auto& [embedding, sizes] : orders) {
    std::vector<Curve> all;
    for (const auto& [variables, curve] : sizes) all.push_back(curve);
    Picture p{"orders-" + embedding,
              "B at which the gap is visible, against the order: " + embedding,
              "The same number of tuples n^k at every order: the higher the order, the smaller the entries at which attention is "
              "hard. Lines: worst case by formula. Points: B* measured.",
              {},
              {}};
    p.script = "set xlabel 'order k'\nset ylabel 'B*'\nset yrange [0:*]\nset xtics 1\nset grid\nset key top right samplen 2\n" +
               curves(p, all);
    pictures.push_back(std::move(p));
  }
  return pictures;
}

}  // namespace gapwright
