// SPDX-License-Identifier: MIT
// `reduce` writes what `decide` reads: the same verdict by all methods, the same bytes every time, and any change found.
#include <doctest/doctest.h>

#include <cmath>
#include <set>

#include "instances/files/dimacs.hpp"
#include "instances/files/instance_files.hpp"
#include "reductions/pipeline.hpp"
#include "tests/cli/program.hpp"
#include "tests/multiplier.hpp"

using namespace gapwright;
using test::check_fails;
using test::data_file;
using test::Finished;
using test::run;
using test::run_in;
using test::TemporaryFolder;

namespace {

struct Example {
  std::string file;
  bool satisfiable;
};
const Example kExamples[] = {{"yes/vdw-8-3-3.cnf", true}, {"no/vdw-9-3-3.cnf", false},
                             {"no/parity-5.cnf", false},  {"yes/unused-variables.cnf", true},
                             {"yes/nothing.cnf", true},   {"no/empty-clause-alone.cnf", false}};

double lo_of(const nlohmann::ordered_json& verdict) { return std::stod(verdict.at("enclosure").at("lo").get<std::string>()); }
double hi_of(const nlohmann::ordered_json& verdict) { return std::stod(verdict.at("enclosure").at("hi").get<std::string>()); }

void check_all_methods(int order, bool square) {
  const TemporaryFolder folder;
  for (const Example& example : kExamples) {
    CAPTURE(example.file);
    std::vector<std::string> reduce{"reduce", data_file(example.file), "--to", "attention",
                                    "-k",     std::to_string(order),   "-o",   "a"};
    if (square) reduce.push_back("--square");
    REQUIRE(run_in(folder.path(), reduce).code == 0);
    const Cnf cnf = read_dimacs(InputBytes::open(data_file(example.file))).cnf;
    const SatToAttention rule(cnf, static_cast<std::size_t>(order));
    std::vector<nlohmann::ordered_json> answers;
    for (const std::string method : {"verdict", "histogram", "balls"}) {
      CAPTURE(method);
      const Finished finished = run_in(folder.path(), {"decide", "a", "--json", "--method", method});
      CHECK(finished.code == 0);
      CHECK(finished.err == "");
      const auto answer = finished.json();
      CHECK(answer.at("verdict") == (example.satisfiable ? "yes" : "no"));
      if (method != "verdict") CHECK(answer.at("method") == method);  // verdict may have to count completely
      CHECK(answer.at("witness").is_null() == !example.satisfiable);
      if (example.satisfiable) CHECK(accepts(cnf, rule.pull(0, answer.at("witness").get<std::vector<std::size_t>>())));
      answers.push_back(answer);
    }
    CHECK(answers[0].at("witness") == answers[1].at("witness"));
    CHECK(answers[1].at("witness") == answers[2].at("witness"));
    if (answers[1].at("row") == answers[2].at("row")) {  // two routes to the same number
      CHECK(lo_of(answers[1]) <= hi_of(answers[2]));
      CHECK(lo_of(answers[2]) <= hi_of(answers[1]));
    }
    CHECK(hi_of(answers[1]) - lo_of(answers[1]) < 1e-15);
  }
}

}  // namespace

TEST_CASE("reduce, decide: all methods agree, k = 2") { check_all_methods(2, false); }
TEST_CASE("reduce, decide: all methods agree, k = 3") { check_all_methods(3, false); }
TEST_CASE("reduce, decide: all methods agree, k = 4") { check_all_methods(4, false); }
TEST_CASE("reduce, decide: all methods agree, square, k = 3") { check_all_methods(3, true); }

TEST_CASE("reduce, decide: formulas to vectors to attention") {
  const TemporaryFolder folder;
  for (const Example& example : kExamples) {
    CAPTURE(example.file);
    CHECK(
        run_in(folder.path(), {"reduce", data_file(example.file), "--to", "orthogonal-vectors", "-k", "3", "-o", "x", "--expect"})
            .code == 0);
    CHECK(run_in(folder.path(), {"reduce", "x", "--to", "attention", "-o", "a"}).code == 0);
    CHECK(read_attention(InputFile(InputBytes::open(folder.file("a")))).terms.expected == std::optional(example.satisfiable));
    std::set<std::string> answers;
    for (const std::string& input : {data_file(example.file), std::string("x"), std::string("a")}) {
      const Finished finished = run_in(folder.path(), {"decide", input, "--json"});
      CHECK(finished.code == 0);
      answers.insert(finished.json().at("verdict").get<std::string>());
    }
    CHECK(answers == std::set<std::string>{example.satisfiable ? "yes" : "no"});
  }
}

