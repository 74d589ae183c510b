// SPDX-License-Identifier: MIT
#pragma once
#include <optional>
#include <vector>

#include "instances/attention.hpp"
#include "instances/cnf.hpp"
#include "instances/files/gap_max_ip_files.hpp"
#include "instances/files/input_file.hpp"
#include "instances/gap_max_ip.hpp"
#include "instances/lift.hpp"
#include "instances/orthogonal_vectors.hpp"
#include "python/arrays.hpp"
#include "python/file_path.hpp"
#include "support/limits.hpp"

// Instances as Python sees them: the library's structs with what is known of their answer.
namespace gapwright::python {

using Tuple = std::vector<std::size_t>;
using Literals = WitnessNumbers;  ///< of DIMACS

/// A file that an instance was read from.
struct ReadFile {
  std::string path;  ///< absolute; empty for a text
  std::string sha256;
};

template <class Instance>
struct Known {
  Instance instance;
  std::optional<bool> expected = {};  ///< the answer, where it is proved or planted
  std::optional<typename Instance::Witness> planted = {};
  std::vector<ReadFile> files = {};  ///< that it was read from; empty for others
};
struct Formula : Known<Cnf> {
  std::optional<std::vector<std::int32_t>> shown = {};  ///< variables to count over, as the file's comments name them
  std::string shown_trouble = {};                       ///< why that cannot be done
  std::string reason = {};                              ///< of the answer that is expected, as the file tells it
  bool weighted = false;                                ///< the comments give weights, which are not read
};
using Vectors = Known<OrthogonalVectors>;
struct Gap01 : Known<GapMaxIp> {
  Form form = Form::full;  ///< or pruned
};
using FactoredGap = Known<FactoredGapMaxIp>;
struct RealGap : Known<RealGapMaxIp> {
  mpq_class rounding;  ///< as the file states it
  bool unit = false;   ///< entries are in [-1, 1], as the gadget makes them
};
struct AttentionInput : Attention {
  std::vector<ReadFile> files;
};

/// A Gap-k-MaxIP file as the class of its form.
py::object read_gap_max_ip_form(const InputFile& input);
std::vector<ReadFile> files_of(const std::vector<InputFile>& inputs);
/// Of a thread that holds the interpreter's lock: Ctrl-C ends the reading.
InputBytes open_file(const std::string& path);
/// Of the files that were read.
std::vector<std::string> paths_of(const std::vector<ReadFile>&);
std::vector<std::string> hashes_of(const std::vector<ReadFile>&);
/// As write() writes it.
std::string text_of(const Formula&);
/// What gapwright-check must be given for this formula: the file that was read, else what write() writes.
std::string text_hash(const Formula&);

/// One Python object for each matrix.
template <class Matrices, class Convert>
py::tuple tuple_of(const Matrices& all, Convert convert) {
  py::tuple result(all.size());
  for (std::size_t u = 0; u < all.size(); ++u) result[u] = convert(all[u]);
  return result;
}
inline py::tuple arrays_of(const std::vector<BitMatrix>& all) {
  mpz_class bytes = 0;
  for (const BitMatrix& m : all) bytes += mpz_class(m.rows) * m.columns;
  check_memory({}, "the unpacked sets", bytes);
  return tuple_of(all, [](const BitMatrix& m) { return array_of(m); });
}
inline py::tuple views_of(const std::vector<Matrix>& all, const py::handle& owner) {
  return tuple_of(all, [&](const Matrix& m) { return view_of(m, owner); });
}
/// Indices from Python; none when one is negative or beyond the range of Tuple, and so of every set. Throws std::invalid_argument
/// when one is no integer.
std::optional<Tuple> tuple_from(const py::object& indices);

/// Any order of literals; throws std::invalid_argument unless every variable has exactly one value.
Cnf::Witness assignment_of(const Literals&, std::size_t variables);

void bind_instances(py::module_& module);
void bind_gap_max_ip(py::module_& module);
void bind_generators(py::module_& module);
void bind_decisions(py::module_& module);
void bind_solve(py::module_& module);
void bind_counting(py::module_& module);
void bind_attention(py::module_& module);
void bind_reductions(py::module_& module);
void bind_codes(py::module_& module);
void bind_explore(py::module_& module);
void bind_estimate(py::module_& module);
void bind_fuzz(py::module_& module);
void bind_trace(py::module_& module);
void bind_sweeps(py::module_& module);
void bind_routes(py::module_& module);

}  // namespace gapwright::python
