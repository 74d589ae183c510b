#include "explore/report_page.hpp"

#include <fmt/format.h>

#include <cmath>
#include <map>
#include <set>

#include "explore/boundary_fit.hpp"
#include "explore/regime_pictures.hpp"
#include "explore/route_pictures.hpp"
#include "instances/version.hpp"

namespace gapwright {
namespace {

constexpr const char* kStyle =
    "body{font:16px/1.5 system-ui,sans-serif;max-width:72rem;margin:0 auto;padding:0 1rem 3rem;color:#1a1a1a;background:#fff}"
    "h1{font-size:1.6rem;line-height:1.2}h2{font-size:1.25rem;margin-top:2.2rem;border-top:1px solid #ddd;padding-top:1rem}"
    ".pictures{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,26rem),1fr));gap:1rem}"
    "figure{margin:0}figure img{display:block;width:100%;height:auto;border:1px solid "
    "#ddd}figcaption{font-size:.9rem;color:#444;margin:.3rem 0 .8rem}"
    ".table{overflow-x:auto;margin:.5rem 0 "
    "1rem}table{border-collapse:collapse;font-size:.85rem;font-variant-numeric:tabular-nums}"
    "caption{text-align:left;font-weight:600;padding:.3rem 0}th,td{padding:.2rem .6rem;border-bottom:1px solid "
    "#e4e4e4;text-align:right;white-space:nowrap}"
    "th:first-child,td:first-child{text-align:left}code,pre{font-size:.85rem;overflow-wrap:anywhere;white-space:pre-wrap}"
    "details summary{cursor:pointer;padding:.4rem 0}";

std::string escaped(const std::string& text) {
  std::string result;
  for (const char c : text) {
    if (c == '&')
      result += "&amp;";
    else if (c == '<')
      result += "&lt;";
    else if (c == '>')
      result += "&gt;";
    else if (c == '"')
      result += "&quot;";
    else
      result += c;
  }
  return result;
}

std::string base64(std::string_view bytes) {
  static constexpr char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t group = 0;
    for (std::size_t j = 0; j < 3; ++j)
      group = group << 8 | (i + j < bytes.size() ? static_cast<unsigned char>(bytes[i + j]) : 0);
    for (std::size_t j = 0; j < 4; ++j) text += i + j > bytes.size() ? '=' : digits[group >> (18 - 6 * j) & 63];
  }
  return text;
}

std::string figure(const Picture& picture) {
  return fmt::format("<figure><img src=\"data:image/svg+xml;base64,{}\" alt=\"{}\"><figcaption>{}</figcaption></figure>\n",
                     base64(drawn(picture)), escaped(picture.title), escaped(picture.caption));
}

std::string number(double x) { return std::isfinite(x) ? fmt::format("{:.4g}", x) : "-"; }
std::string number(const Record& x) {
  if (x.is_null()) return "-";
  if (x.is_string()) {  // an exact integer beyond 2^53
    const std::string digits = x.get<std::string>();
    return digits.size() > 6 ? fmt::format("{}.{}e{}", digits[0], digits.substr(1, 2), digits.size() - 1) : digits;
  }
  if (x.is_boolean()) return x.get<bool>() ? "yes" : "no";
  if (x.is_number_integer() || x.is_number_unsigned())
    return x.get<std::uint64_t>() < 1'000'000 ? std::to_string(x.get<std::uint64_t>()) : fmt::format("{:.3g}", x.get<double>());
  return number(x.get<double>());
}

struct Table {
  std::string caption;
  std::vector<std::string> head;
  std::vector<std::vector<std::string>> rows;
};

std::string html(const Table& table) {
  std::string text = "<div class=\"table\"><table><caption>" + escaped(table.caption) + "</caption><thead><tr>";
  for (const auto& h : table.head) text += "<th>" + escaped(h) + "</th>";
  text += "</tr></thead><tbody>\n";
  for (const auto& row : table.rows) {
    text += "<tr>";
    for (const auto& cell : row) text += "<td>" + escaped(cell) + "</td>";
    text += "</tr>\n";
  }
  return text + "</tbody></table></div>\n";
}

std::string fits_section(const std::vector<BoundaryGroup>& groups) {
  Table fits{"The law of the boundary: B* against c (ln n)^(p/k)",
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
      text += fmt::format("<details{}><summary>{} points: {}</summary>\n{}</details>\n", table.rows.size() <= 40 ? " open" : "",
                          table.rows.size(), escaped(table.caption), html(table));
  }
  return text.empty()
             ? ""
             : "<h2>Points</h2>\n<p>g and r are for the constant error on the true score interval; \"used\" is what the method's "
               "own certified interval made of it. A refusal means more features than the sweep allowed.</p>\n" +
                   text;
}

std::string records_section(const Results& results, const std::string& kind, const std::string& heading,
                            const std::string& caption, const std::vector<std::pair<std::string, std::string>>& columns) {
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
        "%).</li>\n",
        escaped(g.name()), g.order, fit->law.factor, g.power(), g.order, g.points.front().rows, g.points.back().rows,
        100 * fit->law.rms, 3 - g.power(), g.order, 100 * fit->other.rms);
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
        "<li>Where the gap is visible exact attention decided {} points right and {} wrong; the polynomial method {} right, {} "
        "wrong, and refused {}. Where it is not, the polynomial method was wrong {} times.</li>\n",
        exact_right, exact_wrong, polynomial_right, polynomial_wrong, refused, hidden_wrong);
  return text + "</ul>\n";
}

}  // namespace

