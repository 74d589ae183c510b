// SPDX-License-Identifier: MIT
#pragma once
#include <gmpxx.h>

#include <string>

namespace gapwright {

/// "512M", "8G", or bytes: K, M, G and T are powers of 1024. Throws std::invalid_argument, beginning with `what`, for another text.
mpz_class memory_size(const std::string& text, const std::string& what);

/// Memory that this process holds now and that no file stands behind.
mpz_class own_memory();

}  // namespace gapwright
