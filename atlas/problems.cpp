// SPDX-License-Identifier: MIT
// The table of problems. Instances come in by file or by number, and go out as rows' functions take them; verbs and faces call.
#include <algorithm>
#include <stdexcept>

#include "atlas/problem.hpp"
#include "instances/files/file_metadata.hpp"
#include "instances/files/instance_files.hpp"
#include "instances/files/npy.hpp"
#include "support/did_you_mean.hpp"
#include "support/errors.hpp"

namespace gapwright {

// The rows, each in atlas/problems/NAME.cpp.
Problem cnf_problem();
Problem orthogonal_vectors_problem();
Problem gap_max_ip_problem();
Problem attention_problem();
Problem attention_gradient_problem();
Problem subset_query_problem();

namespace {

std::vector<std::string> problem_names() {
  std::vector<std::string> names;
  for (const Problem& p : problems()) names.push_back(p.name);
  return names;
}

/// A number may be metadata of somebody else where it comes from a file.
void check_parts_are_known(const Problem& problem, const AnyInstance& made, const Parts& parts, bool numbers_too) {
  const Parts known = problem.parts(made);
  for (const Part& part : parts.all)
    if (!known.find(part.name) && (numbers_too || !std::holds_alternative<std::int64_t>(part.value)))
      throw BadInstance("'" + part.name + "' is no part of " + problem.name);
}

AnyInstance instance_of_file(const Problem& problem, const InputFile& input) {
  const Parts parts = read_parts(problem.name, input);
  AnyInstance made = problem.from_parts(parts);
  if (problem.order) check_order(input.tensors(), *problem.order);
  check_parts_are_known(problem, made, parts, false);
  return made;
}

}  // namespace

const std::vector<Problem>& problems() {
  static const std::vector<Problem> all{cnf_problem(),       orthogonal_vectors_problem(), gap_max_ip_problem(),
                                        attention_problem(), attention_gradient_problem(), subset_query_problem()};
  return all;
}

const Problem* find_problem(std::string_view name) {
  const auto found = std::ranges::find(problems(), name, &Problem::name);
  return found == problems().end() ? nullptr : &*found;
}

const Problem& problem_row(std::string_view name) {
  if (const Problem* found = find_problem(name)) return *found;
  throw std::invalid_argument("unknown problem '" + std::string(name) + "'");
}

const Problem& problem_named(const std::string& word) {
  if (const Problem* found = find_problem(word)) return *found;
  std::vector<std::string> names, others;
  for (const Problem& p : problems()) {
    if (std::ranges::find(p.abbreviations, word) != p.abbreviations.end()) return p;
    names.push_back(p.name);
    others.insert(others.end(), p.abbreviations.begin(), p.abbreviations.end());
  }
  std::ranges::sort(others);
  names.insert(names.end(), others.begin(), others.end());
  const std::string hint = did_you_mean(word, names);
  throw std::invalid_argument("unknown problem '" + word + "'" + (hint.empty() ? "; see gapwright list problems" : hint));
}

std::size_t order_between(std::optional<std::size_t> of_source, std::optional<std::size_t> asked, const Problem& target) {
  constexpr std::size_t kUsual = 3;
  const std::size_t order = of_source.value_or(asked.value_or(target.order.value_or(kUsual)));
  if (!target.order || order == *target.order) return order;
  const std::string there = std::to_string(*target.order), here = std::to_string(order);
  throw std::invalid_argument(target.name + " has order " + there +
                              (of_source ? ", and this instance has order " + here : ": leave out `order`"));
}

const Problem& problem_of(const InputFile& input) {
  if (!looks_like_safetensors(input.bytes())) return problem_row(word_of(kind_of(input)));
  const auto word = metadata_at(input.tensors(), "problem");
  const Problem* said = find_problem(word.value_or(""));
  if (said && said->from_parts && !said->read) return *said;
  const std::string hint = word && !said ? did_you_mean(*word, problem_names()) : "";
  if (!hint.empty())
    throw BadInstance(input.name() + ": metadata 'problem' is '" + word->substr(0, 40) + "', which is no problem here" + hint);
  return problem_row(word_of(kind_of(input)));
}

void expect_formula(const InputFile& input) {
  const std::string_view text = input.bytes().text();
  const bool tensors = text.size() > 8 && text[8] == '{' && text.substr(0, 8).find('\0') != std::string_view::npos;
  if (tensors || looks_like_npy(input.bytes()))
    throw BadInstance(input.name() + ": is an instance of " + problem_of(input).name +
                      ", where a formula (DIMACS CNF) is expected; decide takes it");
}

void expect_attention(const InputFile& input) {
  if (!looks_like_npy(input.bytes()) && !looks_like_safetensors(input.bytes()))
    throw BadInstance(input.name() +
                      ": is no safetensors file, where an attention input is expected; of a formula (DIMACS CNF) reduce "
                      "`to=attention` makes one");
  if (const std::string& found = problem_of(input).name; found != word_of(FileKind::attention))
    throw BadInstance(input.name() + ": is an instance of " + found +
                      ", where an attention input is expected; reduce `to=attention` makes one of it");
}

AnyInstance instance_of_parts(const Problem& problem, const Parts& parts) {
  AnyInstance made = problem.from_parts(parts);
  check_parts_are_known(problem, made, parts, true);
  return made;
}

AnyInstance read_instance(const Problem& problem, const std::vector<InputFile>& inputs, bool strict) {
  if (problem.read) return problem.read(inputs, strict);
  if (!problem.from_parts) throw std::invalid_argument("instances of " + problem.name + " have no file format");
  try {
    return instance_of_file(problem, inputs.at(0));
  } catch (const BadInstance& e) {
    const std::string message = e.what(), name = inputs[0].name();
    throw BadInstance(message.starts_with(name) ? message : name + ": " + message);
  }
}

Provenance made_by(const AnyInstance& instance) {
  const Problem& problem = instance.problem();
  if (problem.made_by) return problem.made_by(instance);
  return problem.parts ? problem.parts(instance).made_by : Provenance{};
}

AnyInstance with_made_by(AnyInstance instance, Provenance made_by) {
  const Problem& problem = instance.problem();
  if (problem.with_made_by) return problem.with_made_by(std::move(instance), std::move(made_by));
  if (!problem.parts) return instance;
  Parts parts = problem.parts(instance);
  parts.made_by = std::move(made_by);
  return problem.from_parts(parts);
}

void write_instance(const std::string& path, const AnyInstance& instance, std::optional<bool> expected,
                    const RunControl& control) {
  const Problem& problem = instance.problem();
  if (problem.write) return problem.write(path, instance, expected, control);
  if (!problem.parts) throw std::invalid_argument("instances of " + problem.name + " have no file format");
  Parts parts = problem.parts(instance);
  parts.expected = expected;
  write_parts(path, problem.name, parts, control);
}

std::string witness_text(const Problem& problem, const WitnessNumbers& witness) {
  std::string text;
  for (const std::int64_t number : witness) text += (text.empty() ? "" : problem.literals ? " " : ", ") + std::to_string(number);
  return problem.literals ? text : "(" + text + ")";
}

}  // namespace gapwright
