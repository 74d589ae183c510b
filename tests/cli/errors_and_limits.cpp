// SPDX-License-Identifier: MIT
// Exit codes, one-line errors, limits, and what a hostile user gives to the program.
#include <doctest/doctest.h>
#include <sys/stat.h>

#include "instances/files/instance_files.hpp"
#include "tests/cli/program.hpp"

using namespace gapwright;
using test::check_fails;
using test::data_file;
using test::Finished;
using test::run;
using test::run_in;
using test::TemporaryFolder;

namespace {

const std::string kFormula = data_file("yes/vdw-8-3-3.cnf");

void check_bad_inputs(const char* extension, const char* verb) {
  for (const auto& path : test::data_files("bad", extension)) {
    CAPTURE(path.filename().string());
    const Finished finished = run({verb, path.string()});
    CHECK(finished.code == 6);
    CHECK(finished.err ==
          "gapwright: error: " + path.string() + test::read_text(std::filesystem::path(path).replace_extension(".message")));
    CHECK(finished.out == "");
  }
}

}  // namespace

TEST_CASE("errors: every bad formula is exit 6 with its one line") { check_bad_inputs(".cnf", "solve"); }
TEST_CASE("errors: every bad safetensors file is exit 6 with its one line") { check_bad_inputs(".safetensors", "decide"); }
TEST_CASE("errors: every bad array is exit 6 with its one line") { check_bad_inputs(".npy", "decide"); }

TEST_CASE("errors: every bad input leaves no output file") {
  const TemporaryFolder folder;
  for (const char* file : {"bad/clause-cut-short.cnf", "bad/hash-wrong.safetensors", "bad/array-fortran.npy", "no/none.cnf"}) {
    check_fails(run_in(folder.path(), {"reduce", data_file(file), "--to", "attention", "-o", "a"}), 6, data_file(file));
    CHECK(folder.entries() == 0);
  }
}

TEST_CASE("errors: usage") {
  struct Case {
    std::vector<std::string> arguments;
    std::string text;
  };
  const Case table[] = {
      {{}, "no command; see gapwright --help"},
      {{"solv", kFormula}, "unknown command 'solv'; did you mean 'solve'?"},
      {{"xyzzy"}, "unknown command 'xyzzy'; see gapwright --help"},
      {{"solve", kFormula, "--cuont"}, "unknown option '--cuont'; did you mean '--count'?"},
      {{"solve", kFormula, "--tuples=1"}, "unknown option '--tuples=1'"},
      {{"--max-tuple", "1", "solve", kFormula}, "did you mean '--max-tuples'?"},
      {{"solve", kFormula, kFormula}, "unknown argument '"},
      {{"solve"}, "formula"},
      {{"solve", kFormula, "-k", "1"}, "-k 1: the order is 2 to 24"},
      {{"solve", kFormula, "-k", "0"}, "-k 0: the order is 2 to 24"},
      {{"-k", "25", "solve", kFormula}, "-k 25: the order is 2 to 24"},
      {{"solve", kFormula, "-k", "-3"}, "--order: '-3' is not a whole number"},
      {{"solve", kFormula, "-k", "three"}, "--order"},
      {{"solve", kFormula, "-k"}, "--order"},
      {{"solve", kFormula, "-j", "-1"}, "--threads"},
      {{"solve", kFormula, "-j", "1025"}, "--threads"},
      {{"solve", kFormula, "--timeout", "-1"}, "--timeout"},
      {{"solve", kFormula, "--memory-limit", "lots"}, "--memory-limit 'lots' is not a size; write 512M or 8G"},
      {{"solve", kFormula, "--memory-limit", "-1"}, "--memory-limit"},
      {{"solve", kFormula, "--max-tuples", "many"}, "--max-tuples 'many' is not a number; write 1e18"},
      {{"solve", kFormula, "--route", "scenic"}, "--route"},
      {{"solve", kFormula, "--format", "xml"}, "--format"},
      {{"solve", kFormula, "--progress", "always"}, "--progress"},
      {{"reduce", kFormula}, "--to"},
      {{"reduce", kFormula, "--to", "clique"}, "--to"},
      {{"reduce", kFormula, kFormula, "--to", "attention"}, "one formula at a time"},
      {{"decide", kFormula, kFormula}, "one input at a time"},
      {{"decide"}, "instance"},
      {{"gen"}, "A subcommand is required"},
      {{"gen", "random-ksta"}, "unknown command 'random-ksta'; did you mean 'random-ksat'?"},
      {{"gen", "random-ksat", "--variables", "3"}, "--clauses"},
      {{"gen", "random-ksat", "--variables", "2", "--clauses", "1"}, "--width 3 is larger than --variables 2"},
      {{"list", "rule"}, "rule"},
      {{"estimate"}, "give a formula, or --variables and --clauses"},
      {{"estimate", "--variables", "5"}, "--clauses"},
      {{"estimate", "--variables", "18446744073709551615", "--clauses", "1"}, "--variables"},
      {{"solve", kFormula, "-o", "none/a"}, "none/a: cannot be written: No such file or directory"},
      {{"reduce", kFormula, "--to", "attention", "-o", "none/a"}, "none/a: cannot be written: No such file or directory"},
      {{"reduce", kFormula, "--to", "attention", "-o", "/"}, "/: is not empty; name a new folder for the bundle"},
  };
  for (const Case& c : table) check_fails(run(c.arguments), 2, c.text);
}

