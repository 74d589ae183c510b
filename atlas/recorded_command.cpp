// SPDX-License-Identifier: MIT
// In: a request and where its input comes from. Out: the command that certificates, checkpoints and files record. solve, decide, reduce and attend call.
#include "atlas/recorded_command.hpp"

#include <fmt/format.h>

#include <utility>

#include "atlas/direct_flags.hpp"
#include "atlas/problems/instance_data.hpp"
#include "atlas/reduce_by_code.hpp"
#include "support/shell_word.hpp"

namespace gapwright {
namespace {

std::string files_text(const Provenance& input) {
  std::string text;
  for (const Provenance::Source& file : input.sources) text += " " + file_word(file.name);
  return text.empty() ? " -" : text;
}

/// "reduce a.npy b.npy", or "gen parity 5 | gapwright reduce -".
std::string begun(const std::string& verb, const Provenance& input) {
  if (input.command.empty()) return verb + files_text(input);
  if (input.command == kMadeInMemory) return verb + " -";
  return input.command + " | gapwright " + verb + " -";
}

std::string form_text(Gadget gadget, Form form) {
  return gadget == Gadget::characters ? std::string(" --gadget characters") : " --form " + std::string(word_of(form));
}

std::string embedding_text(const CodeRequest& code) {
  std::string text;
  if (code.embedding != Embedding::sharp) text += " --embedding " + std::string(word_of(code.embedding));
  if (code.mu != 0) text += fmt::format(" --mu {}", code.mu);
  return text;
}

/// Of a code what was asked for, before it is chosen.
std::string asked_code(const CodeRequest& code) {
  std::string text;
  if (code.field_size) text += fmt::format(" --field {}", *code.field_size);
  if (code.blocks) text += fmt::format(" --blocks {}", *code.blocks);
  if (code.block_length) text += fmt::format(" --block-length {}", *code.block_length);
  if (code.level) text += fmt::format(" --level {}", *code.level);
  if (code.form) text += form_text(code.gadget, *code.form);
  text += embedding_text(code);
  if (code.advice) text += " --advice " + advice_text(*code.advice);
  return text;
}

std::string reduce_text(const ReduceRequest& r, const Problem& source, const Provenance& made_by) {
  std::string text = begun("reduce", made_by) + " --to " + r.to;
  if (source.literals) text += fmt::format(" -k {}", r.order);
  if (r.to_attention() && !r.by_code()) {
    text += " --route direct" + recorded_flags(r.direct, true);
    if (r.entry_dtype != Dtype::f64) text += " --entry-dtype " + std::string(word_of(r.entry_dtype));
  }
  if (r.delta && *r.delta != forward_delta()) text += " --delta " + r.delta->get_str();
  text += recorded_flags(r.direct, false);
  if (r.expect || (r.known && !r.by_code())) text += " --expect";
  return text;
}

/// What a Gap-k-MaxIP source adds to it.
std::string gap_text(const ReduceRequest& r, const GapMaxIpFile& source) {
  const std::string form = source.factored() ? form_text(r.code.gadget, written_form(r)) : "";
  return form + embedding_text(r.code);
}

}  // namespace

std::string recorded_command(const SolveRequest& r, const Provenance& formula) {
  const std::string text =
      begun("solve", formula) + fmt::format(" -k {} --route {}", r.order, route_word(r.family)) + asked_code(r.code);
  return r.seed ? text + fmt::format(" --seed {}", *r.seed) : text;
}

std::string recorded_command(const DecideRequest& r, const Provenance& instance) {
  const DecideMethod method = r.taken_method();
  return begun("decide", instance) + (method == DecideMethod::verdict ? "" : " --method " + std::string(word_of(method)));
}

std::string recorded_command(const AttendRequest& r, const Provenance& input) {
  std::string text = begun("attend", input) + fmt::format(" --method {} --dtype {}", word_of(r.method), word_of(r.dtype));
  if (r.error) text += fmt::format(" --error {}", *r.error);
  return r.upstream ? text + " --gradient " + file_word(r.upstream_file.name) : text;
}

AnyInstance to_be_reduced(AnyInstance source, const ReduceRequest& request) {
  const Problem& problem = source.problem();
  Provenance origin = made_by(source);
  origin.command = reduce_text(request, problem, origin);
  if (problem.name == word_of(FileKind::gap_max_ip)) origin.command += gap_text(request, source.as<GapMaxIpFile>());
  origin.seed.reset();  // it is that of the source, and stands in its command
  return with_made_by(std::move(source), std::move(origin));
}

std::string recorded_code(const CodeRequest& code, const ProtocolShape& shape, Form form, const mpz_class& message,
                          bool answered) {
  std::string text = answered ? " --expect" : "";
  text += fmt::format(" --route {} --field {} --blocks {} --block-length {}", shape.family->name, shape.field_size, shape.blocks,
                      shape.block_length);
  if (shape.level) text += fmt::format(" --level {}", shape.level);
  text += form_text(form == Form::characters ? Gadget::characters : Gadget::boxes, form) + embedding_text(code);
  return text + " --advice " + message.get_str();
}

}  // namespace gapwright
