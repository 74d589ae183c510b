// SPDX-License-Identifier: MIT
#include "support/line_plot.hpp"

#include "support/gnuplot.hpp"

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

TEST_CASE("gnuplot scripts: texts cannot leave their quotes, names are no commands, and a script that would run one is refused") {
  CHECK(gnuplot_quoted("a\n!id\t'b'\x7f") == "'a !id ''b'' '");
  CHECK(gnuplot_file("<id") == "'./<id'");
  for (const char* script :
       {"!id", "set grid\n  !id", "plot x; !id", "a = system('id')", "plot '<id' using 1:2", "set output \"| id\"",
        "set title \"`id`\"", "x = `id`", "load 'other.gp'", "call 'x'", "set title 'a\n!id'", "shell", "eval('!id')"})
    CHECK_THROWS_AS(refuse_commands(script), std::logic_error);
  for (const char* script :
       {"set title 'a ! b `c` < d'", "plot x != 1 title 'it''s'", "set output './|x.svg'", "set label \"a\\\"b\""})
    CHECK_NOTHROW(refuse_commands(script));
  const test::TemporaryFolder folder;
  const LinePlot plot{"t\n!touch pwned", "n\n!touch pwned", "B", false, false, 0, {{"s\n!touch pwned\n", {{1, 1}, {2, 2}}}}};
  write_plot(plot, folder.file("<touch pwned"));
  CHECK(folder.entries() == 3);
  CHECK(!std::filesystem::exists(folder.path() / "pwned"));
}