TEST_CASE("errors: inputs that are missing, folders, devices, pipes") {
  const TemporaryFolder folder;
  for (const char* verb : {"solve", "decide", "estimate"}) {
    check_fails(run({verb, "none.cnf"}), 6, "none.cnf: cannot be opened: No such file or directory");
    check_fails(run({verb, "/"}), 6, "/: is a folder; give a file");
    check_fails(run({verb, "/dev/null"}), 6, "/dev/null:1:1: the file is empty");
    check_fails(run({verb, ""}), 6, "cannot be opened");
  }
  REQUIRE(::mkfifo(folder.file("pipe").c_str(), 0600) == 0);
  for (const char* verb : {"solve", "decide", "estimate"}) {
    std::thread writer([&] { test::write_text(folder.file("pipe"), "p cnf 2 1\n1 2 0\n"); });
    CHECK(run_in(folder.path(), {verb, "pipe"}).code == 0);
    writer.join();
  }
  const std::string twice = "two inputs are -, and standard input is read once; name a file";
  const std::string npy = test::read_text(data_file("npy/x0.npy"));
  for (const std::vector<std::string>& command : {std::vector<std::string>{"decide", "-", "-"},
                                                  {"reduce", "-", "-", "--to", "attention", "-o", "out"},
                                                  {"attend", "-", "--gradient", "-", "-o", "out"},
                                                  {"decide", "-", "--certificate", "c", "--formula", "-"}})
    check_fails(run(command, {npy, "", 0}), 2, twice);
}

TEST_CASE("errors: file names that hold anything") {
  const TemporaryFolder folder;
  for (const char* name :
       {"a b.cnf", "line\nend.cnf", "-dash.cnf", "{}.cnf", "%s%n.cnf", "\xff\xfe.cnf", "\x1b[31m.cnf", "[a,b]", "é.cnf"}) {
    CAPTURE(name);
    const std::string path = "./" + std::string(name);
    folder.file(name, "p cnf 2 2\n1 2 0\n");  // one clause too few: a warning with the name
    for (const std::vector<std::string>& command : {std::vector<std::string>{"solve", path},
                                                    {"decide", path},
                                                    {"estimate", path},
                                                    {"reduce", path, "--to", "attention", "-k", "2", "-o", path + ".out"}}) {
      const Finished finished = run_in(folder.path(), command);
      CHECK(finished.code == 0);
      CHECK(finished.error_lines() == (command[0] == "reduce" ? 2 : 1));
      CHECK(finished.out.find("\nend") == std::string::npos);
    }
    CHECK(run_in(folder.path(), {"decide", path + ".out"}).code == 0);
    folder.file(name, "p dnf");
    const Finished finished = run_in(folder.path(), {"solve", path});
    CHECK(finished.code == 6);
    CHECK(finished.error_lines() == 1);
  }
  folder.file("-dash.cnf", "p cnf 1 0\n");
  CHECK(run_in(folder.path(), {"solve", "--format", "sat", "--", "-dash.cnf"}).code == 10);
}

