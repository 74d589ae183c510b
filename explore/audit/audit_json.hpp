// SPDX-License-Identifier: MIT
#pragma once
#include <nlohmann/json.hpp>

#include "explore/audit/audit.hpp"

namespace gapwright {

/// The object of `gapwright audit --json`. `files`: where the inputs of failed checks were kept, one for each check or empty.
nlohmann::ordered_json audit_json(const AuditResult&, const std::string& algorithm, const std::vector<std::string>& files = {});

/// The same as a table for people.
std::string audit_text(const AuditResult&, const std::string& algorithm, const std::vector<std::string>& files = {});

/// "shift-by--327680.safetensors"
std::string file_of_check(const std::string& name);

}  // namespace gapwright
