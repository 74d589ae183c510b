// SPDX-License-Identifier: MIT
#include "support/text_width.hpp"

#include <array>

namespace gapwright {
namespace {

// Widths of the printable ASCII characters, from the blank on, in thousandths of an em.
constexpr std::array<int, 95> kRegular = {
    318, 401, 460, 838, 637, 951, 780, 275, 391,  391, 551, 838, 318, 361, 318, 372, 637, 637, 637, 637, 637, 637, 637, 637,
    637, 637, 337, 337, 838, 838, 838, 557, 1016, 685, 687, 723, 771, 667, 611, 778, 752, 339, 500, 667, 558, 907, 760, 788,
    667, 788, 723, 667, 611, 732, 685, 989, 686,  667, 686, 391, 372, 391, 838, 557, 500, 613, 635, 550, 635, 616, 353, 635,
    634, 278, 278, 580, 278, 975, 634, 612, 635,  635, 413, 521, 393, 634, 592, 818, 592, 592, 525, 637, 551, 637, 838};
constexpr std::array<int, 95> kBold = {
    349, 457, 521, 838, 696, 1002, 873, 307,  458,  458, 545, 838, 380, 416, 380, 413, 696, 696, 696, 696, 696, 696, 696, 696,
    696, 696, 400, 400, 838, 838,  838, 611,  1000, 774, 763, 734, 831, 684, 684, 821, 837, 389, 557, 775, 638, 996, 837, 851,
    733, 851, 771, 721, 683, 813,  774, 1104, 771,  725, 726, 458, 413, 458, 838, 557, 500, 675, 716, 593, 716, 679, 436, 716,
    712, 343, 343, 666, 343, 1042, 712, 688,  716,  716, 494, 596, 479, 712, 652, 924, 646, 652, 583, 712, 551, 712, 838};

double ems(char c, bool bold) {
  const unsigned char byte = static_cast<unsigned char>(c);
  if (byte >= 0x80) return byte < 0xC0 ? 0 : 1;  // UTF-8: the first byte of a character stands for all of it
  if (byte < 32 || byte == 127) return 0;
  return (bold ? kBold : kRegular)[byte - 32u] / 1000.0;
}

}  // namespace

double widest_text(std::string_view text, double size, bool bold) {
  double width = 0;
  for (const char c : text) width += ems(c, bold);
  return width * size;
}

}  // namespace gapwright
