#include "explore/regime.hpp"

#include <algorithm>
#include <atomic>

#include "explore/regime_pictures.hpp"
#include "explore/report_page.hpp"
#include "explore/routes.hpp"
#include "tests/support.hpp"
#include "verify/polynomial_certificate.hpp"

namespace gapwright {
namespace {

RegimeSweep small_sweep() {
  RegimeSweep sweep;
  sweep.orders = {2, 3};
  sweep.rows = {8, 16};
  sweep.per_log2 = {12};
  sweep.embeddings = {"sharp"};
  sweep.families = {"planted"};
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
    return test::message_of<std::invalid_argument>([&] { pairs_of(sweep); });
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
}

TEST_CASE("routes: what is built needs no larger B than the planner says, and its verdicts are right") {
  RouteSweep sweep;
  sweep.orders = {2};
  sweep.log2_rows = {4, 40};
  sweep.per_log2 = 4;
  sweep.limits = {64, 300};
  std::vector<Record> records;
  const RegimeOutput output{[](const std::string&) { return nullptr; }, [&](const Record& r) { records.push_back(r); }};
  run_routes(sweep, output, {1, nullptr, {}});
  CHECK(records.size() == 14);
  std::size_t measured = 0;
  for (const Record& r : records) {
    if (r["deciding_measured"].is_null()) continue;
    ++measured;
    CHECK(r["decision"] == "right");
    CHECK(r["deciding_measured"].get<double>() < r["entry_bound"].get<double>());
    CHECK(r["log2_rows"] == 4);
  }
  CHECK(measured >= 3);
  sweep.log2_rows.clear();
  CHECK_THROWS_AS(run_routes(sweep, output, {}), std::invalid_argument);
}

TEST_CASE("orders: entries shrink with the order at the same number of tuples, measured and by formula") {
  OrderSweep sweep;
  sweep.orders = {2, 3, 4};
  sweep.variables = {12};
  sweep.embeddings = {"sharp", "direct"};
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

TEST_CASE("regime pictures name the data they draw") {
  Results results;
  results.records = run(small_sweep());
  const auto pictures = regime_pictures(results);
  REQUIRE(!pictures.empty());
  CHECK(pictures[0].name == "regime-sharp-planted-12");
  for (const Picture& p : pictures) {
    CHECK(picture_script(p).find("'" + p.name + ".dat'") != std::string::npos);
    CHECK(picture_script(p).find("DATA") == std::string::npos);
    CHECK(!picture_data(p).empty());
  }
}

}  // namespace
}  // namespace gapwright
