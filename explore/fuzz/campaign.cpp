// SPDX-License-Identifier: MIT
#include "explore/fuzz/campaign.hpp"

#include <fmt/format.h>
#include <gmpxx.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "atlas/problem.hpp"
#include "explore/fuzz/shrink.hpp"
#include "support/parallel_rows.hpp"

namespace gapwright {
namespace {

constexpr std::size_t kPiece = 8;  // cases a thread takes at a time

/// The stream of a case: rules draw different cases from one seed.
std::uint64_t stream_of(const std::string& rule, std::size_t number) {
  std::uint64_t hash = 14695981039346656037U;  // FNV-1a
  for (const char c : rule) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211U;
  return (hash << 32) + number;
}

FuzzCase case_of(const FuzzedRule& rule, const Campaign& campaign, std::size_t number) {
  Random random(campaign.seed, stream_of(rule.name, number));
  return rule.draw(random, campaign.formulas.empty() ? nullptr : &campaign.formulas[number]);
}

std::size_t cases_of(const Campaign& campaign) { return campaign.formulas.empty() ? campaign.cases : campaign.formulas.size(); }

struct Outcome {
  bool skipped = false;
  Findings findings;
};

/// The sources of rules are vectors, formulas that stand for all assignments, or what a row knows.
mpz_class tuples_of(const FuzzCase& c) {
  mpz_class tuples = 1;
  if (const auto* cnf = std::get_if<Cnf>(&c.source)) tuples <<= cnf->variables;
  if (const auto* ov = std::get_if<OrthogonalVectors>(&c.source))
    for (const BitMatrix& set : ov->sets) tuples *= set.rows;
  if (const auto* instance = std::get_if<AnyInstance>(&c.source)) tuples = instance->problem().work(*instance).tuples;
  return tuples;
}

Outcome outcome_of(const FuzzedRule& rule, const std::string& mutant, const Campaign& campaign, std::size_t number) {
  Outcome outcome;
  try {
    const FuzzCase c = case_of(rule, campaign, number);
    if (const mpz_class tuples = tuples_of(c); tuples > campaign.limits.tuples)
      check_tuples(campaign.limits, "case " + std::to_string(number) + " of " + rule.name, tuples, 64);
    outcome.findings = rule.check(c, mutant);
  } catch (const NoCase&) {
    outcome.skipped = true;
  }
  return outcome;
}

/// Shows every case's outcome, in order. Only a block of them is held at a time, so the number of cases costs time, not memory.
void for_outcomes(const FuzzedRule& rule, const std::string& mutant, const Campaign& campaign,
                  const std::function<void(std::size_t number, const Outcome&)>& show) {
  constexpr std::size_t kBlock = 8192;
  const std::size_t cases = cases_of(campaign);
  std::vector<Outcome> block;
  for (std::size_t first = 0; first < cases; first += block.size()) {
    block.assign(std::min(kBlock, cases - first), {});
    RunControl control = campaign.control;
    if (control.progress)
      control.progress = [&](double fraction) {
        campaign.control.progress((static_cast<double>(first) + fraction * static_cast<double>(block.size())) /
                                  static_cast<double>(cases));
      };
    for_row_pieces(0, block.size(), kPiece, control, [&](std::size_t begin, std::size_t end) {
      for (std::size_t i = begin; i < end; ++i) {
        campaign.control.check();
        block[i] = outcome_of(rule, mutant, campaign, first + i);
      }
    });
    for (std::size_t i = 0; i < block.size(); ++i) show(first + i, block[i]);
  }
}

bool breaks(const FuzzedRule& rule, const FuzzCase& c, const std::string& mutant, const std::string& oracle) {
  try {
    const auto broken = rule.check(c, mutant).broken;
    return std::find(broken.begin(), broken.end(), oracle) != broken.end();
  } catch (const NoCase&) {
    return false;
  }
}

/// The rule itself passes everything.
bool clean(const FuzzedRule& rule, const FuzzCase& c) {
  try {
    return rule.check(c, "").broken.empty();
  } catch (const NoCase&) {
    return false;
  }
}

Regression smallest(const FuzzedRule& rule, const Campaign& campaign, std::size_t number, const std::string& mutant,
                    const std::string& oracle) {
  const FuzzCase start = case_of(rule, campaign, number);
  Regression regression;
  regression.fuzz_case = shrunk(start, [&](const FuzzCase& c) {
    campaign.control.check();
    return breaks(rule, c, mutant, oracle) && (mutant.empty() || clean(rule, c));
  });
  regression.mutant = mutant;
  regression.oracle = oracle;
  regression.note = "shrunk from case " + std::to_string(number) + " of seed " + std::to_string(campaign.seed);
  return regression;
}

/// Nearly all of them have n variables: C(4^n + n, n) multisets of at most n clauses, a number of about n^2 log10 4 digits. The logarithm is that of
/// 4^(n n) / n!, which is too small by less than n^2/4^n.
std::string formulas_text(std::size_t n) {
  const double variables = static_cast<double>(n);
  const double log10_count = variables * variables * std::log10(4.0) - std::lgamma(variables + 1) / std::log(10.0);
  const std::string count =
      log10_count < 300 ? fmt::format("{:.2g}", std::pow(10, log10_count)) : fmt::format("10^{:.3g}", log10_count);
  return fmt::format("there are about {} formulas of at most {} variables and clauses", count, n);
}

/// Formulas of `variables` variables: multisets of clauses, as non-decreasing sequences of clause numbers.
void append_formulas(std::size_t variables, std::size_t most_clauses, std::vector<Cnf>& formulas) {
  const std::size_t literal_sets = std::size_t{1} << (2 * variables);
  std::vector<Cnf::Clause> clauses(literal_sets);
  for (std::size_t set = 0; set < literal_sets; ++set)
    for (std::size_t l = 0; l < 2 * variables; ++l)
      if ((set >> l) & 1) clauses[set].push_back(static_cast<std::int32_t>(l / 2 + 1) * (l % 2 == 0 ? 1 : -1));
  std::vector<std::size_t> chosen;
  const std::function<void(std::size_t)> extend = [&](std::size_t from) {
    Cnf cnf;
    cnf.variables = variables;
    for (const std::size_t set : chosen) cnf.clauses.push_back(clauses[set]);
    formulas.push_back(std::move(cnf));
    if (chosen.size() == most_clauses) return;
    for (std::size_t set = from; set < literal_sets; ++set) {
      chosen.push_back(set);
      extend(set);
      chosen.pop_back();
    }
  };
  extend(0);
}

}  // namespace

std::vector<Cnf> every_formula(std::size_t n) {
  constexpr std::size_t kMost = 3;  // 48,913 formulas; of at most 4 variables and clauses there are 186,862,890
  if (n > kMost) throw LimitReached(formulas_text(n) + "; take `exhaustive=3` or less, or random cases");
  std::vector<Cnf> formulas;
  for (std::size_t variables = 0; variables <= n; ++variables) append_formulas(variables, n, formulas);
  return formulas;
}

RuleReport run_campaign(const FuzzedRule& rule, const Campaign& campaign) {
  RuleReport report;
  report.rule = rule.name;
  report.cases = cases_of(campaign);
  for_outcomes(rule, "", campaign, [&](std::size_t i, const Outcome& outcome) {
    const auto& [skipped, findings] = outcome;
    report.skipped += skipped;
    report.yes += findings.answer == true;
    report.no += findings.answer == false;
    report.broken_cases += !findings.broken.empty();
    for (const std::string& oracle : findings.broken)
      if (report.broken[oracle]++ == 0) report.failures.push_back(smallest(rule, campaign, i, "", oracle));
  });
  return report;
}

MutantReport run_mutant(const FuzzedRule& rule, const FuzzedRule::Mutant& mutant, const Campaign& campaign, bool with_example) {
  MutantReport report{rule.name, mutant.name, mutant.corrupts, cases_of(campaign), 0, {}, {}};
  for_outcomes(rule, mutant.name, campaign, [&](std::size_t i, const Outcome& outcome) {
    const Findings& findings = outcome.findings;
    report.changed += findings.changed;
    if (!findings.changed) return;  // what is broken without a change is no kill
    for (const std::string& oracle : findings.broken) ++report.kills[oracle];
    if (with_example && !report.example && !findings.broken.empty())
      report.example = smallest(rule, campaign, i, mutant.name, findings.broken.front());
  });
  return report;
}

std::string replay(const Regression& regression) {
  const FuzzedRule& rule = fuzzed_rule(regression.fuzz_case.rule);
  try {
    const Findings honest = rule.check(regression.fuzz_case, "");
    if (!honest.broken.empty()) return "the rule breaks '" + honest.broken.front() + "'";
    if (regression.mutant.empty()) return "";
    const Findings mutated = rule.check(regression.fuzz_case, regression.mutant);
    if (!mutated.changed) return "the mutant '" + regression.mutant + "' changes nothing";
    if (std::find(mutated.broken.begin(), mutated.broken.end(), regression.oracle) == mutated.broken.end())
      return "the mutant '" + regression.mutant + "' survives '" + regression.oracle + "'";
    return "";
  } catch (const NoCase& e) {
    return std::string("it is no case of the rule: ") + e.what();
  }
}

const FuzzedRule& fuzzed_rule(std::string_view name) {
  std::string names;
  for (const FuzzedRule& rule : fuzzed_rules()) {
    if (rule.name == name) return rule;
    names += (names.empty() ? "" : ", ") + rule.name;
  }
  throw std::invalid_argument("there is no rule '" + std::string(name) + "' to fuzz; there are: all, " + names);
}

}  // namespace gapwright
