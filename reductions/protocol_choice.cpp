// Choosing code, degree and number of blocks for the protocol. All numbers come from the pole orders (mathematics, sections 2 and 3): the
// dimension of C(D), D < L, is the number of pole orders up to D, so the least degree of dimension K is the K-th pole order.
#include "reductions/protocol_choice.hpp"

#include <algorithm>
#include <stdexcept>

#include "codes/curve.hpp"
#include "codes/tower_functions.hpp"

namespace gapwright {
namespace {

constexpr std::size_t kLargestField = 1024, kLongest = 20'000;

/// One curve of a family, by numbers only.
struct CurveNumbers {
  std::int64_t q;
  unsigned level;
  std::size_t field_size, characteristic, coins;
  std::vector<std::size_t> orders;  // below the length
};

std::vector<std::size_t> hermitian_orders(std::size_t q, std::size_t top) {
  std::vector<std::size_t> orders;
  for (std::size_t j = 0; j < q; ++j)
    for (std::size_t order = j * (q + 1); order <= top; order += q) orders.push_back(order);
  std::sort(orders.begin(), orders.end());
  return orders;
}

std::vector<CurveNumbers> curves(const ProtocolRequest& request) {
  std::vector<CurveNumbers> all;
  const bool line = request.route == "reed-solomon";
  for (std::int64_t q = 2; static_cast<std::size_t>(line ? q : q * q) <= kLargestField; ++q) {
    const auto power = prime_power(q);
    const auto size = static_cast<std::size_t>(line ? q : q * q);
    if (!power || (request.field_size && *request.field_size != size)) continue;
    const auto side = static_cast<std::size_t>(q);
    if (line) {
      CurveNumbers numbers{q, 0, size, power->prime, size, {}};
      for (std::size_t order = 0; order < size; ++order) numbers.orders.push_back(order);
      all.push_back(std::move(numbers));
    } else if (request.route == "hermitian") {
      if (const std::size_t length = side * side * side; length <= kLongest)
        all.push_back({q, 0, size, power->prime, length, hermitian_orders(side, length - 1)});
    } else {
      // Level 1 is a projective line again; it is taken only when asked for.
      for (unsigned level = request.level ? 1 : 2; tower_length(static_cast<std::uint32_t>(q), level) <= kLongest; ++level) {
        if (request.level && *request.level != level) continue;
        const std::size_t length = tower_length(static_cast<std::uint32_t>(q), level);
        all.push_back({q, level, size, power->prime, length, tower_semigroup(static_cast<std::uint32_t>(q), level, length - 1)});
      }
    }
  }
  return all;
}

}  // namespace

ProtocolShape choose_protocol(const ProtocolRequest& request) {
  std::optional<ProtocolShape> best;
  double least = 0;
  for (const CurveNumbers& curve : curves(request))
    for (std::size_t blocks = request.blocks.value_or(1); blocks < curve.characteristic; ++blocks) {
      const std::size_t needed = std::max<std::size_t>(1, (request.dimension + blocks - 1) / blocks);
      const std::size_t length = request.block_length.value_or(needed);
      if (length >= needed && length <= curve.orders.size()) {
        const std::size_t degree = curve.orders[length - 1], accepted = request.parties * degree;
        const double cost = static_cast<double>(curve.coins * blocks) / (1.0 - static_cast<double>(accepted) / static_cast<double>(curve.coins));
        if (accepted < curve.coins && (!best || cost < least)) {
          best = ProtocolShape{request.route, curve.q, curve.level, curve.field_size, blocks, length, degree, curve.coins};
          least = cost;
        }
      }
      if (request.blocks) break;
    }
  if (!best)
    throw std::invalid_argument("no " + request.route + " code fits: needed are T < p, T K >= " + std::to_string(request.dimension) + " and " +
                                std::to_string(request.parties) + " D < L over a field of at most " + std::to_string(kLargestField) +
                                " elements; free --field, --blocks, --block-length or --level, or take another route");
  return *best;
}

MerlinArthur build_protocol(const ProtocolShape& shape, std::size_t parties) {
  const CurvePointer curve = shape.route == "reed-solomon" ? projective_line(shape.q)
                             : shape.route == "hermitian"  ? hermitian(shape.q)
                                                           : garcia_stichtenoth(shape.q, shape.level);
  return MerlinArthur(evaluation_code(curve, shape.degree), parties, shape.blocks);
}

}  // namespace gapwright
