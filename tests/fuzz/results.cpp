// SPDX-License-Identifier: MIT
// Results files: whatever is read as one, its pictures' scripts run no command, its page has no tag that is not ours, and both say the same of the
// same file.
#include <algorithm>

#include "explore/regime/regime_pictures.hpp"
#include "explore/regime/report_page.hpp"
#include "explore/regime/route_pictures.hpp"
#include "tests/fuzz/reader.hpp"

using namespace gapwright;

namespace {

bool has_control_characters(const std::string& text) {
  return std::any_of(text.begin(), text.end(), [](unsigned char c) { return (c < 32 && c != '\n') || c == 127; });
}

void check_picture(const Picture& picture) {
  const std::string script = picture_script(picture);
  refuse_commands(script);
  fuzz::expect(!has_control_characters(script) && !has_control_characters(picture_data(picture)));
  fuzz::expect(picture.name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-.+e") == std::string::npos &&
               !picture.name.starts_with('.'));
}

/// The same records without a character that means something in HTML.
Record harmless(const Record& record) {
  if (record.is_string()) {
    std::string text = record.get<std::string>();
    std::replace_if(
        text.begin(), text.end(), [](char c) { return c == '<' || c == '>' || c == '"' || c == '&'; }, '_');
    return text;
  }
  Record result = record;
  if (record.is_structured())
    for (auto& item : result) item = harmless(item);
  return result;
}

void check_page(const Results& results) {
  const auto draw = [](const Picture& picture) {
    check_picture(picture);
    return std::string("<svg/>");
  };
  Results other = results;
  for (Record& record : other.records) record = harmless(record);
  const std::string page = report_page(results, "<b>\"&", "0", draw), same = report_page(other, "b", "0", draw);
  for (const char c : {'<', '>', '"'})
    fuzz::expect(std::count(page.begin(), page.end(), c) == std::count(same.begin(), same.end(), c));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return fuzz::read_or_refuse(data, size, [](const InputBytes& input) {
    const Results results = parse_results(input.text(), input.name());
    try {
      check_page(results);
    } catch (const nlohmann::json::exception&) {  // a member is missing or of another type
    } catch (const std::invalid_argument&) {      // sizes that no planner takes
    }
  });
}