TEST_CASE("errors: outputs that cannot be written are one line and exit 1") {
  const std::vector<std::vector<std::string>> commands{{"solve", kFormula},
                                                       {"list"},
                                                       {"version"},
                                                       {"decide", kFormula},
                                                       {"estimate", kFormula},
                                                       {"reduce", kFormula, "--to", "attention"},
                                                       {"gen", "random-ksat", "--variables", "9", "--clauses", "9"},
                                                       {"solve", "--format", "sat", kFormula}};
  for (const auto& command : commands) {
    CAPTURE(command[0]);
    check_fails(run(command, {"", "/dev/full", 0}), 1, "standard output: writing failed: No space left on device");
    auto to_device = command;
    to_device.insert(to_device.end(), {"-o", "/dev/full"});
    check_fails(run(to_device), 1, "/dev/full: writing failed: No space left on device");
  }
}

TEST_CASE("errors: a closed pipe on standard output ends the program quietly, as SIGPIPE would") {
  const TemporaryFolder folder;
  for (const std::vector<std::string>& command :
       {std::vector<std::string>{"solve", kFormula},
        {"list"},
        {"--help"},
        {"solve", "--help"},
        {"decide", kFormula, "--json"},
        {"reduce", kFormula, "--to", "attention"},
        {"gen", "random-ksat", "--variables", "9", "--clauses", "9"},
        {"explore", "orders", "--variables", "12", "--orders", "2", "--embeddings", "sharp"},
        {"solve", "--format", "sat", kFormula}}) {
    CAPTURE(command[0]);
    const Finished finished = run_in(folder.path(), command, {"", "closed pipe", 0});
    CHECK(finished.code == 141);
    CHECK(finished.err.find("error") == std::string::npos);
    CHECK(std::filesystem::is_empty(folder.path()));
  }
}

TEST_CASE("output: -o takes what would be on standard output, in every command") {
  const TemporaryFolder folder;
  for (const std::vector<std::string>& command : {std::vector<std::string>{"list"},
                                                  {"list", "rules", "--json"},
                                                  {"version"},
                                                  {"estimate", kFormula},
                                                  {"estimate", "--variables", "9", "--clauses", "4", "--json"},
                                                  {"gen", "random-ksat", "--variables", "9", "--clauses", "9"},
                                                  {"solve", "--format", "sat", kFormula}}) {
    auto to_file = command;
    to_file.insert(to_file.begin(), {"-o", "out"});
    const Finished printed = run(command), written = run_in(folder.path(), to_file);
    CHECK(written.code == printed.code);
    CHECK(written.out == "");
    CHECK(test::read_text(folder.file("out")) == printed.out);
    CHECK_FALSE(printed.out.empty());
  }
}

TEST_CASE("output: --json is JSON in every command") {
  for (const std::vector<std::string>& command : {std::vector<std::string>{"list"},
                                                  {"version"},
                                                  {"estimate", kFormula},
                                                  {"solve", kFormula},
                                                  {"solve", kFormula, "--count", "--max"},
                                                  {"decide", kFormula},
                                                  {"decide", data_file("npy/three-sets.npy")}}) {
    auto arguments = command;
    arguments.insert(arguments.begin(), "--json");
    const Finished finished = run(arguments);
    CHECK(finished.code == 0);
    CHECK(nlohmann::json::accept(finished.out));
    CHECK(finished.out.ends_with("\n"));
  }
}