TEST_CASE("reduce, decide: through pipes, from standard input to standard output") {
  const std::string formula = test::read_text(data_file("yes/vdw-8-3-3.cnf"));
  for (const char* target : {"attention", "orthogonal-vectors"}) {
    const Finished reduced = run({"reduce", "-", "--to", target, "-k", "2"}, {formula, "", 0});
    REQUIRE(reduced.code == 0);
    const Finished decided = run({"decide", "-", "--json"}, {reduced.out, "", 0});
    CHECK(decided.code == 0);
    CHECK(decided.json().at("verdict") == "yes");
  }
  CHECK(run({"decide", "-", "--json"}, {formula, "", 0}).json().at("method") == "cryptominisat");
  CHECK(run({"estimate", "-"}, {formula, "", 0}).code == 0);
}

TEST_CASE("reduce, decide: same bytes for any number of threads, order of options, and folder") {
  const TemporaryFolder folder, other;
  const std::string formula = data_file("yes/vdw-8-3-3.cnf");
  std::filesystem::copy(formula, other.file("vdw-8-3-3.cnf"));
  for (const char* target : {"attention", "orthogonal-vectors"}) {
    const std::vector<std::vector<std::string>> commands{
        {"reduce", formula, "--to", target, "-o", folder.file("1")},
        {"reduce", formula, "--to", target, "-o", folder.file("2"), "-j", "1", "--timeout", "100", "--max-tuples", "1e6"},
        {"-j", "2", "-k", "3", "--quiet", "--progress", "never", "reduce", "--to", target, "-o", folder.file("3"),
         "./vdw-8-3-3.cnf"},
        {"--memory-limit", "1G", "--json", "reduce", "vdw-8-3-3.cnf", "-k", "3", "--route", "direct", "--to", target, "-o",
         folder.file("4")}};
    for (const auto& command : commands) CHECK(run_in(other.path(), command).code == 0);
    for (const char* name : {"2", "3", "4"}) CHECK(test::read_text(folder.file(name)) == test::read_text(folder.file("1")));
    CHECK(run({"reduce", formula, "--to", target}).out == test::read_text(folder.file("1")));
  }
}

TEST_CASE("answers: the same whatever -j is, and twice") {
  const TemporaryFolder folder;
  const std::string formula = data_file("yes/uf20-07.cnf");
  REQUIRE(run_in(folder.path(), {"reduce", formula, "--to", "attention", "-o", "a"}).code == 0);
  REQUIRE(run_in(folder.path(), {"reduce", formula, "--to", "orthogonal-vectors", "-o", "x"}).code == 0);
  const std::vector<std::vector<std::string>> commands{{"decide", "a"},
                                                       {"decide", "a", "--method", "histogram"},
                                                       {"decide", "x"},
                                                       {"solve", formula},
                                                       {"solve", "--count", formula},
                                                       {"solve", "--max", formula}};
  for (const auto& command : commands) {
    std::set<std::string> answers;
    for (const char* threads : {"0", "1", "2", "2", "1024"}) {
      auto arguments = command;
      arguments.insert(arguments.end(), {"--json", "-j", threads});
      const Finished finished = run_in(folder.path(), arguments);
      answers.insert(test::without_timing(finished.json()).dump());
      CHECK(finished.err == "");  // nothing said about threads that there are not
    }
    CHECK(answers.size() == 1);
  }
}

TEST_CASE("gen: same seed same bytes, seeds at their bounds") {
  const auto gen = [](const std::string& seed) {
    return run({"gen", "random-ksat", "--variables", "12", "--clauses", "40", "--seed", seed});
  };
  std::set<std::string> texts;
  for (const char* seed : {"0", "1", "18446744073709551615", "10000000000000000000"}) {
    const Finished finished = gen(seed);
    CHECK(finished.code == 0);
    CHECK(finished.out.find("--seed " + std::string(seed) + "\n") != std::string::npos);
    CHECK(finished.out.find("c seed: " + std::string(seed) + "\n") != std::string::npos);
    CHECK(gen(seed).out == finished.out);
    texts.insert(finished.out);
  }
  CHECK(texts.size() == 4);
  for (const char* seed : {"-1", "18446744073709551616", "1.5", "x", ""}) check_fails(gen(seed), 2, "--seed");
}

