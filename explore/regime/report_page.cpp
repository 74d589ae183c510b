// SPDX-License-Identifier: MIT
#include "explore/regime/report_page.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "explore/regime/boundary_fit.hpp"
#include "explore/regime/html.hpp"
#include "explore/regime/regime_pictures.hpp"
#include "explore/regime/route_pictures.hpp"
#include "explore/regime/routes.hpp"
#include "support/message.hpp"
#include "support/version.hpp"

namespace gapwright {
namespace {

std::string fits_section(const std::vector<BoundaryGroup>& groups) {
  Table fits{
      "The law of the boundary: B* against c (ln n)^(p/k). \u00b1: one standard error of the least-squares line. The theorem "
      "speaks of the family tight",
      {"pairs", "k", "n", "p", "c", "rms residual", "other p", "its rms", "free exponent", "p/k", "a", "b", "b predicted",
       "rms of a + b ln n"},
      {}};
  Table residuals{"Residuals of c (ln n)^(p/k), per cent, by n", {"pairs", "k"}, {}};
  std::set<std::size_t> sizes;
  for (const BoundaryGroup& g : groups)
    for (const BoundaryPoint& p : g.points) sizes.insert(p.rows);
  for (const std::size_t n : sizes) residuals.head.push_back(fmt::format("n = {}", n));
  for (const BoundaryGroup& g : groups) {
    const auto fit = fit_boundary(g);
    if (!fit) continue;
    const double exponent = g.power() / static_cast<double>(g.order);
    fits.rows.push_back(
        {g.name(), std::to_string(g.order), fmt::format("{} to {}", g.points.front().rows, g.points.back().rows),
         std::to_string(g.power()), number(fit->law.factor), fmt::format("{:.2f} %", 100 * fit->law.rms),
         std::to_string(3 - g.power()), fmt::format("{:.2f} %", 100 * fit->other.rms),
         fmt::format("{:.3f} \u00b1 {:.3f}", fit->exponent.slope, fit->exponent.slope_error), fmt::format("{:.3f}", exponent),
         number(fit->offset.intercept), fmt::format("{:.4g} \u00b1 {:.1g}", fit->offset.slope, fit->offset.slope_error),
         fit->predicted_slope ? number(*fit->predicted_slope) : "-", fmt::format("{:.2f} %", 100 * fit->offset_rms)});
    std::map<std::size_t, std::pair<double, int>> means;
    for (std::size_t i = 0; i < g.points.size(); ++i) {
      auto& [sum, count] = means[g.points[i].rows];
      sum += fit->law.residuals[i];
      ++count;
    }
    std::vector<std::string> row{g.name(), std::to_string(g.order)};
    for (const std::size_t n : sizes)
      row.push_back(means.contains(n) ? fmt::format("{:+.2f}", 100 * means[n].first / means[n].second) : "");
    residuals.rows.push_back(std::move(row));
  }
  if (fits.rows.empty()) return "";
  return "<h2>Fits</h2>\n<p>p is the theorem's exponent: 1 for the sharp and paper embeddings, whose d'/(t - s_no) is constant "
         "here, 2 for direct with d of the order of log n. "
         "B*<sup>k/p</sup> = a + b ln n is the form the finite theorem has; at these sizes a is not small, which is why a free "
         "exponent comes out below p/k.</p>\n" +
         html(fits) + html(residuals);
}

std::string boundaries_section(const Results& results) {
  std::string text;
  for (const char* kind : {"boundary", "gradient-boundary"}) {
    Table table{std::string(kind) == "boundary" ? "Boundaries of forward attention" : "Boundaries of gradients",
                {"embedding", "family", "k", "n", "d", "d'", "seed", "t", "s_no", "B* (certified)", "worst case", "theorem's B",
                 "g at r <= n^(k-1)", "B_r", "B*/B_r"},
                {}};
    for (const Record* r : results.of_kind(kind)) {
      const Record &b = r->at("deciding_entry_bound"), &p = r->at("polynomial");
      const double deciding = b.is_null() ? NAN : b.at("hi").get<double>();
      table.rows.push_back({r->at("embedding"), r->at("family"), number(r->at("order")), number(r->at("rows")),
                            number(r->at("vector_dimension")), number(r->at("dimension")), number(r->at("seed")),
                            number(r->at("yes_at_least")), number(r->at("no_at_most")),
                            b.is_null() ? "not reached" : fmt::format("{:.6f}", deciding),
                            number(r->at("worst_case_entry_bound")), number(r->at("theorem_entry_bound")), number(p.at("degree")),
                            number(p.at("entry_bound")), number(deciding / p.at("entry_bound").get<double>())});
    }
    if (!table.rows.empty()) text += html(table);
  }
  return text.empty() ? "" : "<h2>Boundaries</h2>\n" + text;
}

/// Where the pairs of the family ksat come from: gen random-ksat writes the unsatisfiable formula again.
std::string formulas_section(const Results& results) {
  Table table{"Pairs of random 3-SAT formulas, one literal apart: the one has no model, the other those counted",
              {"embedding", "k", "n", "N", "M", "M/N", "formula seed", "models", "code", "Q", "L", "D", "T", "t", "s_no"},
              {}};
  for (const char* kind : {"boundary", "gradient-boundary"})
    for (const Record* r : results.of_kind(kind)) {
      if (!r->contains("formula")) continue;
      const Record& f = r->at("formula");
      const auto of_code = [&](const char* key) { return f.contains(key) ? number(f.at(key)) : std::string("-"); };
      table.rows.push_back({r->at("embedding"), number(r->at("order")), number(r->at("rows")), number(f.at("variables")),
                            number(f.at("clauses")), number(f.at("clauses").get<double>() / f.at("variables").get<double>()),
                            f.at("formula_seed").dump(), number(f.at("models")),
                            f.contains("route") ? f.at("route").get<std::string>() : "-", of_code("field"), of_code("coins"),
                            of_code("degree"), of_code("blocks"), number(r->at("yes_at_least")), number(r->at("no_at_most"))});
    }
  return table.rows.empty() ? "" : "<h2>Formulas</h2>\n" + html(table);
}

std::string points_section(const Results& results) {
  std::string text;
  for (const char* kind : {"point", "gradient-point"}) {
    const bool gradient = std::string(kind) != "point";
    Table table{gradient ? "Gradients" : "Forward attention",
                {"embedding",
                 "family",
                 "k",
                 "n",
                 "seed",
                 "B",
                 "B/B*",
                 "B/(ln n)^(1/k)",
                 gradient ? "loss gap" : "certified gap",
                 "error allowed",
                 "R",
                 "g",
                 "r",
                 "r = n^x: x",
                 "exact",
                 "s",
                 "polynomial",
                 "g used",
                 "r used",
                 "certified error",
                 "s"},
                {}};
    for (const Record* r : results.of_kind(kind)) {
      const Record &constant = r->at("constant_error"), &exact = r->at("exact"), &polynomial = r->at("polynomial"),
                   &timing = r->at("timing");
      const auto at = [](const Record& record, const char* key) {
        return record.is_object() && record.contains(key) ? number(record[key]) : std::string("-");
      };
      const auto decision = [](const Record& record) {
        return record.is_object() ? record.at("decision").get<std::string>() : std::string("not run");
      };
      table.rows.push_back({r->at("embedding"),
                            r->at("family"),
                            number(r->at("order")),
                            number(r->at("rows")),
                            number(r->at("seed")),
                            number(r->at("entry_bound")),
                            number(r->at("of_deciding")),
                            number(r->at("of_log")),
                            number(r->at(gradient ? "loss_gap" : "gap").at("lo")),
                            number(r->at("required_error")),
                            number(r->at("half_length")),
                            number(constant.at("degree")),
                            number(constant.at("features")),
                            number(constant.at("exponent")),
                            decision(exact),
                            at(timing, "exact_seconds"),
                            decision(polynomial),
                            at(polynomial, "degree"),
                            at(polynomial, "features"),
                            at(polynomial, "certified_error"),
                            at(timing, "polynomial_seconds")});
    }
    if (!table.rows.empty())
      text += fmt::format("<details{}><summary>{}: {}</summary>\n{}</details>\n", table.rows.size() <= 40 ? " open" : "",
                          counted(table.rows.size(), "point"), escaped(table.caption), html(table));
  }
  return text.empty()
             ? ""
             : "<h2>Points</h2>\n<p>g and r are for the constant error on the true score interval; \"used\" is what the method's "
               "own certified interval made of it. A refusal means more features than the sweep allowed.</p>\n" +
                   text;
}

std::string records_section(const Results& results, const std::string& kind, const std::string& heading,
                            const std::string& caption, const RecordColumns& columns) {
  Table table{caption, {}, {}};
  for (const auto& [key, label] : columns) table.head.push_back(label);
  for (const Record* r : results.of_kind(kind)) {
    std::vector<std::string> row;
    for (const auto& [key, label] : columns) {
      const Record& value = r->contains(key) ? r->at(key) : Record(nullptr);
      row.push_back(value.is_string() && value.get<std::string>().find_first_not_of("0123456789") != std::string::npos
                        ? value.get<std::string>()
                        : number(value));
    }
    table.rows.push_back(std::move(row));
  }
  return table.rows.empty() ? "" : "<h2>" + heading + "</h2>\n" + html(table);
}

/// What the numbers say, in sentences.
std::string summary(const Results& results, const std::vector<BoundaryGroup>& groups) {
  std::string text = "<ul>\n";
  for (const BoundaryGroup& g : groups) {
    const auto fit = fit_boundary(g);
    if (!fit) continue;
    text += fmt::format(
        "<li>{}, k = {}: B* = {:.4g} (ln n)<sup>{}/{}</sup> for n = {} to {}, residuals {:.1f} % rms (exponent {}/{}: {:.1f} "
        "%). {}</li>\n",
        escaped(g.name()), g.order, fit->law.factor, g.power(), g.order, g.points.front().rows, g.points.back().rows,
        100 * fit->law.rms, 3 - g.power(), g.order, 100 * fit->other.rms,
        g.family == PairFamily::tight
            ? "The law is the theorem's for this family."
            : "The theorem bounds the worst case; the boundary of this family lies below it and need not follow its law.");
  }
  std::size_t exact_right = 0, exact_wrong = 0, hidden_wrong = 0, polynomial_right = 0, refused = 0, polynomial_wrong = 0;
  for (const Record* r : results.of_kind("point")) {
    const bool visible = r->at("visible");
    const auto decision = [&](const char* method) {
      return r->at(method).is_object() ? r->at(method).at("decision").get<std::string>() : std::string();
    };
    if (visible) {
      exact_right += decision("exact") == "right";
      exact_wrong += decision("exact") == "wrong";
      polynomial_right += decision("polynomial") == "right";
      polynomial_wrong += decision("polynomial") == "wrong";
      refused += decision("polynomial") == "refused";
    } else {
      hidden_wrong += decision("polynomial") == "wrong";
    }
  }
  if (!results.of_kind("point").empty())
    text += fmt::format(
        "<li>Where the gap is visible exact attention decided {} right and {} wrong; the polynomial method {} right, {} "
        "wrong, and refused {}. Where it is not, the polynomial method was wrong {}.</li>\n",
        counted(exact_right, "point"), exact_wrong, polynomial_right, polynomial_wrong, refused, counted(hidden_wrong, "time"));
  return text + "</ul>\n";
}

/// The picture that says it comes first: the law, at the pairs that attain it.
void put_first(std::vector<Picture>& pictures, const std::vector<BoundaryGroup>& groups) {
  for (const BoundaryGroup& g : groups) {
    if (g.family != PairFamily::tight || g.gradient) continue;
    const auto found = std::ranges::find(pictures, "regime-" + g.slug(), &Picture::name);
    if (found != pictures.end()) std::rotate(pictures.begin(), found, found + 1);
    return;
  }
}

}  // namespace

std::string report_page(const Results& results, const std::string& name, const std::string& sha256,
                        const std::function<std::string(const Picture&)>& draw) {
  const std::vector<BoundaryGroup> groups = boundary_groups(results);
  std::string body =
      "<h1>The hardness regime of attention</h1>\n<p>Matched yes and no instances that differ in one planted tuple, embedded in "
      "attention of order k with entries at most B. "
      "Small entries hide the difference; large ones make fast methods fail. Gaps are certified in ball arithmetic over all "
      "n<sup>k</sup> tuples.</p>\n";
  std::vector<Picture> pictures = regime_pictures(results);
  for (Picture& p : route_pictures(results)) pictures.push_back(std::move(p));
  put_first(pictures, groups);
  if (!pictures.empty()) body += "<div class=\"first\">\n" + figure(pictures[0], draw(pictures[0])) + "</div>\n";
  body += summary(results, groups);
  if (pictures.size() > 1) {
    body += "<h2>More pictures</h2>\n<div class=\"pictures\">\n";
    for (std::size_t i = 1; i < pictures.size(); ++i) body += figure(pictures[i], draw(pictures[i]));
    body += "</div>\n";
  }
  body += fits_section(groups) + boundaries_section(results) + formulas_section(results) + points_section(results);
  body +=
      records_section(results, "route", "Routes",
                      "B and d' that each route needs for vectors of d = C log2 n (ksat: d = M = C N, N = k log2 n), and what "
                      "the instances have that were built",
                      route_columns());
  body += records_section(results, "order", "Orders", "The same n^k = 2^N tuples at different orders", order_columns());
  body += "<h2>Parameters and provenance</h2>\n";
  for (const Record* r : results.of_kind("sweep"))
    body += fmt::format("<p>gapwright {}: <code>gapwright {}</code></p>\n", escaped(r->at("version").get<std::string>()),
                        escaped(r->at("command").get<std::string>()));
  body += fmt::format(
      "<p>Results: {}, {}, SHA-256 <code>{}</code>. Page by gapwright {}. Everything but the seconds is a function of "
      "the commands above.</p>\n",
      escaped(name), counted(results.records.size(), "record"), sha256, version());
  return html_page("The hardness regime of attention", body);
}

}  // namespace gapwright
