#include "explore/line_plot.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <stdexcept>

#include "instances/files.hpp"

extern char** environ;

namespace gapwright {
namespace {

std::string quoted(const std::string& text) {  // gnuplot: a quote inside single quotes is doubled
  std::string result = "'";
  for (const char c : text) result += c == '\'' ? std::string("''") : std::string(1, c);
  return result + "'";
}

/// Runs `gnuplot script` in its folder, silent.
void run_gnuplot(const std::filesystem::path& script) {
  std::string program = "gnuplot", name = script.filename().string();
  std::string folder = script.has_parent_path() ? script.parent_path().string() : ".";
  char* const arguments[] = {program.data(), name.data(), nullptr};
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addchdir_np(&actions, folder.c_str());
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
    posix_spawn_file_actions_addopen(&actions, stream, "/dev/null", O_RDWR, 0);
  pid_t child = 0;
  const int error = ::posix_spawnp(&child, program.c_str(), &actions, nullptr, arguments, environ);
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) throw std::runtime_error("gnuplot cannot be run: install gnuplot-nox; the data and the script are written");
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) throw std::runtime_error("gnuplot failed on " + script.string());
}

void write_file(const std::string& path, const std::string& text) {
  OutputFile file(path);
  file.write(text);
  file.commit();
}

}  // namespace

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
      quoted(svg_name), quoted(plot.title));
  text += fmt::format("set xlabel {} noenhanced\nset ylabel {} noenhanced\nset grid\nset key top left noenhanced\n",
                      quoted(plot.x_label), quoted(plot.y_label));
  if (plot.log_x) text += "set logscale x\n";
  if (plot.log_y) text += "set logscale y\n";
  if (plot.y_at_most > 0) text += fmt::format("set yrange [*:{:.17g}]\n", plot.y_at_most);
  std::string curves;
  std::size_t index = 0;
  for (const PlotSeries& series : plot.series) {
    if (series.points.empty()) continue;
    curves += fmt::format("{}{} index {} using 1:2 with lines linewidth 2 dashtype {} title {}",
                          curves.empty() ? "plot " : ", \\\n     ", quoted(data_name), index, index % 3 + 1,
                          quoted(series.title));
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
