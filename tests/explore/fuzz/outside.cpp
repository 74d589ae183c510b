// SPDX-License-Identifier: MIT
// What judges the files of other programs: every statement of a file and of a lift table has faults that must be caught on some formula
// of a short campaign, and correct variants that must pass on all of them.
#include "explore/fuzz/outside.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cmath>
#include <set>

#include "instances/files/lift_file.hpp"
#include "reductions/orthogonal_vectors_to_attention.hpp"
#include "reductions/sat_to_orthogonal_vectors.hpp"
#include "support/decimal.hpp"
#include "tests/explore/fuzz/raw_file.hpp"

using namespace gapwright;
using test::RawFile;

namespace {

constexpr std::size_t kFormulas = 14;

/// What a program wrote: the target and its lift table.
struct Written {
  Cnf cnf;
  RawFile file;
  LiftTable table;
};
using Edit = std::function<void(Written&)>;

struct Variant {
  std::string name;
  std::optional<OutsideOutcome> caught;  ///< none: it is correct
  Edit edit;
};

LiftStep bits_step(std::size_t variables, std::size_t order) {
  LiftStep step;
  step.rule = "cnf -> orthogonal-vectors";
  step.kind = LiftStep::Kind::bits;
  std::int32_t v = 0;
  for (std::size_t u = 0; u < order; ++u) {
    step.variables.emplace_back();
    for (std::size_t b = 0; b < variables / order + (u < variables % order); ++b) step.variables.back().push_back(++v);
  }
  return step;
}

Written vectors_of(const Cnf& cnf, std::size_t order) {
  Written w{cnf, {}, {"orthogonal-vectors", "cnf", {bits_step(cnf.variables, order)}}};
  w.file.metadata = {{"problem", "orthogonal-vectors"}, {"order", std::to_string(order)}};
  const OrthogonalVectors ov = SatToOrthogonalVectors(w.cnf, order).target(0);
  for (std::size_t u = 0; u < order; ++u) w.file.tensors.push_back(test::raw("x" + std::to_string(u), ov.sets[u], "U8"));
  return w;
}

Written attention_of(const Cnf& cnf, std::size_t order) {
  const OrthogonalVectors ov = SatToOrthogonalVectors(cnf, order).target(0);
  const BitAttention bits = OrthogonalVectorsToAttention(ov).target(0);
  const Attention a = written_out(bits);
  Written w{cnf, {}, {"attention", "cnf", {}, true}};
  LiftStep rows;
  rows.rule = "orthogonal-vectors -> attention";
  for (const BitMatrix& set : ov.sets) rows.rows.push_back(set.rows);
  rows.sizes = rows.rows;
  w.table.steps = {rows, bits_step(cnf.variables, order)};
  w.file.metadata = {{"problem", "attention"},
                     {"order", std::to_string(order)},
                     {"softmax_scale", fmt::format("{:.17g}", a.terms.softmax_scale)},
                     {"entry_bound", fmt::format("{:.17g}", a.terms.entry_bound)},
                     {"yes_at_least", decimal_down(*a.terms.yes_at_least, 30)},
                     {"no_at_most", decimal_up(*a.terms.no_at_most, 30)}};
  w.file.tensors.push_back(test::raw("q", a.q));
  for (std::size_t u = 1; u < order; ++u) {
    w.file.tensors.push_back(test::raw("k" + std::to_string(u), a.keys[u - 1]));
    w.file.tensors.push_back(test::raw("v" + std::to_string(u), a.values[u - 1]));
  }
  return w;
}

/// d - <a, b> = sum_c (1 - a_c) 1 + a_c (1 - b_c): a many-one reduction from 2-OV with t = d and s_no = d - 1.
Written gap_of(const Cnf& cnf, bool real) {
  const OrthogonalVectors ov = SatToOrthogonalVectors(cnf, 2).target(0);
  const std::size_t d = ov.dimension;
  Written w{cnf, {}, {"gap-max-ip", "cnf", {bits_step(cnf.variables, 2)}, true}};
  w.file.metadata = {
      {"problem", "gap-max-ip"}, {"order", "2"}, {"yes_at_least", std::to_string(d)}, {"no_at_most", std::to_string(d - 1)}};
  for (std::size_t u = 0; u < 2; ++u) {
    BitMatrix m(ov.sets[u].rows, 2 * d);
    for (std::size_t r = 0; r < m.rows; ++r)
      for (std::size_t c = 0; c < d; ++c) {
        m.set(r, 2 * c, u == 1 || !ov.sets[0].get(r, c));
        m.set(r, 2 * c + 1, ov.sets[u].get(r, c) == (u == 0));
      }
    w.file.tensors.push_back(test::raw("x" + std::to_string(u), m, real ? "F64" : "U8"));
    for (double& x : w.file.tensors.back().entries) x *= !real ? 1 : u == 0 ? 1.0 / 3 : 3;
  }
  if (real) w.file.metadata["rounding"] = "1e-12";
  return w;
}

/// One coin a coordinate, one block, the message 0: a coin accepts iff the product is 0.
Written factored_of(const Cnf& cnf) {
  const OrthogonalVectors ov = SatToOrthogonalVectors(cnf, 2).target(0);
  const std::size_t d = ov.dimension, q = 4;
  Written w{cnf, {}, {"gap-max-ip", "cnf", {bits_step(cnf.variables, 2)}, true}};
  w.file.metadata = {{"problem", "gap-max-ip"},
                     {"form", "factored"},
                     {"order", "2"},
                     {"yes_at_least", std::to_string(d)},
                     {"no_at_most", std::to_string(d - 1)}};
  for (std::size_t u = 0; u < 2; ++u) {
    w.file.tensors.push_back(test::raw("x" + std::to_string(u), ov.sets[u], "U16"));
    w.file.tensors.back().shape = {ov.sets[u].rows, d, 1};
  }
  test::RawTensor sum{"field_sum", "U16", {q, q}, {}}, product{"field_product", "U16", {q, q}, {}},
      systematic{"systematic", "U16", {d}, {}};
  const int logarithm[] = {-1, 0, 1, 2}, power[] = {1, 2, 3};  // 2 = x, 3 = x + 1 = x^2
  for (std::size_t a = 0; a < q; ++a)
    for (std::size_t b = 0; b < q; ++b) {
      sum.entries.push_back(static_cast<double>(a ^ b));
      product.entries.push_back(a * b == 0 ? 0 : power[(logarithm[a] + logarithm[b]) % 3]);
    }
  for (std::size_t x = 0; x < d; ++x) systematic.entries.push_back(static_cast<double>(x));
  w.file.tensors.push_back({"message", "U16", {d}, std::vector<double>(d)});
  w.file.tensors.insert(w.file.tensors.end(), {sum, product, systematic});
  return w;
}

/// The formulas of a short campaign; the first ones are corners.
void check_variants(const std::function<Written(const Cnf&)>& write, std::size_t order, const std::vector<Variant>& variants) {
  for (const Variant& variant : variants) {
    CAPTURE(variant.name);
    std::set<OutsideOutcome> met;
    std::string reason;
    for (std::size_t i = 0; i < kFormulas; ++i) {
      Written w = write(outside_formula(1, i));
      variant.edit(w);
      const OutsideRule rule{{"program", "{lift}"}, w.table.from, order, {}};
      const OutsideFinding finding = judge_outside_files(rule, w.cnf, test::text_of(w.file), lift_json(w.table));
      met.insert(finding.outcome);
      if (finding.outcome != OutsideOutcome::agrees) reason = finding.reason;
    }
    CAPTURE(reason);
    if (variant.caught)
      CHECK(met.contains(*variant.caught));
    else
      CHECK(met == std::set{OutsideOutcome::agrees});
  }
}

bool satisfiable(const Cnf& cnf) {
  for (std::uint64_t bits = 0; bits < std::uint64_t{1} << cnf.variables; ++bits) {
    Cnf::Witness assignment(cnf.variables);
    for (std::size_t v = 0; v < cnf.variables; ++v) assignment[v] = (bits >> v) & 1;
    if (accepts(cnf, assignment)) return true;
  }
  return false;
}

Edit said(const std::string& key, const std::string& value) {
  return [=](Written& w) { w.file.metadata[key] = value; };
}
Edit expected(bool right) {
  return [=](Written& w) { w.file.metadata["expected"] = satisfiable(w.cnf) == right ? "yes" : "no"; };
}
/// The number under the key times a factor, in 17 digits.
Edit times(const std::string& key, double factor) {
  return [=](Written& w) { w.file.metadata[key] = fmt::format("{:.17g}", std::stod(w.file.metadata.at(key)) * factor); };
}
/// A threshold moved by 1e-30 of itself, as a decimal.
Edit moved(const std::string& key, bool up) {
  return [=](Written& w) {
    const mpq_class x = parse_decimal(w.file.metadata.at(key)), hair(mpz_class(1), mpz_class("1000000000000000000000000"));
    w.file.metadata[key] = decimal_down(up ? mpq_class(x + hair) : mpq_class(x - hair), 60);
  };
}
/// B rounded up to f32, which the thresholds allow, and a bound some units in the last place above.
Edit in_f32(int units) {
  return [=](Written& w) {
    const float entry = std::nextafter(std::stof(w.file.metadata.at("entry_bound")), INFINITY);
    for (auto& t : w.file.tensors) {
      t.dtype = "F32";
      if (!t.name.starts_with("v"))
        for (double& x : t.entries) x = x == 0 ? 0 : std::copysign(entry, x);
    }
    w.file.metadata["entry_bound"] = fmt::format("{:.17g}", entry * (1 + units * 0x1p-23));
  };
}
Edit step_of(std::size_t i, const std::function<void(LiftStep&)>& edit) {
  return [=](Written& w) { edit(w.table.steps.at(i)); };
}

const Variant kHonest{"as written", {}, [](Written&) {}};
constexpr auto kWrong = OutsideOutcome::contradicts, kOutside = OutsideOutcome::outside_promise,
               kMisstated = OutsideOutcome::misstated, kLift = OutsideOutcome::lift_fails, kBad = OutsideOutcome::bad_output,
               kUndecided = OutsideOutcome::undecided;

}  // namespace

