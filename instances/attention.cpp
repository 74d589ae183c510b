// SPDX-License-Identifier: MIT
#include "instances/attention.hpp"

#include <algorithm>
#include <cmath>

#include "instances/orthogonal_vectors.hpp"
#include "instances/zeros.hpp"
#include "support/checked.hpp"
#include "support/errors.hpp"
#include "support/message.hpp"
#include "support/run_control.hpp"

namespace gapwright {
namespace {

void require(bool holds, const std::string& what) {
  if (!holds) throw BadInstance(what);
}

void check_matrix(const Matrix& m, const std::string& name) {
  require(m.rows > 0 && m.columns > 0, name + " is empty; every matrix needs at least one row and one column");
  require(m.entries.size() == m.rows * m.columns, name + " has not rows x columns entries");
  const auto bad = std::find_if(m.entries.begin(), m.entries.end(), [](double x) { return !std::isfinite(x); });
  if (bad == m.entries.end()) return;
  const auto place = static_cast<std::size_t>(bad - m.entries.begin());
  throw BadInstance(name + "[" + std::to_string(place / m.columns) + ", " + std::to_string(place % m.columns) +
                    "] is not a finite number");
}

Matrix scaled(const BitMatrix& bits, double zero, double one, const RunControl& control) {
  Matrix m = zero_matrix(bits.rows, bits.columns, control);
  for (std::size_t r = 0; r < bits.rows; ++r) {
    if (r % 64 == 0) control.check();
    for (std::size_t c = 0; c < bits.columns; ++c) m.at(r, c) = bits.get(r, c) ? one : zero;
  }
  return m;
}

}  // namespace

Matrix rows_of(const Matrix& m, std::size_t first, std::size_t last) {
  Matrix part(last - first, m.columns);
  std::copy_n(m.entries.begin() + static_cast<std::ptrdiff_t>(first * m.columns), part.entries.size(), part.entries.begin());
  return part;
}

std::size_t keys_seen(const Attention& a, std::size_t u, std::size_t row) {
  return a.terms.causal ? std::min(a.keys[u].rows, row + 1) : a.keys[u].rows;
}

Attention seen_by(const Attention& a, std::size_t first, std::size_t last) {
  Attention part{a.terms, rows_of(a.q, first, last), {}, {}};
  part.terms.causal = false;
  for (std::size_t u = 0; u < a.keys.size(); ++u) {
    part.keys.push_back(rows_of(a.keys[u], 0, keys_seen(a, u, last - 1)));
    part.values.push_back(rows_of(a.values[u], 0, keys_seen(a, u, last - 1)));
  }
  return part;
}

namespace {

void check_equal_rows(const Matrix& keys, const Matrix& values, const std::string& number) {
  require(values.rows == keys.rows,
          "v" + number + " has " + counted(values.rows, "row") + ", k" + number + " has " + std::to_string(keys.rows));
}

}  // namespace

void check_well_formed(const Attention& a) {
  require(!a.keys.empty(), "attention needs at least one key matrix (order k >= 2)");
  check_order_within(a.keys.size() + 1, "the input");
  require(a.keys.size() == a.values.size(), counted(a.keys.size(), "key matrix", "key matrices") + " but " +
                                                counted(a.values.size(), "value matrix", "value matrices"));
  check_matrix(a.q, "q");
  for (std::size_t u = 0; u < a.keys.size(); ++u) {
    const std::string number = std::to_string(u + 1);
    check_matrix(a.keys[u], "k" + number);
    check_matrix(a.values[u], "v" + number);
    require(a.keys[u].columns == a.q.columns,
            "k" + number + " has " + counted(a.keys[u].columns, "column") + ", q has " + std::to_string(a.q.columns));
    check_equal_rows(a.keys[u], a.values[u], number);
    require(a.values[u].columns == a.values[0].columns,
            "v" + number + " has " + counted(a.values[u].columns, "column") + ", v1 has " + std::to_string(a.values[0].columns));
  }
  require(std::isfinite(a.terms.softmax_scale), "softmax_scale is not a finite number");
}

void check_thresholds(const AttentionTerms& terms) {
  require(!terms.yes_at_least || !terms.no_at_most || *terms.yes_at_least > *terms.no_at_most,
          "yes_at_least is not above no_at_most; there is no gap to decide");
}

mpq_class score_weight(const BitAttention& a) {
  const mpq_class bound(a.terms.entry_bound);
  mpq_class weight(a.terms.softmax_scale);
  if (a.centred) weight *= 2;
  for (std::size_t u = 0; u <= a.keys.size(); ++u) weight *= bound;
  return weight;
}

bool accepts(const BitAttention& a, const BitAttention::Witness& tuple) {
  if (tuple.size() != a.keys.size() + 1 || tuple[0] >= a.queries.rows) return false;
  std::vector<const BitMatrix*> sets{&a.queries};
  for (std::size_t u = 1; u < tuple.size(); ++u) {
    const BitMatrix& keys = a.keys[u - 1];
    if (tuple[u] >= keys.rows || keys.columns != a.queries.columns || a.values[u - 1][tuple[u]] != 1) return false;
    sets.push_back(&keys);
  }
  return a.sign * static_cast<std::int64_t>(inner_product(sets, tuple)) >= a.sign * a.yes_inner_product;
}

Attention written_out(const BitAttention& a) { return written_out(a, {}); }

Attention written_out(const BitAttention& a, const RunControl& control) {
  Attention full;
  full.terms = a.terms;
  full.q = scaled(a.queries, 0, a.sign * a.terms.entry_bound, control);
  for (std::size_t u = 0; u < a.keys.size(); ++u) {
    full.keys.push_back(scaled(a.keys[u], a.centred ? -a.terms.entry_bound : 0, a.terms.entry_bound, control));
    Matrix v(a.values[u].size(), 1);
    std::copy(a.values[u].begin(), a.values[u].end(), v.entries.begin());
    full.values.push_back(std::move(v));
  }
  return full;
}

mpz_class tensor_bits(const BitAttention& a) {
  mpz_class entries = mpz_class(a.queries.rows) * a.queries.columns;
  for (std::size_t u = 0; u < a.keys.size(); ++u) entries += mpz_class(a.keys[u].rows) * a.keys[u].columns + a.values[u].size();
  return 64 * entries;
}

}  // namespace gapwright
