// SPDX-License-Identifier: MIT
#include "cli/reduce_by_code.hpp"

#include <fmt/format.h>

#include <cmath>
#include <exception>
#include <filesystem>

#include "instances/files/instance_files.hpp"
#include "reductions/gap_max_ip_forms.hpp"
#include "support/errors.hpp"
#include "support/message.hpp"
#include "verify/decision_bytes.hpp"
#include "verify/gap_max_ip.hpp"

namespace gapwright::cli {
namespace {

mpz_class most_bits(const Context& context) {
  return context.limits.memory * 4;
}  // half the bytes: what is written from them takes some more

/// The shape of least cost among the routes that fit; all of them when none was chosen.
ProtocolShape choose(const Context& context, const CodeRouteOptions& code, Form form, const std::vector<mpz_class>& sizes,
                     std::size_t dimension) {
  if (context.family) return shape_for(*context.family, code, form, sizes, dimension);
  std::optional<ProtocolShape> best;
  std::exception_ptr unfit;
  for (const CodeFamily& family : code_families()) {
    try {
      const ProtocolShape shape = shape_for(family, code, form, sizes, dimension);
      if (!best || shape_cost(shape, form, sizes) < shape_cost(*best, form, sizes)) best = shape;
    } catch (const std::invalid_argument&) {
      unfit = std::current_exception();
    }
  }
  if (!best) std::rethrow_exception(unfit);
  return *best;
}

/// The first message of the advice; one file, one message.
Advice one_message(const Context& context, const CodeReduction& options, const OrthogonalVectors& ov,
                   const OrthogonalVectorsToGapMaxIp& rule, const Witnesses& honest) {
  const std::string& asked = options.code.advice;
  if (asked == "all" || asked.starts_with("sample:"))
    throw std::invalid_argument("--advice " + asked +
                                ": a file holds the instance of one message; give honest or a message index");
  return make_advice(context, ov, rule, asked, honest);
}

void say_written(const Context& context, Form form, const std::vector<std::size_t>& rows, const std::string& dimension,
                 const Gap& gap) {
  say(context,
      fmt::format("wrote {}: Gap-k-MaxIP, k = {}, {} form, sets of {} vectors, {}; yes: t = {}, no: s_no = {}", context.output,
                  rows.size(), word_of(form), fmt::join(rows, ", "), dimension, gap.yes_at_least, gap.no_at_most));
}

template <class Sets>
std::vector<std::size_t> rows_of(const Sets& sets) {
  std::vector<std::size_t> rows;
  rows.reserve(sets.size());
  for (const auto& set : sets) rows.push_back(set.rows);
  return rows;
}

mpz_class total(const std::vector<std::size_t>& rows) {
  mpz_class sum = 0;
  for (const std::size_t n : rows) sum += n;
  return sum;
}

void write_attention_file(const Context& context, const auto& attention, std::size_t rows, std::size_t dimension) {
  write_attention(context.output, attention, run_control(context, "writing"));
  say(context, fmt::format("wrote {}: attention of order {}, q {} x {}, B = {:.17g}, embedding {}", context.output,
                           attention.keys.size() + 1, rows, dimension, attention.terms.entry_bound, attention.terms.embedding));
}

/// The protocol's part of the record.
void note_protocol(ReductionRecord& record, const ProtocolShape& shape, const OrthogonalVectorsToGapMaxIp& rule,
                   const FactoredGapMaxIp& target, const mpz_class& message) {
  const Guarantee promised = rule.guarantee();
  mpz_class symbols = target.message.size() + target.field.sum.size() + target.field.product.size();
  for (const SymbolRows& set : *target.sets) symbols += set.symbols.size();
  record.made_by = target.made_by;
  record.lift.push_back(identity_lift("orthogonal-vectors -> gap-max-ip", rows_of(*target.sets)));
  record.path.push_back({"orthogonal-vectors -> gap-max-ip",
                         promised.theorem,
                         {{"route", shape.family->name},
                          {"field", std::to_string(shape.field_size)},
                          {"level", std::to_string(shape.level)},
                          {"length", std::to_string(shape.coins)},
                          {"degree", std::to_string(shape.degree)},
                          {"block_length", std::to_string(shape.block_length)},
                          {"blocks", std::to_string(shape.blocks)},
                          {"message", message.get_str()}},
                         {{"targets", promised.targets.get_str()},
                          {"target_bits", promised.target_bits.get_str()},
                          {"yes_at_least", std::to_string(shape.coins)},
                          {"no_at_most", std::to_string(rule.protocol().parties() * shape.degree)}},
                         {{"target_bits", mpz_class(16 * symbols).get_str()},
                          {"yes_at_least", std::to_string(target.gap.yes_at_least)},
                          {"no_at_most", std::to_string(target.gap.no_at_most)}}});
}

/// The gadget's: the dimension by its law, counted without building it, and the one built. Indices stay.
void note_gadget(ReductionRecord& record, Form form, const FactoredGapMaxIp& source, std::size_t dimension,
                 const std::vector<std::size_t>& rows) {
  if (!record.wanted) return;
  mpz_class predicted = 0;
  if (form == Form::characters)
    for (const std::size_t coordinates : character_coordinates(source)) predicted += coordinates;
  else
    predicted = form == Form::pruned ? pruned_dimension(source) : boxes_dimension(source);
  const mpz_class bits = form == Form::characters ? 64 : 1;
  record.path.push_back(
      {"gap-max-ip -> gap-max-ip",
       "the gadget keeps all inner products (docs/reductions.md, 5)",
       {{"form", std::string(word_of(form))}},
       {{"dimension", predicted.get_str()}, {"target_bits", mpz_class(predicted * total(rows) * bits).get_str()}},
       {{"dimension", std::to_string(dimension)},
        {"target_bits", mpz_class(mpz_class(dimension) * total(rows) * bits).get_str()}}});
}

/// The embedding's delta, where it is not the usual one.
void note_delta(ReductionRecord& record, const mpq_class& delta) {
  if (delta != forward_delta()) record.path.back().parameters.emplace_back("delta", delta.get_str());
}

mpz_class entry_bits(const Attention& attention) {
  mpz_class entries = attention.q.entries.size();
  for (const Matrix& keys : attention.keys) entries += keys.entries.size();
  for (const Matrix& values : attention.values) entries += values.entries.size();
  return 64 * entries;
}

}  // namespace

Form written_form(const CodeRouteOptions& code, FileKind to) {
  if (code.embedding == Embedding::paper && to != FileKind::attention)
    throw std::invalid_argument("--embedding goes with --to attention: the vectors come before it");
  if (code.mu != 0 && to != FileKind::attention)
    throw std::invalid_argument("--mu goes with --to attention: it repeats coordinates there");
  if (code.gadget == Gadget::characters) {
    if (code.form.value_or(Form::full) != Form::full)
      throw std::invalid_argument("--gadget characters has one form; leave out --form " + std::string(word_of(*code.form)));
    if (code.embedding == Embedding::paper) throw std::invalid_argument("--gadget characters comes with the sharp embedding");
    return Form::characters;
  }
  if (code.form == Form::factored && to == FileKind::attention)
    throw std::invalid_argument(
        "--form factored has no tensors q, k, v; write --to gap-max-ip, or take --form explicit or pruned");
  if (code.mu != 0) throw std::invalid_argument("--mu goes with --gadget characters");
  return code.form.value_or(Form::pruned);
}

void check_room(const Context& context, const std::string& what, const mpz_class& bytes) {
  if (context.output == "-") return;
  std::error_code error;
  const auto folder = std::filesystem::path(context.output).parent_path();
  const auto space = std::filesystem::space(folder.empty() ? "." : folder, error);
  if (!error && bytes > mpz_class(space.available))
    throw LimitReached(fmt::format("{} has {}, the disk of {} has {} left; use another order -k, a smaller input or another disk",
                                   what, bytes_text(bytes), context.output, bytes_text(mpz_class(space.available))));
}

int embed_gap_max_ip(const Context& context, const CodeReduction& options, const FactoredGapMaxIp& factored,
                     std::optional<bool> expected, ReductionRecord& record) {
  const Form form = written_form(options.code, FileKind::attention);
  if (form == Form::characters) {
    const RealGapMaxIp expanded = characters(factored, most_bits(context), run_control(context, "vectors"));
    note_gadget(record, form, factored, expanded.weights.size(), rows_of(expanded.sets));
    return embed_gap_max_ip(context, options, expanded, expected, record);
  }
  const GapMaxIp expanded = boxes(factored, form == Form::pruned, most_bits(context), run_control(context, "vectors"));
  note_gadget(record, form, factored, expanded.dimension, rows_of(expanded.sets));
  return embed_gap_max_ip(context, options, expanded, expected, record);
}

int embed_gap_max_ip(const Context& context, const CodeReduction& options, const RealGapMaxIp& real, std::optional<bool> expected,
                     ReductionRecord& record) {
  if (options.code.embedding == Embedding::paper) throw std::invalid_argument("real vectors come with the sharp embedding");
  if (options.centred) throw std::invalid_argument("--centred goes with 0/1 vectors, and these are real");
  RealAttention attention = real_attention(real, options.code.mu, most_bits(context), options.delta);
  attention.attention.terms.expected = expected;
  const AttentionTerms& terms = attention.attention.terms;
  record.witness = {attention.mu, real.gap.yes_at_least};
  record.made_by = terms.made_by;
  record.lift.push_back(identity_lift("gap-max-ip -> attention", rows_of(real.sets)));
  record.path.push_back({"gap-max-ip -> attention",
                         "sharp embedding, balanced by repetition (docs/reductions.md, 6)",
                         {{"embedding", attention.attention.terms.embedding},
                          {"mu", fmt::format("{:.17g}", attention.mu)},
                          {"entry_bound", fmt::format("{:.17g}", terms.entry_bound)}},
                         {{"targets", "1"}, {"target_bits", balanced_bits(real, attention.mu).get_str()}},
                         {{"target_bits", entry_bits(attention.attention).get_str()}}});
  note_delta(record, options.delta);
  check_room(context, "the attention input",
             mpz_class(attention.attention.q.columns) * 8 * total(rows_of(attention.attention.keys)));
  write_attention_file(context, attention.attention, attention.attention.q.rows, attention.attention.q.columns);
  return kDone;
}

int embed_gap_max_ip(const Context& context, const CodeReduction& options, const GapMaxIp& vectors, std::optional<bool> expected,
                     ReductionRecord& record) {
  const GapMaxIpToAttention rule(vectors, options.code.embedding, options.centred, options.delta);
  check_room(context, "the attention input", rule.guarantee().target_bits / 8);
  check_memory(context.limits, "the attention input, held as bits,", rule.guarantee().target_bits / 256);
  BitAttention attention = rule.target(0, run_control(context, "building"));
  attention.terms.expected = expected;
  record.witness = {1, vectors.gap.yes_at_least};
  record.made_by = attention.terms.made_by;
  record.lift.push_back(identity_lift("gap-max-ip -> attention", rows_of(vectors.sets)));
  record.path.push_back(
      {"gap-max-ip -> attention",
       rule.guarantee().theorem,
       {{"embedding", attention.terms.embedding}, {"entry_bound", fmt::format("{:.17g}", attention.terms.entry_bound)}},
       {{"targets", rule.guarantee().targets.get_str()}, {"target_bits", rule.guarantee().target_bits.get_str()}},
       {{"target_bits", tensor_bits(attention).get_str()}}});
  note_delta(record, options.delta);
  write_attention_file(context, attention, attention.queries.rows, attention.queries.columns);
  return kDone;
}

namespace {

/// The code and the form, as options that choose them again.
std::string options_text(const CodeRouteOptions& code, const ProtocolShape& shape, Form form, const mpz_class& message) {
  std::string text = fmt::format(" --route {} --field {} --blocks {} --block-length {}", shape.family->name, shape.field_size,
                                 shape.blocks, shape.block_length);
  if (shape.level) text += fmt::format(" --level {}", shape.level);
  text += form == Form::characters ? std::string(" --gadget characters") : " --form " + std::string(word_of(form));
  if (code.embedding != Embedding::sharp) text += " --embedding " + std::string(word_of(code.embedding));
  if (code.mu != 0) text += fmt::format(" --mu {}", code.mu);
  return text + " --advice " + message.get_str();
}

void write_vectors(const Context& context, Form form, const FactoredGapMaxIp& factored, std::optional<bool> expected,
                   const mpz_class& factored_bytes, ReductionRecord& record) {
  const RunControl writing = run_control(context, "writing");
  if (form == Form::factored) {
    check_room(context, "the factored instance", factored_bytes);
    write_gap_max_ip(context.output, factored, expected, writing);
    say_written(context, form, rows_of(*factored.sets),
                counted(factored.coins, "coin") + " of " + counted(factored.blocks, "symbol"), factored.gap);
  } else if (form == Form::characters) {
    const RealGapMaxIp real = characters(factored, most_bits(context), writing);
    check_room(context, "the instance", total(rows_of(real.sets)) * real.weights.size() * 8);
    note_gadget(record, form, factored, real.weights.size(), rows_of(real.sets));
    write_gap_max_ip(context.output, real, expected, writing);
    say_written(context, form, rows_of(real.sets), fmt::format("dimension {}", real.weights.size()), real.gap);
  } else {
    const GapMaxIp vectors = boxes(factored, form == Form::pruned, most_bits(context), writing);
    check_room(context, "the instance", total(rows_of(vectors.sets)) * vectors.dimension);
    note_gadget(record, form, factored, vectors.dimension, rows_of(vectors.sets));
    write_gap_max_ip(context.output, vectors, form, expected, writing);
    say_written(context, form, rows_of(vectors.sets), fmt::format("dimension {}", vectors.dimension), vectors.gap);
  }
}

}  // namespace

int reduce_by_code(const Context& context, const CodeReduction& options, const OrthogonalVectors& ov, const Witnesses& honest,
                   ReductionRecord& record) {
  const Form form = written_form(options.code, options.to);
  std::vector<mpz_class> sizes;
  for (const BitMatrix& set : ov.sets) {
    if (set.rows == 0) throw BadInstance(options.what + ": a set is empty, so the answer is no before any reduction");
    sizes.emplace_back(set.rows);
  }
  const ProtocolShape shape = choose(context, options.code, form, sizes, ov.dimension);
  check_memory(context.limits, options.what,
               2 * factored_bits(sizes, shape.coins, shape.blocks, shape.field_size) / 8 + (mpz_class(1) << 26));
  const OrthogonalVectorsToGapMaxIp rule(
      ov, std::make_shared<const MerlinArthur>(build_protocol(shape, sizes.size(), run_control(context, "code"), context.limits)),
      watched_progress(run_control(context, "encoding")));
  if (options.expect) check_tuples(context.limits, "--expect: " + options.what, tuples_of(ov.sets), shape.coins);
  const Advice advice = one_message(context, options, ov, rule, honest);
  const mpz_class& message = advice.messages.front();
  FactoredGapMaxIp factored = rule.target(message);
  factored.made_by = ov.made_by;
  factored.made_by.command += options_text(options.code, shape, form, message);
  std::optional<bool> expected;
  if (advice.honest) expected = true;  // Merlin's tuple reaches t under its own message (Theorem R7)
  if (options.expect && !expected) expected = decide_gap(factored, run_control(context, "expected answer")).side == GapSide::yes;
  say(context, code_text(shape) + fmt::format(", T = {}", shape.blocks));
  note_protocol(record, shape, rule, factored, message);
  if (options.to == FileKind::attention) return embed_gap_max_ip(context, options, factored, expected, record);
  write_vectors(context, form, factored, expected, rule.guarantee().target_bits / 8, record);
  return kDone;
}

}  // namespace gapwright::cli
