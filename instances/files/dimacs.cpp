// SPDX-License-Identifier: MIT
// DIMACS CNF, as solvers' competitions and SATLIB write it.
//
// The reader is one pass over the characters with a place (line, column) for every message. White space separates tokens; a line
// whose first token starts with 'c' is a comment; "p cnf N M" stands before the first clause; literals follow, and 0 ends a clause,
// wherever lines end. A line that starts with '%' ends the data: SATLIB's files end in "%" and a lone "0", and reading on would add
// an empty clause, which makes every formula unsatisfiable. Lines of XOR clauses ('x', a solver's extension) are refused by name.
// Comments for model counters ("c p show 1 2 0", "c ind 1 2 0", "c p weight 1 0.5 0") are noted, and change no clause.
// Accepted: blank lines, CRLF, a missing last newline, "p cnf 0 0", empty clauses, tautologies and repeated literals (kept, counted).
#include "instances/files/dimacs.hpp"

#include <algorithm>
#include <cctype>
#include <cstdlib>

#include "support/errors.hpp"
#include "support/message.hpp"
#include "support/version.hpp"

namespace gapwright {
namespace {

constexpr std::int64_t kLargestVariable = 2147483647;

class Reader {
 public:
  explicit Reader(const InputBytes& input) : input_(input), name_(input.name()), text_(input.text()) {}

  Dimacs read(bool strict) {
    if (text_.find_first_not_of(" \t\r\n") == std::string_view::npos)
      fail("the file is empty; a DIMACS CNF starts with 'p cnf VARIABLES CLAUSES'");
    Cnf::Clause clause;
    bool clause_open = false;
    std::size_t clause_line = 0;
    for (std::size_t tokens = 0; skip_blanks(); ++tokens) {
      if (tokens % kBetweenChecks == 0) input_.check();
      const char c = text_[at_];
      if (first_on_line_ && c == '%') break;
      if (first_on_line_ && c == 'c') {
        comment();
      } else if (first_on_line_ && c == 'p') {
        header();
      } else if (first_on_line_ && (c == 'x' || c == 'X')) {
        fail("XOR clauses ('x' lines) are not CNF; write each as 2^(w-1) ordinary clauses");
      } else {
        token();  // what is not text is said first
        if (!has_header_) fail("a clause before the header; the line 'p cnf VARIABLES CLAUSES' comes first");
        if (!clause_open) clause_line = line_;
        const std::int32_t literal = this->literal();
        clause_open = literal != 0;
        if (literal != 0) {
          clause.push_back(literal);
        } else {
          note_oddities(clause);
          dimacs_.cnf.clauses.push_back(std::move(clause));
          clause.clear();
        }
      }
    }
    if (!has_header_) fail("no header; the line 'p cnf VARIABLES CLAUSES' comes first");
    if (clause_open)
      fail("the clause that starts on line " + std::to_string(clause_line) + " is not ended by 0; is the file cut short?");
    if (const auto found = static_cast<std::int64_t>(dimacs_.cnf.clauses.size()); found != declared_clauses_) {
      const std::string what = name_ + ":" + std::to_string(header_line_) + ":1: the header says " +
                               counted(std::to_string(declared_clauses_), "clause") + ", the file has " + std::to_string(found);
      if (strict) throw BadInstance(what + "; mend the header or drop `strict`");
      dimacs_.warnings.push_back(what + "; the file's clauses are used");
    }
    finish_shown();
    return std::move(dimacs_);
  }

 private:
  [[noreturn]] void fail(const std::string& what) const {
    throw BadInstance(name_ + ":" + std::to_string(line_) + ":" + std::to_string(at_ - line_start_ + 1) + ": " + what);
  }

  /// Moves to the next token; false at the end. Sets first_on_line_.
  bool skip_blanks() {
    for (; at_ < text_.size(); ++at_) {
      const char c = text_[at_];
      if (c == '\n') {
        ++line_;
        line_start_ = at_ + 1;
        first_on_line_ = true;
      } else if (c != ' ' && c != '\t' && c != '\r') {
        return true;
      }
    }
    return false;
  }

