// SPDX-License-Identifier: MIT
#include "verify/row_log.hpp"

#include <stdexcept>

#include "verify/claim_json.hpp"

namespace gapwright {
namespace {

void trim(std::vector<std::uint64_t>& bins) {
  while (!bins.empty() && bins.back() == 0) bins.pop_back();
}

std::uint64_t count_of(const nlohmann::json& json) {
  return json.is_string() ? mpz_class(json.get<std::string>(), 10).get_ui() : json.get<std::uint64_t>();
}

std::vector<std::uint64_t> bins_of(const nlohmann::json& json) {
  std::vector<std::uint64_t> bins;
  for (const auto& item : json) bins.push_back(count_of(item));
  return bins;
}

}  // namespace

void CountLog::append(const RowCounts& row) {
  RowCounts kept{row.main, row.other, 0, 0};
  trim(kept.main);
  trim(kept.other);
  const auto [place, is_new] = index_.emplace(std::move(kept), distinct_.size());
  if (is_new) distinct_.push_back(place->first);
  if (!runs_.empty() && runs_.back().first == place->second)
    ++runs_.back().second;
  else
    runs_.emplace_back(place->second, 1);
  ++rows_;
}

void BoundLog::append(const mpz_class& floor) {
  if (!runs_.empty() && runs_.back().first == floor)
    ++runs_.back().second;
  else
    runs_.emplace_back(floor, 1);
  ++rows_;
}

nlohmann::ordered_json exact_json(const mpz_class& count) {
  if (count > (mpz_class(1) << 53)) return count.get_str();
  return count.get_ui();
}

nlohmann::ordered_json fraction_json(mpq_class q) {
  q.canonicalize();
  return q.get_str();
}

nlohmann::ordered_json counts_json(const RowCounts& row) {
  const auto list = [](std::vector<std::uint64_t> bins) {
    trim(bins);
    auto json = nlohmann::ordered_json::array();
    for (const std::uint64_t n : bins) json.push_back(exact_json(mpz_class(n)));
    return json;
  };
  return {{"main", list(row.main)}, {"other", list(row.other)}};
}

nlohmann::ordered_json rows_json(const CountLog& log) {
  auto counts = nlohmann::ordered_json::array(), runs = nlohmann::ordered_json::array();
  for (const RowCounts& row : log.distinct()) counts.push_back(counts_json(row));
  for (const auto& [index, length] : log.runs()) runs.push_back({index, length});
  return {{"cut", log.cut}, {"counts", counts}, {"runs", runs}};
}

nlohmann::ordered_json rows_json(const BoundLog& log) {
  auto runs = nlohmann::ordered_json::array();
  for (const auto& [floor, length] : log.runs()) {
    mpq_class bound(floor);
    mpq_div_2exp(bound.get_mpq_t(), bound.get_mpq_t(), log.width);
    runs.push_back({fraction_json(bound), length});
  }
  return {{"width", log.width}, {"runs", runs}};
}

std::string recording_json(const Recording& recording) {
  return nlohmann::ordered_json{{"counts", rows_json(recording.counts)}, {"bounds", rows_json(recording.bounds)}}.dump();
}

void read_recording(const std::string& text, Recording& recording) {
  try {
    const auto json = nlohmann::json::parse(text);
    const auto& counts = json.at("counts");
    recording.counts.cut = counts.at("cut").get<std::size_t>();
    for (const auto& run : counts.at("runs")) {
      const auto& entry = counts.at("counts").at(run.at(0).get<std::size_t>());
      const RowCounts row{bins_of(entry.at("main")), bins_of(entry.at("other")), 0, 0};
      for (std::size_t i = 0; i < run.at(1).get<std::size_t>(); ++i) recording.counts.append(row);
    }
    const auto& bounds = json.at("bounds");
    recording.bounds.width = bounds.at("width").get<unsigned long>();
    for (const auto& run : bounds.at("runs")) {
      mpq_class bound(run.at(0).get<std::string>(), 10);
      bound.canonicalize();
      mpq_mul_2exp(bound.get_mpq_t(), bound.get_mpq_t(), recording.bounds.width);
      for (std::size_t i = 0; i < run.at(1).get<std::size_t>(); ++i) recording.bounds.append(bound.get_num());
    }
  } catch (const nlohmann::json::exception& e) {
    throw std::invalid_argument(e.what());
  }
}

}  // namespace gapwright
