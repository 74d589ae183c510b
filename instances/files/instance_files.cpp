// SPDX-License-Identifier: MIT
// Instances as files: which tensors and which metadata each problem has (docs/formats.md).
#include "instances/files/instance_files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <stdexcept>
#include <utility>

#include "instances/files/file_metadata.hpp"
#include "instances/files/npy.hpp"
#include "support/checked.hpp"
#include "support/decimal.hpp"
#include "support/errors.hpp"

namespace gapwright {
namespace {

std::string number(double x) { return fmt::format("{:.17g}", x); }

OrthogonalVectors vectors_of_arrays(const std::vector<InputFile>& inputs) {
  OrthogonalVectors ov;
  for (const InputFile& input : inputs) {
    const Tensor array = read_npy(input.bytes());
    const auto& shape = array.shape;
    if (shape.size() == 2) {
      ov.sets.push_back(bits_of(array, input.bytes(), "", 0, shape[0], shape[1]));
    } else if (shape.size() == 3 && inputs.size() == 1) {
      check_order_within(shape[0], input.name() + ": the array");
      for (std::size_t u = 0; u < shape[0]; ++u)
        ov.sets.push_back(bits_of(array, input.bytes(), fmt::format(": set {}", u), u * shape[1], shape[1], shape[2]));
    } else {
      throw BadInstance(input.name() + ": give one array of shape (k, n, d), or k files with arrays of shape (n, d)");
    }
  }
  return ov;
}

Matrix matrix_of(const Safetensors& file, const std::string& name) {
  const auto found = file.tensors.find(name);
  if (found == file.tensors.end()) throw BadInstance(file.file.name() + ": tensor '" + name + "' is missing");
  const Tensor& tensor = found->second;
  if (tensor.shape.size() != 2) throw BadInstance(file.file.name() + ": '" + name + "' must have two axes (rows, columns)");
  if (!is_float(tensor.dtype))
    throw BadInstance(fmt::format("{}: '{}' has dtype {}; attention inputs are F64, F32, F16 or BF16", file.file.name(), name,
                                  name_of(tensor.dtype)));
  return numbers_of(tensor, file.file);
}

void check_bound(const Attention& a, const std::string& file) {
  const auto check = [&](const Matrix& m, const std::string& name) {
    for (std::size_t i = 0; i < m.entries.size(); ++i)
      if (std::abs(m.entries[i]) > a.terms.entry_bound)
        throw BadInstance(fmt::format("{}: {}[{}, {}] is {}, beyond the stated entry_bound {}", file, name, i / m.columns,
                                      i % m.columns, m.entries[i], a.terms.entry_bound));
  };
  check(a.q, "q");
  for (std::size_t u = 0; u < a.keys.size(); ++u) check(a.keys[u], "k" + std::to_string(u + 1));
}

double largest_entry(const Attention& a) {
  double bound = 0;
  const auto widen = [&](const Matrix& m) {
    for (const double x : m.entries) bound = std::max(bound, std::abs(x));
  };
  widen(a.q);
  std::for_each(a.keys.begin(), a.keys.end(), widen);
  return bound;
}

double double_at(const Safetensors& file, const std::string& key, const std::string& text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || !std::isfinite(value))
    throw BadInstance(file.file.name() + ": metadata '" + key + "' is not a number: '" + text.substr(0, 40) + "'");
  return value;
}

std::map<std::string, std::string> attention_metadata(const AttentionTerms& terms, std::size_t order) {
  std::map<std::string, std::string> metadata{{"problem", "attention"},
                                              {"order", std::to_string(order)},
                                              {"softmax_scale", number(terms.softmax_scale)},
                                              {"entry_bound", number(terms.entry_bound)},
                                              {"provenance", provenance_json(terms.made_by)}};
  if (terms.causal) metadata["causal"] = "true";
  if (!terms.embedding.empty()) metadata["embedding"] = terms.embedding;
  if (terms.yes_at_least) metadata["yes_at_least"] = decimal_down(*terms.yes_at_least, kThresholdDigits);
  if (terms.no_at_most) metadata["no_at_most"] = decimal_up(*terms.no_at_most, kThresholdDigits);
  if (terms.yes_at_least && terms.no_at_most && parse_decimal(metadata["yes_at_least"]) <= parse_decimal(metadata["no_at_most"]))
    throw std::invalid_argument("yes_at_least and no_at_most are closer than the " + std::to_string(kThresholdDigits) +
                                " digits that a file states can tell");
  if (terms.expected) metadata["expected"] = *terms.expected ? "yes" : "no";
  return metadata;
}

TensorPlan plan_of(const std::string& name, std::size_t rows, std::size_t columns,
                   std::function<void(std::size_t, std::span<double>)> fill_row) {
  return {name, Dtype::f64, {rows, columns}, [rows, columns, fill_row = std::move(fill_row)](const auto& sink) {
            std::vector<double> row(columns);
            for (std::size_t r = 0; r < rows; ++r) {
              fill_row(r, row);
              sink(std::as_bytes(std::span(row)));
            }
          }};
}

TensorPlan plan_of(const std::string& name, const BitMatrix& bits, double zero, double one) {
  return plan_of(name, bits.rows, bits.columns, [&bits, zero, one](std::size_t r, std::span<double> row) {
    for (std::size_t c = 0; c < row.size(); ++c) row[c] = bits.get(r, c) ? one : zero;
  });
}

TensorPlan plan_of(const std::string& name, const Matrix& m) {
  return plan_of(name, m.rows, m.columns, [&m](std::size_t r, std::span<double> row) {
    std::copy_n(m.entries.begin() + static_cast<std::ptrdiff_t>(r * m.columns), m.columns, row.begin());
  });
}

}  // namespace

