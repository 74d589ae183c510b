// SPDX-License-Identifier: MIT
// Choosing code, degree and number of blocks for the protocol. All numbers come from the pole orders (docs/codes.md, sections 1 to 3): the
// dimension of C(D), D < L, is the number of pole orders up to D, so the least degree of dimension K is the K-th pole order.
#include "reductions/protocol_choice.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "support/errors.hpp"

namespace gapwright {
namespace {

constexpr std::size_t kLargestField = 1024, kLongest = 20'000;

/// The curves of a family with parameter q and at most `longest` points: one for each level where there are levels.
template <class Take>
void each_curve(const CodeFamily& family, std::size_t q, std::size_t longest, std::optional<std::size_t> level,
                const Take& take) {
  CurveParameters p{.q = static_cast<std::int64_t>(q)};
  if (family.has_levels && !level) p.level = family.first_level;
  for (; family.length_of(p) <= longest; ++p.level) {
    if (!family.has_levels || !level || *level == static_cast<std::size_t>(p.level)) take(p, family.length_of(p));
    if (!family.has_levels) return;
  }
}

}  // namespace

std::vector<CurveNumbers> curve_numbers(const CodeFamily& family, std::size_t largest_field, std::size_t longest,
                                        std::optional<std::size_t> level, const RunControl& control) {
  std::vector<CurveNumbers> all;
  for (std::size_t q = 2; family.field_size(static_cast<std::int64_t>(q)) <= largest_field; ++q) {
    control.check();
    const auto power = prime_power(static_cast<std::int64_t>(q));
    if (!power) continue;
    each_curve(family, q, longest, level, [&](const CurveParameters& p, std::size_t length) {
      control.check();
      const auto orders = family.semigroup_of(p, length - 1);
      all.push_back({&family,
                     p.q,
                     family.has_levels ? static_cast<unsigned>(p.level) : 0,
                     family.field_size(p.q),
                     power->prime,
                     length,
                     {orders.begin(), orders.end()}});
    });
  }
  return all;
}

mpz_class curve_numbers_bytes(std::size_t largest_field, std::size_t longest) {
  mpz_class orders = 0;
  std::size_t most = 0;  // a semigroup is computed in words of eight bytes
  for (const CodeFamily& family : compared_families())
    for (std::size_t q = 2; family.field_size(static_cast<std::int64_t>(q)) <= largest_field; ++q)
      if (prime_power(static_cast<std::int64_t>(q)))
        each_curve(family, q, longest, {}, [&](const CurveParameters&, std::size_t length) {
          orders += length;
          most = std::max(most, length);
        });
  return orders * 4 + mpz_class(most) * 16;
}

std::vector<std::string> route_words() {
  std::vector<std::string> words = code_family_names();
  words.insert(words.begin(), std::string(kDirect));
  return words;
}

const CodeFamily* family_on_route(std::string_view word) { return word == kDirect ? nullptr : &code_family(word); }

std::optional<ProtocolShape> shape_on(const CurveNumbers& curve, std::size_t parties, std::size_t blocks,
                                      std::size_t block_length) {
  if (blocks == 0 || blocks >= curve.characteristic || block_length == 0 || block_length > curve.orders.size())
    return std::nullopt;
  const std::size_t degree = curve.orders[block_length - 1], accepted = parties * degree;
  if (accepted >= curve.coins) return std::nullopt;
  const auto words =
      static_cast<std::size_t>(std::upper_bound(curve.orders.begin(), curve.orders.end(), accepted) - curve.orders.begin());
  return ProtocolShape{curve.family, curve.q, curve.level, curve.field_size,    blocks,
                       block_length, degree,  curve.coins, words - block_length};
}

double factored_cost(const ProtocolShape& shape, std::size_t parties) {
  return static_cast<double>(shape.coins * shape.blocks) /
         (1.0 - static_cast<double>(parties * shape.degree) / static_cast<double>(shape.coins));
}

double shape_cost(const ProtocolShape& shape, Form form, const std::vector<mpz_class>& set_sizes) {
  const auto coins = static_cast<double>(shape.coins), symbols = static_cast<double>(shape.blocks) * std::log2(shape.field_size);
  switch (form) {
    case Form::factored:
      return factored_cost(shape, set_sizes.size());
    case Form::full:
      return std::log2(coins) + static_cast<double>(set_sizes.size() - 1) * symbols;
    case Form::pruned: {
      double sum = std::log2(coins);
      for (std::size_t u = 1; u < set_sizes.size(); ++u)
        sum += std::min(symbols, static_cast<double>(mpz_sizeinbase(set_sizes[u].get_mpz_t(), 2)) > 900
                                     ? symbols
                                     : std::log2(set_sizes[u].get_d()));
      return sum;
    }
    case Form::characters:  // at most about k/2 Q^T at a coin (docs/reductions.md, Theorem R11), more than at the systematic ones
      return std::log2(coins) + symbols + std::log2(static_cast<double>(set_sizes.size()) / 2);
  }
  throw std::logic_error("a form without a cost");
}

ProtocolShape choose_protocol(const ProtocolRequest& request, const std::function<double(const ProtocolShape&)>& cost) {
  std::optional<ProtocolShape> best;
  double least = 0;
  for (const CurveNumbers& curve : curve_numbers(*request.family, kLargestField, kLongest, request.level)) {
    if (request.field_size && *request.field_size != curve.field_size) continue;
    for (std::size_t blocks = request.blocks.value_or(1); blocks != 0 && blocks < curve.characteristic; ++blocks) {
      const std::size_t needed = std::max<std::size_t>(1, (request.dimension + blocks - 1) / blocks);
      const std::size_t length = request.block_length.value_or(needed);
      const auto shape = length >= needed ? shape_on(curve, request.parties, blocks, length) : std::nullopt;
      if (shape) {
        const double price = cost ? cost(*shape) : factored_cost(*shape, request.parties);
        if (!best || price < least) {
          best = shape;
          least = price;
        }
      }
      if (request.blocks) break;
    }
  }
  if (!best)
    throw std::invalid_argument(
        "no " + request.family->name + " code fits: needed are T < p, T K >= " + std::to_string(request.dimension) + " and " +
        std::to_string(request.parties) + " D < L over a field of at most " + std::to_string(kLargestField) +
        " elements; free `field`, `blocks`, `block_length` or `level`, or take another route");
  return *best;
}

MerlinArthur build_protocol(const ProtocolShape& shape, std::size_t parties, const RunControl& control, const Limits& limits) {
  const Progress progress = watched_progress({control.threads, control.stop, {}});
  const std::uint64_t bytes = limits.memory_bytes();
  try {
    const CurvePointer curve = shape.family->build({shape.q, std::max<std::int64_t>(1, shape.level), 0}, progress, bytes);
    return MerlinArthur(evaluation_code(curve, shape.degree, progress, bytes), parties, shape.blocks, progress, bytes);
  } catch (const CodeTooLarge& e) {
    throw LimitReached(e.what());
  }
}

Progress watched_progress(const RunControl& control) {
  return [control](double fraction) {
    control.check();
    if (control.progress) control.progress(fraction);
  };
}

}  // namespace gapwright
