// SPDX-License-Identifier: MIT
#pragma once
#include <gmpxx.h>

#include "instances/attention.hpp"
#include "instances/cnf.hpp"
#include "instances/gap_max_ip.hpp"
#include "reductions/orthogonal_vectors_to_attention.hpp"
#include "reductions/protocol_choice.hpp"
#include "support/limits.hpp"

// What reductions hold and write, in bits and bytes, most of it before it is built.
namespace gapwright {

mpz_class tensor_bytes(const mpz_class& bits);  ///< of tensors in a file
mpz_class packed_bytes(const mpz_class& bits);  ///< of the same as bits, from which the tensors are written
/// Bits of vectors that may be built: half the bytes allowed, as what is written from them takes some more.
mpz_class most_bits(const Limits&);
/// The same of vectors that are decided here: a quarter of the bytes allowed, as the scoring index takes some more.
mpz_class most_decided_bits(const Limits&);

mpz_class tuples_of(const DirectEmbedding&);     ///< of all rows
mpz_class entry_bits(const Attention&);          ///< of q, k_u, v_u as 64-bit floats
mpz_class symbol_bits(const FactoredGapMaxIp&);  ///< of sets, message and tables, 16 for a symbol
mpz_class file_bytes(const GapMaxIp&);           ///< one for a bit
mpz_class file_bytes(const RealGapMaxIp&);
mpz_class packed_bytes(const std::vector<BitMatrix>& sets);  ///< of memory
mpz_class formula_bytes(const Cnf&);                         ///< of memory, about
/// Bytes of memory that encoding the sets and one message takes.
mpz_class protocol_bytes(const std::vector<mpz_class>& set_sizes, const ProtocolShape& shape);

/// The same with deciding the instances of its messages as field symbols, one at a time, but for the table of multiples.
mpz_class protocol_decision_bytes(const std::vector<mpz_class>& set_sizes, const ProtocolShape& shape);

/// A gadget's vectors.
struct GadgetSizes {
  mpz_class dimension, bits;
};
/// The dimension by its law, counted without building the vectors.
mpz_class gadget_dimension(const FactoredGapMaxIp&, Form form);
GadgetSizes gadget_sizes(const FactoredGapMaxIp&, Form form, const mpz_class& dimension);

}  // namespace gapwright
