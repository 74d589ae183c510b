// SPDX-License-Identifier: MIT
// Text: a clause a line, "d" before a deletion. Binary: 'a' or 'd', then numbers in groups of 7 bits, the least first and the top
// bit set on all but the last, 2 v for v and 2 v + 1 for -v, ended by 0. Every binary clause ends in a zero byte and a text has
// none, so a zero byte anywhere tells which it is.
#include "checker/proof.hpp"

#include <algorithm>
#include <charconv>

#include "checker/errors.hpp"

namespace checker {
namespace {

constexpr std::uint64_t kLargestVariable = 2147483647;

void skip_blanks(std::string_view& line) { line.remove_prefix(std::min(line.find_first_not_of(" \t\r"), line.size())); }

}  // namespace

std::optional<ProofStep> Proof::next() { return binary_ ? next_binary() : next_line(); }

std::size_t Proof::unread() const {
  const std::string_view rest = bytes_.substr(at_);
  const bool empty_clause = binary_ ? rest == std::string_view("a\0", 2) : rest == "0\n" || rest == "0";
  return empty_clause ? 0 : rest.size();
}

std::optional<ProofStep> Proof::next_binary() {
  if (at_ == bytes_.size()) return std::nullopt;
  ProofStep step;
  step.place = "proof byte " + std::to_string(at_);
  const char kind = bytes_[at_++];
  if (kind != 'a' && kind != 'd') throw BadInput(step.place + ": neither a nor d; is this a DRAT proof in binary form?");
  step.deletion = kind == 'd';
  for (std::uint64_t number = number_at(step.place); number != 0; number = number_at(step.place))
    step.clause.push_back(number % 2 == 0 ? static_cast<Literal>(number / 2) : -static_cast<Literal>(number / 2));
  return step;
}

std::uint64_t Proof::number_at(const std::string& place) {
  std::uint64_t number = 0;
  for (unsigned shift = 0; at_ < bytes_.size() && shift < 35; shift += 7) {
    const auto byte = static_cast<unsigned char>(bytes_[at_++]);
    number |= std::uint64_t{byte & 127U} << shift;
    if (byte < 128 && number != 1 && number / 2 <= kLargestVariable) return number;
    if (byte < 128) break;
  }
  throw BadInput(place + ": not literals ended by 0; is this a DRAT proof in binary form?");
}

std::optional<ProofStep> Proof::next_line() {
  while (at_ < bytes_.size()) {
    const std::size_t end = std::min(bytes_.find('\n', at_), bytes_.size());
    std::string_view line = bytes_.substr(at_, end - at_);
    at_ = std::min(end + 1, bytes_.size());
    ++lines_;
    skip_blanks(line);
    if (!line.empty() && line[0] != 'c') return step_of(line);
  }
  return std::nullopt;
}

ProofStep Proof::step_of(std::string_view line) const {
  ProofStep step{line[0] == 'd', {}, "proof line " + std::to_string(lines_)};
  if (step.deletion) line.remove_prefix(1);
  for (bool closed = false; !closed;) {
    skip_blanks(line);
    Literal literal = 0;
    const auto [next, error] = std::from_chars(line.data(), line.data() + line.size(), literal);
    constexpr auto limit = static_cast<Literal>(kLargestVariable);
    if (error != std::errc{} || literal > limit || literal < -limit)
      throw BadInput(step.place + ": not literals ended by 0; is this a DRAT proof?");
    line.remove_prefix(static_cast<std::size_t>(next - line.data()));
    closed = literal == 0;
    if (!closed) step.clause.push_back(literal);
  }
  skip_blanks(line);
  if (!line.empty()) throw BadInput(step.place + ": more after the 0");
  return step;
}

}  // namespace checker
