// SPDX-License-Identifier: MIT
// The command line of gapwright-check: one table of options, from which it is parsed and described.
#include "checker/arguments.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <string_view>

namespace checker {
namespace {

/// A number from 0 to `largest`, with nothing behind it.
template <class Number>
bool parse_number(const char* text, Number& number, Number largest) {
  const auto [end, error] = std::from_chars(text, text + std::strlen(text), number);
  return error == std::errc{} && *end == '\0' && number >= 0 && number <= largest;
}

/// A number of bytes, or of KiB, MiB, GiB, TiB: 512M.
bool parse_size(const char* text, std::uint64_t& bytes) {
  const char* const end = text + std::strlen(text);
  const auto [unit, error] = std::from_chars(text, end, bytes);
  if (error != std::errc{} || bytes == 0) return false;
  const std::size_t power = unit == end ? 0 : std::string_view("KMGT").find(*unit) + 1;  // 0 for any other letter too
  if (unit != end && (power == 0 || unit + 1 != end)) return false;
  return !__builtin_mul_overflow(bytes, std::uint64_t{1} << (10 * power), &bytes);
}

constexpr OptionRow kOptions[] = {
    {"--proof", "", "PROOF.drat", "check this DRAT proof that the formula is unsatisfiable",
     [](Arguments& a, const char* value) { return a.proof = value, true; }},
    {"--bundle", "", "FOLDER", "check this folder, which gapwright reduce -o FOLDER/ wrote",
     [](Arguments& a, const char* value) { return a.bundle = value, true; }},
    {"--sample", "", "N", "recount only N rows of a no certificate (exit code 4)",
     [](Arguments& a, const char* value) { return parse_number(value, a.options.sample, std::size_t{1} << 40); }},
    {"--time-limit", "", "S", "give up after S seconds [3600]",
     [](Arguments& a, const char* value) { return parse_number(value, a.options.seconds, 1e12); }},
    {"--memory-limit", "", "M", "give up beyond M of memory, 512M or 8G [80 % of what there is]",
     [](Arguments& a, const char* value) { return parse_size(value, a.memory); }},
    {"--threads", "", "N", "threads, 0 is all cores [0]",
     [](Arguments& a, const char* value) { return parse_number(value, a.options.threads, 1024U); }},
    {"--help", "-h", "", "print this text", [](Arguments& a, const char*) { return a.help = true; }},
};

constexpr const char* kSynopses[] = {"CERTIFICATE INSTANCE... [FORMULA.cnf]", "--proof PROOF.drat FORMULA.cnf",
                                     "--bundle FOLDER"};

bool go_together(const Arguments& arguments) {
  if (arguments.help) return true;
  if (!arguments.bundle.empty()) return arguments.proof.empty() && arguments.files.empty();
  return arguments.proof.empty() ? arguments.files.size() >= 2 : arguments.files.size() == 1;
}

}  // namespace

std::span<const OptionRow> option_rows() { return kOptions; }
std::span<const char* const> synopses() { return kSynopses; }

std::vector<std::pair<std::string, std::string>> exit_codes() {
  return {{"0", "accepted"},
          {"3", "rejected"},
          {"4", "accepted as far as was looked"},
          {"5", "a limit was reached"},
          {"6", "bad input"},
          {"2", "usage"},
          {"1", "the answer cannot be written, or a fault of the checker"}};
}

std::vector<std::string> examples() {
  return {"gapwright-check certificate.json hard.safetensors", "gapwright-check certificate.json hard.safetensors formula.cnf",
          "gapwright-check --proof proof.drat formula.cnf", "gapwright-check --bundle bundle/"};
}

std::string usage() {
  std::string text;
  for (const char* synopsis : kSynopses)
    text += (text.empty() ? "usage: " : "       ") + std::string("gapwright-check [options] ") + synopsis + "\n";
  text +=
      "\n"
      "Recomputes what a gapwright certificate claims about an instance, checks a DRAT proof that a formula is unsatisfiable, "
      "or\n"
      "checks a reduction that gapwright reduce -o FOLDER/ wrote: hashes, sizes, the target built again, the lift table.\n";
  for (const OptionRow& row : kOptions) {
    const std::string left = std::string(row.short_name) + (*row.short_name == '\0' ? "" : ", ") + row.name +
                             (*row.value == '\0' ? "" : " ") + row.value;
    text.append("  ").append(left).append(left.size() < 20 ? 20 - left.size() : 1, ' ').append(row.meaning).append("\n");
  }
  text += "Exit codes:";
  for (const auto& [code, meaning] : exit_codes()) text.append(code == "0" ? " " : ", ").append(code).append(" ").append(meaning);
  text += ".\n\nExamples:\n";
  for (const std::string& line : examples()) text += "  " + line + "\n";
  return text;
}

bool parse(int argc, const char* const* argv, Arguments& arguments) {
  bool only_files = false;
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    const auto row = std::find_if(std::begin(kOptions), std::end(kOptions), [&](const OptionRow& r) {
      return word == r.name || (*r.short_name != '\0' && word == r.short_name);
    });
    if (only_files || word == "-" || !word.starts_with("-"))
      arguments.files.emplace_back(word);
    else if (word == "--")
      only_files = true;
    else if (row == std::end(kOptions))
      return false;
    else if (const bool valued = *row->value != '\0'; (valued && ++i == argc) || !row->set(arguments, valued ? argv[i] : ""))
      return false;
  }
  return go_together(arguments);
}

}  // namespace checker
