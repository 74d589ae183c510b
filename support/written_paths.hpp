// SPDX-License-Identifier: MIT
#pragma once
#include <string>
#include <vector>

// Which files are read and which are written, compared before anything is opened.
namespace gapwright {

/// What one option, or one field of a request, writes.
struct WrittenPath {
  enum Kind {
    file,      ///< PATH, replaced as a whole, and beside it PATH + each of `names`
    appended,  ///< the same, but PATH is gone on with
    prefix,    ///< PATH + each of `names`
    folder,    ///< files in PATH that are called one of `names`, or end in one that begins with '.'
  };
  std::string asked_by, path;  ///< the option, or the field in backticks
  Kind kind = file;
  std::vector<std::string> names = {};
};

/// Of a folder that exists: the files that are called one of `names`, or end in one that begins with '.'; all of them without `names`.
std::vector<std::string> files_in(const std::string& folder, const std::vector<std::string>& names = {});

/// `reads` are files, or folders any file of which may be read. Throws std::invalid_argument when one of the files written is an input, through
/// hard and symbolic links too, when two of them are one file, and when one cannot be written. "-" is standard input or standard output, and is
/// the file to which the shell leads it. Devices and pipes are no files.
void check_written_paths(const std::vector<std::string>& reads, const std::vector<WrittenPath>& writes);

}  // namespace gapwright