TEST_CASE("outside: every statement of an attention file has faults that are caught, and correct variants that pass") {
  const std::vector<Variant> variants{
      kHonest,
      {"no metadata but what is needed",
       {},
       [](Written& w) {
         for (const char* key : {"problem", "order", "entry_bound"}) w.file.metadata.erase(key);
       }},
      {"expected stated", {}, expected(true)},
      {"expected false", kMisstated, expected(false)},
      {"expected always yes", kMisstated, said("expected", "yes")},
      {"expected maybe", kBad, said("expected", "maybe")},
      {"entry bound with 15 digits, rounded up",
       {},
       [](Written& w) {
         w.file.metadata["entry_bound"] =
             fmt::format("{:.17g}", std::nextafter(std::stod(w.file.metadata["entry_bound"]), INFINITY));
       }},
      {"entry bound 1000 times too large", kMisstated, times("entry_bound", 1000)},
      {"entry bound twice too large", kMisstated, times("entry_bound", 2)},
      {"entry bound of balanced real vectors",
       {},
       [](Written& w) {
         times("entry_bound", 1.41)(w);
         said("embedding", "sharp")(w);
       }},
      {"entry bound beyond that of balanced real vectors", kMisstated,
       [](Written& w) {
         times("entry_bound", 1.42)(w);
         said("embedding", "sharp")(w);
       }},
      {"entry bound one in a million too large", kMisstated, times("entry_bound", 1 + 1e-6)},
      {"entry bound beyond doubles", kBad, said("entry_bound", "1e999")},
      {"entry bound too small", kBad, times("entry_bound", 0.99)},
      {"entries in f32, the bound one unit of f32 above them", {}, in_f32(1)},
      {"entries in f32, the bound four units of f32 above them", kMisstated, in_f32(4)},
      {"scale a thousandth", kOutside, times("softmax_scale", 1e-3)},
      {"scale negative", kWrong, times("softmax_scale", -1)},
      {"yes threshold a hair too high", kOutside, moved("yes_at_least", true)},
      {"yes threshold lower", {}, times("yes_at_least", 0.75)},
      {"no threshold higher, below yes", {}, said("no_at_most", "0.25")},
      {"no threshold 0", kOutside, said("no_at_most", "0")},
      {"thresholds crossed", kBad, [](Written& w) { std::swap(w.file.metadata["yes_at_least"], w.file.metadata["no_at_most"]); }},
      {"thresholds equal", kBad, [](Written& w) { w.file.metadata["no_at_most"] = w.file.metadata["yes_at_least"]; }},
      {"no gap: yes from 3, no up to 100", kBad,
       [](Written& w) {
         w.file.metadata["yes_at_least"] = "3";
         w.file.metadata["no_at_most"] = "100";
       }},
      {"yes beyond all outputs", kOutside, said("yes_at_least", "3")},
      {"a threshold missing", kBad, [](Written& w) { w.file.metadata.erase("no_at_most"); }},
      {"order 3", kBad, said("order", "3")},
      {"another problem", kBad, said("problem", "gap-max-ip")},
      {"embedding said", {}, said("embedding", "direct")},
      {"embedding centred, but keys are not", kMisstated, said("embedding", "direct-centred")},
      {"causal false", {}, said("causal", "false")},
      {"causal true", kUndecided, said("causal", "true")},
      {"causal True", kBad, said("causal", "True")},
      {"a column of q missing", kBad,
       [](Written& w) {
         auto& q = w.file.at("q");
         q.entries.resize(q.entries.size() - q.shape[0]);
         --q.shape[1];
       }},
      {"values of pads 1", kWrong,
       [](Written& w) {
         for (double& v : w.file.at("v1").entries) v = 1;
       }},
  };
  check_variants([](const Cnf& cnf) { return attention_of(cnf, 2); }, 2, variants);
}

