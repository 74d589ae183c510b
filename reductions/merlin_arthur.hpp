// SPDX-License-Identifier: MIT
#pragma once
#include <gmpxx.h>

#include <cstdint>
#include <vector>

#include "codes/evaluation_code.hpp"
#include "codes/systematic_encoder.hpp"
#include "instances/bit_matrix.hpp"

namespace gapwright {

/// The (k+1)-party Merlin-Arthur protocol for set disjointness over an evaluation code [AS24, Rub18, ARW17, AW09]: k parties hold vectors of
/// T blocks of K bits and want to know whether their product is 0 in every coordinate. Merlin sends a word; one random position, the coin,
/// is checked by party 0 with one message from each of the other parties. Any k >= 2.
class MerlinArthur {
 public:
  /// `code` is C(D), with K its dimension. Throws std::invalid_argument when blocks >= p, k D >= L, k < 2, or the field has more than 2^10
  /// elements, and CodeTooLarge when C(kD) would take more than `memory_limit` bytes.
  MerlinArthur(EvaluationCode code, std::size_t parties, std::size_t blocks, const Progress& progress = {},
               std::uint64_t memory_limit = default_generator_limit);

  std::size_t parties() const { return parties_; }
  std::size_t blocks() const { return blocks_; }                                    ///< T
  std::size_t block_length() const { return code_.dimension(); }                    ///< K
  std::size_t universe() const { return blocks_ * code_.dimension(); }              ///< largest vector dimension, T K
  std::size_t coins() const { return code_.length(); }                              ///< L
  std::size_t largest_wrong_acceptance() const { return parties_ * code_.degree; }  ///< k D: coins that may accept a wrong claim
  const EvaluationCode& code() const { return code_; }
  const Subcode& legal_messages() const { return legal_; }  ///< words of C(kD) that vanish on the information set

  /// Q^(dim C(kD) - K): how many messages Merlin has, exactly.
  mpz_class messages() const;
  /// Merlin's message of this number: L symbols. Throws std::invalid_argument when index is out of range, with the range.
  std::vector<Symbol> message(const mpz_class& index) const;
  /// The legal message that agrees with `word` on the pivots of the legal messages; for a legal word, its own number.
  mpz_class index_of(const std::vector<Symbol>& word) const;

  /// What the parties make of their vectors: one row per vector, the symbol of block tau at coin x in column x T + tau. Throws
  /// std::invalid_argument when the vectors are longer than the universe.
  SymbolMatrix encode(const BitMatrix& vectors, const Progress& progress = {}) const;

  /// Psi = sum_tau prod_u W_u[tau], a word of C(kD), for one encoded row per party. What honest Merlin sends when it is legal.
  std::vector<Symbol> product_word(const std::vector<std::vector<Symbol>>& rows) const;

  /// Everything said for one message and one coin.
  struct Transcript {
    std::size_t coin;
    Symbol claimed;                            ///< Phi[coin]
    std::vector<std::vector<Symbol>> symbols;  ///< of parties 0 .. k-1 at the coin, T each; party 0's stay at home
    Symbol computed;                           ///< sum_tau prod_u, by party 0
    bool accepted;
  };
  Transcript run(const std::vector<Symbol>& message, const std::vector<std::vector<Symbol>>& rows, std::size_t coin) const;
  std::size_t accepting_coins(const std::vector<Symbol>& message, const std::vector<std::vector<Symbol>>& rows) const;

  /// Exact costs. Bits are the least number that can tell the possibilities apart.
  struct Cost {
    mpz_class merlin_messages, coin_values, party_messages;  ///< party_messages: Q^T, for each of parties 1 .. k-1
    std::size_t merlin_bits, coin_bits, party_bits;
    mpq_class completeness, soundness;  ///< 1, and k D / L
  };
  Cost cost() const;

  /// Merlin's best reply known to a claim that is wrong: it agrees with Psi on an information set of the legal messages, so at least
  /// dim C(kD) - |support of Psi on I| coins accept.
  std::vector<Symbol> best_reply(const std::vector<std::vector<Symbol>>& rows) const {
    return message(index_of(product_word(rows)));
  }

 private:
  EvaluationCode code_;
  std::size_t parties_;
  std::size_t blocks_;
  EvaluationCode power_;
  SystematicEncoder encoder_;
  Subcode legal_;
};

/// The index of a message drawn uniformly, the `number`-th of this seed.
mpz_class random_message(const MerlinArthur& protocol, std::uint64_t seed, std::uint64_t number);

}  // namespace gapwright
