// SPDX-License-Identifier: MIT
// The (k+1)-party Merlin-Arthur protocol for set disjointness (proofs in docs/reductions.md, section 4).
//
// C(D) is an evaluation code of length L, systematic on an information set I of K positions; the coordinatewise product of k words lies in
// C(kD), whose non-zero words have at most kD zeros. Each party cuts its vector into T blocks of K bits and encodes each: W_u[tau].
// Merlin sends Phi in C(kD) with Phi = 0 on I; parties 1..k-1 send their T symbols at the coin x; party 0 accepts iff
// sum_tau prod_u W_u[tau][x] = Phi[x].
//
// Orthogonal: Psi = sum_tau prod_u W_u[tau] is 0 on I, where it counts common ones, so it is a legal message and all L coins accept.
// Not orthogonal: at some position of I between 1 and T ones are added, which is not 0 mod p because T < p; there Psi differs from every
// legal Phi. Psi - Phi is a non-zero word of C(kD): at most kD coins accept. So for every message and every tuple exactly L coins accept if
// Psi = Phi, and at most kD otherwise.
//
// Legal messages: C(kD) restricted to I is onto (k-th powers of the words that are unit vectors on I are unit vectors on I), so they form a
// space of dimension dim C(kD) - K and there are exactly Q^(dim C(kD) - K). Message number i is sum_j digit_j(i) basis_j in base Q, the
// basis being reduced: digit j is the message's value at pivot j.
#include "reductions/merlin_arthur.hpp"

#include <stdexcept>

#include "instances/zeros.hpp"
#include "support/philox.hpp"
#include "support/powers.hpp"