TEST_CASE("outside: every statement of a lift table has faults that are caught, and correct variants that pass") {
  const std::vector<Variant> variants{
      kHonest,
      {"no bijection claimed", {}, [](Written& w) { w.table.bijection = false; }},
      {"the witness rule said", {}, [](Written& w) { w.table.witness = AttentionWitness{}; }},
      {"witness rule that takes no tuple", kLift,
       [](Written& w) {
         w.table.witness = AttentionWitness{1, 1000};
       }},
      {"witness rule that takes all tuples", kLift,
       [](Written& w) {
         w.table.witness = AttentionWitness{1, 0};
       }},
      {"from another problem", kBad, [](Written& w) { w.table.from = "gap-max-ip"; }},
      {"to another problem", kBad, [](Written& w) { w.table.to = "attention"; }},
      {"a vector too few", kMisstated,
       step_of(0,
               [](LiftStep& s) {
                 if (s.rows[1] > 1) --s.rows[1];
               })},
      {"the pad called a vector", kMisstated,
       step_of(0,
               [](LiftStep& s) {
                 ++s.rows[1];
                 ++s.sizes[1];
               })},
      {"the pad called a vector, the sizes kept", kMisstated, step_of(0, [](LiftStep& s) { ++s.rows[1]; })},
      {"a query too many", kMisstated, step_of(0, [](LiftStep& s) { ++s.rows[0]; })},
      {"a query too few", kLift,
       step_of(0,
               [](LiftStep& s) {
                 if (s.rows[0] > 1) --s.rows[0];
               })},
      {"from the second row on", kMisstated,
       step_of(0,
               [](LiftStep& s) {
                 s.first = {0, 1};
               })},
      {"sizes too large", kMisstated, step_of(0, [](LiftStep& s) { s.sizes[1] *= 4; })},
      {"sizes halved", kLift, step_of(0, [](LiftStep& s) { s.sizes[1] = std::max<std::uint64_t>(1, s.sizes[1] / 2); })},
      {"shifted by one", kLift,
       step_of(0,
               [](LiftStep& s) {
                 s.shift = {0, 1};
               })},
      {"shifted once around", {}, step_of(0, [](LiftStep& s) { s.shift = s.sizes; })},
      {"a set missing", kMisstated,
       step_of(0,
               [](LiftStep& s) {
                 s.rows.pop_back();
                 s.sizes.pop_back();
               })},
      {"a set of the last step missing", kMisstated, step_of(1, [](LiftStep& s) { s.variables.pop_back(); })},
      {"variables of a set exchanged", kLift,
       step_of(1, [](LiftStep& s) { std::reverse(s.variables[0].begin(), s.variables[0].end()); })},
      {"the sets exchanged", kLift, step_of(1, [](LiftStep& s) { std::swap(s.variables[0], s.variables[1]); })},
      {"a literal negated", kLift,
       [](Written& w) {
         LiftStep step;
         step.rule = "renamed";
         step.kind = LiftStep::Kind::literals;
         for (std::size_t v = 1; v <= w.cnf.variables; ++v) step.literals.push_back(v == 1 ? -1 : static_cast<std::int32_t>(v));
         w.table.steps.push_back(step);
       }},
      {"a variable too many", kMisstated,
       step_of(1,
               [](LiftStep& s) {
                 std::int32_t next = 1;
                 for (const auto& set : s.variables) next += static_cast<std::int32_t>(set.size());
                 s.variables[0].push_back(next);
               })},
      {"the last step missing", kMisstated, [](Written& w) { w.table.steps.pop_back(); }},
  };
  check_variants([](const Cnf& cnf) { return attention_of(cnf, 2); }, 2, variants);
}

