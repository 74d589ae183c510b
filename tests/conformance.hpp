#pragma once
#include "explore/conformance.hpp"
