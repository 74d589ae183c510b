// SPDX-License-Identifier: MIT
// The protocol itself in campaigns. Party 0's decision is recomputed here from the encoded vectors and the message, in the field,
// and held against the theorem: for every message and every tuple exactly L coins accept if the message is the tuple's own word,
// at most k D otherwise.
//   complete   an orthogonal tuple's message is accepted by all coins
//   sound      no message of a tuple that is not orthogonal is
//   dichotomy  every other number of accepting coins is at most k D
//   one        where all messages are looked at: an orthogonal tuple has exactly one
//   tight      the best reply to a wrong claim reaches dim C(kD) - (number of violated positions); for Reed-Solomon with one
//              violation that is k D
//   numbers    messages are numbered, distinct, and index_of inverts; the number after the last is refused
//   legal      messages are words of C(kD) that vanish on the information set
//   transcript what the protocol's own parties do is what is recomputed
//   refusal    T >= p and one party are refused
#include <algorithm>
#include <numeric>
#include <set>

#include "codes/families.hpp"
#include "codes/systematic_encoder.hpp"
#include "explore/fuzz/conformance.hpp"
#include "explore/fuzz/draw.hpp"
#include "explore/fuzz/mutant.hpp"

namespace gapwright {
namespace {

constexpr std::uint64_t kMostTuples = 60;
constexpr std::size_t kAllMessages = 130;  // up to here every message is tried
constexpr std::size_t kSomeMessages = 12;  // else this many besides the honest one and the best replies

using Word = std::vector<Symbol>;

/// The protocol as functions, so that one of them can be corrupted.
struct View {
  std::size_t wrong_acceptance;  ///< k D
  std::size_t blocks;
  OrthogonalVectors vectors;
  mpz_class messages;
  std::function<Word(const mpz_class&)> message;
  std::function<mpz_class(const Word&)> index_of;
  std::function<SymbolMatrix(const BitMatrix&)> encode;
  std::function<std::size_t(const Word&, const std::vector<Word>&)> accepting_coins;
};

struct Mutant {
  std::string name, corrupts;
  std::function<bool(const MerlinArthur&, View&)> change = {};
};

Word word_of(const Field& field, const Subcode& legal, const mpz_class& index, std::size_t length) {
  Word word(length);
  mpz_class rest = index;
  for (std::size_t j = 0; rest != 0; ++j)
    field.add_multiple(word, static_cast<Symbol>(mpz_fdiv_q_ui(rest.get_mpz_t(), rest.get_mpz_t(), field.size())),
                       legal.basis.row(j));
  return word;
}

/// Any number of blocks, also T = p: the blocks are encoded one by one.
bool take_p_blocks(const MerlinArthur& protocol, View& view) {
  const std::size_t p = protocol.code().field().characteristic(), K = protocol.block_length(), L = protocol.coins();
  const auto single = std::make_shared<const MerlinArthur>(protocol.code(), protocol.parties(), 1);
  OrthogonalVectors stretched{p * K, {}, {}};
  for (const BitMatrix& set : view.vectors.sets) {  // the first block p times: each common one comes p times
    BitMatrix wide(set.rows, p * K);
    for (std::size_t r = 0; r < set.rows; ++r)
      for (std::size_t c = 0; c < p * K; ++c) wide.set(r, c, c % K < set.columns && set.get(r, c % K));
    stretched.sets.push_back(std::move(wide));
  }
  view.vectors = std::move(stretched);
  view.blocks = p;
  view.encode = [single, p, K, L](const BitMatrix& set) {
    SymbolMatrix all(set.rows, L * p);
    for (std::size_t tau = 0; tau < p; ++tau) {
      BitMatrix block(set.rows, K);
      for (std::size_t r = 0; r < set.rows; ++r)
        for (std::size_t c = 0; c < K; ++c) block.set(r, c, set.get(r, tau * K + c));
      const SymbolMatrix words = single->encode(block);
      for (std::size_t r = 0; r < set.rows; ++r)
        for (std::size_t x = 0; x < L; ++x) all.at(r, x * p + tau) = words.at(r, x);
    }
    return all;
  };
  view.accepting_coins = nullptr;
  return true;
}

bool in_information_set(const MerlinArthur& protocol, std::size_t x) {
  const auto& set = protocol.code().information_set;
  return std::find(set.begin(), set.end(), x) != set.end();
}

/// Adds 1 to each message at the first coin in, or outside, the information set.
bool flip_symbol(const MerlinArthur& protocol, View& view, bool inside) {
  std::size_t x = 0;
  while (x < protocol.coins() && in_information_set(protocol, x) != inside) ++x;
  if (x == protocol.coins()) return false;
  view.message = [honest = view.message, x, &protocol](const mpz_class& i) {
    Word word = honest(i);
    word[x] = protocol.code().field().add(word[x], 1);
    return word;
  };
  return true;
}

const std::vector<Mutant>& merlin_mutants() {
  static const std::vector<Mutant> all{
      {"flipped-message-symbol", "Merlin's message is off by 1 at one coin outside the information set",
       [](const MerlinArthur& m, View& v) { return flip_symbol(m, v, false); }},
      {"illegal-message", "Merlin's message is 1 at one position of the information set",
       [](const MerlinArthur& m, View& v) { return flip_symbol(m, v, true); }},
      {"T-equals-p", "as many blocks as the characteristic: p common ones add up to 0", take_p_blocks},
      {"power-code-one-degree-small", "messages come from C(kD - 1)",
       [](const MerlinArthur& m, View& v) {
         const std::size_t degree = m.largest_wrong_acceptance();
         if (degree == 0) return false;
         const auto small = std::make_shared<const EvaluationCode>(evaluation_code(m.code().curve, degree - 1));
         const auto legal = std::make_shared<const Subcode>(vanishing_subcode(*small, m.code().information_set));
         if (legal->basis.rows == m.legal_messages().basis.rows) return false;  // kD is no pole order: the same code
         mpz_ui_pow_ui(v.messages.get_mpz_t(), m.code().field().size(), legal->basis.rows);
         v.message = [&m, legal](const mpz_class& i) { return word_of(m.code().field(), *legal, i, m.coins()); };
         v.index_of = [&m, legal](const Word& word) {
           mpz_class index = 0;
           for (std::size_t j = legal->pivots.size(); j-- > 0;) index = index * m.code().field().size() + word[legal->pivots[j]];
           return index;
         };
         return true;
       }},
      {"s_no-off-by-one", "the bound for wrong claims is k D - 1",
       [](const MerlinArthur&, View& v) {
         if (v.wrong_acceptance == 0) return false;
         --v.wrong_acceptance;
         return true;
       }},
  };
  return all;
}

const std::vector<Mutant>& party_mutants() {
  static const std::vector<Mutant> all{
      {"symbol-of-a-party-wrong", "the last symbol of party 1's first vector is off by 1",
       [](const MerlinArthur& m, View& v) {
         v.encode = [honest = v.encode, calls = std::make_shared<std::size_t>(0), &m](const BitMatrix& set) {
           SymbolMatrix encoded = honest(set);
           if ((*calls)++ == 1)
             encoded.symbols[encoded.columns - 1] = m.code().field().add(encoded.symbols[encoded.columns - 1], 1);
           return encoded;
         };
         return true;
       }},
      {"last-coordinate-not-encoded", "vectors are encoded without their last coordinate",
       [](const MerlinArthur&, View& v) {
         v.encode = [honest = v.encode](BitMatrix set) {
           for (std::size_t r = 0; r < set.rows; ++r) set.set(r, set.columns - 1, false);
           return honest(set);
         };
         v.accepting_coins = nullptr;
         return true;
       }},
      {"last-block-ignored", "party 0 leaves the last block out of its sum",
       [](const MerlinArthur& m, View& v) {
         v.accepting_coins = [&m](const Word& message, std::vector<Word> rows) {
           for (std::size_t x = 0; x < m.coins(); ++x) rows[0][(x + 1) * m.blocks() - 1] = 0;
           return m.accepting_coins(message, rows);
         };
         return true;
       }},
      {"numbers-reversed", "index_of reads the pivots in reverse",
       [](const MerlinArthur& m, View& v) {
         v.index_of = [&m](const Word& word) {
           mpz_class index = 0;
           for (const std::size_t pivot : m.legal_messages().pivots) index = index * m.code().field().size() + word[pivot];
           return index;
         };
         return m.legal_messages().pivots.size() > 1;
       }},
      {"one-message-lost", "one message fewer is counted",
       [](const MerlinArthur&, View& v) {
         v.messages -= 1;
         return true;
       }},
  };
  return all;
}

const std::vector<Mutant>& mutants() {
  static const std::vector<Mutant> all = [] {
    std::vector<Mutant> both = merlin_mutants();
    both.insert(both.end(), party_mutants().begin(), party_mutants().end());
    return both;
  }();
  return all;
}

class Game {
 public:
  Game(const MerlinArthur& protocol, const View& view, std::uint64_t choice)
      : protocol_(protocol), view_(view), field_(protocol.code().field()), random_(choice, 0) {
    for (const BitMatrix& set : view.vectors.sets) encoded_.push_back(view.encode(set));
  }

