// SPDX-License-Identifier: MIT
#pragma once
#include <limits>
#include <string>
#include <vector>

// What stands around the curves of a picture that gnuplot draws. All texts are put at places of our own, with room for the
// widest font: gnuplot's own places rest on a guess of how wide letters are, which DejaVu Sans exceeds.
namespace gapwright {

/// What one colour, mark or kind of line means.
struct LegendEntry {
  std::string words;
  std::string color = "#000000";
  int point = 0;  ///< gnuplot's pointtype; 0: none
  int dash = 0;   ///< gnuplot's dashtype; 0: no line
};

/// The i-th curve's, told apart by those who do not see red and green alike.
const char* plot_color(std::size_t i);

/// Pixels from the left and from the top, as gnuplot's screen coordinates.
struct PlotPage {
  double width, height;
  std::string at(double x, double y) const;  ///< "screen ..., screen ..."
  double across(double x) const { return x / width; }
  double down(double y) const { return 1 - y / height; }
};

constexpr double kPlotTop = 58;  ///< curves begin below title and subject
std::string title_script(const std::string& title, const std::string& subject, const PlotPage& page);
/// As many rows as the entries take, the first at y.
std::string legend_script(const std::vector<LegendEntry>& legend, const PlotPage& page, double y);
double legend_height(const std::vector<LegendEntry>& legend, double width);

struct PlotFrame {
  std::string title;    ///< the one thing that the picture says; also its text for those who do not see it
  std::string subject;  ///< of what, in smaller letters below the title
  std::string x_label, y_label, y2_label;
  std::vector<LegendEntry> legend;  ///< below the picture, in as many rows as it takes
};

/// What an axis has to show.
struct PlotRange {
  double least = std::numeric_limits<double>::infinity(), largest = -std::numeric_limits<double>::infinity();
  void add(double x);  ///< NaN and infinities change nothing
};
/// Lines of a script for axis 'x' or 'y' that ends where the data do, and a little beyond; nothing where there are none.
std::string linear_axis(char axis, const PlotRange& range);
/// The same with a logarithm, of numbers above 0: powers of 2 written out where there are few, else powers of 10.
std::string log_axis(char axis, const PlotRange& range);

/// Terminal, output, title, labels, margins and legend, for the head of a gnuplot script. The title and the subject are drawn as
/// they stand; in labels and legend ^ and _ raise and lower.
std::string frame_script(const PlotFrame& frame, const std::string& svg_name);

}  // namespace gapwright
