// SPDX-License-Identifier: MIT
// The files of problems that are told by their parts alone. In: parts by name; out: a safetensors file, and back. Called for every problem
// whose row has no reader or writer of its own, and by campaigns, which make failing cases smaller part by part.
#include "atlas/parts.hpp"

#include <algorithm>
#include <charconv>

#include "instances/files/file_metadata.hpp"
#include "instances/files/safetensors.hpp"
#include "support/errors.hpp"

namespace gapwright {
namespace {

template <class Value>
const Value& part(const Parts& parts, const std::string& name, const char* kind) {
  const Part* found = parts.find(name);
  if (!found) throw BadInstance("'" + name + "' is missing");
  const Value* value = std::get_if<Value>(&found->value);
  if (!value) throw BadInstance("'" + name + "' is no " + kind);
  return *value;
}

Part part_of(const Tensor& tensor, const InputBytes& file) {
  if (tensor.shape.size() != 2) throw BadInstance(file.name() + ": '" + tensor.name + "' must have two axes (rows, columns)");
  if (tensor.dtype == Dtype::u8 || tensor.dtype == Dtype::boolean)
    return {tensor.name, bits_of(tensor, file, ": " + tensor.name, 0, tensor.shape[0], tensor.shape[1])};
  return {tensor.name, numbers_of(tensor, file)};
}

/// What the metadata of every file may say; the rest are numbers of the instance.
bool is_common(const std::string& key) {
  static constexpr std::string_view kCommon[] = {"problem", "order", "expected", "provenance", "format", "sha256"};
  return std::ranges::find(kCommon, key) != std::end(kCommon);
}

std::optional<std::int64_t> whole_number(const std::string& text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} && end == text.data() + text.size() ? std::optional(value) : std::nullopt;
}

TensorPlan plan_of(const std::string& name, const Matrix& m) {
  return {name, Dtype::f64, {m.rows, m.columns}, [&m](const auto& sink) { sink(std::as_bytes(std::span(m.entries))); }};
}

Matrix without_row(const Matrix& m, std::size_t row) {
  Matrix less(m.rows - 1, m.columns);
  for (std::size_t r = 0; r < less.rows; ++r)
    for (std::size_t c = 0; c < less.columns; ++c) less.at(r, c) = m.at(r + (r >= row), c);
  return less;
}

Matrix without_column(const Matrix& m, std::size_t column) {
  Matrix less(m.rows, m.columns - 1);
  for (std::size_t r = 0; r < less.rows; ++r)
    for (std::size_t c = 0; c < less.columns; ++c) less.at(r, c) = m.at(r, c + (c >= column));
  return less;
}

std::size_t rows_of(const Part& one) {
  if (const auto* bits = std::get_if<BitMatrix>(&one.value)) return bits->rows;
  if (const auto* m = std::get_if<Matrix>(&one.value)) return m->rows;
  return 0;
}
std::size_t columns_of(const Part& one) {
  if (const auto* bits = std::get_if<BitMatrix>(&one.value)) return bits->columns;
  if (const auto* m = std::get_if<Matrix>(&one.value)) return m->columns;
  return 0;
}

std::size_t most_columns(const Parts& parts) {
  std::size_t most = 0;
  for (const Part& one : parts.all) most = std::max(most, columns_of(one));
  return most;
}

void append_without_rows(std::vector<Parts>& smaller, const Parts& parts, std::size_t p) {
  for (std::size_t r = 0; r < rows_of(parts.all[p]); ++r) {
    smaller.push_back(parts);
    auto& value = smaller.back().all[p].value;
    if (auto* bits = std::get_if<BitMatrix>(&value)) *bits = without_row(*bits, r);
    if (auto* m = std::get_if<Matrix>(&value)) *m = without_row(*m, r);
  }
}

void append_without_columns(std::vector<Parts>& smaller, const Parts& parts) {
  const std::size_t columns = most_columns(parts);
  for (std::size_t c = 0; c < columns; ++c) {
    smaller.push_back(parts);
    for (Part& one : smaller.back().all) {
      if (columns_of(one) != columns) continue;
      if (auto* bits = std::get_if<BitMatrix>(&one.value)) *bits = without_column(*bits, c);
      if (auto* m = std::get_if<Matrix>(&one.value)) *m = without_column(*m, c);
    }
  }
}

void append_without_ones(std::vector<Parts>& smaller, const Parts& parts, std::size_t p) {
  const auto* bits = std::get_if<BitMatrix>(&parts.all[p].value);
  for (std::size_t r = 0; bits && r < bits->rows; ++r)
    for (std::size_t c = 0; c < bits->columns; ++c)
      if (bits->get(r, c)) {
        smaller.push_back(parts);
        std::get<BitMatrix>(smaller.back().all[p].value).set(r, c, false);
      }
}

}  // namespace

