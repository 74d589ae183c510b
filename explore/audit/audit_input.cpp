// SPDX-License-Identifier: MIT
// The inputs of an audit. Which dressing leaves what as it is, and why, is proved in docs/audit.md.
#include "explore/audit/audit_input.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <stdexcept>

#include "explore/challenge/challenge_instances.hpp"
#include "instances/entries.hpp"
#include "instances/generators/normal_entries.hpp"
#include "reductions/instance_sizes.hpp"
#include "support/listed.hpp"
#include "support/message.hpp"

namespace gapwright {
namespace {

double power_of_two_near(double x) { return std::exp2(std::round(std::log2(x))); }

Matrix signs(std::size_t rows, std::size_t columns, Random& random) {
  Matrix m(rows, columns);
  for (double& x : m.entries) x = random.bit() ? 1 : -1;
  return m;
}

void multiply(Matrix& m, double factor) {
  for (double& x : m.entries) x *= factor;
}

std::string words_of(const AuditSizes& sizes) {
  if (sizes.size() == 2) return counted(sizes[0], "row") + ", " + counted(sizes[1], "key");
  std::vector<std::string> keys;
  for (std::size_t u = 1; u < sizes.size(); ++u) keys.push_back(std::to_string(sizes[u]));
  return fmt::format("{}, {} keys", counted(sizes[0], "row"), listed(keys, "and"));
}

/// Reflections at random vectors, one after another: an orthogonal map of the columns, the same for all matrices.
void turn(std::vector<Matrix*> matrices, Random& random) {
  constexpr int kReflections = 3;
  const std::size_t d = matrices.front()->columns;
  for (int i = 0; i < kReflections; ++i) {
    const Matrix mirror = normal_entries(1, d, random);
    const double square = std::inner_product(mirror.entries.begin(), mirror.entries.end(), mirror.entries.begin(), 0.0);
    for (Matrix* m : matrices)
      for (std::size_t r = 0; r < m->rows; ++r) {
        double* row = &m->entries[r * d];
        const double along = std::inner_product(row, row + d, mirror.entries.begin(), 0.0) * 2 / square;
        for (std::size_t c = 0; c < d; ++c) row[c] -= along * mirror.entries[c];
      }
  }
}

/// Real nodes t_1, ..., t_k, distinct, with product (-1)^(k + 1).
std::vector<double> nodes_of(std::size_t order) {
  switch (order) {
    case 2:
      return {1, -1};
    case 3:
      return {-4, -0.25, 1};
    case 4:
      return {-4, -1, -0.25, 1};
    case 5:
      return {-4, -0.25, 0.25, 1, 4};
    default:
      throw std::invalid_argument(fmt::format("`order={}`: an audit has order 2 to 5", order));
  }
}

/// Two coordinates become k: z_1 + t_i z_2, of which the first matrix has c_i times as much. The sum of products stays.
Matrix mixed(const Matrix& m, const std::vector<double>& nodes, bool weighted) {
  const std::size_t k = nodes.size(), pairs = (m.columns + 1) / 2;
  Matrix wide(m.rows, pairs * k);
  for (std::size_t i = 0; i < k; ++i) {
    double weight = 1;
    for (std::size_t j = 0; j < k && weighted; ++j)
      if (j != i) weight *= nodes[j] / (nodes[j] - nodes[i]);
    for (std::size_t r = 0; r < m.rows; ++r)
      for (std::size_t p = 0; p < pairs; ++p) {
        const double second = 2 * p + 1 < m.columns ? m.at(r, 2 * p + 1) : 0;
        wide.at(r, p * k + i) = weight * (m.at(r, 2 * p) + nodes[i] * second);
      }
  }
  return wide;
}

/// The hard instances of a challenge that have at most so many coordinates, of at most so many rows; of the fewest rows where none has so few.
ChallengeInstances hard_instances(const AuditShape& shape, std::size_t rows, std::size_t most_coordinates, Random& random) {
  ChallengeShape wanted;
  wanted.order = shape.order;
  wanted.scale = {SoftmaxScale::given, 1 / std::sqrt(static_cast<double>(shape.dimension))};
  wanted.entry_dtype = shape.dtype == Dtype::f64 ? Dtype::f64 : Dtype::f32;  // it is rounded once it is dense
  wanted.seed = random.word();
  for (wanted.rows = std::max(rows, kLeastChallengeRows);; wanted.rows = std::max(wanted.rows / 2, kLeastChallengeRows)) {
    ChallengeInstances instances(wanted);
    if (instances.dimension() <= most_coordinates) return instances;
    if (wanted.rows > kLeastChallengeRows) continue;
    wanted.scale.value = 1 / std::sqrt(static_cast<double>(instances.dimension()));  // of the columns that it then has
    return ChallengeInstances(wanted);
  }
}

/// The 0/1 Gray code of j on these bits, in an order and with complements of their own.
struct GrayCode {
  std::vector<std::size_t> order;
  std::vector<bool> flipped;
  std::vector<bool> of(std::size_t j) const {
    const std::size_t gray = j ^ (j >> 1);
    std::vector<bool> bits;
    for (std::size_t b = 0; b < order.size(); ++b) bits.push_back(((gray >> order[b] & 1) != 0) != flipped[b]);
    return bits;
  }
};

GrayCode gray_code(std::size_t width, Random& random) {
  GrayCode code;
  code.order = random_order(width, random);
  for (std::size_t b = 0; b < width; ++b) code.flipped.push_back(random.bit());
  return code;
}

/// Tokens of the causal input: 0 is the pad, 1, ..., rows + 1 have codes, the last one is the zero vector.
struct CausalTokens {
  GrayCode code;
  std::size_t rows, width, order;
  std::size_t count() const { return rows + 3; }
  std::size_t patterns() const { return (std::size_t{1} << (order - 1)) - 2; }
  std::size_t dimension() const { return 2 * width * (order - 1) + patterns(); }
  /// (g, 1 - g) of the token, all zeros at the ends.
  std::vector<double> key(std::size_t token) const {
    std::vector<double> bits(2 * width, 0);
    if (token == 0 || token == rows + 2) return bits;
    const std::vector<bool> g = code.of(token);
    for (std::size_t b = 0; b < width; ++b) bits[2 * b] = g[b], bits[2 * b + 1] = !g[b];
    return bits;
  }
  /// (1 - g, g), and (0, 0) where g differs from the next token's.
  std::vector<double> query(std::size_t token) const {
    const std::size_t i = token <= rows ? std::max<std::size_t>(token, 1) : 1;
    const std::vector<bool> g = code.of(i), next = code.of(i + 1);
    std::vector<double> bits(2 * width, 0);
    for (std::size_t b = 0; b < width; ++b)
      if (g[b] == next[b]) bits[2 * b] = !g[b], bits[2 * b + 1] = g[b];
    return bits;
  }
};

}  // namespace

std::vector<std::size_t> random_order(std::size_t n, Random& random) {
  std::vector<std::size_t> order(n);
  std::iota(order.begin(), order.end(), std::size_t{0});
  for (std::size_t i = n; i > 1; --i) std::swap(order[i - 1], order[random.below(i)]);
  return order;
}

std::size_t audit_rows(const AuditShape& shape) {
  if (shape.rows > 0) return shape.rows;
  switch (shape.order) {
    case 2:
      return shape.dtype == Dtype::f64 ? 65 : 250;
    case 3:
      return 33;
    case 4:
      return 12;
    default:
      return 6;
  }
}

AuditSizes square_sizes(const AuditShape& shape) { return AuditSizes(shape.order, audit_rows(shape)); }

void round_entries(AuditInput& input, Dtype dtype) {
  const auto round = [&](Matrix& m) {
    for (double& x : m.entries) x = rounded_to(dtype, x);
  };
  round(input.attention.q);
  for (Matrix& keys : input.attention.keys) round(keys);
  for (Matrix& values : input.attention.values) round(values);
  input.attention.terms.entry_bound = largest_entry(input.attention);
}

AuditInput normal_input(const AuditShape& shape, const AuditSizes& sizes, double softmax_scale, Random& random,
                        std::optional<double> spread) {
  AuditInput input{words_of(sizes), {}, false};
  Attention& a = input.attention;
  a.terms.softmax_scale = softmax_scale;
  a.q = normal_entries(sizes[0], shape.dimension, random);
  const bool narrow = shape.dtype == Dtype::f16 || shape.dtype == Dtype::bf16;
  multiply(a.q, spread.value_or(narrow ? 4 : 1) / (softmax_scale * std::sqrt(static_cast<double>(shape.dimension))));
  for (std::size_t u = 1; u < sizes.size(); ++u) {
    a.keys.push_back(normal_entries(sizes[u], shape.dimension, random));
    Matrix values(sizes[u], shape.columns);
    for (double& v : values.entries) v = 2 * random.unit() - 1;
    a.values.push_back(std::move(values));
  }
  return input;
}

AuditInput needle_input(const AuditShape& shape, const AuditSizes& sizes, double softmax_scale, const Needles& needles,
                        Random& random) {
  AuditInput input{words_of(sizes), {}, false};
  Attention& a = input.attention;
  a.terms.softmax_scale = softmax_scale;
  a.q = Matrix(sizes[0], shape.dimension);
  std::fill(a.q.entries.begin(), a.q.entries.end(), needles.unit * power_of_two_near(1 / softmax_scale));
  for (std::size_t u = 1; u < sizes.size(); ++u) {
    Matrix keys = signs(sizes[u], shape.dimension, random);
    const std::size_t groups = u > 1 ? sizes[u] : std::max<std::size_t>(sizes[u] / needles.shared, 1);
    for (std::size_t j = 0; j < sizes[u]; ++j) {
      const std::size_t like =
          needles.neighbours ? std::min(j / (u > 1 ? 1 : needles.shared), groups - 1) * (u > 1 ? 1 : needles.shared) : j % groups;
      if (u == 1) std::copy_n(&keys.entries[like * keys.columns], keys.columns, &keys.entries[j * keys.columns]);
    }
    for (std::size_t i = 0; i < sizes[0]; ++i)
      for (std::size_t c = 0; c < shape.dimension; ++c) a.q.at(i, c) *= keys.at(needles.own(i, u) % sizes[u], c);
    a.keys.push_back(std::move(keys));
    a.values.push_back(signs(sizes[u], shape.columns, random));
  }
  return input;
}

void shift_scores(AuditInput& input, const AuditShape& shape, const std::vector<double>& shifts) {
  Attention& a = input.attention;
  const double wide = shape.dtype == Dtype::f16 ? 1024 : 1;  // entries of f16 end at 65504
  for (std::size_t i = 0; i < a.q.rows; ++i) a.q.at(i, 0) = shifts[shifts.size() > 1 ? i : 0] / a.terms.softmax_scale / wide;
  for (std::size_t u = 0; u < a.keys.size(); ++u)
    for (std::size_t j = 0; j < a.keys[u].rows; ++j) a.keys[u].at(j, 0) = u == 0 ? wide : 1;
}

void add_along_keys(AuditInput& input, const std::function<double(std::size_t)>& along) {
  Attention& a = input.attention;
  for (std::size_t i = 0; i < a.q.rows; ++i) a.q.at(i, 0) = 1 / a.terms.softmax_scale;
  for (std::size_t u = 0; u < a.keys.size(); ++u)
    for (std::size_t j = 0; j < a.keys[u].rows; ++j) a.keys[u].at(j, 0) = u == 0 ? along(j) : 1;
}

AuditInput dense_hard_input(const AuditShape& shape, std::size_t rows, bool yes, Random& random) {
  constexpr double kMultiple = 1.5;  // of the smallest deciding entry bound
  const std::size_t most = shape.order == 2 ? shape.dimension : std::numeric_limits<std::size_t>::max();  // mixing takes more
  const ChallengeInstances instances = hard_instances(shape, rows, most, random);
  ChallengeInstance hard = instances.hard_twin(instances.point(kMultiple), 0, yes, {});
  AuditInput input{fmt::format("{} rows, {}", hard.attention.q.rows, yes ? "one orthogonal tuple" : "no orthogonal tuple"),
                   std::move(hard.attention), false, hard.middle};
  Attention& a = input.attention;
  if (shape.order == 2) {
    a.q = with_columns(a.q, std::max(shape.dimension, a.q.columns));
    a.keys[0] = with_columns(a.keys[0], a.q.columns);
    turn({&a.q, &a.keys[0]}, random);
  } else {
    const std::vector<double> nodes = nodes_of(shape.order);
    a.q = mixed(a.q, nodes, true);
    for (Matrix& keys : a.keys) keys = mixed(keys, nodes, false);
  }
  // Further columns of values carry answers of their own; they do not touch column 0.
  for (Matrix& values : a.values) {
    const Matrix first = values;
    values = signs(first.rows, shape.columns, random);
    for (std::size_t j = 0; j < first.rows; ++j) values.at(j, 0) = first.at(j, 0);
  }
  return input;
}

AuditInput causal_input(const AuditShape& shape, std::size_t rows, Random& random) {
  constexpr double kOthers = 0x1p-6;  // of the weight that decides, all other tuples together
  std::size_t width = 1;
  while ((std::size_t{1} << width) <= rows + 1) ++width;
  const CausalTokens tokens{gray_code(width, random), rows, width, shape.order};
  const std::size_t d = std::max(tokens.dimension(), shape.dimension), n = tokens.count(), patterns = tokens.patterns();
  AuditInput input{fmt::format("{} rows and keys", n), {}, true};
  Attention& a = input.attention;
  a.terms.softmax_scale = 1 / std::sqrt(static_cast<double>(d));
  const double gamma = static_cast<double>(shape.order - 1) * std::log(static_cast<double>(n)) - std::log(kOthers);
  const double bound = std::exp2(std::ceil(std::log2(gamma / a.terms.softmax_scale) / static_cast<double>(shape.order)));
  a.q = Matrix(n, d);
  for (std::size_t i = 0; i < n; ++i) {
    const std::vector<double> bits = tokens.query(i);
    for (std::size_t x = 0; x < tokens.dimension(); ++x)
      a.q.at(i, x) = x < 2 * width * (shape.order - 1) ? -bound * bits[x % (2 * width)] : -bound;
  }
  for (std::size_t u = 0; u + 1 < shape.order; ++u) {
    Matrix keys(n, d), values(n, shape.columns);
    for (std::size_t j = 0; j < n; ++j) {
      const std::vector<double> own = tokens.key(j);
      for (std::size_t x = 0; x < 2 * width * (shape.order - 1); ++x)
        keys.at(j, x) = j == 0 ? 0 : bound * (x / (2 * width) == u ? own[x % (2 * width)] : 1);
      // Patterns of pads and keys that are neither all pads nor none weigh nothing.
      for (std::size_t p = 0; p < patterns; ++p)
        keys.at(j, 2 * width * (shape.order - 1) + p) = (((p + 1) >> u & 1) != 0) == (j > 0) ? bound : 0;
      for (std::size_t c = 0; c < shape.columns; ++c) values.at(j, c) = j > 0 ? (c == 0 || u > 0 || random.bit() ? 1 : -1) : 0;
    }
    a.keys.push_back(std::move(keys));
    a.values.push_back(std::move(values));
  }
  return input;
}

}  // namespace gapwright
