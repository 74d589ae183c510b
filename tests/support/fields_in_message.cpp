// SPDX-License-Identifier: MIT
#include "support/fields_in_message.hpp"

#include <doctest/doctest.h>

#include <set>
#include <string>

using namespace gapwright;

namespace {

void check_said(const std::string& message, const std::string& options, const std::string& keywords) {
  CAPTURE(message);
  CHECK(with_options(message) == options);
  CHECK(with_keywords(message) == keywords);
}

void check_kept(const std::string& message) { check_said(message, message, message); }

}  // namespace

TEST_CASE("fields in messages: the program says options, Python keywords") {
  check_said("use `route=direct` or `square`", "use --route direct or --square", "use route='direct' or square");
  check_said("`entry_dtype`: give `entry_dtype=f32`", "--entry-dtype: give --entry-dtype f32",
             "entry_dtype: give entry_dtype='f32'");
  check_said("`to=attention`", "--to attention", "to='attention'");
  check_said("(`causal`)", "(--causal)", "(causal)");
  check_said("take `plant=plain`, not `plant`.", "take --plant=plain, not --plant.", "take plant='plain', not plant.");
  check_said("use `method=exact|certified`", "use --method exact or certified", "use method='exact' or 'certified'");
  check_said("`order=2|3|4`", "-k 2 or 3 or 4", "order=2 or 3 or 4");
  check_said("`max_tuples=1e18` and `memory_limit=8G`", "--max-tuples 1e18 and --memory-limit 8G",
             "max_tuples=1e18 and memory_limit='8G'");
}

TEST_CASE("fields in messages: the order and the threads have an option of one letter, which words go with") {
  check_said("`order=30`: the order is 2 to 24", "-k 30: the order is 2 to 24", "order=30: the order is 2 to 24");
  check_said("use a larger `order` (up to 24)", "use a larger order -k (up to 24)", "use a larger order (up to 24)");
  check_said("fewer `threads`; `threads=4`", "fewer threads -j; -j 4", "fewer threads; threads=4");
}

TEST_CASE("fields in messages: numbers stand without quotes in Python, all else with them") {
  for (const std::string number : {"0", "-1", "2.5", "1e18", "1e+300", "-2e-7", "1/16", "-3/4"})
    check_said("`delta=" + number + "`", "--delta " + number, "delta=" + number);
  for (const std::string word : {"8G", "1/d", "f32", "e5", "-", "1/2/3", "16..64", "a:b", "reed-solomon"})
    check_said("`delta=" + word + "`", "--delta " + word, "delta='" + word + "'");
}

TEST_CASE("fields in messages: an aside is for those who do not know the limits by their words") {
  check_said("raise the limit on tuples (`max_tuples`)", "raise the limit on tuples", "raise the limit on tuples (max_tuples)");
  check_said("a higher memory limit (`memory_limit`); or", "a higher memory limit; or",
             "a higher memory limit (memory_limit); or");
  check_said("give `memory_limit`", "give --memory-limit", "give memory_limit");
  check_said("(`memory_limit` or less)", "(--memory-limit or less)", "(memory_limit or less)");
  check_said("(`max_tuples`)", "(--max-tuples)", "(max_tuples)");
}

TEST_CASE("fields in messages: adjacent fields") {
  check_said("`field`, `blocks`, `block_length` or `level`", "--field, --blocks, --block-length or --level",
             "field, blocks, block_length or level");
  check_said("`square` `causal`", "--square --causal", "square causal");
  check_said("`square``causal`", "--square--causal", "squarecausal");
  check_said("a ` and `square`", "a ` and --square", "a ` and square");
}

TEST_CASE("fields in messages: what Python lacks says so") {
  check_said("`exec` is empty", "--exec is empty", "command is empty");
  check_said("`blind` is set", "--blind is set", "blind (of the program only) is set");
  check_said("`clause=4`: none", "--clause 4: none", "clause=4: none");
  check_said("give `algorithms`", "give --exec or --library", "give algorithms");
}

TEST_CASE("fields in messages: all else stays byte for byte") {
  for (const std::string message : {"", "`", "``", "no field", "`unknown`", "`unknown=direct`", "`route", "route`", "`Route`",
                                    "`route=`", "`route=a b`", "`route=a=b`", "`route='direct'`", "` route`", "`route `",
                                    "`gapwright fuzz -o FOLDER`", "--route direct", "\xff`\xfe`\n"})
    check_kept(message);
  check_kept(std::string("`ro\0ute`", 9));
  check_kept(std::string(1'000'000, '`') + "route");
  CHECK(with_options("`route=" + std::string(1'000'000, '|') + "`").size() == 8 + 4'000'000);
}

TEST_CASE("fields in messages: file names and quotations of a user are no fields") {
  for (const std::string message :
       {"`route`.cnf: no such file", "`route`:3:1: not a literal", "dir/`square`/a.npy: cut short", "x`route` is a folder",
        "`route`x: not found", "unknown word '`route`'", "\"`square`\" is not a family", "my (`max_tuples`).cnf: empty"})
    check_kept(message);
  check_said("`route`.cnf: use `route=direct`", "`route`.cnf: use --route direct", "`route`.cnf: use route='direct'");
}

TEST_CASE("fields in messages: another face gives words of its own") {
  const auto words = [](const FieldInMessage& named) {
    return "<" + std::string(named.field.name) + "|" + named.value.value_or("") + (named.aside ? "|aside>" : ">");
  };
  CHECK(with_fields_as("use `route=direct` (`square`) or `exec`", words) == "use <route|direct> (<square||aside>) or <exec|>");
  CHECK(with_fields_as("use it (`square`), or (`square`)", [](const FieldInMessage&) { return std::string(); }) == "use it, or");
}

TEST_CASE("fields in messages: every field is named once and has an option") {
  std::set<std::string_view> names;
  for (const MessageField& field : message_fields()) {
    CAPTURE(field.name);
    CHECK(names.insert(field.name).second);
    CHECK(field.option.starts_with("-"));
    CHECK((field.keyword.empty() || field.keyword.find_first_of("-= ") == std::string_view::npos));
    CHECK(with_options("`" + std::string(field.name) + "=1`").find('`') == std::string::npos);
  }
}
