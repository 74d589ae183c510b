// SPDX-License-Identifier: MIT
// gapwright-manual FOLDER: writes the man pages and the bash completion of both programs into the folder. Used by the build only.
#include <cstdio>
#include <fstream>

#include "manual/tables.hpp"

namespace {

bool write(const std::string& path, const std::string& text) {
  std::ofstream file(path, std::ios::binary);
  file << text << std::flush;
  return file.good();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return std::fputs("usage: gapwright-manual FOLDER\n", stderr), 2;
  for (const auto& program : {gapwright::manual::gapwright_program(), gapwright::manual::checker_program()}) {
    const std::string stem = std::string(argv[1]) + "/" + program.root.name;
    if (!write(stem + ".1", man_page(program)) || !write(stem + ".bash", bash_completion(program)))
      return std::fprintf(stderr, "%s.*: cannot be written\n", stem.c_str()), 1;
  }
  return 0;
}
