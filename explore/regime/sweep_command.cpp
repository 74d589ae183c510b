// SPDX-License-Identifier: MIT
// The command that a results file records as what made it.
#include "explore/regime/sweep_command.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace gapwright {
namespace {

struct Recorded {
  std::string text;

  template <class Value>
  Recorded& with(const char* option, const Value& value) {
    text += fmt::format(" --{} {}", option, value);
    return *this;
  }
  template <class Values>
  Recorded& with_list(const char* option, const Values& values) {
    return with(option, fmt::format("{}", fmt::join(values, ",")));
  }
};

std::string with_delta(Recorded& command, const mpq_class& delta) {
  if (delta != forward_delta()) command.with("delta", delta.get_str());
  return command.text;
}

}  // namespace

std::string command_of(const RegimeSweep& s) {
  Recorded command{s.gradient ? "explore gradient" : "explore regime"};
  command.with_list("orders", s.orders).with_list("rows", s.rows);
  if (s.dimensions.empty())
    command.with_list("per-log", s.per_log2);
  else
    command.with_list("dimensions", s.dimensions);
  if (s.dimensions.empty() && std::ranges::find(s.families, PairFamily::ksat) != s.families.end())
    command.with_list("per-variable", s.per_variable);
  command.with_list("embeddings", words_for(s.embeddings))
      .with_list("families", words_for(s.families))
      .with_list("seeds", s.seeds);
  command.with("of-deciding", fmt::format("'{}'", fmt::join(s.of_deciding, ",")));
  if (!s.of_log.empty()) command.with_list("of-log", s.of_log);
  if (s.delta) command.with("delta", s.delta->get_str());
  return command.with("gap", s.gap).with("exact-tuples", s.exact_tuples).with("max-features", s.most_features).text;
}

std::string command_of(const RouteSweep& s) {
  Recorded command{"explore routes"};
  command.with_list("orders", s.orders).with_list("log2-rows", s.log2_rows);
  if (s.family == PairFamily::ksat)
    command.with("family", word_of(s.family)).with("per-variable", s.per_variable);
  else
    command.with("per-log", s.per_log2);
  command.with("gap", s.gap).with("measured-symbols", s.measured_symbols).with("largest-field", s.limits.largest_field);
  command.with("longest", s.limits.longest).with("seed", s.seed);
  return with_delta(command, s.delta);
}

std::string command_of(const OrderSweep& s) {
  Recorded command{"explore orders"};
  command.with_list("orders", s.orders).with_list("variables", s.variables).with_list("embeddings", words_for(s.embeddings));
  command.with("per-variable", s.per_variable).with("gap", s.gap).with("measured-tuples", s.measured_tuples).with("seed", s.seed);
  return with_delta(command, s.delta);
}

}  // namespace gapwright
