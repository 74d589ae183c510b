// SPDX-License-Identifier: MIT
// The program around the verbs: options that stand before or after any verb, exit codes by whose fault it is, and "did you mean".
#include <fmt/format.h>

#include <algorithm>
#include <new>
#include <stdexcept>
#include <system_error>

#include "cli/commands.hpp"
#include "cli/guard.hpp"
#include "cli/honoured_options.hpp"
#include "cli/program.hpp"
#include "reductions/protocol_choice.hpp"
#include "support/closed_pipe.hpp"
#include "support/decimal.hpp"
#include "support/did_you_mean.hpp"
#include "support/errors.hpp"
#include "support/memory_size.hpp"
#include "support/progress.hpp"

namespace gapwright::cli {
namespace {

mpq_class tuples_of(const std::string& text) {
  try {
    mpq_class limit = parse_decimal(text);
    if (limit >= 0) return limit;
  } catch (const std::invalid_argument&) {
  }
  throw std::invalid_argument("--max-tuples '" + text + "' is not a number; write 1e18");
}

void add_shared_options(CLI::App& app, Context& c) {
  app.add_option("-k,--order", c.order, "order: number of vector sets, 2 is ordinary attention")
      ->check(whole_number())
      ->capture_default_str();
  app.add_option_function<std::string>(
         "--route", [&c](const std::string& word) { c.family = family_on_route(word); }, "route from vectors to attention")
      ->check(CLI::IsMember(route_words()))
      ->default_str(std::string(kDirect));
  app.add_option("-o,--output", c.output, "output file, - is standard output; for reduce also a folder (a bundle)")
      ->capture_default_str();
  app.add_flag("--json", c.json, "answer as JSON");
  app.add_flag("--quiet", c.quiet, "no messages besides warnings and errors");
  app.add_option("--seed", c.seed, "seed of everything random")->check(whole_number())->capture_default_str();
  app.add_option("-j,--threads", c.threads, "threads, 0 is all cores")->check(CLI::Range(0, 1024))->capture_default_str();
  app.add_option("--timeout", c.timeout, "stop after this many seconds [none]")->check(seconds());
  app.add_option_function<std::string>(
      "--memory-limit", [&c](const std::string& text) { c.limits.memory = memory_size(text, "--memory-limit"); },
      "refuse work that needs more, 512M or 8G [80 % of the memory]");
  app.add_option_function<std::string>(
         "--max-tuples", [&c](const std::string& text) { c.limits.tuples = tuples_of(text); }, "refuse inputs with more tuples")
      ->default_str("1e18");
  app.add_option("--progress", c.progress, "auto or never")->check(CLI::IsMember({"auto", "never"}))->capture_default_str();
}

/// All option and verb names known where `word` was read.
std::vector<std::string> known_names(const CLI::App& app, const CLI::App* verb, bool option) {
  std::vector<std::string> names;
  const auto add_options = [&](const CLI::App& a) {
    for (const CLI::Option* o : a.get_options())
      for (const auto& name : o->get_lnames()) names.push_back("--" + name);
  };
  if (option) {
    add_options(app);
    if (verb) add_options(*verb);
  } else {
    for (const CLI::App* sub : (verb ? *verb : app).get_subcommands([](const CLI::App*) { return true; }))
      names.push_back(sub->get_name());
  }
  return names;
}

/// What no option or argument took; "--", which ends the options, is none of these.
std::vector<std::string> remaining_words(const CLI::App& app) {
  auto words = app.remaining(true);
  std::erase(words, "--");
  return words;
}

std::string unknown_word(const CLI::App& app) {
  const CLI::App* verb = nullptr;
  std::string path;
  for (auto below = app.get_subcommands(); !below.empty(); below = verb->get_subcommands()) {
    verb = below.front();
    path += verb->get_name() + " ";
  }
  const auto words = remaining_words(app);
  const std::string word = words.empty() ? "" : words.front();
  const bool option = word.starts_with("-");
  const std::string text = fmt::format("unknown {} '{}'",
                                       option                                  ? "option"
                                       : known_names(app, verb, false).empty() ? "argument"
                                                                               : "command",
                                       word);
  const std::string hint = did_you_mean(word.substr(0, word.find('=')), known_names(app, verb, option));
  return text + (hint.empty() ? fmt::format("; see gapwright {}--help", path) : hint);
}

int fail(int code, const std::string& what, void (*report)(const std::string&) = report_error) {
  end_is_told(code);
  report(what);
  return code;
}

int fail_for_memory(const Context& context) {
  let_memory_go();
  return fail(
      kLimit,
      fmt::format(
          "out of memory: the limit is {}; take a smaller input, fewer threads -j, another order -k or a higher --memory-limit",
          bytes_text(context.limits.memory)));
}

/// CLI11 takes "[a,b]" for a list of words; a file of that name is meant.
std::vector<std::string> words_of(int argc, const char* const* argv) {
  std::vector<std::string> words(argv + 1, argv + argc);
  for (std::string& word : words)
    if (word.starts_with('[') && word.ends_with(']')) word.insert(0, "./");
  std::ranges::reverse(words);  // as CLI11 takes them
  return words;
}

int parse(CLI::App& app, Context& context, int argc, const char* const* argv) {
  try {
    app.parse(words_of(argc, argv));
    if (!remaining_words(app).empty()) return fail(kUsage, unknown_word(app));
    if (!context.command) return fail(kUsage, "no command; see gapwright --help");
    return -1;
  } catch (const CLI::CallForHelp& e) {
    print(Context{}, app.help("", CLI::AppFormatMode::Normal));
    return kDone;
  } catch (const CLI::CallForAllHelp& e) {
    print(Context{}, app.help("", CLI::AppFormatMode::All));
    return kDone;
  } catch (const CLI::ExtrasError&) {
    return fail(kUsage, unknown_word(app));
  } catch (const CLI::ParseError& e) {
    if (dynamic_cast<const CLI::RequiredError*>(&e) && !remaining_words(app).empty()) return fail(kUsage, unknown_word(app));
    return fail(kUsage, e.what(), report_wrong_usage);
  }
}

/// One line on standard error and the exit code, by whose fault it is.
int fail_for_exception(const Context& context) {
  try {
    throw;
  } catch (const BadInstance& e) {
    return fail(kBadInput, e.what());
  } catch (const LimitReached& e) {
    return fail(kLimit, e.what());
  } catch (const ClosedPipe&) {
    return kClosedPipe;  // the reader has what it wants: nothing to say
  } catch (const Interrupted& e) {
    return fail(kInterrupted, e.what());
  } catch (const std::invalid_argument& e) {
    return fail(kUsage, e.what());
  } catch (const std::bad_alloc&) {
    return fail_for_memory(context);
  } catch (const CodeTooLarge& e) {
    return fail(kLimit, e.what());
  } catch (const std::length_error&) {  // a vector beyond all addresses
    return fail_for_memory(context);
  } catch (const std::system_error& e) {
    if (e.code() != std::errc::resource_unavailable_try_again) return fail(kInternal, e.what());
    let_memory_go();
    return fail(kLimit, "no further thread can be started; give fewer with -j, or a higher --memory-limit");
  } catch (const std::exception& e) {
    return fail(kInternal, e.what());
  }
}

}  // namespace

void declare_program(CLI::App& app, Context& context) {
  app.fallthrough();
  app.allow_extras();
  app.require_subcommand(0, 1);
  add_shared_options(app, context);
  for (const auto add_verb :
       {add_solve, add_reduce, add_extract, add_decide, add_code,    add_attend, add_challenge, add_audit, add_gen,  add_explore,
        add_trace, add_list,   add_show,    add_path,   add_implied, add_graph,  add_estimate,  add_plan,  add_fuzz, add_version})
    add_verb(app, context);
  app.footer(examples({"gapwright solve formula.cnf", "gapwright reduce formula.cnf --to attention -o hard.safetensors",
                       "gapwright decide hard.safetensors --json"}));
}

int run(int argc, const char* const* argv) {
  Context context;
  CLI::App app{kSummary, "gapwright"};
  declare_program(app, context);
  try {
    if (const int code = parse(app, context, argc, argv); code >= 0) return code;
    check_shared_options(app, context);
    if (context.order < 2 || context.order > 24)
      return fail(kUsage, "-k " + std::to_string(context.order) + ": the order is 2 to 24");
    start_watching(context);
    return context.command();
  } catch (...) {
    return fail_for_exception(context);
  }
}

}  // namespace gapwright::cli
