// SPDX-License-Identifier: MIT
#include "explore/line_plot.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <stdexcept>

#include "explore/gnuplot.hpp"
#include "instances/write_file.hpp"

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

std::string plot_script(const LinePlot& plot, const std::string& data_name, const std::string& svg_name) {
  std::string text = fmt::format(
      "set terminal svg size 900,600 font 'sans-serif,14' background rgb 'white'\nset output {}\nset title {} noenhanced\n",
      gnuplot_file(svg_name), gnuplot_quoted(plot.title));
  text += fmt::format("set xlabel {} noenhanced\nset ylabel {} noenhanced\nset grid\nset key top left noenhanced\n",
                      gnuplot_quoted(plot.x_label), gnuplot_quoted(plot.y_label));
  if (plot.log_x) text += "set logscale x\n";
  if (plot.log_y) text += "set logscale y\n";
  if (plot.y_at_most > 0) text += fmt::format("set yrange [*:{:.17g}]\n", plot.y_at_most);
  std::string curves;
  std::size_t index = 0;
  for (const PlotSeries& series : plot.series) {
    if (series.points.empty()) continue;
    curves += fmt::format("{}{} index {} using 1:2 with lines linewidth 2 dashtype {} title {}",
                          curves.empty() ? "plot " : ", \\\n     ", gnuplot_file(data_name), index, index % 3 + 1,
                          gnuplot_quoted(series.title));
    ++index;
  }
  return text + curves + "\n";
}

void write_plot(const LinePlot& plot, const std::string& prefix) {
  const std::filesystem::path base(prefix);
  const std::string name = base.filename().string();
  write_file(prefix + ".dat", plot_data(plot));
  write_file(prefix + ".gp", plot_script(plot, name + ".dat", name + ".svg"));
  run_gnuplot(base.string() + ".gp");
}

}  // namespace gapwright
