// SPDX-License-Identifier: MIT
// The graph of all rules (Boost.Graph). Entries only state what the rules' own files and docs/reductions.md prove;
// tests/atlas/graph.cpp compares the laws with what is built.
#include "atlas/graph.hpp"

#include <algorithm>
#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/graphviz.hpp>
#include <cmath>
#include <iterator>
#include <map>
#include <sstream>
#include <stdexcept>

#include "support/text_width.hpp"

namespace gapwright {
namespace {

using Graph = boost::adjacency_list<boost::vecS, boost::vecS, boost::directedS, std::size_t,
                                    std::size_t>;  // indices into problems() and rules()

std::size_t problem_index(const std::string& name) {
  const auto& all = problems();
  const auto found = std::find_if(all.begin(), all.end(), [&](const Problem& p) { return p.name == name; });
  if (found == all.end()) throw std::invalid_argument("unknown problem '" + name + "'");
  return static_cast<std::size_t>(found - all.begin());
}

Graph make_graph() {
  Graph graph(problems().size());
  for (std::size_t p = 0; p < problems().size(); ++p) graph[p] = p;
  for (std::size_t r = 0; r < rules().size(); ++r)
    boost::add_edge(problem_index(rules()[r].source), problem_index(rules()[r].target), r, graph);
  return graph;
}

const Graph& graph() {
  static const Graph made = make_graph();
  return made;
}

void extend(std::size_t at, std::size_t goal, Route& route, std::vector<bool>& visited, std::vector<Route>& found) {
  if (at == goal) {
    found.push_back(route);
    return;
  }
  visited[at] = true;
  for (const auto edge : boost::make_iterator_range(boost::out_edges(at, graph()))) {
    const std::size_t next = boost::target(edge, graph());
    if (visited[next]) continue;
    route.push_back(graph()[edge]);
    extend(next, goal, route, visited, found);
    route.pop_back();
  }
  visited[at] = false;
}

std::string escaped(const std::string& text) {
  std::string result;
  for (const char c : text) result += c == '"' || c == '\\' ? std::string("\\") + c : std::string(1, c);
  return result;
}

/// At most `width` characters a line, broken at spaces ("\n" in DOT).
std::vector<std::string> lines_of(const std::string& text, std::size_t width) {
  std::vector<std::string> lines(1);
  std::istringstream words(text);
  for (std::string word; words >> word;) {
    std::string& line = lines.back();
    if (!line.empty() && line.size() + word.size() + 1 > width)
      lines.push_back(word);
    else
      line += (line.empty() ? "" : " ") + word;
  }
  return lines;
}

double widest_line(const std::vector<std::string>& lines, double size) {
  double width = 0;
  for (const std::string& line : lines) width = std::max(width, widest_text(line, size));
  return width;
}

constexpr double kNodeSize = 14, kEdgeSize = 12, kNodeMargin = 0.18, kPointsPerInch = 72;

/// A box at least as wide as its lines are in the widest font; graphviz alone would measure them in a font of its own.
std::string node_attributes(const Problem& problem) {
  std::vector<std::string> lines = lines_of(problem.meaning, 26);
  lines.insert(lines.begin(), problem.name);
  std::ostringstream text;
  text << "label=\"";
  for (std::size_t i = 0; i < lines.size(); ++i) text << (i ? "\\n" : "") << escaped(lines[i]);
  text << "\", width=" << widest_line(lines, kNodeSize) / kPointsPerInch + 2 * kNodeMargin;
  return text.str();
}

std::string html_escaped(const std::string& text) {
  std::string result;
  for (const char c : text) result += c == '&' ? "&amp;" : c == '<' ? "&lt;" : c == '>' ? "&gt;" : std::string(1, c);
  return result;
}

/// The same for the words beside an arrow: a table of one cell, as that can be told its size.
std::string edge_label(const std::string& words) {
  const std::vector<std::string> lines = lines_of(words, 24);
  std::ostringstream text;
  text << "<<table border=\"0\" cellborder=\"0\" cellpadding=\"0\" cellspacing=\"0\"><tr><td width=\""
       << std::ceil(widest_line(lines, kEdgeSize)) + 8 << "\" height=\"" << 15 * lines.size() + 2 << "\">";
  for (std::size_t i = 0; i < lines.size(); ++i) text << (i ? "<br/>" : "") << html_escaped(lines[i]);
  return text.str() + "</td></tr></table>>";
}

std::vector<Rule> make_rules() {
  std::vector<Rule> all{
      {"sat_to_orthogonal_vectors", "", "cnf", "orthogonal-vectors", RuleKind::many_one,
       "split and list [Wil05]: models and orthogonal tuples are in bijection; any k >= 2",
       "sum_u 2^(variables of group u) vectors of max(M, 1) bits", "product 0 against at least 1",
       "witnesses both ways, their number, decision", "docs/reductions.md, 1"},
      {"orthogonal_vectors_to_attention",
       "direct",
       "orthogonal-vectors",
       "attention",
       RuleKind::many_one,
       "direct embedding: out_i >= yes iff row i has an orthogonal tuple, else out_i <= no; B = (d' gamma)^(1/k), gamma = ln "
       "Nmain + ln(1/delta); any k >= 2",
       "d' = d + 2^(k-1) - 2; (n_0 + sum_u (n_u + 1)) d' + sum_u (n_u + 1) floats",
       "out >= 0.4 against out < 1/16 (k <= 4)",
       "witnesses both ways, their number, decision, row by row",
       "docs/reductions.md, 2",
       {.embedding = Embedding::direct}},
      {"orthogonal_vectors_to_attention",
       "direct, centred",
       "orthogonal-vectors",
       "attention",
       RuleKind::many_one,
       "direct embedding with keys B and -B (ours): the same outputs with B smaller by the square root of 2, B^2 = d' gamma / 2; "
       "k = 2 only",
       "d' = d; (n_0 + n_1 + 1) d + n_1 + 1 floats",
       "out >= 0.4 against out < 1/16",
       "witnesses both ways, their number, decision, row by row",
       "docs/reductions.md, 6",
       {.embedding = Embedding::direct, .centred = true}}};
  for (const CodeFamily& family : code_families())
    all.push_back({"orthogonal_vectors_to_gap_max_ip",
                   family.name,
                   "orthogonal-vectors",
                   "gap-max-ip",
                   RuleKind::over_messages,
                   "(k+1)-party Merlin-Arthur protocol over an evaluation code C(D) of length L and dimension K [AS24, Rub18, "
                   "ARW17, AW09]: yes iff some message's instance is; any k >= 2",
                   "Q^(dim C(kD) - K) instances of sum_u n_u L T + L + 2 Q^2 symbols of 16 bits, T K >= d, T < p, k D < L",
                   "t = L accepting coins against at most s_no = k D",
                   "witnesses both ways under one message each; their numbers add up over the messages",
                   "docs/reductions.md, 4 and 5",
                   {.family = &family}});
  struct Vectors {
    Form form;
    const char *name, *law;
  };
  const std::string sharp = "; sharp: (n_0 + sum_u (n_u + 1)) d' + sum_u (n_u + 1) floats, d' = dimension + t",
                    paper = "; paper: (n_0 + 2 sum_u n_u) d' + 2 sum_u n_u floats, d' = 2 dimension";
  for (const Vectors& vectors :
       {Vectors{Form::full, "boxes", "dimension L Q^((k-1)T)"},
        Vectors{Form::pruned, "pruned boxes",
                "dimension at most L prod_{u >= 1} min(Q^T, n_u): coordinates in which no set is identically 0"},
        Vectors{Form::characters, "characters",
                "ceil(weight/mu) columns for each of K 2^T coordinates of weight 1 and those of Theorem R11 at L - K coins, "
                "ceil(t/mu) for the pads"}})
    for (const Embedding embedding : {Embedding::sharp, Embedding::paper}) {
      const bool is_sharp = embedding == Embedding::sharp;
      if (vectors.form == Form::characters && !is_sharp) continue;
      all.push_back(
          {"gap_max_ip_to_attention",
           std::string(vectors.name) + ", " + std::string(word_of(embedding)),
           "gap-max-ip",
           "attention",
           RuleKind::many_one,
           std::string("out_i >= yes iff row i has an inner product >= t, else out_i <= no; gamma (t - s_no) = ln Nmain + "
                       "ln(1/delta), B = (d' gamma)^(1/k) ") +
               (is_sharp ? "(ours; the asymptotic statement is [AS24]'s)" : "(after [AS24, AS23])") + "; any k >= 2",
           vectors.law + (is_sharp ? sharp : paper),
           is_sharp ? "out >= 0.4 against out < 1/16 (k <= 4)"
                    : "e^(-gamma (d - t)) of the output: exponentially small unless d = O(t - s_no)",
           "witnesses both ways, decision, row by row",
           "docs/reductions.md, 5 and 6",
           {.form = vectors.form, .embedding = embedding}});
    }
  all.push_back({"attention_to_gradient", "", "attention", "attention-gradient", RuleKind::over_nodes,
                 "Loss(1) - Loss(0) is the integral of <dLoss/dq(lambda q), q> [LSSZ24, AS24b]; Gauss-Legendre with a proved "
                 "error; any k >= 2",
                 "the same input, one oracle call per node", "loss at least yes^2/2 against at most n_0 no^2/2", "decision",
                 "docs/attention.md"});
  return all;
}

}  // namespace

const std::vector<Problem>& problems() {
  static const std::vector<Problem> all{
      {"cnf", "satisfiability of a formula in conjunctive normal form", "an assignment",
       "SETH: for every e > 0 some width w makes w-SAT on N variables cost more than 2^((1-e) N) [IP01]", "2^N"},
      {"orthogonal-vectors", "k-OV: one vector per set with product 0 in every coordinate", "an index in each set",
       "OVH: for every order k and every e > 0 there is a constant c = c(k, e) such that no algorithm solves k-OV with n vectors "
       "a set in "
       "dimension c log n in time n^(k - e); implied by SETH [Wil05]. (One c for all e would be false [AWY15].)",
       "n^k"},
      {"gap-max-ip", "Gap-k-MaxIP: is some inner product at least t, when otherwise all are at most s_no?",
       "an index in each set",
       "for every k and e > 0 there are constants (c, Q, T) such that no algorithm solves Gap-k-MaxIP in dimension c log n, made "
       "over F_Q with T "
       "blocks, t and s_no a constant factor apart, in time n^(k - e); implied by SETH [AS24, Rub18, ARW17]",
       "n^k"},
      {"attention", "attention of order k with large entries: is some output at least the threshold?",
       "a row of q and a key in each key matrix",
       "for every k and e > 0 there are constants (c, Q, T, C_B) such that no algorithm solves attention of order k in dimension "
       "c log n with "
       "entries up to B = C_B (log n)^(1/k) in time n^(k - e); implied by SETH [AS24; AS23 for k = 2]",
       "n^k"},
      {"attention-gradient", "the gradient of 1/2 sum of squared outputs of such attention", "none: a number decides",
       "for every k and e > 0 there are constants (c, Q, T, C_B), as for attention, such that no algorithm computes the gradient "
       "in time "
       "n^(k - e); implied by SETH [LSSZ24; AS24b for k = 2]",
       "n^k"}};
  return all;
}

const std::vector<Rule>& rules() {
  static const std::vector<Rule> all = make_rules();
  return all;
}

std::string short_name(const Rule& rule) { return rule.variant.empty() ? rule.name : rule.variant; }

std::vector<Route> routes(const std::string& source, const std::string& target) {
  std::vector<Route> found;
  Route route;
  std::vector<bool> visited(problems().size());
  extend(problem_index(source), problem_index(target), route, visited, found);
  std::stable_sort(found.begin(), found.end(),
                   [](const Route& a, const Route& b) { return a.size() != b.size() ? a.size() < b.size() : a < b; });
  return found;
}

std::string atlas_dot() {
  std::ostringstream text;
  const auto write_problem = [&](std::ostream& out, std::size_t p) { out << "[" << node_attributes(problems()[p]) << "]"; };
  const auto write_rule = [&](std::ostream& out, const Graph::edge_descriptor& edge) {
    const Rule& rule = rules()[graph()[edge]];
    const bool turing = rule.kind != RuleKind::many_one;
    out << "[label=" << edge_label(short_name(rule)) << (turing ? ", style=dashed" : "") << ", tooltip=\""
        << escaped(rule.theorem) << "\"]";
  };
  const auto write_graph = [](std::ostream& out) {
    out << "rankdir=LR;\nranksep=0.9;\nnodesep=0.25;\nfontname=\"sans-serif\";\nfontsize=14;\nlabelloc=b;\n"
        << "label=\"solid: many-one; dashed: Turing (over Merlin's messages, or over quadrature nodes)\";\n"
        << "node [shape=box, style=\"rounded,filled\", fillcolor=\"#eef3fb\", color=\"#334455\", fontname=\"sans-serif\", "
           "fontsize="
        << kNodeSize << ", margin=\"" << kNodeMargin << ",0.1\"];\n"
        << "edge [fontname=\"sans-serif\", fontsize=" << kEdgeSize << ", color=\"#334455\"];\n";
  };
  boost::write_graphviz(text, graph(), write_problem, write_rule, write_graph);
  return text.str();
}

}  // namespace gapwright
