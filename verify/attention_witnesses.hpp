// SPDX-License-Identifier: MIT
#pragma once
#include <string>
#include <vector>

#include "instances/attention.hpp"
#include "instances/attention_witness.hpp"

// Witnesses of attention inputs by their definition (AttentionWitness): on integers where the entries are bits, else in doubles.
namespace gapwright {

/// Why a tuple (a row, then a key of each key matrix) is no witness; empty when it is one.
std::string why_no_witness(const Attention&, const AttentionWitness&, const std::vector<std::size_t>& tuple);

/// All of them, in lexicographic order, by looking at every tuple.
std::vector<std::vector<std::size_t>> all_witnesses(const Attention&, const AttentionWitness&);

}  // namespace gapwright
