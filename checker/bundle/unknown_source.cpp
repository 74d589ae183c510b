// SPDX-License-Identifier: MIT
// Bundles whose source or target is of a problem that is not known here. Of an unknown source the steps up to the first k-OV instance are then not checked, nor
// what the source's file means. All after them is, as far as it needs nothing but that instance: vectors of bits are read off the
// target itself where it holds them, and everything else in it must be what they make. Of an unknown target the steps from the last
// k-OV instance on are not checked, nor what its file means; all before them is.
#include <algorithm>
#include <iterator>
#include <sstream>

#include "checker/bundle/parts.hpp"
#include "checker/errors.hpp"
#include "checker/npy.hpp"
#include "checker/statements.hpp"

namespace checker {
namespace {

const std::string kVectors = "orthogonal-vectors";

/// Names are said to the reader, so they are no other text.
void check_name(const std::string& problem) {
  require(!problem.empty() && problem.size() <= 40 &&
              problem.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == std::string::npos,
          "manifest: source: the problem's name is not made of lower-case letters, digits and -");
}

bool is_known(const std::string& problem) {
  return problem == "cnf" || problem == kVectors || problem == "gap-max-ip" || problem == "attention";
}

}  // namespace

void read_statements(BundleFiles& files) {
  for (const File& file : files.sources) {
    if (!file.name.ends_with(".safetensors")) continue;
    const Safetensors source = read_safetensors(file.bytes);
    check_own_hash(source, file.bytes);
    require(source.text("problem").value_or(files.manifest.sources[0].problem) == files.manifest.sources[0].problem,
            "source: the file's problem is not the manifest's");
    files.expected = source.text("expected");
    require(!files.expected || *files.expected == "yes" || *files.expected == "no", "source: expected is yes or no");
  }
}

namespace {

/// The vectors that rows of a direct target stand for, as the lift table says.
Bits vectors_in(const Tensor& tensor, const LiftStep& step, std::size_t u, std::size_t columns, double one) {
  const std::uint64_t size = step.sizes[u], start = 2 * size - step.shift[u] % size - step.first[u] % size;
  require(step.rows[u] >= size && step.first[u] + step.rows[u] <= tensor.shape[0],
          "lift table: the target has no row for each vector");
  Bits bits(size, columns);
  for (std::uint64_t v = 0; v < size; ++v)
    for (std::size_t c = 0; c < columns; ++c)
      if (tensor.at((step.first[u] + (v + start) % size) * tensor.shape[1] + c) == one) bits.set(v, c);
  return bits;
}

void read_direct(BundleFiles& files, const LiftStep& step) {
  const Safetensors& target = files.target;
  check_order(files.order);
  const auto& parameters = files.manifest.path.back().parameters;
  const auto causal = parameters.find("causal");
  const std::size_t added =
      mixed_patterns(files.order) + (causal != parameters.end() && causal->second == "yes" ? files.order - 1 : 0);
  const std::uint64_t columns = target.tensor("q", 2).shape[1];
  require(columns > added, "target: has fewer columns than the embedding adds");
  const double bound = nearest_double(metadata_at(target, "entry_bound"));
  for (std::size_t u = 0; u < files.order; ++u) {
    const Tensor& tensor = target.tensor(u == 0 ? "q" : "k" + std::to_string(u), 2);
    require(tensor.shape[1] == columns, "target: the matrices have different columns");
    files.vectors.push_back(vectors_in(tensor, step, u, columns - added, u == 0 ? -bound : bound));
  }
}

/// The sizes of the sets, and the vectors where the target holds them.
void read_by_lift_table(BundleFiles& files, const LiftTable& table) {
  require(!table.steps.empty() && table.steps[0].kind == "rows" && table.steps[0].rows.size() == files.order,
          "lift table: rows, one number per matrix");
  if (files.manifest.path.back().rule == kVectors + " -> attention") return read_direct(files, table.steps[0]);
  files.sizes = table.steps[0].sizes;
  for (std::size_t u = 0; u < files.order && files.manifest.target.problem == "gap-max-ip"; ++u) {
    const Tensor& tensor = files.target.tensors.at("x" + std::to_string(u));
    require(!tensor.shape.empty() && tensor.shape[0] == files.sizes[u], "lift table: the target's sets have other sizes");
  }
}

/// `target_bits` of the step that makes the vectors; they are all of one dimension.
void read_dimension(BundleFiles& files) {
  const ManifestStep& step = files.manifest.path[files.unknown_steps - 1];
  const auto stated = step.measured.find("target_bits");
  if (stated == step.measured.end()) return;
  mpz_class bits, rows = 0;
  for (const std::uint64_t size : files.sizes) rows += mpz_class(size);
  const bool number = stated->second.size() < 40 && stated->second.find_first_not_of("0123456789") == std::string::npos &&
                      bits.set_str(stated->second, 10) == 0;
  require(number && rows > 0 && bits % rows == 0 && bits / rows < (mpz_class(1) << 40),
          step.rule + ": measured: target_bits is not a number of bits for each vector");
  files.dimension = mpz_class(bits / rows).get_ui();
  require(files.vectors.empty() || files.dimension == files.vectors[0].columns,
          step.rule + ": measured: target_bits is not that of the vectors in the target");
}

/// "; predicted target_bits and tuples".
std::string names_of(const std::string& kind, const std::map<std::string, std::string>& values) {
  std::string names;
  for (auto at = values.begin(); at != values.end(); ++at)
    names += (at == values.begin() ? "" : std::next(at) == values.end() ? " and " : ", ") + at->first;
  return names.empty() ? "" : "; " + kind + " " + names;
}

/// What was measured and is not looked at: of the step that makes the vectors read_dimension reads target_bits.
std::map<std::string, std::string> unread_of(const ManifestStep& step, bool makes_vectors) {
  std::map<std::string, std::string> unread = step.measured;
  if (makes_vectors) unread.erase("target_bits");
  return unread;
}

}  // namespace

std::size_t steps_before_vectors(const Manifest& m) {
  const std::string& problem = m.sources[0].problem;
  if (is_known(problem)) return 0;
  const auto makes_vectors = [](const ManifestStep& step) { return step.rule.ends_with(" -> " + kVectors); };
  const auto found = std::find_if(m.path.begin(), m.path.end(), makes_vectors);
  require(found != m.path.end(), "manifest: path: no step of it is known");
  return static_cast<std::size_t>(found - m.path.begin()) + 1;
}

std::size_t steps_after_vectors(const Manifest& m) {
  if (is_known(m.target.problem)) return 0;
  const auto takes_vectors = [](const ManifestStep& step) { return step.rule.starts_with(kVectors + " -> "); };
  const auto found = std::find_if(m.path.rbegin(), m.path.rend(), takes_vectors);
  require(found != m.path.rend(), "manifest: path: no step of it is known");
  return static_cast<std::size_t>(found - m.path.rbegin()) + 1;
}

std::size_t stated_order(const Manifest& m) {
  const auto& parameters = m.path.front().parameters;
  const auto stated = parameters.find("order");
  require(stated != parameters.end() && stated->second.size() <= 2 &&
              stated->second.find_first_not_of("0123456789") == std::string::npos && !stated->second.empty(),
          m.path.front().rule + ": order is a number of sets");
  return std::stoul(stated->second);
}

void check_unknown_end(const LiftStep& step, const BundleFiles& files) {
  if (!step.rule.starts_with(kVectors + " -> ") || files.sizes.empty()) return;
  require(step.kind == "rows" && step.sizes == files.sizes,
          "lift table: '" + step.rule + "': does not lead back to the vectors of the step before");
}

void read_unknown_source(BundleFiles& files) {
  check_name(files.manifest.sources[0].problem);
  read_statements(files);
  if (files.unknown_end > 0) return;
  const std::string& problem = files.manifest.target.problem;
  const bool attention = problem == "attention";
  files.order = files.target.numbered(attention ? "k" : "x", attention ? 1 : 0) + (attention ? 1 : 0);
  if (problem == kVectors)
    files.vectors = bit_sets(files.target);
  else
    read_by_lift_table(files, read_lift_table(files.lift_bytes));
  for (const Bits& set : files.vectors) files.sizes.push_back(set.rows);
  read_dimension(files);
}

void check_unknown_lift_step(const LiftStep& step, const BundleFiles& files, bool takes_vectors) {
  const std::string place = "lift table: '" + step.rule + "'";
  const std::size_t positions = step.kind == "bits" ? step.variables.size() : step.rows.size();
  if (!takes_vectors) return;
  require(positions == files.order, place + ": one entry for each set of vectors");
  for (std::size_t u = 0; u < positions; ++u)
    require(step.kind == "bits" ? mpz_class(files.sizes[u]) <= mpz_class(1) << step.variables[u].size()
                                : step.rows[u] == files.sizes[u] && step.first[u] == 0,
            place + ": does not take the vectors of the step before");
}

std::vector<std::string> unchecked_steps(const BundleFiles& files) {
  std::vector<std::string> unchecked;
  const Manifest& m = files.manifest;
  for (std::size_t i = m.path.size() - files.unknown_end; i < m.path.size(); ++i)
    unchecked.push_back("theorem" + names_of("parameters", m.path[i].parameters) + names_of("predicted", m.path[i].predicted) +
                        names_of("measured", m.path[i].measured) + " of the step '" + m.path[i].rule + "': the problem '" +
                        m.target.problem + "' is not known here, so neither is what its file means");
  for (std::size_t i = 0; i < files.unknown_steps; ++i) {
    const ManifestStep& step = files.manifest.path[i];
    unchecked.push_back("theorem" + names_of("parameters", step.parameters) + names_of("predicted", step.predicted) +
                        names_of("measured", unread_of(step, i + 1 == files.unknown_steps)) + " of the step '" + step.rule +
                        "': the problem '" + files.manifest.sources[0].problem +
                        "' is not known here, so neither is what its file means");
  }
  return unchecked;
}

std::string other_words(const std::string& command, const std::string& known) {
  std::istringstream all(command), ours(known);
  std::string word, next, others;
  bool more = static_cast<bool>(ours >> next);
  while (all >> word) {
    if (more && word == next)
      more = static_cast<bool>(ours >> next);
    else
      others += (others.empty() ? "" : " ") + word;
  }
  require(!more, "provenance: the command is not one that makes this bundle");
  return others;
}

}  // namespace checker
