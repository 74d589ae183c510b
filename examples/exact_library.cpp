// SPDX-License-Identifier: MIT
// Exact attention of any order behind the C interface of `gapwright challenge --library`, F64 and F32:
//   g++ -O2 -shared -fPIC -I include -o exact_library.so examples/exact_library.cpp
#include <gapwright/challenge.h>

#include <cmath>
#include <vector>

namespace {

template <class T>
int attend(const gapwright_attention& a, T* out) {
  const auto* q = static_cast<const T*>(a.q);
  const std::size_t sets = a.order - 1, d = a.dimension, columns = a.value_columns;
  std::vector<std::size_t> tuple(sets);
  std::vector<double> sums(columns);
  for (std::size_t i = 0; i < a.rows; ++i) {
    double largest = -HUGE_VAL, total = 0;  // weights are relative to the largest score so far
    sums.assign(columns, 0);
    tuple.assign(sets, 0);
    for (bool more = true; more;) {
      double score = 0;
      for (std::size_t l = 0; l < d; ++l) {
        double product = q[i * d + l];
        for (std::size_t u = 0; u < sets; ++u) product *= static_cast<const T*>(a.keys[u])[tuple[u] * d + l];
        score += product;
      }
      score *= a.softmax_scale;
      if (score > largest) {
        const double shrink = std::exp(largest - score);
        for (double& sum : sums) sum *= shrink;
        total *= shrink;
        largest = score;
      }
      const double weight = std::exp(score - largest);
      total += weight;
      for (std::size_t c = 0; c < columns; ++c) {
        double value = weight;
        for (std::size_t u = 0; u < sets; ++u) value *= static_cast<const T*>(a.values[u])[tuple[u] * columns + c];
        sums[c] += value;
      }
      more = false;
      for (std::size_t u = sets; u-- > 0 && !more;) {
        const std::size_t seen = a.causal && i + 1 < a.key_rows[u] ? i + 1 : a.key_rows[u];
        more = ++tuple[u] < seen;
        if (!more) tuple[u] = 0;
      }
    }
    for (std::size_t c = 0; c < columns; ++c) out[i * columns + c] = static_cast<T>(sums[c] / total);
  }
  return GAPWRIGHT_DONE;
}

}  // namespace

int gapwright_challenge_attention(const gapwright_attention* input, void* out) {
  if (input->version != GAPWRIGHT_CHALLENGE_VERSION) return GAPWRIGHT_REFUSED;
  if (input->dtype == GAPWRIGHT_F64) return attend(*input, static_cast<double*>(out));
  if (input->dtype == GAPWRIGHT_F32) return attend(*input, static_cast<float*>(out));
  return GAPWRIGHT_REFUSED;
}