TEST_CASE("help: every verb's help ends in three examples and is exit 0") {
  for (const char* verb : {"solve", "reduce", "decide", "gen", "list", "estimate", "version"}) {
    const Finished finished = run({verb, "--help"});
    CAPTURE(verb);
    CHECK(finished.code == 0);
    CHECK(finished.err == "");
    const auto place = finished.out.find("Examples:");
    REQUIRE(place != std::string::npos);
    std::size_t examples = 0;
    for (auto at = finished.out.find("\n  gapwright ", place); at != std::string::npos;
         at = finished.out.find("\n  gapwright ", at + 1))
      ++examples;
    CHECK(examples == 3);
  }
  CHECK(run({"--help"}).code == 0);
}

TEST_CASE("limits: numbers and remedies") {
  struct Case {
    std::vector<std::string> arguments;
    std::string text;
  };
  const Case table[] = {
      {{"solve", kFormula, "--max-tuples", "10"}, "256 tuples, the limit is 10"},
      {{"decide", data_file("npy/three-sets.npy"), "--max-tuples", "7"}, "8 tuples, the limit is 7"},
      {{"reduce", kFormula, "--to", "attention", "--max-tuples", "10"}, "raise the limit on tuples"},
      {{"solve", data_file("yes/uf20-01.cnf"), "-k", "2", "--memory-limit", "10K"}, "the limit is 10.2 kB; try another order k"},
      {{"solve", data_file("yes/uf20-01.cnf"), "-k", "2", "--memory-limit", "0"}, "the limit is 0 bytes"},
      {{"gen", "random-ksat", "--variables", "9", "--clauses", "18446744073709551615"}, "a higher memory limit"},
      {{"gen", "random-ksat", "--variables", "9", "--clauses", "1000", "--memory-limit", "1K"}, "a higher memory limit"},
      {{"estimate", "--variables", "2147483647", "--clauses", "1"}, "at k = 3 the first set has 2^715827883 vectors"},
  };
  for (const Case& c : table) check_fails(run(c.arguments), 5, c.text);
}

TEST_CASE("limits: absurd numbers of variables are refused at once by every command") {
  for (const char* formula : {"p cnf 2147483647 0\n", "p cnf 200 0\n", "p cnf 2147483647 1\n1 -2147483647 0\n",
                              "p cnf 2147483647 9223372036854775807\n"})
    for (const std::vector<std::string>& command : {std::vector<std::string>{"solve", "-"},
                                                    {"solve", "-", "-k", "24"},
                                                    {"estimate", "-"},
                                                    {"reduce", "-", "--to", "attention", "-o", "a"},
                                                    {"reduce", "-", "--to", "orthogonal-vectors", "-o", "a"}}) {
      if (formula == std::string("p cnf 200 0\n") && command.size() == 4)
        continue;  // 2^9 vectors a set: that is allowed to be tried
      CAPTURE(formula);
      const Finished finished = run(command, {formula, "", 0});
      CHECK(finished.code == 5);
      CHECK(finished.out == "");
      CHECK(finished.err.find("order -k") != std::string::npos);
    }
  const Finished competition = run({"solve", "--format", "sat", "-"}, {"p cnf 2147483647 0\n", "", 0});
  CHECK(competition.code == 0);
  CHECK(competition.out == "s UNKNOWN\n");
}

TEST_CASE("limits: decide knows what the solver and the indices take") {
  for (const char* formula : {"p cnf 2147483647 0\n", "p cnf 268435456 0\n"})
    check_fails(run({"decide", "-", "--memory-limit", "1G"}, {formula, "", 0}), 5, "given to CryptoMiniSat, needs");
  check_fails(run({"decide", "-", "--memory-limit", "900T"}, {"p cnf 2147483647 0\n", "", 0}), 5,
              "CryptoMiniSat takes at most 268435455 variables");
  const TemporaryFolder folder;
  write_orthogonal_vectors(folder.file("x"), {0, {BitMatrix(1'000'000, 0), BitMatrix(1, 0)}, {}}, std::nullopt);
  check_fails(run_in(folder.path(), {"decide", "x", "--memory-limit", "1M"}), 5, "x needs 48 MB of memory");
  Attention a;  // order 24, two keys each: 2^23 groups of keys
  a.q = Matrix(1, 1);
  a.keys.assign(23, Matrix(2, 1));
  a.values = a.keys;
  a.terms.softmax_scale = 1;
  a.terms.yes_at_least = mpq_class(1, 2);
  a.terms.no_at_most = mpq_class(1, 4);
  write_attention(folder.file("a"), a);
  check_fails(run_in(folder.path(), {"decide", "a", "--memory-limit", "10G"}), 5, "a needs 790 GB of memory");
}

