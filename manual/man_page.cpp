// SPDX-License-Identifier: MIT
// A man page from the option tables: one section for the shared options, one for each command.
#include <algorithm>
#include <cctype>

#include "manual/tables.hpp"

namespace gapwright::manual {
namespace {

std::string joined(const std::vector<std::string>& words, const std::string& between) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : between) + word;
  return text;
}

/// Text that roff prints as it stands: no escapes, no requests, hyphens that can be copied.
std::string plain(const std::string& text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '\\')
      escaped += "\\e";
    else if (c == '-')
      escaped += "\\-";
    else if (c == '\n')
      escaped += "\n\\&";
    else
      escaped += c;
  }
  return text.starts_with(".") || text.starts_with("'") ? "\\&" + escaped : escaped;
}

std::string bold(const std::string& text) { return "\\fB" + plain(text) + "\\fR"; }
std::string italic(const std::string& text) { return "\\fI" + plain(text) + "\\fR"; }

std::string meaning_of(const Option& option) {
  std::string text = plain(option.meaning);
  if (!option.choices.empty()) text += ": " + plain(joined(option.choices, ", "));
  if (!option.preset.empty()) text += " [" + plain(option.preset) + "]";
  return text + (option.required && option.names.front().starts_with("-") ? " (required)" : "");
}

std::string option_entry(const Option& option) {
  std::vector<std::string> names;
  for (const std::string& name : option.names) names.push_back(bold(name));
  return ".TP\n" + joined(names, ", ") + (option.value.empty() ? "" : " " + italic(option.value)) + "\n" + meaning_of(option) +
         "\n";
}

std::string positional_entry(const Option& argument) {
  return ".TP\n" + italic(argument.names.front()) + "\n" + meaning_of(argument) + "\n";
}

std::string example_lines(const std::vector<std::string>& examples) {
  std::string text = ".PP\n.nf\n";
  for (const std::string& line : examples) text += plain(line) + "\n";
  return text + ".fi\n";
}

std::string synopsis(const std::string& path, const Verb& verb) {
  std::string text = bold(path) + " [options]";
  for (const Option& argument : verb.positionals) {
    const std::string name = italic(argument.names.front());
    text += argument.required ? " " + name : " [" + name + "]";
  }
  return text + (verb.verbs.empty() ? "" : " " + italic("command"));
}

/// The verb and those below it; --help, which all have, is said once.
std::string verb_sections(const std::string& above, const Verb& verb) {
  const std::string path = above + " " + verb.name;
  std::string text = ".SS " + plain(path) + "\n" + synopsis(path, verb) + "\n.PP\n" + plain(verb.meaning) + "\n";
  for (const Option& argument : verb.positionals) text += positional_entry(argument);
  for (const Option& option : verb.options)
    if (option.names.back() != "--help") text += option_entry(option);
  text += example_lines(verb.examples);
  for (const Verb& below : verb.verbs) text += verb_sections(path, below);
  return text;
}

std::string upper(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return text;
}

std::string front_matter(const Program& program) {
  const std::string& name = program.root.name;
  std::string text = ".TH " + upper(plain(name)) + " 1 \"\" \"gapwright " + program.version + "\" \"User Commands\"\n";
  text += ".SH NAME\n" + plain(name) + " \\- " + plain(program.root.meaning) + "\n.SH SYNOPSIS\n";
  for (const std::string& way : program.synopses)
    text += (&way == &program.synopses.front() ? "" : ".br\n") + bold(name) + " " + plain(way) + "\n";
  return text;
}

}  // namespace

std::string man_page(const Program& program) {
  std::string text = front_matter(program) + ".SH OPTIONS\n";
  if (!program.root.verbs.empty()) text += "These stand before or after any command; each command has \\fB\\-\\-help\\fR.\n";
  for (const Option& option : program.root.options) text += option_entry(option);
  if (!program.root.verbs.empty()) text += ".SH COMMANDS\n";
  for (const Verb& verb : program.root.verbs) text += verb_sections(program.root.name, verb);
  text += ".SH EXIT STATUS\n";
  for (const auto& [code, meaning] : program.exit_codes) text += ".TP\n" + bold(code) + "\n" + plain(meaning) + "\n";
  text += ".SH EXAMPLES\n" + example_lines(program.root.examples);
  return text + ".SH SEE ALSO\n" + bold(program.see_also) + "(1)\n";
}

}  // namespace gapwright::manual
