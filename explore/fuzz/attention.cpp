// SPDX-License-Identifier: MIT
#include "explore/fuzz/attention.hpp"

#include <algorithm>
#include <cmath>

#include "explore/fuzz/mutant.hpp"
#include "verify/attention_balls.hpp"

namespace gapwright {
namespace {

constexpr long kPrecision = 128;
const mpq_class kTight(mpz_class(1), mpz_class(1) << 80);

bool has_ones(const BitMatrix& m) {
  return std::any_of(m.words.begin(), m.words.end(), [](std::uint64_t word) { return word != 0; });
}

bool has_zeros(const BitMatrix& m) {
  for (std::size_t r = 0; r < m.rows; ++r)
    for (std::size_t c = 0; c < m.columns; ++c)
      if (!m.get(r, c)) return true;
  return false;
}

/// A matrix of zeros has no sign, and centred keys that are all alike may be read as others: then only what can be recovered is compared.
/// Under a causal mask rows see different keys, and nothing is recovered.
bool recovers(const BitAttention& a, const RecoveredBits& recovered) {
  if (a.terms.causal || !recovered.bits) return a.terms.causal && !recovered.bits;
  if (a.centred && !(has_ones(a.keys[0]) && has_zeros(a.keys[0]))) return true;
  return recovered.bits->queries == a.queries && recovered.bits->keys == a.keys && recovered.bits->values == a.values &&
         (recovered.bits->sign == a.sign || !has_ones(a.queries) ||
          std::any_of(a.keys.begin(), a.keys.end(), [](const BitMatrix& m) { return !has_ones(m); }));
}

bool keeps_error(const ExactAttention& exact, const std::vector<Ball>& balls) {
  for (std::size_t i = 0; i < balls.size(); ++i) {
    const mpq_class out(exact.out.at(i, 0)), error(exact.row_error[i]);
    if (out + error < lower(balls[i]) || out - error > upper(balls[i])) return false;
  }
  return true;
}

}  // namespace

std::vector<std::string> broken_attention_oracles(const BitAttention& a, const Guarantee& guarantee, bool answer,
                                                  const std::function<bool(const BitAttention::Witness&)>& good,
                                                  const AttentionTamper& tamper) {
  Judge judge;
  const AttentionTerms& terms = a.terms;
  judge.require(terms.yes_at_least == guarantee.yes_at_least && terms.no_at_most == guarantee.no_at_most &&
                    *terms.no_at_most < *terms.yes_at_least && terms.entry_bound > 0 && std::isfinite(terms.entry_bound) &&
                    terms.softmax_scale > 0,
                "terms");
  const auto right = [&](const Verdict& v) {
    return v.answer == (answer ? Answer::yes : Answer::no) && v.witness.has_value() == answer && (!answer || good(*v.witness));
  };
  const RunControl alone{1, nullptr, {}};
  const Attention full = written_out(a);
  const auto through = [](auto value, const auto& edit) {
    if (edit) edit(value);
    return value;
  };
  judge.require(right(through(decide_by_counts(a, CountMethod::verdict, alone), tamper.verdict)), "verdict");
  const std::vector<Ball> balls = outputs_by_balls(full, 0, full.q.rows, kPrecision, alone);
  const std::vector<Ball> counts = outputs_by_counts(a, 0, full.q.rows, kPrecision, alone);
  bool agree = right(decide_by_counts(a, CountMethod::histogram, alone)), tight = true;
  for (std::size_t i = 0; i < balls.size(); ++i) {
    agree &= overlap(balls[i], counts[i]) && upper(counts[i]) - lower(counts[i]) < kTight;
    tight &= upper(balls[i]) - lower(balls[i]) < kTight;
  }
  judge.require(agree, "histogram");
  judge.require(tight && right(through(decide_by_balls(full, alone), tamper.balls)), "balls");
  for (const Arithmetic arithmetic : {Arithmetic::f64, Arithmetic::f32})
    judge.require(keeps_error(through(exact_attention(full, arithmetic, alone), tamper.exact), balls), "float");
  judge.require(recovers(a, through(recover_bits(full), tamper.recovered)), "recovery");
  return judge.broken;
}

}  // namespace gapwright
