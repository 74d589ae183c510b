// SPDX-License-Identifier: MIT
#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "instances/attention.hpp"
#include "instances/files/narrow.hpp"
#include "support/philox.hpp"

// What an audit runs an attention kernel on, and the dressings that make it: maps of an input that leave every output, or change it in a known way
// (docs/audit.md, with the proofs).
namespace gapwright {

/// What the kernel takes.
struct AuditShape {
  std::size_t order = 2;       ///< k
  std::size_t rows = 0;        ///< of q and of the keys, where a check does not choose them; 0: audit_rows
  std::size_t dimension = 64;  ///< d; at least 8
  std::size_t columns = 64;    ///< d_v
  Dtype dtype = Dtype::f32;    ///< of every entry
  bool own_scale = true;       ///< it takes softmax_scale; else every input is meant with 1/sqrt(d)
  std::uint64_t seed = 1;
};
/// 250 for order 2 (65 in f64, whose truth takes balls), 33 for 3, 12 for 4, 6 beyond.
std::size_t audit_rows(const AuditShape&);

struct AuditInput {
  std::string what;  ///< "250 rows, 250 keys"
  Attention attention;
  bool causal = false;
  /// Of hard pairs: the rows whose out_i[0] is above it are those that have an orthogonal tuple.
  std::optional<double> middle = {};
};

/// Rows of q, then of each key matrix.
using AuditSizes = std::vector<std::size_t>;
AuditSizes square_sizes(const AuditShape&);

/// Normal q and keys, values uniform in [-1, 1]; scores of standard deviation `spread` about 0. Unless it is given it is 1, or 4 for f16 and bf16, which are too coarse
/// for outputs that are the mean of many values.
AuditInput normal_input(const AuditShape&, const AuditSizes&, double softmax_scale, Random&, std::optional<double> spread = {});

/// Row i has a tuple of keys of its own, key own(i, u) in matrix u, whose score is so far above the others that out_i is its value, all of which are 1
/// or -1. With `shared` above 1 that many keys of the first matrix are equal, neighbours or far apart, and out_i is their mean.
struct Needles {
  std::function<std::size_t(std::size_t row, std::size_t u)> own;
  std::size_t shared = 1;
  bool neighbours = true;
  double unit = 1;  ///< scores are about so many times as large
};
AuditInput needle_input(const AuditShape&, const AuditSizes&, double softmax_scale, const Needles&, Random&);

/// Adds shifts[i] (one for all: of size 1) to every score of row i, by the first coordinate, which is overwritten: c/(scale w) in q, w in the first key
/// matrix, 1 in the others. An output is the same whatever the shift.
void shift_scores(AuditInput&, const AuditShape&, const std::vector<double>& shifts);

/// The first coordinate adds `along(j)` to the scores of key j of the first matrix, in every row.
void add_along_keys(AuditInput&, const std::function<double(std::size_t key)>& along);

/// One hard twin of a challenge (k-OV vectors, embedded directly), its coordinates made dense: turned by a random orthogonal map for order 2, mixed in
/// pairs beyond. Entries are rounded to the type afterwards.
AuditInput dense_hard_input(const AuditShape&, std::size_t rows, bool yes, Random&);

/// An input of order k on which the causal mask matters in every row 1, ..., rows: out is 1/2, and another number under a mask that is off by one either
/// way, or without (docs/audit.md).
AuditInput causal_input(const AuditShape&, std::size_t rows, Random&);

/// 0, ..., n - 1 in a random order.
std::vector<std::size_t> random_order(std::size_t n, Random&);

/// Entries become numbers of the type; entry_bound is set.
void round_entries(AuditInput&, Dtype);

}  // namespace gapwright