TEST_CASE("limits: estimates of huge numbers of clauses build nothing") {
  const Finished finished = run({"estimate", "--variables", "60", "--clauses", "1000000000000000", "--json"});
  CHECK(finished.code == 0);
  CHECK(finished.json().at("dimension") == 1000000000000000);
  CHECK(finished.json().at("fits") == false);
}

TEST_CASE("limits: --timeout ends the wait, and every value of it is taken") {
  check_fails(run({"solve", "--timeout", "0.1", "-"}, {"", "", 0}), 6, "the file is empty");
  const TemporaryFolder folder;
  REQUIRE(::mkfifo(folder.file("pipe").c_str(), 0600) == 0);
  for (const char* seconds : {"0.05", "0.0000001"})
    check_fails(run_in(folder.path(), {"solve", "--timeout", seconds, "pipe"}), 5,
                "the time limit was reached; raise the time limit");
  for (const char* seconds : {"1e300", "99.9999999", "0"}) CHECK(run({"solve", kFormula, "--timeout", seconds}).code == 0);
}

TEST_CASE("limits: --timeout and Ctrl-C stop work in progress") {
  const TemporaryFolder folder;  // 7e10 tuples, all to be counted: minutes
  REQUIRE(run_in(folder.path(), {"gen", "random-ksat", "--variables", "36", "--clauses", "153", "-o", "hard.cnf"}).code == 0);
  REQUIRE(run_in(folder.path(), {"reduce", "hard.cnf", "--to", "attention", "-o", "a"}).code == 0);
  for (const char* threads : {"1", "2"})
    check_fails(run_in(folder.path(), {"decide", "a", "--method", "histogram", "-j", threads, "--timeout", "0.3"}), 5,
                "the time limit was reached");
  check_fails(run_in(folder.path(), {"decide", "a", "--method", "balls"}, {"", "", 0.5}), 130, "interrupted");
  check_fails(run_in(folder.path(), {"decide", "a", "--method", "histogram"}, {"", "", 0.5}), 130, "interrupted");
  const Finished competition = run_in(folder.path(), {"solve", "--format", "sat", "hard.cnf", "--timeout", "0.001"});
  CHECK(competition.code == 0);
  CHECK(competition.out == "s UNKNOWN\n");
}

TEST_CASE("interrupt: Ctrl-C ends the wait for input") { check_fails(run({"solve", "-"}, {"", "", 0.4}), 130, "interrupted"); }