TEST_CASE("outside: order 3, vectors and Gap-k-MaxIP in all forms: faults are caught, correct variants pass") {
  check_variants([](const Cnf& cnf) { return attention_of(cnf, 3); }, 3,
                 {kHonest,
                  {"entry bound doubled", kMisstated, times("entry_bound", 2)},
                  {"expected false", kMisstated, expected(false)},
                  {"yes threshold a hair too high", kOutside, moved("yes_at_least", true)}});
  const auto lost_bit = [](Written& w) {
    for (double& x : w.file.at("x0").entries)
      if (x != 0) {
        x = 0;
        return;
      }
  };
  check_variants([](const Cnf& cnf) { return vectors_of(cnf, 3); }, 3,
                 {kHonest,
                  {"expected", {}, expected(true)},
                  {"expected false", kMisstated, expected(false)},
                  {"order", kBad, said("order", "2")},
                  {"a bit lost", kWrong, lost_bit},
                  {"problem", kBad, said("problem", "attention")}});
  const auto off_by_one = [](const char* key, int by) {
    return [=](Written& w) { w.file.metadata[key] = std::to_string(std::stoi(w.file.metadata[key]) + by); };
  };
  for (const bool real : {false, true})
    check_variants([=](const Cnf& cnf) { return gap_of(cnf, real); }, 2,
                   {kHonest,
                    {"expected false", kMisstated, expected(false)},
                    {"t too high", kOutside, off_by_one("yes_at_least", 1)},
                    {"t = s_no", kBad, off_by_one("yes_at_least", -1)},
                    {"s_no too high", kBad, off_by_one("no_at_most", 1)},
                    {"s_no negative", kBad, said("no_at_most", "-1")},
                    {"t no integer", kBad, said("yes_at_least", "1.5")}});
  check_variants([](const Cnf& cnf) { return gap_of(cnf, true); }, 2,
                 {{"rounding of a tenth", {}, said("rounding", "0.1")},
                  {"rounding too small", kMisstated, said("rounding", "1e-30")},
                  {"rounding half the gap", kBad, said("rounding", "0.5")},
                  {"form of bits", kBad, said("form", "explicit")}});
  const auto at = [](const char* name, std::size_t i, double value) {
    return [=](Written& w) { w.file.at(name).entries.at(i) = value; };
  };
  check_variants(factored_of, 2,
                 {kHonest,
                  {"expected false", kMisstated, expected(false)},
                  {"no coin systematic",
                   {},
                   [](Written& w) {
                     w.file.at("systematic") = {"systematic", "U16", {0}, {}};
                   }},
                  {"message not 0 at a systematic coin", kMisstated, at("message", 0, 2)},
                  {"sums of another group", kMisstated,
                   [](Written& w) {
                     for (std::size_t a = 0; a < 4; ++a)
                       for (std::size_t b = 0; b < 4; ++b)
                         w.file.at("field_sum").entries[4 * a + b] = static_cast<double>((a + b) % 4);
                   }},
                  {"a product wrong", kMisstated, at("field_product", 10, 1)},
                  {"0 + 1 = 0", kBad, at("field_sum", 1, 0)}});
}

