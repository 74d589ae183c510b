// SPDX-License-Identifier: MIT
#pragma once
#include <span>
#include <string>
#include <vector>

#include "checker/claim.hpp"
#include "checker/clock.hpp"

namespace checker {

/// Bytes of a file and the name that messages give it.
struct File {
  std::string name, bytes;
};

struct Options {
  std::size_t sample = 0;  ///< rows of a no certificate to recount; 0: all
  unsigned threads = 0;    ///< 0: all cores
  double seconds = 3600;
};

/// What was found true.
struct Accepted {
  std::string text;
  bool complete = true;  ///< false: only some rows of a no certificate were recounted
};

/// Checks the certificate against the files (instance, and the formula where the claim names one). Throws Rejected, BadInput or
/// Limit.
Accepted check(const File& certificate, const std::vector<File>& files, const Options& options = {});

// One function per kind of problem, in check_*.cpp.
Accepted check_attention(const Claim& claim, const File& file, const Options& options, const Clock& clock);
Accepted check_gap_max_ip(const Claim& claim, const File& file, const Options& options, const Clock& clock);
Accepted check_orthogonal_vectors(const Claim& claim, std::span<const File> files, const Options& options, const Clock& clock);
Accepted check_formula(const Claim& claim, const File& file, const Options& options, const Clock& clock);

}  // namespace checker
