// SPDX-License-Identifier: MIT
// The trace as a picture: five strips from top to bottom, the chosen clause in amber, the followed tuple in blue, the violating
// one in red. Whoever looks at it does so in a font of their own: every text has the room that the widest one takes.
#include "explore/trace/trace_svg.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <sstream>

#include "support/decimal.hpp"
#include "support/message.hpp"
#include "support/text_width.hpp"

namespace gapwright {
namespace {

constexpr double kWidth = 960, kLeft = 24, kRight = kWidth - 24;
constexpr const char *kInk = "#1b1f24", *kFaint = "#6b7280", *kBlue = "#1d4ed8", *kRed = "#b91c1c", *kAmber = "#fde68a",
                     *kLine = "#d1d5db", *kPaleBlue = "#dbeafe", *kPaleRed = "#fee2e2", *kGreen = "#15803d";

/// The largest font size up to `most` in which the words fit the room.
double fitting_size(const std::string& words, double room, double most, bool bold = false) {
  return std::min(most, room / std::max(widest_text(words, 1, bold), 1e-3));
}

/// The text in lines that fit the picture, broken at blanks.
std::vector<std::string> lines_of(const std::string& words, double size, bool bold) {
  std::vector<std::string> lines(1);
  std::istringstream stream(words);
  for (std::string word; stream >> word;) {
    const std::string longer = lines.back() + (lines.back().empty() ? "" : " ") + word;
    if (lines.back().empty() || widest_text(longer, size, bold) <= kRight - kLeft)
      lines.back() = longer;
    else
      lines.push_back(word);
  }
  return lines;
}

struct Canvas {
  std::string body;
  double y = 0;

