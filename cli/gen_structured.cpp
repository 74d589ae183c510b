// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include "cli/gen.hpp"
#include "instances/generators/structured_cnf.hpp"
#include "support/errors.hpp"

namespace gapwright::cli {
namespace {

struct Parameter {
  const char* name;
  const char* meaning;
};

/// One family: its parameters, its exact size from them, and the formula.
struct Family {
  const char* name;
  const char* alias;  ///< CNFgen's name
  const char* meaning;
  std::vector<Parameter> parameters;
  CnfSize (*size)(const std::vector<std::size_t>&);
  StructuredCnf (*make)(const std::vector<std::size_t>&, const RunControl&);
  std::vector<std::string> examples;
};

using Values = std::vector<std::size_t>;

const std::vector<Family>& families() {
  static const std::vector<Family> all{
      {"pigeonhole",
       "php",
       "Pigeons in holes, no two share one",
       {{"pigeons", "number of pigeons"}, {"holes", "number of holes"}},
       [](const Values& v) { return pigeonhole_size(v[0], v[1]); },
       [](const Values& v, const RunControl& c) { return pigeonhole(v[0], v[1], c); },
       {"gapwright gen pigeonhole 4 3 -o php-4-3.cnf", "gapwright gen php 8 8 -T shuffle -o php-8-8.cnf",
        "gapwright gen pigeonhole --pigeons 5 --holes 4 | gapwright solve -"}},
      {"parity",
       "",
       "A set falls into pairs (counting principle)",
       {{"points", "size of the set"}},
       [](const Values& v) { return parity_size(v[0]); },
       [](const Values& v, const RunControl& c) { return parity(v[0], c); },
       {"gapwright gen parity 5 -o parity-5.cnf", "gapwright gen parity 8 -T flip -o parity-8.cnf",
        "gapwright gen parity --points 7 | gapwright solve -"}},
      {"ramsey",
       "ram",
       "A graph without a large independent set and without a large clique",
       {{"independent", "independent set that must not be there"},
        {"clique", "clique that must not be there"},
        {"vertices", "vertices of the graph"}},
       [](const Values& v) { return ramsey_size(v[0], v[1], v[2]); },
       [](const Values& v, const RunControl& c) { return ramsey(v[0], v[1], v[2], c); },
       {"gapwright gen ramsey 3 3 6 -o ram-3-3-6.cnf", "gapwright gen ram 3 4 8 -T shuffle -o ram-3-4-8.cnf",
        "gapwright gen ramsey 3 3 5 | gapwright solve -"}},
      {"van-der-waerden",
       "vdw",
       "Numbers in two colours without arithmetic progressions",
       {{"numbers", "1..n are coloured"},
        {"first", "forbidden length in the first colour"},
        {"second", "forbidden length in the second colour"}},
       [](const Values& v) { return van_der_waerden_size(v[0], v[1], v[2]); },
       [](const Values& v, const RunControl& c) { return van_der_waerden(v[0], v[1], v[2], c); },
       {"gapwright gen van-der-waerden 9 3 3 -o vdw-9-3-3.cnf", "gapwright gen vdw 17 3 4 -T flip -o vdw-17-3-4.cnf",
        "gapwright gen vdw 8 3 3 | gapwright solve -"}},
      {"ordering",
       "op",
       "A linear order without a least element",
       {{"elements", "number of elements"}},
       [](const Values& v) { return ordering_size(v[0]); },
       [](const Values& v, const RunControl& c) { return ordering(v[0], c); },
       {"gapwright gen ordering 5 -o op-5.cnf", "gapwright gen op 6 -T shuffle -T flip -o op-6.cnf",
        "gapwright gen ordering 5 | gapwright solve -"}}};
  return all;
}

int run_structured(const Context& context, const Family& family, const Values& values, const FormulaOptions& options) {
  declare_formula_paths(context, options);
  const CnfSize size = family.size(values);
  check_memory(context.limits, "the formula", formula_bytes(size));
  StructuredCnf made = family.make(values, run_control(context, "clauses"));
  if (mpz_class(made.cnf.clauses.size()) != size.clauses)
    throw std::logic_error("the number of clauses is not the predicted one");
  made.cnf.made_by.command = structured_command(family.name, values);
  if (!made.satisfiable) say(context, made.reason);
  return write_formula(context, options, {std::move(made.cnf), false, made.satisfiable, made.reason, {}, "gen formula"});
}

}  // namespace

void add_gen_structured(CLI::App& verb, Context& context) {
  for (const Family& family : families()) {
    auto* sub = verb.add_subcommand(family.name, family.meaning);
    if (*family.alias) sub->alias(family.alias);
    const auto values = std::make_shared<Values>(family.parameters.size());
    const auto options = std::make_shared<FormulaOptions>();
    for (std::size_t i = 0; i < family.parameters.size(); ++i)
      sub->add_option(fmt::format("{0},--{0}", family.parameters[i].name), (*values)[i], family.parameters[i].meaning)
          ->check(whole_number())
          ->required();
    add_formula_options(*sub, *options, false);
    sub->footer(examples(family.examples));
    sub->callback([&context, &family, values, options] {
      context.command = [&context, &family, values, options] { return run_structured(context, family, *values, *options); };
    });
  }
}

}  // namespace gapwright::cli
