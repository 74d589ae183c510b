// SPDX-License-Identifier: MIT
#include "instances/files/file_metadata.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <map>
#include <set>
#include <stdexcept>

#include "instances/vocabulary.hpp"
#include "support/checked.hpp"
#include "support/decimal.hpp"
#include "support/errors.hpp"

namespace gapwright {
namespace {

/// What is left of a key without case, blanks and signs: "softmaxScale" and "causal " are meant as the keys they look like.
std::string letters(const std::string& key) {
  std::string result;
  for (const char c : key)
    if (std::isalnum(static_cast<unsigned char>(c))) result += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return result;
}

[[noreturn]] void refuse_key(const std::string& file, const std::string& key, const std::string& problem) {
  throw BadInstance(file + ": metadata '" + key + "' has no meaning for " + problem +
                    "; say in 'problem' what the file holds, or leave the key out");
}

void check_metadata_keys(const Safetensors& file, const std::string& problem) {
  using Problems = std::set<std::string>;
  static constexpr std::string_view kCommon[] = {"problem", "order", "expected"};
  static const std::map<std::string, Problems> meant{{"yes_at_least", {"gap-max-ip", "attention"}},
                                                     {"no_at_most", {"gap-max-ip", "attention"}},
                                                     {"form", {"gap-max-ip"}},
                                                     {"rounding", {"gap-max-ip"}},
                                                     {"softmax_scale", {"attention"}},
                                                     {"entry_bound", {"attention"}},
                                                     {"embedding", {"attention"}},
                                                     {"causal", {"attention"}},
                                                     {"metric", {}},
                                                     {"yes_at_most", {}},
                                                     {"no_at_least", {}}};
  const auto check_spelling = [&](const std::string& key, std::string_view known) {
    if (known != key)
      throw BadInstance(file.file.name() + ": metadata '" + key.substr(0, 40) + "' is spelt '" + std::string(known) + "'");
  };
  for (const auto& [key, value] : file.metadata) {
    for (const std::string_view known : kCommon)
      if (letters(key) == known) check_spelling(key, known);
    for (const auto& [known, of] : meant)
      if (letters(key) == letters(known)) {
        check_spelling(key, known);
        if (!of.contains(problem)) refuse_key(file.file.name(), key, problem);
      }
  }
}

}  // namespace

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

bool causal_at(const Safetensors& file) {
  const auto text = metadata_at(file, "causal");
  if (text && *text != "true" && *text != "false")
    throw BadInstance(file.file.name() + ": metadata 'causal' is '" + text->substr(0, 40) + "'; it must be true or false");
  return text == "true";
}

std::string embedding_at(const Safetensors& file, std::size_t order) {
  std::string text = metadata_at(file, "embedding").value_or("");
  const bool centred = text.ends_with(kCentred);
  const std::string name = centred ? text.substr(0, text.size() - kCentred.size()) : text;
  if (!text.empty() && !find_named<Embedding>(name))
    throw BadInstance(file.file.name() + ": metadata 'embedding' is '" + text.substr(0, 40) +
                      "'; it must be direct, sharp or paper, with -centred behind for centred keys");
  if (centred && order != 2)
    throw BadInstance(file.file.name() + ": metadata 'embedding' is '" + text +
                      "'; centred keys are for order 2, here is order " + std::to_string(order));
  return text;
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
    throw BadInstance(file.file.name() + ": metadata 'problem' is '" + said->substr(0, 40) + "', where an instance of " +
                      problem + " is expected");
  check_metadata_keys(file, problem);
}

void check_order(const Safetensors& file, std::size_t order) {
  const auto said = metadata_at(file, "order");
  if (said && *said != std::to_string(order))
    throw BadInstance(file.file.name() + ": metadata 'order' is " + *said + ", the tensors make order " + std::to_string(order));
}

Provenance from_files(const std::vector<InputFile>& inputs) {
  Provenance made_by;
  for (const InputFile& input : inputs) made_by.sources.push_back({input.bytes().base_name(), input.bytes().sha256()});
  return made_by;
}

std::size_t count_named(const Safetensors& file, const std::string& letter, std::size_t first) {
  std::size_t count = 0;
  while (file.tensors.contains(letter + std::to_string(first + count))) ++count;
  return count;
}

BitMatrix bits_of(const Tensor& tensor, const InputBytes& file, const std::string& place, std::size_t first, std::size_t n,
                  std::size_t d) {
  BitMatrix bits(n, d);
  for (std::size_t r = 0; d > 0 && r < n; ++r)  // a shape (n, 0) costs no bytes, so n can be anything
    for (std::size_t c = 0; c < d; ++c) {
      if ((r * d + c) % kBetweenChecks == 0) file.check();
      const double x = element(tensor, (first + r) * d + c);
      if (x != 0 && x != 1)
        throw BadInstance(fmt::format("{}{}: entry [{}, {}] is {}; vectors must hold only 0 and 1", file.name(), place, r, c, x));
      if (x == 1) bits.set(r, c);
    }
  return bits;
}

Matrix numbers_of(const Tensor& tensor, const InputBytes& file) {
  Matrix m(tensor.shape[0], tensor.shape[1]);
  for (std::size_t i = 0; i < m.entries.size(); ++i) {
    if (i % kBetweenChecks == 0) file.check();
    m.entries[i] = element(tensor, i);
  }
  return m;
}

TensorPlan bit_plan(const std::string& name, const BitMatrix& bits) {
  return {name, Dtype::u8, {bits.rows, bits.columns}, [&bits](const auto& sink) {
            std::vector<std::uint8_t> row(bits.columns);
            for (std::size_t r = 0; r < bits.rows; ++r) {
              for (std::size_t c = 0; c < bits.columns; ++c) row[c] = bits.get(r, c);
              sink(std::as_bytes(std::span(row)));
            }
          }};
}

std::vector<TensorPlan> bit_plans(const std::vector<BitMatrix>& sets) {
  std::vector<TensorPlan> tensors;
  for (std::size_t u = 0; u < sets.size(); ++u) tensors.push_back(bit_plan("x" + std::to_string(u), sets[u]));
  return tensors;
}

std::vector<BitMatrix> bit_sets(const Safetensors& file) {
  const std::size_t order = count_named(file, "x", 0);
  check_order_within(order, file.file.name() + ": the instance");
  if (order != file.tensors.size())
    throw BadInstance(file.file.name() + ": vectors are tensors x0, x1, ... without a gap and nothing else");
  std::vector<BitMatrix> sets;
  for (std::size_t u = 0; u < order; ++u) {
    const Tensor& x = file.tensors.at("x" + std::to_string(u));
    if (x.shape.size() != 2)
      throw BadInstance(file.file.name() + ": x" + std::to_string(u) + " must have two axes (vectors, coordinates)");
    sets.push_back(bits_of(x, file.file, ": x" + std::to_string(u), 0, x.shape[0], x.shape[1]));
  }
  check_order(file, order);
  return sets;
}

}  // namespace gapwright