bool is_float(Dtype dtype) { return dtype == Dtype::f64 || dtype == Dtype::f32 || dtype == Dtype::f16 || dtype == Dtype::bf16; }

bool looks_like_safetensors(const InputBytes& input) {
  const std::string_view text = input.text();
  const bool has_nul = text.substr(0, 8).find('\0') != std::string_view::npos;
  return !looks_like_npy(input) && text.size() >= 9 && (text[8] == '{' || has_nul);
}

FileKind kind_of(const InputFile& input) {
  if (looks_like_npy(input.bytes())) return FileKind::orthogonal_vectors;
  return looks_like_safetensors(input.bytes()) ? kind_of(input.tensors()) : FileKind::cnf;
}

FileKind kind_of(const Safetensors& file) {
  if (file.tensors.contains("q")) return FileKind::attention;
  if (file.tensors.contains("x0"))
    return metadata_at(file, "problem") == "gap-max-ip" ? FileKind::gap_max_ip : FileKind::orthogonal_vectors;
  throw BadInstance(file.file.name() + ": holds neither q, k1, v1, ... (attention) nor x0, x1, ... (vectors)");
}

OrthogonalVectorsFile read_orthogonal_vectors(const std::vector<InputFile>& inputs) {
  OrthogonalVectorsFile result;
  if (looks_like_npy(inputs.at(0).bytes())) {
    result.vectors = vectors_of_arrays(inputs);
  } else {
    if (inputs.size() != 1)
      throw std::invalid_argument(inputs[0].name() + ": a safetensors file holds all sets and stands alone; leave out " +
                                  inputs[1].name() + " (only .npy arrays come as several files)");
    const Safetensors& file = inputs[0].tensors();
    check_problem(file, "orthogonal-vectors");
    result.vectors.sets = bit_sets(file);
    result.expected = expected_at(file);
  }
  if (!result.vectors.sets.empty()) result.vectors.dimension = result.vectors.sets[0].columns;
  try {
    check_well_formed(result.vectors);
  } catch (const BadInstance& e) {
    throw BadInstance(inputs[0].name() + ": " + e.what());
  }
  result.vectors.made_by = from_files(inputs);
  return result;
}

