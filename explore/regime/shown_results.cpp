// SPDX-License-Identifier: MIT
// In: a results file. Out: its pictures, or the page that holds them. Both faces call it.
#include "explore/regime/shown_results.hpp"

#include <fmt/format.h>

#include "explore/regime/regime_pictures.hpp"
#include "explore/regime/report_page.hpp"
#include "explore/regime/route_pictures.hpp"
#include "support/errors.hpp"

namespace gapwright {
namespace {

/// What `draw` makes of the records; where a field is missing or of another type, BadInstance with the line: the last of the
/// fewest first records that fail.
template <class Draw>
auto drawn_from(const Results& results, const std::string& path, const Draw& draw) {
  try {
    return draw(results);
  } catch (const nlohmann::json::exception&) {
    std::string reason;
    std::size_t fine = 0, fails = results.records.size();
    const auto check = [&](std::size_t count) {
      Results first;
      first.records.assign(results.records.begin(), results.records.begin() + static_cast<std::ptrdiff_t>(count));
      try {
        draw(first);
        return true;
      } catch (const nlohmann::json::exception& e) {
        reason = e.what();
        return false;
      }
    };
    while (fails - fine > 1) {
      const std::size_t middle = (fine + fails) / 2;
      (check(middle) ? fine : fails) = middle;
    }
    check(fails);
    const std::size_t text = reason.find("] ");  // after "[json.exception.type_error.302"
    throw BadInstance(fmt::format("{}:{}: a \"{}\" record with a field missing or of another type ({}); remove the line", path,
                                  results.lines.at(fails - 1), results.records[fails - 1]["record"].get<std::string>(),
                                  text == std::string::npos ? reason : reason.substr(text + 2)));
  }
}

}  // namespace

ShownResults shown_results(const InputBytes& input, const std::function<void(const std::string& message)>& warn) {
  const std::string& path = input.name();
  ShownResults shown{parse_results(input.text(), path), path, input.base_name(), input.sha256()};
  if (!shown.results.cut.empty() && warn) warn(path + ": the last line is cut off and is left out");
  if (shown.results.records.empty())
    throw BadInstance(path + ": there are no results in it; explore regime `output` " + path + " writes some");
  return shown;
}

std::vector<Picture> result_pictures(const ShownResults& shown) {
  std::vector<Picture> pictures = drawn_from(shown.results, shown.path, [](const Results& results) {
    std::vector<Picture> all = regime_pictures(results);
    for (Picture& p : route_pictures(results)) all.push_back(std::move(p));
    return all;
  });
  if (pictures.empty()) throw BadInstance(shown.path + ": there is nothing in it to draw");
  return pictures;
}

std::string result_page(const ShownResults& shown, const RunControl& control) {
  const auto draw = [&](const Picture& picture) {
    control.check();
    return drawn(picture);
  };
  return drawn_from(shown.results, shown.path,
                    [&](const Results& results) { return report_page(results, shown.name, shown.sha256, draw); });
}

}  // namespace gapwright