  /// Goes to the end of the line, and notes what it says to model counters.
  void comment() {
    const std::size_t end = std::min(text_.find('\n', at_), text_.size());
    const std::vector<std::string> words = words_of(text_.substr(at_, end - at_));
    at_ = end;
    const auto begins = [&](std::initializer_list<const char*> with) {
      return words.size() >= with.size() && std::equal(with.begin(), with.end(), words.begin());
    };
    if (begins({"c", "p", "weight"})) dimacs_.weighted = true;
    if (begins({"c", "p", "show"})) note_shown(words, 3);
    if (begins({"c", "ind"})) note_shown(words, 2);
  }

  static std::vector<std::string> words_of(std::string_view line) {
    std::vector<std::string> words;
    for (std::size_t at = 0; (at = line.find_first_not_of(" \t\r", at)) != std::string_view::npos;) {
      const std::size_t end = std::min(line.find_first_of(" \t\r", at), line.size());
      words.emplace_back(line.substr(at, end - at));
      at = end;
    }
    return words;
  }

  /// Variables up to the 0; several lines add up. The header may stand below, so the range is looked at in the end.
  void note_shown(const std::vector<std::string>& words, std::size_t first) {
    if (!dimacs_.shown) dimacs_.shown.emplace();
    const std::string place = name_ + ":" + std::to_string(line_) + ":1: ";
    for (std::size_t i = first; i < words.size(); ++i) {
      const bool digits = words[i].size() <= 10 && words[i].find_first_not_of("0123456789") == std::string::npos;
      const std::int64_t variable = digits ? std::stoll(words[i]) : -1;
      if (variable == 0 && i + 1 == words.size()) return;
      if (variable <= 0 || variable > kLargestVariable) break;
      dimacs_.shown->push_back(static_cast<std::int32_t>(variable));
    }
    if (dimacs_.shown_trouble.empty()) dimacs_.shown_trouble = place + "the line is not variables and a 0";
  }

  void finish_shown() {
    if (!dimacs_.shown) return;
    std::vector<std::int32_t>& shown = *dimacs_.shown;
    std::sort(shown.begin(), shown.end());
    shown.erase(std::unique(shown.begin(), shown.end()), shown.end());
    if (dimacs_.shown_trouble.empty() && !shown.empty() && static_cast<std::size_t>(shown.back()) > dimacs_.cnf.variables)
      dimacs_.shown_trouble = name_ + ": variable " + std::to_string(shown.back()) + " is to be shown, the formula has " +
                              std::to_string(dimacs_.cnf.variables);
  }

  /// The token at the current place (not consumed); printable characters only.
  std::string_view token() const {
    std::size_t end = at_;
    while (end < text_.size() && !std::isspace(static_cast<unsigned char>(text_[end]))) {
      if (!std::isprint(static_cast<unsigned char>(text_[end])))
        fail("a byte that is not text; is this a DIMACS CNF file (not compressed, not binary)?");
      ++end;
    }
    return text_.substr(at_, end - at_);
  }

  [[noreturn]] void fail_too_large(const std::string& shown, const std::string& what) const {
    fail("'" + shown + "' is too large for " + what);
  }

  std::int64_t number(std::string_view digits, std::int64_t largest, const std::string& what) const {
    const std::string shown(digits.substr(0, 40));
    const std::string_view magnitude = digits.substr(digits.starts_with('-') ? 1 : 0);
    if (magnitude.empty() || magnitude.find_first_not_of("0123456789") != std::string_view::npos)
      fail("'" + shown + "' is not " + what);
    std::int64_t value = 0;
    for (const char c : magnitude) {
      if (value > (largest - (c - '0')) / 10) fail_too_large(shown, what);
      value = value * 10 + (c - '0');
    }
    return digits.starts_with('-') ? -value : value;
  }

