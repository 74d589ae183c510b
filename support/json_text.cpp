// SPDX-License-Identifier: MIT
#include "support/json_text.hpp"

namespace gapwright {

std::string json_text(const nlohmann::ordered_json& json) {
  return json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace gapwright