TEST_CASE("decide: one changed byte of a file is found") {
  const TemporaryFolder folder;
  for (const char* target : {"attention", "orthogonal-vectors"}) {
    REQUIRE(run_in(folder.path(), {"reduce", data_file("yes/one-variable.cnf"), "-k", "2", "--to", target, "-o", "a"}).code == 0);
    const std::string whole = test::read_text(folder.file("a"));
    for (std::size_t place = 0; place < whole.size(); place += 1 + whole.size() / static_cast<std::size_t>(cases(25))) {
      CAPTURE(place);
      std::string changed = whole;
      changed[place] = static_cast<char>(changed[place] ^ 1);
      test::write_text(folder.file("changed"), changed);
      check_fails(run_in(folder.path(), {"decide", "changed"}), 6, "gapwright: error: changed: ");
    }
  }
}

TEST_CASE("decide: a verdict against the expected answer is exit 3") {
  const TemporaryFolder folder;
  for (const Example& example : kExamples) {
    CAPTURE(example.file);
    const Cnf cnf = read_dimacs(InputBytes::open(data_file(example.file))).cnf;
    const SatToAttention rule(cnf, 3);
    BitAttention attention = rule.target(0);
    attention.terms.expected = !example.satisfiable;
    write_attention(folder.file("a"), attention);
    write_orthogonal_vectors(folder.file("x"), rule.to_vectors().target(0), !example.satisfiable);
    const std::string said =
        example.satisfiable ? "the verdict is yes, the file expects no" : "the verdict is no, the file expects yes";
    for (const char* input : {"a", "x"}) {
      const Finished finished = run_in(folder.path(), {"decide", input, "--json"});
      CHECK(finished.code == 3);
      CHECK(finished.err == "gapwright: error: " + said + "\n");
      CHECK(finished.json().at("verdict") == (example.satisfiable ? "yes" : "no"));
    }
  }
}

TEST_CASE("decide: too few bits are inconclusive") {
  Attention a;  // two equal keys of values 1 and 0: the output is exactly one half, the middle of the gap
  a.q = Matrix(1, 1);
  a.keys = {Matrix(2, 1)};
  a.values = {Matrix(2, 1)};
  a.q.at(0, 0) = a.keys[0].at(0, 0) = a.keys[0].at(1, 0) = 0.3;
  a.values[0].at(0, 0) = 1;
  a.terms.softmax_scale = 1;
  a.terms.entry_bound = 0.3;
  a.terms.yes_at_least = mpq_class(3, 4);
  a.terms.no_at_most = mpq_class(1, 4);
  const TemporaryFolder folder;
  write_attention(folder.file("a"), a);
  for (const char* method : {"verdict", "histogram", "balls"}) {
    CAPTURE(method);
    const Finished finished = run_in(folder.path(), {"decide", "a", "--json", "--method", method, "--precision", "256"});
    CHECK(finished.code == 4);
    CHECK(finished.json().at("verdict") == "undecided");
    CHECK(finished.json().at("reason").get<std::string>().size() > 10);
    CHECK(finished.json().at("witness").is_null());
  }
}

TEST_CASE("decide: entries that are not bits fall back to balls, with a word of explanation") {
  Attention a;
  a.q = Matrix(1, 2);
  a.keys = {Matrix(2, 2)};
  a.values = {Matrix(2, 1)};
  a.q.entries = {0.5, -0.25};
  a.keys[0].entries = {1, 2, 3, 4};
  a.values[0].entries = {1, 0};
  a.terms.softmax_scale = 1;
  a.terms.entry_bound = 4;
  a.terms.yes_at_least = mpq_class(2, 5);
  a.terms.no_at_most = mpq_class(1, 5);  // 1 / (1 + e^{1/2}) = 0.3775: above the middle
  const TemporaryFolder folder;
  write_attention(folder.file("a"), a);
  const Finished finished = run_in(folder.path(), {"decide", "a", "--json"});
  CHECK(finished.code == 0);
  CHECK(finished.json().at("method") == "balls");
  CHECK(finished.json().at("reason").get<std::string>().find("q[0, 0] = 0.5 is neither 0 nor") != std::string::npos);
  CHECK(finished.error_lines() == 1);
  CHECK(lo_of(finished.json()) == doctest::Approx(0.377540668798));
  CHECK(run_in(folder.path(), {"decide", "a", "--quiet"}).err == "");
}

