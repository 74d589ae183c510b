// SPDX-License-Identifier: MIT
#include "instances/write_file.hpp"

#include "instances/files.hpp"

namespace gapwright {

void write_file(const std::string& path, std::string_view text) {
  OutputFile file(path);
  file.write(text);
  file.commit();
}

}  // namespace gapwright
