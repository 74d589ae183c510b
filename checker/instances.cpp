// SPDX-License-Identifier: MIT
#include "checker/instances.hpp"

#include <algorithm>
#include <cmath>
#include <functional>

#include "checker/errors.hpp"
#include "checker/field.hpp"
#include "checker/room.hpp"
#include "checker/statements.hpp"

namespace checker {
namespace {

bool is_real(const Tensor& tensor) {
  return tensor.dtype == "F64" || tensor.dtype == "F32" || tensor.dtype == "F16" || tensor.dtype == "BF16";
}

/// The bits of a matrix whose entries are 0 or sign * bound; sign is 0 when all are 0.
bool take_bits(const Tensor& tensor, double bound, Bits& bits, int& sign) {
  bits = Bits(tensor.shape[0], tensor.shape[1]);
  int own = 0;
  for (std::size_t r = 0; r < bits.rows; ++r)
    for (std::size_t c = 0; c < bits.columns; ++c) {
      const double x = tensor.at(r * bits.columns + c);
      if (x == 0) continue;
      const int entry_sign = x > 0 ? 1 : -1;
      if (std::abs(x) != bound || (own != 0 && own != entry_sign)) return false;
      own = entry_sign;
      bits.set(r, c);
    }
  sign *= own;
  return true;
}

/// Order 2, keys B and -B, both: q (2 b - 1) = 2 q b - q 1, and a shift of a whole row changes no output. So b, counted twice.
bool take_centred_bits(const Tensor& tensor, double bound, Bits& bits) {
  bits = Bits(tensor.shape[0], tensor.shape[1]);
  bool positive = false, negative = false;
  for (std::size_t r = 0; r < bits.rows; ++r)
    for (std::size_t c = 0; c < bits.columns; ++c) {
      const double x = tensor.at(r * bits.columns + c);
      if (x != bound && x != -bound) return false;
      (x == bound ? positive : negative) = true;
      if (x == bound) bits.set(r, c);
    }
  return positive && negative && bound > 0;
}

bool take_values(const Tensor& tensor, std::vector<bool>& ones) {
  for (std::size_t j = 0; j < tensor.shape[0]; ++j) {
    const double v = tensor.at(j * tensor.shape[1]);
    if (v != 0 && v != 1) return false;
    ones.push_back(v == 1);
  }
  return true;
}

std::optional<BitAttention> bits_of(const AttentionFile& a, double bound) {
  BitAttention bits;
  if (!take_bits(*a.tensors[0], bound, bits.queries, bits.sign)) return std::nullopt;
  for (std::size_t u = 0; u + 1 < a.order; ++u) {
    Bits& keys = bits.keys.emplace_back();
    bits.centred = a.order == 2 && take_centred_bits(*a.tensors[1], bound, keys);
    if (!bits.centred && !take_bits(*a.tensors[u + 1], bound, keys, bits.sign)) return std::nullopt;
    if (!take_values(*a.values[u], bits.ones.emplace_back())) return std::nullopt;
  }
  if (a.terms.softmax_scale < 0) bits.sign = -bits.sign;
  if (bits.sign == 0) bits.sign = -1;  // some matrix is 0 and so are all scores: they fall as well as they rise
  return bits;
}

std::vector<std::uint16_t> symbols(const Tensor& tensor, std::size_t below, const std::string& what) {
  if (tensor.dtype != "U16") throw BadInput(what + " must be U16");
  std::vector<std::uint16_t> result;
  for (std::uint64_t i = 0; i < tensor.elements(); ++i) {
    result.push_back(static_cast<std::uint16_t>(tensor.at(i)));
    if (result.back() >= below)
      throw Rejected(what + " holds " + std::to_string(result.back()) + ", which is not below " + std::to_string(below));
  }
  return result;
}

}  // namespace

void check_rows_without_bytes(std::uint64_t rows) {
  constexpr std::uint64_t kMost = std::uint64_t{1} << 22;
  if (rows > kMost) throw Limit("a set of " + std::to_string(rows) + " vectors without coordinates");
}

ExactMatrix exact_matrix(const Tensor& tensor, std::size_t first_columns) {
  ExactMatrix m;
  require(is_real(tensor),
          "form: real numbers are F64, F32, F16 or BF16, whose values doubles hold exactly; here are " + tensor.dtype);
  m.rows = tensor.shape.at(0);
  m.columns = std::min<std::size_t>(tensor.shape.at(1), first_columns);
  if (m.columns == 0) check_rows_without_bytes(m.rows);
  constexpr int kNone = 2000;
  int lowest = kNone, highest = -kNone;
  std::vector<double> entries;
  check_room(mpz_class(m.rows) * mpz_class(m.columns) * (sizeof(double) + sizeof(mpz_class)), "a matrix of numbers");
  for (std::size_t r = 0; m.columns > 0 && r < m.rows; ++r)
    for (std::size_t c = 0; c < m.columns; ++c) {
      const double x = tensor.at(r * tensor.shape[1] + c);
      if (!std::isfinite(x)) throw BadInput("a tensor holds a number that is not finite");
      int exponent = 0;
      if (std::frexp(x, &exponent) != 0) lowest = std::min(lowest, exponent - 53), highest = std::max(highest, exponent);
      entries.push_back(x);
    }
  m.exponent = lowest == kNone ? 0 : lowest;
  const int bits = lowest == kNone ? 0 : highest - lowest;
  constexpr int kBitsOfABlock = 256;  // what the heap gives at least
  check_room(mpz_class(entries.size()) * (sizeof(double) + sizeof(mpz_class) + (kBitsOfABlock + bits) / 8),
             "a matrix of exact numbers");
  m.integers.reserve(entries.size());
  for (const double x : entries) {
    int exponent = 0;
    mpz_class integer(std::ldexp(std::frexp(x, &exponent), 53));
    if (x != 0) integer <<= static_cast<unsigned long>(exponent - 53 - m.exponent);
    m.integers.push_back(integer);
  }
  return m;
}

AttentionFile attention_file(const Safetensors& file) {
  AttentionFile a;
  a.order = file.numbered("k", 1) + 1;
  if (a.order < 2 || file.tensors.size() != 2 * a.order - 1)
    throw BadInput("an attention input holds q, k1, k2, ... and as many v1, v2, ..., and nothing else");
  check_meaning(file, "attention", a.order);
  a.tensors.push_back(&file.tensor("q", 2));
  for (std::size_t u = 1; u < a.order; ++u) {
    a.tensors.push_back(&file.tensor("k" + std::to_string(u), 2));
    a.values.push_back(&file.tensor("v" + std::to_string(u), 2));
  }
  double largest = 0;
  for (const auto* list : {&a.tensors, &a.values})
    for (const Tensor* tensor : *list) {
      if (!is_real(*tensor) || tensor->elements() == 0)
        throw BadInput("attention inputs are matrices of F64, F32, F16 or BF16 with at least one entry");
      for (std::uint64_t i = 0; i < tensor->elements(); ++i) {
        if (!std::isfinite(tensor->at(i))) throw BadInput("a tensor holds a number that is not finite");
        if (list == &a.tensors) largest = std::max(largest, std::abs(tensor->at(i)));
      }
    }
  for (std::size_t u = 0; u + 1 < a.order; ++u)
    if (a.tensors[u + 1]->shape[1] != a.tensors[0]->shape[1] || a.values[u]->shape[0] != a.tensors[u + 1]->shape[0] ||
        a.values[u]->shape[1] != a.values[0]->shape[1])
      throw BadInput("the shapes of q, k" + std::to_string(u + 1) + " and v" + std::to_string(u + 1) + " do not fit");
  const auto said = [&](const std::string& key) {
    const auto text = file.text(key);
    require(text.has_value(), key + ": it is missing in the file's metadata");
    return *text;
  };
  a.terms.softmax_scale = mpq_class(nearest_double(said("softmax_scale")));
  const double bound = file.text("entry_bound") ? nearest_double(said("entry_bound")) : largest;
  require(largest <= bound, "entry_bound: an entry is beyond the one that the file states");
  a.terms.entry_bound = mpq_class(bound);
  a.terms.yes_at_least = decimal(said("yes_at_least"));
  a.terms.no_at_most = decimal(said("no_at_most"));
  require(a.terms.yes_at_least > a.terms.no_at_most, "yes_at_least: it is not above no_at_most");
  a.bits = bits_of(a, bound);
  return a;
}

std::vector<Bits> bit_sets(const Safetensors& file) {
  const std::size_t order = file.numbered("x", 0);
  if (order < 2 || order != file.tensors.size()) throw BadInput("vectors are tensors x0, x1, ... and nothing else");
  std::vector<Bits> sets;
  for (std::size_t u = 0; u < order; ++u) {
    const Tensor& tensor = file.tensor("x" + std::to_string(u), 2);
    if (tensor.shape[1] != file.tensor("x0", 2).shape[1]) throw BadInput("the sets have vectors of different dimensions");
    if (tensor.shape[1] == 0) check_rows_without_bytes(tensor.shape[0]);
    Bits bits(tensor.shape[0], tensor.shape[1]);
    for (std::size_t r = 0; r < bits.rows; ++r)
      for (std::size_t c = 0; c < bits.columns; ++c) {
        const double x = tensor.at(r * bits.columns + c);
        if (x != 0 && x != 1) throw BadInput("x" + std::to_string(u) + " holds what is neither 0 nor 1");
        if (x == 1) bits.set(r, c);
      }
    sets.push_back(std::move(bits));
  }
  return sets;
}

SymbolGap symbol_gap(const Safetensors& file) {
  SymbolGap gap;
  const std::size_t order = file.numbered("x", 0);
  if (order < 2 || order + 4 != file.tensors.size())
    throw BadInput("field symbols are x0, x1, ..., message, field_sum, field_product and systematic, and nothing else");
  const Tensor& table = file.tensor("field_sum", 2);
  gap.field = table.shape[0];
  require(
      gap.field >= 2 && gap.field <= 1024 && table.shape[1] == gap.field && file.tensor("field_product", 2).shape == table.shape,
      "field_sum and field_product must be Q x Q, 2 <= Q <= 1024");
  gap.sum = symbols(table, gap.field, "field_sum");
  gap.product = symbols(file.tensor("field_product", 2), gap.field, "field_product");
  gap.message = symbols(file.tensor("message", 1), gap.field, "message");
  gap.coins = gap.message.size();
  check_field(gap.field, gap.sum, gap.product);
  const auto systematic = symbols(file.tensor("systematic", 1), gap.coins, "systematic");
  require(std::adjacent_find(systematic.begin(), systematic.end(), std::greater_equal<>()) == systematic.end(),
          "systematic: it must list coins in increasing order, each once");
  const auto place = [&](std::size_t row, std::size_t coin) {
    return static_cast<std::ptrdiff_t>((row * gap.coins + coin) * gap.blocks);
  };
  for (std::size_t u = 0; u < order; ++u) {
    const Tensor& x = file.tensor("x" + std::to_string(u), 3);
    if (u == 0) gap.blocks = x.shape[2];
    if (gap.coins == 0 || gap.blocks == 0 || x.shape[1] != gap.coins || x.shape[2] != gap.blocks)
      throw BadInput("x" + std::to_string(u) + " must hold one symbol per coin and block");
    gap.rows.push_back(x.shape[0]);
    gap.sets.push_back(symbols(x, gap.field, "x" + std::to_string(u)));
    const auto& set = gap.sets.back();
    for (std::size_t row = 0; row < x.shape[0]; ++row)
      for (const std::size_t coin : systematic)
        if (std::any_of(set.begin() + place(row, coin), set.begin() + place(row, coin + 1),
                        [](std::uint16_t s) { return s > 1; }))
          throw Rejected("systematic: at coin " + std::to_string(coin) + " a vector has a symbol that is neither 0 nor 1");
  }
  for (const std::size_t coin : systematic)
    require(gap.message[coin] == 0, "systematic: at coin " + std::to_string(coin) + " the message is not 0");
  return gap;
}

}  // namespace checker
