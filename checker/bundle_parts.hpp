#pragma once
#include <initializer_list>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "checker/bundle.hpp"
#include "checker/dimacs.hpp"
#include "checker/direct_layout.hpp"
#include "checker/manifest.hpp"
#include "checker/safetensors.hpp"

// The parts of a bundle's check, one function each; all throw Rejected with the place.
namespace checker {

/// Files as read, and the source as what it is.
struct BundleFiles {
  Manifest manifest;
  std::vector<File> sources;
  std::string target_bytes, lift_bytes;
  std::optional<Formula> formula;  ///< when the source is one
  std::vector<Bits> vectors;       ///< the source, or the formula's vectors; none when it is Gap-k-MaxIP
  Safetensors target;
  std::size_t order = 0;  ///< k
};

/// The metadata's text under a key; Rejected when it is missing.
const std::string& metadata_at(const Safetensors& file, const std::string& key);

/// A value of the manifest must be this.
void check_value(const std::map<std::string, std::string>& values, const std::string& key, const std::string& right,
                 const std::string& place);
/// Exactly these keys.
void check_names(const std::map<std::string, std::string>& values, std::initializer_list<std::string_view> names,
                 const std::string& place);

/// What NO outputs stay below: 1/16 unless an embedding's step says otherwise, as a fraction in lowest terms.
mpq_class delta_of(const ManifestStep& step);
std::map<std::string, std::string> parameters_without_delta(const ManifestStep& step);

/// 64 bits, or other numbers of bits, per element of all tensors.
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

/// The lift table is the one of the path. `layout` is that of a direct attention target.
LiftTable check_lift_table(const BundleFiles& files, const std::optional<DirectTarget>& layout);

/// Tuples of the target against what they are lifted to. Direct: product 0 iff orthogonal (a model). Codes: a product of at least
/// t only for orthogonal ones, no product between the thresholds.
struct TuplesChecked {
  mpz_class looked_at, all;
  bool some_witness = false;
};
TuplesChecked check_tuples(const BundleFiles& files, const LiftTable& table, const std::optional<DirectTarget>& layout,
                           const std::optional<CodeGap>& gap, const Clock& clock);

}  // namespace checker
