// SPDX-License-Identifier: MIT
// The picture of a challenge: one row of cells per algorithm (right decisions at each entry bound), and below it the largest
// absolute errors.
#include "cli/challenge_plot.hpp"

#include <fmt/format.h>

#include <cmath>
#include <filesystem>

#include "cli/challenge_report.hpp"
#include "explore/gnuplot.hpp"
#include "instances/write_file.hpp"

namespace gapwright::cli {
namespace {

constexpr double kLeastError = 1e-17;     // drawn for smaller ones
constexpr std::size_t kLongestName = 32;  // drawn; longer ones lose their middle

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

std::string script_text(const ChallengeReport& report) {
  const auto order = ranking(report);
  const ChallengeShape& shape = report.options.shape;
  std::string bounds, names, lines;
  for (std::size_t p = 0; p < report.points.size(); ++p)
    bounds += fmt::format("{}'{:.3g}' {}", p == 0 ? "" : ", ", report.points[p].entry_bound, p);
  std::size_t margin = 18;  // characters
  double largest = 1;       // error
  for (const AlgorithmScore& score : report.algorithms)
    for (const PointScore& point : score.points)
      if (point.hard) largest = std::max(largest, point.hard->absolute);
  double threshold = -0.5;  // between the columns below and above
  for (const LadderPoint& point : report.points) threshold += point.below_threshold;
  for (std::size_t r = 0; r < order.size(); ++r) {
    const std::string name = plain_words(shortened(report.algorithms[order[r]].name, kLongestName));
    margin = std::max(margin, name.size());
    names += fmt::format("{}'{}' {}", r == 0 ? "" : ", ", name, r);
    lines += fmt::format("{}'challenge.dat' index {} using 1:3 with linespoints lw 2 pt {} ps 0.7 title '{}'",
                         r == 0 ? "" : ", \\\n     ", r + 1, r + 4, name);
  }
  const double columns = static_cast<double>(report.points.size()), rows = static_cast<double>(order.size());
  const int height = 440 + 34 * static_cast<int>(order.size());
  const double split = 330.0 / height;
  return fmt::format(R"(set terminal svg size 960,{height} background rgb 'white' font 'sans,13'
set output 'challenge.svg'
set multiplot
set lmargin {margin}
set rmargin 4
set xrange [-0.5:{last}]
set xtics ({bounds}) scale 0
set arrow 1 from {threshold}, graph 0 to {threshold}, graph 1 nohead dt 2 lw 2 front
set origin 0, {split}
set size 1, {rest}
set title "order {order}, {n} rows, dimension {d}: right decisions on hard inputs\ngrey: below the smallest deciding B, error only"
set yrange [{bottom}:-0.5]
set ytics ({names}) scale 0
unset key
plot 'challenge.dat' index 0 using 1:2:($1-0.47):($1+0.47):($2-0.45):($2+0.45):3 with boxxyerror fs solid noborder lc rgb variable, \
     'challenge.dat' index 0 using 1:2:4 with labels font 'sans,11'
set origin 0, 0
set size 1, {split}
set title 'maximum absolute error on hard inputs'
set xlabel 'entry bound B'
set yrange [1e-17:{top:.3g}]
set logscale y
set format y '10^{{%L}}'
set ytics 1e-16, 1e4 scale 0.5
set key inside left center
set linetype 5 lc rgb '#a0522d'
plot {lines}
unset multiplot
)",
                     fmt::arg("height", height), fmt::arg("last", columns - 0.5), fmt::arg("bounds", bounds),
                     fmt::arg("threshold", threshold), fmt::arg("split", split), fmt::arg("rest", 1 - split),
                     fmt::arg("order", shape.order), fmt::arg("n", shape.rows), fmt::arg("d", report.dimension),
                     fmt::arg("margin", margin + 2), fmt::arg("top", 10 * largest), fmt::arg("bottom", rows - 0.5),
                     fmt::arg("names", names), fmt::arg("lines", lines));
}

}  // namespace

void write_challenge_plot(const ChallengeReport& report, const std::string& folder) {
  std::error_code failed;
  std::filesystem::create_directories(folder, failed);
  if (failed) throw std::invalid_argument("--plot " + folder + ": the folder cannot be made: " + failed.message());
  const std::filesystem::path place(folder);
  write_file(place / "challenge.dat", data_text(report));
  write_file(place / "challenge.gp", script_text(report));
  run_gnuplot(place / "challenge.gp");
}

}  // namespace gapwright::cli
