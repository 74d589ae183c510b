// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>
#include <csignal>
#include <cstdlib>
#include <optional>
#include <set>
#include <sstream>
#include <thread>

#include "instances/files/safetensors.hpp"
#include "tests/cli/program.hpp"

using namespace gapwright::test;

namespace {

const std::string kExamples = std::string(GAPWRIGHT_TEST_DATA) + "/../../examples/";

std::string example(const std::string& name) { return "/usr/bin/python3 " + kExamples + name + ".py {in} {out}"; }

std::vector<std::string> tiny(std::vector<std::string> more, const std::string& pairs = "1") {
  std::vector<std::string> arguments{"challenge", "--rows",          "16", "--pairs",       pairs, "--ladder",
                                     "1",         "--control-pairs", "0",  "--timing-rows", "8"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return arguments;
}

}  // namespace

TEST_CASE("challenge command: one object with what the issue of a kernel's author asks") {
  const Finished finished = run(tiny({"--exec", example("exact"), "--json", "--seed", "4"}));
  CAPTURE(finished.err);
  REQUIRE(finished.code == 0);
  const auto json = finished.json();
  CHECK(json["algorithm"] == "exact");
  CHECK(json["decision_accuracy"] == 1.0);
  CHECK(json["decisions"]["of"] == 2);
  CHECK(json["largest_entry_bound_survived"] == json["points"][0]["entry_bound"]);
  CHECK(json["errors"]["hard"]["maximum_absolute"] < 1e-12);
  CHECK(json["errors"]["naive"]["maximum_absolute"] < 1e-12);
  CHECK(json["times"].size() == 1);
  CHECK(json["fitted_exponent"].is_null());
  CHECK(json["seed"] == 4);
}

TEST_CASE(
    "challenge command: what is shown with confidence counts pairs, or independent inputs, in the table, below it and in JSON") {
  for (const bool independent : {false, true}) {
    std::vector<std::string> more{"--exec", example("exact")};
    if (independent) more.push_back("--independent");
    const Finished table = run(tiny(more, "2"));
    more.push_back("--json");
    const auto json = run(tiny(more, "2")).json();
    const double draws = independent ? 4 : 2, least = std::pow(0.025, 1 / draws);
    CHECK(json["decision_accuracy_interval"]["lo"].get<double>() == doctest::Approx(least));
    CHECK(json["accuracy_shown_by_survival"]["at_least"].get<double>() == doctest::Approx(least));
    CHECK(table.out.find(independent ? " 0.398 to 1.000 " : " 0.158 to 1.000 ") != std::string::npos);
    CHECK(table.out.find("no input was answered") == std::string::npos);
    CHECK(table.out.find(independent ? "at least 0.40\n(4 independent inputs)"
                                     : "at least 0.16\n(2 independent pairs; the twins") != std::string::npos);
  }
}

TEST_CASE("challenge command: blind files tell nothing, outputs made elsewhere are judged") {
  const TemporaryFolder folder;
  REQUIRE(run_in(folder.path(), tiny({"--write", "open", "--independent"})).code == 0);
  REQUIRE(run_in(folder.path(), tiny({"--write", "blind", "--blind"})).code == 0);
  std::size_t answers = 0, files = 0;
  std::optional<std::filesystem::file_time_type> when;
  for (const auto& entry : std::filesystem::directory_iterator(folder.path() / "blind")) {
    ++files;
    const std::string text = read_text(entry.path()), open = read_text(folder.path() / "open" / entry.path().filename());
    answers += open.find("\"expected\"") != std::string::npos;
    for (const char* word : {"expected", "seed", "kind", "middle"})
      CHECK(text.find(std::string("\"") + word + "\"") == std::string::npos);
    if (!when) when = std::filesystem::last_write_time(entry.path());
    CHECK(std::filesystem::last_write_time(entry.path()) == *when);
  }
  CHECK(files == 3);  // two of the same bound and an input for time
  CHECK(answers == files);
  // No two share a matrix: there is nothing to compare.
  std::set<std::string> matrices;
  for (const auto& entry : std::filesystem::directory_iterator(folder.path() / "blind")) {
    const gapwright::InputBytes bytes = gapwright::InputBytes::open(entry.path().string());
    const gapwright::Safetensors file = gapwright::read_safetensors(bytes);
    for (const char* name : {"q", "k1"}) {
      const auto data = file.tensors.at(name).data;
      CHECK(matrices.insert(std::string(reinterpret_cast<const char*>(data.data()), data.size())).second);
    }
  }
  CHECK(matrices.size() == 6);
  // Nothing there yet, then one output of three.
  const auto judged = [&] { return run_in(folder.path(), tiny({"--outputs", "blind", "--blind", "--json"})).json(); };
  CHECK(judged()["points"][0]["failed"] == 2);
  for (const auto& entry : std::filesystem::directory_iterator(folder.path() / "open")) {
    const std::string out = (folder.path() / "blind" / entry.path().stem()).string() + ".out.safetensors";
    const std::string command = "/usr/bin/python3 " + kExamples + "exact.py '" + entry.path().string() + "' '" + out + "'";
    REQUIRE(std::system(command.c_str()) == 0);
  }
  CHECK(run_in(folder.path(), tiny({"--outputs", "blind"})).out.find("--blind included") != std::string::npos);
  const auto json = judged();
  CHECK(json["algorithm"] == "blind");
  CHECK(json["decision_accuracy"] == 1.0);
  CHECK(json["times"].size() == 1);
}

TEST_CASE("challenge command: bad input is one line with the remedy") {
  check_fails(run({"challenge"}), 2, "give --exec");
  check_fails(run(tiny({"--exec", "prog {in}"})), 2, "must name {in} and {out}");
  check_fails(run(tiny({"--exec", "prog {in} {out}", "--softmax-scale", "2/d"})), 2, "--softmax-scale");
  check_fails(run(tiny({"--exec", "prog {in} {out}", "--blind"})), 2, "--blind goes with --write");
  check_fails(run(tiny({"--exec", "/bin/true {in} {out}", "--pad-dimension", "8"})), 2, "pad to at least that");
  check_fails(run(tiny({"--exec", "no-such-program {in} {out}"})), 2,
              "there is no program no-such-program that can be run on PATH");
  check_fails(run(tiny({"--exec", "/no/such {in} {out}"})), 2, "there is no program /no/such that can be run");
  check_fails(run({"challenge", "--rows", "0", "--exec", "/bin/true {in} {out}"}), 2, "'0' is not a positive whole number");
  check_fails(run(tiny({"--write", "x", "--outputs", "x"})), 2, "--write and --outputs are two steps");
  check_fails(run(tiny({"--write", "x", "--exec", "/bin/true {in} {out}"})), 2, "--write runs nothing");
  check_fails(run(tiny({"--exec", "/bin/true {in} {out}", "--timing-rows", "3"})), 2,
              "--timing-rows 3: inputs for time have at least 8 rows");
  check_fails(run(tiny({"--exec", "/bin/true {in} {out}", "--causal", "--timing-rows", "9"})), 2, "an even number with --causal");
  check_fails(run(tiny({"--exec", "/bin/true {in} {out}", "--entry-dtype", "f32", "--softmax-scale", "1e-40"})), 2, "overflows");
  check_fails(run({"challenge", "--rows", "8", "--timing-rows", "1000000000", "--exec", "/bin/true {in} {out}"}), 5, "memory");
  for (const auto& [option, value] :
       {std::pair("--accurate-error", "0"), {"--run-timeout", "0"}, {"--ladder", "1e300"}, {"--softmax-scale", "1e-300"}}) {
    const Finished refused = run({"challenge", "--rows", "8", "--exec", "/bin/true {in} {out}", option, value});
    check_fails(refused, 2, option[2] == 'l' ? "entry bound" : option);
    CHECK_MESSAGE(refused.err.size() < 250, refused.err);
  }
  const TemporaryFolder used;
  used.file("0123.safetensors", "");
  check_fails(run(tiny({"--write", used.path().string()})), 2, "holds 0123.safetensors already");
  check_fails(run(tiny({"--library", "no-such-library.so"})), 6, "no-such-library.so: cannot be used as a library");
  check_fails(run(tiny({"--outputs", "no-such-folder"})), 6, "is not a folder");
  check_fails(run({"challenge", "--rows", "100000", "-k", "4", "--exec", "p {in} {out}"}), 5, "tuples");
}

TEST_CASE("challenge command: a failing algorithm is a result, an interruption keeps what there is") {
  const Finished failing = run(tiny({"--exec", "/bin/false {in} {out}"}));
  CHECK(failing.code == 0);
  CHECK(failing.out.find("exit status 1") != std::string::npos);
  CHECK(failing.out.find("false: no input was answered") != std::string::npos);
  CHECK(failing.out.find("--run-timeout") == std::string::npos);
  const Finished late = run(tiny({"--exec", "/bin/sh -c 'sleep 100' {in} {out}", "--run-timeout", "0.2"}));
  CHECK(late.out.find("  0/2       -  ") != std::string::npos);  // neither right nor wrong
  CHECK(late.out.find("no input was answered") != std::string::npos);
  CHECK(late.out.find("no answer within 0.2 s; --run-timeout gives a run more seconds") != std::string::npos);
  CHECK(late.out.find("(1 independent pair; ") != std::string::npos);
  CHECK(late.out.find("  max error  norm-wise  ") != std::string::npos);
  Surroundings around;
  around.interrupt_after = 0.7;
  const Finished interrupted = run(tiny({"--exec", "/bin/sh -c 'sleep 100' {in} {out}"}), around);
  CHECK(interrupted.code == 130);
  CHECK(interrupted.out.find("not complete") != std::string::npos);
}

TEST_CASE("challenge command: a polite end keeps what there is, and leaves no process and no folder") {
  for (const int signal : {SIGTERM, SIGHUP}) {
    const TemporaryFolder notes;
    const std::string pid = notes.file("pid", ""), where = notes.file("where", "");
    Surroundings around;
    around.interrupt_after = 0.7;
    around.signal = signal;
    const Finished ended =
        run(tiny({"--exec", "/bin/sh -c 'echo $$ > " + pid + "; pwd > " + where + "; sleep 100' {in} {out}"}), around);
    CAPTURE(signal);
    CHECK(ended.code == 130);
    CHECK(ended.out.find("not complete") != std::string::npos);
    std::string folder = read_text(where);
    REQUIRE(folder.size() > 1);
    folder.pop_back();
    CHECK(!std::filesystem::exists(folder));
    const pid_t child = std::atoi(read_text(pid).c_str());
    REQUIRE(child > 0);
    CHECK(::kill(child, 0) != 0);
  }
}

TEST_CASE("challenge command: an algorithm does not outlive a harness that is killed") {
  const TemporaryFolder notes;
  const std::string pid = notes.file("pid", "");
  Surroundings around;
  around.interrupt_after = 0.7;
  around.signal = SIGKILL;
  const TemporaryFolder folder;  // its own: a killed program leaves what it was at
  run_in(folder.path(), tiny({"--exec", "/bin/sh -c 'echo $$ > " + pid + "; exec sleep 100' {in} {out}"}), around);
  const pid_t child = std::atoi(read_text(pid).c_str());
  REQUIRE(child > 0);
  bool gone = false;
  for (int i = 0; i < 200 && !gone; ++i, std::this_thread::sleep_for(std::chrono::milliseconds(10))) {
    const std::filesystem::path status = "/proc/" + std::to_string(child) + "/status";
    gone = !std::filesystem::exists(status) || read_text(status).find("State:\tZ") != std::string::npos;
  }
  CHECK(gone);
}

TEST_CASE("challenge command: names of any length keep the table in order, reasons are the same in every run") {
  const std::string longer(60, 'x');
  const std::vector<std::string> arguments = tiny(
      {"--exec", "/bin/sh -c 'ls \"$0\".missing' {in} {out}", "--exec", example("exact"), "--name", longer, "--name", "exact"});
  const Finished first = run(arguments), second = run(arguments);
  REQUIRE(first.code == 0);
  std::vector<std::string> lines;
  std::istringstream text(first.out);
  for (std::string line; std::getline(text, line);) lines.push_back(line);
  const auto head = std::ranges::find_if(lines, [](const std::string& line) { return line.starts_with("algorithm"); });
  REQUIRE(lines.end() - head > 3);
  CHECK(head[2].size() == head->size());
  CHECK(head[3].size() == head->size());
  const auto reason = [](const Finished& finished) { return finished.out.substr(finished.out.find("without an answer")); };
  CHECK(reason(first).find("{in}.missing") != std::string::npos);
  CHECK(reason(first) == reason(second));
}

TEST_CASE("challenge command: our own attend answers, and refuses what it does not compute") {
  const std::string attend = tested_program() + " attend {in} -o {out}";
  CHECK(run(tiny({"--exec", attend, "--json"})).json()["decision_accuracy"] == 1.0);
  const auto point = [&](const std::string& command, const char* form) {
    return run(tiny({"--exec", command, "--json", form})).json()["points"][0];
  };
  CHECK(run(tiny({"--exec", attend, "--json", "--causal"})).json()["decision_accuracy"] == 1.0);
  CHECK(point(attend + " --method polynomial", "--causal")["refused"] == 2);
  CHECK(point(attend + " --method polynomial", "--four-axes")["failed"] == 2);  // it reads two axes
}

TEST_CASE("reduce --causal: decide finds the same answer, and the file is square") {
  const TemporaryFolder folder;
  for (const auto& [formula, verdict] : {std::pair("yes/vdw-8-3-3.cnf", "yes"), std::pair("no/vdw-9-3-3.cnf", "no")})
    for (const char* order : {"2", "3"}) {
      REQUIRE(run_in(folder.path(), {"reduce", data_file(formula), "--to", "attention", "-k", order, "--causal", "-o",
                                     "c.safetensors", "--quiet"})
                  .code == 0);
      for (const char* method : {"verdict", "histogram"})
        CHECK(run_in(folder.path(), {"decide", "c.safetensors", "--method", method, "--json"}).json()["verdict"] == verdict);
    }
}

TEST_CASE("challenge command: what is required and not reached is exit code 3 with one line") {
  CHECK(run(tiny({"--exec", example("exact"), "--require-survival", "1", "--require-error", "1e-9"})).code == 0);
  const Finished far = run(tiny({"--exec", example("exact"), "--require-survival", "1.5"}));
  CHECK(far.code == 3);
  CHECK(far.err.find("exact survives up to B = ") != std::string::npos);
  CHECK(far.err.find("1.5 times the smallest deciding entry bound") != std::string::npos);
  CHECK(far.out.find("exact") != std::string::npos);
  const Finished none = run(tiny({"--exec", example("average"), "--require-survival", "1"}));
  CHECK(none.code == 3);
  CHECK(none.err.find("average survives no entry bound") != std::string::npos);
  const Finished off = run(tiny({"--exec", example("average"), "--require-error", "0.01"}));
  CHECK(off.code == 3);
  CHECK(off.err.find("more than 0.01") != std::string::npos);
  check_fails(run(tiny({"--exec", example("exact"), "--require-error", "0"})), 2, "--require-error");
}
