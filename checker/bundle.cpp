// gapwright-check --bundle FOLDER.
//
// A bundle says: this source was reduced to this target by these rules, and this table leads witnesses back. On the direct route
// all of it can be done again from the source alone, and is. Through a code the target cannot be rebuilt without the code's
// words, which this program does not know; there it checks what can be checked without them and says what is left.
#include "checker/bundle.hpp"

#include <algorithm>

#include "checker/bundle_parts.hpp"
#include "checker/errors.hpp"
#include "checker/files.hpp"
#include "checker/npy.hpp"

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
bool is_direct(const Manifest& m) {
  return std::all_of(m.path.begin(), m.path.end(), [](const ManifestStep& step) {
    return step.rule == "cnf -> orthogonal-vectors" || step.rule == "orthogonal-vectors -> attention";
  });
}

void read_source(BundleFiles& files) {
  const Manifest& m = files.manifest;
  const std::string& problem = m.sources[0].problem;
  require(problem == "cnf" || problem == "orthogonal-vectors" || problem == "gap-max-ip",
          "manifest: source: of no known problem");
  if (problem == "cnf") {
    require(files.sources.size() == 1, "manifest: source: a formula is one file");
    files.formula = read_dimacs(files.sources[0].bytes);
    files.order = files.target.numbered(files.manifest.target.problem == "attention" ? "k" : "x",
                                        files.manifest.target.problem == "attention" ? 1 : 0) +
                  (files.manifest.target.problem == "attention" ? 1 : 0);
    files.vectors = list_formula(*files.formula, files.order);
  } else if (problem == "orthogonal-vectors") {
    files.vectors = is_npy(files.sources[0].bytes) ? npy_sets(files.sources) : bit_sets(read_safetensors(files.sources[0].bytes));
    files.order = files.vectors.size();
  } else {
    files.order = read_safetensors(files.sources[0].bytes).numbered("x", 0);
  }
  require(files.order >= 2, "the order is below 2");
}

void check_metadata(const BundleFiles& files) {
  const auto& target = files.target;
  require(metadata_at(target, "format") == "gapwright-1", "target: format must be gapwright-1");
  require(metadata_at(target, "problem") == files.manifest.target.problem, "target: is of another problem");
  require(metadata_at(target, "order") == std::to_string(files.order), "target: is of another order than the source's sets");
  require(parse_json(metadata_at(target, "provenance"), "target: provenance") == files.manifest.provenance,
          "provenance: manifest and target differ");
}

void check_expected(const BundleFiles& files, const TuplesChecked& tuples, bool complete, bool both_ways) {
  const auto expected = files.target.text("expected");
  if (!expected) return;
  require(*expected == "yes" || *expected == "no", "target: expected is yes or no");
  if (tuples.some_witness) require(*expected == "yes", "target: expected is no, and a tuple is a witness");
  if (complete && both_ways && !tuples.some_witness)
    require(*expected == "no", "target: expected is yes, and no tuple is a witness");
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
  check_metadata(files);

  BundleAccepted accepted;
  const bool direct = is_direct(m);
  std::optional<DirectTarget> layout;
  std::optional<CodeGap> gap;
  if (direct)
    layout = check_direct_target(files);
  else
    gap = check_code_steps(files);
  const LiftTable table = check_lift_table(files, layout);
  accepted.text = m.sources[0].problem + " -> " + m.target.problem + " of order " + std::to_string(files.order) +
                  ": hashes and sizes, " + (direct ? "the target built again from the source" : "the numbers of the path") +
                  ", the lift table";
  if (files.vectors.empty()) {
    accepted.unchecked.push_back("tuples of the target against those of a Gap-k-MaxIP source");
  } else {
    const TuplesChecked tuples = check_tuples(files, table, layout, gap, clock);
    const bool complete = tuples.looked_at == tuples.all;
    check_expected(files, tuples, complete, true);
    accepted.text += ", " + tuples.looked_at.get_str() + (complete ? "" : " of " + tuples.all.get_str()) + " tuples";
    if (!complete) accepted.unchecked.push_back("all but a sample of the tuples");
  }
  if (!direct) {
    accepted.unchecked.push_back("that the entries of the target are what the code and the gadget make of the vectors");
    if (m.target.problem == "attention") accepted.unchecked.push_back("the thresholds and the entry bound of the embedding");
  }
  return accepted;
}

}  // namespace checker
