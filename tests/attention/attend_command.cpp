// SPDX-License-Identifier: MIT
#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>

#include "attention/exact.hpp"
#include "instances/files/instance_files.hpp"
#include "instances/generators/random_attention.hpp"
#include "tests/attention/attention_cases.hpp"
#include "tests/attention/truth.hpp"
#include "tests/programs.hpp"

using namespace gapwright;

namespace {

struct Scratch {
  std::filesystem::path folder = std::filesystem::temp_directory_path() / ("gapwright-attend-" + std::to_string(::getpid()));
  Scratch() { std::filesystem::create_directories(folder); }
  ~Scratch() { std::filesystem::remove_all(folder); }
  std::string operator/(const std::string& name) const { return (folder / name).string(); }
};

struct Ran {
  int code = 0;
  std::string error;
};

Ran run(const Scratch& scratch, const std::string& arguments) {
  const std::string command =
      test::tested_program() + " " + arguments + " >" + (scratch / "stdout") + " 2>" + (scratch / "stderr");
  Ran ran;
  ran.code = WEXITSTATUS(std::system(command.c_str()));
  std::ifstream stream(scratch / "stderr");
  std::getline(stream, ran.error, '\0');
  return ran;
}

void write_matrix(const std::string& path, const Matrix& m) {
  const TensorPlan plan{
      "g", Dtype::f64, {m.rows, m.columns}, [&m](const auto& sink) { sink(std::as_bytes(std::span(m.entries))); }};
  write_safetensors(path, {}, std::span(&plan, 1));
}

}  // namespace

TEST_CASE("attend writes what the library computes, by all three methods, with gradients and in f32") {
  const Scratch scratch;
  REQUIRE(run(scratch, "gen attention --rows 20 --dimension 3 --entry-bound 0.9 -k 3 --seed 5 -o " + (scratch / "in")).code == 0);
  const Attention a = read_attention(InputFile(InputBytes::open(scratch / "in")));
  CHECK(a.q.entries == random_attention(20, 3, 0.9, 3, 5).q.entries);
  CHECK(a.terms.entry_bound == 0.9);
  const ExactAttention exact = exact_attention(a);
  write_matrix(scratch / "g", a.q);
  for (const std::string method : {"exact", "polynomial", "certified"}) {
    const std::string gradient = method == "certified" ? "" : " --gradient " + (scratch / "g");
    REQUIRE(run(scratch, "attend " + (scratch / "in") + " --method " + method + gradient + " -o " + (scratch / "out")).code == 0);
    const Safetensors file = read_safetensors(InputBytes::open(scratch / "out"));
    CHECK(file.tensors.size() == (method == "certified" ? 1 : 6));
    double worst = 0;
    for (std::size_t x = 0; x < exact.out.entries.size(); ++x)
      worst = std::max(worst, std::abs(element(file.tensors.at("out"), x) - exact.out.entries[x]));
    CHECK(worst <= std::stod(file.metadata.at("error_bound")) + largest_error(exact));
    CHECK(file.metadata.at("method") == method);
  }
  REQUIRE(run(scratch, "attend " + (scratch / "in") + " --dtype f32 -o " + (scratch / "out")).code == 0);
  CHECK(read_safetensors(InputBytes::open(scratch / "out")).tensors.at("out").dtype == Dtype::f32);
}

TEST_CASE("attend measures an f32 result against a certified reference") {
  const Scratch scratch;
  REQUIRE(
      run(scratch, std::string("reduce ") + GAPWRIGHT_TEST_DATA + "/no/php-4-3.cnf -k 2 --to attention -o " + (scratch / "in"))
          .code == 0);
  REQUIRE(run(scratch, "attend " + (scratch / "in") + " --method certified -o " + (scratch / "reference")).code == 0);
  REQUIRE(run(scratch, "attend " + (scratch / "in") + " --dtype f32 --json --reference " + (scratch / "reference") + " -o " +
                           (scratch / "out"))
              .code == 0);
  std::ifstream stream(scratch / "stdout");
  const auto json = nlohmann::json::parse(stream);
  const auto& measured = json.at("measured");
  CHECK(measured.at("largest_difference") > 0);
  CHECK(measured.at("largest_difference") <= json.at("error_bound"));
  CHECK(measured.at("relative") < 1e-4);
  CHECK(measured.at("reference_radius") < 1e-15);
  CHECK(measured.at("gap_decided") == true);
}

