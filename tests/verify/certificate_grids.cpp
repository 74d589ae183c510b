// SPDX-License-Identifier: MIT
// Certificates of inputs whose thresholds lie far closer together than 2^-64: they are written on a finer grid, which the checker accepts.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "checker/check.hpp"
#include "checker/errors.hpp"
#include "instances/files/instance_files.hpp"
#include "support/decimal.hpp"
#include "support/errors.hpp"
#include "support/sha256.hpp"
#include "tests/support.hpp"
#include "verify/certified.hpp"

using namespace gapwright;

namespace {

/// One query; keys and values by rows.
Attention attention_of(std::vector<double> query, const std::vector<std::vector<double>>& keys, const std::vector<double>& values,
                       const std::string& yes, const std::string& no) {
  Attention a;
  a.q = Matrix(1, query.size());
  a.q.entries = query;
  a.keys = {Matrix(keys.size(), query.size())};
  a.values = {Matrix(keys.size(), 1)};
  for (std::size_t j = 0; j < keys.size(); ++j) {
    for (std::size_t c = 0; c < query.size(); ++c) a.keys[0].at(j, c) = keys[j][c];
    a.values[0].at(j, 0) = values[j];
  }
  a.terms.softmax_scale = 1;
  a.terms.yes_at_least = parse_decimal(yes);
  a.terms.no_at_most = parse_decimal(no);
  for (const Matrix* m : {&a.q, &a.keys[0]})
    for (const double x : m->entries) a.terms.entry_bound = std::max(a.terms.entry_bound, std::abs(x));
  return a;
}

std::string fate(const std::string& certificate, const std::string& file) {
  try {
    checker::check({"certificate", certificate}, {{"file", file}}, {});
    return "accepted";
  } catch (const std::exception& e) {
    return e.what();
  }
}

struct Made {
  Answer answer;
  std::string certificate, file;
};

Made certified(const Attention& a, Recording recording = {}, const Precision& precision = {}) {
  const test::TemporaryFolder folder;
  write_attention(folder.file("a"), a);
  const std::string file = test::read_text(folder.file("a"));
  const Attention read = read_attention(InputFile(InputBytes::open(folder.file("a"))));
  const Lift lift = [](const auto&) { return std::nullopt; };
  const auto made = certify(read, CountMethod::verdict, precision, {{sha256_hex(file)}, "", ""}, lift, {}, recording);
  return {made.answer.answer, made.certificate ? made.certificate() : "", file};
}

/// The certificate says this width, is accepted, and at half or twice the width is not.
void check_width(const Made& made, unsigned long width) {
  const std::string said = "\"width\":" + std::to_string(width);
  CHECK(made.certificate.find(said + ",") != std::string::npos);
  CHECK(fate(made.certificate, made.file) == "accepted");
  for (const unsigned long other : {width / 2, width * 2}) {
    std::string changed = made.certificate;
    for (std::size_t at = 0; (at = changed.find(said, at)) != std::string::npos; ++at)
      changed.replace(at, said.size(), "\"width\":" + std::to_string(other));
    CHECK(fate(changed, made.file) != "accepted");
  }
}

}  // namespace

TEST_CASE("certificate grids: bits with thresholds of 1e-2000 and 1e-5000") {
  const auto bits = [](double b, bool orthogonal, const std::string& yes, const std::string& no) {
    return certified(attention_of({-b, -b, 0}, {{orthogonal ? 0 : b, 0, b}, {0, b, b}, {0, 0, 0}}, {1, 1, 0}, yes, no));
  };
  const Made small = bits(64, false, "1e-2000", "1e-3000");
  CHECK(small.answer == Answer::yes);
  check_width(small, 8192);
  const Made large = bits(1e5, false, "1e-5000", "0");
  CHECK(large.answer == Answer::no);
  check_width(large, 32768);
  const Made seen = bits(1e5, true, "1e-5000", "0");
  CHECK(seen.answer == Answer::yes);
  check_width(seen, 64);
  const Made nothing = bits(1e150, false, "0.3", "0.1");
  CHECK(nothing.answer == Answer::no);
  check_width(nothing, 64);
}

TEST_CASE("certificate grids: real entries whose middle needs more than 64 places") {
  const auto real = [](double key, const std::string& yes, const std::string& no, double value = 1) {
    return certified(attention_of({2}, {{0.5}, {key}}, {0, value}, yes, no));
  };
  const Made no = real(-300, "1e-200", "1e-270");  // e^-601 is about 1e-261
  CHECK(no.answer == Answer::no);
  check_width(no, 1024);
  const Made yes = real(-300, "1e-262", "1e-270");
  CHECK(yes.answer == Answer::yes);
  check_width(yes, 1024);
  CHECK(real(-1e9, "1e-200", "0").answer == Answer::no);
  check_width(real(-1e9, "1e-5000", "0"), 32768);  // more than the 4096 bits at which precision gives up: the gap asks for them
  check_width(real(-1e9, "1", "-1", -1), 64);      // -e^(-2 10^9 - 1) is below the middle 0, where its enclosure ends
}

TEST_CASE("certificate grids: an output in the middle is undecided, one that no grid tells from it is a limit") {
  const auto halves = [](double second, const std::string& yes, const std::string& no) {
    return attention_of({1, 2}, {{0.5, 0.25}, {second, 0.25}}, {1, 0}, yes, no);
  };
  CHECK(certified(halves(0.5, "0.75", "0.25")).answer == Answer::undecided);
  CHECK(certified(halves(0.5, "0.75", "0.25"), {}, {64, 1L << 20}).answer == Answer::undecided);
  CHECK(certified(halves(0.5, "0.625", "0.25")).answer == Answer::yes);
  const Attention near = attention_of({1, 2}, {{0.5, 0.25}, {-1e9, 0.25}}, {0, 1}, "0.5", "-0.5");
  CHECK(test::message_of<LimitReached>([&] { certified(near); }).find("4096 binary places") != std::string::npos);
  CHECK(test::message_of<LimitReached>([&] { certified(near, {}, {16, 100}); }).find("128 binary places") != std::string::npos);
}

TEST_CASE("certificate grids: a recording that a coarse grid leaves open is taken up, and begun anew on a finer one") {
  const Attention a = attention_of({2}, {{0.5}, {-300}}, {0, 1}, "1e-200", "1e-270");
  Recording coarse;
  coarse.bounds.width = 64;
  coarse.bounds.append(0);
  const std::string certificate = certified(a).certificate;
  CHECK(certified(a, coarse).certificate == certificate);
}
