#include "explore/route_pictures.hpp"

#include <fmt/format.h>

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
  std::string data;  ///< lines "x y measured-y"
};

std::string value(const Record& r, const char* key) {
  return r.contains(key) && !r[key].is_null() ? fmt::format("{:.17g}", r[key].get<double>()) : std::string("NaN");
}

std::string curves(Picture& picture, const std::vector<Curve>& all) {
  std::string plot;
  for (std::size_t i = 0; i < all.size(); ++i) {
    picture.blocks.push_back("# " + all[i].title + "\n" + all[i].data);
    plot += fmt::format(
        "{0}DATA index {1} using 1:2 with lines lw 2 lc rgb '{2}' title '{3}', \\\n     DATA index {1} using 1:3 with points pt "
        "7 ps 0.8 lc rgb '{2}' notitle",
        i ? ", \\\n     " : "plot ", i, color(i), all[i].title);
  }
  return plot + "\n";
}

}  // namespace

std::vector<Picture> route_pictures(const Results& results) {
  std::vector<Picture> pictures;
  std::map<std::size_t, std::map<std::string, std::pair<Curve, Curve>>> routes;  // k -> way -> B and log2 d'
  for (const Record* r : results.of_kind("route")) {
    const std::string way = r->at("route") == "direct"
                                ? std::string("direct")
                                : fmt::format("{}, {}", r->at("route").get<std::string>(), r->at("gadget").get<std::string>());
    auto& [bound, dimension] = routes[r->at("order")][way];
    bound.title = dimension.title = way;
    bound.data += fmt::format("{} {} {}\n", value(*r, "log2_rows"), value(*r, "entry_bound"), value(*r, "deciding_measured"));
    dimension.data += fmt::format("{} {} NaN\n", value(*r, "log2_rows"), value(*r, "log2_dimension"));
  }
  for (const auto& [k, ways] : routes) {
    std::vector<Curve> bounds, dimensions;
    for (const auto& [way, both] : ways) {
      bounds.push_back(both.first);
      dimensions.push_back(both.second);
    }
    Picture b{fmt::format("routes-k{}", k),
              fmt::format("B that each route needs, k = {}", k),
              "Lines: the theorem's B from the planner, least over all codes of the route. Points: B* measured on instances that "
              "were built.",
              {},
              {}};
    b.script =
        "set xlabel 'log_2 n'\nset ylabel 'entry bound B'\nset logscale y\nset grid\nset key below maxrows 4 samplen 2 font "
        "',12'\n" +
        curves(b, bounds);
    pictures.push_back(std::move(b));
    Picture d{fmt::format("dimensions-k{}", k),
              fmt::format("Dimension that each route needs, k = {}", k),
              "log2 of d', the columns of q and of the keys, for the ways of the picture before.",
              {},
              {}};
    d.script = "set xlabel 'log_2 n'\nset ylabel 'log_2 d'''\nset grid\nset key below maxrows 4 samplen 2 font ',12'\n" +
               curves(d, dimensions);
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
