// SPDX-License-Identifier: MIT
#pragma once
#include <string>
#include <utility>
#include <vector>

#include "support/plot_frame.hpp"

// Pictures as three files that belong together: the data, the gnuplot script that draws them, and the SVG it drew.
namespace gapwright {

struct Picture {
  std::string name;                 ///< of the files: NAME.dat, NAME.gp, NAME.svg
  PlotFrame frame;                  ///< its title is the one thing that the picture says
  std::string caption;              ///< one or two sentences for the report
  std::vector<std::string> blocks;  ///< of the data file, gnuplot's `index`: lines of numbers, comments with #
  std::string script;               ///< what follows the frame: axes and curves; "DATA" stands for the data file's name in quotes
};

std::string picture_data(const Picture& picture);
std::string picture_script(const Picture& picture);

/// The text as a gnuplot string, in which nothing is run or replaced; control characters become blanks.
std::string gnuplot_quoted(const std::string& text);
/// A file of the script's folder as a gnuplot string: gnuplot takes a name that begins with < or | for a command, ./ before it makes it a name.
std::string gnuplot_file(const std::string& name);

/// Throws std::logic_error when a script would have gnuplot run a command or another script. Ours never do; this stands behind the quoting.
void refuse_commands(const std::string& script);

/// Draws in a folder of its own and then writes BASE.dat, BASE.gp and BASE.svg, each whole or not at all; the script names the other two as
/// files of its folder. Throws std::runtime_error when gnuplot is missing or fails, and std::invalid_argument for a base with control characters.
void write_drawn(const std::string& base, const std::string& data, const std::string& script);

/// Writes the three files into a folder, which is created. Throws std::invalid_argument when it cannot be.
void write_picture(const Picture& picture, const std::string& folder);
/// The SVG alone.
std::string drawn(const Picture& picture);

}  // namespace gapwright
