// SPDX-License-Identifier: MIT
#include "cli/code_route.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "cli/word_option.hpp"
#include "support/errors.hpp"
#include "support/listed.hpp"
#include "support/message.hpp"
#include "support/philox.hpp"
#include "verify/decision_bytes.hpp"
#include "verify/orthogonal_tuples.hpp"
#include "verify/sat_oracle.hpp"

namespace gapwright::cli {
namespace {

std::optional<std::size_t> given(std::size_t value) { return value == 0 ? std::nullopt : std::optional(value); }

mpz_class random_message(const MerlinArthur& protocol, std::uint64_t seed, std::uint64_t number) {
  Random random(seed, number);
  const std::size_t size = protocol.code().field().size();
  mpz_class index = 0;
  for (std::size_t digit = 0; digit < protocol.legal_messages().basis.rows; ++digit) index = index * size + random.below(size);
  return index;
}

Advice sampled_advice(const Context& context, const OrthogonalVectors& ov, const OrthogonalVectorsToGapMaxIp& rule,
                      std::size_t count) {
  Advice advice{
      fmt::format("sample: the best reply to the tuple with the fewest common ones, and {}", counted(count, "random message")),
      {},
      false};
  check_tuples(context.limits, "the search for the tuple with the fewest common ones", tuples_of(ov.sets), ov.dimension);
  if (const auto closest = smallest_inner_product(ov, run_control(context, "")))
    advice.messages.push_back(rule.best_reply(closest->first));
  for (std::size_t i = 0; i < count; ++i) advice.messages.push_back(random_message(rule.protocol(), context.seed, i));
  return advice;
}

std::size_t sample_size(const std::string& text) {
  if (text.empty() || text.size() > 6 || text.find_first_not_of("0123456789") != std::string::npos)
    throw std::invalid_argument("--advice sample:N needs a number N up to 999999");
  return std::stoul(text);
}

}  // namespace

std::string level_families() { return listed(code_family_names(&CodeFamily::has_levels), "or"); }

void add_code_route_options(CLI::App& verb, CodeRouteOptions& options) {
  verb.add_option("--advice", options.advice, "code routes: honest, all, sample:N, or the index of Merlin's message");
  add_word_option<Form>(verb, "--form", options.form,
                        "code routes: explicit, pruned (without coordinates that are always 0), or factored (the field symbols)",
                        words_for<Form>({Form::full, Form::pruned, Form::factored}));
  add_word_option<Gadget>(verb, "--gadget", options.gadget, "code routes: boxes (0/1 vectors) or characters (real vectors)");
  add_word_option<Embedding>(verb, "--embedding", options.embedding, "code routes: sharp or paper",
                             words_for<Embedding>({Embedding::sharp, Embedding::paper}))
      ->default_str(std::string(word_of(options.embedding)));
  verb.add_option("--mu", options.mu,
                  "characters to attention: weight per copy of a coordinate, smaller ones give smaller entries and a larger "
                  "dimension [the mean weight]")
      ->check(CLI::Range(0x1p-40, 0x1p40));
  verb.add_option("--field", options.field_size, "code routes: field size Q (25 for Hermitian q = 5)")->check(whole_number());
  verb.add_option("--blocks", options.blocks, "code routes: number of blocks T")->check(whole_number());
  verb.add_option("--block-length", options.block_length, "code routes: block length K")->check(whole_number());
  verb.add_option("--level", options.level, "code routes: level of the " + level_families())->check(whole_number());
}

std::optional<OrthogonalVectors::Witness> honest_tuple(const Context& context, const Cnf& cnf,
                                                       const SatToOrthogonalVectors& sat) {
  const SatAnswer oracle = ask_cryptominisat(cnf, run_control(context, ""), 60);
  return oracle.satisfiable == true ? std::optional(sat.push(oracle.model).second) : std::nullopt;
}

std::string code_text(const ProtocolShape& shape) {
  return fmt::format("{}{} over F_{}: length L = {}, degree D = {}, dimension K = {}", shape.family->name,
                     shape.level ? fmt::format(" level {}", shape.level) : "", shape.field_size, shape.coins, shape.degree,
                     shape.block_length);
}

ProtocolShape shape_for(const CodeFamily& family, const CodeRouteOptions& options, Form form,
                        const std::vector<mpz_class>& set_sizes, std::size_t dimension) {
  if (options.level != 0 && !family.has_levels)
    throw std::invalid_argument("--level goes with --route " + level_families() + "; leave it out for " + family.name);
  const ProtocolRequest request{&family,
                                set_sizes.size(),
                                dimension,
                                given(options.field_size),
                                given(options.blocks),
                                given(options.block_length),
                                given(options.level)};
  return choose_protocol(request, [&](const ProtocolShape& shape) { return shape_cost(shape, form, set_sizes); });
}

Advice make_advice(const Context& context, const OrthogonalVectors& ov, const OrthogonalVectorsToGapMaxIp& rule,
                   const std::string& asked, const Witnesses& honest) {
  constexpr std::size_t kMostMessages = 1'000'000;
  const auto honest_advice = [&]() -> std::optional<Advice> {
    if (const auto tuple = honest())
      return Advice{"honest: Merlin knows an orthogonal tuple", {rule.push(*tuple).first}, false, true};
    return std::nullopt;
  };
  if (asked.empty()) {
    if (auto advice = honest_advice()) return *advice;
    return sampled_advice(context, ov, rule, 16);
  }
  if (asked == "honest") {
    if (auto advice = honest_advice()) return *advice;
    throw std::invalid_argument(
        "--advice honest needs a model or an orthogonal tuple, and none is found; use --advice all or sample:N");
  }
  if (asked.starts_with("sample:")) return sampled_advice(context, ov, rule, sample_size(asked.substr(7)));
  const mpz_class count = rule.protocol().messages();
  if (asked == "all") {
    if (count > kMostMessages)
      throw LimitReached(fmt::format(
          "--advice all: Merlin has {}^{} messages (about {}), at most {} are run; use honest or sample:N",
          rule.protocol().code().field().size(), rule.protocol().legal_messages().basis.rows, count_text(count), kMostMessages));
    Advice advice{all_counted(count.get_str(), "message"), {}, true};
    for (mpz_class i = 0; i < count; ++i) advice.messages.push_back(i);
    return advice;
  }
  if (asked.find_first_not_of("0123456789") != std::string::npos)
    throw std::invalid_argument("--advice '" + asked + "': give honest, all, sample:N or the index of a message");
  rule.protocol().message(mpz_class(asked, 10));  // refuses an index out of range
  return {"message " + asked, {mpz_class(asked, 10)}, false};
}

}  // namespace gapwright::cli
