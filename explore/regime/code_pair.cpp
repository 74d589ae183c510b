// SPDX-License-Identifier: MIT
// A matched k-OV pair through the protocol. Attention over a gadget sees inner product s for s accepting coins, whatever the
// gadget's coordinates are, so one count in the factored form gives the outputs at every B (Theorem R9), and d' comes in through
// gamma = B^k softmax_scale alone.
#include "explore/regime/code_pair.hpp"

#include <memory>

#include "reductions/orthogonal_vectors_to_gap_max_ip.hpp"
#include "verify/factored_attention.hpp"

namespace gapwright {
namespace {

std::vector<RowCounts> rows_of(const FactoredGapMaxIp& instance, const RunControl& control) {
  const std::vector<std::uint64_t> counts = accepting_histograms(instance, 0, instance.sets->front().rows, control);
  const std::size_t width = instance.coins + 1;
  std::uint64_t all = 1, main = 1;
  for (std::size_t u = 1; u < instance.sets->size(); ++u) {
    main *= (*instance.sets)[u].rows;
    all *= (*instance.sets)[u].rows + 1;
  }
  std::vector<RowCounts> rows(counts.size() / width);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    rows[i].main.assign(counts.begin() + static_cast<std::ptrdiff_t>(i * width),
                        counts.begin() + static_cast<std::ptrdiff_t>((i + 1) * width));
    rows[i].other.assign(width, 0);
    rows[i].other[0] = all - main - 1;
    rows[i].other[instance.coins] += 1;
  }
  return rows;
}

}  // namespace

CodePair code_pair(const VectorPair& vectors, std::size_t dimension, const ProtocolShape& shape, const RunControl& control) {
  const auto protocol = std::make_shared<const MerlinArthur>(build_protocol(shape, vectors.yes.size(), control));
  const OrthogonalVectors yes{dimension, vectors.yes, {}}, no{dimension, vectors.no, {}};
  const OrthogonalVectorsToGapMaxIp yes_rule(yes, protocol), no_rule(no, protocol);
  return {yes_rule.target(yes_rule.push(vectors.tuple).first), no_rule.target(no_rule.best_reply(vectors.tuple)), vectors.tuple};
}

CountedRows counted_rows(const CodePair& pair, double softmax_scale, const RunControl& control) {
  CountedRows counted{pair.yes.sets->size(), 1, softmax_scale, pair.yes.coins, pair.tuple.front(), {}, {}, {}};
  counted.yes = rows_of(pair.yes, control);
  counted.no = rows_of(pair.no, control);
  for (std::size_t i = 0; i < counted.yes.size(); ++i)
    if (counted.yes[i].main[pair.yes.coins] > 0) counted.witness_rows.push_back(i);
  return counted;
}

std::optional<PlanPoint> least_boxes(Planner& planner, std::size_t dimension) {
  std::optional<PlanPoint> best;
  for (const CodeFamily& family : compared_families()) {
    auto point = planner.least_entries(family, Gadget::boxes, dimension);
    if (point && (!best || point->entry_constant < best->entry_constant)) best = std::move(point);
  }
  return best;
}

}  // namespace gapwright
