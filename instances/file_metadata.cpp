#include "instances/file_metadata.hpp"

#include <fmt/format.h>

#include <stdexcept>

#include "instances/decimal.hpp"
#include "instances/errors.hpp"
#include "instances/sha256.hpp"

namespace gapwright {

std::optional<std::string> metadata_at(const Safetensors& file, const std::string& key) {
  const auto found = file.metadata.find(key);
  return found == file.metadata.end() ? std::nullopt : std::optional(found->second);
}

std::optional<bool> expected_at(const Safetensors& file) {
  const auto text = metadata_at(file, "expected");
  if (!text) return std::nullopt;
  if (*text != "yes" && *text != "no")
    throw BadInstance(file.file.name() + ": metadata 'expected' is '" + *text + "'; it must be yes or no");
  return *text == "yes";
}

std::optional<mpq_class> rational_at(const Safetensors& file, const std::string& key) {
  const auto text = metadata_at(file, key);
  if (!text) return std::nullopt;
  try {
    return parse_decimal(*text);
  } catch (const std::invalid_argument& e) {
    throw BadInstance(file.file.name() + ": metadata '" + key + "': " + e.what());
  }
}

void check_problem(const Safetensors& file, const std::string& problem) {
  if (const auto said = metadata_at(file, "problem"); said && *said != problem)
    throw BadInstance(file.file.name() + ": metadata 'problem' is '" + said->substr(0, 40) + "', the tensors are those of " + problem);
}

void check_order(const Safetensors& file, std::size_t order) {
  const auto said = metadata_at(file, "order");
  if (said && *said != std::to_string(order))
    throw BadInstance(file.file.name() + ": metadata 'order' is " + *said + ", the tensors make order " + std::to_string(order));
}

Provenance from_files(const std::vector<InputBytes>& inputs) {
  Provenance made_by;
  for (const InputBytes& input : inputs) made_by.sources.push_back({input.base_name(), sha256_hex(input.text())});
  return made_by;
}

std::size_t count_named(const Safetensors& file, const std::string& letter, std::size_t first) {
  std::size_t count = 0;
  while (file.tensors.contains(letter + std::to_string(first + count))) ++count;
  return count;
}

BitMatrix bits_of(const Tensor& tensor, const std::string& place, std::size_t first, std::size_t n, std::size_t d) {
  BitMatrix bits(n, d);
  for (std::size_t r = 0; d > 0 && r < n; ++r)  // a shape (n, 0) costs no bytes, so n can be anything
    for (std::size_t c = 0; c < d; ++c) {
      const double x = element(tensor, (first + r) * d + c);
      if (x != 0 && x != 1)
        throw BadInstance(fmt::format("{}: entry [{}, {}] is {}; vectors must hold only 0 and 1", place, r, c, x));
      if (x == 1) bits.set(r, c);
    }
  return bits;
}

std::vector<TensorPlan> bit_plans(const std::vector<BitMatrix>& sets) {
  std::vector<TensorPlan> tensors;
  for (std::size_t u = 0; u < sets.size(); ++u) {
    const BitMatrix& set = sets[u];
    tensors.push_back({"x" + std::to_string(u), Dtype::u8, {set.rows, set.columns}, [&set](const auto& sink) {
                         std::vector<std::uint8_t> row(set.columns);
                         for (std::size_t r = 0; r < set.rows; ++r) {
                           for (std::size_t c = 0; c < set.columns; ++c) row[c] = set.get(r, c);
                           sink(std::as_bytes(std::span(row)));
                         }
                       }});
  }
  return tensors;
}

std::vector<BitMatrix> bit_sets(const Safetensors& file) {
  const std::size_t order = count_named(file, "x", 0);
  if (order != file.tensors.size())
    throw BadInstance(file.file.name() + ": vectors are tensors x0, x1, ... without a gap and nothing else");
  std::vector<BitMatrix> sets;
  for (std::size_t u = 0; u < order; ++u) {
    const Tensor& x = file.tensors.at("x" + std::to_string(u));
    if (x.shape.size() != 2) throw BadInstance(file.file.name() + ": x" + std::to_string(u) + " must have two axes (vectors, coordinates)");
    sets.push_back(bits_of(x, file.file.name() + ": x" + std::to_string(u), 0, x.shape[0], x.shape[1]));
  }
  check_order(file, order);
  return sets;
}

}  // namespace gapwright
