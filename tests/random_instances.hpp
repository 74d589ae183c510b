// SPDX-License-Identifier: MIT
#pragma once
#include "explore/fuzz/corner_instances.hpp"
