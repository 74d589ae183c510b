// SPDX-License-Identifier: MIT
#pragma once
#include <gmpxx.h>

#include <optional>
#include <string>
#include <vector>

#include "instances/attention.hpp"
#include "instances/bit_matrix.hpp"
#include "instances/files/input_file.hpp"
#include "instances/files/safetensors.hpp"
#include "instances/provenance.hpp"

// What the readers and writers of all problems share: metadata values and matrices of bits. Errors name the file.
namespace gapwright {

std::optional<std::string> metadata_at(const Safetensors& file, const std::string& key);
/// `expected`: yes or no.
std::optional<bool> expected_at(const Safetensors& file);
/// `causal`: true or false, as written by this program; false when it is not there.
bool causal_at(const Safetensors& file);
/// `embedding`, one of those that this program writes; empty when it is not there.
std::string embedding_at(const Safetensors& file, std::size_t order);
std::optional<mpq_class> rational_at(const Safetensors& file, const std::string& key);
/// Throws BadInstance when the metadata name another problem than the one that is read, or hold a key that would change the meaning of
/// an instance, but not of this problem, or such a key in other letters (Causal): nobody would take it into account.
void check_problem(const Safetensors& file, const std::string& problem);
/// Throws BadInstance when the metadata say another order.
void check_order(const Safetensors& file, std::size_t order);

/// The provenance of what is read: the file itself is the source, its own history stays in the file.
Provenance from_files(const std::vector<InputFile>& inputs);

/// How many tensors letter<first>, letter<first + 1>, ... there are.
std::size_t count_named(const Safetensors& file, const std::string& letter, std::size_t first);

/// Rows first .. first + n - 1 of a tensor of this file seen as rows of length d; `place` is where it is in the file.
BitMatrix bits_of(const Tensor& tensor, const InputBytes& file, const std::string& place, std::size_t first, std::size_t n,
                  std::size_t d);

/// A tensor of two axes of this file, any numbers, as doubles.
Matrix numbers_of(const Tensor& tensor, const InputBytes& file);

/// A matrix of bits as U8, row by row. It must outlive the plan.
TensorPlan bit_plan(const std::string& name, const BitMatrix& bits);
/// x0, x1, ... as U8, row by row. The sets must outlive the plans.
std::vector<TensorPlan> bit_plans(const std::vector<BitMatrix>& sets);

/// The sets of a file whose tensors are x0, x1, ... and nothing else.
std::vector<BitMatrix> bit_sets(const Safetensors& file);

}  // namespace gapwright
