#pragma once
#include <cstdint>
#include <optional>
#include <string>

#include "reductions/merlin_arthur.hpp"

namespace gapwright {

/// A protocol by its parameters, computed from the codes' semigroups before any code is built.
struct ProtocolShape {
  std::string route;       ///< reed-solomon, hermitian or tower
  std::int64_t q = 0;      ///< field size (Reed-Solomon), else its square root
  unsigned level = 0;      ///< of the tower, else 0
  std::size_t field_size = 0;
  std::size_t blocks = 0;        ///< T
  std::size_t block_length = 0;  ///< K = dim C(D)
  std::size_t degree = 0;        ///< D
  std::size_t coins = 0;         ///< L
};

/// What the user fixed; the rest is chosen. field_size is Q (25 for Hermitian q = 5).
struct ProtocolRequest {
  std::string route;
  std::size_t parties = 3;
  std::size_t dimension = 0;  ///< of the vectors: T K must reach it
  std::optional<std::size_t> field_size, blocks, block_length, level;
};

/// The feasible shape (T < p, T K >= dimension, k D < L) with the least L T / (1 - k D / L): the symbols per vector, times what the gap costs.
/// Fields of up to 1024 elements, lengths up to 20,000. Throws std::invalid_argument when nothing fits, naming the conditions.
ProtocolShape choose_protocol(const ProtocolRequest& request);

/// Builds the code and the protocol.
MerlinArthur build_protocol(const ProtocolShape& shape, std::size_t parties);

}  // namespace gapwright
