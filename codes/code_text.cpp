// SPDX-License-Identifier: MIT
// Codes and checks as text and JSON. Nothing is computed here but predictions; keys come in a fixed order, numbers are
// integers.
#include "codes/code_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <stdexcept>

namespace gapwright {

namespace {

using Json = nlohmann::ordered_json;

/// [[1,2],[3,4]]: a JSON value would take sixteen bytes for each symbol.
void append_rows(std::string& text, const SymbolMatrix& matrix, const Progress& progress) {
  Steps rows(progress, matrix.rows, rows_between_looks(matrix.columns));
  text.reserve(text.size() + matrix_text_bytes(matrix.rows, matrix.columns) + 64);  // a text that grows is there twice
  text += '[';
  for (std::size_t r = 0; r < matrix.rows; ++r) {
    text += r > 0 ? ",[" : "[";
    for (std::size_t c = 0; c < matrix.columns; ++c) {
      if (c > 0) text += ',';
      text += std::to_string(matrix.at(r, c));
    }
    text += ']';
    rows.done();
  }
  text += ']';
}

Json level_of(unsigned level) { return level == 0 ? Json(nullptr) : Json(level); }

std::string curve_text(const std::string& family, std::uint32_t q, unsigned level) {
  return level == 0 ? fmt::format("{}, q = {}", family, q) : fmt::format("{}, q = {}, level {}", family, q, level);
}

const char* verdict(bool passed) { return passed ? "ok" : "FAILED"; }

/// `semigroup` is called only for a degree that is possible.
template <class Semigroup>
CodeSummary summarise(const std::string& family, std::uint32_t q, unsigned level, const Field& field, std::size_t length,
                      std::size_t genus, std::size_t degree, const Semigroup& semigroup) {
  if (degree >= length) {
    throw std::invalid_argument(
        fmt::format("degree {} is too large for a code of length {}: allowed are degrees 0 to {}", degree, length, length - 1));
  }
  CodeSummary summary{family,          q, level,      field.size(), field.modulus_text(), length, genus, degree, 0,
                      length - degree, 0, semigroup()};
  summary.dimension = summary.pole_orders.size();
  summary.generator_bytes = std::uint64_t{summary.dimension} * length * sizeof(Symbol);
  return summary;
}

}  // namespace

CodeSummary summary_of(const Curve& curve, std::size_t degree) {
  return summarise(curve.family(), curve.q(), curve.level(), curve.field(), curve.length(), curve.genus(), degree,
                   [&] { return curve.semigroup(degree); });
}

CodeSummary summary_of(const CurveRequest& request, std::size_t degree) {
  const CodeFamily& family = family_of(request);
  const CurveParameters& p = request.parameters;
  const Field field(static_cast<std::int64_t>(family.field_size(p.q)));
  return summarise(family.name, static_cast<std::uint32_t>(p.q), family.has_levels ? static_cast<unsigned>(p.level) : 0, field,
                   family.length_of(p), family.genus_of(p), degree, [&] { return family.semigroup_of(p, degree); });
}

std::string summary_text(const CodeSummary& s) {
  std::string text = fmt::format(
      "{}\nfield              {} elements, modulus {}\nlength             {}\ngenus              {}\n"
      "degree             {}\ndimension          {}\ndesigned distance  {}\ngenerator matrix   {} bytes\npole orders   "
      "    ",
      curve_text(s.family, s.q, s.level), s.field_size, s.modulus, s.length, s.genus, s.degree, s.dimension, s.designed_distance,
      s.generator_bytes);
  for (std::size_t i = 0; i < s.pole_orders.size();) {  // runs of consecutive orders as a-b
    std::size_t end = i;
    while (end + 1 < s.pole_orders.size() && s.pole_orders[end + 1] == s.pole_orders[end] + 1) ++end;
    text += end == i ? fmt::format(" {}", s.pole_orders[i]) : fmt::format(" {}-{}", s.pole_orders[i], s.pole_orders[end]);
    i = end + 1;
  }
  return text + "\n";
}

std::string summary_json(const CodeSummary& s) {
  return Json{{"family", s.family},
              {"q", s.q},
              {"level", level_of(s.level)},
              {"field_size", s.field_size},
              {"modulus", s.modulus},
              {"length", s.length},
              {"genus", s.genus},
              {"degree", s.degree},
              {"dimension", s.dimension},
              {"designed_distance", s.designed_distance},
              {"generator_bytes", s.generator_bytes},
              {"pole_orders", s.pole_orders}}
             .dump() +
         "\n";
}

std::string matrix_json(const EvaluationCode& code, const Progress& progress) {
  const Curve& curve = *code.curve;
  std::string text = Json{{"family", curve.family()},
                          {"p", code.field().characteristic()},
                          {"e", code.field().degree()},
                          {"modulus", code.field().modulus()},
                          {"q", curve.q()},
                          {"level", level_of(curve.level())},
                          {"genus", curve.genus()},
                          {"length", code.length()},
                          {"dimension", code.dimension()},
                          {"degree", code.degree},
                          {"designed_distance", designed_distance(code)},
                          {"pole_orders", curve.pole_orders(code.degree)}}
                         .dump();
  text.back() = ',';
  text += "\"points\":";
  append_rows(text, curve.points(), share(progress, 0, 0.1));
  text += ",\"information_set\":" + Json(code.information_set).dump() + ",\"generator\":";
  append_rows(text, code.generator, share(progress, 0.1, 1));
  text += "}\n";  // not in one line with the return, which would copy it
  return text;
}

std::string words_json(const SymbolMatrix& words, const Progress& progress) {
  std::string text = "{\"words\":";
  append_rows(text, words, progress);
  text += "}\n";  // not in one line with the return, which would copy it
  return text;
}

std::uint64_t matrix_text_bytes(std::size_t rows, std::size_t columns) {
  return std::uint64_t{rows} * columns * 6 + std::uint64_t{rows} * 3;  // five digits and what stands between
}

std::string matrix_text(const SymbolMatrix& matrix, const Progress& progress) {
  Steps rows(progress, matrix.rows, rows_between_looks(matrix.columns));
  std::string text;
  text.reserve(matrix_text_bytes(matrix.rows, matrix.columns));
  for (std::size_t r = 0; r < matrix.rows; ++r) {
    for (std::size_t c = 0; c < matrix.columns; ++c) {
      if (c > 0) text += ' ';
      text += std::to_string(matrix.at(r, c));
    }
    text += '\n';
    rows.done();
  }
  return text;
}

SymbolMatrix parse_rows(std::string_view text, const Field& field, std::size_t columns, const Progress& progress) {
  const double length = static_cast<double>(text.size());
  const auto look = [&] {
    if (progress) progress(1 - static_cast<double>(text.size()) / length);
  };
  constexpr std::string_view blanks = " \t\r";
  SymbolMatrix matrix(0, columns);
  for (std::size_t line = 1; !text.empty(); ++line) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view rest = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    std::size_t count = 0;
    for (;;) {
      rest.remove_prefix(std::min(rest.find_first_not_of(blanks), rest.size()));
      if (rest.empty()) break;
      const std::string_view word = rest.substr(0, rest.find_first_of(blanks));
      rest.remove_prefix(word.size());
      try {
        matrix.symbols.push_back(field.parse(word));
      } catch (const std::invalid_argument& error) {
        throw std::invalid_argument("line " + std::to_string(line) + ": " + error.what());
      }
      if (++count % 65536 == 0) look();
    }
    look();
    if (count == 0) continue;
    if (count != columns) {
      throw std::invalid_argument("line " + std::to_string(line) + ": " + std::to_string(count) +
                                  " symbols, a message of this code has " + std::to_string(columns));
    }
    ++matrix.rows;
  }
  return matrix;
}

