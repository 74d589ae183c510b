#pragma once
#include "explore/fuzz/conformance.hpp"
