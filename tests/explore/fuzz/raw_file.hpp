// SPDX-License-Identifier: MIT
#pragma once
#include <cstring>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "instances/attention.hpp"
#include "instances/bit_matrix.hpp"

// A safetensors file of another program, with anything in it: the library's writer writes only what is so.
namespace gapwright::test {

struct RawTensor {
  std::string name, dtype = "F64";  ///< F64, F32, U16, U8
  std::vector<std::uint64_t> shape;
  std::vector<double> entries;
};

struct RawFile {
  std::map<std::string, std::string> metadata;
  std::vector<RawTensor> tensors;
  RawTensor& at(const std::string& name) {
    for (RawTensor& t : tensors)
      if (t.name == name) return t;
    throw std::out_of_range(name);
  }
};

template <class Number>
void append(std::string& data, double x) {
  const auto value = static_cast<Number>(x);
  data.append(reinterpret_cast<const char*>(&value), sizeof value);
}

inline std::string text_of(const RawFile& file) {
  nlohmann::ordered_json header{{"__metadata__", file.metadata}};
  std::string data;
  for (const RawTensor& t : file.tensors) {
    const std::size_t begin = data.size();
    for (const double x : t.entries)
      t.dtype == "F64"   ? append<double>(data, x)
      : t.dtype == "F32" ? append<float>(data, x)
      : t.dtype == "U16" ? append<std::uint16_t>(data, x)
                         : append<std::uint8_t>(data, x);
    header[t.name] = {{"dtype", t.dtype}, {"shape", t.shape}, {"data_offsets", {begin, data.size()}}};
  }
  const std::string text = header.dump();
  const std::uint64_t length = text.size();
  return std::string(reinterpret_cast<const char*>(&length), 8) + text + data;
}

inline RawTensor raw(const std::string& name, const BitMatrix& bits, const std::string& dtype) {
  RawTensor t{name, dtype, {bits.rows, bits.columns}, {}};
  for (std::size_t r = 0; r < bits.rows; ++r)
    for (std::size_t c = 0; c < bits.columns; ++c) t.entries.push_back(bits.get(r, c));
  return t;
}

inline RawTensor raw(const std::string& name, const Matrix& m) { return {name, "F64", {m.rows, m.columns}, m.entries}; }

}  // namespace gapwright::test
