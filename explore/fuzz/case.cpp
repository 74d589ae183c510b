// SPDX-License-Identifier: MIT
#include "explore/fuzz/case.hpp"

#include <nlohmann/json.hpp>

#include "atlas/problem.hpp"
#include "support/errors.hpp"
#include "support/message.hpp"

namespace gapwright {
namespace {

using Json = nlohmann::ordered_json;

Json parameters_json(const FuzzParameters& p) {
  return {{"order", p.order},
          {"square", p.square},
          {"causal", p.causal},
          {"centred", p.centred},
          {"significand_bits", p.significand_bits},
          {"embedding", word_of(p.embedding)},
          {"yes_at_least", p.yes_at_least},
          {"no_at_most", p.no_at_most},
          {"route", p.family->name},
          {"q", p.q},
          {"level", p.level},
          {"degree", p.degree},
          {"blocks", p.blocks},
          {"choice", p.choice}};
}

/// Only those that differ from the defaults are written.
Json changed_parameters(const FuzzParameters& p) {
  const Json all = parameters_json(p), defaults = parameters_json({});
  Json changed = Json::object();
  for (const auto& [key, value] : all.items())
    if (value != defaults.at(key)) changed[key] = value;
  return changed;
}

FuzzParameters parameters_of(const Json& changed) {
  Json json = parameters_json({});
  for (const auto& [key, value] : changed.items()) json.at(key) = value;
  FuzzParameters p;
  p.order = json.at("order").get<std::size_t>();
  p.square = json.at("square").get<bool>();
  p.causal = json.at("causal").get<bool>();
  p.centred = json.at("centred").get<bool>();
  p.significand_bits = json.at("significand_bits").get<int>();
  p.embedding = named<Embedding>(json.at("embedding").get<std::string>());
  if (p.embedding == Embedding::direct) throw BadInstance("parameters: embedding is sharp or paper");
  p.yes_at_least = json.at("yes_at_least").get<std::int64_t>();
  p.no_at_most = json.at("no_at_most").get<std::int64_t>();
  p.family = &code_family(json.at("route").get<std::string>());
  p.q = json.at("q").get<std::int64_t>();
  p.level = json.at("level").get<std::int64_t>();
  p.degree = json.at("degree").get<std::size_t>();
  p.blocks = json.at("blocks").get<std::size_t>();
  p.choice = json.at("choice").get<std::uint64_t>();
  return p;
}

std::string digits(const BitMatrix& bits, std::size_t r) {
  std::string row(bits.columns, '0');
  for (std::size_t c = 0; c < bits.columns; ++c) row[c] = bits.get(r, c) ? '1' : '0';
  return row;
}

/// Each vector as a string of 0 and 1.
Json vectors_json(const OrthogonalVectors& ov) {
  Json sets = Json::array();
  for (const BitMatrix& set : ov.sets) {
    Json rows = Json::array();
    for (std::size_t r = 0; r < set.rows; ++r) rows.push_back(digits(set, r));
    sets.push_back(rows);
  }
  return {{"dimension", ov.dimension}, {"sets", sets}};
}

OrthogonalVectors vectors_of(const Json& json) {
  OrthogonalVectors ov;
  ov.dimension = json.at("dimension").get<std::size_t>();
  for (const Json& rows : json.at("sets")) {
    BitMatrix set(rows.size(), ov.dimension);
    for (std::size_t r = 0; r < rows.size(); ++r) {
      const auto row = rows[r].get<std::string>();
      if (row.size() != ov.dimension || row.find_first_not_of("01") != std::string::npos)
        throw BadInstance("the vector '" + row + "' is not of " + std::to_string(ov.dimension) + " digits 0 and 1");
      for (std::size_t c = 0; c < row.size(); ++c) set.set(r, c, row[c] == '1');
    }
    ov.sets.push_back(std::move(set));
  }
  check_well_formed(ov);
  return ov;
}

/// Matrices of bits as rows of 0 and 1 with their width, others as lists of numbers.
Json parts_json(const AnyInstance& instance) {
  Json json{{"problem", instance.problem().name}};
  for (const Part& part : instance.problem().parts(instance).all) {
    Json& value = json["parts"][part.name];
    if (const auto* bits = std::get_if<BitMatrix>(&part.value)) {
      value = {{"columns", bits->columns}, {"rows", Json::array()}};
      for (std::size_t r = 0; r < bits->rows; ++r) value["rows"].push_back(digits(*bits, r));
    } else if (const auto* m = std::get_if<Matrix>(&part.value)) {
      value = {{"columns", m->columns}, {"entries", m->entries}};
    } else {
      value = std::get<std::int64_t>(part.value);
    }
  }
  return json;
}

BitMatrix bits_of_rows(const Json& json) {
  const auto columns = json.at("columns").get<std::size_t>();
  BitMatrix bits(json.at("rows").size(), columns);
  for (std::size_t r = 0; r < bits.rows; ++r) {
    const auto row = json.at("rows")[r].get<std::string>();
    if (row.size() != columns || row.find_first_not_of("01") != std::string::npos)
      throw BadInstance("the row '" + row + "' is not of " + std::to_string(columns) + " digits 0 and 1");
    for (std::size_t c = 0; c < columns; ++c) bits.set(r, c, row[c] == '1');
  }
  return bits;
}

Matrix matrix_of_entries(const Json& json) {
  Matrix m;
  m.columns = json.at("columns").get<std::size_t>();
  m.entries = json.at("entries").get<std::vector<double>>();
  m.rows = m.columns == 0 ? 0 : m.entries.size() / m.columns;
  return m;
}

AnyInstance instance_of(const Json& json) {
  const Problem& problem = problem_row(json.at("problem").get<std::string>());
  if (!problem.from_parts) throw BadInstance("instances of " + problem.name + " are not told by their parts");
  Parts parts;
  for (const auto& [name, value] : json.at("parts").items()) {
    if (value.is_number())
      parts.all.push_back({name, value.get<std::int64_t>()});
    else if (value.contains("rows"))
      parts.all.push_back({name, bits_of_rows(value)});
    else
      parts.all.push_back({name, matrix_of_entries(value)});
  }
  return instance_of_parts(problem, parts);
}

/// "subset-query: inner 3 x 4, outer 2 x 4".
std::string parts_text(const AnyInstance& instance) {
  std::string text = instance.problem().name;
  for (const Part& part : instance.problem().parts(instance).all) {
    text += (text == instance.problem().name ? ": " : ", ") + part.name + " ";
    if (const auto* bits = std::get_if<BitMatrix>(&part.value))
      text += std::to_string(bits->rows) + " x " + std::to_string(bits->columns);
    else if (const auto* m = std::get_if<Matrix>(&part.value))
      text += std::to_string(m->rows) + " x " + std::to_string(m->columns);
    else
      text += std::to_string(std::get<std::int64_t>(part.value));
  }
  return text;
}

Cnf formula_of(const Json& json) {
  Cnf cnf;
  cnf.variables = json.at("variables").get<std::size_t>();
  cnf.clauses = json.at("clauses").get<std::vector<Cnf::Clause>>();
  check_well_formed(cnf);
  return cnf;
}

}  // namespace

std::string regression_text(const Regression& regression) {
  const FuzzCase& c = regression.fuzz_case;
  Json json{{"note", regression.note}, {"rule", c.rule}, {"mutant", regression.mutant}, {"oracle", regression.oracle}};
  if (const auto* cnf = std::get_if<Cnf>(&c.source))
    json["formula"] = {{"variables", cnf->variables}, {"clauses", cnf->clauses}};
  else if (const auto* instance = std::get_if<AnyInstance>(&c.source))
    json["instance"] = parts_json(*instance);
  else
    json["vectors"] = vectors_json(std::get<OrthogonalVectors>(c.source));
  json["parameters"] = changed_parameters(c.parameters);
  return json.dump(2) + "\n";
}

Regression read_regression(const std::string& text, const std::string& file_name) {
  try {
    const Json json = Json::parse(text);
    Regression regression;
    regression.note = json.at("note").get<std::string>();
    regression.mutant = json.at("mutant").get<std::string>();
    regression.oracle = json.at("oracle").get<std::string>();
    FuzzCase& c = regression.fuzz_case;
    c.rule = json.at("rule").get<std::string>();
    if (json.contains("formula"))
      c.source = formula_of(json.at("formula"));
    else if (json.contains("instance"))
      c.source = instance_of(json.at("instance"));
    else
      c.source = vectors_of(json.at("vectors"));
    c.parameters = parameters_of(json.at("parameters"));
    return regression;
  } catch (const BadInstance& e) {
    throw BadInstance(file_name + ": " + e.what());
  } catch (const std::invalid_argument& e) {
    throw BadInstance(file_name + ": " + e.what());
  } catch (const nlohmann::json::exception& e) {
    throw BadInstance(file_name + ": not a regression file as `gapwright fuzz -o FOLDER` writes them (" + e.what() + ")");
  }
}

std::string source_text(const FuzzCase& c) {
  if (const auto* cnf = std::get_if<Cnf>(&c.source))
    return counted(cnf->variables, "variable") + ", " + counted(cnf->clauses.size(), "clause") +
           ", k = " + std::to_string(c.parameters.order);
  if (const auto* instance = std::get_if<AnyInstance>(&c.source)) return parts_text(*instance);
  const auto& ov = std::get<OrthogonalVectors>(c.source);
  std::string text = "sets of ";
  for (std::size_t u = 0; u < ov.sets.size(); ++u) text += (u == 0 ? "" : ", ") + std::to_string(ov.sets[u].rows);
  return text + " vectors in dimension " + std::to_string(ov.dimension);
}

std::uint64_t size_of(const FuzzCase& c) {
  const FuzzParameters& p = c.parameters;
  std::uint64_t size = p.square + p.causal + p.centred + (p.significand_bits != 53) + (p.embedding != Embedding::sharp) +
                       (p.choice != 0) + p.order + p.degree + p.blocks +
                       static_cast<std::uint64_t>(p.q + p.level + p.yes_at_least + p.no_at_most);
  if (const auto* cnf = std::get_if<Cnf>(&c.source)) {
    size += cnf->variables;
    for (const Cnf::Clause& clause : cnf->clauses) {
      ++size;
      for (const std::int32_t literal : clause) size += 1 + static_cast<std::uint64_t>(std::abs(literal)) * 2 + (literal < 0);
    }
    return size;
  }
  if (const auto* instance = std::get_if<AnyInstance>(&c.source)) return size + size_of(instance->problem().parts(*instance));
  const auto& ov = std::get<OrthogonalVectors>(c.source);
  size += ov.dimension;
  for (const BitMatrix& set : ov.sets) {
    size += set.rows;
    for (const std::uint64_t word : set.words) size += static_cast<std::uint64_t>(__builtin_popcountll(word));
  }
  return size;
}

}  // namespace gapwright
