// SPDX-License-Identifier: MIT
#include "checker/link.hpp"

#include <algorithm>

#include "checker/errors.hpp"
#include "checker/formula_vectors.hpp"
#include "checker/npy.hpp"

namespace checker {
namespace {

/// The number of keys of value 1; they must come before the others.
std::uint64_t leading_ones(const Tensor& values) {
  std::uint64_t ones = 0;
  for (std::uint64_t j = 0; j < values.shape[0]; ++j) {
    if (values.at(j * values.shape[1]) != 1) continue;
    require(j == ones, "formula: the keys of value 1 do not come first, so they are not the formula's vectors in order");
    ++ones;
  }
  return ones;
}

struct Sizes {
  std::vector<std::uint64_t> vectors;  ///< rows that stand for vectors, per set
  std::vector<std::uint64_t> rows;     ///< all rows
};

Sizes sizes_of(std::span<const File> instance) {
  Sizes sizes;
  if (is_npy(instance[0].bytes)) {
    for (const Bits& set : npy_sets(instance)) sizes.vectors.push_back(set.rows);
    return {sizes.vectors, sizes.vectors};
  }
  const Safetensors file = read_safetensors(instance[0].bytes);
  if (!file.tensors.contains("q")) {
    for (std::size_t u = 0; u < file.numbered("x", 0); ++u)
      sizes.vectors.push_back(file.tensors.at("x" + std::to_string(u)).shape.at(0));
    return {sizes.vectors, sizes.vectors};
  }
  sizes.vectors.push_back(file.tensor("q", 2).shape[0]);
  sizes.rows = sizes.vectors;
  for (std::size_t u = 1; u <= file.numbered("k", 1); ++u) {
    const Tensor& values = file.tensor("v" + std::to_string(u), 2);
    sizes.vectors.push_back(leading_ones(values));
    sizes.rows.push_back(values.shape[0]);
  }
  return sizes;
}

/// Row j of the tensor is row j - period, for all rows up to `rows`.
void check_repeats(const Tensor& tensor, const std::string& name, std::uint64_t period, std::uint64_t rows) {
  const std::size_t bytes = tensor.data.size() / tensor.shape[0];
  for (std::uint64_t j = period; j < rows; ++j)
    require(tensor.data.substr(j * bytes, bytes) == tensor.data.substr((j - period) * bytes, bytes),
            "formula: row " + std::to_string(j) + " of " + name + " does not repeat the formula's vectors");
}

}  // namespace

std::vector<std::uint64_t> listed_vectors(const Claim& claim, std::span<const File> instance, const Formula& formula) {
  require(claim.witness->size() == claim.order, "witness: it has another number of entries than the order");
  const Sizes sizes = sizes_of(instance);
  const auto groups = group_sizes(formula, claim.order);
  std::vector<std::uint64_t> right, tuple = *claim.witness;
  std::uint64_t side = 0;
  for (std::size_t u = 0; u < groups.size(); ++u) {
    require(groups[u] < 62, "formula: a group of its variables has more vectors than an instance can hold");
    right.push_back(std::uint64_t{1} << groups[u]);
    side = std::max(side, right[u] + (u > 0 ? 1 : 0));
  }
  bool repeated = claim.problem == "attention";
  for (std::size_t u = 0; u < groups.size(); ++u)
    repeated = repeated && sizes.rows[u] == side && sizes.vectors[u] == side - (u > 0 ? 1 : 0);
  require(repeated || sizes.vectors == right,
          "formula: the instance's sets are not as large as the formula's, 2 to the variables of each group");
  for (std::size_t u = 0; u < groups.size(); ++u)
    require(tuple[u] < sizes.vectors[u],
            "witness: entry " + std::to_string(u) + " is none of the formula's vectors");  // a key of a value above 1
  if (!repeated) return tuple;
  const Safetensors file = read_safetensors(instance[0].bytes);
  for (std::size_t u = 0; u < groups.size(); ++u) {
    const std::string name = u == 0 ? "q" : "k" + std::to_string(u);
    check_repeats(file.tensor(name, 2), name, right[u], sizes.vectors[u]);
    tuple[u] %= right[u];
  }
  return tuple;
}

}  // namespace checker
