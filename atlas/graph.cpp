// SPDX-License-Identifier: MIT
// The graph of all rules (Boost.Graph).
#include "atlas/graph.hpp"

#include <algorithm>
#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/graphviz.hpp>
#include <cmath>
#include <functional>
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

std::vector<Route> all_routes(const std::string& source, const std::string& target) {
  std::vector<Route> found;
  Route route;
  std::vector<bool> visited(problems().size());
  extend(problem_index(source), problem_index(target), route, visited, found);
  std::stable_sort(found.begin(), found.end(),
                   [](const Route& a, const Route& b) { return a.size() != b.size() ? a.size() < b.size() : a < b; });
  return found;
}

bool goes_by_name(const Route& route) {
  return std::any_of(route.begin(), route.end(), [](std::size_t r) { return only_by_name(rules()[r]); });
}

}  // namespace

std::vector<Route> routes(const std::string& source, const std::string& target) {
  std::vector<Route> found = all_routes(source, target);
  std::erase_if(found, goes_by_name);
  return found;
}

std::vector<Route> routes_by_name(const std::string& source, const std::string& target) {
  std::vector<Route> found = all_routes(source, target);
  std::erase_if(found, std::not_fn(goes_by_name));
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
