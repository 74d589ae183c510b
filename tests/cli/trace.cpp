// SPDX-License-Identifier: MIT
// trace: every number of the story computed again from the clauses, by the definitions and modulo p, without the library.
#include <cmath>
#include <set>

#include "support/text_width.hpp"
#include "tests/cli/program.hpp"

using gapwright::widest_text;
using namespace gapwright::test;

namespace {

using Json = nlohmann::ordered_json;
using Numbers = std::vector<std::int64_t>;

std::int64_t power(std::int64_t base, std::int64_t exponent, std::int64_t p) {
  std::int64_t result = 1;
  for (base %= p; exponent > 0; exponent /= 2, base = base * base % p)
    if (exponent % 2) result = result * base % p;
  return result;
}

/// Value at x of the polynomial through (points[i], values[i]) modulo p, by Lagrange.
std::int64_t interpolated(const Numbers& points, const Numbers& values, std::int64_t x, std::int64_t p) {
  std::int64_t sum = 0;
  for (std::size_t i = 0; i < points.size(); ++i) {
    std::int64_t above = values[i], below = 1;
    for (std::size_t j = 0; j < points.size(); ++j)
      if (j != i) {
        above = above * ((x - points[j] + p) % p) % p;
        below = below * ((points[i] - points[j] + p) % p) % p;
      }
    sum = (sum + above * power(below, p - 2, p)) % p;
  }
  return sum;
}

/// The formula's vectors by the definition: bit b of j is the value of variable b of the group.
std::vector<std::vector<Numbers>> vectors_of(const Json& t) {
  const std::size_t n = t["variables"], k = t["order"];
  std::vector<std::vector<Numbers>> sets;
  std::size_t first = 1;
  for (std::size_t u = 0; u < k; ++u) {
    const std::size_t size = n / k + (u < n % k ? 1 : 0);
    sets.emplace_back();
    for (std::size_t j = 0; j < (std::size_t{1} << size); ++j) {
      Numbers row;
      for (const Json& clause : t["clauses"]) {
        bool satisfied = false;
        for (const std::int64_t literal : clause) {
          const std::size_t v = static_cast<std::size_t>(std::abs(literal));
          if (v >= first && v < first + size && ((j >> (v - first)) & 1) == (literal > 0 ? 1U : 0U)) satisfied = true;
        }
        row.push_back(satisfied ? 0 : 1);
      }
      sets.back().push_back(row);
    }
    first += size;
  }
  return sets;
}

Numbers violated(const Json& t, const std::vector<std::vector<Numbers>>& sets, const Numbers& tuple) {
  Numbers clauses;
  for (std::size_t c = 0; c < t["clauses"].size(); ++c) {
    std::int64_t product = 1;
    for (std::size_t u = 0; u < sets.size(); ++u) product *= sets[u][static_cast<std::size_t>(tuple[u])][c];
    if (product) clauses.push_back(static_cast<std::int64_t>(c) + 1);
  }
  return clauses;
}

/// W_u of a vector, position x T + tau.
Numbers word_of(const Json& code, const Numbers& bits) {
  const std::int64_t p = code["field"], blocks = code["blocks"], length = code["length"];
  const Numbers points = code["systematic"];
  Numbers word(static_cast<std::size_t>(blocks * length));
  for (std::int64_t b = 0; b < blocks; ++b) {
    Numbers values;
    for (std::size_t i = 0; i < points.size(); ++i) {
      const std::size_t position = static_cast<std::size_t>(b) * points.size() + i;
      values.push_back(position < bits.size() ? bits[position] : 0);
    }
    for (std::int64_t x = 0; x < length; ++x) word[static_cast<std::size_t>(x * blocks + b)] = interpolated(points, values, x, p);
  }
  return word;
}

Numbers product_of(const Json& code, const std::vector<Numbers>& words) {
  const std::int64_t p = code["field"], blocks = code["blocks"], length = code["length"];
  Numbers product;
  for (std::int64_t x = 0; x < length; ++x) {
    std::int64_t sum = 0;
    for (std::int64_t b = 0; b < blocks; ++b) {
      std::int64_t term = 1;
      for (const Numbers& word : words) term = term * word[static_cast<std::size_t>(x * blocks + b)] % p;
      sum = (sum + term) % p;
    }
    product.push_back(sum);
  }
  return product;
}

void check_tuple(const Json& t, const Json& tuple, const std::vector<std::vector<Numbers>>& sets) {
  const Numbers indices = tuple["tuple"], phi = t["message"]["word"];
  CHECK(tuple["violated"].get<Numbers>() == violated(t, sets, indices));
  std::vector<Numbers> words;
  for (std::size_t u = 0; u < sets.size(); ++u) {
    words.push_back(word_of(t["code"], sets[u][static_cast<std::size_t>(indices[u])]));
    CHECK(tuple["words"][u].get<Numbers>() == words.back());
  }
  const Numbers psi = product_of(t["code"], words);
  CHECK(tuple["product"].get<Numbers>() == psi);
  Numbers accepting;
  for (std::size_t x = 0; x < psi.size(); ++x)
    if (psi[x] == phi[x]) accepting.push_back(static_cast<std::int64_t>(x));
  CHECK(tuple["accepting_coins"].get<Numbers>() == accepting);
  const std::size_t limit = accepting.size() == psi.size() ? psi.size() : t["code"]["wrong_at_most"].get<std::size_t>();
  CHECK(accepting.size() <= limit);
  const std::size_t coin = tuple["at_coin"]["coin"];
  CHECK(tuple["at_coin"]["computed"] == psi[coin]);
  CHECK(tuple["at_coin"]["claimed"] == phi[coin]);
  CHECK(tuple["at_coin"]["accepted"] == (psi[coin] == phi[coin]));
}

/// Calls visit for every choice of one vector from each set but the first, whose vector is `row`.
template <class Visit>
void tuples_of_row(const std::vector<std::vector<Numbers>>& sets, std::size_t row, Visit visit) {
  Numbers tuple(sets.size(), 0);
  tuple[0] = static_cast<std::int64_t>(row);
  while (true) {
    visit(tuple);
    std::size_t u = sets.size();
    while (u > 1 && ++tuple[u - 1] == static_cast<std::int64_t>(sets[u - 1].size())) tuple[--u] = 0;
    if (u == 1) return;
  }
}

void check_inside(const Json& output, double value) {
  CHECK(std::stod(output["enclosure"]["lo"].get<std::string>()) == doctest::Approx(value).epsilon(1e-9));
  CHECK(std::stod(output["enclosure"]["hi"].get<std::string>()) == doctest::Approx(value).epsilon(1e-9));
  CHECK(output["answer"] == (value > 0.3 ? "yes" : "no"));
}

void check_outputs(const Json& t, const std::vector<std::vector<Numbers>>& sets) {
  const std::size_t row = t["row"]["row"];
  const double gamma = std::stod(t["row"]["gamma"].get<std::string>()), length = t["code"]["length"];
  const double k = static_cast<double>(sets.size()), dimension = std::stod(t["direct_output"]["dimension"].get<std::string>());
  const double direct_gamma = std::pow(t["direct_output"]["entry_bound"].get<double>(), k) / dimension;
  const Numbers phi = t["message"]["word"];
  double main = 0, direct = 0, tuples = 0, with_pads = 1;
  for (std::size_t u = 1; u < sets.size(); ++u) with_pads *= static_cast<double>(sets[u].size() + 1);
  tuples_of_row(sets, row, [&](const Numbers& tuple) {
    std::vector<Numbers> words;
    for (std::size_t u = 0; u < sets.size(); ++u)
      words.push_back(word_of(t["code"], sets[u][static_cast<std::size_t>(tuple[u])]));
    const Numbers psi = product_of(t["code"], words);
    double s = 0;
    for (std::size_t x = 0; x < psi.size(); ++x) s += psi[x] == phi[x];
    main += std::exp(gamma * s);
    direct += std::exp(-direct_gamma * static_cast<double>(violated(t, sets, tuple).size()));
    tuples += 1;
  });
  const double mixed = with_pads - tuples - 1;
  CHECK(std::stod(t["row"]["mixed_tuples"].get<std::string>()) == mixed);
  check_inside(t["output"], main / (main + std::exp(gamma * length) + mixed));
  check_inside(t["direct_output"], direct / (direct + 1 + mixed * std::exp(-direct_gamma)));
}

}  // namespace

