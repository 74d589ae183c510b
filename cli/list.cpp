#include <fmt/format.h>

#include <map>
#include <nlohmann/json.hpp>

#include "cli/commands.hpp"
#include "instances/version.hpp"
#include "verify/scoring_kernels.hpp"

namespace gapwright::cli {
namespace {

using Table = std::vector<std::pair<std::string, std::string>>;

const std::map<std::string, Table>& tables() {
  static const std::map<std::string, Table> all{
      {"problems",
       {{"cnf", "satisfiability of a formula in conjunctive normal form"},
        {"orthogonal-vectors", "k-OV: one vector per set with product 0 in every coordinate"},
        {"gap-max-ip", "Gap-k-MaxIP: is some inner product at least t, when otherwise all are at most s_no?"},
        {"attention", "attention of order k with large entries: is some output at least the threshold?"}}},
      {"rules",
       {{"cnf -> orthogonal-vectors", "split and list [Wil05]; models and orthogonal tuples in bijection; any k >= 2"},
        {"orthogonal-vectors -> attention", "direct embedding, B = (d' gamma)^(1/k); any k >= 2; --square for equal sizes"},
        {"orthogonal-vectors -> gap-max-ip", "Merlin-Arthur protocol over a code; a Turing reduction over Merlin's messages; any k >= 2"},
        {"gap-max-ip -> attention", "sharp or paper embedding, B = (d' gamma)^(1/k); any k >= 2"}}},
      {"codes",
       {{"reed-solomon", "polynomials on the projective line over F_Q"},
        {"hermitian", "y^q + y = x^(q+1) over F_(q^2), any prime power q"},
        {"tower", "second Garcia-Stichtenoth tower over F_(q^2), every level"}}},
      {"families",
       {{"random-ksat", "uniform random width-SAT; --plant: with a model; --plant=quiet: a model that no single set of vectors shows"},
        {"pigeonhole", "pigeons in holes, no two share one (php)"},
        {"parity", "a set falls into pairs (counting principle)"},
        {"ramsey", "a graph without a large independent set and a large clique (ram)"},
        {"van-der-waerden", "numbers in two colours without arithmetic progressions (vdw)"},
        {"ordering", "a linear order without a least element (op)"},
        {"formula", "a formula of yours, with -T shuffle or -T flip"},
        {"orthogonal-vectors", "random k-OV; --plant: with an orthogonal tuple any k - 1 of whose vectors look like all others"},
        {"gap-max-ip", "random Gap-k-MaxIP; --plant: with a tuple of large inner product, camouflaged likewise"},
        {"attention", "random attention input of order k"}}}};
  return all;
}

int run_list(const Context& context, const std::string& which) {
  nlohmann::ordered_json json;
  std::string text;
  for (const auto& name : {"problems", "rules", "codes", "families"}) {
    if (!which.empty() && which != name) continue;
    text += std::string(text.empty() ? "" : "\n") + name + "\n";
    for (const auto& [entry, meaning] : tables().at(name)) {
      text += fmt::format("  {:<32}{}\n", entry, meaning);
      json[name].push_back({{"name", entry}, {"meaning", meaning}});
    }
  }
  print(context, context.json ? json.dump(2) + "\n" : text);
  return kDone;
}

}  // namespace

void add_list(CLI::App& app, Context& context) {
  auto* verb = app.add_subcommand("list", "List problems, rules, codes and instance families");
  const auto which = std::make_shared<std::string>();
  verb->add_option("what", *which, "problems, rules, codes or families")->check(CLI::IsMember({"problems", "rules", "codes", "families"}));
  verb->footer(examples({"gapwright list", "gapwright list rules", "gapwright list families --json"}));
  verb->callback([&context, which] { context.command = [&context, which] { return run_list(context, *which); }; });
}

void add_version(CLI::App& app, Context& context) {
  auto* verb = app.add_subcommand("version", "Version, and the instruction set in use");
  verb->footer(examples({"gapwright version", "gapwright version --json", "gapwright version --quiet"}));
  verb->callback([&context] {
    context.command = [&context] {
      print(context, context.json ? nlohmann::ordered_json{{"version", version()}, {"instruction_set", kernels::target_name()}}.dump() + "\n"
                         : fmt::format("gapwright {} ({})\n", version(), kernels::target_name()));
      return static_cast<int>(kDone);
    };
  });
}

}  // namespace gapwright::cli
