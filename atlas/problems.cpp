// SPDX-License-Identifier: MIT
// The table of problems. Instances come in by file or by number, and go out as rows' functions take them; verbs and faces call.
#include <algorithm>
#include <stdexcept>

#include "atlas/problem.hpp"
#include "instances/files/file_metadata.hpp"
#include "instances/files/instance_files.hpp"
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

const Problem& problem_of(const InputBytes& input) {
  if (!looks_like_safetensors(input)) return problem_row(word_of(kind_of(input)));
  const Safetensors file = read_safetensors(input);
  const Problem* said = find_problem(metadata_at(file, "problem").value_or(""));
  return said && said->from_parts && !said->read ? *said : problem_row(word_of(kind_of(file)));
}

AnyInstance instance_of_parts(const Problem& problem, const Parts& parts) {
  const AnyInstance made = problem.from_parts(parts);
  const Parts known = problem.parts(made);
  for (const Part& part : parts.all)
    if (!known.find(part.name)) throw BadInstance("'" + part.name + "' is no part of " + problem.name);
  return made;
}

AnyInstance read_instance(const Problem& problem, const std::vector<InputBytes>& inputs, bool strict) {
  if (problem.read) return problem.read(inputs, strict);
  if (!problem.from_parts) throw std::invalid_argument("instances of " + problem.name + " have no file format");
  try {
    Parts parts = read_parts(problem.name, inputs.at(0));
    const Parts known = problem.parts(problem.from_parts(parts));
    std::erase_if(parts.all, [&](const Part& part) {  // metadata of somebody else
      return std::holds_alternative<std::int64_t>(part.value) && !known.find(part.name);
    });
    if (problem.order && looks_like_safetensors(inputs[0])) check_order(read_safetensors(inputs[0]), *problem.order);
    return instance_of_parts(problem, parts);
  } catch (const BadInstance& e) {
    const std::string message = e.what(), name = inputs[0].name();
    throw BadInstance(message.starts_with(name) ? message : name + ": " + message);
  }
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
