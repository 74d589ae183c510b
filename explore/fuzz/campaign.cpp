#include "explore/fuzz/campaign.hpp"

#include <gmpxx.h>

#include <algorithm>
#include <set>

#include "explore/fuzz/shrink.hpp"
#include "instances/parallel_rows.hpp"

namespace gapwright {
namespace {

constexpr std::size_t kPiece = 8;  // cases a thread takes at a time
constexpr std::uint64_t kMostFormulas = 10'000'000, kMostCases = 10'000'000;

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

std::vector<Outcome> run_cases(const FuzzedRule& rule, const std::string& mutant, const Campaign& campaign) {
  if (cases_of(campaign) > kMostCases)
    throw LimitReached(std::to_string(campaign.cases) + " cases are more than the " + std::to_string(kMostCases) + " of one campaign; take other seeds for more");
  std::vector<Outcome> outcomes(cases_of(campaign));
  for_row_pieces(0, outcomes.size(), kPiece, campaign.control, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      campaign.control.check();
      try {
        outcomes[i].findings = rule.check(case_of(rule, campaign, i), mutant);
      } catch (const NoCase&) {
        outcomes[i].skipped = true;
      }
    }
  });
  return outcomes;
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
  mpz_class count = 0;
  for (std::size_t variables = 0; variables <= n; ++variables) {
    mpz_class of_size;
    const mpz_class multisets = (mpz_class(1) << (2 * variables)) + n;  // C(4^N + n, n) multisets of at most n clauses
    mpz_bin_ui(of_size.get_mpz_t(), multisets.get_mpz_t(), n);
    count += of_size;
  }
  if (count > kMostFormulas)
    throw LimitReached("there are " + count.get_str() + " formulas of at most " + std::to_string(n) +
                       " variables and clauses, the limit is " + std::to_string(kMostFormulas) +
                       "; take --exhaustive 3 or less, or random cases");
  std::vector<Cnf> formulas;
  for (std::size_t variables = 0; variables <= n; ++variables) append_formulas(variables, n, formulas);
  return formulas;
}

RuleReport run_campaign(const FuzzedRule& rule, const Campaign& campaign) {
  const std::vector<Outcome> outcomes = run_cases(rule, "", campaign);
  RuleReport report;
  report.rule = rule.name;
  report.cases = outcomes.size();
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    const auto& [skipped, findings] = outcomes[i];
    report.skipped += skipped;
    report.yes += findings.answer == true;
    report.no += findings.answer == false;
    report.broken_cases += !findings.broken.empty();
    for (const std::string& oracle : findings.broken)
      if (report.broken[oracle]++ == 0) report.failures.push_back(smallest(rule, campaign, i, "", oracle));
  }
  return report;
}

MutantReport run_mutant(const FuzzedRule& rule, const FuzzedRule::Mutant& mutant, const Campaign& campaign, bool with_example) {
  const std::vector<Outcome> outcomes = run_cases(rule, mutant.name, campaign);
  MutantReport report{rule.name, mutant.name, mutant.corrupts, outcomes.size(), 0, {}, {}};
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    const Findings& findings = outcomes[i].findings;
    report.changed += findings.changed;
    if (!findings.changed) continue;  // what is broken without a change is no kill
    for (const std::string& oracle : findings.broken) ++report.kills[oracle];
    if (with_example && !report.example && !findings.broken.empty())
      report.example = smallest(rule, campaign, i, mutant.name, findings.broken.front());
  }
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

const FuzzedRule& fuzzed_rule(const std::string& name) {
  std::string names;
  for (const FuzzedRule& rule : fuzzed_rules()) {
    if (rule.name == name) return rule;
    names += (names.empty() ? "" : ", ") + rule.name;
  }
  throw std::invalid_argument("there is no rule '" + name + "' to fuzz; there are: all, " + names);
}

}  // namespace gapwright