  void text(double x, double at, const std::string& words, double size = 13, const std::string& colour = kInk,
            const std::string& anchor = "start", bool bold = false) {
    body += fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" font-size=\"{:.1f}\" fill=\"{}\" text-anchor=\"{}\"{}>{}</text>\n", x,
                        at, size, colour, anchor, bold ? " font-weight=\"bold\"" : "", words);
  }
  void box(double x, double at, double w, double h, const std::string& fill, const std::string& stroke = "none") {
    body += fmt::format("<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\" fill=\"{}\" stroke=\"{}\"/>\n", x, at,
                        w, h, fill, stroke);
  }
  void line(double x1, double y1, double x2, double y2, const std::string& colour, double width = 1) {
    body += fmt::format("<line x1=\"{:.1f}\" y1=\"{:.1f}\" x2=\"{:.1f}\" y2=\"{:.1f}\" stroke=\"{}\" stroke-width=\"{:.1f}\"/>\n",
                        x1, y1, x2, y2, colour, width);
  }
  /// A cell with a number in its middle.
  void cell(double x, double at, double w, double h, const std::string& words, const std::string& fill,
            const std::string& colour = kInk) {
    box(x, at, w, h, fill, kLine);
    text(x + w / 2, at + h / 2 + std::min(w, h) * 0.3, words, fitting_size(words, w - 1, std::min(12.0, h * 0.75)), colour,
         "middle");
  }
  /// Lines from y on, as many as the text takes; y becomes the last one's.
  void paragraph(const std::string& words, double size, const std::string& colour, bool bold = false) {
    const auto lines = lines_of(words, size, bold);
    for (std::size_t i = 0; i < lines.size(); ++i) {
      if (i > 0) y += size * 1.4;
      text(kLeft, y, lines[i], fitting_size(lines[i], kRight - kLeft, size, bold), colour, "start", bold);
    }
  }
  void heading(const std::string& title, const std::string& below) {
    y += 34;
    paragraph(title, 17, kInk, true);
    y += 19;
    paragraph(below, 12.5, kFaint);
    y += 12;
  }
};

std::string number_list(const std::vector<std::size_t>& tuple) {
  std::string text;
  for (const std::size_t j : tuple) text += (text.empty() ? "(" : ", ") + std::to_string(j);
  return text + ")";
}

void draw_formula(Canvas& c, const Trace& t) {
  c.heading(fmt::format("1  A formula: {}, {}, {}", counted(t.cnf.variables, "variable"), counted(t.cnf.clauses.size(), "clause"),
                        t.satisfiable ? "satisfiable" : "unsatisfiable"),
            fmt::format("clause {} (amber) is followed: {}", t.clause + 1, clause_text(t.cnf, t.clause)));
  double x = kLeft;
  c.y += 4;
  for (std::size_t i = 0; i < t.cnf.clauses.size(); ++i) {
    const std::string words = clause_text(t.cnf, i);
    const double size = fitting_size(words, kRight - kLeft - 16, 12), w = widest_text(words, size) + 16;
    if (x + w > kRight && x > kLeft) {
      x = kLeft;
      c.y += 26;
    }
    c.box(x, c.y, w, 21, i == t.clause ? kAmber : "#f3f4f6", kLine);
    c.text(x + w / 2, c.y + 15, words, size, kInk, "middle");
    x += w + 6;
  }
  c.y += 24;
}

/// The variables of a group, and the values that the j-th assignment gives them.
std::string group_names(const Trace& t, std::size_t u) {
  std::string names;
  for (std::size_t v = t.group_starts[u]; v < t.group_starts[u + 1]; ++v)
    names += fmt::format("{}x{}", names.empty() ? "" : " ", v + 1);
  return names;
}
std::string group_values(const Trace& t, std::size_t u, std::size_t j) {
  std::string values;
  for (std::size_t v = t.group_starts[u]; v < t.group_starts[u + 1]; ++v)
    values += fmt::format("{}{}", values.empty() ? "" : "  ", (j >> (v - t.group_starts[u])) & 1);
  return values;
}

/// A column of vectors; rows chosen by the two tuples are tinted.
void draw_vectors(Canvas& c, const Trace& t) {
  const std::size_t k = t.vectors.sets.size(), columns = t.vectors.dimension;
  c.heading("2  Vectors: one set per group of variables, one vector per assignment of the group",
            "1 where the assignment satisfies no literal of the clause; blue: vectors of the followed tuple, red: of a tuple "
            "that violates the clause");
  std::size_t rows = 0;
  for (const BitMatrix& set : t.vectors.sets) rows = std::max(rows, set.rows);
  double label = 0;  // of the assignments, left of the vectors
  for (std::size_t u = 0; u < k; ++u)
    label = std::max({label, widest_text(group_names(t, u), 12) + 10, widest_text(group_values(t, u, 0), 12) + 10});
  const double room = (kRight - kLeft) / static_cast<double>(k);
  const double size = std::min(20.0, (room - label - 14) / static_cast<double>(columns));
  for (std::size_t u = 0; u < k; ++u) {
    const double left = kLeft + room * static_cast<double>(u);
    c.text(left, c.y + 14, group_names(t, u), 12, kFaint);
    c.text(left + label, c.y + 14, fmt::format("set {}", u), 12, kFaint);
    for (std::size_t j = 0; j < t.vectors.sets[u].rows; ++j) {
      const double at = c.y + 20 + 20 * static_cast<double>(j);
      const bool blue = t.best.tuple[u] == j, red = t.violating && t.violating->tuple[u] == j;
      c.text(left, at + 14, group_values(t, u, j), 12, blue ? kBlue : red ? kRed : kInk);
      for (std::size_t col = 0; col < columns; ++col)
        c.cell(left + label + size * static_cast<double>(col), at, size, 18, t.vectors.sets[u].get(j, col) ? "1" : "0",
               col == t.clause ? kAmber
               : blue          ? kPaleBlue
               : red           ? kPaleRed
                               : "#ffffff");
    }
  }
  c.y += 20 + 20 * static_cast<double>(rows);
}

void draw_score(Canvas& c, const Trace& t, const TracedTuple& tuple, double left, double room, const char* colour,
                const std::string& what) {
  const std::size_t k = tuple.tuple.size(), columns = t.vectors.dimension;
  const double size = std::min(20.0, (room - 70) / static_cast<double>(columns));
  const std::string title = fmt::format("tuple {}: {}", number_list(tuple.tuple), what);
  c.text(left, c.y + 14, title, fitting_size(title, room - 10, 12.5), colour);
  for (std::size_t u = 0; u <= k; ++u) {
    const double at = c.y + 22 + 20 * static_cast<double>(u) + (u == k ? 4 : 0);
    c.text(left, at + 14, u < k ? fmt::format("x_{}", u) : "product", 12, kFaint);
    for (std::size_t col = 0; col < columns; ++col) {
      bool one = true;
      for (std::size_t w = u < k ? u : 0; w < (u < k ? u + 1 : k); ++w) one = one && t.vectors.sets[w].get(tuple.tuple[w], col);
      c.cell(left + 56 + size * static_cast<double>(col), at, size, 18, one ? "1" : "0", col == t.clause ? kAmber : "#ffffff",
             u == k && one ? kRed : kInk);
    }
  }
}

void draw_scores(Canvas& c, const Trace& t) {
  c.heading("3  Scores: multiply one vector of each set, coordinate by coordinate",
            "a 1 in the product is a violated clause; no 1 at all (an orthogonal tuple) is a satisfying assignment");
  const double room = (kRight - kLeft) / 2;
  draw_score(c, t, t.best, kLeft, room, kBlue,
             t.satisfiable ? "score 0, orthogonal" : fmt::format("score {}, the least there is", t.best.violated.size()));
  if (t.violating)
    draw_score(c, t, *t.violating, kLeft + room, room, kRed,
               fmt::format("score {}, violates clause {}", t.violating->violated.size(), t.clause + 1));
  c.y += 30 + 20 * static_cast<double>(t.vectors.sets.size() + 1);
}

void draw_word(Canvas& c, const Trace& t, const std::string& name, const std::vector<Symbol>& word, std::size_t stride,
               std::size_t offset, const char* tint, const std::vector<std::size_t>* accepting = nullptr) {
  const double label = 118, size = std::min(44.0, (kRight - kLeft - label) / static_cast<double>(t.shape.coins));
  c.text(kLeft, c.y + 13, name, 12, kFaint);
  for (std::size_t x = 0; x < t.shape.coins; ++x) {
    const bool hit = accepting && std::find(accepting->begin(), accepting->end(), x) != accepting->end();
    c.cell(kLeft + label + size * static_cast<double>(x), c.y, size, 17, std::to_string(word[x * stride + offset]),
           hit ? "#dcfce7" : tint, hit ? kGreen : kInk);
  }
  c.y += 18;
}

void draw_protocol(Canvas& c, const Trace& t) {
  c.heading(fmt::format("4  Protocol: {}{} over F_{}, L = {}, degree D = {}; T = {} of K = {}", t.shape.family->name,
                        t.shape.level ? fmt::format(" level {}", t.shape.level) : "", t.shape.field_size,
                        counted(t.shape.coins, "coin"), t.shape.degree, counted(t.shape.blocks, "block"),
                        counted(t.shape.block_length, "bit")),
            fmt::format("Merlin sends one word Phi; one random coin is checked. At most k D = {} of "
                        "{} coins accept a wrong claim (green: those that accept)",
                        t.wrong_at_most, t.shape.coins));
  const double top = c.y, label = 118, size = std::min(44.0, (kRight - kLeft - label) / static_cast<double>(t.shape.coins));
  c.text(kLeft + label + size * (static_cast<double>(t.coin) + 0.5), c.y + 12, fmt::format("coin {}", t.coin), 11, kInk,
         "middle");
  c.y += 18;
  for (std::size_t u = 0; u < t.best.words.size(); ++u)
    for (std::size_t b = 0; b < t.shape.blocks; ++b)
      draw_word(c, t, t.shape.blocks > 1 ? fmt::format("x_{} block {}", u, b) : fmt::format("x_{} encoded", u), t.best.words[u],
                t.shape.blocks, b, kPaleBlue);
  c.y += 4;
  draw_word(c, t, "Psi, the sum", t.best.product, 1, 0, "#ffffff", &t.best.accepting);
  draw_word(c, t, "Phi, from Merlin", t.phi, 1, 0, kAmber);
  if (t.violating) {
    c.y += 4;
    draw_word(c, t, "Psi, violating", t.violating->product, 1, 0, kPaleRed, &t.violating->accepting);
  }
  c.box(kLeft + label + size * static_cast<double>(t.coin), top + 16, size, c.y - top - 14, "none", kInk);
  c.y += 17;
  const auto said = [&](const TracedTuple& tuple) {
    return fmt::format("tuple {}: at coin {} party 0 finds {}, Merlin says {}: {}; {} of {} accept", number_list(tuple.tuple),
                       t.coin, tuple.at_coin.computed, tuple.at_coin.claimed, tuple.at_coin.accepted ? "accepted" : "rejected",
                       tuple.accepting.size(), counted(t.shape.coins, "coin"));
  };
  c.paragraph(said(t.best), 12.5, kBlue);
  if (t.violating) {
    c.y += 18;
    c.paragraph(said(*t.violating), 12.5, kRed);
  }
}

/// A line from 0 to 1 with the thresholds and the output.
void draw_output(Canvas& c, const std::string& name, std::size_t row, const RowVerdict& out, const mpq_class& yes,
                 const mpq_class& no) {
  const double left = kLeft + 250, right = kRight - 60, at = c.y + 14;
  const auto position = [&](double v) { return left + (right - left) * v; };
  c.text(kLeft, at + 4, name, fitting_size(name, left - kLeft - 10, 12.5));
  c.box(left, at - 6, position(no.get_d()) - left, 12, kPaleRed);
  c.box(position(yes.get_d()), at - 6, right - position(yes.get_d()), 12, "#dcfce7");
  c.line(left, at, right, at, kFaint);
  const double value = mpq_class((out.lo + out.hi) / 2).get_d();
  c.body += fmt::format("<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"6\" fill=\"{}\"/>\n", position(value), at, kBlue);
  const std::string words = fmt::format("out[{}] = {:.6g}: {}", row, value, out.answer == Answer::yes ? "YES" : "NO");
  const bool beside_edge = position(value) + 10 + widest_text(words, 12.5, true) > kRight;
  c.text(position(value) + (beside_edge ? -10 : 10), at - 9, words, 12.5, kBlue, beside_edge ? "end" : "start", true);
  c.text(position(no.get_d()), at + 20, fmt::format("no up to {:.4g}", no.get_d()), 11, kRed);
  c.text(position(yes.get_d()), at + 20, fmt::format("yes from {:.4g}", yes.get_d()), 11, kGreen);
  c.y += 46;
}

void draw_row(Canvas& c, const Trace& t) {
  c.heading(fmt::format("5  Attention: the output row of query {}", t.row),
            fmt::format("a tuple that s coins accept weighs e^(gamma s), gamma = {:.5g}; data tuples have value 1, tuples with a "
                        "pad 0; shares of the weight:",
                        t.gamma.get_d()));
  c.y += 6;
  double x = kLeft;
  const auto piece = [&](double share, const char* fill, const std::string& words) {
    const double w = (kRight - kLeft) * share;
    c.box(x, c.y, w, 24, fill, "#ffffff");
    if (w > widest_text(words, 11.5) + 6) c.text(x + w / 2, c.y + 16, words, 11.5, "#ffffff", "middle");
    x += w;
  };
  for (const TracedWeight& w : t.weights)
    piece(w.share.get_d(), w.coins == t.shape.coins ? kBlue : "#93c5fd",
          fmt::format("{}, s = {}", counted(w.tuples, "tuple"), w.coins));
  piece(t.pad_share.get_d(), "#4b5563", fmt::format("pads, s = {}", t.shape.coins));
  piece(t.mixed_share.get_d(), "#9ca3af", fmt::format("{} mixed", t.mixed_tuples.get_str()));
  c.y += 44;
  draw_output(c, fmt::format("through the code, B = {:.4g}", t.entry_bound), t.row, t.output, t.yes_at_least, t.no_at_most);
  draw_output(c, fmt::format("direct embedding, B = {:.4g}", t.direct_entry_bound), t.row, t.direct_output, t.direct_yes_at_least,
              t.direct_no_at_most);
}

}  // namespace

std::string trace_svg(const Trace& t) {
  Canvas c;
  draw_formula(c, t);
  draw_vectors(c, t);
  draw_scores(c, t);
  draw_protocol(c, t);
  draw_row(c, t);
  return fmt::format(
             "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0:.0f} {1:.0f}\" width=\"{0:.0f}\" height=\"{1:.0f}\" "
             "font-family=\"Helvetica, Arial, sans-serif\">\n"
             "<title>From a clause to an output row of attention, k = {2}</title>\n<rect width=\"{0:.0f}\" height=\"{1:.0f}\" "
             "fill=\"#ffffff\"/>\n",
             kWidth, c.y + 20, t.vectors.sets.size()) +
         c.body + "</svg>\n";
}

}  // namespace gapwright
