// SPDX-License-Identifier: MIT
#include "support/memory_size.hpp"

#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <stdexcept>
#include <string_view>

namespace gapwright {

mpz_class memory_size(const std::string& text, const std::string& what) {
  const std::size_t unit = text.empty() ? std::string_view::npos : std::string_view("KMGT").find(text.back());
  const std::string digits = text.substr(0, text.size() - (unit == std::string_view::npos ? 0 : 1));
  if (digits.empty() || digits.size() > 15 || digits.find_first_not_of("0123456789") != std::string::npos)
    throw std::invalid_argument(what + " '" + text + "' is not a size; write 512M or 8G");
  mpz_class bytes(digits);
  if (unit != std::string_view::npos) bytes <<= 10 * (unit + 1);
  return bytes;
}

mpz_class own_memory() {
  std::ifstream file("/proc/self/statm");  // in pages
  long size = 0, resident = 0, of_files = 0;
  file >> size >> resident >> of_files;
  return mpz_class(std::max(0L, resident - of_files)) * ::sysconf(_SC_PAGESIZE);
}

}  // namespace gapwright
