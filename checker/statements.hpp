// SPDX-License-Identifier: MIT
#pragma once
#include <string>
#include <string_view>

#include "checker/safetensors.hpp"

// What a safetensors file states about itself in its metadata, tested; every function throws Rejected naming the key.
namespace checker {

/// `format` and `sha256`: both or neither; the hash is that of the file with its own 64 digits replaced by 0.
void check_own_hash(const Safetensors& file, std::string_view bytes);

/// `problem` is this one, or missing (never for gap-max-ip: the same tensors alone are orthogonal-vectors); `order`, where stated,
/// is the tensors'; `causal` is "false" or missing: no certificate and no bundle is about outputs under a mask. No key with a
/// meaning is spelt otherwise ("Causal") or belongs to another problem.
void check_meaning(const Safetensors& file, const std::string& problem, std::size_t order);

/// What the tensors of gap-max-ip hold: "bits", "symbols" or "real".
std::string tensors_of(const Safetensors& file);

/// `form` of gap-max-ip, where stated, is what the tensors are: "bits", "symbols" or "real"; `rounding` goes with real ones only.
void check_form(const Safetensors& file, const std::string& tensors);

/// `expected`, where stated, is yes or no and this verdict.
void check_expected(const Safetensors& file, const std::string& verdict);

}  // namespace checker