TEST_CASE("options that would have no effect, an output over its input, and files that name another problem are refused") {
  const TemporaryFolder folder;
  const std::string formula = data_file("yes/six-variables.cnf");
  const auto reduce = [&](std::vector<std::string> more) {
    more.insert(more.begin(), {"reduce", formula, "-k", "2", "-o", "out"});
    return run_in(folder.path(), more);
  };
  check_fails(reduce({"--to", "attention", "--gadget", "characters"}), 2, "--route direct has no code");
  check_fails(reduce({"--to", "attention", "--advice", "best"}), 2, "--route direct has no code");
  check_fails(reduce({"--to", "attention", "--advice", "beste"}), 2,
              "--advice 'beste': give honest, best, all, sample:N or the index of a message; did you mean 'best'?");
  check_fails(reduce({"--to", "orthogonal-vectors", "--square"}), 2, "go with --to attention");
  check_fails(reduce({"--to", "orthogonal-vectors", "--centred"}), 2, "--centred goes with --to attention");
  REQUIRE(run_in(folder.path(), {"reduce", formula, "-k", "2", "--to", "gap-max-ip", "-o", "gap"}).code == 0);
  check_fails(run_in(folder.path(), {"reduce", "gap", "--to", "attention", "--route", "hermitian", "-o", "out"}), 2,
              "past the codes");
  check_fails(run_in(folder.path(), {"reduce", "gap", "--to", "attention", "--expect", "-o", "out"}), 2, "past the codes");
  CHECK_FALSE(std::filesystem::exists(folder.path() / "out"));

  const std::string before = test::read_text((folder.path() / "gap").string());
  check_fails(run_in(folder.path(), {"decide", "gap", "-o", "./gap"}), 2, "would overwrite the input");
  CHECK(test::read_text((folder.path() / "gap").string()) == before);

  const auto file = [&](const std::string& metadata) {
    const std::string header =
        R"({"__metadata__":{"order":"2",)" + metadata +
        R"(},"x0":{"dtype":"U8","shape":[1,2],"data_offsets":[0,2]},"x1":{"dtype":"U8","shape":[1,2],"data_offsets":[2,4]}})";
    std::string text(8, '\0');
    for (std::size_t i = 0; i < 8; ++i) text[i] = static_cast<char>(header.size() >> (8 * i) & 255);
    return folder.file("x", text + header + std::string("\1\1\1\1", 4));
  };
  const std::string gap = R"("yes_at_least":"2","no_at_most":"1")";
  CHECK(run({"decide", file(R"("problem":"gap-max-ip","form":"explicit",)" + gap)}).out.find("yes") != std::string::npos);
  check_fails(run({"decide", file(R"("problem":"gap-maxip",)" + gap)}), 6, "metadata 'problem' is 'gap-maxip'");
  check_fails(run({"decide", file(R"("problem":"attention",)" + gap)}), 6, "metadata 'problem' is 'attention'");
  check_fails(run({"decide", file(R"("problem":"gap-max-ip","form":"factored",)" + gap)}), 6, "metadata 'form' is 'factored'");
}

TEST_CASE("a source without an end: the time limit ends it") {
  check_fails(run({"solve", "/dev/zero", "--timeout", "0.3"}), 5, "the time limit was reached");
}

TEST_CASE(
    "outputs: two in one file, one over an input, or one that cannot be written are refused before work, and nothing is left") {
  const TemporaryFolder folder;
  std::filesystem::copy_file(data_file("yes/six-variables.cnf"), folder.path() / "f.cnf");
  const std::string formula = test::read_text((folder.path() / "f.cnf").string());
  const auto refused = [&](const std::vector<std::string>& arguments, const std::string& text) {
    CAPTURE(text);
    check_fails(run_in(folder.path(), arguments), 2, text);
    CHECK(test::read_text((folder.path() / "f.cnf").string()) == formula);
    CHECK(std::distance(std::filesystem::directory_iterator(folder.path()), std::filesystem::directory_iterator()) == 1);
  };
  refused({"solve", "f.cnf", "-o", "f.cnf"}, "-o f.cnf would overwrite the input");
  refused({"solve", "f.cnf", "--certificate", "./f.cnf"}, "--certificate ./f.cnf would overwrite the input");
  refused({"solve", "f.cnf", "--certificate", "x", "-o", "x"}, "--certificate and -o name the same file, x");
  refused({"solve", "f.cnf", "--certificate", "x", "--proof", "./x"}, "--certificate and --proof name the same file");
  refused({"solve", "f.cnf", "--certificate", "-", "--proof", "-", "-o", "x"},
          "--certificate - would stand in the middle of --proof -");
  refused({"gen", "random-ksat", "--variables", "9", "--clauses", "20", "--plant", "--witness", "no/such/folder", "-o", "x"},
          "no/such/folder");
  refused({"gen", "random-ksat", "--variables", "9", "--clauses", "20", "--plant", "--witness", "x", "-o", "x"},
          "--witness and -o name the same file");
  refused({"gen", "random-ksat", "--variables", "9", "--clauses", "20", "--plant", "--witness", "-"},
          "--witness - would stand in the middle of the answer");
  refused({"gen", "formula", "f.cnf", "-T", "flip", "--map", "m", "-o", "f.cnf"}, "-o f.cnf would overwrite the input");
}

