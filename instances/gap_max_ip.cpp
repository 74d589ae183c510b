#include "instances/gap_max_ip.hpp"

#include "instances/orthogonal_vectors.hpp"

namespace gapwright {

GapSide side_of(const Gap& gap, std::int64_t largest) {
  return largest >= gap.yes_at_least ? GapSide::yes : largest <= gap.no_at_most ? GapSide::no : GapSide::outside_promise;
}

bool accepts(const GapMaxIp& instance, const GapMaxIp::Witness& tuple) {
  if (tuple.size() != instance.sets.size() || tuple.empty()) return false;
  std::vector<const BitMatrix*> sets;
  for (std::size_t u = 0; u < tuple.size(); ++u) {
    if (tuple[u] >= instance.sets[u].rows || instance.sets[u].columns != instance.dimension) return false;
    sets.push_back(&instance.sets[u]);
  }
  return static_cast<std::int64_t>(inner_product(sets, tuple)) >= instance.gap.yes_at_least;
}

double inner_product(const RealGapMaxIp& instance, const RealGapMaxIp::Witness& tuple) {
  double sum = 0;
  for (std::size_t c = 0; c < instance.weights.size(); ++c) {
    double product = instance.weights[c];
    for (std::size_t u = 0; u < tuple.size(); ++u) product *= instance.sets[u].at(tuple[u], c);
    sum += product;
  }
  return sum;
}

std::int64_t inner_product(const FactoredGapMaxIp& instance, const FactoredGapMaxIp::Witness& tuple) {
  std::int64_t accepting = 0;
  const FieldTables& field = instance.field;
  for (std::size_t x = 0; x < instance.coins; ++x) {
    std::uint16_t sum = 0;
    for (std::size_t tau = 0; tau < instance.blocks; ++tau) {
      std::uint16_t product = 1;
      for (std::size_t u = 0; u < tuple.size(); ++u)
        product = field.multiply(product, (*instance.sets)[u].at(tuple[u], x * instance.blocks + tau));
      sum = field.add(sum, product);
    }
    accepting += sum == instance.message[x];
  }
  return accepting;
}

bool accepts(const FactoredGapMaxIp& instance, const FactoredGapMaxIp::Witness& tuple) {
  if (tuple.empty() || tuple.size() != instance.sets->size()) return false;
  for (std::size_t u = 0; u < tuple.size(); ++u)
    if (tuple[u] >= (*instance.sets)[u].rows) return false;
  return inner_product(instance, tuple) >= instance.gap.yes_at_least;
}

bool accepts(const FactoredAttention& attention, const FactoredAttention::Witness& tuple) { return accepts(attention.gap_max_ip, tuple); }

}  // namespace gapwright
