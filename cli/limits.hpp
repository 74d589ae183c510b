#pragma once
#include <gmpxx.h>

#include <string>

#include "cli/context.hpp"

namespace gapwright::cli {

/// "1.2e+09", "123": a count in a message.
std::string count_text(const mpz_class& n);
/// "12.3 MB".
std::string bytes_text(const mpz_class& bytes);
/// "2^18" for powers of two above 1024, else digits.
std::string size_text(const mpz_class& n);
/// Upper estimate of the time for looking at every tuple in dimension d, as text ("about 3 s", "about 12 years").
/// "under 1 s", "about 3.2 hours".
std::string duration_text(const mpq_class& seconds);

std::string time_text(const mpz_class& tuples, std::size_t dimension);

/// --memory-limit in bytes: "512M", "8G", or 80 % of the memory of the machine or of its control group. Throws std::invalid_argument.
mpz_class memory_limit(const Context&);
/// --max-tuples. Throws std::invalid_argument.
mpq_class tuple_limit(const Context&);

/// Throw LimitReached with the number and the remedy.
void check_memory(const Context&, const std::string& what, const mpz_class& bytes);
void check_tuples(const Context&, const std::string& what, const mpz_class& tuples, std::size_t dimension);

}  // namespace gapwright::cli
