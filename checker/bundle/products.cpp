// SPDX-License-Identifier: MIT
#include "checker/bundle/products.hpp"

#include <bit>
#include <memory>

#include "checker/errors.hpp"
#include "checker/tuples.hpp"

namespace checker {
namespace {

using Tuple = std::vector<std::uint64_t>;

constexpr std::uint64_t kRealWork = 16;  // a product of large integers against one of 64 bits

Product product_of_bits(std::vector<Bits> sets) {
  for (const Bits& set : sets) require(set.columns == sets[0].columns, "target: the matrices do not fit");
  const std::uint64_t work = sets[0].words + 1;
  return {[sets = std::move(sets)](const Tuple& tuple) {
            std::uint64_t count = 0;
            for (std::size_t w = 0; w < sets[0].words; ++w) {
              std::uint64_t common = ~std::uint64_t{0};
              for (std::size_t u = 0; u < sets.size(); ++u) common &= sets[u].row(tuple[u])[w];
              count += static_cast<std::uint64_t>(std::popcount(common));
            }
            return static_cast<double>(count);
          },
          work};
}

/// Times `factor`.
Product product_of_reals(const std::vector<const Tensor*>& tensors, const mpq_class& factor) {
  const auto matrices = std::make_shared<std::vector<ExactMatrix>>();
  for (const Tensor* tensor : tensors) matrices->push_back(exact_matrix(*tensor));
  for (const ExactMatrix& m : *matrices) require(m.columns == matrices->front().columns, "target: the matrices do not fit");
  const mpq_class unit = factor * times_power_of_two(1, exponent_of(*matrices));
  return {[matrices, unit](const Tuple& tuple) {
            mpz_class sum = 0, product;
            for (std::size_t c = 0; c < matrices->front().columns; ++c) {
              product = 1;
              for (std::size_t u = 0; u < matrices->size(); ++u) product *= (*matrices)[u].at(tuple[u], c);
              sum += product;
            }
            return mpq_class(unit * sum).get_d();
          },
          kRealWork * matrices->front().columns * matrices->size() + 1};
}

Product product_of_symbols(SymbolGap gap) {
  const std::uint64_t work = gap.coins * gap.blocks * gap.sets.size() + 1;
  return {[gap = std::move(gap)](const Tuple& tuple) {
            std::uint64_t accepting = 0;
            for (std::size_t x = 0; x < gap.coins; ++x) {
              std::size_t sum = 0;
              for (std::size_t tau = 0; tau < gap.blocks; ++tau) {
                std::size_t product = gap.sets[0][(tuple[0] * gap.coins + x) * gap.blocks + tau];
                for (std::size_t u = 1; u < tuple.size(); ++u)
                  product = gap.product[product * gap.field + gap.sets[u][(tuple[u] * gap.coins + x) * gap.blocks + tau]];
                sum = gap.sum[sum * gap.field + product];
              }
              accepting += sum == gap.message[x];
            }
            return static_cast<double>(accepting);
          },
          work};
}

}  // namespace

Product product_of_gap(const Safetensors& file) {
  if (file.tensors.contains("message")) return product_of_symbols(symbol_gap(file));
  if (file.tensor("x0", 2).dtype == "U8") return product_of_bits(bit_sets(file));
  std::vector<const Tensor*> tensors;
  for (std::size_t u = 0; u < file.numbered("x", 0); ++u) tensors.push_back(&file.tensor("x" + std::to_string(u), 2));
  return product_of_reals(tensors, 1);
}

Product product_of_attention(const BitAttention& bits) {
  std::vector<Bits> sets = bits.keys;
  sets.insert(sets.begin(), bits.queries);
  return product_of_bits(std::move(sets));
}

Product product_of_attention(const Safetensors& file, double unit) {
  const AttentionFile attention = attention_file(file);
  if (attention.bits) return product_of_attention(*attention.bits);
  require(attention.terms.entry_bound != 0, "target: entry_bound is 0");
  mpq_class factor(unit);
  for (std::size_t u = 0; u < attention.order; ++u) factor /= attention.terms.entry_bound;
  return product_of_reals(attention.tensors, factor);
}

}  // namespace checker