  std::vector<std::string> broken() {
    check_numbers();
    const std::vector<std::size_t> rows = rows_of(view_.vectors);
    for (const auto& tuple : conformance::all_tuples(rows)) play(tuple);
    return judge_.broken;
  }

 private:
  void check_numbers() {
    mpz_class expected;
    mpz_ui_pow_ui(expected.get_mpz_t(), field_.size(), protocol_.legal_messages().basis.rows);
    judge_.require(view_.messages == expected && protocol_.messages() == expected, "numbers");
    const SystematicEncoder power(power_code(protocol_.code(), protocol_.parties()));
    std::set<Word> seen;
    for (const mpz_class& i : some_messages()) {
      const Word word = view_.message(i);
      SymbolMatrix row(1, word.size());
      row.symbols = word;
      bool legal = power.contains(row).front();
      for (const std::size_t position : protocol_.code().information_set) legal &= word[position] == 0;
      judge_.require(legal, "legal");
      judge_.require(view_.index_of(word) == i && seen.insert(word).second, "numbers");
    }
  }

  std::vector<mpz_class> some_messages() {
    std::vector<mpz_class> chosen;
    if (view_.messages <= kAllMessages) {
      for (mpz_class i = 0; i < view_.messages; ++i) chosen.push_back(i);
      return chosen;
    }
    std::set<mpz_class> different{0, view_.messages - 1};
    while (different.size() < kSomeMessages) {
      mpz_class i = 0;
      for (int word = 0; word < 8; ++word) i = (i << 32) + random_.word();
      different.insert(i % view_.messages);
    }
    chosen.assign(different.begin(), different.end());
    return chosen;
  }

