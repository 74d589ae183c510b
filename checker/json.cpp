// SPDX-License-Identifier: MIT
// The parser is nlohmann-json's, used event by event: its stack lies on the heap, so deep nesting cannot overflow ours, and we
// see every key. The time is linear in the text, whatever it is (up to a logarithm for keys).
#include "checker/json.hpp"

#include <nlohmann/json.hpp>
#include <set>

#include "checker/errors.hpp"

namespace checker {
namespace {

constexpr std::size_t kDeepest = 8;  ///< levels a text may have; real ones have 5

class Events : public nlohmann::json_sax<nlohmann::json> {
 public:
  explicit Events(bool skips_informative) : skips_informative_(skips_informative) {}
  bool null() override {
    Value value;
    value.kind = Value::Kind::null;
    return add(std::move(value));
  }
  bool boolean(bool) override { return add({}); }
  bool number_integer(number_integer_t n) override {
    Value value;
    if (n < 0) value.kind = Value::Kind::negative;  // "-0" is no number of ours
    value.magnitude = ~static_cast<std::uint64_t>(n) + 1;
    return add(std::move(value));
  }
  bool number_float(number_float_t, const string_t&) override { return add({}); }
  bool binary(binary_t&) override { return add({}); }
  bool number_unsigned(number_unsigned_t n) override {
    Value value;
    value.kind = Value::Kind::whole;
    value.magnitude = n;
    return add(std::move(value));
  }
  bool string(string_t& text) override {
    Value value;
    value.kind = Value::Kind::string;
    if (skipped_ == 0) value.string = std::move(text);
    return add(std::move(value));
  }
  bool start_object(std::size_t) override { return start(Value::Kind::object); }
  bool end_object() override { return end(); }
  bool start_array(std::size_t) override { return start(Value::Kind::list); }
  bool end_array() override { return end(); }
  bool key(string_t& text) override {
    if (skipped_ > 0) return true;
    if (!keys_.back().insert(text).second) return fail("the key '" + text.substr(0, 40) + "' occurs twice");
    open_.back()->members.push_back({std::move(text), Value()});
    return true;
  }
  bool parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception&) override {
    syntax_error_at = position;
    return false;
  }

  Value root;
  std::string rejected;
  std::size_t syntax_error_at = 0;

 private:
  bool fail(const std::string& why) {
    rejected = why;
    return false;
  }

  bool in_informative() const {
    return skips_informative_ && open_.size() == 1 && open_[0]->kind == Value::Kind::object &&
           open_[0]->members.back().first == "informative";
  }

  Value* place() {
    if (open_.empty()) return &root;
    if (open_.back()->kind == Value::Kind::object) return &open_.back()->members.back().second;
    return &open_.back()->items.emplace_back();
  }

  bool add(Value value) {
    if (skipped_ == 0) *place() = std::move(value);
    return true;
  }

  bool start(Value::Kind kind) {
    if (skipped_ > 0) {
      ++skipped_;
      return true;
    }
    if (open_.size() == kDeepest) return fail("it is nested deeper than any of ours");
    const bool skip = in_informative();
    Value* value = place();
    value->kind = kind;
    if (skip)
      skipped_ = 1;
    else
      open_.push_back(value),
          keys_.emplace_back();  // stays in place: a list or an object grows only while its last member is closed
    return true;
  }

  bool end() {
    if (skipped_ > 0)
      --skipped_;
    else
      open_.pop_back(), keys_.pop_back();
    return true;
  }

  bool skips_informative_;
  std::vector<Value*> open_;
  std::vector<std::set<std::string>> keys_;  ///< of each that is open
  std::size_t skipped_ = 0;                  ///< levels open inside "informative"
};

}  // namespace

const Value* Value::find(std::string_view key) const {
  for (const auto& [name, value] : members)
    if (name == key) return &value;
  return nullptr;
}

bool Value::operator==(const Value& other) const {
  if (kind != other.kind || magnitude != other.magnitude || string != other.string || items.size() != other.items.size() ||
      members.size() != other.members.size())
    return false;
  for (std::size_t i = 0; i < items.size(); ++i)
    if (!(items[i] == other.items[i])) return false;
  for (std::size_t i = 0; i < members.size(); ++i)
    if (members[i].first != other.members[i].first || !(members[i].second == other.members[i].second)) return false;
  return true;
}

Value parse_json(std::string_view text, const std::string& name) {
  Events events(false);
  const bool complete = nlohmann::json::sax_parse(text.begin(), text.end(), &events);
  if (!events.rejected.empty()) throw Rejected(name + ": " + events.rejected);
  if (!complete) throw BadInput(name + ": not JSON from byte " + std::to_string(events.syntax_error_at) + " on");
  return std::move(events.root);
}

Value claim_of(std::string_view text, const std::string& name) {
  Events events(true);
  const bool complete = nlohmann::json::sax_parse(text.begin(), text.end(), &events);
  if (!events.rejected.empty()) throw Rejected("the certificate: " + events.rejected);
  if (!complete)
    throw BadInput(name + ": not JSON from byte " + std::to_string(events.syntax_error_at) +
                   " on; give the certificate first, then the instance");
  const Value* claim = events.root.find("claim");
  const Value* informative = events.root.find("informative");
  require(claim && informative && events.root.members.size() == 2 && claim->kind == Value::Kind::object &&
              informative->kind == Value::Kind::object,
          "a certificate is {\"claim\": {...}, \"informative\": {...}} and nothing else");
  return *claim;
}

}  // namespace checker
