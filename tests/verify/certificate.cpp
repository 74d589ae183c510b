// SPDX-License-Identifier: MIT
#include "verify/certificate.hpp"

#include <doctest/doctest.h>

#include "checker/check.hpp"
#include "checker/errors.hpp"
#include "instances/files/instance_files.hpp"
#include "support/errors.hpp"
#include "support/sha256.hpp"
#include "tests/multiplier.hpp"
#include "tests/random_instances.hpp"
#include "tests/support.hpp"
#include "verify/attention_counts.hpp"
#include "verify/checkpoint.hpp"
#include "verify/recover_bits.hpp"
#include "verify/weight_quotient.hpp"

using namespace gapwright;

namespace {

/// Any origin: either sign, any values, few distinct or many inner products, gamma = 0 now and then.
BitAttention random_input(Random& random) {
  BitAttention a;
  const std::size_t columns = 1 + random.below(12), order = 2 + random.below(2);
  const auto bits = [&](std::size_t rows) {
    BitMatrix m(rows, columns);
    for (std::size_t r = 0; r < rows; ++r)
      for (std::size_t c = 0; c < columns; ++c) m.set(r, c, random.below(3) != 0);
    return m;
  };
  a.sign = random.bit() ? 1 : -1;
  a.queries = bits(1 + random.below(9));
  for (std::size_t u = 1; u < order; ++u) {
    a.keys.push_back(bits(1 + random.below(7)));
    std::vector<std::uint8_t> values(a.keys.back().rows);
    for (auto& v : values) v = random.below(4) != 0;
    a.values.push_back(values);
  }
  a.terms.softmax_scale = random.below(8) == 0 ? 0.0 : 1.0 / static_cast<double>(columns);
  a.terms.entry_bound = 0.5 + 3 * random.unit();
  const std::uint64_t middle = random.below(100);
  a.terms.yes_at_least = mpq_class(2 * middle + 3, 203);
  a.terms.no_at_most = mpq_class(2 * middle + 1, 203);
  return a;
}

struct Certified {
  Answer answer = Answer::undecided;
  std::string certificate, file;
};

/// The file of the input, and its certificate as decide makes it.
Certified certify(
    const BitAttention& a, CountMethod method, const std::function<void(Recording&)>& before = [](Recording&) {}) {
  const test::TemporaryFolder folder;
  write_attention(folder.file("a"), a);
  Certified result;
  result.file = test::read_text(folder.file("a"));
  const Attention attention = read_attention(InputFile(InputBytes::open(folder.file("a"))));
  const auto bits = recover_bits(attention).bits;
  REQUIRE(bits.has_value());
  Recording recording;
  before(recording);
  const Verdict verdict = decide_by_counts(*bits, method, {}, {}, &recording);
  result.answer = verdict.answer;
  if (verdict.answer != Answer::undecided && (verdict.answer == Answer::no || verdict.witness))
    result.certificate = attention_certificate({{sha256_hex(result.file)}, "", verdict.method}, attention.terms, *bits, verdict,
                                               recording, std::nullopt, {});
  return result;
}

std::string fate(const std::string& certificate, const std::string& file, const checker::Options& options = {}) {
  try {
    const auto accepted = checker::check({"certificate", certificate}, {{"file", file}}, options);
    return accepted.complete ? "accepted" : "sampled";
  } catch (const checker::Rejected& e) {
    return std::string("rejected: ") + e.what();
  } catch (const checker::BadInput& e) {
    return std::string("bad: ") + e.what();
  }
}

}  // namespace

TEST_CASE("floors of quotients of exponentials are exact, whole numbers included") {
  WeightQuotient half;
  half.add(0, 1, 2);
  CHECK(half.scaled_floor(64) == mpz_class(1) << 63);
  WeightQuotient third;
  third.add(mpq_class(5, 7), 1, 3);  // e^x cancels: no precision decides, the coefficients do
  third.add(mpq_class(-2, 9), 2, 6);
  CHECK(third.scaled_floor(2) == 1);
  WeightQuotient quarter;
  quarter.add(mpq_class(5, 7), 1, 4);
  quarter.add(mpq_class(-2, 9), 2, 8);
  CHECK(quarter.scaled_floor(100) == mpz_class(1) << 98);
  WeightQuotient almost = quarter;
  almost.add(-300, 0, 1);  // by 10^-130 less: only hundreds of bits see it
  CHECK(almost.scaled_floor(100) == (mpz_class(1) << 98) - 1);
  WeightQuotient e;  // e / (1 + e) = 0.73105857863000487925...
  e.add(1, 1, 1);
  e.add(0, 0, 1);
  CHECK(e.scaled_floor(64).get_str() == "13485650502877570762");
  WeightQuotient hair;  // differs from 1 by e^(-10^9): no ball of y sees it, the sign of its only coefficient does
  hair.add(0, 1, 1);
  hair.add(-1000000000, 0, 1);
  CHECK(hair.scaled_floor(64) == (mpz_class(1) << 64) - 1);
}

TEST_CASE("certificates of attention inputs of any origin are accepted, and say what decide says") {
  int yes = 0, no = 0;
  for (int round = 0; round < cases(60); ++round) {
    Random random(701, static_cast<std::uint64_t>(round));
    const BitAttention a = random_input(random);
    CAPTURE(round);
    for (const CountMethod method : {CountMethod::verdict, CountMethod::histogram}) {
      const Certified certified = certify(a, method);
      if (certified.certificate.empty()) continue;
      CHECK(fate(certified.certificate, certified.file) == "accepted");
      CHECK(certified.certificate.find(certified.answer == Answer::yes ? "\"verdict\":\"yes\"" : "\"verdict\":\"no\"") !=
            std::string::npos);
      (certified.answer == Answer::yes ? yes : no) += 1;
    }
  }
  CHECK(yes > 0);
  CHECK(no > 0);
}

