// SPDX-License-Identifier: MIT
// The trace as text, and as JSON.
#include "explore/trace/trace_text.hpp"

#include "explore/trace/trace_svg.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <nlohmann/json.hpp>

#include "support/decimal.hpp"
#include "support/message.hpp"

namespace gapwright {
namespace {

std::string literals_text(const Cnf::Witness& assignment) {
  std::string text;
  for (std::size_t v = 0; v < assignment.size(); ++v)
    text += fmt::format("{}x{} = {}", v ? ", " : "", v + 1, assignment[v] ? "true" : "false");
  return text.empty() ? "no variables" : text;
}

/// A column of a table; the one that is followed stands in brackets.
std::string mark(const std::string& words, bool followed) { return (followed ? "[" : " ") + words + (followed ? "]" : " "); }

std::string tuple_text(const std::vector<std::size_t>& tuple) { return fmt::format("({})", fmt::join(tuple, ", ")); }

std::string bits_text(const BitMatrix& set, std::size_t row, std::size_t marked) {
  std::string text;
  for (std::size_t c = 0; c < set.columns; ++c) text += mark(set.get(row, c) ? "1" : "0", c == marked);
  return text;
}

/// The values that row j of set u stands for: "x1 = 0, x2 = 1".
std::string meaning_text(const Trace& t, std::size_t u, std::size_t j) {
  std::string text;
  for (std::size_t v = t.group_starts[u]; v < t.group_starts[u + 1]; ++v)
    text += fmt::format("{}x{} = {}", text.empty() ? "" : ", ", v + 1, (j >> (v - t.group_starts[u])) & 1);
  return text.empty() ? "no variables" : text;
}

void add_vectors(std::string& text, const Trace& t) {
  text += fmt::format(
      "\n2. Vectors: one set per group of variables, one vector per assignment of the group; 1 where it satisfies no literal of "
      "the clause.\n");
  for (std::size_t u = 0; u < t.vectors.sets.size(); ++u)
    for (std::size_t j = 0; j < t.vectors.sets[u].rows; ++j)
      text += fmt::format("   set {}, vector {:<3} {:<26} {}\n", u, j, meaning_text(t, u, j),
                          bits_text(t.vectors.sets[u], j, t.clause));
}

void add_score(std::string& text, const Trace& t, const TracedTuple& tuple, const std::string& what) {
  text += fmt::format("   tuple {} ({}): {}\n", tuple_text(tuple.tuple), literals_text(tuple.assignment), what);
  for (std::size_t u = 0; u < tuple.tuple.size(); ++u)
    text += fmt::format("     x_{:<24}{}\n", u, bits_text(t.vectors.sets[u], tuple.tuple[u], t.clause));
  std::string product;
  for (std::size_t c = 0; c < t.vectors.dimension; ++c) {
    bool one = true;
    for (std::size_t u = 0; u < tuple.tuple.size(); ++u) one = one && t.vectors.sets[u].get(tuple.tuple[u], c);
    product += mark(one ? "1" : "0", c == t.clause);
  }
  text += fmt::format("     {:<26}{}  score {}{}\n", "product", product, tuple.violated.size(),
                      tuple.violated.empty() ? ": every clause is satisfied" : "");
}

void add_word(std::string& text, const std::string& name, const std::vector<Symbol>& word, std::size_t stride, std::size_t offset,
              std::size_t coin) {
  std::string symbols;
  for (std::size_t x = 0; x * stride + offset < word.size(); ++x)
    symbols += mark(fmt::format("{:>3}", word[x * stride + offset]), x == coin);
  text += fmt::format("     {:<14}{}\n", name, symbols);
}

void add_protocol(std::string& text, const Trace& t, const TracedTuple& tuple) {
  const std::size_t blocks = t.shape.blocks;
  text += fmt::format("   tuple {}\n", tuple_text(tuple.tuple));
  for (std::size_t u = 0; u < tuple.words.size(); ++u)
    for (std::size_t b = 0; b < blocks; ++b)
      add_word(text, fmt::format("W_{} block {}", u, b), tuple.words[u], blocks, b, t.coin);
  add_word(text, "Psi", tuple.product, 1, 0, t.coin);
  add_word(text, "Phi (Merlin)", t.phi, 1, 0, t.coin);
  std::string terms;
  for (std::size_t b = 0; b < blocks; ++b) {
    terms += b ? " + " : "";
    for (std::size_t u = 0; u < tuple.at_coin.symbols.size(); ++u)
      terms += fmt::format("{}{}", u ? "*" : "", tuple.at_coin.symbols[u][b]);
  }
  text += fmt::format("     coin {}: {} = {}, Merlin claims {}: party 0 {}\n", t.coin, terms, tuple.at_coin.computed,
                      tuple.at_coin.claimed, tuple.at_coin.accepted ? "accepts" : "rejects");
  text += fmt::format("     {} of {} accept\n", tuple.accepting.size(), counted(t.shape.coins, "coin"));
}

std::string percent(const mpq_class& share) { return fmt::format("{:.3g} %", 100 * share.get_d()); }

}  // namespace

std::string trace_text(const Trace& t) {
  const std::size_t k = t.vectors.sets.size();
  std::string text = fmt::format("1. Formula: {}, {}, {}. Clause {} is followed: {}.\n", counted(t.cnf.variables, "variable"),
                                 counted(t.cnf.clauses.size(), "clause"), t.satisfiable ? "satisfiable" : "unsatisfiable",
                                 t.clause + 1, clause_text(t.cnf, t.clause));
  for (std::size_t c = 0; c < t.cnf.clauses.size(); ++c)
    text += fmt::format("   {} {:<3} {}\n", c == t.clause ? ">" : " ", c + 1, clause_text(t.cnf, c));
  add_vectors(text, t);
  text +=
      fmt::format("\n3. Scores: multiply {} vectors, one of each set, coordinate by coordinate; a 1 is a violated clause.\n", k);
  add_score(text, t, t.best, t.satisfiable ? "orthogonal" : "the fewest common ones there are");
  if (t.violating)
    add_score(text, t, *t.violating, fmt::format("violates clause {}", t.clause + 1));
  else
    text += fmt::format("   no tuple violates clause {}: it is always true\n", t.clause + 1);
  text += fmt::format(
      "\n4. Protocol: {}{} over F_{}, length L = {}, degree D = {}. Vectors are cut into T = {} of K = {}, encoded "
      "so that the bits stand at the coins {}.\n"
      "   Merlin sends word number {} of {}; one coin is drawn; party 0 compares. A wrong claim is accepted by at most k D = {} "
      "of {} coins.\n",
      t.shape.family->name, t.shape.level ? fmt::format(" level {}", t.shape.level) : "", t.shape.field_size, t.shape.coins,
      t.shape.degree, counted(t.shape.blocks, "block"), counted(t.shape.block_length, "bit"), fmt::join(t.systematic, " "),
      t.message.get_str(), t.messages.get_str(), t.wrong_at_most, t.shape.coins);
  add_protocol(text, t, t.best);
  if (t.violating) add_protocol(text, t, *t.violating);
  text += fmt::format(
      "\n5. Attention: row {} of the query matrix; d' = {}, B = {:.6g}. A tuple that s coins accept weighs e^(gamma s), gamma = "
      "{:.6g}.\n",
      t.row, t.dimension.get_str(), t.entry_bound, t.gamma.get_d());
  for (const TracedWeight& w : t.weights)
    text += fmt::format("     {} data tuple{} with s = {:<4} value 1   {} of the row's weight\n", w.tuples,
                        w.tuples == 1 ? " " : "s", w.coins, percent(w.share));
  text += fmt::format("     the tuple of pads, s = {:<4}  value 0   {}\n", t.shape.coins, percent(t.pad_share));
  text += fmt::format("     {} mixed tuples, s = 0     value 0   {}\n", t.mixed_tuples.get_str(), percent(t.mixed_share));
  text += fmt::format("   out[{}] in [{}, {}]; yes from {}, no up to {}: {}\n", t.row, decimal_down(t.output.lo, 10),
                      decimal_up(t.output.hi, 10), decimal_down(t.yes_at_least, 4), decimal_up(t.no_at_most, 4),
                      t.output.answer == Answer::yes ? "YES" : "NO");
  text += fmt::format(
      "   without a code (direct embedding): d' = {}, B = {:.6g}, out[{}] in [{}, {}]; yes from {}, no up to {}: {}\n",
      t.direct_dimension, t.direct_entry_bound, t.row, decimal_down(t.direct_output.lo, 10), decimal_up(t.direct_output.hi, 10),
      decimal_down(t.direct_yes_at_least, 4), decimal_up(t.direct_no_at_most, 4),
      t.direct_output.answer == Answer::yes ? "YES" : "NO");
  return text;
}

namespace {

nlohmann::ordered_json tuple_json(const Trace& t, const TracedTuple& tuple) {
  auto violated = nlohmann::ordered_json::array();
  for (const std::size_t c : tuple.violated) violated.push_back(c + 1);
  auto literals = nlohmann::ordered_json::array();
  for (std::size_t v = 0; v < tuple.assignment.size(); ++v)
    literals.push_back(tuple.assignment[v] ? static_cast<int>(v + 1) : -static_cast<int>(v + 1));
  return {{"tuple", tuple.tuple},
          {"assignment", literals},
          {"violated", violated},
          {"words", tuple.words},
          {"product", tuple.product},
          {"accepting_coins", tuple.accepting},
          {"at_coin",
           {{"coin", t.coin},
            {"claimed", tuple.at_coin.claimed},
            {"computed", tuple.at_coin.computed},
            {"accepted", tuple.at_coin.accepted}}}};
}

nlohmann::ordered_json output_json(const RowVerdict& out, const mpq_class& yes, const mpq_class& no, double entry_bound,
                                   const std::string& dimension) {
  return {{"dimension", dimension},
          {"entry_bound", entry_bound},
          {"enclosure", {{"lo", decimal_down(out.lo, 17)}, {"hi", decimal_up(out.hi, 17)}}},
          {"yes_at_least", decimal_down(yes, 17)},
          {"no_at_most", decimal_up(no, 17)},
          {"answer", out.answer == Answer::yes  ? "yes"
                     : out.answer == Answer::no ? "no"
                                                : "undecided"}};
}

}  // namespace

nlohmann::ordered_json trace_json(const Trace& t) {
  nlohmann::ordered_json json{{"variables", t.cnf.variables},
                              {"clauses", t.cnf.clauses},
                              {"clause", t.clause + 1},
                              {"satisfiable", t.satisfiable},
                              {"order", t.vectors.sets.size()}};
  auto sets = nlohmann::ordered_json::array();
  for (const BitMatrix& set : t.vectors.sets) {
    auto rows = nlohmann::ordered_json::array();
    for (std::size_t j = 0; j < set.rows; ++j) {
      std::vector<int> bits;
      for (std::size_t c = 0; c < set.columns; ++c) bits.push_back(set.get(j, c) ? 1 : 0);
      rows.push_back(bits);
    }
    sets.push_back(rows);
  }
  json["vectors"] = sets;
  json["code"] = {{"route", t.shape.family->name},
                  {"field", t.shape.field_size},
                  {"level", t.shape.level},
                  {"length", t.shape.coins},
                  {"degree", t.shape.degree},
                  {"blocks", t.shape.blocks},
                  {"block_length", t.shape.block_length},
                  {"systematic", t.systematic},
                  {"wrong_at_most", t.wrong_at_most}};
  json["message"] = {{"number", t.message.get_str()}, {"of", t.messages.get_str()}, {"word", t.phi}};
  json["best"] = tuple_json(t, t.best);
  json["violating"] = t.violating ? tuple_json(t, *t.violating) : nlohmann::ordered_json();
  auto weights = nlohmann::ordered_json::array();
  for (const TracedWeight& w : t.weights)
    weights.push_back({{"coins", w.coins}, {"tuples", w.tuples}, {"share", w.share.get_d()}});
  json["row"] = {{"row", t.row},
                 {"gamma", decimal_down(t.gamma, 17)},
                 {"weights", weights},
                 {"pad_share", t.pad_share.get_d()},
                 {"mixed_tuples", t.mixed_tuples.get_str()},
                 {"mixed_share", t.mixed_share.get_d()}};
  json["output"] = output_json(t.output, t.yes_at_least, t.no_at_most, t.entry_bound, t.dimension.get_str());
  json["direct_output"] = output_json(t.direct_output, t.direct_yes_at_least, t.direct_no_at_most, t.direct_entry_bound,
                                      std::to_string(t.direct_dimension));
  return json;
}

std::string shown_trace(const Trace& trace, TraceFormat format) {
  switch (format) {
    case TraceFormat::text:
      return trace_text(trace);
    case TraceFormat::svg:
      return trace_svg(trace);
  }
  throw std::logic_error("a format that is not shown");
}

}  // namespace gapwright