TEST_CASE("trace: vectors, scores, codewords, coins and output rows follow from the clauses alone") {
  const std::string yes = data_file("yes/six-variables.cnf"), no = data_file("no/all-signs.cnf");
  std::set<bool> answers;
  for (const auto& arguments : {std::vector<std::string>{yes},
                                {yes, "-k", "2", "--clause", "3"},
                                {yes, "-k", "5", "--seed", "9"},
                                {no},
                                {no, "-k", "2"},
                                {yes, "--field", "11", "--blocks", "4"}}) {
    std::vector<std::string> words{"trace", "--json"};
    words.insert(words.end(), arguments.begin(), arguments.end());
    const Finished finished = run(words);
    REQUIRE(finished.code == 0);
    const Json t = finished.json();
    const auto sets = vectors_of(t);
    CHECK(t["vectors"].get<std::vector<std::vector<Numbers>>>() == sets);
    check_tuple(t, t["best"], sets);
    check_tuple(t, t["violating"], sets);
    const std::size_t accepting = t["best"]["accepting_coins"].size();
    CHECK((accepting == t["code"]["length"]) == t["satisfiable"]);
    const Numbers broken = t["violating"]["violated"];
    CHECK(std::count(broken.begin(), broken.end(), t["clause"].get<std::int64_t>()) == 1);
    check_outputs(t, sets);
    answers.insert(t["satisfiable"].get<bool>());
  }
  CHECK(answers.size() == 2);
}

