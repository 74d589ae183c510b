#pragma once
#include <gmpxx.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace gapwright {

enum class Answer { yes, no, undecided };

/// A certified answer about an attention input: rational bounds of the deciding row's output, proved by ball arithmetic.
struct Verdict {
  Answer answer = Answer::undecided;
  std::optional<std::vector<std::size_t>> witness;  ///< for yes: the row, then one key of each key matrix
  std::size_t row = 0;                              ///< deciding row: the first YES row, else the row with the largest upper bound
  mpq_class lo, hi;                                 ///< of out_row[0]
  mpq_class between;                                ///< the rational that outputs were compared with
  long precision = 0;                               ///< bits used for the deciding row
  std::string method;                               ///< "verdict", "histogram" or "balls"
  std::string reason;                               ///< why undecided, or why another method was taken
};

/// Precision starts at `first` bits and doubles until every row is decided or `last` is passed.
struct Precision {
  long first = 64;
  long last = 4096;
};

}  // namespace gapwright
