// SPDX-License-Identifier: MIT
// Single values of a bundle: texts, numbers, matrices.
#include <algorithm>

#include "checker/bundle/parts.hpp"
#include "checker/errors.hpp"

namespace checker {
namespace {

constexpr long kThresholdDigits = 30;

/// The nearest number of 30 decimal digits below, or above, a positive one.
mpq_class decimal_beside(const mpq_class& value, bool above) {
  const auto power_of_ten = [](long exponent) {
    mpz_class power;
    mpz_ui_pow_ui(power.get_mpz_t(), 10, static_cast<unsigned long>(std::abs(exponent)));
    return exponent < 0 ? mpq_class(mpz_class(1), power) : mpq_class(power);
  };
  long digits = static_cast<long>(mpz_sizeinbase(value.get_num_mpz_t(), 10)) -
                static_cast<long>(mpz_sizeinbase(value.get_den_mpz_t(), 10)) + 1;
  while (power_of_ten(digits) > value) --digits;  // 10^digits <= value < 10^(digits + 1)
  const mpq_class unit = power_of_ten(digits + 1 - kThresholdDigits), units = value / unit;
  mpz_class whole;
  (above ? mpz_cdiv_q : mpz_fdiv_q)(whole.get_mpz_t(), units.get_num_mpz_t(), units.get_den_mpz_t());
  return whole * unit;
}

}  // namespace

void check_matrix(const Tensor& tensor, const Bits& bits, double zero, double one, const std::string& name) {
  require(tensor.dtype == "F64", "target: " + name + " must be F64");
  require(tensor.shape == std::vector<std::uint64_t>{bits.rows, bits.columns},
          "target: " + name + " has another shape than built again");
  for (std::size_t r = 0; r < bits.rows; ++r)
    for (std::size_t c = 0; c < bits.columns; ++c)
      if (tensor.at(r * bits.columns + c) != (bits.get(r, c) ? one : zero))
        throw Rejected("target: " + name + "[" + std::to_string(r) + ", " + std::to_string(c) + "] is not what the source makes");
}

void check_thresholds(const Safetensors& target, const Interval& yes_at_least, const Interval& no_at_most) {
  const mpq_class yes = decimal(metadata_at(target, "yes_at_least")), no = decimal(metadata_at(target, "no_at_most"));
  require(yes == decimal_beside(yes_at_least.lower(), false) || yes == decimal_beside(yes_at_least.upper(), false),
          "target: yes_at_least is not what the embedding's theorem proves, rounded down to 30 digits");
  require(no == decimal_beside(no_at_most.lower(), true) || no == decimal_beside(no_at_most.upper(), true),
          "target: no_at_most is not what the embedding's theorem proves, rounded up to 30 digits");
}

void check_double(const std::string& text, double right, const std::string& what) {
  require(nearest_double(text) == right, what + " is not what the source makes");
}

const std::string& metadata_at(const Safetensors& file, std::string_view key) {
  const auto found = file.metadata.find(std::string(key));
  require(found != file.metadata.end(), "target: metadata '" + std::string(key) + "' is missing");
  return found->second;
}

void check_value(const std::map<std::string, std::string>& values, const std::string& key, const std::string& right,
                 const std::string& place) {
  const auto found = values.find(key);
  require(found != values.end() && found->second == right, place + ": " + key + " must be " + right);
}

void check_names(const std::map<std::string, std::string>& values, std::initializer_list<std::string_view> names,
                 const std::string& place) {
  bool same = values.size() == names.size();
  for (const std::string_view name : names) same &= values.contains(std::string(name));
  require(same, place + ": there are other names than this rule has");
}

mpz_class tensor_elements(const Safetensors& file) {
  mpz_class elements = 0;
  for (const auto& [name, tensor] : file.tensors) elements += mpz_class(tensor.elements());
  return elements;
}

mpq_class delta_of(const ManifestStep& step) {
  mpq_class delta(1, 16);
  const auto found = step.parameters.find("delta");
  if (found == step.parameters.end()) return delta;
  require(found->second.size() < 1000 && delta.set_str(found->second, 10) == 0 && delta.get_den() != 0,
          step.rule + ": delta is no fraction");
  delta.canonicalize();
  require(delta > 0 && delta <= mpq_class(1, 4) && delta != mpq_class(1, 16) && delta.get_str() == found->second,
          step.rule + ": delta is a fraction in lowest terms above 0, at most 1/4, and left out where it is 1/16");
  return delta;
}

std::map<std::string, std::string> parameters_without_delta(const ManifestStep& step) {
  auto others = step.parameters;
  others.erase("delta");
  return others;
}

}  // namespace checker
