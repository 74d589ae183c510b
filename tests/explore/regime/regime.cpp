// SPDX-License-Identifier: MIT
#include "explore/regime/regime.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <set>

#include "explore/regime/code_pair.hpp"
#include "explore/regime/formula_pair.hpp"
#include "explore/regime/predicted_bounds.hpp"
#include "explore/regime/regime_pictures.hpp"
#include "explore/regime/report_page.hpp"
#include "explore/regime/routes.hpp"
#include "reductions/gap_max_ip_to_attention.hpp"
#include "reductions/orthogonal_vectors_to_attention.hpp"
#include "support/fields_in_message.hpp"
#include "tests/support.hpp"
#include "verify/polynomial_certificate.hpp"

namespace gapwright {
namespace {

RegimeSweep small_sweep() {
  RegimeSweep sweep;
  sweep.orders = {2, 3};
  sweep.rows = {8, 16};
  sweep.per_log2 = {12};
  sweep.embeddings = {Embedding::sharp};
  sweep.families = {PairFamily::planted};
  sweep.seeds = {3};
  sweep.of_deciding = {0.2, 1.1};
  sweep.most_features = 100;
  sweep.prove = [](std::span<const double> coefficients, double lo, double hi) {
    const RatioBounds bounds = exponential_ratio_bounds(coefficients, mpq_class(lo), mpq_class(hi));
    return std::pair(bounds.least, bounds.most);
  };
  return sweep;
}

/// All records of a run that finds nothing known but `known`.
std::vector<Record> run(const RegimeSweep& sweep, unsigned threads = 1, std::map<std::string, Record> known = {}) {
  std::vector<Record> records;
  run_regime(sweep,
             {[&](const std::string& key) { return known.contains(key) ? &known[key] : nullptr; },
              [&](const Record& r) { records.push_back(r); }},
             {threads, nullptr, {}});
  return records;
}

std::string text_without_timing(std::vector<Record> records) {
  std::string text;
  for (Record& r : records) {
    CHECK(r.contains("timing"));
    r.erase("timing");
    text += r.dump() + "\n";
  }
  return text;
}

TEST_CASE("regime: gradients take the delta that separates losses, B and all, and refuse one that does not") {
  RegimeSweep sweep = small_sweep();
  sweep.orders = {2};
  sweep.rows = {8, 64, 128};
  sweep.embeddings = {Embedding::sharp, Embedding::direct};
  sweep.families = {PairFamily::tight};
  sweep.of_deciding = {};
  sweep.gradient = true;
  for (const Record& r : run(sweep)) {
    const std::size_t n = r.at("rows"), d = r.at("vector_dimension");
    const mpq_class delta = gradient_delta(n);
    const std::vector<mpz_class> sizes(2, mpz_class(n));
    CHECK(r.at("theorem_delta") == delta.get_d());
    if (r.at("embedding") == "direct") {
      const DirectEmbedding e = direct_embedding(sizes, d, {.delta = delta});
      CHECK(r.at("theorem_entry_bound") == e.entry_bound);
      CHECK(losses_separate(e.yes_at_least, e.no_at_most, n));
    } else {
      CHECK(r.at("theorem_entry_bound") ==
            gap_embedding(Embedding::sharp, sizes, d, pair_gap(Embedding::sharp, d), delta).entry_bound);
    }
  }
  sweep.delta = mpq_class(1, 16);
  CHECK(test::message_of<std::invalid_argument>([&] { run(sweep); }).find("at 128 rows the losses") != std::string::npos);
  sweep.rows = {64};
  CHECK(run(sweep).size() == 2);
}

TEST_CASE("regime: one boundary per pair, one point per entry bound, the same for any number of threads") {
  const auto records = run(small_sweep());
  CHECK(records.size() == 4 * 3);
  CHECK(text_without_timing(records) == text_without_timing(run(small_sweep(), 2)));
  for (const Record& r : records) {
    if (r["record"] == "boundary") continue;
    const bool above = r["of_deciding"].get<double>() > 1;
    CHECK(r["visible"] == above);
    if (above) CHECK(r["exact"]["decision"] == "right");
    CHECK(r["exact"]["error"].get<double>() <= r["exact"]["error_bound"].get<double>() + 1e-15);
    CHECK(r["polynomial"]["decision"] == (above ? "refused" : r["polynomial"]["decision"]));
    if (!above) {
      CHECK(r["polynomial"]["error"].get<double>() <= r["polynomial"]["certified_error"].get<double>());
      CHECK(r["polynomial"]["certified_error"].get<double>() <= 0.125);
      CHECK(r["half_length"].get<double>() <= r["polynomial"]["half_length"].get<double>());
      CHECK(r["constant_error"]["degree"].get<std::size_t>() <= r["polynomial"]["degree"].get<std::size_t>());
    }
    CHECK(2 * r["required_error"].get<double>() <= std::max(0.0, r["gap"]["lo"].get<double>()) + 1e-300);
  }
}

TEST_CASE("regime: what is there already is not computed again, and a new point alone is added") {
  RegimeSweep sweep = small_sweep();
  sweep.orders = {2};
  std::map<std::string, Record> known;
  for (const Record& r : run(sweep)) known.emplace(r["key"], r);
  CHECK(run(sweep, 1, known).empty());
  sweep.of_deciding.push_back(0.6);
  const auto added = run(sweep, 1, known);
  CHECK(added.size() == 2);
  for (const Record& r : added) CHECK(r["of_deciding"].get<double>() == doctest::Approx(0.6));
  known.erase(known.begin());
  CHECK(run(small_sweep(), 1, known).size() == 6 + 1);
}

TEST_CASE("regime: progress rises to one, and what is there already does not count as work") {
  RegimeSweep sweep = small_sweep();
  sweep.orders = {2};
  std::map<std::string, Record> known;
  std::vector<double> shown;
  const RegimeOutput output{[&](const std::string& key) { return known.contains(key) ? &known[key] : nullptr; },
                            [&](const Record& r) { known.emplace(r["key"], r); }};
  const RunControl control{1, nullptr, [&](double fraction) { shown.push_back(fraction); }};
  run_regime(sweep, output, control);
  REQUIRE(shown.size() >= 4);
  CHECK(std::is_sorted(shown.begin(), shown.end()));
  CHECK(shown.front() > 0);
  CHECK(shown.back() == doctest::Approx(1));
  sweep.rows.push_back(32);
  shown.clear();
  run_regime(sweep, output, control);
  CHECK(shown.size() == 3);
  CHECK(shown.back() == doctest::Approx(1));
}

TEST_CASE("regime: Ctrl-C ends a sweep with what it has") {
  std::atomic<int> stop{RunControl::run};
  std::vector<Record> records;
  const RegimeOutput output{[](const std::string&) { return nullptr; },
                            [&](const Record& r) {
                              records.push_back(r);
                              if (records.size() == 4) stop = RunControl::interrupted;
                            }};
  CHECK_THROWS_AS(run_regime(small_sweep(), output, {1, &stop, {}}), Interrupted);
  CHECK(records.size() == 4);
}

TEST_CASE("regime: an empty sweep is refused with what is missing") {
  const auto refused = [](auto empty) {
    RegimeSweep sweep = small_sweep();
    empty(sweep);
    return with_options(test::message_of<std::invalid_argument>([&] { pairs_of(sweep); }));
  };
  CHECK(refused([](RegimeSweep& s) { s.orders.clear(); }).starts_with("the sweep is empty: no orders"));
  CHECK(refused([](RegimeSweep& s) { s.rows.clear(); }).starts_with("the sweep is empty: no rows"));
  CHECK(refused([](RegimeSweep& s) { s.per_log2.clear(); }).starts_with("the sweep is empty: no dimensions"));
  CHECK(refused([](RegimeSweep& s) { s.embeddings.clear(); }).starts_with("the sweep is empty: no embeddings"));
  CHECK(refused([](RegimeSweep& s) { s.families.clear(); }).starts_with("the sweep is empty: no families"));
  CHECK(refused([](RegimeSweep& s) { s.seeds.clear(); }).starts_with("the sweep is empty: no seeds"));
  CHECK(refused([](RegimeSweep& s) { s.gap = 0.4; }).find("--gap") != std::string::npos);
  CHECK(refused([](RegimeSweep& s) { s.of_log = {-1}; }).find("--of-log") != std::string::npos);
}

TEST_CASE("regime: gradients decide from their own boundary on, with few oracle calls") {
  RegimeSweep sweep = small_sweep();
  sweep.gradient = true;
  sweep.orders = {2};
  sweep.rows = {8};
  const auto records = run(sweep);
  REQUIRE(records.size() == 3);
  CHECK(records[0]["record"] == "gradient-boundary");
  CHECK(records[2]["visible"] == true);
  CHECK(records[2]["exact"]["decision"] == "right");
  CHECK(records[2]["oracle"]["calls"].get<std::size_t>() < 200);
  CHECK(records[1]["visible"] == false);
  // Losses the wrong way round allow no error at all.
  CHECK(records[1]["loss_gap"]["hi"].get<double>() < 0);
  CHECK(records[1]["oracle"].is_null());
}

TEST_CASE("regime: multiples of B beyond what scores bear are refused with the option's name") {
  RegimeSweep sweep = small_sweep();
  const auto refusal = [&] { return with_options(test::message_of<std::invalid_argument>([&] { pairs_of(sweep); })); };
  sweep.of_log = {1000};  // at order 3 up to 100
  CHECK(refusal().starts_with("--of-log takes multiples above 0"));
  sweep.of_log = {100};
  CHECK_NOTHROW(pairs_of(sweep));
  sweep.of_deciding = {101};
  CHECK(refusal().starts_with("--of-deciding takes multiples"));
}

TEST_CASE("regime: formulas have the same columns, go on where they stopped, and draw their own pictures") {
  RegimeSweep sweep = small_sweep();
  sweep.orders = {2};
  sweep.rows = {4, 8, 16};
  sweep.per_log2.clear();
  sweep.per_variable = {4.26};
  sweep.embeddings = {Embedding::direct, Embedding::sharp};
  sweep.families = {PairFamily::ksat};
  const auto records = run(sweep);
  REQUIRE(records.size() == 6 * 3);
  std::map<std::string, Record> known;
  for (const Record& r : records) known.emplace(r["key"], r);
  CHECK(known.size() == records.size());
  CHECK(run(sweep, 1, known).empty());
  for (const Record& r : records) {
    CHECK(r["per_log"].is_null());
    CHECK(r["per_variable"] == 4.26);
    const auto n = r["rows"].get<std::size_t>();
    const std::size_t variables = n == 4 ? 4 : n == 8 ? 6 : 8;
    CHECK(r["vector_dimension"] == clauses_for(variables, 4.26));
    if (r["record"] == "boundary") {
      CHECK(r["formula"]["variables"] == variables);
      CHECK(r["formula"]["models"] >= 1);
      CHECK(r["formula"].contains("route") == (r["embedding"] == "sharp"));
      CHECK(r["deciding_entry_bound"]["hi"].get<double>() < r["theorem_entry_bound"].get<double>());
      CHECK(r["deciding_entry_bound"]["hi"].get<double>() <= r["worst_case_entry_bound"].get<double>());
      continue;
    }
    const bool above = r["of_deciding"].get<double>() > 1;
    CHECK(r["visible"] == above);
    if (above) CHECK(r["exact"]["decision"] == "right");
    CHECK(r["exact"]["error"].get<double>() <= r["exact"]["error_bound"].get<double>() + 1e-15);
  }
  Results results;
  results.records = records;
  const auto pictures = regime_pictures(results);
  const auto named = [&](const std::string& name) {
    return std::ranges::find_if(pictures, [&](const Picture& p) { return p.name == name; });
  };
  for (const char* name :
       {"regime-direct-ksat-4.26N", "regime-sharp-ksat-4.26N", "fit-direct-ksat-4.26N", "gap-sharp-ksat-4.26N-k2"})
    REQUIRE(named(name) != pictures.end());
  CHECK(named("regime-sharp-ksat-4.26N")->frame.subject.find("d = 4.26 k log2 n") != std::string::npos);
  CHECK(named("fit-direct-ksat-4.26N")->frame.title.find("(log n)^(2/k)") != std::string::npos);
  CHECK(report_page(results, "r.jsonl", "").find("<h2>Formulas</h2>") != std::string::npos);
}

TEST_CASE("regime: the predicted curve of formulas is the built pair's worst case") {
  BoundaryGroup group;
  group.family = PairFamily::ksat;
  group.per_variable = 4.26;
  group.gap_wanted = 0.25;
  group.constant_error = 0.125;
  HalfLengths half_lengths;
  Planner codes(2, kFormulaCodes);
  for (const Embedding embedding : {Embedding::direct, Embedding::sharp}) {
    group.embedding = embedding;
    const HardPair pair = hard_pair({2, 8, clauses_for(6, 4.26), embedding, PairFamily::ksat, 1, 0, 4.26});
    const double worst =
        worst_case_boundary(embedding, 2, std::log(8.0), static_cast<double>(pair.dimension), pair.gap, GapKind::additive, 0.25);
    CHECK(predicted_bounds(group, 3, half_lengths, &codes).deciding == doctest::Approx(worst).epsilon(1e-12));
  }
}

TEST_CASE("regime: formulas ask for powers of two, and for sharp or direct") {
  const auto refused = [](auto change) {
    RegimeSweep sweep = small_sweep();
    sweep.families = {PairFamily::ksat};
    sweep.per_variable = {4.26};
    change(sweep);
    return with_options(test::message_of<std::invalid_argument>([&] { pairs_of(sweep); }));
  };
  CHECK(refused([](RegimeSweep& s) { s.rows = {24}; }).find("16 or 32") != std::string::npos);
  CHECK(refused([](RegimeSweep& s) { s.embeddings = {Embedding::paper}; }).find("sharp and direct") != std::string::npos);
  CHECK(refused([](RegimeSweep& s) { s.per_variable.clear(); }).starts_with("the sweep is empty: no clauses"));
  CHECK(refused([](RegimeSweep& s) { s.per_variable = {-1}; }).find("--per-variable") != std::string::npos);
}

std::vector<Record> route_records(PairFamily family) {
  RouteSweep sweep;
  sweep.orders = {2};
  sweep.log2_rows = {2, 40};
  sweep.family = family;
  sweep.per_log2 = 6;
  sweep.limits = {53, 110};
  std::vector<Record> records;
  const RegimeOutput output{[](const std::string&) { return nullptr; }, [&](const Record& r) { records.push_back(r); }};
  run_routes(sweep, output, {1, nullptr, {}});
  return records;
}

void check_routes(PairFamily family) {
  const auto records = route_records(family);
  REQUIRE(records.size() == 14);
  std::set<std::string> measured;
  for (const Record& r : records) {
    const std::string way = r["route"].get<std::string>() + " " + r["gadget"].get<std::string>();
    CAPTURE(way);
    if (r["deciding_measured"].is_null()) continue;
    CHECK(r["log2_rows"] == 2);
    measured.insert(way);
    CHECK(r["decision"] == "right");
    CHECK(r["gap_measured"]["lo"].get<double>() > 0.3);
    const double bound = r["entry_bound_measured"];
    CHECK(r["deciding_measured"].get<double>() < bound);
    CHECK(r["dimension_measured"] == r["law_dimension"]);
    if (r["gadget"] == "characters") {  // the planner's is the most over all messages: B^k and d' shrink together
      CHECK(r["dimension_measured"].get<double>() <= r["dimension"].get<double>());
      const double ratio = r["dimension_measured"].get<double>() / r["dimension"].get<double>();
      CHECK(bound / r["entry_bound"].get<double>() == doctest::Approx(std::sqrt(ratio)).epsilon(1e-9));
    } else {
      CHECK(r["dimension_measured"] == r["dimension"]);
      CHECK(bound == doctest::Approx(r["entry_bound"].get<double>()).epsilon(1e-12));
    }
    if (r["form_measured"] != "factored") CHECK(r["exact_error"].get<double>() < 1e-9);
  }
  CHECK(measured.size() == 7);  // every route, by every gadget
}

TEST_CASE("routes: d' and B of the built vectors are the planner's, and their verdicts are right") {
  check_routes(PairFamily::planted);
}

TEST_CASE("routes: d' and B of the built formulas are the planner's, and their verdicts are right") {
  check_routes(PairFamily::ksat);
}

TEST_CASE("routes: an empty sweep and unknown vectors are refused") {
  RouteSweep sweep;
  sweep.orders = {2};
  const RegimeOutput output{[](const std::string&) { return nullptr; }, [](const Record&) {}};
  CHECK_THROWS_AS(run_routes(sweep, output, {}), std::invalid_argument);
  sweep.log2_rows = {4};
  sweep.family = PairFamily::tight;
  CHECK(test::message_of<std::invalid_argument>([&] { run_routes(sweep, output, {}); }).find("planted or ksat") !=
        std::string::npos);
}

TEST_CASE("orders: entries shrink with the order at the same number of tuples, measured and by formula") {
  OrderSweep sweep;
  sweep.orders = {2, 3, 4};
  sweep.variables = {12};
  sweep.embeddings = {Embedding::sharp, Embedding::direct};
  std::vector<Record> records;
  run_orders(sweep, {[](const std::string&) { return nullptr; }, [&](const Record& r) { records.push_back(r); }},
             {1, nullptr, {}});
  REQUIRE(records.size() == 6);
  for (std::size_t i = 0; i < 6; ++i) {
    CHECK(records[i]["deciding_measured"].get<double>() <= records[i]["worst_case_entry_bound"].get<double>());
    CHECK(records[i]["worst_case_entry_bound"].get<double>() < records[i]["entry_bound"].get<double>());
    if (i % 3 > 0) CHECK(records[i]["deciding_measured"].get<double>() < records[i - 1]["deciding_measured"].get<double>());
  }
}

TEST_CASE("regime pictures: the picture of the gap claims what its records say") {
  RegimeSweep sweep = small_sweep();
  sweep.orders = {2};
  sweep.embeddings = {Embedding::sharp, Embedding::paper};
  Results results;
  results.records = run(sweep);
  const auto gap_picture = [&](const std::string& embedding) {
    const auto pictures = regime_pictures(results);
    const auto found = std::ranges::find(pictures, "gap-" + embedding + "-planted-12-k2", &Picture::name);
    REQUIRE(found != pictures.end());
    return found->frame;
  };
  const auto says_none = [](const PlotFrame& frame) { return frame.title.find("at no B of this picture") != std::string::npos; };
  const auto has_line = [](const PlotFrame& frame) {
    return std::ranges::find(frame.legend, "wanted gap", &LegendEntry::words) != frame.legend.end();
  };
  CHECK_FALSE(says_none(gap_picture("sharp")));  // the sweep goes above B*
  CHECK(has_line(gap_picture("sharp")));
  CHECK_FALSE(has_line(gap_picture("paper")));  // what is wanted there is a share of the yes output
  CHECK(gap_picture("paper").subject.find("0.25 of the yes output") != std::string::npos);
  for (Record& r : results.records)
    if (r.contains("visible")) r["visible"] = false;
  CHECK(says_none(gap_picture("sharp")));
  CHECK(says_none(gap_picture("paper")));
}

TEST_CASE("regime pictures name the data they draw") {
  Results results;
  results.records = run(small_sweep());
  const auto pictures = regime_pictures(results);
  REQUIRE(!pictures.empty());
  CHECK(pictures[0].name == "regime-sharp-planted-12");
  for (const Picture& p : pictures) {
    CHECK(picture_script(p).find("'./" + p.name + ".dat'") != std::string::npos);
    CHECK(picture_script(p).find("DATA") == std::string::npos);
    CHECK(!picture_data(p).empty());
  }
}

}  // namespace
}  // namespace gapwright