const Part* Parts::find(const std::string& name) const {
  const auto found = std::ranges::find(all, name, &Part::name);
  return found == all.end() ? nullptr : &*found;
}
const BitMatrix& Parts::bits(const std::string& name) const {
  return part<BitMatrix>(*this, name, "matrix of 0 and 1 of an integer type (in a file U8 or BOOL)");
}
const Matrix& Parts::matrix(const std::string& name) const { return part<Matrix>(*this, name, "matrix of numbers"); }
std::int64_t Parts::number(const std::string& name) const { return part<std::int64_t>(*this, name, "whole number"); }

Parts read_parts(const std::string& problem, const InputFile& input) {
  const Safetensors& file = input.tensors();
  check_problem(file, problem);
  Parts parts;
  for (const auto& [name, tensor] : file.tensors) parts.all.push_back(part_of(tensor, input.bytes()));
  for (const auto& [key, text] : file.metadata)
    if (const auto value = whole_number(text); value && !is_common(key)) {
      if (parts.find(key)) throw BadInstance(input.name() + ": '" + key + "' is a tensor and a number in the metadata");
      parts.all.push_back({key, *value});
    }
  parts.expected = expected_at(file);
  parts.made_by = from_files({input});
  return parts;
}

void write_parts(const std::string& path, const std::string& problem, const Parts& parts, const RunControl& control) {
  std::map<std::string, std::string> metadata{{"problem", problem}, {"provenance", provenance_json(parts.made_by)}};
  if (parts.expected) metadata["expected"] = *parts.expected ? "yes" : "no";
  std::vector<TensorPlan> tensors;
  for (const Part& one : parts.all) {
    if (const auto* bits = std::get_if<BitMatrix>(&one.value)) tensors.push_back(bit_plan(one.name, *bits));
    if (const auto* m = std::get_if<Matrix>(&one.value)) tensors.push_back(plan_of(one.name, *m));
    if (const auto* number = std::get_if<std::int64_t>(&one.value)) metadata[one.name] = std::to_string(*number);
  }
  write_safetensors(path, std::move(metadata), tensors, control);
}

std::vector<Parts> smaller_parts(const Parts& parts) {
  std::vector<Parts> smaller;
  for (std::size_t p = 0; p < parts.all.size(); ++p) append_without_rows(smaller, parts, p);
  append_without_columns(smaller, parts);
  for (std::size_t p = 0; p < parts.all.size(); ++p) append_without_ones(smaller, parts, p);
  return smaller;
}

std::uint64_t size_of(const Parts& parts) {
  std::uint64_t size = 0;
  for (const Part& one : parts.all) {
    size += rows_of(one) + columns_of(one);
    if (const auto* bits = std::get_if<BitMatrix>(&one.value))
      for (const std::uint64_t word : bits->words) size += static_cast<std::uint64_t>(__builtin_popcountll(word));
    if (const auto* number = std::get_if<std::int64_t>(&one.value)) size += static_cast<std::uint64_t>(std::abs(*number));
  }
  return size;
}

}  // namespace gapwright
