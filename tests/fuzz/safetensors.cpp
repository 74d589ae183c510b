// SPDX-License-Identifier: MIT
// safetensors: the container, then whatever instance it claims to hold. The mutator works on the header and the data separately, keeps the
// header's length right, and puts the SHA-256 right in half of the inputs: else hardly any input would get past these two.
#include "instances/files/safetensors.hpp"

#include <algorithm>
#include <cstring>

#include "instances/files/gap_max_ip_files.hpp"
#include "instances/files/instance_files.hpp"
#include "support/sha256.hpp"
#include "tests/fuzz/reader.hpp"

using namespace gapwright;

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t max_size);

namespace {

constexpr std::size_t kLengthBytes = 8;

std::uint64_t header_length(const std::uint8_t* data) {
  std::uint64_t length = 0;
  for (std::size_t i = 0; i < kLengthBytes; ++i) length |= std::uint64_t{data[i]} << (8 * i);
  return length;
}

void repair_hash(std::uint8_t* data, std::size_t size) {
  static const std::string key = "\"sha256\":\"";
  std::string text(reinterpret_cast<const char*>(data), size);
  const std::size_t place = text.find(key);
  if (place == std::string::npos || place + key.size() + 64 > size) return;
  std::fill_n(text.begin() + static_cast<std::ptrdiff_t>(place + key.size()), 64, '0');
  const std::string digest = sha256_hex(text);
  std::memcpy(data + place + key.size(), digest.data(), digest.size());
}

}  // namespace

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t max_size, unsigned int seed) {
  if (size < kLengthBytes || header_length(data) > size - kLengthBytes || seed % 8 == 0)
    return LLVMFuzzerMutate(data, size, max_size);
  std::string header(reinterpret_cast<const char*>(data + kLengthBytes), header_length(data));
  std::string tail(reinterpret_cast<const char*>(data + kLengthBytes + header.size()), size - kLengthBytes - header.size());
  std::string& part = seed % 4 == 1 ? tail : header;
  const std::size_t room = max_size - (size - part.size()), old = part.size();
  part.resize(std::max(room, old));
  part.resize(LLVMFuzzerMutate(reinterpret_cast<std::uint8_t*>(part.data()), old, room));
  const std::size_t total = kLengthBytes + header.size() + tail.size();
  if (total > max_size) return size;
  for (std::size_t i = 0; i < kLengthBytes; ++i) data[i] = static_cast<std::uint8_t>(std::uint64_t{header.size()} >> (8 * i));
  std::memcpy(data + kLengthBytes, header.data(), header.size());
  std::memcpy(data + kLengthBytes + header.size(), tail.data(), tail.size());
  if (seed % 2 == 0) repair_hash(data, total);
  return total;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::read_or_refuse(data, size, [](const InputBytes& input) {
    const Safetensors file = read_safetensors(input);
    for (const auto& [name, tensor] : file.tensors)
      for (const std::size_t i : {std::size_t{0}, element_count(tensor) - 1})
        if (element_count(tensor) > 0) element(tensor, i);
  });
  return fuzz::read_or_refuse(data, size, [](const InputBytes& bytes) {
    const InputFile input(bytes);
    switch (kind_of(input)) {
      case FileKind::attention:
        check_well_formed(read_attention(input));
        break;
      case FileKind::orthogonal_vectors:
        check_well_formed(read_orthogonal_vectors({input}).vectors);
        break;
      case FileKind::gap_max_ip: {
        const GapMaxIpFile g = read_gap_max_ip(input);
        std::visit([](const auto& instance) { check_well_formed(instance); }, g.instance);
        break;
      }
      case FileKind::cnf:
        break;
    }
  });
}