std::string check_text(const Curve& curve, const CurveCheck& c) {
  return fmt::format(
      "{}: functions of degree {}, products of degree {}\n"
      "pole orders      {} of {} in the semigroup: {}\n"
      "rank             {} of {}, and {} of {}: {}\n"
      "product closure  {} of {} products inside: {}\n",
      curve_text(curve.family(), curve.q(), curve.level()), c.degree, 2 * c.degree, c.orders_found, c.orders_expected,
      verdict(c.orders_passed()), c.rank_found, c.rank_expected, c.target_rank_found, c.target_rank_expected,
      verdict(c.rank_passed()), c.products_inside, c.products, verdict(c.closure_passed()));
}

std::string check_json(const Curve& curve, const CurveCheck& c) {
  return Json{{"family", curve.family()},
              {"q", curve.q()},
              {"level", level_of(curve.level())},
              {"degree", c.degree},
              {"orders_expected", c.orders_expected},
              {"orders_found", c.orders_found},
              {"rank_expected", c.rank_expected},
              {"rank_found", c.rank_found},
              {"target_rank_expected", c.target_rank_expected},
              {"target_rank_found", c.target_rank_found},
              {"products", c.products},
              {"products_inside", c.products_inside},
              {"passed", c.passed()}}
             .dump() +
         "\n";
}

}  // namespace gapwright
