#include "cli/context.hpp"
