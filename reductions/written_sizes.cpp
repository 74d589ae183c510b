// SPDX-License-Identifier: MIT
#include "reductions/written_sizes.hpp"

#include "reductions/gap_max_ip_forms.hpp"
#include "reductions/orthogonal_vectors_to_gap_max_ip.hpp"

namespace gapwright {
namespace {

template <class Sets>
mpz_class total_rows(const Sets& sets) {
  mpz_class rows = 0;
  for (const auto& set : sets) rows += set.rows;
  return rows;
}

}  // namespace

mpz_class tensor_bytes(const mpz_class& bits) { return bits / 8; }
mpz_class packed_bytes(const mpz_class& bits) { return bits / 256; }
mpz_class most_bits(const Limits& limits) { return limits.memory * 4; }
mpz_class most_decided_bits(const Limits& limits) { return limits.memory * 2; }

mpz_class tuples_of(const DirectEmbedding& e) { return e.main_tuples * e.query_rows; }

mpz_class entry_bits(const Attention& attention) {
  mpz_class entries = attention.q.entries.size();
  for (const Matrix& keys : attention.keys) entries += keys.entries.size();
  for (const Matrix& values : attention.values) entries += values.entries.size();
  return 64 * entries;
}

mpz_class symbol_bits(const FactoredGapMaxIp& g) {
  mpz_class symbols = g.message.size() + g.field.sum.size() + g.field.product.size();
  for (const SymbolRows& set : *g.sets) symbols += set.symbols.size();
  return 16 * symbols;
}

mpz_class file_bytes(const GapMaxIp& g) { return total_rows(g.sets) * g.dimension; }
mpz_class file_bytes(const RealGapMaxIp& g) { return total_rows(g.sets) * g.weights.size() * 8; }

mpz_class packed_bytes(const std::vector<BitMatrix>& sets) {
  mpz_class words = 0;
  for (const BitMatrix& set : sets) words += set.words.size();
  return words * 8;
}

mpz_class formula_bytes(const Cnf& cnf) {
  mpz_class bytes = cnf.clauses.size() * sizeof(Cnf::Clause);
  for (const Cnf::Clause& clause : cnf.clauses) bytes += clause.size() * sizeof(std::int32_t);
  return bytes;
}

mpz_class protocol_bytes(const std::vector<mpz_class>& set_sizes, const ProtocolShape& shape) {
  return 2 * factored_bits(set_sizes, shape.coins, shape.blocks, shape.field_size) / 8 + (mpz_class(1) << 26);
}

mpz_class protocol_decision_bytes(const std::vector<mpz_class>& set_sizes, const ProtocolShape& shape) {
  return protocol_bytes(set_sizes, shape) + 2 * factored_bits(set_sizes, shape.coins, shape.blocks, shape.field_size) / 8;
}

mpz_class gadget_dimension(const FactoredGapMaxIp& g, Form form) {
  if (form != Form::characters) return form == Form::pruned ? pruned_dimension(g) : boxes_dimension(g);
  mpz_class dimension = 0;
  for (const std::size_t coordinates : character_coordinates(g)) dimension += coordinates;
  return dimension;
}

GadgetSizes gadget_sizes(const FactoredGapMaxIp& g, Form form, const mpz_class& dimension) {
  const mpz_class bits_of_entry = form == Form::characters ? 64 : 1;
  return {dimension, dimension * total_rows(*g.sets) * bits_of_entry};
}

}  // namespace gapwright