TEST_CASE("attend refuses bad input in one line and leaves nothing behind") {
  const Scratch scratch;
  const auto refused = [&](const Attention& a, const std::string& options, int code, const std::string& says) {
    write_attention(scratch / "in", a);
    const Ran ran = run(scratch, "attend " + (scratch / "in") + " " + options +
                                     (options.find("-o") == std::string::npos ? " -o " + (scratch / "out") : ""));
    CAPTURE(ran.error);
    CHECK(ran.code == code);
    CHECK(ran.error.find(says) != std::string::npos);
    CHECK(std::count(ran.error.begin(), ran.error.end(), '\n') == 1);
    CHECK_FALSE(std::filesystem::exists(scratch / "out"));
  };
  const Attention good = random_attention(6, 4, 1, 3, 1);
  Attention bad = good;
  bad.q.at(2, 1) = std::nan("");
  refused(bad, "", 6, "q[2, 1] is not a finite number");
  bad = good;
  bad.values[1].at(0, 0) = std::numeric_limits<double>::infinity();
  refused(bad, "", 6, "v2[0, 0] is not a finite number");
  bad = good;
  bad.keys[0] = Matrix(6, 5);
  refused(bad, "", 6, "k1 has 5 columns, q has 4");
  bad = good;
  bad.values[0] = Matrix(7, 4);
  refused(bad, "", 6, "v1 has 7 rows, k1 has 6");
  bad = good;
  bad.q = Matrix(0, 4);
  refused(bad, "", 6, "q is empty");
  bad = good;
  for (Matrix& v : bad.values)
    for (double& x : v.entries) x *= 1e30;
  refused(bad, "--dtype f32", 5, "overflows f32; use --dtype f64");
  for (Matrix& v : bad.values)
    for (double& x : v.entries) x *= 1e130;
  refused(bad, "", 5, "products of values may reach 2^");
  refused(bad, "--method polynomial", 5, "products of values may reach 2^");
  refused(random_attention(6, 4, 1e150, 3, 1), "--method polynomial", 5,
          "the scores may reach 1e450; the polynomial method needs them below 500");
  refused(random_attention(6, 4, 9, 3, 1), "--method polynomial", 5, "R = ");
  refused(good, "--method polynomial --error 1e-18", 5, "no degree reaches");
  refused(good, "--error 1e-18", 5, "--method certified");
  refused(good, "--error -1", 2, "--error");
  refused(good, "-o " + (scratch / "no-folder/out"), 2, "no-folder");
  refused(good, "--gradient " + (scratch / "missing"), 6, "missing");
  write_matrix(scratch / "g", Matrix(5, 4));
  refused(good, "--gradient " + (scratch / "g"), 6, "g: the upstream gradient is 5 x 4, the outputs are 6 x 4");
  Matrix huge(6, 4);
  huge.at(1, 2) = 1e42;
  write_matrix(scratch / "g", huge);
  refused(good, "--gradient " + (scratch / "g") + " --dtype f32", 5, "overflows f32; use --dtype f64");
  refused(good, "--method polynomial --gradient " + (scratch / "g") + " --dtype f32 --error 1e43", 5, "overflows f32");
  huge.at(1, 2) = std::nan("");
  write_matrix(scratch / "g", huge);
  refused(good, "--gradient " + (scratch / "g"), 6, "not a finite number");
  for (const char* error : {"nan", "0", "inf", "x"})
    refused(good, std::string("--error ") + error, 2, "is not a positive number");
  refused(good, "--reference " + (scratch / "g"), 6, "a reference is an output of attend");
}

TEST_CASE("attend on inputs whose powers and products underflow states bounds that hold, or exit 5 with the number") {
  const Scratch scratch;
  const std::string found = std::string(GAPWRIGHT_TEST_DATA) + "/found/";
  for (const std::string name : {"u1", "u3", "polynomial-remez", "f32-subnormal", "att-masked-1e9", "extreme"}) {
    const Attention a = read_attention(InputFile(InputBytes::open(found + name + ".safetensors")));
    const Truth truth = truth_of(a, Matrix(a.q.rows, a.values[0].columns));
    for (const std::string options :
         {"exact", "exact --dtype f64", "exact --dtype f32", "polynomial", "polynomial --dtype f32", "polynomial --error 1e-9"}) {
      CAPTURE(name);
      CAPTURE(options);
      const Ran ran = run(scratch, "attend " + found + name + ".safetensors --method " + options + " -o " + (scratch / "out"));
      if (ran.code == 5) {
        CHECK(ran.error.find("may reach") != std::string::npos);
        CHECK(options.find("exact") == std::string::npos);
        continue;
      }
      REQUIRE(ran.code == 0);
      const Safetensors file = read_safetensors(InputBytes::open(scratch / "out"));
      const double bound = std::stod(file.metadata.at("error_bound"));
      for (std::size_t x = 0; x < truth.out.entries.size(); ++x)
        CHECK(over_bound(element(file.tensors.at("out"), x), truth.out.entries[x], bound) <= 1);
    }
  }
}

