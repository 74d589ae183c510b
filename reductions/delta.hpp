// SPDX-License-Identifier: MIT
#pragma once
#include <gmpxx.h>

#include <optional>
#include <string>

// The one place that says which delta an embedding is built with. NO rows stay below delta; gamma grows by ln(1/delta).
namespace gapwright {

/// 1/16: what deciding by outputs takes.
mpq_class forward_delta();

/// What deciding by gradients takes: 1/(4 sqrt(rows)), rows of q, rounded down to a decimal of at least six significant
/// digits; 1/16 up to 16 rows. Then the losses separate (losses_separate).
mpq_class gradient_delta(const mpz_class& rows);

/// What was asked for, else what outputs or gradients take. Throws std::invalid_argument for a delta outside (0, 1/4].
mpq_class chosen_delta(const std::optional<mpq_class>& asked, bool for_gradients, const mpz_class& rows);

/// Throws std::invalid_argument unless 0 < delta <= 1/4.
void check_delta(const mpq_class& delta);

/// A decimal where that is exact in 17 digits, else "p/q".
std::string delta_text(const mpq_class& delta);

/// A yes instance has Loss = 1/2 sum out^2 >= yes^2/2, a no instance at most rows no^2/2: do these two exclude one another, with
/// yes > 0? Exact.
bool losses_separate(const mpq_class& yes_at_least, const mpq_class& no_at_most, const mpz_class& rows);

/// Are the thresholds still apart when written as decimals, one rounded down, the other up?
bool separated_as_written(const mpq_class& yes_at_least, const mpq_class& no_at_most);

/// What every embedding does last: throws std::invalid_argument, with the remedy, unless its thresholds are separated as written.
void check_separated(const mpq_class& yes_at_least, const mpq_class& no_at_most, const std::string& remedy);

}  // namespace gapwright
