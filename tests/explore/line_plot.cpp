#include "explore/line_plot.hpp"

#include <doctest/doctest.h>

#include "tests/support.hpp"

using namespace gapwright;

TEST_CASE("line plots: data, script and the picture that gnuplot drew, quotes and empty series included") {
  const LinePlot plot{"it's a title",
                      "n",
                      "B",
                      true,
                      false,
                      0,
                      {{"rising", {{1, 0.1}, {2, 0.5}}}, {"empty", {}}, {"fall'ing", {{1, 3}, {4, 2}}}}};
  CHECK(plot_data(plot) == "# rising\n1 0.10000000000000001\n2 0.5\n\n\n# fall'ing\n1 3\n4 2\n");
  const test::TemporaryFolder folder;
  write_plot(plot, folder.file("p"));
  CHECK(folder.entries() == 3);
  const std::string svg = test::read_text(folder.file("p.svg"));
  CHECK(svg.find("</svg>") != std::string::npos);
  CHECK(svg.find("rising") != std::string::npos);
  CHECK(svg.find("it's a title") != std::string::npos);
  CHECK(svg.find("empty") == std::string::npos);
  CHECK_THROWS_AS(write_plot(plot, folder.file("missing") + "/p"), std::invalid_argument);
}
