// SPDX-License-Identifier: MIT
#pragma once
#include <memory>

#include "instances/gap_max_ip.hpp"
#include "instances/orthogonal_vectors.hpp"
#include "reductions/merlin_arthur.hpp"
#include "reductions/reduction.hpp"

namespace gapwright {

/// k-OV to Gap-k-MaxIP, a Turing reduction over Merlin's messages: the source is yes iff SOME message's instance is. Targets are in the
/// factored form; gap_max_ip_forms.hpp turns them into vectors. Measured quantity: the largest inner product (accepting coins).
class OrthogonalVectorsToGapMaxIp {
 public:
  using Source = OrthogonalVectors;
  using Target = FactoredGapMaxIp;

  /// The instance must be well formed, with non-empty sets, and outlive the rule. Throws std::invalid_argument when its order is not the
  /// protocol's or its vectors do not fit into the universe.
  OrthogonalVectorsToGapMaxIp(const OrthogonalVectors& ov, std::shared_ptr<const MerlinArthur> protocol,
                              const Progress& progress = {});

  const MerlinArthur& protocol() const { return *protocol_; }
  Guarantee guarantee() const;
  FactoredGapMaxIp target(const mpz_class& message) const;
  /// The honest Merlin: the message under which the orthogonal tuple has inner product L.
  std::pair<mpz_class, FactoredGapMaxIp::Witness> push(const OrthogonalVectors::Witness& tuple) const;
  OrthogonalVectors::Witness pull(const mpz_class& message, const FactoredGapMaxIp::Witness& tuple) const;
  std::vector<LiftStep> lift() const;

  /// Merlin's best reply to any tuple: for an orthogonal one the honest message, for another the message that makes it look best.
  mpz_class best_reply(const OrthogonalVectors::Witness& tuple) const;

 private:
  std::vector<std::vector<Symbol>> rows_of(const OrthogonalVectors::Witness& tuple) const;

  const OrthogonalVectors& ov_;
  std::shared_ptr<const MerlinArthur> protocol_;
  FieldTables field_;
  std::shared_ptr<const std::vector<SymbolRows>> sets_;  // encoded once: only x_0 depends on the message
};

/// Bytes of memory that encoding the sets takes: the symbols of all sets, and of the largest one, while it is encoded, its blocks and their words.
mpz_class encoding_bytes(const std::vector<mpz_class>& set_sizes, std::size_t coins, std::size_t blocks,
                         std::size_t block_length);

/// Exact size in bits of one factored target: 16 per symbol of the sets and of the message, and of the two field tables.
mpz_class factored_bits(const std::vector<mpz_class>& set_sizes, std::size_t coins, std::size_t blocks, std::size_t field_size);

}  // namespace gapwright