TEST_CASE("trace: the worked example of explore/trace/trace.cpp") {
  const Json t = run({"trace", "-", "--json"}, {"p cnf 3 2\n1 2 0\n-1 3 0\n", "", 0}).json();
  CHECK(t["vectors"][0] == Json::parse("[[1, 0], [0, 1]]"));
  CHECK(t["best"]["tuple"] == Json::parse("[0, 1, 0]"));
  CHECK(t["violating"]["tuple"] == Json::parse("[0, 0, 0]"));
  CHECK(t["violating"]["violated"] == Json::parse("[1]"));
}

TEST_CASE("trace: text, picture, other codes, and a clause that is always true") {
  const std::string file = data_file("yes/six-variables.cnf");
  const Finished text = run({"trace", file});
  CHECK(text.out.find("7 of 7 coins accept") != std::string::npos);
  const Finished picture = run({"trace", file, "--format", "svg"});
  CHECK(picture.out.starts_with("<svg "));
  CHECK(picture.out.ends_with("</svg>\n"));
  const auto count = [&](const std::string& part) {
    std::size_t n = 0;
    for (std::size_t at = picture.out.find(part); at != std::string::npos; at = picture.out.find(part, at + 1)) ++n;
    return n;
  };
  CHECK(count("<text ") == count("</text>"));
  CHECK(count("<text ") > 3 * 4 * 8);  // every bit of every vector, and more
  CHECK(run({"trace", file}).out == text.out);
  CHECK(run({"trace", file, "--seed", "2"}).out != text.out);
  for (const char* route : {"hermitian", "tower"})
    CHECK(run({"trace", file, "--route", route, "-k", "2"}).out.find(route) != std::string::npos);
  CHECK(run({"trace", "-"}, {"p cnf 1 1\n1 -1 0\n", "", 0}).out.find("no tuple violates clause 1: it is always true") !=
        std::string::npos);
}

TEST_CASE("trace: what it cannot show is one line with the remedy") {
  const std::string file = data_file("yes/six-variables.cnf");
  check_fails(run({"trace", data_file("yes/vdw-8-3-3.cnf")}), 5,
              "up to 6 variables and 32 clauses, this one has 8 variables and 24 clauses; use solve");
  check_fails(run({"trace", file, "-k", "7"}), 5, "orders of up to 6");
  check_fails(run({"trace", file, "--clause", "9"}), 2, "clauses are 1 to 8");
  check_fails(run({"trace", file, "--clause", "0"}), 2, "clauses count from 1");
  check_fails(run({"trace", data_file("yes/nothing.cnf")}), 2, "no clause to follow");
  check_fails(run({"trace", file, "--json", "--format", "svg"}), 2, "exclude each other");
}

namespace {

struct Text {
  double x, y, size;
  std::string words;
};

std::vector<Text> texts_from_the_left(const std::string& svg) {
  std::vector<Text> texts;
  for (std::size_t at = 0; (at = svg.find("<text ", at)) != std::string::npos; ++at) {
    const auto after = [&](const std::string& mark) { return svg.substr(svg.find(mark, at) + mark.size()); };
    const std::string words = after(">");
    if (!after("text-anchor=\"").starts_with("start")) continue;
    texts.push_back({std::stod(after("x=\"")), std::stod(after("y=\"")), std::stod(after("font-size=\"")),
                     words.substr(0, words.find("</text>"))});
  }
  return texts;
}

}  // namespace

TEST_CASE("trace: labels fit the picture and their columns, and the picture names the row that the text names") {
  const TemporaryFolder folder;
  const std::vector<std::string> formulas{data_file("yes/six-variables.cnf"), data_file("no/all-signs.cnf"),
                                          folder.file("row.cnf", "p cnf 2 2\n1 0\n2 0\n")};
  for (const std::string& formula : formulas)
    for (const std::vector<std::string>& route :
         {std::vector<std::string>{"--route", "reed-solomon"}, {"--route", "hermitian"}}) {
      CAPTURE(formula);
      std::vector<std::string> command{"trace", formula, "-k", "2"};
      command.insert(command.end(), route.begin(), route.end());
      const std::string text = run(command).out, row = std::to_string(0 + (formula.ends_with("row.cnf") ? 1 : 0));
      const Json json = [&] {
        auto with = command;
        with.push_back("--json");
        return run(with).json();
      }();
      command.insert(command.end(), {"--format", "svg"});
      const std::string svg = run(command).out, named = "out[" + json["row"]["row"].dump() + "]";
      if (formula.ends_with("row.cnf")) CHECK(named == "out[" + row + "]");
      CHECK(text.find(named + " in [") != std::string::npos);
      CHECK(svg.find(named + " = ") != std::string::npos);
      for (const Text& t : texts_from_the_left(svg)) {
        CAPTURE(t.words);
        CHECK(t.x + widest_text(t.words, t.size) < 960);
        if (t.words.starts_with("Psi") || t.words.starts_with("Phi"))
          CHECK(widest_text(t.words, t.size) < 118);  // symbols begin there
      }
    }
}
