// SPDX-License-Identifier: MIT
// Whatever an option asks for is done or refused: no option is ignored in silence.
#include "tests/cli/program.hpp"

using namespace gapwright::test;

namespace {

using Command = std::vector<std::string>;

void check_refused(const Command& command, const std::string& words) {
  CAPTURE(words);
  std::string shown;
  for (const std::string& word : command) shown += " " + word;
  CAPTURE(shown);
  const Finished finished = run(command);
  CHECK(finished.code == 2);
  CHECK(finished.out == "");
  CHECK(finished.error_lines() == 1);
  CHECK(finished.err.find(words) != std::string::npos);
}

Command with(Command command, const Command& more) {
  command.insert(command.end(), more.begin(), more.end());
  return command;
}

}  // namespace

TEST_CASE("options: what means nothing to a verb is refused, before the verb and after it") {
  const std::string formula = data_file("yes/six-variables.cnf"), vectors = data_file("npy/three-sets.npy");
  const Command random{"gen", "random-ksat", "--variables", "6", "--clauses", "9"};
  const std::vector<std::pair<Command, std::vector<std::string>>> table{
      {{"decide", formula}, {"--seed", "--route", "-k"}},
      {{"decide", vectors}, {"--seed", "--route"}},
      {{"list"}, {"-k", "--seed", "--route"}},
      {{"version"}, {"-k", "--seed", "--route"}},
      {{"show", "hermitian"}, {"-k", "--seed", "--route"}},
      {{"graph"}, {"-k", "--seed", "--route", "--json"}},
      {{"estimate", formula}, {"--seed", "--route"}},
      {{"plan", formula}, {"--seed", "--route"}},
      {{"path", "cnf", "attention"}, {"--seed", "--route"}},
      {{"implied", "cnf", "attention"}, {"--seed", "--route"}},
      {{"solve", formula}, {"--seed"}},
      {{"reduce", formula, "--to", "attention"}, {"--seed"}},
      {{"reduce", formula, "--to", "gap-max-ip", "--route", "hermitian", "--advice", "0"}, {"--seed"}},
      {{"solve", formula, "--route", "reed-solomon", "--advice", "all"}, {"--seed"}},
      {{"gen", "pigeonhole", "3", "2"}, {"-k", "--seed", "--route", "--json"}},
      {random, {"-k", "--route", "--json"}},
      {{"gen", "attention", "--rows", "3", "--dimension", "2"}, {"--route", "--json"}},
      {{"code", "check", "tower", "-q", "3", "--level", "2"}, {"-k", "--seed", "--route"}},
      {{"fuzz", "sat_to_attention", "--cases", "1"}, {"-k", "--route"}},
      {{"explore", "orders"}, {"-k", "--route"}},
      {{"explore", "regime", "--orders", "2", "--seeds", "1"}, {"-k", "--seed", "--route", "--json"}},
      {{"extract", vectors, "--result", "-"}, {"-k", "--seed", "--route"}},
  };
  const auto value = [](const std::string& option) {
    return option == "--route" ? Command{option, "hermitian"} : option == "--json" ? Command{option} : Command{option, "3"};
  };
  for (const auto& [command, options] : table)
    for (const std::string& option : options) {
      check_refused(with(command, value(option)), option);
      check_refused(with(value(option), command), option);
    }
  CHECK(run(with(random, {"--spread", "-k", "2"})).code == 0);
  CHECK(run({"gen", "pigeonhole", "3", "2", "-T", "flip", "--seed", "3"}).code == 0);
  check_refused({"trace", formula, "--route", "direct"}, "--route direct");
}

TEST_CASE("options: -k must be the order of the file") {
  const TemporaryFolder folder;
  const std::string formula = data_file("yes/six-variables.cnf"), vectors = data_file("npy/three-sets.npy");
  const std::string attention = folder.file("a.safetensors", ""), gap = folder.file("g.safetensors", ""),
                    symbols = folder.file("f.safetensors", "");
  REQUIRE(run({"reduce", formula, "-k", "2", "--to", "attention", "-o", attention}).code == 0);
  const Command code{"reduce", formula, "-k", "2", "--to", "gap-max-ip", "--route", "reed-solomon"};
  REQUIRE(run(with(code, {"-o", gap})).code == 0);
  REQUIRE(run(with(code, {"--form", "factored", "-o", symbols})).code == 0);
  for (const Command& command : {Command{"decide", attention},
                                 {"attend", attention, "-o", folder.file("o", "")},
                                 {"decide", gap},
                                 {"decide", symbols},
                                 {"reduce", gap, "--to", "attention", "-o", folder.file("b", "")}}) {
    check_refused(with(command, {"-k", "3"}), "has order 2; leave -k out");
    CHECK(run(with(command, {"-k", "2"})).code == 0);
  }
  for (const Command& command : {Command{"decide", vectors},
                                 {"reduce", vectors, "--to", "attention", "-o", folder.file("b", "")},
                                 {"path", "orthogonal-vectors", "attention", vectors}}) {
    check_refused(with(command, {"-k", "2"}), "has order 3; leave -k out");
    CHECK(run(with(command, {"-k", "3"})).code == 0);
  }
}

TEST_CASE("options: what does not fit the input is refused") {
  const TemporaryFolder folder;
  const std::string formula = data_file("yes/six-variables.cnf"), vectors = data_file("npy/three-sets.npy");
  const std::string attention = folder.file("a.safetensors", "");
  REQUIRE(run({"reduce", formula, "-k", "2", "--to", "attention", "-o", attention}).code == 0);
  for (const std::string& file : {formula, vectors}) {
    check_refused({"decide", file, "--method", "verdict"}, "--method and --precision go with an attention input");
    check_refused({"decide", file, "--precision", "128"}, "--method and --precision go with an attention input");
  }
  for (const std::string& file : {vectors, attention})
    check_refused({"decide", file, "--strict"}, "--strict goes with a formula");
  check_refused({"reduce", vectors, "--to", "attention", "--strict"}, "--strict goes with a formula");
  check_refused({"decide", attention, "--method", "gradient", "--precision", "128"}, "leave out --precision");
  check_refused({"solve", formula, "--project"}, "--project goes with --count");
  const std::string out = folder.file("out", "");
  for (const char* route : {"reed-solomon", "hermitian"}) {
    check_refused({"reduce", formula, "--to", "gap-max-ip", "--route", route, "--level", "2", "-o", out},
                  "--level goes with --route tower");
    check_refused({"solve", formula, "--route", route, "--level", "2"}, "--level goes with --route tower");
  }
  check_refused({"reduce", formula, "--to", "gap-max-ip", "--embedding", "paper", "-o", out},
                "--embedding goes with --to attention");
  for (const char* method : {"exact", "certified"})
    check_refused({"attend", attention, "--method", method, "--max-features", "9", "-o", out},
                  "--max-features goes with --method polynomial");
  check_refused({"decide", attention, "--checkpoint-every", "9"}, "--checkpoint-every goes with --checkpoint or --certificate");
  CHECK(run({"decide", attention, "--checkpoint-every", "9", "--checkpoint", folder.file("c")}).code == 0);
}
