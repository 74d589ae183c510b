// SPDX-License-Identifier: MIT
// Which of the shared options that change an answer mean something to which verb. -o, --quiet, -j, --progress and the limits hold
// for all; reduce takes --json, which changes nothing: it writes a file and answers nothing. A verb whose answer depends on one of
// them only sometimes looks at Context::order_given and seed_given itself.
#include "cli/honoured_options.hpp"
#include "support/message.hpp"

#include <algorithm>
#include <stdexcept>
#include <string_view>

namespace gapwright::cli {
namespace {

struct Honoured {
  std::string_view verb, options;
};

/// The longest name that the words of the verb begin with counts.
constexpr Honoured kHonoured[] = {{"solve", "--order --route --seed --json"},
                                  {"reduce", "--order --route --json"},
                                  {"extract", "--json"},
                                  {"decide", "--order --json"},
                                  {"code", "--json"},
                                  {"attend", "--order --json"},
                                  {"challenge", "--order --seed --json"},
                                  {"audit", "--order --seed --json"},
                                  {"gen", "--seed"},
                                  {"gen random-ksat", "--order --seed"},
                                  {"gen orthogonal-vectors", "--order --seed"},
                                  {"gen gap-max-ip", "--order --seed"},
                                  {"gen attention", "--order --seed"},
                                  {"gen suite-2026", "--order --seed --json"},
                                  {"explore", ""},
                                  {"explore regime", "--order --seed"},
                                  {"explore gradient", "--order --seed"},
                                  {"explore routes", "--seed --json"},
                                  {"explore orders", "--seed --json"},
                                  {"trace", "--order --route --seed --json"},
                                  {"list", "--json"},
                                  {"show", "--json"},
                                  {"path", "--order --json"},
                                  {"implied", "--order --json"},
                                  {"graph", ""},
                                  {"estimate", "--order --json"},
                                  {"plan", "--order --json"},
                                  {"fuzz", "--order --seed --json"},
                                  {"version", "--json"}};

std::string words_of(const CLI::App& app) {
  std::string words;
  for (auto below = app.get_subcommands(); !below.empty(); below = below.front()->get_subcommands())
    words += (words.empty() ? "" : " ") + below.front()->get_name();
  return words;
}

std::string_view honoured_by(const std::string& words) {
  const Honoured* best = nullptr;
  for (const Honoured& row : kHonoured)
    if ((words == row.verb || words.starts_with(std::string(row.verb) + " ")) && (!best || row.verb.size() > best->verb.size()))
      best = &row;
  return best ? best->options : "--order --route --seed --json";
}

/// `--certificate ""` would be no certificate. The options of explore are lists, which may be empty.
void refuse_empty_values(const CLI::App& app) {
  for (const CLI::Option* option : app.get_options())
    if (!option->get_positional() && std::ranges::find(option->results(), "") != option->results().end())
      throw std::invalid_argument(option->get_name() + " is given an empty text; give a value, or leave it out");
  for (const CLI::App* below : app.get_subcommands())
    if (below->get_name() != "explore") refuse_empty_values(*below);
}

}  // namespace

void check_shared_options(const CLI::App& app, Context& context) {
  refuse_empty_values(app);
  const auto given = [&](const char* option) { return app.get_option(option)->count() > 0; };
  context.order_given = given("--order");
  context.seed_given = given("--seed");
  const std::string words = words_of(app);
  const std::string_view honoured = honoured_by(words);
  for (const char* option : {"--order", "--route", "--seed", "--json"})
    if (given(option) && honoured.find(option) == std::string_view::npos)
      throw std::invalid_argument(std::string(option == std::string_view("--order") ? "-k" : option) + " means nothing to " +
                                  words + "; leave it out");
}

void check_order(const Context& context, const std::string& file, std::size_t order) {
  if (!context.order_given || context.order == order) return;
  throw std::invalid_argument("-k " + std::to_string(context.order) + ": " + shown_message(file) +
                              (order == 0 ? " has no order here" : " has order " + std::to_string(order)) + "; leave -k out");
}

std::size_t order_of(const GapMaxIpFile& file) {
  return file.factored() ? file.factored()->sets->size() : file.real() ? file.real()->sets.size() : file.vectors()->sets.size();
}

}  // namespace gapwright::cli
