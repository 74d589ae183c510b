// SPDX-License-Identifier: MIT
#include "support/text_width.hpp"

#include <doctest/doctest.h>

using namespace gapwright;

TEST_CASE("text width: not below what DejaVu, Liberation and Noto Sans take, and not much above") {
  struct Measured {
    const char* text;
    bool bold;
    double widest;  ///< of the three fonts at size 1
  };
  // Sums of the fonts' own advance widths.
  for (const Measured& m : {Measured{"mmmm", false, 3.896},
                            {"mmmm", true, 4.168},
                            {"0123456789", false, 6.362},
                            {"illicit", false, 2.331},
                            {"WWW", true, 3.309},
                            {"entry bound B", false, 7.114}}) {
    CAPTURE(m.text);
    CHECK(widest_text(m.text, 1, m.bold) >= m.widest);
    CHECK(widest_text(m.text, 1, m.bold) < 1.05 * m.widest);
    CHECK(widest_text(m.text, 16, m.bold) == doctest::Approx(16 * widest_text(m.text, 1, m.bold)));
  }
  CHECK(widest_text("", 12) == 0);
  CHECK(widest_text("\xCE\x98", 1) == 1);  // Theta: two bytes, one character
  CHECK(widest_text("a\nb", 1) == widest_text("ab", 1));
}
