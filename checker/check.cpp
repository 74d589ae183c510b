// SPDX-License-Identifier: MIT
#include "checker/check.hpp"

#include "checker/dimacs.hpp"
#include "checker/errors.hpp"
#include "checker/files.hpp"
#include "checker/formula_vectors.hpp"
#include "checker/instances.hpp"
#include "checker/json.hpp"
#include "checker/link.hpp"
#include "checker/npy.hpp"

namespace checker {
namespace {

/// The claim's assignment satisfies the formula and is what the witness lifts to.
void check_lift(const Claim& claim, std::span<const File> instance, const File& file) {
  require(sha256(file.bytes) == *claim.formula, "formula: " + file.name + " has another SHA-256");
  const Formula formula = read_dimacs(file.bytes);
  require(formula.satisfied_by(*claim.assignment), "assignment: it does not satisfy the formula");
  require(*claim.assignment == lift(formula, listed_vectors(claim, instance, formula)),
          "assignment: it is not the lift of the witness");
}

}  // namespace

Accepted check(const File& certificate, const std::vector<File>& files, const Options& options) {
  const Clock clock(options.seconds);
  const Claim claim = decode(claim_of(certificate.bytes, certificate.name));
  const std::size_t expected = claim.inputs.size() + (claim.formula ? 1 : 0);
  if (files.size() != expected)
    throw BadInput("the claim is about " + std::to_string(claim.inputs.size()) + " instance file(s) and " +
                   (claim.formula ? "a" : "no") + " formula; " + std::to_string(files.size()) + " file(s) were given");
  const std::span<const File> instance(files.data(), claim.inputs.size());
  for (std::size_t i = 0; i < instance.size(); ++i)
    require(sha256(instance[i].bytes) == claim.inputs[i], "inputs: " + instance[i].name + " has another SHA-256");
  require(instance.size() == 1 || (claim.problem == "orthogonal-vectors" && is_npy(instance[0].bytes)),
          "inputs: the instance is one file; only .npy arrays come as several");
  Accepted result = claim.problem == "attention"    ? check_attention(claim, instance[0], options, clock)
                    : claim.problem == "gap-max-ip" ? check_gap_max_ip(claim, instance[0], options, clock)
                    : claim.problem == "cnf"        ? check_formula(claim, instance[0], options, clock)
                                                    : check_orthogonal_vectors(claim, instance, options, clock);
  if (claim.formula) check_lift(claim, instance, files.back());
  result.text = claim.problem + (claim.order > 0 ? " of order " + std::to_string(claim.order) : "") + ", verdict " +
                claim.verdict + ": " + result.text;
  return result;
}

}  // namespace checker
