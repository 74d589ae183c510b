// SPDX-License-Identifier: MIT
// Routes through a code: what the manifest's numbers must satisfy, as far as no word of the code is needed.
//
// dim C(D), D a pole order bound below the length: Reed-Solomon D + 1; Hermitian curve over F_(q^2): the number of (i, j), j < q,
// with i q + j (q + 1) <= D; tower level m: the elements of S_m up to D, S_1 = all, S_m = q S_(m-1) and all integers from
// c_m = q^m - q^floor((m + 1)/2) on (docs/codes.md). There are Q^(dim C(kD) - dim C(D)) messages.
//
// Of a family that is not known here, what holds for every code of functions with one pole: pole orders are whole numbers from 0
// on, so K = dim C(D) <= D + 1 and dim C(kD) <= kD + 1; sums of k orders up to D are orders up to kD, and K numbers have at least
// k(K - 1) + 1 such sums, so dim C(kD) >= k(K - 1) + 1. The blocks are fewer than the characteristic of the field.
#include <algorithm>
#include <charconv>
#include <set>

#include "checker/bundle/parts.hpp"
#include "checker/errors.hpp"
#include "checker/statements.hpp"

namespace checker {
namespace {

const std::string kProtocol = "orthogonal-vectors -> gap-max-ip", kGadget = "gap-max-ip -> gap-max-ip",
                  kEmbedding = "gap-max-ip -> attention";
const std::map<std::string, std::vector<std::string>> kTheorems{
    {"cnf -> orthogonal-vectors", {"SAT to k-OV [Wil05]: models and orthogonal tuples are in bijection"}},
    {kProtocol,
     {"k-OV to Gap-k-MaxIP [AS24, Rub18]: some message's instance reaches L iff an orthogonal tuple exists, else all stay at k "
      "D"}},
    {kGadget, {"the gadget keeps all inner products (docs/reductions.md, 5)"}},
    {kEmbedding,
     {"sharp embedding, balanced by repetition (docs/reductions.md, 6)", "Gap-k-MaxIP to attention, embedding sharp",
      "Gap-k-MaxIP to attention [AS24], embedding paper"}}};

std::uint64_t number_at(const std::map<std::string, std::string>& values, const std::string& key, const std::string& place) {
  const auto found = values.find(key);
  require(found != values.end(), place + ": '" + key + "' is missing");
  const std::string& text = found->second;
  std::uint64_t n = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), n);
  require(error == std::errc{} && end == text.data() + text.size() && text == std::to_string(n) && n < (std::uint64_t{1} << 40),
          place + ": " + key + " is not a whole number of ours");
  return n;
}

std::uint64_t root_of(std::uint64_t square) {
  std::uint64_t q = 1;
  while (q * q < square && q < 100) ++q;
  require(q * q == square, kProtocol + ": the field of this route has q^2 elements");
  return q;
}

bool in_tower(std::uint64_t n, std::uint64_t q, std::uint64_t level) {
  if (level <= 1) return true;
  std::uint64_t top = 1, loss = 1;
  for (std::uint64_t i = 0; i < level; ++i) top *= q;
  for (std::uint64_t i = 0; i < (level + 1) / 2; ++i) loss *= q;
  return n >= top - loss || (n % q == 0 && in_tower(n / q, q, level - 1));
}

constexpr std::uint64_t kLargestDegree = 10'000'000;

const std::set<std::string> kKnownFamilies{"reed-solomon", "hermitian", "tower"};

void check_degree(std::uint64_t level, std::uint64_t degree) {
  require(degree <= kLargestDegree && level <= 12, kProtocol + ": degree or level beyond any code of ours");
}

/// dim C(degree).
std::uint64_t dimension(const std::string& route, std::uint64_t field, std::uint64_t level, std::uint64_t degree) {
  check_degree(level, degree);
  if (route == "reed-solomon") return degree + 1;
  const std::uint64_t q = root_of(field);
  std::uint64_t count = 0;
  for (std::uint64_t n = 0; route == "tower" && n <= degree; ++n) count += in_tower(n, q, level);
  for (std::uint64_t j = 0; route == "hermitian" && j < q && j * (q + 1) <= degree; ++j) count += (degree - j * (q + 1)) / q + 1;
  return count;
}

