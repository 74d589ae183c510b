// SPDX-License-Identifier: MIT
// The one table of what fields are called: the rooms of the library write the name, the faces say the rest.
//
//   attention/  "... needs them below 700, use `method=exact`"       what() in C++
//   cli/        "... needs them below 700, use --method exact"       with_options
//   python/     "... needs them below 700, use method='exact'"       with_keywords
#include "support/fields_in_message.hpp"

#include <algorithm>
#include <array>

namespace gapwright {
namespace {

constexpr std::string_view kProgramOnly = "";

constexpr std::array kFields{
    // what requests share
    MessageField{"causal", "--causal", "causal"},
    MessageField{"certificate", "--certificate", "certificate"},
    MessageField{"checkpoint", "--checkpoint", "checkpoint"},
    MessageField{"delta", "--delta", "delta"},
    MessageField{"entry_dtype", "--entry-dtype", "entry_dtype"},
    MessageField{"error", "--error", "error"},
    MessageField{"formula", "--formula", "formula"},
    MessageField{"max_tuples", "--max-tuples", "max_tuples", {}, true},
    MessageField{"memory_limit", "--memory-limit", "memory_limit", {}, true},
    MessageField{"method", "--method", "method"},
    MessageField{"order", "-k", "order", "order -k"},
    MessageField{"output", "-o", "output"},
    MessageField{"precision", "--precision", "precision"},
    MessageField{"proof", "--proof", "proof"},
    MessageField{"route", "--route", "route"},
    MessageField{"saving", "--saving", "saving"},
    MessageField{"seed", "--seed", "seed"},
    MessageField{"source", "--source", "source"},
    MessageField{"square", "--square", "square"},
    MessageField{"strict", "--strict", "strict"},
    MessageField{"target", "--target", "target"},
    MessageField{"threads", "-j", "threads", "threads -j"},
    MessageField{"timeout", "--timeout", "timeout"},
    MessageField{"to", "--to", "to"},
    // formulas
    MessageField{"count", "--count", "count"},
    MessageField{"max", "--max", "max"},
    MessageField{"project", "--project", "project"},
    // reductions
    MessageField{"advice", "--advice", "advice"},
    MessageField{"answers", "--answers", kProgramOnly},
    MessageField{"centred", "--centred", "centred"},
    MessageField{"embedding", "--embedding", "embedding"},
    MessageField{"expect", "--expect", "expect"},
    MessageField{"form", "--form", "form"},
    MessageField{"gadget", "--gadget", "gadget"},
    MessageField{"message", "--advice", "message"},  // a reduction's advice is one message
    MessageField{"mu", "--mu", "mu"},
    // codes
    MessageField{"block_length", "--block-length", "block_length"},
    MessageField{"blocks", "--blocks", "blocks"},
    MessageField{"field", "--field", "field"},
    MessageField{"length", "--length", "length"},
    MessageField{"level", "--level", "level"},
    MessageField{"q", "-q", "q"},
    // generators
    MessageField{"clauses", "--clauses", "clauses"},
    MessageField{"clique", "--clique", "clique"},
    MessageField{"density", "--density", "density"},
    MessageField{"dimension", "--dimension", "dimension"},
    MessageField{"elements", "--elements", "elements"},
    MessageField{"entry_bound", "--entry-bound", "entry_bound"},
    MessageField{"first", "--first", "first"},
    MessageField{"holes", "--holes", "holes"},
    MessageField{"independent", "--independent", "independent"},
    MessageField{"no_at_most", "--no-at-most", "no_at_most"},
    MessageField{"numbers", "--numbers", "numbers"},
    MessageField{"factor", "--factor", "factor"},
    MessageField{"only", "--only", "only"},
    MessageField{"columns", "--columns", "columns"},
    MessageField{"pigeons", "--pigeons", "pigeons"},
    MessageField{"plant", "--plant=", "plant"},
    MessageField{"points", "--points", "points"},
    MessageField{"rows", "--rows", "rows"},
    MessageField{"skip", "--skip", "skip"},
    MessageField{"second", "--second", "second"},
    MessageField{"transform", "-T", kProgramOnly},
    MessageField{"variables", "--variables", "variables"},
    MessageField{"vectors", "--vectors", "vectors"},
    MessageField{"vertices", "--vertices", "vertices"},
    MessageField{"width", "--width", "width"},
    MessageField{"yes_at_least", "--yes-at-least", "yes_at_least"},
    // attention
    MessageField{"dtype", "--dtype", "dtype"},
    MessageField{"most_features", "--max-features", "most_features"},
    // challenge
    MessageField{"algorithms", "--exec", "algorithms", "--exec or --library"},
    MessageField{"blind", "--blind", kProgramOnly},
    MessageField{"exec", "--exec", "command"},
    MessageField{"pad_dimension", "--pad-dimension", "pad_dimension"},
    MessageField{"pairs", "--pairs", "pairs"},
    MessageField{"softmax_scale", "--softmax-scale", "softmax_scale"},
    MessageField{"timing_rows", "--timing-rows", "timing_rows"},
    // sweeps, traces and campaigns
    MessageField{"clause", "--clause", "clause"},
    MessageField{"dimensions", "--dimensions", "dimensions"},
    MessageField{"embeddings", "--embeddings", "embeddings"},
    MessageField{"exhaustive", "--exhaustive", "exhaustive"},
    MessageField{"families", "--families", "families"},
    MessageField{"gap", "--gap", "gap"},
    MessageField{"log2_rows", "--log2-rows", "log2_rows"},
    MessageField{"of_deciding", "--of-deciding", "of_deciding"},
    MessageField{"of_log", "--of-log", "of_log"},
    MessageField{"orders", "--orders", "orders"},
    MessageField{"per_log", "--per-log", "per_log"},
    MessageField{"per_variable", "--per-variable", "per_variable"},
    MessageField{"seeds", "--seeds", "seeds"},
};

constexpr std::string_view kDigits = "0123456789", kLetters = "abcdefghijklmnopqrstuvwxyz",
                           kCapitals = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

bool made_of(std::string_view text, std::initializer_list<std::string_view> parts) {
  return !text.empty() && std::ranges::all_of(text, [&](char c) {
    return std::ranges::any_of(parts, [&](std::string_view part) { return part.find(c) != std::string_view::npos; });
  });
}

/// What stands between two backticks, if it is a known field.
std::optional<FieldInMessage> named_field(std::string_view inside, bool aside) {
  const std::size_t equals = inside.find('=');
  const std::string_view name = inside.substr(0, equals);
  const auto found = std::ranges::find(kFields, name, &MessageField::name);
  if (found == kFields.end()) return std::nullopt;
  if (equals == std::string_view::npos) return FieldInMessage{*found, std::nullopt, aside};
  const std::string_view value = inside.substr(equals + 1);
  if (!made_of(value, {kDigits, kLetters, kCapitals, "_./:+-|"})) return std::nullopt;
  return FieldInMessage{*found, std::string(value), aside};
}

bool may_stand_before(char c) { return c == ' ' || c == '('; }

/// The rest of a message goes on in a way that a name in backticks, such as `route`.cnf or `route`:3:1, does not.
bool may_follow(std::string_view rest) {
  if (rest.starts_with(')')) rest.remove_prefix(1);
  if (rest.empty() || std::string_view(" ;,`").find(rest[0]) != std::string_view::npos) return true;
  return (rest[0] == '.' || rest[0] == ':') && (rest.size() == 1 || rest[1] == ' ');
}

/// A number, or a fraction of two.
bool is_number(std::string_view text) {
  const std::size_t slash = text.find('/');
  if (slash != std::string_view::npos)
    return made_of(text.substr(0, slash), {kDigits, "-"}) && made_of(text.substr(slash + 1), {kDigits});
  if (text.starts_with('-')) text.remove_prefix(1);
  if (text.empty() || kDigits.find(text[0]) == std::string_view::npos) return false;
  const std::size_t e = text.find('e');
  if (!made_of(text.substr(0, e), {kDigits, "."}) || std::ranges::count(text.substr(0, e), '.') > 1) return false;
  return e == std::string_view::npos || made_of(text.substr(e + 1), {kDigits, "+-"});
}

/// "exact|certified" as "exact or certified", each in the words of a face.
std::string alternatives(std::string_view values, std::string (*said)(std::string_view)) {
  std::string text;
  for (std::size_t bar = values.find('|'); bar != std::string_view::npos; bar = values.find('|')) {
    text += said(values.substr(0, bar)) + " or ";
    values.remove_prefix(bar + 1);
  }
  return text + said(values);
}

std::string as_it_is(std::string_view value) { return std::string(value); }
std::string in_python(std::string_view value) { return is_number(value) ? std::string(value) : "'" + std::string(value) + "'"; }

std::string option_of(const FieldInMessage& named) {
  const MessageField& field = named.field;
  const bool joined = field.option.ends_with('=');
  if (named.value) return std::string(field.option) + (joined ? "" : " ") + alternatives(*named.value, as_it_is);
  if (field.aside && named.aside) return "";
  if (!field.program.empty()) return std::string(field.program);
  return std::string(field.option.substr(0, field.option.size() - (joined ? 1 : 0)));
}

std::string keyword_of(const FieldInMessage& named) {
  const bool known = !named.field.keyword.empty();
  std::string text(known ? named.field.keyword : named.field.name);
  if (named.value) text += "=" + alternatives(*named.value, in_python);
  return text + (known ? "" : " (of the program only)");
}

constexpr std::string_view kAside = " (";

/// The known field whose backticks are at these two places, if no name or quotation goes on around them.
std::optional<FieldInMessage> field_at(std::string_view message, std::size_t open, std::size_t close, bool after_field) {
  const std::string_view before = message.substr(0, open), rest = message.substr(close + 1);
  if (!before.empty() && !after_field && !may_stand_before(before.back())) return std::nullopt;
  if (!may_follow(rest)) return std::nullopt;
  return named_field(message.substr(open + 1, close - open - 1), before.ends_with(kAside) && rest.starts_with(')'));
}

}  // namespace

std::span<const MessageField> message_fields() { return kFields; }

std::string with_fields_as(std::string_view message, const FieldWords& words) {
  std::string said;
  bool after_field = false;
  for (std::size_t at = 0; at < message.size();) {
    const std::size_t close = message[at] == '`' ? message.find('`', at + 1) : std::string_view::npos;
    const auto named = close != std::string_view::npos ? field_at(message, at, close, after_field) : std::nullopt;
    after_field = named.has_value();
    if (!named) {
      said += message[at++];
      continue;
    }
    const std::string text = words(*named);
    const bool left_out = named->aside && text.empty();
    if (left_out) said.resize(said.size() - kAside.size());
    said += text;
    at = close + (left_out ? 2 : 1);
  }
  return said;
}

std::string with_options(std::string_view message) { return with_fields_as(message, option_of); }

std::string with_keywords(std::string_view message) { return with_fields_as(message, keyword_of); }

}  // namespace gapwright
