// SPDX-License-Identifier: MIT
#pragma once
#include <string>
#include <vector>

#include "cli/context.hpp"
#include "support/written_paths.hpp"

// Which files a command reads and which it writes: every verb says both before anything is opened.
namespace gapwright::cli {

/// -o as a file, with what is written beside it.
WrittenPath output_file(const Context&, std::vector<std::string> beside = {});

/// Notes what the command reads and writes; an empty path is not asked for. Throws std::invalid_argument as check_written_paths does, and when two
/// are to go to standard output or to come from standard input.
void declare_paths(const Context&, const std::vector<std::string>& reads, const std::vector<WrittenPath>& writes);

/// Opens a declared input; Ctrl-C and the time limit end the wait for standard input or a pipe.
InputBytes open_input(const Context&, const std::string& path);

/// Throws std::logic_error: a verb that prints has to have declared its output.
void require_declared_output(const Context&);

}  // namespace gapwright::cli
