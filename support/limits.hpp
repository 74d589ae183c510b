// SPDX-License-Identifier: MIT
#pragma once
#include <gmpxx.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace gapwright {

/// Bytes of memory of this machine, or of the control group this process is in, where that is allowed less.
mpz_class machine_memory();

/// What a piece of work may take. Sizes are computed and compared before anything is built.
struct Limits {
  mpz_class memory = machine_memory() * 4 / 5;  ///< bytes
  mpq_class tuples = mpz_class("1000000000000000000");

  /// The same, at most 2^64 - 1.
  std::uint64_t memory_bytes() const { return memory.fits_ulong_p() ? memory.get_ui() : UINT64_MAX; }
};

/// Throw LimitReached with the number and the remedy.
void check_memory(const Limits&, const std::string& what, const mpz_class& bytes);
void check_tuples(const Limits&, const std::string& what, const mpz_class& tuples, std::size_t dimension);

/// "1.2e+09", "123": a count in a message.
std::string count_text(const mpz_class& n);
/// "12.3 MB".
std::string bytes_text(const mpz_class& bytes);
/// "2^18" for powers of two above 1024, else digits.
std::string size_text(const mpz_class& n);
/// Each by size_text, between commas.
std::string sizes_text(const std::vector<mpz_class>& sizes);
/// "under 1 s", "about 3.2 hours".
std::string duration_text(const mpq_class& seconds);
/// Upper estimate of the time for looking at every tuple in this dimension ("about 3 s", "about 12 years").
std::string time_text(const mpz_class& tuples, std::size_t dimension);

}  // namespace gapwright
