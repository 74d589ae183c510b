// SPDX-License-Identifier: MIT
// gen: families, transforms and what is written beside.
#include <doctest/doctest.h>

#include "instances/files/dimacs.hpp"
#include "instances/files/lift_file.hpp"
#include "instances/generators/cnf_transform.hpp"
#include "instances/lift.hpp"
#include "tests/cli/program.hpp"

using namespace gapwright;
using namespace gapwright::test;

TEST_CASE("gen: structured families by position, by option and by CNFgen's names") {
  const std::string text = run({"gen", "pigeonhole", "4", "3"}).out;
  CHECK(text.starts_with("c gapwright "));
  CHECK(text.find("c expected: unsatisfiable (pigeonhole principle") != std::string::npos);
  CHECK(text.find("p cnf 12 22\n1 2 3 0\n") != std::string::npos);
  CHECK(run({"gen", "php", "--holes", "3", "--pigeons", "4"}).out == text);
  CHECK(run({"gen", "vdw", "8", "3", "3"}).out.find("gen van-der-waerden 8 3 3\n") != std::string::npos);
  CHECK(run({"gen", "ram", "3", "3", "5"}).out.find("expected: satisfiable (R(3, 3) = 6)") != std::string::npos);
  CHECK(run({"gen", "op", "4"}).out.find("p cnf 6 12\n") != std::string::npos);
  const Finished open = run({"gen", "ramsey", "3", "5", "13"});
  CHECK(open.out.find("expected") == std::string::npos);
  CHECK(open.err.find("no answer is stated") != std::string::npos);
  check_fails(run({"gen", "pigenhole", "4", "3"}), 2, "did you mean 'pigeonhole'?");
  check_fails(run({"gen", "pigeonhole", "4"}), 2, "--holes is required");
  check_fails(run({"gen", "ramsey", "0", "3", "3"}), 2, "--independent 0: give 1 to");
  check_fails(run({"gen", "ramsey", "20", "20", "1000"}), 5, "the formula needs");
}

TEST_CASE("gen: transforms write the table that leads models back") {
  const TemporaryFolder folder;
  CHECK(run_in(folder.path(), {"gen", "parity", "6", "-o", "plain.cnf"}).code == 0);
  CHECK(run_in(folder.path(), {"gen", "parity", "6", "-T", "shuffle", "-T", "flip", "--seed", "9", "-o", "hidden.cnf"}).code ==
        0);
  CHECK(
      read_text(folder.file("hidden.cnf")).find("gen parity 6 -T shuffle -T flip --seed 9\nc seed: 9\nc expected: satisfiable") !=
      std::string::npos);
  const Finished solved = run_in(folder.path(), {"solve", "hidden.cnf", "--json"});
  const LiftTable table = read_lift(InputBytes::open(folder.file("hidden.cnf.lift.json")));
  const WitnessNumbers model = lift(table, solved.json().at("assignment").get<WitnessNumbers>());
  CHECK(accepts(read_dimacs(InputBytes::open(folder.file("plain.cnf"))).cnf, assignment_of(model)));
  CHECK(run_in(folder.path(), {"gen", "formula", "plain.cnf", "-T", "shuffle", "--map", "back.json"}).code == 0);
  CHECK(read_lift(InputBytes::open(folder.file("back.json"))).steps.size() == 1);
  CHECK(run({"gen", "parity", "6", "-T", "flip"}).err.find("name one with --map") != std::string::npos);
  check_fails(run({"gen", "parity", "6", "--map", "x"}), 2, "--map goes with -T");
  check_fails(run({"gen", "parity", "6", "-T", "mirror"}), 2, "mirror not in");
}

TEST_CASE("gen: planted models are written, transformed with the formula") {
  const TemporaryFolder folder;
  for (const std::string plant : {"--plant", "--plant=quiet"}) {
    CHECK(run_in(folder.path(), {"gen", "random-ksat", "--variables", "15", "--clauses", "60", plant, "-T", "shuffle", "-T",
                                 "flip", "--witness", "w.json", "-o", "f.cnf"})
              .code == 0);
    const Cnf cnf = read_dimacs(InputBytes::open(folder.file("f.cnf"))).cnf;
    CHECK(accepts(cnf, assignment_of(read_result(InputBytes::open(folder.file("w.json"))).witness)));
    CHECK(read_text(folder.file("f.cnf")).find("c expected: satisfiable (planted)") != std::string::npos);
  }
  check_fails(run({"gen", "random-ksat", "--variables", "5", "--clauses", "3", "--witness", "w"}), 2,
              "--witness goes with --plant");
  check_fails(run({"gen", "random-ksat", "--variables", "5", "--clauses", "3", "--plant=qiet"}), 2, "qiet not in");
  check_fails(run({"gen", "random-ksat", "--variables", "5", "--clauses", "3", "--plant", "--spread"}), 2, "--spread goes with");
}