std::string report_page(const Results& results, const std::string& name, const std::string& sha256) {
  const std::vector<BoundaryGroup> groups = boundary_groups(results);
  std::string body =
      "<h1>The hardness regime of attention</h1>\n<p>Matched yes and no instances that differ in one planted tuple, embedded in "
      "attention of order k with entries at most B. "
      "Small entries hide the difference; large ones make fast methods fail. Gaps are certified in ball arithmetic over all "
      "n<sup>k</sup> tuples.</p>\n";
  body += summary(results, groups);
  std::vector<Picture> pictures = regime_pictures(results);
  for (Picture& p : route_pictures(results)) pictures.push_back(std::move(p));
  if (!pictures.empty()) {
    body += "<h2>Pictures</h2>\n<div class=\"pictures\">\n";
    for (const Picture& p : pictures) body += figure(p);
    body += "</div>\n";
  }
  body += fits_section(groups) + boundaries_section(results) + points_section(results);
  body += records_section(results, "route", "Routes",
                          "B and d' that each route needs for vectors of d = C log2 n, and B* measured where it ran",
                          {{"order", "k"},
                           {"log2_rows", "log2 n"},
                           {"vector_dimension", "d"},
                           {"route", "route"},
                           {"gadget", "gadget"},
                           {"field", "Q"},
                           {"coins", "L"},
                           {"blocks", "T"},
                           {"dimension", "d'"},
                           {"entry_constant", "d' mu/(t - s_no)"},
                           {"entry_bound", "B"},
                           {"deciding_measured", "B* measured"},
                           {"decision", "verdicts"}});
  body += records_section(results, "order", "Orders", "The same n^k = 2^N tuples at different orders",
                          {{"order", "k"},
                           {"variables", "N"},
                           {"log2_rows", "log2 n"},
                           {"embedding", "embedding"},
                           {"vector_dimension", "d"},
                           {"dimension", "d'"},
                           {"entry_bound", "B, theorem"},
                           {"worst_case_entry_bound", "B*, worst case"},
                           {"deciding_measured", "B* measured"},
                           {"polynomial_entry_bound", "B_r"},
                           {"log2_tensor_bytes", "log2 bytes of q, k, v"}});
  body += "<h2>Parameters and provenance</h2>\n";
  for (const Record* r : results.of_kind("sweep"))
    body += fmt::format("<p>gapwright {}: <code>gapwright {}</code></p>\n", escaped(r->at("version").get<std::string>()),
                        escaped(r->at("command").get<std::string>()));
  body += fmt::format(
      "<p>Results: {}, {} records, SHA-256 <code>{}</code>. Page by gapwright {}. Everything but the seconds is a function of "
      "the commands above.</p>\n",
      escaped(name), results.records.size(), sha256, version());
  return "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, "
         "initial-scale=1\"><title>The hardness regime of attention</title>\n<style>" +
         std::string(kStyle) + "</style></head>\n<body>\n" + body + "</body></html>\n";
}

}  // namespace gapwright
