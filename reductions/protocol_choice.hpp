// SPDX-License-Identifier: MIT
#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "codes/families.hpp"
#include "instances/vocabulary.hpp"
#include "reductions/merlin_arthur.hpp"
#include "support/limits.hpp"
#include "support/run_control.hpp"

namespace gapwright {

/// The route from vectors to attention: direct, or through a code of this family.
inline constexpr std::string_view kDirect = word_of(Embedding::direct);
inline std::string_view route_word(const CodeFamily* family) { return family ? std::string_view(family->name) : kDirect; }
std::vector<std::string> route_words();
/// Null for direct. Throws std::invalid_argument with the words there are.
const CodeFamily* family_on_route(std::string_view word);

/// A protocol by its parameters, computed from the codes' semigroups before any code is built.
struct ProtocolShape {
  const CodeFamily* family = nullptr;
  std::int64_t q = 0;  ///< its parameters: the number from which the field is made
  unsigned level = 0;  ///< 0 for families without levels
  std::size_t field_size = 0;
  std::size_t blocks = 0;           ///< T
  std::size_t block_length = 0;     ///< K = dim C(D)
  std::size_t degree = 0;           ///< D
  std::size_t coins = 0;            ///< L
  std::size_t message_symbols = 0;  ///< dim C(kD) - K: Merlin has Q^message_symbols messages
};

/// A curve of a family, by numbers only.
struct CurveNumbers {
  const CodeFamily* family = nullptr;
  std::int64_t q = 0;
  unsigned level = 0;
  std::size_t field_size = 0, characteristic = 0, coins = 0;
  std::vector<std::uint32_t> orders;  ///< the pole orders below the length, increasing
};

/// All curves of a family over fields of up to `largest_field` elements with at most `longest` points. Levels below the family's first one
/// come only when asked for by `level`.
std::vector<CurveNumbers> curve_numbers(const CodeFamily& family, std::size_t largest_field, std::size_t longest,
                                        std::optional<std::size_t> level = {}, const RunControl& control = {});

/// Bytes of memory that curve_numbers takes for all families that are compared.
mpz_class curve_numbers_bytes(std::size_t largest_field, std::size_t longest);

/// The protocol with T blocks of length K on this curve; nothing unless T < p and k D < L.
std::optional<ProtocolShape> shape_on(const CurveNumbers& curve, std::size_t parties, std::size_t blocks,
                                      std::size_t block_length);

/// What the user fixed; the rest is chosen. field_size is Q (25 for Hermitian q = 5).
struct ProtocolRequest {
  const CodeFamily* family = nullptr;
  std::size_t parties = 3;
  std::size_t dimension = 0;  ///< of the vectors: T K must reach it
  std::optional<std::size_t> field_size, blocks, block_length, level;
};

/// L T / (1 - k D / L): the symbols per vector, times what the gap costs.
double factored_cost(const ProtocolShape& shape, std::size_t parties);

/// What a form makes least: factored_cost for the factored one, else log2 of the number of coordinates, of which pruned and characters have no
/// more than that.
double shape_cost(const ProtocolShape& shape, Form form, const std::vector<mpz_class>& set_sizes);

/// The feasible shape (T < p, T K >= dimension, k D < L) of the least cost, by default factored_cost. Fields of up to 1024 elements, lengths up
/// to 20,000. Throws std::invalid_argument when nothing fits, naming the conditions.
ProtocolShape choose_protocol(const ProtocolRequest& request, const std::function<double(const ProtocolShape&)>& cost = {});

/// Builds the code and the protocol.
/// Throws LimitReached when the codes do not fit into the memory allowed, before they are built.
MerlinArthur build_protocol(const ProtocolShape& shape, std::size_t parties, const RunControl& = {}, const Limits& = {});

/// Long work on codes, watched: stops at Ctrl-C and the time limit.
Progress watched_progress(const RunControl&);

}  // namespace gapwright