  std::int32_t literal() {
    const std::string_view text = token();
    const std::int64_t value = number(text, kLargestVariable, "a literal (an integer, 0 ends the clause)");
    if (text == "-0") fail("'-0' is not a literal; 0 ends the clause");
    if (static_cast<std::size_t>(std::abs(value)) > dimacs_.cnf.variables)
      fail("literal " + std::to_string(value) + " is out of range: the header on line " + std::to_string(header_line_) +
           " says " + counted(dimacs_.cnf.variables, "variable"));
    at_ += text.size();
    first_on_line_ = false;
    return static_cast<std::int32_t>(value);
  }

  void header() {
    if (has_header_) fail("a second header; the first is on line " + std::to_string(header_line_));
    if (token() != "p") fail("'" + std::string(token().substr(0, 40)) + "' is not a header; write 'p cnf VARIABLES CLAUSES'");
    const std::size_t line = line_;
    const auto next = [&](const std::string& what) {
      at_ += token().size();
      if (!skip_blanks() || line_ != line) fail("the header ends before " + what + "; write 'p cnf VARIABLES CLAUSES'");
      return token();
    };
    if (const auto format = next("'cnf'"); format != "cnf")
      fail("the format is '" + std::string(format.substr(0, 40)) + "'; only 'cnf' is read");
    const std::int64_t variables = count(next("the number of variables"), kLargestVariable, "a number of variables");
    declared_clauses_ = count(next("the number of clauses"), INT64_MAX, "a number of clauses");
    at_ += token().size();
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\r')) ++at_;
    if (at_ < text_.size() && text_[at_] != '\n') fail("more after the header; clauses start on the next line");
    dimacs_.cnf.variables = static_cast<std::size_t>(variables);
    has_header_ = true;
    header_line_ = line;
  }

  std::int64_t count(std::string_view digits, std::int64_t largest, const std::string& what) const {
    const std::int64_t value = number(digits, largest, what);
    if (digits.starts_with('-')) fail("'" + std::string(digits.substr(0, 40)) + "' is negative; give " + what);
    return value;
  }

  void note_oddities(Cnf::Clause clause) {
    std::sort(clause.begin(), clause.end());
    dimacs_.repeated_literals += std::adjacent_find(clause.begin(), clause.end()) != clause.end() ? 1 : 0;
    dimacs_.tautologies += std::any_of(clause.begin(), clause.end(), [&](std::int32_t literal) {
      return literal > 0 && std::binary_search(clause.begin(), clause.end(), -literal);
    });
  }

  const InputBytes& input_;
  std::string name_;
  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t line_ = 1;
  std::size_t line_start_ = 0;
  bool first_on_line_ = true;
  bool has_header_ = false;
  std::size_t header_line_ = 0;
  std::int64_t declared_clauses_ = 0;
  Dimacs dimacs_;
};

}  // namespace

Dimacs read_dimacs(const InputBytes& input, bool strict) {
  Dimacs dimacs = Reader(input).read(strict);
  dimacs.cnf.made_by.sources.push_back({input.base_name(), input.sha256()});
  return dimacs;
}

std::string dimacs_text(const Cnf& cnf, const std::vector<std::string>& notes) {
  std::string text;
  const auto comment = [&](const std::string& words) {
    text += "c " + without_controls(words) + "\n";
  };  // file names may hold line ends
  if (!cnf.made_by.command.empty()) comment("gapwright " + version() + ": " + cnf.made_by.command);
  if (cnf.made_by.seed) comment("seed: " + std::to_string(*cnf.made_by.seed));
  for (const auto& source : cnf.made_by.sources) comment("source: " + source.name + " sha256 " + source.sha256);
  for (const auto& note : notes) comment(note);
  text += "p cnf " + std::to_string(cnf.variables) + " " + std::to_string(cnf.clauses.size()) + "\n";
  for (const auto& clause : cnf.clauses) {
    for (const std::int32_t literal : clause) text += std::to_string(literal) + " ";
    text += "0\n";
  }
  return text;
}

}  // namespace gapwright
