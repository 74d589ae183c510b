// SPDX-License-Identifier: MIT
#pragma once
#include <gmpxx.h>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "instances/attention.hpp"
#include "support/named.hpp"

namespace gapwright {

enum class Answer { yes, no, undecided };
template <>
struct Names<Answer> {
  static constexpr std::string_view what = "answer";
  static constexpr std::array all{Named<Answer>{Answer::yes, "yes"}, Named<Answer>{Answer::no, "no"},
                                  Named<Answer>{Answer::undecided, "undecided"}};
};

/// A certified answer about an attention input: rational bounds of the deciding row's output, proved by ball arithmetic.
struct Verdict {
  Answer answer = Answer::undecided;
  std::optional<std::vector<std::size_t>> witness;  ///< for yes: the row, then one key of each key matrix
  std::size_t row = 0;     ///< deciding row: the first with a witness, else the first that reaches yes_at_least, else the
                           ///< first over the middle, else the row with the largest upper bound
  mpq_class lo, hi;        ///< of out_row[0]
  mpq_class between;       ///< the rational that outputs were compared with
  mpq_class yes_at_least;  ///< the upper threshold
  bool reached = false;    ///< some row has reached it
  std::string embedding;   ///< that made the input; empty: unknown, and the first row over the middle ends the work
  long precision = 0;      ///< bits used for the deciding row
  std::string method;      ///< "verdict", "histogram" or "balls"
  std::string reason;      ///< why undecided, or why another method was taken
  std::size_t rows = 0, undecided_rows = 0;  ///< looked at so far
};

/// Precision starts at `first` bits and doubles until every row is decided or `last` is passed.
struct Precision {
  long first = 64;
  long last = 4096;
};

/// One row compared with the middle of the gap.
struct RowVerdict {
  Answer answer = Answer::undecided;
  mpq_class lo, hi;    ///< out_i[0] lies in [lo, hi]
  long precision = 0;  ///< bits
};

/// The rational halfway between the thresholds. Throws BadInstance when they are not both there.
mpq_class middle_of_gap(const AttentionTerms& terms);

RowVerdict compare(mpq_class lo, mpq_class hi, const mpq_class& between, long precision);

/// Before the first row: by the middle of the gap. Throws BadInstance when the thresholds are not both there.
Verdict begin_verdict(const AttentionTerms& terms, std::string method);

/// Takes the next row into the verdict; true when it ends the work: its output is over the middle, and, where an embedding made the input, reaches
/// yes_at_least, and, where that is sharp, `names_witness` says that its best tuple is one. Other rows over the middle make the answer yes, but
/// their keys need not be a witness: inner products between s_no and t may put an output inside the gap, and many of them, together, over
/// yes_at_least. So the rows after them are looked at. `names_witness` is asked last.
bool absorb(Verdict& verdict, std::size_t row, const RowVerdict& compared, const std::function<bool()>& names_witness);

/// Whether a row's best tuple among those of the largest value weighs as much as the best of the others, which in an embedding is one that
/// stands for t. `main` and `other` are their scores; what rounding of the entries alone may have done is forgiven.
bool leads(const mpq_class& main, const std::optional<mpq_class>& other);

/// After the last row: no, or undecided with the reason, where no row was over the middle.
void finish(Verdict& verdict, const Precision& precision);

}  // namespace gapwright
