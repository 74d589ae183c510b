// SPDX-License-Identifier: MIT
#pragma once
#include <gmpxx.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "atlas/any_instance.hpp"
#include "atlas/parts.hpp"
#include "instances/attention_witness.hpp"
#include "instances/files/input_file.hpp"
#include "instances/lift.hpp"
#include "instances/provenance.hpp"
#include "reductions/instance_sizes.hpp"
#include "support/philox.hpp"
#include "support/run_control.hpp"

// All that the product knows of a problem: its row. Verbs, files, Python and campaigns take it from here.
namespace gapwright {

/// The numbers that a route begins with, where no instance is at hand.
struct StartNumbers {
  std::size_t order = 3;
  std::optional<std::size_t> variables, clauses, vectors, dimension;
  std::optional<std::int64_t> yes_at_least, no_at_most;
};

/// What it takes to decide an instance.
struct DecisionWork {
  mpz_class tuples;       ///< that may be looked at
  std::size_t dimension;  ///< of each
  mpz_class bytes;        ///< held at once
};

/// An exact answer.
struct Decided {
  bool yes = false;
  std::optional<WitnessNumbers> witness;  ///< of a yes
  std::string method;                     ///< "integers"
};

/// What is odd about an instance that was read, one line each.
struct Remarks {
  std::vector<std::string> warnings, notes;
};

/// One parameter of a generator: a whole number, or a fraction such as 1/2.
struct GeneratorParameter {
  enum class Kind { count, fraction, flag };
  std::string name;  ///< "vectors"
  std::string help;
  Kind kind = Kind::count;
  std::string standard = {};  ///< the value when it is not given; empty: it must be, or an absent flag
};

/// The values of a generator's parameters, in the order of its table.
struct GeneratorValues {
  std::vector<mpq_class> values;
  std::uint64_t seed = 1;
};
struct Generated {
  AnyInstance instance;
  std::optional<WitnessNumbers> planted;
};
struct Generator {
  std::string help;
  std::vector<GeneratorParameter> parameters;
  mpz_class (*bytes)(const GeneratorValues&) = nullptr;  ///< of what is made
  Generated (*make)(const GeneratorValues&, const RunControl&) = nullptr;
};

/// A row of the table of problems. A function that a problem does not have is null; one that has `parts` needs no reader and no writer.
struct Problem {
  std::string name = {};  ///< "cnf"
  std::string meaning = {};
  std::string witness = {};      ///< what proves a yes
  std::string hypothesis = {};   ///< the lower bound people believe here, with its name; for the later problems: what implies it
  std::string brute_force = {};  ///< time without any idea
  std::vector<std::string> abbreviations = {};  ///< other words for it
  std::optional<std::size_t> order = {};        ///< where there is one only
  bool literals = false;                        ///< witnesses are the literals of an assignment, else indices

  /// Sizes of a start by numbers. Throws std::invalid_argument for numbers that are missing or do not go with the problem.
  RouteStart (*start)(const StartNumbers&) = nullptr;
  std::string start_numbers = {};                    ///< which they are: "`vectors` and `dimension`"
  void (*check_start)(const RouteStart&) = nullptr;  ///< reductions/instance_sizes.hpp
  RouteStart (*sizes)(const AnyInstance&) = nullptr;

  AnyInstance (*read)(const std::vector<InputFile>&, bool strict) = nullptr;
  void (*write)(const std::string& path, const AnyInstance&, std::optional<bool> expected, const RunControl&) = nullptr;
  std::optional<bool> (*expected)(const AnyInstance&) = nullptr;
  Remarks (*remarks)(const AnyInstance&) = nullptr;
  // Where it comes from, and the same instance from elsewhere, not copied where nobody else holds it. Null: by its parts.
  Provenance (*made_by)(const AnyInstance&) = nullptr;
  AnyInstance (*with_made_by)(AnyInstance, Provenance) = nullptr;
  Parts (*parts)(const AnyInstance&) = nullptr;
  /// Throws BadInstance for parts that are no instance.
  AnyInstance (*from_parts)(const Parts&) = nullptr;

  /// Why the numbers are no witness; empty when they are one.
  std::string (*objection)(const AnyInstance&, const std::optional<AttentionWitness>&, const WitnessNumbers&) = nullptr;
  std::vector<std::size_t> (*witness_ranges)(const AnyInstance&) = nullptr;  ///< number u of a witness is below entry u
  DecisionWork (*work)(const AnyInstance&) = nullptr;
  Decided (*decide)(const AnyInstance&, const RunControl&) = nullptr;

  std::optional<Generator> generator = {};
  AnyInstance (*small)(Random&) = nullptr;  ///< for campaigns: corners often, few enough witnesses to try all
};

/// In the order of the chain.
const std::vector<Problem>& problems();
const Problem* find_problem(std::string_view name);  ///< null: there is none
/// By its name. Throws std::invalid_argument with the nearest name.
const Problem& problem_row(std::string_view name);
/// By its name or another usual word for it (sat, ov, maxip, gradient). Throws std::invalid_argument with the nearest.
const Problem& problem_named(const std::string& word);

/// The order of a way from a problem, whose instances may have one, to another: the one there is, else that asked for, else 3. Throws
/// std::invalid_argument where the target has one and another is asked for.
std::size_t order_between(std::optional<std::size_t> of_source, std::optional<std::size_t> asked, const Problem& target);

/// "(0, 3)", or the literals of an assignment.
std::string witness_text(const Problem& problem, const WitnessNumbers& witness);

/// What a file holds: safetensors by their tensors and the metadata `problem`, .npy (vectors), anything else is read as DIMACS.
/// Throws BadInstance for a `problem` that is nearly the name of one.
const Problem& problem_of(const InputFile& input);
/// Throw BadInstance for a file of another problem, with what can be done with it.
void expect_formula(const InputFile& input);
void expect_attention(const InputFile& input);
/// Of parts by name. Throws BadInstance for a part that the problem does not have, or that makes no instance.
AnyInstance instance_of_parts(const Problem&, const Parts& parts);
AnyInstance read_instance(const Problem&, const std::vector<InputFile>& inputs, bool strict = false);
/// Empty where the problem has no place for it.
Provenance made_by(const AnyInstance& instance);
/// The same instance from elsewhere.
AnyInstance with_made_by(AnyInstance instance, Provenance made_by);
/// As safetensors, or for a formula DIMACS.
void write_instance(const std::string& path, const AnyInstance&, std::optional<bool> expected, const RunControl& = {});

}  // namespace gapwright
