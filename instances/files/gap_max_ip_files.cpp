// SPDX-License-Identifier: MIT
// Gap-k-MaxIP as files (docs/formats.md): metadata yes_at_least and no_at_most are integers, `form` says what the tensors are.
//   explicit, pruned: x0, x1, ... n_u x d, U8 of 0 and 1.
//   characters: x0, x1, ... n_u x d, F64, |weight|^(1/k) in each factor; `rounding` bounds how far an inner product is from its integer.
//   factored: x0, x1, ... n_u x L x T, message L, field_sum and field_product Q x Q, systematic K (coins of the information set), all U16.
#include "instances/files/gap_max_ip_files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "instances/files/file_metadata.hpp"
#include "instances/files/instance_files.hpp"
#include "support/checked.hpp"
#include "support/decimal.hpp"
#include "support/errors.hpp"

namespace gapwright {
namespace {

std::map<std::string, std::string> metadata_of(Form form, std::size_t order, const Gap& gap, const Provenance& made_by,
                                               std::optional<bool> expected) {
  std::map<std::string, std::string> metadata{{"problem", "gap-max-ip"},
                                              {"form", std::string(word_of(form))},
                                              {"order", std::to_string(order)},
                                              {"yes_at_least", std::to_string(gap.yes_at_least)},
                                              {"no_at_most", std::to_string(gap.no_at_most)},
                                              {"provenance", provenance_json(made_by)}};
  if (expected) metadata["expected"] = *expected ? "yes" : "no";
  return metadata;
}

std::int64_t integer_at(const Safetensors& file, const std::string& key) {
  const auto text = metadata_at(file, key);
  if (!text)
    throw BadInstance(file.file.name() + ": metadata '" + key +
                      "' is missing; a Gap-k-MaxIP instance needs both thresholds, as integers");
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
  if (error != std::errc{} || end != text->data() + text->size())
    throw BadInstance(file.file.name() + ": metadata '" + key + "' is '" + text->substr(0, 40) + "'; it must be an integer");
  return value;
}

const Tensor& tensor_at(const Safetensors& file, std::string_view name, std::size_t axes) {
  const auto found = file.tensors.find(std::string(name));
  if (found == file.tensors.end()) throw BadInstance(fmt::format("{}: tensor '{}' is missing", file.file.name(), name));
  if (found->second.shape.size() != axes)
    throw BadInstance(fmt::format("{}: '{}' must have {} axes", file.file.name(), name, axes));
  return found->second;
}

std::vector<std::uint16_t> symbols_of(const Safetensors& file, const Tensor& tensor) {
  if (tensor.dtype != Dtype::u16)
    throw BadInstance(file.file.name() + ": '" + tensor.name + "' must be U16, as the factored form is written");
  std::vector<std::uint16_t> symbols(element_count(tensor));
  for (std::size_t i = 0; i < symbols.size(); ++i) {
    if (i % kBetweenChecks == 0) file.file.check();
    symbols[i] = static_cast<std::uint16_t>(element(tensor, i));
  }
  return symbols;
}

RealGapMaxIp real_of(const Safetensors& file, mpq_class& stated_rounding) {
  RealGapMaxIp real;
  const std::size_t order = count_named(file, "x", 0);
  check_order_within(order, file.file.name() + ": the instance");
  if (order != file.tensors.size())
    throw BadInstance(file.file.name() + ": vectors are tensors x0, x1, ... without a gap and nothing else");
  for (std::size_t u = 0; u < order; ++u) {
    const Tensor& x = tensor_at(file, "x" + std::to_string(u), 2);
    if (!is_float(x.dtype))
      throw BadInstance(fmt::format("{}: x{} has dtype {}; real vectors are F64, F32, F16 or BF16, vectors of 0 and 1 U8",
                                    file.file.name(), u, name_of(x.dtype)));
    real.sets.push_back(numbers_of(x, file.file));
  }
  check_order(file, order);
  real.weights.assign(real.sets.empty() ? 0 : real.sets[0].columns, 1.0);
  if (const auto rounding = rational_at(file, "rounding")) {
    if (*rounding < 0) throw BadInstance(file.file.name() + ": metadata 'rounding' is negative");
    real.rounding = std::nextafter(rounding->get_d(), INFINITY);
    stated_rounding = *rounding;
  }
  return real;
}

/// How many ones add up to 0.
std::uint32_t characteristic_of(const Safetensors& file, const FieldTables& field) {
  std::uint32_t ones = 1;
  for (std::uint16_t sum = 1; sum != 0; ++ones) {
    const std::size_t next = std::size_t{sum} * field.size + 1;
    if (ones > field.size || next >= field.sum.size())
      throw BadInstance(file.file.name() + ": field_sum is not the addition of a field");
    sum = field.sum[next];
  }
  return ones;
}

FactoredGapMaxIp factored_of(const Safetensors& file) {
  FactoredGapMaxIp factored;
  const std::size_t order = count_named(file, "x", 0);
  check_order_within(order, file.file.name() + ": the instance");
  if (order + 4 != file.tensors.size())
    throw BadInstance(file.file.name() +
                      ": the factored form is x0, x1, ..., message, field_sum, field_product and systematic, and nothing else");
  auto sets = std::make_shared<std::vector<SymbolRows>>();
  for (std::size_t u = 0; u < order; ++u) {
    const Tensor& x = tensor_at(file, "x" + std::to_string(u), 3);
    SymbolRows rows;
    rows.rows = x.shape[0];
    rows.columns = x.shape[1] * x.shape[2];
    rows.symbols = symbols_of(file, x);
    if (u == 0) {
      factored.coins = x.shape[1];
      factored.blocks = x.shape[2];
    } else if (factored.coins != x.shape[1] || factored.blocks != x.shape[2]) {
      throw BadInstance(fmt::format("{}: x{} has {} coins and {} blocks, x0 has {} and {}", file.file.name(), u, x.shape[1],
                                    x.shape[2], factored.coins, factored.blocks));
    }
    sets->push_back(std::move(rows));
  }
  factored.sets = sets;
  check_order(file, order);
  factored.message = symbols_of(file, tensor_at(file, "message", 1));
  if (factored.message.size() != factored.coins)
    throw BadInstance(file.file.name() + ": the message must have one symbol per coin");
  for (const std::uint16_t coin : symbols_of(file, tensor_at(file, "systematic", 1))) factored.systematic.push_back(coin);
  if (!std::is_sorted(factored.systematic.begin(), factored.systematic.end()) ||
      (!factored.systematic.empty() && factored.systematic.back() >= factored.coins))
    throw BadInstance(file.file.name() + ": 'systematic' must list coins in increasing order");
  const Tensor& sum = tensor_at(file, "field_sum", 2);
  factored.field.size = static_cast<std::uint32_t>(sum.shape[0]);
  factored.field.sum = symbols_of(file, sum);
  factored.field.product = symbols_of(file, tensor_at(file, "field_product", 2));
  if (sum.shape[0] != sum.shape[1] || sum.shape[0] > 1024 || factored.field.sum.size() != factored.field.product.size())
    throw BadInstance(file.file.name() + ": field_sum and field_product must be Q x Q with Q at most 1024");
  factored.field.characteristic = characteristic_of(file, factored.field);
  return factored;
}

/// Throws BadInstance when the metadata name another form than the tensors have.
void check_form(const Safetensors& file) {
  const auto said = metadata_at(file, "form");
  const bool factored = file.tensors.contains("message");
  const bool bits = !factored && file.tensors.contains("x0") && file.tensors.at("x0").dtype == Dtype::u8;
  if ((factored || bits) && metadata_at(file, "rounding"))
    throw BadInstance(file.file.name() + ": metadata 'rounding' has no meaning for integers; leave the key out");
  if (!said) return;
  const std::optional<Form> form = find_named<Form>(*said);
  const bool fits = factored ? form == Form::factored
                    : bits   ? form == Form::full || form == Form::pruned
                             : form == Form::characters;
  if (!fits)
    throw BadInstance(file.file.name() + ": metadata 'form' is '" + said->substr(0, 40) + "', the tensors are " +
                      (factored ? "factored"
                       : bits   ? "explicit or pruned (U8)"
                                : "characters (F64)"));
}

}  // namespace

GapMaxIpFile read_gap_max_ip(const InputFile& input) {
  const Safetensors& file = input.tensors();
  check_problem(file, "gap-max-ip");
  check_form(file);
  GapMaxIpFile result;
  const Gap gap{integer_at(file, "yes_at_least"), integer_at(file, "no_at_most")};
  result.expected = expected_at(file);
  const auto finish = [&](auto instance) {
    instance.gap = gap;
    instance.made_by = from_files({input});
    try {
      check_well_formed(instance);
    } catch (const BadInstance& e) {
      throw BadInstance(input.name() + ": " + e.what());
    }
    result.instance = std::move(instance);
  };
  if (file.tensors.contains("message")) {
    finish(factored_of(file));
  } else if (file.tensors.contains("x0") && file.tensors.at("x0").dtype != Dtype::u8) {
    finish(real_of(file, result.rounding));
  } else {
    GapMaxIp vectors;
    if (const auto said = metadata_at(file, "form")) result.form = named<Form>(*said);
    vectors.sets = bit_sets(file);
    vectors.dimension = vectors.sets.empty() ? 0 : vectors.sets[0].columns;
    finish(std::move(vectors));
  }
  return result;
}

void write_gap_max_ip(const std::string& path, const GapMaxIp& instance, Form form, std::optional<bool> expected,
                      const RunControl& control) {
  write_safetensors(path, metadata_of(form, instance.sets.size(), instance.gap, instance.made_by, expected),
                    bit_plans(instance.sets), control);
}

void write_gap_max_ip(const std::string& path, const RealGapMaxIp& instance, std::optional<bool> expected,
                      const RunControl& control) {
  auto metadata = metadata_of(Form::characters, instance.sets.size(), instance.gap, instance.made_by, expected);
  metadata["rounding"] = decimal_up(mpq_class(instance.rounding), 30);
  std::vector<double> factors;
  for (const double weight : instance.weights)
    factors.push_back(std::pow(weight, 1.0 / static_cast<double>(instance.sets.size())));
  std::vector<TensorPlan> tensors;
  for (std::size_t u = 0; u < instance.sets.size(); ++u) {
    const Matrix& set = instance.sets[u];
    tensors.push_back({"x" + std::to_string(u), Dtype::f64, {set.rows, set.columns}, [&set, &factors](const auto& sink) {
                         std::vector<double> row(set.columns);
                         for (std::size_t r = 0; r < set.rows; ++r) {
                           for (std::size_t c = 0; c < set.columns; ++c) row[c] = factors[c] * set.at(r, c);
                           sink(std::as_bytes(std::span(row)));
                         }
                       }});
  }
  write_safetensors(path, std::move(metadata), tensors, control);
}

void write_gap_max_ip(const std::string& path, const FactoredGapMaxIp& instance, std::optional<bool> expected,
                      const RunControl& control) {
  std::vector<TensorPlan> tensors;
  const auto plan = [&](const std::string& name, std::vector<std::uint64_t> shape, const std::vector<std::uint16_t>& symbols) {
    tensors.push_back(
        {name, Dtype::u16, std::move(shape), [&symbols](const auto& sink) { sink(std::as_bytes(std::span(symbols))); }});
  };
  const std::vector<std::uint16_t> systematic(instance.systematic.begin(), instance.systematic.end());
  for (std::size_t u = 0; u < instance.sets->size(); ++u)
    plan("x" + std::to_string(u), {(*instance.sets)[u].rows, instance.coins, instance.blocks}, (*instance.sets)[u].symbols);
  plan("message", {instance.coins}, instance.message);
  plan("field_sum", {instance.field.size, instance.field.size}, instance.field.sum);
  plan("field_product", {instance.field.size, instance.field.size}, instance.field.product);
  plan("systematic", {systematic.size()}, systematic);
  write_safetensors(path, metadata_of(Form::factored, instance.sets->size(), instance.gap, instance.made_by, expected), tensors,
                    control);
}

}  // namespace gapwright
