// SPDX-License-Identifier: MIT
#pragma once
#include <functional>
#include <string>
#include <vector>

// A fixed set of instances with known answers, for papers: whoever names suite-2026 and an instance's hash names exactly these
// bytes.
namespace gapwright {

struct SuiteInstance {
  std::string file;
  std::string problem;  ///< cnf, orthogonal-vectors, gap-max-ip, attention
  std::size_t order;    ///< k; 0 for formulas
  bool expected;
  std::string reason;   ///< planted, proved, or searched: how the answer is known
  std::string content;  ///< SHA-256 of the content, see content_sha256
  std::function<void(const std::string& path)> write;
};

/// The instances in their order. Building one takes under a second; nothing is built by this call.
const std::vector<SuiteInstance>& suite_2026();

/// SHA-256 of what an instance file says, without its history, so that it outlives versions: for DIMACS the lines that are no
/// comments, for safetensors all bytes after the header.
std::string content_sha256(const std::string& path);

}  // namespace gapwright
