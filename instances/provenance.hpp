// SPDX-License-Identifier: MIT
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace gapwright {

/// Where an artefact comes from: nothing in it depends on the time, the machine or a folder.
struct Provenance {
  struct Source {
    std::string name;    ///< base name of an input file
    std::string sha256;  ///< of its bytes, lower-case hexadecimal
    bool operator==(const Source&) const = default;
  };
  std::string command;                ///< canonical: the verb and the options that change content, in fixed order
  std::optional<std::uint64_t> seed;  ///< only where random numbers were drawn
  std::vector<Source> sources;
  bool operator==(const Provenance&) const = default;
};

/// The command of what a program had in its memory, such as an array of Python: it cannot be made again.
inline constexpr const char* kMadeInMemory = "python";

/// Of a command that draws: the seed, in the command too.
void note_seed(Provenance& made_by, std::uint64_t seed);

/// One line of JSON: {"tool", "version", "command", "seed"?, "sources"}.
std::string provenance_json(const Provenance&);

/// Reads provenance_json; text that is not of this form gives an empty Provenance (it is information, not a claim).
Provenance parse_provenance(const std::string& json);

}  // namespace gapwright
