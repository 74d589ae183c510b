// SPDX-License-Identifier: MIT
#include "support/write_file.hpp"

#include "support/files.hpp"

namespace gapwright {

void write_file(const std::string& path, std::string_view text) {
  OutputFile file(path);
  file.write(text);
  file.commit();
}

}  // namespace gapwright
