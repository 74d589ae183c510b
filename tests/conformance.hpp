// SPDX-License-Identifier: MIT
#pragma once
#include "explore/fuzz/conformance.hpp"
