// SPDX-License-Identifier: MIT
#include "atlas/code_request.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <exception>
#include <stdexcept>

#include "support/errors.hpp"
#include "support/listed.hpp"
#include "support/message.hpp"
#include "verify/decision_bytes.hpp"
#include "verify/orthogonal_tuples.hpp"

namespace gapwright {
namespace {

/// The tuple with the fewest common ones: Merlin's best lie, or the truth.
std::optional<SmallestProduct> closest_tuple(const OrthogonalVectors& ov, const std::string& what, const Work& work) {
  check_tuples(work.limits, what, tuples_of(ov.sets), ov.dimension);
  check_memory(work.limits, what, decision_bytes(ov.sets));
  return smallest_inner_product(ov, work.control(""));
}

Advice sampled_advice(const OrthogonalVectors& ov, const OrthogonalVectorsToGapMaxIp& rule, std::size_t count, std::uint64_t seed,
                      const Work& work) {
  Advice advice{
      fmt::format("sample: the best reply to the tuple with the fewest common ones, and {}", counted(count, "random message")),
      {}};
  if (const auto closest = closest_tuple(ov, "the search for the tuple with the fewest common ones", work))
    advice.messages.push_back(rule.best_reply(closest->first));
  for (std::size_t i = 0; i < count; ++i) advice.messages.push_back(random_message(rule.protocol(), seed, i));
  return advice;
}

Advice all_advice(const MerlinArthur& protocol) {
  constexpr std::size_t kMostMessages = 1'000'000;
  const mpz_class count = protocol.messages();
  if (count > kMostMessages)
    throw LimitReached(
        fmt::format("`advice=all`: Merlin has {}^{} messages (about {}), at most {} are run; use honest or sample:N",
                    protocol.code().field().size(), protocol.legal_messages().basis.rows, count_text(count), kMostMessages));
  Advice advice{all_counted(count.get_str(), "message"), {}, true};
  for (mpz_class i = 0; i < count; ++i) advice.messages.push_back(i);
  return advice;
}

}  // namespace

Advice best_advice(const OrthogonalVectors& ov, const OrthogonalVectorsToGapMaxIp& rule, const Work& work) {
  const auto closest = closest_tuple(ov, "the search for Merlin's best message", work);
  if (!closest) throw std::invalid_argument("a set is empty: the answer is no, and there is nothing to reduce");
  const bool orthogonal = closest->product == 0;  // completeness, and soundness for every message
  return {"best: the reply to the tuple with the fewest common ones",
          {rule.best_reply(closest->first)},
          false,
          orthogonal,
          orthogonal};
}

Advice honest_advice(const OrthogonalVectorsToGapMaxIp& rule, const OrthogonalVectors::Witness& tuple) {
  return {"honest: Merlin knows an orthogonal tuple", {rule.push(tuple).first}, false, true};
}

std::vector<std::string> form_words() { return words_for<Form>({Form::full, Form::pruned, Form::factored}); }
std::vector<std::string> embedding_words() { return words_for<Embedding>({Embedding::sharp, Embedding::paper}); }

std::string level_families() { return listed(code_family_names(&CodeFamily::has_levels), "or"); }

std::string code_text(const ProtocolShape& shape) {
  return fmt::format("{}{} over F_{}: length L = {}, degree D = {}, dimension K = {}", shape.family->name,
                     shape.level ? fmt::format(" level {}", shape.level) : "", shape.field_size, shape.coins, shape.degree,
                     shape.block_length);
}

ProtocolShape shape_for(const CodeFamily& family, const CodeRequest& request, Form form, const std::vector<mpz_class>& set_sizes,
                        std::size_t dimension) {
  if (request.level && !family.has_levels)
    throw std::invalid_argument(
        "`level` goes with `route=" + fmt::format("{}", fmt::join(code_family_names(&CodeFamily::has_levels), "|")) +
        "`; leave it out for " + family.name);
  const ProtocolRequest protocol{&family,        set_sizes.size(),     dimension,    request.field_size,
                                 request.blocks, request.block_length, request.level};
  return choose_protocol(protocol, [&](const ProtocolShape& shape) { return shape_cost(shape, form, set_sizes); });
}

ProtocolShape cheapest_shape(const CodeRequest& request, Form form, const std::vector<mpz_class>& set_sizes,
                             std::size_t dimension) {
  std::optional<ProtocolShape> best;
  std::exception_ptr unfit;
  for (const CodeFamily& family : compared_families()) {
    try {
      const ProtocolShape shape = shape_for(family, request, form, set_sizes, dimension);
      if (!best || shape_cost(shape, form, set_sizes) < shape_cost(*best, form, set_sizes)) best = shape;
    } catch (const std::invalid_argument&) {
      unfit = std::current_exception();
    }
  }
  if (!best) std::rethrow_exception(unfit);
  return *best;
}

Advice advice_for(const CodeRequest& request, const OrthogonalVectors& ov, const OrthogonalVectorsToGapMaxIp& rule,
                  const Witnesses& honest, std::uint64_t seed, const Work& work) {
  if (!request.advice) {
    const auto tuple = honest();
    return tuple ? honest_advice(rule, *tuple) : sampled_advice(ov, rule, kUsualSample, seed, work);
  }
  const auto& [kind, number] = *request.advice;
  switch (kind) {
    case AdviceKind::honest:
      if (const auto tuple = honest()) return honest_advice(rule, *tuple);
      throw std::invalid_argument(
          "`advice=honest` needs a model or an orthogonal tuple, and none is found; use `advice=all` or sample:N");
    case AdviceKind::best:
      return best_advice(ov, rule, work);
    case AdviceKind::all:
      return all_advice(rule.protocol());
    case AdviceKind::sample:
      return sampled_advice(ov, rule, number.get_ui(), seed, work);
    case AdviceKind::message:
      rule.protocol().message(number);  // refuses an index out of range
      return {"message " + number.get_str(), {number}, false};
  }
  throw std::logic_error("advice that is not followed");
}

}  // namespace gapwright