  Word psi_of(const std::vector<Word>& rows) const {
    Word psi(protocol_.coins());
    for (std::size_t x = 0; x < psi.size(); ++x)
      for (std::size_t tau = 0; tau < view_.blocks; ++tau) {
        Symbol product = 1;
        for (const Word& row : rows) product = field_.multiply(product, row[x * view_.blocks + tau]);
        psi[x] = field_.add(psi[x], product);
      }
    return psi;
  }

  void play(const std::vector<std::size_t>& tuple) {
    std::vector<Word> rows;
    for (std::size_t u = 0; u < tuple.size(); ++u) {
      const auto row = encoded_[u].row(tuple[u]);
      rows.emplace_back(row.begin(), row.end());
    }
    const bool orthogonal = accepts(view_.vectors, tuple);
    const Word psi = psi_of(rows);
    const mpz_class reply = view_.index_of(psi);
    std::size_t accepting_everywhere = 0;
    const auto count = [&](const mpz_class& i) {
      const Word phi = view_.message(i);
      std::size_t accepting = 0;
      for (std::size_t x = 0; x < phi.size(); ++x) accepting += phi[x] == psi[x];
      accepting_everywhere += accepting == protocol_.coins();
      if (accepting < protocol_.coins()) judge_.require(accepting <= view_.wrong_acceptance, "dichotomy");
      if (view_.accepting_coins) judge_.require(view_.accepting_coins(phi, rows) == accepting, "transcript");
      return accepting;
    };
    for (const mpz_class& i : some_messages()) count(i);
    judge_.require(orthogonal || accepting_everywhere == 0, "sound");
    if (view_.messages <= kAllMessages) judge_.require(accepting_everywhere == (orthogonal ? 1U : 0U), "one");
    const std::size_t best = count(reply);
    judge_.require(!orthogonal || best == protocol_.coins(), "complete");
    judge_.require(orthogonal || best < protocol_.coins(), "sound");
    if (!orthogonal) check_tightness(psi, best);
  }

