// SPDX-License-Identifier: MIT
// Traces of small formulas: the text and the picture hold no control characters, and the picture no tag but those it draws with.
#include "explore/trace/trace.hpp"
#include "explore/trace/trace_svg.hpp"
#include "explore/trace/trace_text.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "instances/files/dimacs.hpp"
#include "tests/fuzz/reader.hpp"

using namespace gapwright;

namespace {

constexpr std::array<std::string_view, 10> kTags{"<svg ",   "</svg>", "<title>", "</title>", "<text ",
                                                 "</text>", "<rect ", "<line ",  "<circle ", "<tspan "};

void check_text(const std::string& text) {
  fuzz::expect(std::none_of(text.begin(), text.end(), [](unsigned char c) { return (c < 32 && c != '\n') || c == 127; }));
}

void check_svg(const std::string& svg) {
  check_text(svg);
  for (std::size_t at = svg.find('<'); at != std::string::npos; at = svg.find('<', at + 1))
    fuzz::expect(
        std::any_of(kTags.begin(), kTags.end(), [&](std::string_view tag) { return svg.compare(at, tag.size(), tag) == 0; }));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return fuzz::read_or_refuse(data, size, [&](const InputBytes& input) {
    const Cnf cnf = read_dimacs(input, false).cnf;
    try {
      TraceRequest request{2 + size % 2, 1, 1, {}};
      request.code.family = &code_family("reed-solomon");
      const Trace trace = trace_formula(cnf, request);
      check_text(trace_text(trace));
      check_svg(trace_svg(trace));
    } catch (const std::invalid_argument&) {  // there is no first clause
    } catch (const LimitReached&) {
    }
  });
}
