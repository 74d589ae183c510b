// SPDX-License-Identifier: MIT
// What may stand in a record of a results file. Members that name something are words of these tables; sizes are numbers within bounds that every
// sweep keeps, so that no loop over them is long; the version and command of a sweep, which a reader of the page may copy into a shell, hold no
// character that a shell acts on; other texts (reasons of refusals, keys) go nowhere but into the page, where they are escaped.
#include "explore/regime/known_words.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <string_view>
#include <vector>

#include "explore/regime/hard_pair.hpp"
#include "reductions/protocol_choice.hpp"
#include "support/errors.hpp"
#include "support/listed.hpp"

namespace gapwright {
namespace {

struct Words {
  const char* member;
  std::vector<std::string> known;
};
const std::vector<Words>& words() {
  static const std::vector<Words> table{
      {"embedding", names<Embedding>()},
      {"family", names<PairFamily>()},
      {"route", route_words()},
      {"gadget", {std::string(gadget_word({})), std::string(word_of(Gadget::boxes)), std::string(word_of(Gadget::characters))}},
      {"gap_kind", {"additive", "relative", "loss"}},
      {"decision", {"right", "wrong", "refused"}},
      {"form_measured", words_for<Form>({Form::full, Form::characters, Form::factored})},
  };
  return table;
}

struct Range {
  const char* member;
  double least, most;
};
constexpr Range kRanges[] = {
    {"order", 2, 64},
    {"rows", 1, 0x1p40},
    {"log2_rows", 0, 1024},
    {"variables", 1, 0x1p31},
    {"clauses", 1, 0x1p40},
    {"dimension", 1, 0x1p60},
    {"vector_dimension", 1, 0x1p31},
    {"per_log", 0x1p-20, 0x1p20},
    {"per_variable", 0x1p-20, 0x1p20},
};

/// Whole numbers that may pass 2^53 are strings of digits.
constexpr const char* kExact[] = {"dimension", "dimension_measured", "law_dimension", "models"};
constexpr std::size_t kMostDigits = 10'000;

bool is_whole_number(const std::string& text) {
  return !text.empty() && text.size() <= kMostDigits && text.find_first_not_of("0123456789") == std::string::npos;
}

/// What sweeps record of themselves: words, numbers and lists of numbers, which may stand in quotes.
bool is_plain_command(const std::string& text) {
  return std::count(text.begin(), text.end(), '\'') % 2 == 0 && std::all_of(text.begin(), text.end(), [](unsigned char c) {
           return c < 128 &&
                  (std::isalnum(c) || std::string_view(" -_.,'=/+").find(static_cast<char>(c)) != std::string_view::npos);
         });
}

}  // namespace

void check_words(const Record& record, const std::string& place) {
  for (const auto& [member, known] : words())
    if (record.contains(member) && record[member].is_string() &&
        std::find(known.begin(), known.end(), record[member].get<std::string>()) == known.end())
      throw BadInstance(place + ": \"" + member + "\" is not " + listed(known, "or") + "; remove the line");
  for (const auto& [member, least, most] : kRanges)
    if (record.contains(member) && record[member].is_number() &&
        !(record[member].get<double>() >= least && record[member].get<double>() <= most))
      throw BadInstance(place + ": \"" + member + "\" is out of range; remove the line");
  for (const char* member : kExact)
    if (record.contains(member) && record[member].is_string() && !is_whole_number(record[member].get<std::string>()))
      throw BadInstance(place + ": \"" + member + "\" is not a whole number; remove the line");
  for (const char* member : {"command", "version"})
    if (record.contains(member) && record[member].is_string() && !is_plain_command(record[member].get<std::string>()))
      throw BadInstance(place + ": \"" + member + "\" is none that gapwright records; remove the line");
  for (const char* inner : {"formula", "exact", "polynomial"})
    if (record.contains(inner) && record[inner].is_object()) check_words(record[inner], place);
}

}  // namespace gapwright