  void check_tightness(const Word& psi, std::size_t best) {
    std::size_t violated = 0;
    for (const std::size_t position : protocol_.code().information_set) violated += psi[position] != 0;
    const std::size_t power_dimension = protocol_.legal_messages().basis.rows + protocol_.block_length();
    judge_.require(best + violated >= power_dimension, "tight");
    if (protocol_.code().curve->family() == plainest_family().name && violated == 1)
      judge_.require(best == view_.wrong_acceptance, "tight");
  }

  const MerlinArthur& protocol_;
  const View& view_;
  const Field& field_;
  Random random_;
  std::vector<SymbolMatrix> encoded_;
  Judge judge_;
};

template <class Work>
bool refused(Work work) {
  try {
    work();
  } catch (const std::invalid_argument&) {
    return true;
  }
  return false;
}

Findings check(const FuzzCase& c, const std::string& name) {
  const OrthogonalVectors& ov = vectors_in(c);
  const MerlinArthur protocol = protocol_of(c.parameters);
  if (ov.dimension > protocol.universe()) throw NoCase("the vectors do not fit");
  View view{protocol.largest_wrong_acceptance(),
            protocol.blocks(),
            ov,
            protocol.messages(),
            [&](const mpz_class& i) { return protocol.message(i); },
            [&](const Word& word) { return protocol.index_of(word); },
            [&](const BitMatrix& set) { return protocol.encode(set); },
            [&](const Word& message, const std::vector<Word>& rows) { return protocol.accepting_coins(message, rows); }};
  const Mutant& mutant = mutant_named(mutants(), name);
  const bool changed = mutant.change && mutant.change(protocol, view);
  Judge judge;
  judge.guard([&] { judge.take(Game(protocol, view, c.parameters.choice).broken()); });
  const std::size_t p = protocol.code().field().characteristic();
  judge.require(refused([&] { MerlinArthur(protocol.code(), protocol.parties(), p); }) &&
                    refused([&] { MerlinArthur(protocol.code(), 1, 1); }) &&
                    refused([&] { protocol.message(protocol.messages()); }) && refused([&] { protocol.message(-1); }) &&
                    refused([&] { protocol.encode(BitMatrix(1, protocol.universe() + 1)); }),
                "refusal");
  bool yes = false;
  for (const auto& tuple : conformance::all_tuples(rows_of(ov))) yes |= accepts(ov, tuple);
  return {judge.broken, yes, changed};
}

}  // namespace

FuzzedRule fuzz_merlin_arthur() {
  FuzzedRule rule{"merlin_arthur",
                  {"complete", "sound", "dichotomy", "one", "tight", "numbers", "legal", "transcript", "refusal", "throws"},
                  names_of(mutants()),
                  {},
                  check};
  rule.draw = [](Random& random, const Cnf* formula) {
    FuzzCase c{"merlin_arthur", {}, {}};
    FuzzParameters& p = c.parameters;
    p.order = draw_order(random, 5);
    OrthogonalVectors ov =
        formula ? vectors_of_formula(*formula, p.order, kMostTuples) : draw_vectors(random, p.order, kMostTuples, 8);
    draw_protocol(random, p, ov.dimension, mpz_class(1) << 200);
    p.choice = random.word();
    c.source = std::move(ov);
    return c;
  };
  return rule;
}

}  // namespace gapwright