/// Points that words are read at: Reed-Solomon Q; Hermitian q^3; tower (q^2 - q) q^(m - 1).
mpz_class coins_at_most(const std::string& route, std::uint64_t field, std::uint64_t level) {
  if (route == "reed-solomon") return mpz_class(field);
  const std::uint64_t q = root_of(field);
  mpz_class points;
  mpz_ui_pow_ui(points.get_mpz_t(), q, route == "hermitian" ? 3 : level - 1);
  return route == "hermitian" ? points : mpz_class(points * mpz_class(q * q - q));
}

/// The numbers of the protocol's step.
struct ProtocolNumbers {
  std::uint64_t k, field, level, length, degree, blocks;
};

/// K of a known family; its targets, level and length are what the family says.
std::uint64_t check_known_family(const ManifestStep& step, const ProtocolNumbers& n) {
  const std::string& route = step.parameters.at("route");
  const std::uint64_t rank = dimension(route, n.field, n.level, n.degree),
                      exponent = dimension(route, n.field, n.level, n.k * n.degree) - rank;
  check_value(step.parameters, "block_length", std::to_string(rank), step.rule);
  require(route != "reed-solomon" || n.length <= n.field, step.rule + ": Reed-Solomon codes have at most Q coins");
  mpz_class messages;
  mpz_ui_pow_ui(messages.get_mpz_t(), n.field, exponent);
  check_value(step.predicted, "targets", messages.get_str(), step.rule);
  require((n.level > 0) == (route == "tower"), step.rule + ": towers have a level, and nothing else has");
  require(mpz_class(n.length) <= coins_at_most(route, n.field, n.level), step.rule + ": the curve has not so many points");
  return rank;
}

/// The prime of which this is a power; 0 for none.
std::uint64_t characteristic_of(std::uint64_t size) {
  std::uint64_t p = 2;
  while (size % p != 0) ++p;
  while (size % p == 0) size /= p;
  return size == 1 ? p : 0;
}

/// The exponent of this power of the field size; Rejected for any other text.
std::uint64_t exponent_of(const std::string& targets, std::uint64_t field) {
  const std::string wrong = kProtocol + ": targets is not a power of Q";
  require(!targets.empty() && targets.find_first_not_of("0123456789") == std::string::npos && targets[0] != '0', wrong);
  mpz_class rest(targets, 10);
  const mpz_class base(field);
  const std::uint64_t exponent = mpz_remove(rest.get_mpz_t(), rest.get_mpz_t(), base.get_mpz_t());
  require(rest == 1, wrong);
  return exponent;
}

/// Names are said to the reader, so they are no other text.
bool can_name_a_family(const std::string& route) {
  return !route.empty() && route.size() <= 40 &&
         route.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == std::string::npos;
}

/// K of any other family, as far as every code of functions with one pole bounds it.
std::uint64_t check_other_family(const ManifestStep& step, const ProtocolNumbers& n) {
  require(can_name_a_family(step.parameters.at("route")), step.rule + ": there is no such route");
  check_degree(n.level, n.k * n.degree);
  require(n.length <= kLargestDegree, kProtocol + ": more coins than any code of ours");
  const std::uint64_t rank = number_at(step.parameters, "block_length", step.rule), characteristic = characteristic_of(n.field);
  require(characteristic > 0, step.rule + ": no field has so many elements");
  require(n.blocks > 0 && n.blocks < characteristic, step.rule + ": the blocks are not fewer than the characteristic");
  require(rank > 0 && rank <= n.degree + 1, step.rule + ": block_length is not from 1 to D + 1");
  const auto targets = step.predicted.find("targets");
  require(targets != step.predicted.end(), step.rule + ": 'targets' is missing");
  const std::uint64_t exponent = exponent_of(targets->second, n.field);
  require(exponent <= n.k * n.degree + 1 - rank, step.rule + ": targets are more than dim C(kD) <= kD + 1 allows");
  require(exponent >= (n.k - 1) * (rank - 1), step.rule + ": targets are fewer than the sums of pole orders make");
  return rank;
}

