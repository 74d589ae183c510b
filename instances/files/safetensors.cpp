// SPDX-License-Identifier: MIT
// The safetensors container: 8 bytes little-endian header length, a JSON header, then the data. The header maps each tensor's name
// to dtype, shape and data_offsets, and "__metadata__" to strings.
//
// Everything is checked against the file's real size before it is used. Beyond the format's own rules a file of ours carries
// metadata "format" = "gapwright-1" and "sha256": the hash of the whole file with those 64 digits replaced by '0'. Any changed byte is
// then found: in the data or in a value by the hash; in the name "sha256" because "format" without it is refused; in "format" by the
// hash; in the names "__metadata__" or of the structure because the header no longer parses to tensors.
#include "instances/files/safetensors.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <limits>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "support/checked.hpp"
#include "support/errors.hpp"
#include "support/message.hpp"
#include "support/sha256.hpp"
#include "support/strict_json.hpp"

namespace gapwright {
namespace {

static_assert(std::endian::native == std::endian::little, "safetensors data is little-endian and is used in place");

constexpr std::string_view kFormat = "gapwright-1";
constexpr std::uint64_t kLargestHeader = 100'000'000;  // the format's own limit

struct DtypeRow {
  Dtype dtype;
  std::string_view name;
  std::size_t size;
};
constexpr std::array<DtypeRow, 13> kDtypes{{{Dtype::boolean, "BOOL", 1},
                                            {Dtype::u8, "U8", 1},
                                            {Dtype::i8, "I8", 1},
                                            {Dtype::u16, "U16", 2},
                                            {Dtype::i16, "I16", 2},
                                            {Dtype::u32, "U32", 4},
                                            {Dtype::i32, "I32", 4},
                                            {Dtype::u64, "U64", 8},
                                            {Dtype::i64, "I64", 8},
                                            {Dtype::f16, "F16", 2},
                                            {Dtype::bf16, "BF16", 2},
                                            {Dtype::f32, "F32", 4},
                                            {Dtype::f64, "F64", 8}}};

const DtypeRow& row_of(Dtype dtype) { return kDtypes[static_cast<std::size_t>(dtype)]; }

template <class T>
T load(const std::byte* at) {
  T value;
  std::memcpy(&value, at, sizeof value);
  return value;
}

double widen_half(std::uint16_t bits) {
  const int exponent = (bits >> 10) & 31;
  const int fraction = bits & 1023;
  const double magnitude = exponent == 31
                               ? (fraction ? std::numeric_limits<double>::quiet_NaN() : std::numeric_limits<double>::infinity())
                           : exponent == 0 ? fraction * 0x1p-24
                                           : (1024 + fraction) * std::ldexp(1.0, exponent - 25);
  return bits >> 15 ? -magnitude : magnitude;
}

/// The header as JSON; throws on double keys, which JSON readers resolve in different ways.
nlohmann::json parse_header(const std::string& file, std::string_view header) {
  constexpr std::size_t kDeepest = 8, kMostTensors = 1'000'000;
  const std::string fault = json_fault(header, kDeepest, kMostTensors);
  if (fault.starts_with("the key")) throw BadInstance(file + ": the header has a key twice");
  auto json = fault.empty() ? nlohmann::json::parse(header) : nlohmann::json();
  if (!json.is_object()) throw BadInstance(file + ": the header is not a JSON object; is this a safetensors file?");
  return json;
}

[[noreturn]] void refuse_metadata(const std::string& file, const std::string& key) {
  throw BadInstance(file + ": metadata '" + key + "' is not a string");
}

std::map<std::string, std::string> parse_metadata(const std::string& file, const nlohmann::json& json) {
  std::map<std::string, std::string> metadata;
  if (!json.is_object()) throw BadInstance(file + ": '__metadata__' is not a map of strings");
  for (const auto& [key, value] : json.items()) {
    if (!value.is_string()) refuse_metadata(file, key);
    metadata[key] = value.get<std::string>();
  }
  return metadata;
}

struct Placed {
  Tensor tensor;
  std::uint64_t begin;
  std::uint64_t end;
};

Placed parse_tensor(const std::string& file, const std::string& name, const nlohmann::json& json,
                    std::span<const std::byte> data) {
  const std::string what = file + ": tensor '" + shown_message(name) + "' ";  // a name may hold a line end
  const auto list = [&](const char* key) {
    std::vector<std::uint64_t> numbers;
    if (!json.at(key).is_array()) throw BadInstance(what + "has no list '" + key + "'");
    for (const auto& number : json.at(key)) {
      if (!number.is_number_unsigned()) throw BadInstance(what + "has a bad number in '" + key + "'");
      numbers.push_back(number.get<std::uint64_t>());
    }
    return numbers;
  };
  if (!json.is_object() || json.size() != 3 || !json.contains("dtype") || !json.contains("shape") ||
      !json.contains("data_offsets") || !json.at("dtype").is_string())
    throw BadInstance(what + "needs exactly dtype, shape and data_offsets");
  const auto dtype = json.at("dtype").get<std::string>();
  const auto row = std::find_if(kDtypes.begin(), kDtypes.end(), [&](const DtypeRow& r) { return r.name == dtype; });
  if (row == kDtypes.end()) throw BadInstance(what + "has the unknown dtype '" + shown_message(dtype) + "'");
  Tensor tensor{name, row->dtype, list("shape"), {}};
  const auto offsets = list("data_offsets");
  if (offsets.size() != 2 || offsets[0] > offsets[1]) throw BadInstance(what + "has bad data_offsets");
  if (offsets[1] > data.size())
    throw BadInstance(what + "ends at data byte " + std::to_string(offsets[1]) + ", the file has " + std::to_string(data.size()) +
                      ": it is cut short; copy or write it again");
  if (array_bytes(tensor.shape, row->size, file + ": tensor '" + shown_message(name) + "'") != offsets[1] - offsets[0])
    throw BadInstance(what + "has a shape that does not fit its " + std::to_string(offsets[1] - offsets[0]) + " bytes");
  tensor.data = data.subspan(offsets[0], offsets[1] - offsets[0]);
  return {std::move(tensor), offsets[0], offsets[1]};
}

void check_coverage(const std::string& file, std::vector<Placed>& placed, std::size_t data_size) {
  std::sort(placed.begin(), placed.end(),
            [](const Placed& a, const Placed& b) { return std::pair(a.begin, a.end) < std::pair(b.begin, b.end); });
  std::uint64_t at = 0;
  for (const Placed& p : placed) {
    if (p.begin < at) throw BadInstance(file + ": tensor '" + shown_message(p.tensor.name) + "' overlaps another tensor");
    if (p.begin > at) throw BadInstance(file + ": there is a hole before tensor '" + shown_message(p.tensor.name) + "'");
    at = p.end;
  }
  if (at != data_size)
    throw BadInstance(file + ": " + std::to_string(data_size - at) +
                      " bytes follow the last tensor; the file is longer than its header says");
}

void check_hash(const InputBytes& input, const std::map<std::string, std::string>& metadata, std::string_view head,
                std::span<const std::byte> data) {
  const std::string& file = input.name();
  const auto format = metadata.find("format");
  const auto hash = metadata.find("sha256");
  const bool ours = std::any_of(metadata.begin(), metadata.end(), [](const auto& entry) { return entry.second == kFormat; });
  if (hash == metadata.end() && !ours) return;  // a file of another program
  if (format == metadata.end() || format->second != kFormat)
    throw BadInstance(file + ": metadata 'format' is not '" + std::string(kFormat) +
                      "'; the file was changed or is of another version");
  if (hash == metadata.end()) throw BadInstance(file + ": metadata 'sha256' is missing; the file was changed");
  const std::size_t place = head.find("\"" + hash->second + "\"");
  if (hash->second.size() != 64 || place == std::string_view::npos) throw BadInstance(file + ": metadata 'sha256' is not a hash");
  Sha256 sum;
  sum.add(head.substr(0, place + 1));
  sum.add(std::string(64, '0'));
  sum.add(head.substr(place + 65));
  input.in_pieces(data, [&](std::span<const std::byte> piece) { sum.add(piece); });
  if (sum.hex() != hash->second)
    throw BadInstance(file + ": the contents do not fit their SHA-256; the file was changed or damaged, write it again");
}

}  // namespace

std::size_t size_of(Dtype dtype) { return row_of(dtype).size; }
std::string_view name_of(Dtype dtype) { return row_of(dtype).name; }

std::size_t element_count(const Tensor& tensor) { return tensor.data.size() / size_of(tensor.dtype); }

double element(const Tensor& tensor, std::size_t i) {
  const std::byte* at = tensor.data.data() + i * size_of(tensor.dtype);
  switch (tensor.dtype) {
    case Dtype::boolean:
    case Dtype::u8:
      return load<std::uint8_t>(at);
    case Dtype::i8:
      return load<std::int8_t>(at);
    case Dtype::u16:
      return load<std::uint16_t>(at);
    case Dtype::i16:
      return load<std::int16_t>(at);
    case Dtype::u32:
      return load<std::uint32_t>(at);
    case Dtype::i32:
      return load<std::int32_t>(at);
    case Dtype::u64:
      return static_cast<double>(load<std::uint64_t>(at));
    case Dtype::i64:
      return static_cast<double>(load<std::int64_t>(at));
    case Dtype::f16:
      return widen_half(load<std::uint16_t>(at));
    case Dtype::bf16:
      return std::bit_cast<float>(static_cast<std::uint32_t>(load<std::uint16_t>(at)) << 16);
    case Dtype::f32:
      return load<float>(at);
    case Dtype::f64:
      return load<double>(at);
  }
  throw std::logic_error("unknown dtype");
}

Safetensors read_safetensors(const InputBytes& input) {
  const std::string& file = input.name();
  const auto bytes = input.bytes();
  if (bytes.size() < 8) throw BadInstance(file + ": shorter than the 8 bytes every safetensors file starts with");
  const auto header_size = load<std::uint64_t>(bytes.data());
  if (std::ranges::all_of(input.text().substr(0, 9),
                          [](char c) { return (c >= ' ' && c <= '~') || c == '\n' || c == '\t' || c == '\r'; }))
    throw BadInstance(file + ": is text, and no safetensors file");
  if (header_size > kLargestHeader || header_size > bytes.size() - 8)
    throw BadInstance(file + ": the header should have " + std::to_string(header_size) + " bytes, the file has " +
                      std::to_string(bytes.size() - 8) + " after its first 8: it is cut short, or not a safetensors file");
  const auto json = parse_header(file, input.text().substr(8, header_size));
  Safetensors result{input, {}, {}};
  const auto data = bytes.subspan(8 + header_size);
  std::vector<Placed> placed;
  for (const auto& [name, value] : json.items()) {
    if (name == "__metadata__")
      result.metadata = parse_metadata(file, value);
    else
      placed.push_back(parse_tensor(file, name, value, data));
  }
  check_coverage(file, placed, data.size());
  check_hash(input, result.metadata, input.text().substr(0, 8 + header_size), data);
  for (Placed& p : placed) result.tensors.emplace(p.tensor.name, std::move(p.tensor));
  return result;
}

void write_safetensors(const std::string& path, std::map<std::string, std::string> metadata, std::span<const TensorPlan> tensors,
                       const RunControl& control) {
  const std::string blank(64, '0');
  metadata["format"] = kFormat;
  metadata["sha256"] = blank;
  nlohmann::ordered_json json;
  json["__metadata__"] = metadata;
  std::uint64_t at = 0;
  for (const TensorPlan& tensor : tensors) {
    const std::uint64_t end = at + array_bytes(tensor.shape, size_of(tensor.dtype), path + ": tensor '" + tensor.name + "'");
    json[tensor.name] = {{"dtype", name_of(tensor.dtype)}, {"shape", tensor.shape}, {"data_offsets", {at, end}}};
    at = end;
  }
  std::string header = json.dump();
  header.resize((header.size() + 7) / 8 * 8, ' ');
  const std::uint64_t header_size = header.size();
  const std::string length(reinterpret_cast<const char*>(&header_size), 8);

  Sha256 sum;
  sum.add(length);
  sum.add(header);
  const auto for_each_piece = [&](const auto& use) {
    for (const TensorPlan& tensor : tensors)
      tensor.emit([&](std::span<const std::byte> piece) {
        control.check();
        use(piece);
      });
  };
  for_each_piece([&](std::span<const std::byte> piece) { sum.add(piece); });
  const std::string marker = "\"sha256\":\"";
  header.replace(header.find(marker) + marker.size(), 64, sum.hex());

  OutputFile file(path);
  file.write(length);
  file.write(header);
  for_each_piece([&](std::span<const std::byte> piece) { file.write(piece); });
  file.commit();
}

}  // namespace gapwright
