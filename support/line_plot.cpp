// SPDX-License-Identifier: MIT
#include "support/line_plot.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <stdexcept>

#include "support/gnuplot.hpp"

namespace gapwright {
std::string plot_data(const LinePlot& plot) {
  std::string text;
  for (const PlotSeries& series : plot.series) {
    if (series.points.empty()) continue;
    text += fmt::format("{}# {}\n", text.empty() ? "" : "\n\n", series.title);
    for (const auto& [x, y] : series.points) text += fmt::format("{:.17g} {:.17g}\n", x, y);
  }
  return text;
}

namespace {

/// The axes end where the data do, or at the y given.
std::string axes(const LinePlot& plot) {
  PlotRange x, y;
  for (const PlotSeries& series : plot.series)
    for (const auto& [at, value] : series.points) {
      x.add(at);
      if (plot.y_at_most <= 0 || value <= plot.y_at_most) y.add(value);
    }
  return (plot.log_x ? log_axis('x', x) : linear_axis('x', x)) + (plot.log_y ? log_axis('y', y) : linear_axis('y', y));
}

}  // namespace

std::string plot_script(const LinePlot& plot, const std::string& data_name, const std::string& svg_name) {
  PlotFrame frame{plot.title, plot.subject, plot.x_label, plot.y_label, "", {}};
  std::string curves;
  for (const PlotSeries& series : plot.series) {
    if (series.points.empty()) continue;
    const std::size_t index = frame.legend.size();
    const int dash = static_cast<int>(index % 3) + 1;
    frame.legend.push_back({series.title, plot_color(index), 0, dash});
    curves += fmt::format("{}{} index {} using 1:2 with lines lw 2 dt {} lc rgb '{}'", curves.empty() ? "plot " : ", \\\n     ",
                          gnuplot_file(data_name), index, dash, plot_color(index));
  }
  return frame_script(frame, svg_name) + axes(plot) + curves + "\n";
}

void write_plot(const LinePlot& plot, const std::string& prefix) {
  const std::string name = std::filesystem::path(prefix).filename().string();
  write_drawn(prefix, plot_data(plot), plot_script(plot, name + ".dat", name + ".svg"));
}

}  // namespace gapwright
