// SPDX-License-Identifier: MIT
// gapwright-check --bundle FOLDER.
//
// A bundle says: this source was reduced to this target by these rules, and this table leads witnesses back. On the direct route
// all of it can be done again from the source alone, and is. Through a code the target cannot be rebuilt without the code's
// words, which this program does not know; there it checks what can be checked without them and says what is left.
#include "checker/bundle/bundle.hpp"

#include <algorithm>
#include <set>

#include "checker/bundle/parts.hpp"
#include "checker/errors.hpp"
#include "checker/files.hpp"
#include "checker/formula_vectors.hpp"
#include "checker/message.hpp"
#include "checker/npy.hpp"
#include "checker/statements.hpp"

namespace checker {
namespace {

std::string read_listed(const std::function<std::string(const std::string&)>& read, const ManifestFile& file) {
  std::string bytes = read(file.file);
  require(bytes.size() == file.bytes,
          file.file + ": has " + std::to_string(bytes.size()) + " bytes, the manifest says " + std::to_string(file.bytes));
  require(sha256(bytes) == file.sha256, file.file + ": has another SHA-256 than the manifest says");
  return bytes;
}

/// The names that `reduce` gives files, and where they come from.
void check_names_of_files(const Manifest& m) {
  require(m.target.file == "target.safetensors" && m.target.name == m.target.file, "manifest: target is target.safetensors");
  require(m.lift.file == "lift.json" && m.lift.name == m.lift.file && m.lift.problem == "lift", "manifest: lift is lift.json");
  require(m.origins.size() == m.sources.size(), "manifest: provenance and source name different files");
  for (std::size_t i = 0; i < m.sources.size(); ++i) {
    const ManifestFile& file = m.sources[i];
    const std::string stem = m.sources.size() > 1 ? "source-" + std::to_string(i) : "source";
    require(file.file == stem + ".cnf" || file.file == stem + ".safetensors" || file.file == stem + ".npy",
            "manifest: source " + std::to_string(i) + " is " + stem + ".cnf, .safetensors or .npy");
    require((file.file == stem + ".cnf") == (file.problem == "cnf"), "manifest: source: file and problem do not fit");
    require(file.problem == m.sources[0].problem, "manifest: the sources are of different problems");
    require(m.origins[i].first == file.name && m.origins[i].second == file.sha256,
            "manifest: provenance and source differ about " + file.name);
  }
}

/// The path leads from the source's problem to the target's, by rules that we know.
void check_path(const Manifest& m) {
  require(!m.path.empty(), "manifest: the path is empty");
  std::string at = m.sources[0].problem;
  for (const ManifestStep& step : m.path) {
    const std::size_t arrow = step.rule.find(" -> ");
    require(arrow != std::string::npos && step.rule.substr(0, arrow) == at,
            "manifest: path: '" + step.rule + "' does not start at " + at);
    at = step.rule.substr(arrow + 4);
  }
  require(at == m.target.problem, "manifest: path: does not lead to " + m.target.problem);
  require(m.witness.has_value() == (m.target.problem == "attention"), "manifest: witness goes with attention, and only with it");
}

/// Steps that only the direct route has.
bool is_direct(const BundleFiles& files) {
  const auto& path = files.manifest.path;
  return std::all_of(path.begin() + static_cast<std::ptrdiff_t>(files.unknown_steps), path.end(), [](const ManifestStep& step) {
    return step.rule == "cnf -> orthogonal-vectors" || step.rule == "orthogonal-vectors -> attention";
  });
}

/// Vectors or Gap-k-MaxIP in one safetensors file.
void read_tensors(BundleFiles& files) {
  const Safetensors source = read_safetensors(files.sources[0].bytes);
  files.order = source.numbered("x", 0);
  files.expected = source.text("expected");
  check_own_hash(source, files.sources[0].bytes);
  check_meaning(source, files.manifest.sources[0].problem, files.order);
  if (files.manifest.sources[0].problem == "orthogonal-vectors") {
    files.vectors = bit_sets(source);
    return;
  }
  const std::string held = tensors_of(source);
  for (std::size_t u = 0; u < files.order; ++u)
    files.sizes.push_back(source.tensor("x" + std::to_string(u), held == "symbols" ? 3 : 2).shape[0]);
  check_form(source, held);
  files.gap = source;
}

void read_source(BundleFiles& files) {
  const Manifest& m = files.manifest;
  const std::string& problem = m.sources[0].problem;
  files.unknown_steps = steps_before_vectors(m);
  files.unknown_end = steps_after_vectors(m);
  if (files.unknown_steps > 0) {
    read_unknown_source(files);
  } else if (problem == "cnf") {
    require(files.sources.size() == 1, "manifest: source: a formula is one file");
    files.formula = read_dimacs(files.sources[0].bytes);
    const bool attention = m.target.problem == "attention";
    files.order = files.unknown_end > 0 ? stated_order(m)
                                        : files.target.numbered(attention ? "k" : "x", attention ? 1 : 0) + (attention ? 1 : 0);
    files.vectors = list_formula(*files.formula, files.order);
  } else if (is_npy(files.sources[0].bytes)) {
    require(problem == "orthogonal-vectors", "manifest: source: .npy arrays are orthogonal-vectors");
    files.vectors = npy_sets(files.sources);
    files.order = files.vectors.size();
  } else {
    require(files.sources.size() == 1, "manifest: source: only .npy arrays come as several");
    read_tensors(files);
  }
  if (files.unknown_steps == 0)
    for (const Bits& set : files.vectors) files.sizes.push_back(set.rows), files.dimension = set.columns;
  require(files.order >= 2 || (files.unknown_steps > 0 && files.unknown_end > 0), "the order is below 2");
}

/// What a file of every problem says.
void check_head(const BundleFiles& files) {
  const auto& target = files.target;
  require(metadata_at(target, "problem") == files.manifest.target.problem, "target: is of another problem");
  check_own_hash(target, files.target_bytes);
  require(parse_json(metadata_at(target, "provenance"), "target: provenance") == files.manifest.provenance,
          "provenance: manifest and target differ");
}

void check_metadata(const BundleFiles& files) {
  const auto& target = files.target;
  const std::string& problem = files.manifest.target.problem;
  require(metadata_at(target, "format") == "gapwright-1", "target: format must be gapwright-1");
  check_head(files);
  require(metadata_at(target, "order") == std::to_string(files.order), "target: is of another order than the source's sets");
  check_meaning(target, problem, files.order);
  std::set<std::string> known{"format", "sha256", "problem", "order", "provenance", "expected"};
  if (problem == "attention") known.insert({"softmax_scale", "entry_bound", "embedding", "yes_at_least", "no_at_most"});
  if (problem == "gap-max-ip") {
    known.insert({"form", "yes_at_least", "no_at_most"});
    require(target.text("form").has_value(), "target: metadata 'form' is missing");
  }
  if (target.text("form") == "characters") known.insert("rounding");
  for (const auto& [key, value] : target.metadata)
    require(known.contains(key), "target: the metadata hold '" + key.substr(0, 40) + "', which nobody checks");
}

/// Of the target and of the source. True when both are settled.
bool check_expected(const BundleFiles& files, const TuplesChecked& tuples, bool complete) {
  const auto stated = files.target.text("expected");
  require(!stated || *stated == "yes" || *stated == "no", "target: expected is yes or no");
  require(!files.gap || files.expected == stated, "target: expected is not that of the source");
  if (files.expected && files.holds_vectors()) {
    require(*files.expected == "yes" || *files.expected == "no", "source: expected is yes or no");
    require(!tuples.some_in_source || files.expected == "yes", "source: expected is no, and a tuple is a witness");
    require(tuples.some_in_source || !complete || files.expected == "no", "source: expected is yes, and no tuple is a witness");
  }
  const bool source_settled = !files.expected || tuples.some_in_source || (complete && files.holds_vectors());
  if (!stated) return source_settled;
  require(!tuples.some_witness || *stated == "yes", "target: expected is no, and a tuple is a witness");
  require(tuples.some_witness || !complete || (*stated == "no" && !tuples.between),
          "target: expected is " + *stated + ", and no tuple says so");
  return source_settled && (tuples.some_witness || complete);
}

/// What is not tested on a route through a code.
void name_the_rest(const BundleFiles& files, std::vector<std::string>& unchecked) {
  const bool attention = files.manifest.target.problem == "attention",
             real = files.manifest.path.back().parameters.contains("mu");
  const bool rebuilt = attention && !real && files.manifest.path.size() == 1;  // from vectors of bits by the embedding alone
  if (!rebuilt) unchecked.push_back("that the entries of the target are what the code and the gadget make of the vectors");
  if (!files.gap)
    unchecked.push_back(
        "length, degree and message: that there is such a code, and that this is Merlin's message of that number");
  if (const auto family = unknown_family(files.manifest))
    unchecked.push_back("block_length, targets, length and level: the family of codes '" + *family +
                        "' is not known here, so only what holds for all of them");
  if (real) unchecked.push_back("entry_bound, softmax_scale, yes_at_least, no_at_most, mu and unit of a balanced embedding");
  if (files.target.text("rounding")) unchecked.push_back("rounding");
  const bool gadget = std::any_of(files.manifest.path.begin(), files.manifest.path.end(),
                                  [](const ManifestStep& step) { return step.rule == "gap-max-ip -> gap-max-ip"; });
  if (gadget) unchecked.push_back("dimension and form of the gadget: that a pruned one holds just the boxes that occur");
}

std::string rebuilt_from(const BundleFiles& files) {
  if (files.unknown_steps == 0) return "the target built again from the source";
  return files.manifest.target.problem == "attention" ? "the target built again from the vectors that it holds"
                                                      : "the form of the target";
}

std::string leads(const BundleFiles& files) {
  const Manifest& m = files.manifest;
  return m.sources[0].problem + " -> " + m.target.problem +
         (files.order > 0 ? " of order " + std::to_string(files.order) : std::string());
}

/// The target is of no problem that is known here: what comes before it.
BundleAccepted check_up_to_vectors(const BundleFiles& files) {
  const Manifest& m = files.manifest;
  check_head(files);
  if (files.formula) check_listing(m.path.front(), files);
  const std::string unread = check_command(files);
  check_lift_table(files, {});
  BundleAccepted accepted;
  accepted.text = leads(files) + ": hashes, the path as far as the vectors, the lift table";
  accepted.unchecked = unchecked_steps(files);
  if (files.target.text("expected")) accepted.unchecked.push_back("expected");
  if (m.version != CHECKER_VERSION) accepted.unchecked.push_back("provenance: version, which is not this program's");
  if (!unread.empty()) accepted.unchecked.push_back("provenance: of the command: " + unread);
  return accepted;
}

}  // namespace

BundleAccepted check_bundle(const std::function<std::string(const std::string& name)>& read, const Options& options) {
  const Clock clock(options.seconds);
  BundleFiles files;
  files.manifest = read_manifest(read("manifest.json"));
  const Manifest& m = files.manifest;
  check_names_of_files(m);
  check_path(m);
  for (const ManifestFile& source : m.sources) files.sources.push_back({source.file, read_listed(read, source)});
  files.target_bytes = read_listed(read, m.target);
  files.lift_bytes = read_listed(read, m.lift);
  files.target = read_safetensors(files.target_bytes);
  read_source(files);
  if (files.unknown_end > 0) return check_up_to_vectors(files);
  check_metadata(files);
  const std::string unread = check_command(files);

  BundleAccepted accepted;
  const bool direct = is_direct(files);
  std::optional<DirectTarget> layout;
  std::optional<CodeGap> gap;
  if (direct)
    layout = check_direct_target(files);
  else
    gap = check_code_steps(files);
  const LiftTable table = check_lift_table(files, layout);
  accepted.text =
      leads(files) + ": hashes and sizes, " + (direct ? rebuilt_from(files) : "the numbers of the path") + ", the lift table";
  const TuplesChecked tuples = check_tuples(files, table, layout, gap, clock);
  const bool complete = tuples.looked_at == tuples.all;
  accepted.text += ", " + (complete ? "" : tuples.looked_at.get_str() + " of ") + counted(tuples.all.get_str(), "tuple");
  if (!complete) accepted.unchecked.push_back("all but a sample of the tuples");
  if (!check_expected(files, tuples, complete)) accepted.unchecked.push_back("expected");
  if (m.version != CHECKER_VERSION) accepted.unchecked.push_back("provenance: version, which is not this program's");
  for (const std::string& unchecked : unchecked_steps(files)) accepted.unchecked.push_back(unchecked);
  if (!unread.empty()) accepted.unchecked.push_back("provenance: of the command: " + unread);
  if (!direct) name_the_rest(files, accepted.unchecked);
  return accepted;
}

}  // namespace checker
