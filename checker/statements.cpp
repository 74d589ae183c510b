#include "checker/statements.hpp"

#include "checker/errors.hpp"
#include "checker/files.hpp"

namespace checker {

void check_own_hash(const Safetensors& file, std::string_view bytes) {
  const auto format = file.text("format"), hash = file.text("sha256");
  if (!format && !hash) return;  // a file of another program
  require(format == "gapwright-1", "format: the file's metadata has a sha256 and no 'format' gapwright-1");
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
  const std::string right = std::to_string(order), stated = file.text("order").value_or(right);
  require(stated == right, "order: the file's metadata says " + stated.substr(0, 40) + ", its tensors make order " + right);
  const std::string causal = file.text("causal").value_or("false");
  require(causal == "true" || causal == "false", "causal: the file's is '" + causal.substr(0, 40) + "'; it must be true or false");
  require(causal == "false", "causal: the file is meant under a causal mask, and the claim is about outputs without one");
}

void check_form(const Safetensors& file, const std::string& tensors) {
  const std::string form = file.text("form").value_or(tensors);
  const bool fits = tensors == "symbols" ? form == "factored"
                    : tensors == "bits"  ? form == "explicit" || form == "pruned"
                                         : form == "characters";
  require(fits || !file.text("form"), "form: the file's is '" + form.substr(0, 40) + "', its tensors hold " + tensors);
}

void check_expected(const Safetensors& file, const std::string& verdict) {
  const std::string expected = file.text("expected").value_or(verdict);
  require(expected == verdict, "expected: the file's is '" + expected.substr(0, 40) + "', the verdict is " + verdict);
}

}  // namespace checker