TEST_CASE("decide: a no says once with what its outputs are compared, and one column is one") {
  const TemporaryFolder folder;
  REQUIRE(run_in(folder.path(), {"reduce", data_file("no/php-4-3.cnf"), "--to", "attention", "-k", "2", "-o", "a", "--centred"})
              .code == 0);
  const std::string text = run_in(folder.path(), {"decide", "a"}).out;
  const auto first = text.find("middle of the gap");
  REQUIRE(first != std::string::npos);
  CHECK(text.find("middle of the gap", first + 1) == std::string::npos);
  CHECK(run_in(folder.path(), {"decide", "a", "--json"}).json().at("reason").get<std::string>().find("middle of the gap") !=
        std::string::npos);
  CHECK(run_in(folder.path(), {"attend", "a", "-o", "out"}).out.find("values of 1 column\n") != std::string::npos);
}

TEST_CASE("decide: arrays of the user's own") {
  const std::string npy = data_file("npy/");
  const Finished three = run({"decide", npy + "x0.npy", npy + "x1.npy", npy + "x2.npy", "--json"});
  CHECK(three.code == 0);
  CHECK(three.json().at("verdict") == "yes");
  const auto ov =
      read_orthogonal_vectors({InputFile(InputBytes::open(npy + "x0.npy")), InputFile(InputBytes::open(npy + "x1.npy")),
                               InputFile(InputBytes::open(npy + "x2.npy"))})
          .vectors;
  CHECK(accepts(ov, three.json().at("witness").get<std::vector<std::size_t>>()));
  CHECK(run({"decide", npy + "three-sets.npy"}).code == 0);
  CHECK(run({"decide", npy + "no-rows.npy", npy + "x0.npy", "--json"}).json().at("verdict") == "no");
  CHECK(run({"decide", npy + "no-columns.npy", npy + "no-columns.npy", "--json"}).json().at("witness") == std::vector<int>{0, 0});
  const TemporaryFolder folder;
  CHECK(run_in(folder.path(),
               {"reduce", npy + "x0.npy", npy + "x1.npy", npy + "x2.npy", "--to", "attention", "--expect", "-o", "a"})
            .code == 0);
  CHECK(run_in(folder.path(), {"decide", "a", "--json"}).json().at("verdict") == "yes");
  check_fails(run({"reduce", npy + "no-rows.npy", npy + "x0.npy", "--to", "attention"}), 6, "set x0 is empty: the answer is no");
  check_fails(run({"reduce", npy + "x0.npy", npy + "x1.npy", "--to", "orthogonal-vectors"}), 2, "these are vectors already");
}

TEST_CASE("reduce: entries of narrower types survive conversion") {
  const TemporaryFolder folder;
  const std::pair<const char*, int> dtypes[] = {{"f64", 53}, {"f32", 24}, {"f16", 11}, {"bf16", 8}};
  for (const auto& [dtype, bits] : dtypes) {
    CAPTURE(dtype);
    REQUIRE(
        run_in(folder.path(), {"reduce", data_file("yes/vdw-8-3-3.cnf"), "--to", "attention", "--entry-dtype", dtype, "-o", "a"})
            .code == 0);
    int exponent = 0;
    const double significand =
        std::frexp(read_attention(InputFile(InputBytes::open(folder.file("a")))).terms.entry_bound, &exponent);
    CHECK(std::floor(std::ldexp(significand, bits)) == std::ldexp(significand, bits));
    CHECK(run_in(folder.path(), {"decide", "a", "--json"}).json().at("verdict") == "yes");
  }
}

TEST_CASE("reduce: provenance has the canonical command and the inputs, no folder, no time") {
  const TemporaryFolder folder;
  REQUIRE(run_in(folder.path(), {"-o", "a", "reduce", "--square", "--expect", data_file("yes/vdw-8-3-3.cnf"), "-j", "2", "--to",
                                 "attention", "-k", "4"})
              .code == 0);
  const auto metadata = read_safetensors(InputBytes::open(folder.file("a"))).metadata;
  const Provenance made_by = parse_provenance(metadata.at("provenance"));
  CHECK(made_by.command == "reduce vdw-8-3-3.cnf --to attention -k 4 --route direct --square --expect");
  REQUIRE(made_by.sources.size() == 1);
  CHECK(made_by.sources[0].name == "vdw-8-3-3.cnf");
  CHECK(metadata.at("expected") == "yes");
  CHECK(test::read_text(folder.file("a")).find(GAPWRIGHT_TEST_DATA) == std::string::npos);
}
