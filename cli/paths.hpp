// SPDX-License-Identifier: MIT
#pragma once
#include <string>
#include <vector>

#include "cli/context.hpp"

// Which files a command reads and which it writes: every verb says both before anything is opened.
namespace gapwright::cli {

/// What one option writes.
struct WrittenPath {
  enum Kind {
    file,      ///< PATH, replaced as a whole, and beside it PATH + each of `names`
    appended,  ///< the same, but PATH is gone on with
    prefix,    ///< PATH + each of `names`
    folder,    ///< files in PATH that are called one of `names`, or end in one that begins with '.'
  };
  std::string option, path;  ///< an empty path: not asked for
  Kind kind = file;
  std::vector<std::string> names = {};
};

/// -o as a file, with what is written beside it.
WrittenPath output_file(const Context&, std::vector<std::string> beside = {});

/// Of a folder that exists: the files that are called one of `names`, or end in one that begins with '.'; all of them without `names`.
std::vector<std::string> files_in(const std::string& folder, const std::vector<std::string>& names = {});

/// Notes what the command reads (files, or folders any file of which may be read) and writes. Throws std::invalid_argument when one of the files
/// written is an input, through hard and symbolic links too, when two of them are one file, and when one cannot be written. "-" is standard input
/// or standard output, and is the file to which the shell leads it. Devices and pipes are no files.
void declare_paths(const Context&, const std::vector<std::string>& reads, const std::vector<WrittenPath>& writes);

/// Opens a declared input; Ctrl-C and the time limit end the wait for standard input or a pipe.
InputBytes open_input(const Context&, const std::string& path);

/// Throws std::logic_error: a verb that prints has to have declared its output.
void require_declared_output(const Context&);

}  // namespace gapwright::cli
