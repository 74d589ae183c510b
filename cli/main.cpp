#include <CLI/CLI.hpp>
#include <fstream>
#include <iostream>
#include <stdexcept>

#include "cli/code.hpp"

int main(int argc, char** argv) {
  gapwright::Context context;
  CLI::App app("gapwright");
  app.require_subcommand(1);
  app.fallthrough();
  app.add_flag("--json", context.json, "JSON instead of text");
  app.add_flag("--quiet", context.quiet, "no messages");
  app.add_option("-o", context.output, "file for the data, - for stdout");
  context.out = [&context](std::string_view data) {
    if (context.output == "-") {
      std::cout << data;
    } else {
      std::ofstream(context.output, std::ios::binary) << data;
    }
  };
  gapwright::add_code_command(app, context);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  } catch (const std::invalid_argument& error) {
    std::cerr << error.what() << '\n';
    return 2;
  }
  return 0;
}
