// SPDX-License-Identifier: MIT
#pragma once
#include <gmpxx.h>

#include <nlohmann/json.hpp>

#include "verify/row_log.hpp"

// How certificates and checkpoints write numbers: counts as JSON numbers up to 2^53, beyond that as strings; fractions reduced,
// "p/q".
namespace gapwright {

nlohmann::ordered_json exact_json(const mpz_class& count);
nlohmann::ordered_json fraction_json(mpq_class q);
nlohmann::ordered_json counts_json(const RowCounts& row);  ///< {"main": [...], "other": [...]}, zeros at the end dropped
nlohmann::ordered_json rows_json(const CountLog& log);     ///< {"cut", "counts", "runs"}
nlohmann::ordered_json rows_json(const BoundLog& log);     ///< {"width", "runs"}

}  // namespace gapwright
