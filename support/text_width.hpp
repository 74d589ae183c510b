// SPDX-License-Identifier: MIT
#pragma once
#include <string_view>

// How wide text in a picture may become: whoever opens an SVG draws it in a font that we do not choose.
namespace gapwright {

/// Pixels that one line of text takes at most, in whichever of DejaVu Sans, Liberation Sans (as wide as Helvetica and Arial) and
/// Noto Sans is widest, letter by letter. `size` is the font's size in pixels. A character beyond ASCII counts as one em.
double widest_text(std::string_view text, double size, bool bold = false);

}  // namespace gapwright
