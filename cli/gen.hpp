// SPDX-License-Identifier: MIT
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "cli/blind.hpp"
#include "cli/context.hpp"
#include "instances/cnf.hpp"

// The families of gen, and what those that make formulas share.
namespace gapwright::cli {

void add_gen_ksat(CLI::App& verb, Context& context);
void add_gen_structured(CLI::App& verb, Context& context);
void add_gen_vectors(CLI::App& verb, Context& context);
void add_gen_attention(CLI::App& verb, Context& context);
void add_gen_by_row(CLI::App& verb, Context& context);  ///< every problem whose row has a generator
void add_gen_suite(CLI::App& verb, Context& context);

struct FormulaOptions {
  std::vector<std::string> transforms;  ///< shuffle, flip, in this order
  std::string map;                      ///< file for the lift table of the transforms; empty: beside the output
  std::string witness;                  ///< file for the planted model
  BlindOptions blind;
};
void add_formula_options(CLI::App& family, FormulaOptions& options, bool planted);

/// A generated formula with what is known about it.
struct GeneratedFormula {
  Cnf cnf;                          ///< made_by.command without the transforms and the seed, which are added
  bool seeded = false;              ///< random even without transforms
  std::optional<bool> satisfiable;  ///< where proved or planted
  std::string reason;
  std::optional<Cnf::Witness> planted;
  std::string blind_command = "gen formula";  ///< what --blind may tell: no family whose answer is known
};

/// What they write; `input` is the formula that is transformed, empty: none.
void declare_formula_paths(const Context& context, const FormulaOptions& options, const std::string& input = "");

/// Applies the transforms and writes formula, lift table and witness.
int write_formula(const Context& context, const FormulaOptions& options, GeneratedFormula made);

/// {"witness": [...]} to a file; nothing when the name is empty.
void write_witness(const std::string& path, const std::vector<std::int64_t>& numbers);

}  // namespace gapwright::cli
