// SPDX-License-Identifier: MIT
#include "support/plot_frame.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>

#include "support/gnuplot.hpp"
#include "support/text_width.hpp"

namespace gapwright {
namespace {

constexpr double kFrameWidth = 560;
constexpr double kEdge = 14;  // blank at the left and right of all texts
constexpr double kTitleSize = 16, kTextSize = 14, kSmallSize = 13;
constexpr double kPlotHeight = 300, kBelowPlot = 58;                              // curves; numbers and label of the x axis
constexpr double kSample = 32, kAfterSample = 6, kBetween = 20, kRowHeight = 20;  // of the legend

double entry_width(const LegendEntry& e) { return kSample + kAfterSample + widest_text(e.words, kSmallSize); }

struct Row {
  std::vector<const LegendEntry*> entries;
  double width = 0;
};

/// As many entries in a row as there is room for.
std::vector<Row> legend_rows(const std::vector<LegendEntry>& legend, double room) {
  std::vector<Row> rows;
  for (const LegendEntry& e : legend) {
    const double width = entry_width(e);
    if (rows.empty() || rows.back().width + kBetween + width > room - 2 * kEdge) rows.push_back({{}, -kBetween});
    rows.back().entries.push_back(&e);
    rows.back().width += kBetween + width;
  }
  return rows;
}

std::string entry_script(const LegendEntry& e, const PlotPage& page, double x, double y) {
  std::string text;
  // gnuplot joins neighbouring arrows of one colour, and then all have the first one's dashes: black ones differ invisibly.
  const std::string color = e.color == "#000000" ? fmt::format("#0000{:02x}", e.dash) : e.color;
  if (e.dash)
    text += fmt::format("set arrow from {} to {} nohead lw 2 dt {} lc rgb '{}'\n", page.at(x, y), page.at(x + kSample, y), e.dash,
                        color);
  if (e.point)
    text += fmt::format("set label '' at {} point pt {} ps 0.7 lc rgb '{}'\n", page.at(x + kSample / 2, y), e.point, e.color);
  return text + fmt::format("set label {} at {} left font ',{}'\n", gnuplot_quoted(e.words),
                            page.at(x + kSample + kAfterSample, y), kSmallSize);
}

std::string upright_script(const std::string& words, const PlotPage& page, double x) {
  if (words.empty()) return "";
  return fmt::format("set label {} at {} center rotate font ',{}'\n", gnuplot_quoted(words),
                     page.at(x, kPlotTop + kPlotHeight / 2), kTextSize);
}

std::string margins_script(const PlotPage& page, double left, double right) {
  return fmt::format("set lmargin at screen {:.5f}\nset rmargin at screen {:.5f}\n", page.across(left), page.across(right)) +
         fmt::format("set tmargin at screen {:.5f}\nset bmargin at screen {:.5f}\n", page.down(kPlotTop),
                     page.down(kPlotTop + kPlotHeight));
}

}  // namespace

const char* plot_color(std::size_t i) {
  static constexpr const char* colors[] = {"#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#444444"};
  return colors[i % std::size(colors)];
}

std::string PlotPage::at(double x, double y) const { return fmt::format("screen {:.5f}, screen {:.5f}", across(x), down(y)); }

std::string title_script(const std::string& title, const std::string& subject, const PlotPage& page) {
  return fmt::format("set label {} at {} center noenhanced font ',{}'\n", gnuplot_quoted(title), page.at(page.width / 2, 20),
                     kTitleSize) +
         fmt::format("set label {} at {} center noenhanced font ',{}' textcolor rgb '#555555'\n", gnuplot_quoted(subject),
                     page.at(page.width / 2, 43), kSmallSize);
}

std::string legend_script(const std::vector<LegendEntry>& legend, const PlotPage& page, double y) {
  std::string text;
  for (const Row& row : legend_rows(legend, page.width)) {
    double x = (page.width - row.width) / 2;
    for (const LegendEntry* e : row.entries) {
      text += entry_script(*e, page, x, y);
      x += entry_width(*e) + kBetween;
    }
    y += kRowHeight;
  }
  return text;
}

double legend_height(const std::vector<LegendEntry>& legend, double width) {
  return kRowHeight * static_cast<double>(legend_rows(legend, width).size());
}

void PlotRange::add(double x) {
  if (!std::isfinite(x)) return;
  least = std::min(least, x);
  largest = std::max(largest, x);
}

std::string linear_axis(char axis, const PlotRange& range) {
  if (range.least > range.largest) return "";
  const double beyond = std::max(0.05 * (range.largest - range.least), range.least == range.largest ? 0.5 : 0.0);
  return fmt::format("set {}range [{:.6g}:{:.6g}]\n", axis, range.least - beyond, range.largest + beyond);
}

std::string log_axis(char axis, const PlotRange& range) {
  constexpr double kBeyond = 1.15, kMostWrittenOut = 5000, kMostRatio = 1000;
  if (range.least > range.largest || range.least <= 0) return "";
  const bool written_out = range.largest < kMostWrittenOut && range.largest / range.least < kMostRatio;
  return fmt::format("set logscale {0}{1}\nset {0}range [{2:.6g}:{3:.6g}]\n", axis,
                     written_out ? " 2" : fmt::format("\nset format {} '10^{{%L}}'", axis), range.least / kBeyond,
                     range.largest * kBeyond);
}

std::string frame_script(const PlotFrame& frame, const std::string& svg_name) {
  const double below = kPlotTop + kPlotHeight + kBelowPlot;
  const PlotPage page{kFrameWidth, below + legend_height(frame.legend, kFrameWidth) + 6};
  const double left = 84, right = page.width - (frame.y2_label.empty() ? 24 : 70);
  return fmt::format("set terminal svg size {:.0f},{:.0f} dynamic font 'sans-serif,{}' background rgb 'white'\n", page.width,
                     page.height, kTextSize) +
         fmt::format("set encoding utf8\nset output {}\nunset key\nset grid\n", gnuplot_file(svg_name)) +
         margins_script(page, left, right) + title_script(frame.title, frame.subject, page) +
         fmt::format("set label {} at {} center font ',{}'\n", gnuplot_quoted(frame.x_label),
                     page.at((left + right) / 2, below - 18), kTextSize) +
         upright_script(frame.y_label, page, 20) + upright_script(frame.y2_label, page, page.width - 18) +
         legend_script(frame.legend, page, below + 10);
}

}  // namespace gapwright
