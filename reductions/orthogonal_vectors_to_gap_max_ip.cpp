// SPDX-License-Identifier: MIT
// k-OV to Gap-k-MaxIP through the Merlin-Arthur protocol (docs/reductions.md). A target per message Phi of Merlin: the inner product of a tuple
// is the number of coins at which party 0 accepts Phi. Thresholds t = L and s_no = k D.
//
// Yes maps to yes: an orthogonal tuple's own product word Psi is a legal message; under it the tuple reaches L.
// No maps to no: without an orthogonal tuple every tuple has at most k D accepting coins under every message. More: every orthogonal tuple
// reaches L under exactly one message, so the numbers of tuples at t, summed over all messages, add up to the number of orthogonal tuples.
//
// Size: Q^(dim C(kD) - K) targets; each has sum_u n_u L T + L symbols and two field tables of Q^2, 16 bits each, exactly.
#include "reductions/orthogonal_vectors_to_gap_max_ip.hpp"

#include <stdexcept>

namespace gapwright {

mpz_class factored_bits(const std::vector<mpz_class>& set_sizes, std::size_t coins, std::size_t blocks, std::size_t field_size) {
  mpz_class symbols = mpz_class(coins) + 2 * mpz_class(field_size) * field_size;
  for (const mpz_class& n : set_sizes) symbols += n * coins * blocks;
  return 16 * symbols;
}

mpz_class encoding_bytes(const std::vector<mpz_class>& set_sizes, std::size_t coins, std::size_t blocks,
                         std::size_t block_length) {
  mpz_class rows = 0, most = 0;
  for (const mpz_class& n : set_sizes) {
    rows += n;
    if (n > most) most = n;
  }
  return 2 * (rows * coins * blocks + most * (mpz_class(coins) + block_length));
}

OrthogonalVectorsToGapMaxIp::OrthogonalVectorsToGapMaxIp(const OrthogonalVectors& ov,
                                                         std::shared_ptr<const MerlinArthur> protocol, const Progress& progress)
    : ov_(ov), protocol_(std::move(protocol)) {
  if (ov.sets.size() != protocol_->parties())
    throw std::invalid_argument("the protocol has " + std::to_string(protocol_->parties()) + " parties, the instance " +
                                std::to_string(ov.sets.size()) + " sets");
  const Field& field = protocol_->code().field();
  field_ = {field.characteristic(), field.size(), field.addition_table(), field.multiplication_table()};
  auto sets = std::make_shared<std::vector<SymbolRows>>();
  for (const BitMatrix& set : ov.sets) {
    SymbolMatrix encoded = protocol_->encode(set, progress);
    SymbolRows rows;
    rows.rows = encoded.rows;
    rows.columns = encoded.columns;
    rows.symbols = std::move(encoded.symbols);
    sets->push_back(std::move(rows));
  }
  sets_ = std::move(sets);
}

Guarantee OrthogonalVectorsToGapMaxIp::guarantee() const {
  std::vector<mpz_class> sizes;
  for (const BitMatrix& set : ov_.sets) sizes.emplace_back(set.rows);
  return {
      "k-OV to Gap-k-MaxIP [AS24, Rub18]: some message's instance reaches L iff an orthogonal tuple exists, else all stay at k D",
      protocol_->messages(), factored_bits(sizes, protocol_->coins(), protocol_->blocks(), field_.size), protocol_->coins(),
      protocol_->largest_wrong_acceptance()};
}

FactoredGapMaxIp OrthogonalVectorsToGapMaxIp::target(const mpz_class& message) const {
  FactoredGapMaxIp instance;
  instance.field = field_;
  instance.coins = protocol_->coins();
  instance.blocks = protocol_->blocks();
  instance.sets = sets_;
  instance.message = protocol_->message(message);
  instance.systematic = protocol_->code().information_set;
  instance.gap = {static_cast<std::int64_t>(protocol_->coins()),
                  static_cast<std::int64_t>(protocol_->largest_wrong_acceptance())};
  instance.made_by = ov_.made_by;
  return instance;
}

std::vector<std::vector<Symbol>> OrthogonalVectorsToGapMaxIp::rows_of(const OrthogonalVectors::Witness& tuple) const {
  if (tuple.size() != sets_->size())
    throw std::invalid_argument("the witness is not a tuple of order " + std::to_string(sets_->size()));
  std::vector<std::vector<Symbol>> rows;
  for (std::size_t u = 0; u < tuple.size(); ++u) {
    const SymbolRows& set = (*sets_)[u];
    if (tuple[u] >= set.rows)
      throw std::invalid_argument("the witness names vector " + std::to_string(tuple[u]) + " of a set of " +
                                  std::to_string(set.rows));
    const auto first = set.symbols.begin() + static_cast<std::ptrdiff_t>(tuple[u] * set.columns);
    rows.emplace_back(first, first + static_cast<std::ptrdiff_t>(set.columns));
  }
  return rows;
}

mpz_class OrthogonalVectorsToGapMaxIp::best_reply(const OrthogonalVectors::Witness& tuple) const {
  return protocol_->index_of(protocol_->product_word(rows_of(tuple)));
}

std::pair<mpz_class, FactoredGapMaxIp::Witness> OrthogonalVectorsToGapMaxIp::push(const OrthogonalVectors::Witness& tuple) const {
  return {best_reply(tuple), tuple};
}

OrthogonalVectors::Witness OrthogonalVectorsToGapMaxIp::pull(const mpz_class&, const FactoredGapMaxIp::Witness& tuple) const {
  rows_of(tuple);  // refuses what is no tuple
  return tuple;
}

std::vector<LiftStep> OrthogonalVectorsToGapMaxIp::lift() const {
  std::vector<std::size_t> rows;
  for (const BitMatrix& set : ov_.sets) rows.push_back(set.rows);
  return {identity_lift("orthogonal-vectors -> gap-max-ip", rows)};
}

static_assert(Reduction<OrthogonalVectorsToGapMaxIp>);

}  // namespace gapwright
