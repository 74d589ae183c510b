#include "cli/options.hpp"
