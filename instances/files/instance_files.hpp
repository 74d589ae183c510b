// SPDX-License-Identifier: MIT
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "instances/attention.hpp"
#include "instances/files/gap_max_ip_files.hpp"
#include "instances/files/input_file.hpp"
#include "instances/files/safetensors.hpp"
#include "instances/orthogonal_vectors.hpp"
#include "instances/vocabulary.hpp"

namespace gapwright {

/// The problems that have files, by the words of the atlas.
enum class FileKind { cnf, orthogonal_vectors, gap_max_ip, attention };
template <>
struct Names<FileKind> {
  static constexpr std::string_view what = "problem";
  static constexpr std::array all{
      Named<FileKind>{FileKind::cnf, "cnf"}, Named<FileKind>{FileKind::orthogonal_vectors, "orthogonal-vectors"},
      Named<FileKind>{FileKind::gap_max_ip, "gap-max-ip"}, Named<FileKind>{FileKind::attention, "attention"}};
};

/// F64, F32, F16, BF16: integers would be rounded beyond 2^53.
bool is_float(Dtype);

/// What a file holds, by its contents: safetensors with x0.. or q (vectors with problem "gap-max-ip" are its), .npy (vectors), anything else is read
/// as DIMACS.
FileKind kind_of(const InputFile& input);
FileKind kind_of(const Safetensors& file);
bool looks_like_safetensors(const InputBytes& input);

/// Sets of vectors from one safetensors file (x0, x1, ...), or from .npy arrays: one of shape (k, n, d), or one (n, d) array a
/// file. Entries must be 0 or 1. Throws BadInstance naming the entry that is not.
struct OrthogonalVectorsFile {
  OrthogonalVectors vectors;
  std::optional<bool> expected;
};
OrthogonalVectorsFile read_orthogonal_vectors(const std::vector<InputFile>& inputs);
void write_orthogonal_vectors(const std::string& path, const OrthogonalVectors&, std::optional<bool> expected,
                              const RunControl& = {});

/// An attention input q, k1, ..., v1, ... with its metadata; F64, F32, F16 or BF16.
Attention read_attention(const InputFile& input);
/// Writes every entry as F64, row by row: the memory needed does not grow with the file.
void write_attention(const std::string& path, const BitAttention&, const RunControl& = {});
void write_attention(const std::string& path, const Attention&, const RunControl& = {});

}  // namespace gapwright