TEST_CASE("outside: a field's tables are told from others of the same shape") {
  const auto tables = [](std::uint16_t q, const std::function<int(int, int)>& add, const std::function<int(int, int)>& multiply) {
    FieldTables f{2, q, {}, {}};
    for (int a = 0; a < q; ++a)
      for (int b = 0; b < q; ++b) {
        f.sum.push_back(static_cast<std::uint16_t>(add(a, b)));
        f.product.push_back(static_cast<std::uint16_t>(multiply(a, b)));
      }
    return f;
  };
  for (const std::uint16_t q : {2, 3, 4, 5, 6, 7, 9, 11}) {
    FieldTables f = tables(
        q, [=](int a, int b) { return (a + b) % q; }, [=](int a, int b) { return a * b % q; });
    f.characteristic = q;
    CHECK(is_field(f) == (q != 4 && q != 6 && q != 9));
    f.characteristic = q + 1;
    CHECK_FALSE(is_field(f));
  }
  FieldTables f = tables(
      5, [](int a, int b) { return (a + b) % 5; }, [](int a, int b) { return a * b % 5; });
  f.characteristic = 5;
  for (std::size_t i = 0; i < 25; ++i)
    for (std::uint16_t value = 0; value < 5; ++value)
      for (auto* table : {&f.sum, &f.product}) {
        FieldTables changed = f;
        (table == &f.sum ? changed.sum : changed.product)[i] = value;
        CHECK(is_field(changed) == (value == (*table)[i]));
      }
}
