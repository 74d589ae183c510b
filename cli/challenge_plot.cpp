// SPDX-License-Identifier: MIT
// The picture of a challenge: one row of cells per algorithm (right decisions at each entry bound), and below it the largest
// absolute errors.
#include "cli/challenge_plot.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "cli/challenge_report.hpp"
#include "support/gnuplot.hpp"
#include "support/message.hpp"
#include "support/plot_frame.hpp"
#include "support/text_width.hpp"

namespace gapwright::cli {
namespace {

constexpr double kLeastError = 1e-17;     // drawn for smaller ones
constexpr std::size_t kLongestName = 32;  // drawn; longer ones lose their middle
constexpr double kWidth = 860, kSize = 13, kRowHeight = 34;

struct Cell {
  int color;  // rgb
  std::string text;
};

/// Green for all right, red for one half and less; grey where nothing is counted; blue for refusals, brown for failures.
Cell cell_of(const ChallengeReport& report, std::size_t p, const PointScore& score) {
  if (score.timed_out + score.not_run > 0) return {0xb08968, "time"};
  if (score.failed > 0) return {0xb08968, "failed"};
  if (score.refused > 0) return {0x9db4d0, "refused"};
  if (report.points[p].below_threshold) return {0xececec, score.hard ? fmt::format("{:.0e}", score.hard->absolute) : ""};
  const double share = score.decisions == 0 ? 0 : static_cast<double>(score.right) / static_cast<double>(score.decisions);
  const double good = std::max(0.0, 2 * share - 1);
  const auto mix = [&](int bad, int best) { return static_cast<int>(std::lround(bad + (best - bad) * good)); };
  return {(mix(0xe8, 0x7c) << 16) | (mix(0x7c, 0xc0) << 8) | mix(0x74, 0x84), fmt::format("{}/{}", score.right, score.decisions)};
}

std::string plain_words(const std::string& text) {
  std::string plain;
  for (const char c : text)
    plain += std::isalnum(static_cast<unsigned char>(c)) || c == '.' || c == '+' || c == '-' || c == ' ' ? c : ' ';
  return plain;
}

std::string data_text(const ChallengeReport& report) {
  const auto order = ranking(report);
  std::string text = "# column, row from the top, color, text\n";
  for (std::size_t r = 0; r < order.size(); ++r) {
    const AlgorithmScore& score = report.algorithms[order[r]];
    for (std::size_t p = 0; p < score.points.size(); ++p) {
      const Cell cell = cell_of(report, p, score.points[p]);
      text += fmt::format("{} {} {} \"{}\"\n", p, r, cell.color, cell.text);
    }
  }
  for (const std::size_t a : order) {
    const AlgorithmScore& score = report.algorithms[a];
    text += fmt::format("\n\n# {}: column, entry bound, largest absolute error on hard inputs\n", plain_words(score.name));
    for (std::size_t p = 0; p < score.points.size(); ++p)
      text += score.points[p].hard ? fmt::format("{} {:.17g} {:.6g}\n", p, report.points[p].entry_bound,
                                                 std::max(score.points[p].hard->absolute, kLeastError))
                                   : fmt::format("{} {:.17g} nan\n", p, report.points[p].entry_bound);
  }
  return text + "\n\n";
}

/// How many algorithms decide all hard inputs of all counted points.
std::string title_of(const ChallengeReport& report) {
  std::optional<double> last;
  for (const LadderPoint& point : report.points)
    if (!point.below_threshold) last = point.entry_bound;
  if (!last) return "No entry bound is large enough to count";
  const auto survives = [&](const AlgorithmScore& score) { return largest_bound_survived(report, score) == last; };
  const auto survivors = std::ranges::count_if(report.algorithms, survives);
  return fmt::format("{} of {} decide{} every hard input up to B = {:.3g}", survivors,
                     counted(report.algorithms.size(), "algorithm"), survivors == 1 ? "s" : "", *last);
}

/// Where things stand on the page, in pixels.
struct Layout {
  double left = 150, right = kWidth - 20, cells_end, errors_top, errors_end;
  std::vector<LegendEntry> legend;
  PlotPage page{kWidth, 0};
};

Layout layout_of(const ChallengeReport& report, const std::vector<std::string>& names) {
  Layout l;
  for (std::size_t r = 0; r < names.size(); ++r) {
    l.left = std::max(l.left, widest_text(names[r], kSize) + 24);
    l.legend.push_back({names[r], plot_color(r), static_cast<int>(r % 11) + 4, 1});
  }
  l.cells_end = kPlotTop + kRowHeight * static_cast<double>(report.algorithms.size());
  l.errors_top = l.cells_end + 74;
  l.errors_end = l.errors_top + 240;
  l.page.height = l.errors_end + 58 + legend_height(l.legend, kWidth) + 6;
  return l;
}

std::string margins(const Layout& l, double top, double end) {
  return fmt::format("set lmargin at screen {:.5f}\nset rmargin at screen {:.5f}\n", l.page.across(l.left),
                     l.page.across(l.right)) +
         fmt::format("set tmargin at screen {:.5f}\nset bmargin at screen {:.5f}\n", l.page.down(top), l.page.down(end));
}

/// The largest size up to kSize in which every text fits its column.
double fitting_size(const std::vector<std::string>& texts, double column) {
  double size = kSize;
  for (const std::string& text : texts)
    if (!text.empty()) size = std::min(size, (column - 4) / widest_text(text, 1));
  return size;
}

std::string cells_script(const ChallengeReport& report, const std::vector<std::string>& names, const Layout& l) {
  std::vector<std::string> texts;
  std::string rows;
  for (const AlgorithmScore& score : report.algorithms)
    for (std::size_t p = 0; p < score.points.size(); ++p) texts.push_back(cell_of(report, p, score.points[p]).text);
  for (std::size_t r = 0; r < names.size(); ++r) rows += fmt::format("{}'{}' {}", r == 0 ? "" : ", ", names[r], r);
  const double column = (l.right - l.left) / static_cast<double>(report.points.size());
  return margins(l, kPlotTop, l.cells_end) +
         fmt::format("set yrange [{}:-0.5]\nset ytics ({}) scale 0\n", static_cast<double>(names.size()) - 0.5, rows) +
         fmt::format(
             "plot './challenge.dat' index 0 using 1:2:($1-0.47):($1+0.47):($2-0.45):($2+0.45):3 with boxxyerror fs solid "
             "noborder lc rgb variable, \\\n     './challenge.dat' index 0 using 1:2:4 with labels font ',{:.2f}'\n",
             fitting_size(texts, column));
}

/// Largest errors on hard inputs; the axis ends where they do.
std::string errors_script(const ChallengeReport& report, const Layout& l) {
  PlotRange range;
  for (const AlgorithmScore& score : report.algorithms)
    for (const PointScore& point : score.points)
      if (point.hard) range.add(std::max(point.hard->absolute, kLeastError));
  if (range.least > range.largest) range = {kLeastError, 1};
  std::string lines;
  for (std::size_t r = 0; r < l.legend.size(); ++r)
    lines += fmt::format("{}'./challenge.dat' index {} using 1:3 with linespoints lw 2 pt {} ps 0.7 lc rgb '{}'",
                         r == 0 ? "" : ", \\\n     ", r + 1, l.legend[r].point, l.legend[r].color);
  return "unset label\n" + margins(l, l.errors_top, l.errors_end) +
         fmt::format("set label 'maximum absolute error on hard inputs' at {} center\n",
                     l.page.at((l.left + l.right) / 2, l.errors_top - 16)) +
         fmt::format("set label 'entry bound B' at {} center\n", l.page.at((l.left + l.right) / 2, l.errors_end + 40)) +
         legend_script(l.legend, l.page, l.errors_end + 66) +
         fmt::format("set logscale y\nset format y '10^{{%L}}'\nset yrange [{:.3g}:{:.3g}]\nset ytics auto scale 0.5\nplot {}\n",
                     range.least / 3, range.largest * 3, lines);
}

std::string script_text(const ChallengeReport& report) {
  std::vector<std::string> names, bounds;
  for (const std::size_t a : ranking(report)) names.push_back(plain_words(shortened(report.algorithms[a].name, kLongestName)));
  double threshold = -0.5;  // between the columns below and above
  std::string tics;
  for (std::size_t p = 0; p < report.points.size(); ++p) {
    threshold += report.points[p].below_threshold;
    bounds.push_back(fmt::format("{:.3g}", report.points[p].entry_bound));
    tics += fmt::format("{}'{}' {}", p == 0 ? "" : ", ", bounds.back(), p);
  }
  const Layout l = layout_of(report, names);
  const double columns = static_cast<double>(report.points.size());
  const std::string subject =
      fmt::format("order {}, {}, dimension {}; right decisions on hard inputs; grey: below the smallest deciding B",
                  report.options.shape.order, counted(report.options.shape.rows, "row"), report.dimension);
  return fmt::format("set terminal svg size {:.0f},{:.0f} background rgb 'white' font 'sans-serif,{}'\n", kWidth, l.page.height,
                     kSize) +
         "set encoding utf8\nset output './challenge.svg'\nset multiplot\nunset key\n" +
         fmt::format("set xrange [-0.5:{}]\nset xtics ({}) scale 0 font ',{:.2f}'\n", columns - 0.5, tics,
                     fitting_size(bounds, (l.right - l.left) / columns)) +
         fmt::format("set arrow 1 from {0}, graph 0 to {0}, graph 1 nohead dt 2 lw 2 front\n", threshold) +
         title_script(title_of(report), subject, l.page) + cells_script(report, names, l) + errors_script(report, l) +
         "unset multiplot\n";
}

}  // namespace

void write_challenge_plot(const ChallengeReport& report, const std::string& folder) {
  std::error_code failed;
  std::filesystem::create_directories(folder, failed);
  if (failed) throw std::invalid_argument("--plot " + folder + ": the folder cannot be made: " + failed.message());
  write_drawn((std::filesystem::path(folder) / "challenge").string(), data_text(report), script_text(report));
}

}  // namespace gapwright::cli
