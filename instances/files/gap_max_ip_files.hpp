// SPDX-License-Identifier: MIT
#pragma once
#include <optional>
#include <string>
#include <variant>

#include "instances/files/input_file.hpp"
#include "instances/gap_max_ip.hpp"
#include "instances/vocabulary.hpp"
#include "support/run_control.hpp"

namespace gapwright {

/// A Gap-k-MaxIP instance in the form its file has (docs/formats.md): 0/1 vectors, real vectors, or the field symbols.
struct GapMaxIpFile {
  std::variant<GapMaxIp, RealGapMaxIp, FactoredGapMaxIp> instance;  ///< real: weights are all 1, they lie in the entries
  std::optional<bool> expected;
  Form form = Form::full;  ///< of 0/1 vectors: full or pruned
  mpq_class rounding = 0;  ///< of real vectors: as the file states it, where the instance has the double above it

  // The form that it is; null for the others.
  template <class Instance>
  const Instance* as() const {
    return std::get_if<Instance>(&instance);
  }
  const GapMaxIp* vectors() const { return as<GapMaxIp>(); }
  const RealGapMaxIp* real() const { return as<RealGapMaxIp>(); }
  const FactoredGapMaxIp* factored() const { return as<FactoredGapMaxIp>(); }

  const Gap& gap() const {
    return std::visit([](const auto& g) -> const Gap& { return g.gap; }, instance);
  }
};
GapMaxIpFile read_gap_max_ip(const InputFile& input);
void write_gap_max_ip(const std::string& path, const GapMaxIp&, Form form, std::optional<bool> expected, const RunControl& = {});
/// |weight|^(1/k) goes into each factor.
void write_gap_max_ip(const std::string& path, const RealGapMaxIp&, std::optional<bool> expected, const RunControl& = {});
void write_gap_max_ip(const std::string& path, const FactoredGapMaxIp&, std::optional<bool> expected, const RunControl& = {});

}  // namespace gapwright
