// SPDX-License-Identifier: MIT
#include <dlfcn.h>
#include <doctest/doctest.h>
#include <link.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <cmath>
#include <csignal>
#include <cstdlib>
#include <thread>

#include "explore/challenge/exec_adapter.hpp"
#include "explore/challenge/library_adapter.hpp"
#include "instances/files/instance_files.hpp"
#include "instances/generators/random_attention.hpp"
#include "support/errors.hpp"
#include "tests/support.hpp"

using namespace gapwright;

namespace {

const RunControl kQuiet;
const ChildLimits kShort{5, 0, 1 << 20};
#ifdef GAPWRIGHT_SANITIZED
constexpr bool kSanitized = true;  // several times slower, and a report takes its time
#else
constexpr bool kSanitized = false;
#endif

Attention some_input() { return random_attention(6, 4, 1, 3, 9); }

AlgorithmAnswer run_script(const std::string& script, const ChildLimits& limits = kShort) {
  const Attention a = some_input();
  return exec_algorithm({"/bin/sh", "-c", script, "sh", "{in}", "{out}"}, limits, {}, kQuiet)({a, false, Dtype::f64});
}

/// The path of a library of the system: it differs between processors.
std::string system_library(const char* name) {
  void* const library = ::dlopen(name, RTLD_NOW | RTLD_LOCAL);
  const link_map* place = nullptr;
  if (!library || ::dlinfo(library, RTLD_DI_LINKMAP, &place) != 0) throw std::runtime_error("no library of this name");
  return place->l_name;
}

/// A safetensors file with one tensor.
std::string file_text(const std::string& name, const std::string& dtype, const std::string& shape, const std::string& data,
                      const std::string& metadata = "") {
  std::string header = "{" + metadata + "\"" + name + "\":{\"dtype\":\"" + dtype + "\",\"shape\":" + shape +
                       ",\"data_offsets\":[0," + std::to_string(data.size()) + "]}}";
  const std::uint64_t length = header.size();
  return std::string(reinterpret_cast<const char*>(&length), 8) + header + data;
}

AlgorithmAnswer copied(const std::string& text) {
  const test::TemporaryFolder folder;
  const std::string path = folder.file("given", text);
  return run_script("cp '" + path + "' \"$2\"");
}

}  // namespace

TEST_CASE("exec: words, quotes and names") {
  CHECK(command_words("a 'b c'  \"d e\" f\\ g {in} {out}") ==
        std::vector<std::string>{"a", "b c", "d e", "f g", "{in}", "{out}"});
  CHECK(command_words("a '' --x={in} '{out}'") == std::vector<std::string>{"a", "", "--x={in}", "{out}"});
  CHECK(test::message_of<std::invalid_argument>([] { command_words("prog {in}"); }).find("must name {in} and {out}") !=
        std::string::npos);
  CHECK(test::message_of<std::invalid_argument>([] { command_words("prog '{in} {out}"); }).find("open quote") !=
        std::string::npos);
  CHECK(test::message_of<std::invalid_argument>([] { command_words("  "); }).find("is empty") != std::string::npos);
  CHECK(name_of_command({"/usr/bin/python3", "examples/exact.py", "{in}", "{out}"}) == "exact");
  CHECK(name_of_command({"bin/flash.out", "{in}", "{out}"}) == "flash");
  CHECK(name_of_command({"sh", "-c", "x", "{in}", "{out}"}) == "sh");
}

TEST_CASE("exec: a right answer in every type and shape, and its own time") {
  const std::string zeros(6 * 4 * 4, '\0');
  const AlgorithmAnswer plain = copied(file_text("out", "F32", "[6,4]", zeros, R"("__metadata__":{"seconds":"0.25"},)"));
  CHECK(plain.status == RunStatus::answered);
  CHECK(plain.dtype == Dtype::f32);
  CHECK(plain.own_seconds == 0.25);
  CHECK(plain.out.rows == 6);
  CHECK(plain.seconds > 0);
  const AlgorithmAnswer axes =
      copied(file_text("out", "BF16", "[1,1,6,4]", zeros.substr(0, 48), R"("__metadata__":{"seconds":"soon"},)"));
  CHECK(axes.status == RunStatus::answered);
  CHECK(!axes.own_seconds);
  CHECK(!copied(file_text("out", "F32", "[6,4]", zeros, R"("__metadata__":{"seconds":"1e300"},)")).own_seconds);
}

