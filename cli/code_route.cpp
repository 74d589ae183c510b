// SPDX-License-Identifier: MIT
#include "cli/code_route.hpp"

#include "cli/word_option.hpp"

namespace gapwright::cli {

void add_code_route_options(CLI::App& verb, CodeRequest& request, const std::string& advice) {
  const auto number = [&](const char* name, std::optional<std::size_t>& place, const char* text) {
    verb.add_option(name, place, text)->check(whole_number());
  };
  verb.add_option_function<std::string>(
      "--advice", [&request](const std::string& word) { request.advice = advice_named(word); }, "code routes, " + advice);
  add_word_option<Form>(verb, "--form", request.form,
                        "code routes: explicit, pruned (without coordinates that are always 0), or factored (the field symbols)",
                        form_words());
  add_word_option<Gadget>(verb, "--gadget", request.gadget, "code routes: boxes (0/1 vectors) or characters (real vectors)");
  add_word_option<Embedding>(verb, "--embedding", request.embedding, "code routes: sharp or paper", embedding_words())
      ->default_str(std::string(word_of(request.embedding)));
  verb.add_option("--mu", request.mu,
                  "characters to attention: weight per copy of a coordinate, smaller ones give smaller entries and a larger "
                  "dimension [the mean weight]")
      ->check(CLI::Range(0x1p-40, 0x1p40));
  number("--field", request.field_size, "code routes: field size Q (25 for Hermitian q = 5)");
  number("--blocks", request.blocks, "code routes: number of blocks T");
  number("--block-length", request.block_length, "code routes: block length K");
  number("--level", request.level, ("code routes: level of the " + level_families()).c_str());
}

}  // namespace gapwright::cli
