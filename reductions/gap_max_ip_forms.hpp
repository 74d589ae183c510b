// SPDX-License-Identifier: MIT
#pragma once
#include "reductions/boxes.hpp"
#include "reductions/characters.hpp"

// A factored Gap-k-MaxIP instance as vectors with the same inner products: both gadgets.
