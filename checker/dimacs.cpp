// SPDX-License-Identifier: MIT
#include "checker/dimacs.hpp"

#include <algorithm>
#include <charconv>
#include <string>

#include "checker/errors.hpp"

namespace checker {
namespace {

/// Takes the next word off a line; empty: none is left.
std::string_view take_word(std::string_view& line) {
  constexpr std::string_view kBlank = " \t\r";
  line.remove_prefix(std::min(line.find_first_not_of(kBlank), line.size()));
  const std::string_view word = line.substr(0, line.find_first_of(kBlank));
  line.remove_prefix(word.size());
  return word;
}

std::int64_t integer(std::string_view word, std::int64_t largest, std::size_t line) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
  if (error != std::errc{} || end != word.data() + word.size() || value > largest || value < -largest)
    throw BadInput("line " + std::to_string(line) + ": '" + std::string(word.substr(0, 40)) +
                   "' does not belong in a DIMACS CNF file");
  return value;
}

}  // namespace

bool Formula::satisfied_by(const std::vector<std::int64_t>& literals) const {
  if (literals.size() != variables) return false;
  for (const auto& clause : clauses) {
    bool holds = false;
    for (const std::int64_t literal : clause)
      holds |= literals[static_cast<std::size_t>(literal < 0 ? -literal : literal) - 1] == literal;
    if (!holds) return false;
  }
  return true;
}

Formula read_dimacs(std::string_view text) {
  constexpr std::int64_t kLargestVariable = 2147483647;
  Formula formula;
  std::vector<std::int64_t> clause;
  bool header = false, open = false;
  std::size_t number = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    std::string_view line = text.substr(at, end - at), word = take_word(line);
    at = end + 1;
    ++number;
    if (word.empty() || word[0] == 'c') continue;
    if (word[0] == '%') break;
    if (word == "p") {
      const std::string_view format = take_word(line), count = take_word(line), clauses = take_word(line);
      if (header || format != "cnf" || clauses.empty() || !take_word(line).empty())
        throw BadInput("line " + std::to_string(number) + ": one header 'p cnf VARIABLES CLAUSES' is expected");
      header = true;
      const std::int64_t variables = integer(count, kLargestVariable, number);
      if (variables < 0) throw BadInput("line " + std::to_string(number) + ": the number of variables is negative");
      formula.variables = static_cast<std::uint64_t>(variables);
      continue;
    }
    if (!header)
      throw BadInput("line " + std::to_string(number) +
                     ": no header 'p cnf VARIABLES CLAUSES' before the clauses; is this a DIMACS CNF file?");
    for (; !word.empty(); word = take_word(line)) {
      const std::int64_t literal = integer(word, static_cast<std::int64_t>(formula.variables), number);
      open = literal != 0;
      if (open) {
        clause.push_back(literal);
      } else {
        formula.clauses.push_back(clause);
        clause.clear();
      }
    }
  }
  if (!header) throw BadInput("no header 'p cnf VARIABLES CLAUSES'; is this a DIMACS CNF file?");
  if (open) throw BadInput("the last clause is not ended by 0");
  return formula;
}

}  // namespace checker
