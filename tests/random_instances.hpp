#pragma once
#include "explore/corner_instances.hpp"