TEST_CASE("gen: random vectors are decided as expected, with the planted witness among the witnesses") {
  const TemporaryFolder folder;
  const auto witness = [&](const std::string& file) { return read_result(InputBytes::open(folder.file(file))).witness; };
  for (const std::string plant : {"--plant", "--plant=plain"}) {
    Finished made = run_in(folder.path(), {"gen", "orthogonal-vectors", "--vectors", "40", "--dimension", "160", plant, "-k", "3",
                                           "--witness", "w.json", "-o", "ov.safetensors"});
    CHECK(made.code == 0);
    CHECK(made.err.find("weight test: x") != std::string::npos);
    Finished decided = run_in(folder.path(), {"decide", "ov.safetensors", "--json"});
    CHECK(decided.code == 0);
    CHECK(decided.json().at("verdict") == "yes");
    CHECK(decided.json().at("witness").get<WitnessNumbers>() == witness("w.json"));  // others expected: 40^3 (7/8)^160 = 3e-5
    CHECK(run_in(folder.path(), {"gen", "gap-max-ip", "--vectors", "16", "--dimension", "1300", plant, "--witness", "w.json",
                                 "-o", "gap.safetensors"})
              .code == 0);
    decided = run_in(folder.path(), {"decide", "gap.safetensors", "--json"});
    CHECK(decided.code == 0);
    CHECK(decided.json().at("verdict") == "yes");
    CHECK(decided.json().at("witness").get<WitnessNumbers>() == witness("w.json"));
  }
  CHECK(run_in(folder.path(),
               {"gen", "gap-max-ip", "--vectors", "16", "--dimension", "600", "-k", "2", "--expect", "-o", "null.safetensors"})
            .code == 0);
  const Finished null = run_in(folder.path(), {"decide", "null.safetensors", "--json"});
  CHECK(null.code == 0);
  CHECK(null.json().at("verdict") == "no");
  CHECK(read_text(folder.file("null.safetensors")).find("\"expected\":\"no\"") != std::string::npos);
  check_fails(run({"gen", "gap-max-ip", "--vectors", "9", "--dimension", "9", "-o", "x"}), 2, "keeps them apart");
  check_fails(run({"gen", "gap-max-ip", "--vectors", "9", "--dimension", "900", "--yes-at-least", "9", "-o", "x"}), 2,
              "together, or neither");
  check_fails(run({"gen", "orthogonal-vectors", "--vectors", "9", "--dimension", "9", "--density", "1/x", "-o", "x"}), 2,
              "write 1/10 or 0.1");
  check_fails(run({"gen", "orthogonal-vectors", "--vectors", "9", "--dimension", "9", "--witness", "w", "-o", "x"}), 2,
              "--witness goes with --plant");
}

TEST_CASE("gen: a camouflaged tuple that hashing finds is said to be one") {
  const TemporaryFolder folder;
  const auto said = [&](std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "gen");
    arguments.insert(arguments.end(), {"-o", "x.safetensors"});
    const Finished made = run_in(folder.path(), arguments);
    CHECK(made.code == 0);
    return made.err;
  };
  const std::vector<std::string> pair{"orthogonal-vectors", "--vectors", "64", "--dimension", "96", "-k", "2"};
  const auto with = [&](std::vector<std::string> more) {
    more.insert(more.begin(), pair.begin(), pair.end());
    return said(more);
  };
  CHECK(with({"--plant"}).find("add up to 1 mod 2, so hashing finds them in about n^1; at --density 0.288 one other") !=
        std::string::npos);
  CHECK(with({"--plant", "--density", "7/16"}).find("bit sampling finds the planted pair in about n^1.19, filters in n^1.12") !=
        std::string::npos);
  CHECK(with({}).find("hashing") == std::string::npos);
  CHECK(with({"--plant=plain"}).find("hashing") == std::string::npos);
  CHECK(said({"gap-max-ip", "--vectors", "8", "--dimension", "600", "-k", "2", "--plant"}).find("vectors are equal") !=
        std::string::npos);
}

TEST_CASE("gen: every family that list names exists") {
  for (const auto& family : run({"list", "families", "--json"}).json().at("families")) {
    const std::string name = family.at("name");
    CAPTURE(name);
    const Finished help = run({"gen", name, "--help"});
    CHECK(help.code == 0);
    CHECK(std::count(help.out.begin(), help.out.end(), '\n') > 5);
    CHECK(help.out.find("Examples:\n  gapwright gen ") != std::string::npos);
  }
}