TEST_CASE("exec: what a program can do wrong is a result with its reason") {
  const auto reason = [](const AlgorithmAnswer& answer) {
    CHECK(answer.status == RunStatus::failed);
    return answer.reason;
  };
  CHECK(reason(run_script("true")) == "it wrote no output file");
  CHECK(reason(run_script("echo first >&2; echo 'the reason' >&2; exit 3")) == "exit status 3: the reason");
  CHECK(reason(run_script("kill -SEGV $$")).starts_with("killed by signal 11"));
  CHECK(reason(run_script("mkdir \"$2\"")) == "the output is not a regular file");
  CHECK(reason(run_script("ln -s /dev/zero \"$2\"")) == "the output is not a regular file");
  CHECK(reason(run_script("echo nonsense > \"$2\"")).starts_with("the output is no safetensors file: "));
  CHECK(reason(run_script(": > \"$2\"")).starts_with("the output is no safetensors file: shorter than the 8 bytes"));
  CHECK(reason(run_script("head -c 1100000 /dev/zero > \"$2\"", {5, 0, 0})).find("are the most that the tensor needs") !=
        std::string::npos);
  CHECK(reason(run_script("head -c 9000000 /dev/zero > \"$2\"")).starts_with("exit status 153"));
  const std::string zeros(6 * 4 * 8, '\0');
  CHECK(reason(copied(file_text("o", "F64", "[6,4]", zeros))) == "the output file holds no tensor 'out'");
  CHECK(reason(copied(file_text("out", "F64", "[4,6]", zeros))) == "'out' has shape (4, 6), expected (6, 4) or (1, 1, 6, 4)");
  CHECK(reason(copied(file_text("out", "I64", "[6,4]", zeros))) == "'out' has dtype I64, expected F64, F32, F16 or BF16");
  CHECK(reason(copied(file_text("out", "F64", "[6,4]", zeros).substr(0, 100))).find("cut short") != std::string::npos);
  CHECK(reason(run_script("echo \"$1 $2 $PWD\" >&2; exit 3")) == "exit status 3: {in} {out} {folder}");
  for (const char* program : {"/no/such/program", "no-such-program", "/etc/passwd", "/tmp"})
    CHECK(test::message_of<std::invalid_argument>([&] {
            exec_algorithm({program, "{in}", "{out}"}, kShort, {}, kQuiet);
          }).find(std::string("there is no program ") + program) != std::string::npos);
}

TEST_CASE("exec: exit status 5 refuses, a hang is ended with all its children, a flood of messages does no harm") {
  const AlgorithmAnswer refused = run_script("echo 'too many monomials' >&2; exit 5");
  CHECK(refused.status == RunStatus::refused);
  CHECK(refused.reason == "exit status 5: too many monomials");
  const test::TemporaryFolder folder;
  const std::string pid = folder.file("pid");
  const AlgorithmAnswer hung = run_script("sleep 100 & echo $! > '" + pid + "'; sleep 100", {1, 0, 0});
  CHECK(hung.status == RunStatus::timed_out);
  CHECK(hung.reason == "no answer within 1 s");
  const auto gone = [&] {
    const pid_t child = std::atoi(test::read_text(pid).c_str());
    for (int i = 0; i < 100; ++i, std::this_thread::sleep_for(std::chrono::milliseconds(10))) {
      const std::filesystem::path status = "/proc/" + std::to_string(child) + "/status";
      if (!std::filesystem::exists(status) || test::read_text(status).find("State:\tZ") != std::string::npos) return true;
    }
    return false;
  };
  CHECK(gone());
  const AlgorithmAnswer background = run_script("sleep 100 & echo $! > '" + pid + "'; exit 4");
  CHECK(background.reason == "exit status 4");
  CHECK(gone());
  const AlgorithmAnswer flood =
      run_script("head -c 3000000 /dev/zero | tr '\\0' x >&2; echo; head -c 3000000 /dev/zero; echo ' last words' >&2; exit 9");
  CHECK_MESSAGE(flood.reason.starts_with("exit status 9: xxx"), flood.reason);  // no command's "write error"
  CHECK(flood.reason.size() < 300);
}

TEST_CASE("exec: too much memory ends a program, whatever process of its group takes it") {
  const AlgorithmAnswer greedy =
      run_script("/usr/bin/python3 -c 'import time; x = b\"x\" * 200_000_000; time.sleep(100)'; true", {30, 100'000'000, 0});
  CHECK(greedy.status == RunStatus::failed);
  CHECK(greedy.reason == "more than 100000000 bytes of memory");
}

