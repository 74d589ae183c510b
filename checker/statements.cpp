// SPDX-License-Identifier: MIT
#include "checker/statements.hpp"

#include <algorithm>
#include <cctype>
#include <set>

#include "checker/errors.hpp"
#include "checker/files.hpp"

namespace checker {
namespace {

using Problems = std::set<std::string>;

/// Keys with a meaning, and for which problems. Other keys are remarks.
const std::map<std::string, Problems> kMeant{{"problem", {"orthogonal-vectors", "gap-max-ip", "attention"}},
                                             {"order", {"orthogonal-vectors", "gap-max-ip", "attention"}},
                                             {"expected", {"orthogonal-vectors", "gap-max-ip", "attention"}},
                                             {"yes_at_least", {"gap-max-ip", "attention"}},
                                             {"no_at_most", {"gap-max-ip", "attention"}},
                                             {"form", {"gap-max-ip"}},
                                             {"rounding", {"gap-max-ip"}},
                                             {"softmax_scale", {"attention"}},
                                             {"entry_bound", {"attention"}},
                                             {"embedding", {"attention"}},
                                             {"causal", {"attention"}}};

constexpr std::string_view kOwnFormat = "gapwright-1";

/// Letters and digits, all small.
std::string bare(const std::string& key) {
  std::string letters;
  for (const unsigned char c : key)
    if (std::isalnum(c)) letters += static_cast<char>(std::tolower(c));
  return letters;
}

[[noreturn]] void refuse_key(const std::string& key, const std::string& problem) {
  throw Rejected(key + ": the file's metadata holds it, and it has no meaning for " + problem);
}

/// A key that would change the meaning were it spelt as ours ("Causal", "yes-at-least", "order ") is no remark, and neither is one of another
/// problem.
void check_keys(const Safetensors& file, const std::string& problem) {
  for (const auto& [key, value] : file.metadata) {
    const std::string letters = bare(key);
    const auto meant =
        std::find_if(kMeant.begin(), kMeant.end(), [&](const auto& known) { return bare(known.first) == letters; });
    if (meant == kMeant.end()) continue;
    require(meant->first == key, meant->first + ": the file's metadata spells it '" + key.substr(0, 40) + "'");
    if (!meant->second.contains(problem)) refuse_key(key, problem);
  }
}

/// Says how the entries were made: nothing, or direct, sharp or paper, at order 2 with -centred behind when a key's -B stands for 0.
void check_embedding_name(const Safetensors& file, std::size_t order) {
  constexpr std::string_view kCentred = "-centred";
  static const std::set<std::string> names{"direct", "sharp", "paper"};
  const std::string said = file.text("embedding").value_or("");
  if (said.empty()) return;
  const bool centred = said.ends_with(kCentred);
  require(names.contains(centred ? said.substr(0, said.size() - kCentred.size()) : said),
          "embedding: the file's is '" + said.substr(0, 40) +
              "'; it must be direct, sharp or paper, with -centred behind for centred keys");
  require(!centred || order == 2, "embedding: the file's is '" + said + "', and centred keys are for order 2");
}

}  // namespace

void check_own_hash(const Safetensors& file, std::string_view bytes) {
  const auto format = file.text("format"), hash = file.text("sha256");
  const auto names_ours = [](const auto& entry) { return entry.second == kOwnFormat; };
  if (!hash && std::none_of(file.metadata.begin(), file.metadata.end(), names_ours))
    return;  // of another program: its "format" is a remark
  require(format == kOwnFormat, "format: the file's metadata has a sha256 or the value gapwright-1, and no 'format' gapwright-1");
  require(hash && hash->size() == 64, "sha256: the file's metadata says format gapwright-1 and has no SHA-256");
  const std::size_t place = bytes.find("\"" + *hash + "\"");
  require(place != std::string_view::npos, "sha256: the file's own SHA-256 is not written out in its header");
  std::string blanked(bytes);
  blanked.replace(place + 1, 64, 64, '0');
  require(sha256(blanked) == *hash, "sha256: the file does not fit the SHA-256 in its metadata");
}

void check_meaning(const Safetensors& file, const std::string& problem, std::size_t order) {
  const std::string said = file.text("problem").value_or(problem == "gap-max-ip" ? "orthogonal-vectors" : problem);
  require(said == problem, "problem: the file's is '" + said.substr(0, 40) + "', not " + problem);
  check_keys(file, problem);
  const std::string right = std::to_string(order), stated = file.text("order").value_or(right);
  require(stated == right, "order: the file's metadata says " + stated.substr(0, 40) + ", its tensors make order " + right);
  check_embedding_name(file, order);
  const std::string causal = file.text("causal").value_or("false");
  require(causal == "true" || causal == "false",
          "causal: the file's is '" + causal.substr(0, 40) + "'; it must be true or false");
  require(causal == "false", "causal: the file is meant under a causal mask, and the claim is about outputs without one");
}

std::string tensors_of(const Safetensors& file) {
  return file.tensors.contains("message") ? "symbols" : file.tensor("x0", 2).dtype == "U8" ? "bits" : "real";
}

void check_form(const Safetensors& file, const std::string& tensors) {
  const std::string form = file.text("form").value_or(tensors);
  const bool fits = tensors == "symbols" ? form == "factored"
                    : tensors == "bits"  ? form == "explicit" || form == "pruned"
                                         : form == "characters";
  require(fits || !file.text("form"), "form: the file's is '" + form.substr(0, 40) + "', its tensors hold " + tensors);
  require(tensors == "real" || !file.text("rounding"), "rounding: the file's metadata hold it, and its vectors are not real");
}

void check_expected(const Safetensors& file, const std::string& verdict) {
  const std::string expected = file.text("expected").value_or(verdict);
  require(expected == verdict, "expected: the file's is '" + expected.substr(0, 40) + "', the verdict is " + verdict);
}

}  // namespace checker