CodeGap check_protocol(const BundleFiles& files, const ManifestStep& step) {
  check_names(step.parameters, {"route", "field", "level", "length", "degree", "block_length", "blocks", "message"}, step.rule);
  check_names(step.predicted, {"targets", "target_bits", "yes_at_least", "no_at_most"}, step.rule);
  check_names(step.measured, {"target_bits", "yes_at_least", "no_at_most"}, step.rule);
  const auto number = [&](const char* key) { return number_at(step.parameters, key, step.rule); };
  const std::string& route = step.parameters.at("route");
  const std::uint64_t field = number("field"), level = number("level"), length = number("length"), degree = number("degree"),
                      blocks = number("blocks"), k = files.order;
  require(field >= 2 && field <= 1024, step.rule + ": a field of 2 to 1024 elements");
  require(k * degree < length, step.rule + ": k D must be below L");
  const ProtocolNumbers numbers{k, field, level, length, degree, blocks};
  const std::uint64_t rank =
      kKnownFamilies.contains(route) ? check_known_family(step, numbers) : check_other_family(step, numbers);
  const mpz_class messages(step.predicted.at("targets"), 10);
  require(mpz_class(blocks) * mpz_class(rank) >= mpz_class(files.dimension), step.rule + ": the blocks do not hold the vectors");
  const std::string& message = step.parameters.at("message");
  require(!message.empty() && message.find_first_not_of("0123456789") == std::string::npos && mpz_class(message, 10) < messages,
          step.rule + ": there is no message of this number");
  mpz_class symbols = mpz_class(length) + 2 * mpz_class(field) * mpz_class(field);
  for (const std::uint64_t size : files.sizes) symbols += mpz_class(size) * mpz_class(length) * mpz_class(blocks);
  for (const auto* values : {&step.predicted, &step.measured}) {
    check_value(*values, "target_bits", mpz_class(16 * symbols).get_str(), step.rule);
    check_value(*values, "yes_at_least", std::to_string(length), step.rule);
    check_value(*values, "no_at_most", std::to_string(k * degree), step.rule);
  }
  return {length, k * degree};
}

void check_gadget(const BundleFiles& files, const ManifestStep& step) {
  check_names(step.parameters, {"form"}, step.rule);
  check_names(step.predicted, {"dimension", "target_bits"}, step.rule);
  check_names(step.measured, {"dimension", "target_bits"}, step.rule);
  const std::string& form = step.parameters.at("form");
  require(form == "characters" || form == "pruned" || form == "explicit", step.rule + ": form is characters, pruned or explicit");
  mpz_class rows = 0;
  for (const std::uint64_t n : files.sizes) rows += mpz_class(n);
  const std::uint64_t columns = number_at(step.measured, "dimension", step.rule);
  if (files.manifest.target.problem == "gap-max-ip")
    require(columns == files.target.tensor("x0", 2).shape[1] && form == metadata_at(files.target, "form"),
            step.rule + ": dimension and form are not the target's");
  check_value(step.predicted, "dimension", std::to_string(columns), step.rule);
  const mpz_class bits = mpz_class(columns) * rows * (form == "characters" ? 64 : 1);
  for (const auto* values : {&step.predicted, &step.measured}) check_value(*values, "target_bits", bits.get_str(), step.rule);
}