TEST_CASE("attend: references of other inputs, values beyond the doubles, and what a typing error in a family's option is told") {
  const TemporaryFolder folder;
  const auto gen = [&](const char* seed, const char* file) {
    REQUIRE(run_in(folder.path(), {"gen", "attention", "--rows", "5", "--dimension", "2", "-k", "2", "--seed", seed, "-o", file})
                .code == 0);
  };
  gen("1", "a");
  gen("2", "b");
  REQUIRE(run_in(folder.path(), {"attend", "b", "--method", "certified", "-o", "ref"}).code == 0);
  check_fails(run_in(folder.path(), {"attend", "a", "--reference", "ref", "-o", "out"}), 6, "it belongs to another input");
  CHECK(run_in(folder.path(), {"attend", "b", "--reference", "ref", "-o", "out"}).code == 0);
  check_fails(run_in(folder.path(), {"attend", "b", "--method", "certified", "--error", "1e-30", "-o", "out"}), 5,
              "no closer double");
  const std::string missing = run({"gen", "random-ksat", "--variable", "5"}).err;
  CHECK(missing.find("did you mean '--variables'") != std::string::npos);
}

TEST_CASE("errors: extra inputs, seeds that draw nothing and options with an empty text") {
  const TemporaryFolder folder;
  folder.file("f", "p cnf 4 3\n1 2 3 0\n-1 2 4 0\n-2 -3 4 0\n");
  folder.file("x0.npy", test::read_text(data_file("npy/x0.npy")));
  REQUIRE(run_in(folder.path(), {"reduce", "f", "--to", "orthogonal-vectors", "-k", "2", "-o", "v"}).code == 0);
  for (const std::vector<std::string>& command :
       {std::vector<std::string>{"decide", "v", "x0.npy"}, {"reduce", "v", "x0.npy", "--to", "attention", "-o", "out"}})
    check_fails(
        run_in(folder.path(), command), 2,
        "v: a safetensors file holds all sets and stands alone; leave out x0.npy (only .npy arrays come as several files)");
  for (const std::vector<std::string>& way : {std::vector<std::string>{},
                                              {"--route", "hermitian", "--advice", "honest"},
                                              {"--route", "hermitian", "--advice", "all"}}) {
    std::vector<std::string> command{"reduce", "f", "--to", "attention", "--seed", "3", "-o", "out"};
    command.insert(command.end(), way.begin(), way.end());
    check_fails(run_in(folder.path(), command), 2, "--seed means nothing to reduce; leave it out");
  }
  for (const std::vector<std::string>& command : {std::vector<std::string>{"solve", "f", "--certificate", ""},
                                                  {"solve", "f", "--proof", ""},
                                                  {"decide", "v", "--checkpoint", ""},
                                                  {"attend", "v", "--gradient", "", "-o", "out"},
                                                  {"reduce", "f", "--to", "attention", "--answers", "", "-o", "out"}})
    check_fails(run_in(folder.path(), command), 2, " is given an empty text; give a value, or leave it out");
  REQUIRE(run_in(folder.path(), {"reduce", "f", "--to", "attention", "-k", "2", "-o", "a"}).code == 0);
  for (const std::vector<std::string>& command : {std::vector<std::string>{"show", ""}, {"path", "", "attention"}}) {
    const Finished nothing = run_in(folder.path(), command);
    CHECK(nothing.code == 2);
    CHECK(nothing.err.find("''") != std::string::npos);
    CHECK(nothing.err.find("did you mean") == std::string::npos);
  }
  check_fails(run_in(folder.path(), {"attend", "a", "--gradient", "f", "-o", "out"}), 6, "f: is text, and no safetensors file");
  CHECK(run_in(folder.path(), {"reduce", "--help"}).out.find("sample:N") == std::string::npos);
  CHECK(run_in(folder.path(), {"solve", "--help"}).out.find("sample:N") != std::string::npos);
  CHECK(!std::filesystem::exists(folder.path() / "out"));
}