TEST_CASE("exec: an output of 15,000 empty tensors is read at once, and names of a file do not reach a terminal") {
  std::string header = R"({"out":{"dtype":"F64","shape":[6,4],"data_offsets":[0,192]})";
  for (int i = 0; i < 15'000; ++i)
    header += ",\"t" + std::to_string(i) + R"(":{"dtype":"U8","shape":[0],"data_offsets":[192,192]})";
  header += "}";
  const std::uint64_t length = header.size();
  const std::string text = std::string(reinterpret_cast<const char*>(&length), 8) + header + std::string(192, '\0');
  const auto start = std::chrono::steady_clock::now();
  CHECK(copied(text).status == RunStatus::answered);
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(kSanitized ? 10 : 2));
  const std::string reason = copied(file_text("\xc2\x9b" + std::string(400'000, 'x'), "U9", "[1]", "x")).reason;
  CHECK(reason.size() <= 500);
  CHECK(reason.find("\\xc2\\x9b") != std::string::npos);
}

TEST_CASE("exec: the folder is fresh, holds the input alone, and is gone afterwards, and nothing tells the answer") {
  const test::TemporaryFolder folder;
  const std::string seen = folder.file("seen");
  const AlgorithmAnswer answer =
      run_script("ls > '" + seen + "'; pwd >> '" + seen + "'; cp \"$1\" '" + folder.file("in.copy") + "'; exit 5");
  CHECK(answer.status == RunStatus::refused);
  const std::string text = test::read_text(seen);
  CHECK(text.starts_with("in.safetensors\n"));
  const std::string where = text.substr(text.find('\n') + 1, text.size() - text.find('\n') - 2);
  CHECK(where.starts_with("/"));
  CHECK(!std::filesystem::exists(where));
  const InputFile copy(InputBytes::open(folder.file("in.copy")));
  const Attention read = read_attention(copy);
  CHECK(read.q.entries == some_input().q.entries);
  CHECK(read.values[1].entries == some_input().values[1].entries);
  CHECK(read.terms.softmax_scale == some_input().terms.softmax_scale);
  for (const auto& [key, value] : copy.tensors().metadata) {
    CAPTURE(key);
    CHECK((key == "problem" || key == "order" || key == "softmax_scale" || key == "entry_bound" || key == "causal" ||
           key == "format" || key == "sha256"));
  }
}

TEST_CASE("exec: an interruption ends the program and comes out") {
  std::atomic<int> stop{RunControl::run};
  const RunControl control{0, &stop, {}};
  std::thread presses([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    stop = RunControl::interrupted;
  });
  const Attention a = some_input();
  const auto start = std::chrono::steady_clock::now();
  CHECK_THROWS_AS(
      exec_algorithm({"/bin/sh", "-c", "sleep 100", "sh", "{in}", "{out}"}, {60, 0, 0}, {}, control)({a, false, Dtype::f64}),
      Interrupted);
  presses.join();
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(20));
}

TEST_CASE("library: the example is exact, causal or not, and misbehaviour is a result with its reason") {
  Attention a = some_input();
  const Algorithm exact = library_algorithm(GAPWRIGHT_EXAMPLE_LIBRARY, kShort, kQuiet);
  const AlgorithmAnswer answer = exact({a, false, Dtype::f64});
  REQUIRE(answer.status == RunStatus::answered);
  const Matrix truth = exact_attention(a).out;
  for (std::size_t i = 0; i < truth.entries.size(); ++i) REQUIRE(std::abs(answer.out.entries[i] - truth.entries[i]) < 1e-13);
  REQUIRE(answer.own_seconds);
  CHECK(*answer.own_seconds <= answer.seconds);
  const AlgorithmAnswer causal = exact({a, true, Dtype::f64});
  for (std::size_t c = 0; c < truth.columns; ++c)
    CHECK(causal.out.at(0, c) == doctest::Approx(a.values[0].at(0, c) * a.values[1].at(0, c)));
  for (std::size_t c = 0; c < truth.columns; ++c) CHECK(causal.out.at(5, c) == doctest::Approx(truth.at(5, c)));
  CHECK(exact({a, false, Dtype::bf16}).status == RunStatus::refused);

  const Algorithm bad = library_algorithm(GAPWRIGHT_MISBEHAVING_LIBRARY, {kSanitized ? 5.0 : 0.5, 0, 0}, kQuiet);
  const auto reason = [&](const char* how) {
    ::setenv("MISBEHAVIOUR", how, 1);
    const AlgorithmAnswer got = bad({a, false, Dtype::f64});
    ::unsetenv("MISBEHAVIOUR");
    CHECK(got.status != RunStatus::answered);
    return got.reason;
  };
  CHECK(reason("hang") == (kSanitized ? "no answer within 5 s" : "no answer within 0.5 s"));
  CHECK(reason("abort").starts_with("killed by signal 6"));
  CHECK(reason("overrun").starts_with(kSanitized ? "exit status" : "killed by signal"));  // the sanitizer is before the kernel
  CHECK(reason("refuse") == "exit status 5");
  CHECK(reason("fail") == "exit status 124");
  for (const char* how : {"half", "silent"}) {  // what is not written is NaN
    ::setenv("MISBEHAVIOUR", how, 1);
    CHECK(std::isnan(bad({a, false, Dtype::f64}).out.entries.back()));
    ::unsetenv("MISBEHAVIOUR");
  }
  CHECK(test::message_of<BadInstance>([] {
          library_algorithm("/no/such.so", kShort, kQuiet);
        }).find("cannot be used as a library") != std::string::npos);
  CHECK(test::message_of<BadInstance>([] {
          library_algorithm(system_library("libm.so.6"), kShort, kQuiet);
        }).find("gapwright_challenge_attention") != std::string::npos);
}