void check_embedding(const BundleFiles& files, const ManifestStep& step, const CodeGap& gap) {
  const Manifest& m = files.manifest;
  const bool balanced = step.parameters.contains("mu");
  delta_of(step);  // refuses what is none
  if (balanced)
    check_names(parameters_without_delta(step), {"embedding", "mu", "entry_bound"}, step.rule);
  else
    check_names(parameters_without_delta(step), {"embedding", "entry_bound"}, step.rule);
  check_names(step.predicted, {"targets", "target_bits"}, step.rule);
  check_names(step.measured, {"target_bits"}, step.rule);
  check_value(step.predicted, "targets", "1", step.rule);
  const std::string bits = mpz_class(64 * tensor_elements(files.target)).get_str();
  check_value(step.predicted, "target_bits", bits, step.rule);
  check_value(step.measured, "target_bits", bits, step.rule);
  for (const char* key : {"embedding", "entry_bound"})
    check_value(step.parameters, key, metadata_at(files.target, key), step.rule);
  require(files.manifest.witness->unit == (balanced ? step.parameters.at("mu") : "1"),
          "manifest: witness: unit is not the embedding's");
  const std::string embedding = step.parameters.at("embedding").substr(0, step.parameters.at("embedding").find('-'));
  require(balanced ? step.theorem.starts_with(embedding) : step.theorem.ends_with(" " + embedding),
          step.rule + ": theorem: of another embedding");
  if (balanced) return;
  const bool gadget = m.path.size() > 1;
  const std::vector<Bits> vectors = gadget ? std::vector<Bits>() : bit_sets(*files.gap);
  check_gap_embedding(
      files, gap, gadget ? number_at(m.path[m.path.size() - 2].measured, "dimension", step.rule) : vectors[0].columns, vectors);
}

}  // namespace

std::optional<std::string> unknown_family(const Manifest& m) {
  for (const ManifestStep& step : m.path)
    if (step.rule == kProtocol && !kKnownFamilies.contains(step.parameters.at("route"))) return step.parameters.at("route");
  return std::nullopt;
}

CodeGap check_code_steps(const BundleFiles& files) {
  const Manifest& m = files.manifest;
  std::optional<CodeGap> gap;
  if (files.gap) {
    const mpq_class t = decimal(metadata_at(*files.gap, "yes_at_least")), s = decimal(metadata_at(*files.gap, "no_at_most"));
    require(t.get_den() == 1 && s.get_den() == 1 && s >= 0 && s < t && t < mpq_class(1L << 40), "source: not 0 <= s_no < t");
    gap = CodeGap{t.get_num().get_ui(), s.get_num().get_ui()};
  }
  const std::string held = files.gap ? tensors_of(*files.gap) : "symbols";  // what the embedding or its gadget starts from
  bool symbols = held == "symbols", real = held == "real";
  std::set<std::string> rules;
  for (std::size_t i = files.unknown_steps; i < m.path.size(); ++i) {
    const ManifestStep& step = m.path[i];
    require(rules.insert(step.rule).second, "manifest: path: '" + step.rule + "' occurs twice");
    if (step.rule == kGadget) require(symbols, step.rule + ": the source holds no symbols");
    if (step.rule == kGadget)
      symbols = false, real = step.parameters.contains("form") && step.parameters.at("form") == "characters";
    if (step.rule == kEmbedding)
      require(!symbols && real == step.parameters.contains("mu"), step.rule + ": mu goes with real vectors, and only with them");
    const auto known = kTheorems.find(step.rule);
    require(known != kTheorems.end(), "manifest: path: '" + step.rule + "' is no rule of ours");
    require(std::find(known->second.begin(), known->second.end(), step.theorem) != known->second.end(),
            step.rule + ": theorem: another text");
    if (step.rule == kProtocol) gap = check_protocol(files, step);
    if (step.rule == kGadget) check_gadget(files, step);
    if (step.rule == kEmbedding) check_embedding(files, step, gap.value());
    if (step.rule == "cnf -> orthogonal-vectors") check_listing(step, files);
  }
  require(gap.has_value(), "manifest: path: no step says what the thresholds are");
  if (m.target.problem == "attention") {
    require(m.witness->least == gap->yes_at_least, "manifest: witness: least is not t");
  } else {
    check_value(files.target.metadata, "yes_at_least", std::to_string(gap->yes_at_least), "target");
    check_value(files.target.metadata, "no_at_most", std::to_string(gap->no_at_most), "target");
    check_form(files.target, tensors_of(files.target));
  }
  return *gap;
}

}  // namespace checker
