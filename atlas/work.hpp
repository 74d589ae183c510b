// SPDX-License-Identifier: MIT
#pragma once
#include <functional>
#include <string>

#include "support/limits.hpp"
#include "support/run_control.hpp"

namespace gapwright {

/// What a face gives to long work: its limits, a control for each named part (which shows progress and stops), and where to say what is done and
/// what is left aside.
struct Work {
  Limits limits = {};
  std::function<RunControl(const std::string& what)> control = [](const std::string&) { return RunControl{}; };
  std::function<void(const std::string& text)> say = [](const std::string&) {};
  std::function<void(const std::string& text)> warn = [](const std::string&) {};
};

}  // namespace gapwright
