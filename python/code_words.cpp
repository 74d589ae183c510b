// SPDX-License-Identifier: MIT
#include "python/code_words.hpp"

#include <stdexcept>
#include <utility>

#include "python/integers.hpp"
#include "python/word.hpp"

namespace gapwright::python {

CodeRequest code_request(std::optional<AskedAdvice> advice, const CodeWords& words) {
  CodeRequest code;
  code.advice = std::move(advice);
  code.gadget = value_of<Gadget>("gadget", words.gadget);
  if (!words.form.empty()) code.form = value_of<Form>("form", words.form, form_words());
  code.embedding = value_of<Embedding>("embedding", words.embedding, embedding_words());
  code.mu = double_of(words.mu, "mu");
  if (code.mu != 0 && !(code.mu > 0)) throw std::invalid_argument("mu is a number above 0");
  code.field_size = words.field;
  code.blocks = words.blocks;
  code.block_length = words.block_length;
  code.level = words.level;
  return code;
}

std::optional<AskedAdvice> advice_from(const py::object& advice, const std::string& keyword) {
  if (advice.is_none()) return std::nullopt;
  if (py::isinstance<py::bool_>(advice)) throw py::type_error(keyword + " is the number of a message or a word, not a bool");
  const bool word = py::isinstance<py::str>(advice);
  return advice_named(word ? advice.cast<std::string>() : integer_from(advice, keyword).get_str(), keyword);
}

const CodeFamily* family_of_route(const std::string& route) {
  check_word("route", route, route_words());
  return family_on_route(route);
}

std::string quoted_families() {
  std::string families;
  for (const std::string& name : code_family_names()) families += (families.empty() ? "'" : ", '") + name + "'";
  return families;
}

}  // namespace gapwright::python