TEST_CASE("a certificate does not fit another instance, and a sample is no proof") {
  Random random(702, 0);
  BitAttention a = random_input(random);
  Certified no;
  while (no.answer != Answer::no || a.queries.rows < 4) no = certify(a = random_input(random), CountMethod::histogram);
  CHECK(fate(no.certificate, no.file) == "accepted");
  CHECK(fate(no.certificate, no.file, {.sample = 2}) == "sampled");
  a.queries.set(0, 0, !a.queries.get(0, 0));
  const Certified other = certify(a, CountMethod::histogram);
  CHECK(fate(no.certificate, other.file).starts_with("rejected: inputs"));
  std::string grafted = no.certificate;  // the right hash, and still it does not hold
  grafted.replace(grafted.find(sha256_hex(no.file)), 64, sha256_hex(other.file));
  REQUIRE(grafted != other.certificate);
  CHECK(fate(grafted, other.file).starts_with("rejected: "));
}

TEST_CASE("a decision resumed after any row gives the certificate of one that was not stopped") {
  for (int round = 0; round < cases(30); ++round) {
    Random random(703, static_cast<std::uint64_t>(round));
    const BitAttention a = random_input(random);
    for (const CountMethod method : {CountMethod::verdict, CountMethod::histogram}) {
      std::string kept;
      const Certified whole = certify(a, method, [&](Recording& r) { r.kept = [&] { kept = recording_json(r); }; });
      if (whole.certificate.empty() || whole.answer == Answer::yes) continue;
      Recording all;
      read_recording(kept, all);
      CHECK(all.counts.rows() == a.queries.rows);
      for (std::size_t rows = 0; rows <= a.queries.rows; ++rows) {
        const Certified resumed = certify(a, method, [&](Recording& r) {
          r.counts.cut = rows > 0 ? all.counts.cut : 0;
          for (const auto& [index, length] : all.counts.runs())
            for (std::size_t i = 0; i < length && r.counts.rows() < rows; ++i) r.counts.append(all.counts.distinct()[index]);
        });
        CHECK(resumed.certificate == whole.certificate);
      }
    }
  }
}

TEST_CASE("checkpoints are taken up by the same work only, and damage is noticed") {
  const test::TemporaryFolder folder;
  Recording recording;
  recording.counts.cut = 3;
  recording.counts.append({{1, 2, 0}, {5, 0, std::uint64_t{1} << 60}, 0, 0});
  recording.counts.append({{0, 0, 7}, {0, 0, 0}, 0, 0});
  recording.bounds.width = 64;
  recording.bounds.append(mpz_class("123456789012345678901234567890"));
  recording.bounds.append(-5);
  Checkpoint checkpoint(folder.file("c"), "work", 0);
  Recording taken;
  CHECK_FALSE(checkpoint.resume(taken));
  checkpoint.keep(recording);
  CHECK(checkpoint.resume(taken));
  CHECK(recording_json(taken) == recording_json(recording));
  CHECK(folder.entries() == 1);
  CHECK(test::message_of<BadInstance>([&] { Checkpoint(folder.file("c"), "other work", 0).resume(taken); }).find("other work") !=
        std::string::npos);
  std::string text = test::read_text(folder.file("c"));
  text[text.find("[[0,1]") + 2] = '1';
  test::write_text(folder.file("c"), text);
  CHECK(test::message_of<BadInstance>([&] { checkpoint.resume(taken); }).find("damaged") != std::string::npos);
  checkpoint.remove();
  CHECK(folder.entries() == 0);
  Checkpoint late(folder.file("c"), "work", 1000);
  late.keep(recording);
  CHECK(folder.entries() == 0);
}

TEST_CASE("real entries: exact scores and counted bits enclose the same output, and their certificates are accepted") {
  int yes = 0, no = 0;
  for (int round = 0; round < cases(25); ++round) {
    Random random(704, static_cast<std::uint64_t>(round));
    Attention a;
    const std::size_t columns = 1 + random.below(4), order = 2 + random.below(2);
    const auto filled = [&](std::size_t rows, std::size_t width) {
      Matrix m(rows, width);
      for (double& x : m.entries) x = random.below(5) == 0 ? 0.0 : 4 * random.unit() - 2;
      return m;
    };
    a.q = filled(1 + random.below(4), columns);
    for (std::size_t u = 1; u < order; ++u) {
      a.keys.push_back(filled(1 + random.below(5), columns));
      a.values.push_back(filled(a.keys.back().rows, 2));
    }
    a.terms.softmax_scale = random.bit() ? 0.75 : -1.5;
    a.terms.entry_bound = 2;
    a.terms.yes_at_least = mpq_class(static_cast<long>(random.below(60)) - 20, 31);
    a.terms.no_at_most = *a.terms.yes_at_least - mpq_class(1, 1000);
    const test::TemporaryFolder folder;
    write_attention(folder.file("a"), a);
    const std::string file = test::read_text(folder.file("a"));
    a = read_attention(InputFile(InputBytes::open(folder.file("a"))));
    Recording recording;
    const Verdict verdict = decide_by_exact_scores(a, {}, recording);
    if (verdict.answer == Answer::undecided) continue;
    (verdict.answer == Answer::yes ? yes : no) += 1;
    const std::string certificate = attention_certificate({{sha256_hex(file)}, "", ""}, a, verdict, recording, std::nullopt);
    CHECK(fate(certificate, file) == "accepted");
  }
  CHECK(yes > 0);
  CHECK(no > 0);
}
