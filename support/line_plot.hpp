// SPDX-License-Identifier: MIT
#pragma once
#include <string>
#include <utility>
#include <vector>

// Line plots as three files that belong together: the data, the gnuplot script that draws them, and the SVG it drew.
namespace gapwright {

struct PlotSeries {
  std::string title;
  std::vector<std::pair<double, double>> points;
};

struct LinePlot {
  std::string title, x_label, y_label;
  bool log_x = false, log_y = false;
  double y_at_most = 0;            ///< what lies above is cut off; 0: nothing is
  std::vector<PlotSeries> series;  ///< one without points is left out of the drawing
  std::string subject = {};        ///< of what, below the title
};

/// One block per series, "x y" a line in 17 digits, blocks two blank lines apart (gnuplot's `index`).
std::string plot_data(const LinePlot& plot);
/// Reads `data_name` and writes `svg_name`, both beside the script.
std::string plot_script(const LinePlot& plot, const std::string& data_name, const std::string& svg_name);

/// Writes PREFIX.dat and PREFIX.gp and runs gnuplot on them for PREFIX.svg. Throws std::invalid_argument when a file cannot be
/// created, std::runtime_error when gnuplot is missing or fails.
void write_plot(const LinePlot& plot, const std::string& prefix);

}  // namespace gapwright
