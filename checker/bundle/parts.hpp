// SPDX-License-Identifier: MIT
#pragma once
#include <initializer_list>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "checker/bundle/bundle.hpp"
#include "checker/bundle/manifest.hpp"
#include "checker/dimacs.hpp"
#include "checker/direct_layout.hpp"
#include "checker/safetensors.hpp"

// The parts of a bundle's check, one function each; all throw Rejected with the place.
namespace checker {

/// Files as read, and the source as what it is.
struct BundleFiles {
  Manifest manifest;
  std::vector<File> sources;
  std::string target_bytes, lift_bytes;
  std::optional<Formula> formula;       ///< when the source is one
  std::vector<Bits> vectors;            ///< the source, the formula's vectors, or those of the target when the source is unknown
  std::optional<Safetensors> gap;       ///< the source when it is Gap-k-MaxIP
  std::optional<std::string> expected;  ///< as a safetensors source states it
  std::vector<std::uint64_t> sizes;     ///< vectors per set of the source (of the formula's vectors)
  std::uint64_t dimension = 0;          ///< of the vectors; of an unknown source's, 0 when nothing says it
  std::size_t unknown_steps = 0;        ///< of the path: those of a source that is not known here, up to the first vectors
  std::size_t unknown_end = 0;          ///< of the path: steps to a target that is not known here, from the last vectors on
  Safetensors target;
  std::size_t order = 0;  ///< k; 0 where nothing says it
  /// Whether a tuple's vectors can be looked at.
  bool holds_vectors() const { return gap || !vectors.empty(); }
};

/// The metadata's text under a key; Rejected when it is missing.
const std::string& metadata_at(const Safetensors& file, std::string_view key);

/// A value of the manifest must be this.
void check_value(const std::map<std::string, std::string>& values, const std::string& key, const std::string& right,
                 const std::string& place);
/// Exactly these keys.
void check_names(const std::map<std::string, std::string>& values, std::initializer_list<std::string_view> names,
                 const std::string& place);

/// What NO outputs stay below: 1/16 unless an embedding's step says otherwise, as a fraction in lowest terms.
mpq_class delta_of(const ManifestStep& step);
std::map<std::string, std::string> parameters_without_delta(const ManifestStep& step);

/// The tensor is F64, of the shape of the bits, and holds `one` for each 1 and `zero` for each 0.
void check_matrix(const Tensor& tensor, const Bits& bits, double zero, double one, const std::string& name);
/// The target's thresholds are these, rounded outward to 30 decimal digits.
void check_thresholds(const Safetensors& target, const Interval& yes_at_least, const Interval& no_at_most);
/// Numbers in 17 digits name doubles exactly.
void check_double(const std::string& text, double right, const std::string& what);

/// Elements of all tensors.
mpz_class tensor_elements(const Safetensors& file);

/// The step from a formula to its vectors.
void check_listing(const ManifestStep& step, const BundleFiles& files);

/// Direct route: the target is the one that the source makes. Gives the rows of its layout (attention).
std::optional<DirectTarget> check_direct_target(const BundleFiles& files);

/// Routes through a code: the numbers of the manifest against each other, the code's laws, the command and the target's shape.
/// Gives t and s_no.
struct CodeGap {
  std::uint64_t yes_at_least = 0, no_at_most = 0;
};
CodeGap check_code_steps(const BundleFiles& files);

/// The family of codes that the path goes through, if it is not known here: then the length, the dimensions of C(D) and C(kD) and
/// the level are checked only as far as every code of functions with one pole bounds them.
std::optional<std::string> unknown_family(const Manifest& m);

/// The last step, from Gap-k-MaxIP vectors of bits to attention, embedding sharp or paper: entry bound, scale, thresholds, pads and
/// values are the embedding's, and so are all entries when `vectors`, those that are embedded, are at hand.
void check_gap_embedding(const BundleFiles& files, const CodeGap& gap, std::uint64_t dimension, const std::vector<Bits>& vectors);

/// The recorded command is the one that makes this bundle. After steps that are not known here it may have words that nobody
/// checks, and they are returned.
std::string check_command(const BundleFiles& files);

/// How many steps, from the source on, are not known here because its problem is not. Rejected unless vectors come of them.
std::size_t steps_before_vectors(const Manifest& m);

/// How many steps, up to the target, are not known here because its problem is not.
std::size_t steps_after_vectors(const Manifest& m);

/// k where the target is of no known problem: as the step from a formula to vectors says it.
std::size_t stated_order(const Manifest& m);

/// What a source of no known problem, the target and the lift table say of the vectors that the unknown steps make.
void read_unknown_source(BundleFiles& files);

/// The file's problem is the manifest's, and it expects yes, no or nothing; its own hash.
void read_statements(BundleFiles& files);

/// Of a step to a target that is not known here: where it begins at vectors it leads back to them.
void check_unknown_end(const LiftStep& step, const BundleFiles& files);

/// The form of an unknown step in the lift table, and that the step before leads to what it takes.
void check_unknown_lift_step(const LiftStep& step, const BundleFiles& files, bool takes_vectors);

/// For the reader: what the manifest says of each unknown step and nobody checks.
std::vector<std::string> unchecked_steps(const BundleFiles& files);

/// The words of a command that are left when the known ones, which must occur in their order, are taken out.
std::string other_words(const std::string& command, const std::string& known);

/// The lift table is the one of the path. `layout` is that of a direct attention target.
LiftTable check_lift_table(const BundleFiles& files, const std::optional<DirectTarget>& layout);

/// Tuples of the target against what they are lifted to. Direct: product 0 iff orthogonal (a model). Codes: a product of at least
/// t only for orthogonal ones, no product between the thresholds. From Gap-k-MaxIP: the same product as in the source.
struct TuplesChecked {
  mpz_class looked_at, all;
  bool some_witness = false, some_in_source = false;
  bool between = false;  ///< from Gap-k-MaxIP: a product strictly between the thresholds, as in the source
};
TuplesChecked check_tuples(const BundleFiles& files, const LiftTable& table, const std::optional<DirectTarget>& layout,
                           const std::optional<CodeGap>& gap, const Clock& clock);

}  // namespace checker
