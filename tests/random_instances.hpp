#pragma once
#include "explore/fuzz/corner_instances.hpp"