TEST_CASE("a gradient file states a bound for every tensor, the rounding to f32 counted") {
  const Scratch scratch;
  const std::string found = std::string(GAPWRIGHT_TEST_DATA) + "/found/";
  const Attention a = read_attention(InputFile(InputBytes::open(found + "g32.safetensors")));
  Matrix upstream(a.q.rows, a.values[0].columns);
  const Safetensors given = read_safetensors(InputBytes::open(found + "g32-up.safetensors"));
  for (std::size_t x = 0; x < upstream.entries.size(); ++x) upstream.entries[x] = element(given.tensors.begin()->second, x);
  const Truth truth = truth_of(a, upstream);
  for (const std::string options : {"exact", "exact --dtype f64", "polynomial", "polynomial --error 1e-7 --dtype f64"}) {
    CAPTURE(options);
    REQUIRE(run(scratch, "attend " + found + "g32.safetensors --method " + options + " --gradient " + found +
                             "g32-up.safetensors -o " + (scratch / "out"))
                .code == 0);
    const Safetensors file = read_safetensors(InputBytes::open(scratch / "out"));
    const auto within = [&](const std::string& name, const TrueMatrix& m) {
      CAPTURE(name);
      const double bound = std::stod(file.metadata.at(name == "out" ? "error_bound" : "error_bound_" + name));
      for (std::size_t x = 0; x < m.entries.size(); ++x)
        CHECK(over_bound(element(file.tensors.at(name), x), m.entries[x], bound) <= 1);
    };
    within("out", truth.out);
    within("dq", truth.q);
    within("dk1", truth.keys[0]);
    within("dv1", truth.values[0]);
  }
}

TEST_CASE("a reference that lies outside both bounds refutes one of them: exit 3, one line, nothing written") {
  const Scratch scratch;
  const Attention a = random_attention(6, 4, 1, 3, 1);
  write_attention(scratch / "in", a);
  Matrix out = exact_attention(a).out;
  const auto reference = [&](double radius) {
    const TensorPlan plan{
        "out", Dtype::f64, {out.rows, out.columns}, [&](const auto& sink) { sink(std::as_bytes(std::span(out.entries))); }};
    write_safetensors(scratch / "reference", {{"error_bound", std::to_string(radius)}}, std::span(&plan, 1));
    return run(scratch, "attend " + (scratch / "in") + " --reference " + (scratch / "reference") + " -o " + (scratch / "out"));
  };
  out.at(3, 2) += 0.25;
  CHECK(reference(0.251).code == 0);
  std::filesystem::remove(scratch / "out");
  const Ran ran = reference(0.249);
  CHECK(ran.code == 3);
  CHECK(ran.error.find("differs from") != std::string::npos);
  CHECK(std::count(ran.error.begin(), ran.error.end(), '\n') == 1);
  CHECK_FALSE(std::filesystem::exists(scratch / "out"));
  out.at(0, 0) = std::numeric_limits<double>::quiet_NaN();  // agrees with nothing
  CHECK(reference(1e9).code == 6);
  std::vector<std::int64_t> whole(out.entries.size(), 1);
  const TensorPlan plan{
      "out", Dtype::i64, {out.rows, out.columns}, [&](const auto& sink) { sink(std::as_bytes(std::span(whole))); }};
  write_safetensors(scratch / "integers", {{"error_bound", "1"}}, std::span(&plan, 1));
  CHECK(run(scratch, "attend " + (scratch / "in") + " --reference " + (scratch / "integers") + " -o " + (scratch / "out")).code ==
        6);
}

TEST_CASE("gen attention refuses sizes that make no input") {
  const Scratch scratch;
  for (const std::string options : {"--rows 0 --dimension 3", "--rows 3 --dimension 0",
                                    "--rows 3 --dimension 3 --entry-bound nan", "--rows 3 --dimension 3 --entry-bound -1"}) {
    CHECK(run(scratch, "gen attention " + options + " -o " + (scratch / "out")).code == 2);
    CHECK_FALSE(std::filesystem::exists(scratch / "out"));
  }
}