void write_orthogonal_vectors(const std::string& path, const OrthogonalVectors& ov, std::optional<bool> expected,
                              const RunControl& control) {
  std::map<std::string, std::string> metadata{
      {"problem", "orthogonal-vectors"}, {"order", std::to_string(ov.sets.size())}, {"provenance", provenance_json(ov.made_by)}};
  if (expected) metadata["expected"] = *expected ? "yes" : "no";
  const std::vector<TensorPlan> tensors = bit_plans(ov.sets);
  write_safetensors(path, std::move(metadata), tensors, control);
}

Attention read_attention(const InputFile& input) {
  const Safetensors& file = input.tensors();
  check_problem(file, "attention");
  Attention a;
  const std::size_t order = count_named(file, "k", 1) + 1;
  check_order_within(order, input.name() + ": the input");
  if (file.tensors.size() != 2 * order - 1)
    throw BadInstance(input.name() + ": an attention input holds q, k1, k2, ... and as many v1, v2, ..., and nothing else");
  a.q = matrix_of(file, "q");
  for (std::size_t u = 1; u < order; ++u) {
    a.keys.push_back(matrix_of(file, "k" + std::to_string(u)));
    a.values.push_back(matrix_of(file, "v" + std::to_string(u)));
  }
  check_order(file, order);
  const auto scale = metadata_at(file, "softmax_scale");
  if (!scale)
    throw BadInstance(input.name() +
                      ": metadata 'softmax_scale' is missing; it says what multiplies the sum in the exponent (the papers: 1/d)");
  a.terms.softmax_scale = double_at(file, "softmax_scale", *scale);
  a.terms.yes_at_least = rational_at(file, "yes_at_least");
  a.terms.no_at_most = rational_at(file, "no_at_most");
  try {
    check_well_formed(a);
    check_thresholds(a.terms);
  } catch (const BadInstance& e) {
    throw BadInstance(input.name() + ": " + e.what());
  }
  const auto bound = metadata_at(file, "entry_bound");
  a.terms.entry_bound = bound ? double_at(file, "entry_bound", *bound) : largest_entry(a);
  if (bound) check_bound(a, input.name());
  a.terms.causal = causal_at(file);
  a.terms.embedding = embedding_at(file, order);
  a.terms.expected = expected_at(file);
  a.terms.made_by = from_files({input});
  return a;
}

void write_attention(const std::string& path, const BitAttention& a, const RunControl& control) {
  std::vector<TensorPlan> tensors{plan_of("q", a.queries, 0, a.sign * a.terms.entry_bound)};
  for (std::size_t u = 0; u < a.keys.size(); ++u)
    tensors.push_back(plan_of("k" + std::to_string(u + 1), a.keys[u], a.centred ? -a.terms.entry_bound : 0, a.terms.entry_bound));
  for (std::size_t u = 0; u < a.values.size(); ++u)
    tensors.push_back(plan_of("v" + std::to_string(u + 1), a.values[u].size(), 1,
                              [&v = a.values[u]](std::size_t r, std::span<double> row) { row[0] = v[r]; }));
  write_safetensors(path, attention_metadata(a.terms, a.keys.size() + 1), tensors, control);
}

void write_attention(const std::string& path, const Attention& a, const RunControl& control) {
  std::vector<TensorPlan> tensors{plan_of("q", a.q)};
  for (std::size_t u = 0; u < a.keys.size(); ++u) tensors.push_back(plan_of("k" + std::to_string(u + 1), a.keys[u]));
  for (std::size_t u = 0; u < a.values.size(); ++u) tensors.push_back(plan_of("v" + std::to_string(u + 1), a.values[u]));
  write_safetensors(path, attention_metadata(a.terms, a.keys.size() + 1), tensors, control);
}

}  // namespace gapwright