namespace gapwright {
namespace {

EvaluationCode checked(EvaluationCode code, std::size_t parties, std::size_t blocks) {
  const auto text = [](std::size_t n) { return std::to_string(n); };
  if (parties < 2) throw std::invalid_argument("the protocol needs k >= 2 parties, not " + text(parties));
  if (blocks == 0) throw std::invalid_argument("the protocol needs at least one block");
  if (blocks >= code.field().characteristic())
    throw std::invalid_argument("T = " + text(blocks) + " blocks need a field of characteristic above T, here p = " +
                                text(code.field().characteristic()) + "; take fewer blocks or a larger prime");
  if (parties * code.degree >= code.length())
    throw std::invalid_argument("k D = " + text(parties * code.degree) + " is not below the length L = " + text(code.length()) +
                                ", so a wrong claim could be accepted by every coin; take a smaller degree or a longer code");
  if (code.field().size() > 1024) throw std::invalid_argument("fields of more than 1024 elements are not used by the protocol");
  return code;
}

std::size_t bits_for(const mpz_class& values) { return values <= 1 ? 0 : mpz_sizeinbase(mpz_class(values - 1).get_mpz_t(), 2); }

}  // namespace

MerlinArthur::MerlinArthur(EvaluationCode code, std::size_t parties, std::size_t blocks, const Progress& progress,
                           std::uint64_t memory_limit)
    : code_(checked(std::move(code), parties, blocks)),
      parties_(parties),
      blocks_(blocks),
      power_(power_code(code_, parties, progress, memory_limit)),
      encoder_(code_, progress),
      legal_(vanishing_subcode(power_, code_.information_set, progress)) {
  if (legal_.basis.rows != power_.dimension() - code_.dimension())
    throw std::logic_error("the product code restricted to the information set is not everything");
}

mpz_class MerlinArthur::messages() const { return power(code_.field().size(), legal_.basis.rows); }

std::vector<Symbol> MerlinArthur::message(const mpz_class& index) const {
  if (index < 0 || index >= messages())
    throw std::invalid_argument("message " + index.get_str() + " is out of range: there are " +
                                std::to_string(code_.field().size()) + "^" + std::to_string(legal_.basis.rows) +
                                " messages, numbered from 0");
  std::vector<Symbol> word(coins());
  mpz_class rest = index;
  for (std::size_t j = 0; rest != 0; ++j) {
    const auto digit = static_cast<Symbol>(mpz_fdiv_q_ui(rest.get_mpz_t(), rest.get_mpz_t(), code_.field().size()));
    code_.field().add_multiple(word, digit, legal_.basis.row(j));
  }
  return word;
}

mpz_class MerlinArthur::index_of(const std::vector<Symbol>& word) const {
  mpz_class index = 0;
  for (std::size_t j = legal_.pivots.size(); j-- > 0;) index = index * code_.field().size() + word[legal_.pivots[j]];
  return index;
}

SymbolMatrix MerlinArthur::encode(const BitMatrix& vectors, const Progress& progress) const {
  const auto look = [&](std::size_t row) {
    if (progress && row % 1024 == 0) progress(0);
  };
  if (vectors.columns > universe())
    throw std::invalid_argument("vectors of dimension " + std::to_string(vectors.columns) +
                                " do not fit into T K = " + std::to_string(blocks_) + " x " + std::to_string(block_length()) +
                                " coordinates; take more blocks or a code of larger dimension");
  SymbolMatrix encoded;
  encoded.rows = vectors.rows;
  encoded.columns = coins() * blocks_;
  fill_with_zeros(encoded.symbols, encoded.rows * encoded.columns, [&] { look(0); });
  SymbolMatrix messages(vectors.rows, block_length());
  for (std::size_t tau = 0; tau < blocks_; ++tau) {
    for (std::size_t r = 0; r < vectors.rows; ++r) {
      look(r);
      for (std::size_t c = 0; c < block_length(); ++c) {
        const std::size_t column = tau * block_length() + c;
        messages.at(r, c) = column < vectors.columns && vectors.get(r, column);
      }
    }
    const SymbolMatrix words = encoder_.encode(messages, progress);
    for (std::size_t r = 0; r < vectors.rows; ++r) {
      look(r);
      for (std::size_t x = 0; x < coins(); ++x) encoded.at(r, x * blocks_ + tau) = words.at(r, x);
    }
  }
  return encoded;
}

std::vector<Symbol> MerlinArthur::product_word(const std::vector<std::vector<Symbol>>& rows) const {
  std::vector<Symbol> psi(coins());
  for (std::size_t x = 0; x < coins(); ++x) psi[x] = run(psi, rows, x).computed;
  return psi;
}

MerlinArthur::Transcript MerlinArthur::run(const std::vector<Symbol>& message, const std::vector<std::vector<Symbol>>& rows,
                                           std::size_t coin) const {
  const Field& field = code_.field();
  Transcript t{coin, message[coin], {}, 0, false};
  for (const auto& row : rows)
    t.symbols.emplace_back(row.begin() + static_cast<std::ptrdiff_t>(coin * blocks_),
                           row.begin() + static_cast<std::ptrdiff_t>((coin + 1) * blocks_));
  for (std::size_t tau = 0; tau < blocks_; ++tau) {
    Symbol product = 1;
    for (const auto& symbols : t.symbols) product = field.multiply(product, symbols[tau]);
    t.computed = field.add(t.computed, product);
  }
  t.accepted = t.computed == t.claimed;
  return t;
}

std::size_t MerlinArthur::accepting_coins(const std::vector<Symbol>& message,
                                          const std::vector<std::vector<Symbol>>& rows) const {
  std::size_t accepting = 0;
  for (std::size_t x = 0; x < coins(); ++x) accepting += run(message, rows, x).accepted;
  return accepting;
}

MerlinArthur::Cost MerlinArthur::cost() const {
  Cost c{messages(),
         mpz_class(coins()),
         power(code_.field().size(), blocks_),
         0,
         0,
         0,
         1,
         mpq_class(mpz_class(largest_wrong_acceptance()), mpz_class(coins()))};
  c.soundness.canonicalize();
  c.merlin_bits = bits_for(c.merlin_messages);
  c.coin_bits = bits_for(c.coin_values);
  c.party_bits = bits_for(c.party_messages);
  return c;
}

mpz_class random_message(const MerlinArthur& protocol, std::uint64_t seed, std::uint64_t number) {
  Random random(seed, number);
  const std::size_t size = protocol.code().field().size();
  mpz_class index = 0;
  for (std::size_t digit = 0; digit < protocol.legal_messages().basis.rows; ++digit) index = index * size + random.below(size);
  return index;
}

}  // namespace gapwright
