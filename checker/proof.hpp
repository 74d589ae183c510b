// SPDX-License-Identifier: MIT
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace checker {

using Literal = std::int64_t;
using Clause = std::vector<Literal>;

struct ProofStep {
  bool deletion = false;
  Clause clause;
  std::string place;  ///< for messages
};

/// The steps of a DRAT proof, in text or binary form, read one by one: what is not needed is not read.
class Proof {
 public:
  explicit Proof(std::string_view bytes) : bytes_(bytes), binary_(bytes.find('\0') != std::string_view::npos) {}

  std::optional<ProofStep> next();  ///< throws BadInput
  std::size_t unread() const;       ///< bytes left, 0 when they are but the empty clause

 private:
  std::optional<ProofStep> next_binary();
  std::optional<ProofStep> next_line();
  std::uint64_t number_at(const std::string& place);
  ProofStep step_of(std::string_view line) const;

  std::string_view bytes_;
  bool binary_;
  std::size_t at_ = 0, lines_ = 0;
};

}  // namespace checker
